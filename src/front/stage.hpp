#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "front/controls.hpp"
#include "front/display.hpp"
#include "front/player.hpp"

namespace front {

/// A display while a desk uses it: where the picture is on it, and what is written over that.
class Stage {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// Which of the texts over the picture is there.
    enum class Panel : std::uint8_t { None, Keys, Errors, Output };

    /// How it begins. zoom 0: as large as fits.
    struct Look {
        Size picture;
        unsigned zoom = 0;
        bool full_screen = false;
        bool border = true;

        /// How large a display has to be for that.
        Size size() const;
    };

    Stage(std::unique_ptr<Display> display, const Look& look);

    Display& display() { return *display_; }
    const Display& display() const { return *display_; }
    const Look& look() const { return look_; }

    /// What concerns the display alone; false for anything else.
    bool handle(const Input& input);
    /// Shows the player's picture, if it or anything else has changed.
    void show(Player& player, Controls& controls);
    /// Everything has to be shown again.
    void refresh() { everything_ = true; }

    void cycle_zoom();
    void toggle_full_screen();
    void toggle_border();
    void show_pointer(bool on);

    /// The text over the picture, instead of the one that was there.
    void show_panel(Panel panel, std::vector<Overlay::Line> lines);
    void hide_panel() { show_panel(Panel::None, {}); }
    Panel panel() const { return panel_; }
    /// A word at the lower edge, for a moment; or, if it stays, until another one takes its place.
    void notice(std::string text, bool stays = false);
    /// When a notice is to go; nothing: none is.
    std::optional<Time> notice_until() const { return notice_until_; }
    void let_notices_go(Time now);

private:
    void ask_for_size();

    std::unique_ptr<Display> display_;
    Overlay overlay_;
    std::optional<Time> notice_until_;
    Look look_;
    Placement at_;
    std::optional<Size> asked_size_;  ///< what the display's size is by our own wish
    unsigned zoom_by_key_ = 0;        ///< what the key has last asked for
    Panel panel_ = Panel::None;
    bool pointer_shown_ = true;
    bool everything_ = true;
};

}  // namespace front
