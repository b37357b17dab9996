#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "front/display.hpp"

namespace front {

struct TerminalOptions {
    enum class Pictures : std::uint8_t {
        Auto,    ///< the best that the terminal says it has
        Kitty,   ///< kitty's graphics protocol
        Sixel,   ///< DEC's sixels
        Blocks,  ///< characters, two pixels each
    };
    Pictures pictures = Pictures::Auto;
    /// A picture that is too large is shown in part, which follows the pointer and what changes;
    /// otherwise it is shrunk.
    bool scroll = false;
    std::string title = {};
    /// Empty: the one that the process belongs to.
    std::string device = {};
};

/// A terminal as a display. It is restored when the display goes, and also when the process does:
/// by exit, by a signal that ends or stops it, by a crash. SIGINT, SIGTERM and SIGHUP come as
/// Input::Close, after the handlers that were there before; a second one ends the process. One at
/// a time.
/// Errors: Unsupported when there is no terminal, or none that can show anything.
base::Result<std::unique_ptr<Display>> open_terminal(const TerminalOptions& options);

}  // namespace front
