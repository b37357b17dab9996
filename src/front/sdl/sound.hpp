#pragma once

#include <memory>

#include "base/result.hpp"
#include "front/display.hpp"

namespace front::sdl {

/// See WindowModule. Errors: Unsupported: there is no sound card, or it cannot be used.
base::Result<std::unique_ptr<Sound>> open_sound(unsigned rate_hz, Mixer mixer);

}  // namespace front::sdl
