#pragma once

#include <SDL.h>

#include <array>
#include <bitset>
#include <optional>
#include <vector>

#include "front/display.hpp"
#include "front/sdl/pad_watch.hpp"
#include "front/sdl/subsystem.hpp"

namespace front::sdl {

/// Up to four game pads, which may come and go. Each keeps its number until it is unplugged, and
/// one that comes back gets its number back if nobody else has it.
class Pads {
public:
    /// `stirred` is called, on any thread, when there is something to `update`.
    explicit Pads(std::function<void()> stirred);
    ~Pads();
    Pads(const Pads&) = delete;
    Pads& operator=(const Pads&) = delete;

    /// Has SDL ask the pads for news, which come as events.
    void update();
    /// Whether `update` has to be called now and then, since a pad cannot be listened to.
    bool need_polling() const;
    /// What an SDL event says about a pad.
    void handle(const SDL_Event& event, std::vector<Input>& inputs);

private:
    struct Slot {
        SDL_GameController* controller = nullptr;  ///< null: nobody
        SDL_JoystickID id = -1;
        SDL_JoystickGUID model = {};  ///< of the last one that was here
        bool watched = false;
        std::bitset<kPadButtons> held;
    };

    /// Takes in all that are plugged in, as far as there are numbers for them.
    void open_all();
    void open(int device);
    void close(Slot& slot);
    Slot* slot_of(SDL_JoystickID id);
    Slot* slot_for(const SDL_JoystickGUID& model);
    void set(Slot& slot, PadButton button, bool down, std::vector<Input>& inputs);
    /// A stick has moved on one of its axes, whose ends are these buttons.
    void tilt(Slot& slot, int value, PadButton low, PadButton high, std::vector<Input>& inputs);

    Subsystem controllers_;
    std::array<Slot, 4> slots_;
    PadWatch watch_;
};

}  // namespace front::sdl
