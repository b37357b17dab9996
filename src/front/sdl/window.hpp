#pragma once

#include <memory>

#include "base/result.hpp"
#include "front/display.hpp"

namespace front::sdl {

/// See WindowModule. It is not to be seen before something is shown in it.
/// Errors: Unsupported: there is no display, or it cannot be used.
base::Result<std::unique_ptr<Display>> open_window(const DisplayOptions& options);

}  // namespace front::sdl
