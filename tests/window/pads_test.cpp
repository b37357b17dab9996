// Game pads that SDL pretends to have, through a real window.

#include <SDL.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "front/sdl/pad_watch.hpp"
#include "front/sdl/window.hpp"
#include "module.hpp"

namespace window_test {
namespace {

using front::Input;
using front::PadButton;
using enum Input::Kind;

/// A pad that SDL pretends is plugged in.
class VirtualPad {
public:
    explicit VirtualPad(SDL_JoystickType type = SDL_JOYSTICK_TYPE_GAMECONTROLLER)
        : device_(SDL_JoystickAttachVirtual(type, SDL_CONTROLLER_AXIS_MAX,
                                            SDL_CONTROLLER_BUTTON_MAX, 1)),
          id_(SDL_JoystickGetDeviceInstanceID(device_)),
          pad_(SDL_JoystickOpen(device_)) {}
    ~VirtualPad() { unplug(); }

    void button(int number, bool down) {
        SDL_JoystickSetVirtualButton(pad_, number, down ? SDL_PRESSED : SDL_RELEASED);
    }
    void axis(int number, int value) {
        SDL_JoystickSetVirtualAxis(pad_, number, static_cast<Sint16>(value));
    }
    void hat(Uint8 value) { SDL_JoystickSetVirtualHat(pad_, 0, value); }
    void unplug() {
        if (pad_ == nullptr) {
            return;
        }
        for (int device = 0; device < SDL_NumJoysticks(); ++device) {
            if (SDL_JoystickGetDeviceInstanceID(device) == id_) {
                SDL_JoystickDetachVirtual(device);
                break;
            }
        }
        SDL_JoystickClose(std::exchange(pad_, nullptr));
    }

private:
    int device_;
    SDL_JoystickID id_;
    SDL_Joystick* pad_;
};

class PadsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!XDisplay::available()) {
            GTEST_SKIP() << "Xvfb is not installed";
        }
        user_.emplace();
        where_.emplace("DISPLAY", user_->name().c_str());
        auto opened = front::sdl::open_window({.title = "Program", .size = {50, 50}});
        ASSERT_TRUE(opened) << opened.error().detail;
        display_ = std::move(*opened);
        const std::vector<std::uint32_t> pixels(2500);
        const front::Overlay none;
        display_->show({pixels, {50, 50}, {}, {}, none, true});
        window_ = user_->wait_for_window();
        user_->focus(window_);
        std::vector<Input> inputs;
        eventually([&] {  // pads are ignored without the focus
            display_->wait(std::chrono::milliseconds(10), inputs);
            return SDL_GetKeyboardFocus() != nullptr;
        });
    }

    /// Lets the window see a pad that was plugged in or moved without effect.
    void settle() {
        for (int round = 0; round < 5; ++round) {
            std::vector<Input> inputs;
            display_->wait(std::chrono::milliseconds(5), inputs);
        }
    }
    Input expect_one(Input::Kind kind) {
        const auto inputs = wait_for(*display_, kind);
        EXPECT_EQ(inputs.size(), 1U);
        return inputs.empty() ? Input{} : inputs[0];
    }

    std::optional<XDisplay> user_;
    std::optional<Environment> where_;
    std::unique_ptr<front::Display> display_;
    XWindow window_;
};

TEST_F(PadsTest, ReportsEveryButton) {
    VirtualPad pad;
    settle();
    for (int button = 0; button <= SDL_CONTROLLER_BUTTON_DPAD_RIGHT; ++button) {
        pad.button(button, true);
        const Input down = expect_one(PadDown);
        EXPECT_EQ(down.pad, 0);
        // Ours are in another order, but begin with A, B, X, Y, Back as SDL's do.
        if (button <= SDL_CONTROLLER_BUTTON_BACK) {
            EXPECT_EQ(static_cast<int>(down.pad_button), button);
        }
        pad.button(button, false);
        EXPECT_EQ(expect_one(PadUp).pad_button, down.pad_button);
    }
    pad.button(SDL_CONTROLLER_BUTTON_DPAD_LEFT, true);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::DpadLeft);
}

TEST_F(PadsTest, TakesATiltedStickForButtonsOutsideOfADeadZone) {
    VirtualPad pad;
    settle();
    pad.axis(SDL_CONTROLLER_AXIS_LEFTX, 3100);
    settle();
    pad.axis(SDL_CONTROLLER_AXIS_LEFTX, 3300);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::StickRight);
    // Trembling around the threshold is not a row of presses.
    std::vector<Input> inputs;
    for (const int value : {3100, 3300, 3000, 3400}) {
        pad.axis(SDL_CONTROLLER_AXIS_LEFTX, value);
        display_->wait(std::chrono::milliseconds(20), inputs);
        settle();
    }
    EXPECT_TRUE(inputs.empty());
    // To the other side in one step.
    pad.axis(SDL_CONTROLLER_AXIS_LEFTX, -32768);
    const auto both =
        inputs_until(*display_, [](const auto& all) { return !of_kind(all, PadDown).empty(); });
    ASSERT_EQ(of_kind(both, PadUp).size() + of_kind(both, PadDown).size(), 2U);
    EXPECT_EQ(of_kind(both, PadDown)[0].pad_button, PadButton::StickLeft);
    pad.axis(SDL_CONTROLLER_AXIS_LEFTX, 0);
    EXPECT_EQ(expect_one(PadUp).pad_button, PadButton::StickLeft);
    pad.axis(SDL_CONTROLLER_AXIS_LEFTY, -20000);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::StickUp);
    pad.axis(SDL_CONTROLLER_AXIS_LEFTY, 20000);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::StickDown);
}

TEST_F(PadsTest, KeepsTheNumberOfEachPadUntilItIsUnplugged) {
    std::optional<VirtualPad> first(std::in_place);
    std::optional<VirtualPad> second(std::in_place);
    settle();
    second->button(0, true);
    EXPECT_EQ(expect_one(PadDown).pad, 1);
    first.reset();
    EXPECT_EQ(expect_one(PadGone).pad, 0);
    second->button(1, true);
    EXPECT_EQ(expect_one(PadDown).pad, 1) << "the other one keeps its number";
    first.emplace();
    settle();
    first->button(0, true);
    EXPECT_EQ(expect_one(PadDown).pad, 0) << "and the free one is taken again";
}

TEST_F(PadsTest, SaysThatAPadIsGoneWhileAButtonIsHeld) {
    std::optional<VirtualPad> pad(std::in_place);
    settle();
    pad->button(0, true);
    expect_one(PadDown);
    pad.reset();
    EXPECT_EQ(expect_one(PadGone).pad, 0);
    pad.emplace();
    settle();
    pad->button(0, true);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::South) << "nothing is left of the old one";
}

TEST_F(PadsTest, LetsAFifthPadInWhenThereIsANumberForIt) {
    std::vector<std::unique_ptr<VirtualPad>> pads;
    for (int i = 0; i < 5; ++i) {
        pads.push_back(std::make_unique<VirtualPad>());
    }
    settle();
    pads[4]->button(0, true);
    settle();
    pads[4]->button(0, false);
    settle();
    pads[2].reset();
    EXPECT_EQ(expect_one(PadGone).pad, 2);
    settle();
    pads[4]->button(0, true);
    EXPECT_EQ(expect_one(PadDown).pad, 2);
}

TEST_F(PadsTest, MakesSomethingOfAPadThatSdlDoesNotKnow) {
    VirtualPad pad(SDL_JOYSTICK_TYPE_UNKNOWN);
    settle();
    pad.button(1, true);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::East);
    pad.button(9, true);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::Start);
    pad.hat(SDL_HAT_UP);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::DpadUp);
    pad.axis(0, 30000);
    EXPECT_EQ(expect_one(PadDown).pad_button, PadButton::StickRight);
}

TEST(PadWatch, StirsWhenADeviceDoesAndForgetsOneThatIsGone) {
    // A pipe with a name stands in for a device.
    const std::string path = testing::TempDir() + "leveret-pad-" + std::to_string(getpid());
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    std::atomic<int> stirred = 0;
    {
        front::sdl::PadWatch watch([&] { ++stirred; });
        EXPECT_FALSE(watch.add(1, nullptr));
        EXPECT_FALSE(watch.add(1, "/nowhere/at-all"));
        ASSERT_TRUE(watch.add(1, path.c_str()));
        const int device = open(path.c_str(), O_WRONLY);
        for (int round = 1; round <= 3; ++round) {
            const int before = stirred;
            ASSERT_EQ(write(device, "event", 5), 5);
            EXPECT_TRUE(eventually([&] { return stirred > before; }));
        }
        const int before = stirred;
        close(device);
        EXPECT_TRUE(eventually([&] { return stirred > before; })) << "it was unplugged";
        watch.remove(1);
        watch.remove(7);
    }
    EXPECT_GE(stirred, 4);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace window_test
