#pragma once

#include <SDL.h>

#include <utility>

namespace front::sdl {

/// A part of SDL, in use as long as this lives; the last one to go ends SDL.
class Subsystem {
public:
    Subsystem() = default;
    explicit Subsystem(Uint32 flags) : flags_(SDL_InitSubSystem(flags) == 0 ? flags : 0) {}
    ~Subsystem() { stop(); }
    Subsystem(Subsystem&& other) noexcept : flags_(std::exchange(other.flags_, 0)) {}
    Subsystem& operator=(Subsystem&& other) noexcept {
        std::swap(flags_, other.flags_);
        return *this;
    }

    /// If not, SDL_GetError says why.
    explicit operator bool() const { return flags_ != 0; }

private:
    void stop() {
        if (flags_ == 0) {
            return;
        }
        SDL_QuitSubSystem(std::exchange(flags_, 0));
        if (SDL_WasInit(0) == 0) {
            SDL_Quit();
        }
    }

    Uint32 flags_ = 0;
};

}  // namespace front::sdl
