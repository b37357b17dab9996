#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "front/bindings.hpp"
#include "front/display.hpp"
#include "front/player.hpp"
#include "varvara/event.hpp"

namespace front {

/// Turns what a user does at a display into what happens to a Varvara computer.
/// Source: spec/varvara.md, sections 6 and 7.
class Controls {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// keys_go_up: the display reports that. Otherwise a button is held for a moment, or until the
    /// key stops to repeat.
    Controls(const KeyMap& keys, const PadMap& pads, bool keys_go_up)
        : keys_(keys), pads_(pads), keys_go_up_(keys_go_up) {}

    /// Where the picture is, for the mouse.
    void set_picture(Placement at, Size size) {
        at_ = at;
        size_ = size;
    }

    /// Appends what comes of an input; for anything that is not the program's business, nothing.
    void add_events(const Input& input, std::vector<varvara::Event>& events);
    /// When `add_releases` is to be called; nothing: not before the next input.
    std::optional<Time> next_release() const;
    /// Lets go of buttons that were only held for a moment.
    void add_releases(Time now, std::vector<varvara::Event>& events);

    /// What is held now.
    const Held& held() const { return held_; }
    /// The ups and downs that lead from `before` to what is held now.
    void add_changes(const Held& before, std::vector<varvara::Event>& events) const;

private:
    struct Moment {
        KeyMap::Button button;
        Time until;
    };

    void key_down(const Input& input, std::vector<varvara::Event>& events);
    void press(KeyMap::Button button, std::vector<varvara::Event>& events);
    void press_for_a_moment(KeyMap::Button button, std::vector<varvara::Event>& events);
    void release(KeyMap::Button button, std::vector<varvara::Event>& events);
    void move_mouse(const Input& input, std::vector<varvara::Event>& events);

    const KeyMap& keys_;
    const PadMap& pads_;
    bool keys_go_up_;
    bool button_types_ = false;  ///< the text that comes next is that of a key that is a button
    Placement at_;
    Size size_;
    Held held_;
    std::vector<Moment> moments_;
    varvara::Event mouse_ = {.kind = varvara::Event::Kind::MouseMove};
};

/// Appends the keys that type a text, in UTF-8: its bytes, the end of a line being Enter. Control
/// characters other than Tab are left out.
void add_typing(std::string_view text, std::vector<varvara::Event>& events);

}  // namespace front
