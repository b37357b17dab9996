#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/choice.hpp"
#include "front/overlay.hpp"
#include "front/player.hpp"
#include "front/settings.hpp"

/// What a desk asks of whoever knows how programs are found, assembled and given a computer.
namespace front {

/// A program that was loaded, with a computer of its own and a player.
class Running {
public:
    virtual ~Running() = default;

    virtual Player& player() = 0;
    virtual const Choice& choice() const = 0;
    /// What people call it; for a title.
    virtual std::string name() const = 0;
    /// Its settings; the desk changes them as the user does.
    virtual Settings& settings() = 0;
    /// The ROM that it was started with, or that `reload` has given since.
    virtual std::span<const std::uint8_t> rom() const = 0;
    /// The files that it was made from, and those that were missing: a change of any is a reason to
    /// `reload`.
    virtual std::vector<std::string> sources() const = 0;
    /// Reads them again. Nothing: they are no program any more, and `errors` says why.
    virtual std::optional<std::vector<std::uint8_t>> reload(std::vector<Overlay::Line>& errors) = 0;
    /// Remembers its settings as they are now. Where, in a few words.
    virtual base::Result<std::string> save_settings() = 0;
    /// The end of what it has printed.
    virtual std::string printed() = 0;
    /// What a launcher that has ended was told to start; nothing if it was just closed.
    virtual std::optional<Choice> chosen() = 0;
    /// Whether the run is written down, so that nothing else than a program's time may pass in it.
    virtual bool recorded() const = 0;
};

class Programs {
public:
    virtual ~Programs() = default;

    /// The display that they are shown on has this size, and keeps it.
    virtual void set_room(Size) {}
    /// Null: it is no program, and `errors` says why. `on_change` goes to the player.
    virtual std::unique_ptr<Running> open(const Choice& choice, std::function<void()> on_change,
                                          std::vector<Overlay::Line>& errors) = 0;
};

}  // namespace front
