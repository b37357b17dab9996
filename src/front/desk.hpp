#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "front/display.hpp"
#include "front/programs.hpp"
#include "varvara/session.hpp"

/// The front end for people: programs, one on top of the other, and the display they are shown on.
namespace front {

/// What a desk is made of.
struct DeskParts {
    Programs& programs;
    /// Opens the display when the first program wants it.
    std::function<base::Result<std::unique_ptr<Display>>(const DisplayOptions&)> open_display;
    /// Opens the sound card when the first note is to be heard.
    std::function<base::Result<std::unique_ptr<Sound>>(unsigned rate_hz, Mixer)> open_sound;
    /// Says something to people who have no display.
    std::function<void(const std::string&)> warn;
    bool display_needed = false;  ///< without a display the program is not run
    bool watch = false;           ///< reload a program when its files change
    bool resume = false;          ///< go on where the first program was left, whatever settings say
    std::optional<unsigned> zoom = {};  ///< instead of what settings say
    bool full_screen = false;
    std::string captures_folder;  ///< for pictures and films
    std::string states_folder;
};

/// How it was left.
struct DeskEnd {
    varvara::SessionEnd end;  ///< of the program that was started first
    bool no_display = false;  ///< it wanted a display and got none
};

/// Runs `first` until it has ended or the user has closed the display; whatever is started from
/// there runs meanwhile. make_first: makes the first program, given what its player has to call.
DeskEnd run_desk(DeskParts parts,
                 const std::function<std::unique_ptr<Running>(std::function<void()>)>& make_first);

}  // namespace front
