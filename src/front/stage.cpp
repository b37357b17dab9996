#include "front/stage.hpp"

#include <algorithm>
#include <utility>

namespace front {
namespace {

constexpr std::chrono::milliseconds kNoticeTime{2500};
constexpr unsigned kMostZoomByKey = 3;  ///< that the key for it comes to

}  // namespace

Size Stage::Look::size() const {
    const unsigned pixel = std::max(1U, zoom);
    return {picture.width * pixel, picture.height * pixel};
}

Stage::Stage(std::unique_ptr<Display> display, const Look& look)
    : display_(std::move(display)), look_(look), asked_size_(look.size()) {}

bool Stage::handle(const Input& input) {
    switch (input.kind) {
        case Input::Kind::Resized:
            if (display_->size() != asked_size_) {
                look_.zoom = 0;  // it is the user's size now: the picture fits itself into it
                asked_size_.reset();
            }
            everything_ = true;
            return true;
        case Input::Kind::Exposed: everything_ = true; return true;
        default: return false;
    }
}

void Stage::show(Player& player, Controls& controls) {
    bool resized = false;
    player.look([&](std::span<const std::uint32_t> pixels, Size size, varvara::Rows changed) {
        if (pixels.empty()) {
            return;
        }
        if (size != look_.picture) {
            look_.picture = size;
            everything_ = true;
            resized = true;
        }
        if (!everything_ && changed.begin >= changed.end) {
            return;
        }
        at_ = display_->place(size, look_.zoom);
        controls.set_picture(at_, size);
        display_->show({.pixels = pixels,
                        .size = size,
                        .changed = changed,
                        .at = at_,
                        .overlay = overlay_,
                        .everything = everything_});
        everything_ = false;
    });
    if (resized) {
        ask_for_size();
    }
}

void Stage::cycle_zoom() {
    const unsigned now = look_.zoom != 0 ? look_.zoom : at_.zoom;
    const Size room = display_->room();
    const unsigned fits = std::min(room.width / std::max(1U, look_.picture.width),
                                   room.height / std::max(1U, look_.picture.height));
    // A window manager may give less than there is room for: that is not asked for again and again.
    const bool refused = look_.zoom == 0 && at_.zoom < zoom_by_key_;
    zoom_by_key_ = refused || now >= std::min(fits, kMostZoomByKey) ? 1 : now + 1;
    look_.zoom = zoom_by_key_;
    ask_for_size();
    everything_ = true;
}

/// So that the picture fits as it is.
void Stage::ask_for_size() {
    if (display_->can_resize() && !look_.full_screen) {
        Look wanted = look_;
        wanted.zoom = look_.zoom != 0 ? look_.zoom : at_.zoom;
        asked_size_ = wanted.size();
        display_->resize(*asked_size_);
    }
}

void Stage::toggle_full_screen() {
    look_.full_screen = !look_.full_screen;
    display_->set_full_screen(look_.full_screen);
}

void Stage::toggle_border() {
    look_.border = !look_.border;
    display_->set_border(look_.border);
}

void Stage::show_pointer(bool on) {
    if (on != pointer_shown_) {
        pointer_shown_ = on;
        display_->show_pointer(on);
    }
}

void Stage::show_panel(Panel panel, std::vector<Overlay::Line> lines) {
    panel_ = panel;
    overlay_.panel = std::move(lines);
    everything_ = true;
}

void Stage::notice(std::string text, bool stays) {
    overlay_.notice = std::move(text);
    notice_until_.reset();
    if (!stays && !overlay_.notice.empty()) {
        notice_until_ = std::chrono::steady_clock::now() + kNoticeTime;
    }
    everything_ = true;
}

void Stage::let_notices_go(Time now) {
    if (notice_until_ && *notice_until_ <= now) {
        notice({});
    }
}

}  // namespace front
