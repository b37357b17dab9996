#pragma once

#include <string>

#include "front/display.hpp"
#include "front/terminal/cells.hpp"
#include "front/terminal/geometry.hpp"
#include "front/terminal/image.hpp"

namespace front::terminal {

/// What frames are painted on.
struct Medium {
    Geometry geometry;
    Depth depth = {};
    bool synchronized = false;  ///< the terminal shows a frame when all of it is there
    unsigned sixel_colours = 256;

    friend bool operator==(const Medium&, const Medium&) = default;
};

/// Makes frames into what a terminal has to be told. It knows what the terminal shows, and says
/// only what is different.
class Painter {
public:
    explicit Painter(const Medium& medium);

    const Medium& medium() const { return medium_; }
    /// Nothing is known any more about what the terminal shows.
    void forget() { known_ = false; }
    /// What makes the terminal show the frame; empty if it does already. `changed` and
    /// `everything` are about the frame painted last.
    std::string paint(const Frame& frame);

private:
    void clear(std::string& out);
    Cells cells_of(const Frame& frame) const;
    void append_pictures(std::string& out, const Cells& wanted);
    bool uncovers(const Cells& wanted, unsigned row, unsigned end) const;

    Medium medium_;
    bool known_ = false;
    View view_;
    Image image_;
    Image shown_image_;  ///< as kitty graphics and sixels
    Cells shown_;
};

}  // namespace front::terminal
