#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "front/display.hpp"

namespace front::terminal {

/// What a terminal says about itself when it is asked.
struct Report {
    enum class Kind : std::uint8_t {
        Attributes,     ///< DA1: `numbers` are what it has; 4 is sixel
        Status,         ///< DSR: it has come as far as the question
        KeyboardFlags,  ///< what is on of kitty's keyboard protocol
        Mode,           ///< DECRQM: number of a private mode, and its state
        CellSize,       ///< height and width in pixels
        AreaSize,       ///< of all cells: height and width in pixels
        SixelColours,   ///< XTSMGRAPHICS: item, status, how many colours a picture can have
        Graphics,       ///< answer to kitty graphics: `text`
        Setting,        ///< DECRQSS: `text` is how it calls what was asked about
        Name,           ///< XTVERSION: `text`
    };
    Kind kind = Kind::Attributes;
    std::vector<unsigned> numbers;
    std::string text;
};

struct Parsed {
    std::vector<Input> inputs;
    std::vector<Report> reports;
};

/// Makes what a terminal sends into inputs: text in UTF-8, control characters, the sequences of
/// xterm and its kin for keys and mouse, those of kitty's keyboard protocol. `x` and `y` of the
/// mouse are in the terminal's own unit, counted from 0. What makes no sense is passed over.
class InputParser {
public:
    /// erase: what the Backspace key sends; some send Ctrl-H.
    explicit InputParser(char erase = '\x7f') : erase_(erase) {}

    /// Appends what these bytes mean. They may be cut anywhere.
    void feed(std::string_view bytes, Parsed& parsed);

    /// How long to wait for the rest of what has begun, if something has: an Escape that nothing
    /// follows is the key.
    std::optional<std::chrono::milliseconds> patience() const;
    /// Nothing has followed for that long.
    void give_up(Parsed& parsed);

private:
    enum class State : std::uint8_t {
        Ground,
        Escape,           ///< after ESC
        ControlSequence,  ///< after ESC [
        SingleShift,      ///< after ESC O
        String,           ///< after ESC P, ESC ] or ESC _
        StringEscape,     ///< the ESC that may end it
        LinuxFunction,    ///< after ESC [ [
        OldMouse,         ///< after ESC [ M
        Paste,
    };

    void feed(char byte, Parsed& parsed);
    void begin(State state, char introducer = 0);
    void take_ground(char byte, Modifiers modifiers, Parsed& parsed);
    void take_text(char byte, Parsed& parsed);
    void take_escape(char byte, Parsed& parsed);
    void take_control_sequence(char byte, Parsed& parsed);
    void take_single_shift(char byte, Parsed& parsed);
    void take_linux_function(char byte, Parsed& parsed);
    void take_string(char byte, Parsed& parsed);
    void take_old_mouse(char byte, Parsed& parsed);
    void take_paste(char byte, Parsed& parsed);
    void end_control_sequence(char final, Parsed& parsed);
    void end_string(Parsed& parsed);
    void end_paste(std::size_t size, Parsed& parsed);
    void mouse(unsigned code, int x, int y, bool down, Parsed& parsed);

    char erase_;
    State state_ = State::Ground;
    char introducer_ = 0;  ///< of a string, or of a sequence that may be a key with Alt
    std::string body_;     ///< of a sequence, a string, a paste or a code point that has begun
    std::uint8_t old_button_ = 0;  ///< the one that the old mouse protocol says is released
};

}  // namespace front::terminal
