#pragma once

#include <cstdint>

namespace varvara {

/// Something that happens to a running computer from outside. Between two events nothing happens to
/// it: a program and the row of its events are the whole run.
struct Event {
    enum class Kind : std::uint8_t {
        Input,         ///< a byte on standard input: `value`
        InputEnd,      ///< no more of them
        Key,           ///< a character, or a byte of one: `value`
        Press,         ///< buttons of a controller go down: `pad`, `value` = Controller::Button
        Release,       ///< and up again
        MouseMove,     ///< to `x`, `y`, in pixels of the screen
        MousePress,    ///< `value` = Mouse::Button
        MouseRelease,  ///< likewise
        Scroll,        ///< `x` to the right, `y` toward the user
        SoftReboot,    ///< what the user asks for; the zero page is kept
        HardReboot,
        Drop,   ///< a file is dropped on the screen: `x` is its number in `Script::drops`
        Frame,  ///< a sixtieth of a second has passed
    };
    Kind kind = Kind::Frame;
    std::uint8_t value = 0;
    std::uint8_t pad = 0;  ///< 0 to 3
    std::int16_t x = 0;
    std::int16_t y = 0;

    friend bool operator==(const Event&, const Event&) = default;
};

/// Frames a second: how often the screen vector is evaluated.
inline constexpr unsigned kFrameRateHz = 60;

/// How many samples a side are heard before a frame: no rate leaves a fraction behind for good.
constexpr std::uint64_t samples_before(std::uint64_t frame, unsigned rate_hz) {
    return frame * rate_hz / kFrameRateHz;
}

}  // namespace varvara
