#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace front::terminal {

/// What a cell's colour is called in a terminal: 0x00RRGGBB, or one of 256, or this: its own.
using Colour = std::uint32_t;
inline constexpr Colour kOwnColour = 0xffffffff;

/// The nearest of xterm's 256 colours, the first 16 of which nobody knows.
Colour nearest_of_256(std::uint32_t rgb);

/// How many colours cells can have.
struct Depth {
    bool true_colour = true;

    /// What 0x00RRGGBB is called.
    Colour colour(std::uint32_t rgb) const { return true_colour ? rgb : nearest_of_256(rgb); }

    friend bool operator==(const Depth&, const Depth&) = default;
};

struct Cell {
    static constexpr char32_t kSecondHalf = 0;        ///< of a wide character before it
    static constexpr char32_t kUnknown = 0xffffffff;  ///< nobody knows what is shown there
    char32_t glyph = U' ';
    Colour foreground = kOwnColour;
    Colour background = kOwnColour;
    bool bold = false;

    friend bool operator==(const Cell&, const Cell&) = default;
};

/// Nothing is there: a picture below it can be seen.
inline constexpr Cell kBlank{};

/// All cells of a terminal.
class Cells {
public:
    Cells() = default;
    Cells(unsigned columns, unsigned rows, Cell cell = kBlank)
        : columns_(columns), rows_(rows), cells_(std::size_t{columns} * rows, cell) {}

    unsigned columns() const { return columns_; }
    unsigned rows() const { return rows_; }
    Cell& at(unsigned column, unsigned row) { return cells_[std::size_t{row} * columns_ + column]; }
    const Cell& at(unsigned column, unsigned row) const {
        return cells_[std::size_t{row} * columns_ + column];
    }

private:
    unsigned columns_ = 0;
    unsigned rows_ = 0;
    std::vector<Cell> cells_;
};

/// Writes text from a cell on, in the style of `cell`, as far as there is room; what cannot be
/// shown is a question mark. The rest of the `width` columns becomes spaces.
void put_text(Cells& cells, unsigned column, unsigned row, unsigned width, std::string_view text,
              Cell cell);

/// Two pixels, one above the other.
Cell half_blocks(Colour upper, Colour lower);

void append_cursor(std::string& out, unsigned column, unsigned row);

/// Which cells to write.
enum class Which : std::uint8_t { All, Blank };

/// Appends what makes a terminal that shows `shown` show `wanted`, where they differ, and notes in
/// `shown` that it does. Both are of the same size.
void append_changes(std::string& out, Cells& shown, const Cells& wanted, Depth depth,
                    Which which = Which::All);

}  // namespace front::terminal
