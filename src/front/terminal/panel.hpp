#pragma once

#include "front/overlay.hpp"
#include "front/terminal/cells.hpp"

namespace front::terminal {

/// Writes the overlay over what is there: the panel in the middle, in several columns if it is too
/// long for one and they fit; the notice in the last row.
void put_overlay(Cells& cells, const Overlay& overlay, Depth depth);

}  // namespace front::terminal
