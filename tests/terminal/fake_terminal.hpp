#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "front/display.hpp"

namespace terminal_test {

/// What a fake terminal has.
struct Abilities {
    bool kitty = false;
    bool sixel = false;
    bool keyboard = false;
    bool synchronized = false;
    bool pixel_mouse = false;
    bool true_colour = false;
    bool answers = true;  ///< anything at all
    front::Size cell{.width = 8, .height = 16};
};

/// A terminal written from the manuals, without a look at what is tested: it reads what a program
/// writes and knows then what people would see.
class FakeTerminal {
public:
    FakeTerminal(unsigned columns, unsigned rows, const Abilities& abilities = {});

    void feed(std::string_view bytes);

    /// What it has to say to the program. Once.
    std::string take_replies();

    /// A pixel in a cell that shows pictures or half blocks; nothing where there is text. `x` and
    /// `y` in pixels of the terminal.
    std::optional<std::uint32_t> pixel(unsigned x, unsigned y) const;
    /// Half blocks: two pixels a cell.
    std::optional<std::uint32_t> half_pixel(unsigned x, unsigned y) const;
    /// A row's characters; blocks of half a cell, and cells that show a picture, are spaces.
    std::string text(unsigned row) const;
    bool is_bold(unsigned column, unsigned row) const;

    bool mode(unsigned number) const { return modes_.contains(number); }
    std::string title() const { return titles_.back(); }
    std::size_t saved_titles() const { return titles_.size() - 1; }
    std::size_t keyboard_depth() const { return keyboard_depth_; }
    std::size_t pictures() const { return pictures_.size(); }
    /// Sequences that it does not know; empty when all is well.
    const std::string& complaints() const { return complaints_; }
    unsigned frames() const { return frames_; }  ///< that were synchronized

private:
    struct Cell {
        std::string glyph = " ";
        std::optional<std::uint32_t> foreground;
        std::optional<std::uint32_t> background;
        bool bold = false;
    };
    struct Picture {
        unsigned x = 0;
        unsigned y = 0;
        front::Size size;
        std::vector<std::uint32_t> pixels;
    };

    std::size_t sequence(std::string_view bytes);  ///< its length, or 0 if it is not complete
    void control(std::string_view parameters, char final);
    void set_modes(std::string_view parameters, bool on);
    void style(const std::vector<unsigned>& codes);
    void put(std::string_view glyph);
    void clear();
    void device_control(std::string_view text);
    void sixel(std::string_view text);
    void application(std::string_view text);
    void reply(bool able, std::string_view text);
    const Cell& cell(unsigned column, unsigned row) const {
        return cells_[std::size_t{row} * columns_ + column];
    }

    unsigned columns_;
    unsigned rows_;
    Abilities abilities_;
    std::string rest_;
    std::string replies_;
    std::string complaints_;
    std::vector<Cell> cells_;
    Cell pen_;
    unsigned column_ = 0;
    unsigned row_ = 0;
    std::set<unsigned> modes_{7, 25};
    std::vector<std::string> titles_{"shell"};
    std::size_t keyboard_depth_ = 0;
    std::vector<std::optional<std::uint32_t>> sixels_;  ///< by pixel
    std::map<unsigned, Picture> pictures_;              ///< by id
    std::string kitty_keys_;
    std::string kitty_data_;
    unsigned frames_ = 0;
};

}  // namespace terminal_test
