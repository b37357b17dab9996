#pragma once

#include <string>

#include "base/result.hpp"
#include "front/display.hpp"

/// The module for windows, which is loaded when the first one is to be opened and not before.
namespace front {

/// From leveret-window.so beside the program, or from lib/leveret where the program is in a bin.
/// Errors: NotFound: there is no module; Unsupported: it, or SDL2, cannot be loaded.
base::Result<const WindowModule*> load_window_module();
/// From a file. What is loaded stays. Errors: Unsupported.
base::Result<const WindowModule*> load_window_module(const std::string& path);

}  // namespace front
