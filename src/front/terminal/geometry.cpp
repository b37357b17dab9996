#include "front/terminal/geometry.hpp"

#include <algorithm>

namespace front::terminal {
namespace {

unsigned divide_up(unsigned a, unsigned b) {
    return (a + b - 1) / b;
}

/// In one direction: where a picture of that length begins.
int begin_of(unsigned length, unsigned display, unsigned unit, int scroll) {
    if (length > display) {
        return -std::clamp(scroll, 0, static_cast<int>(length - display));
    }
    const unsigned middle = (display - length) / 2;
    return static_cast<int>(middle - middle % unit);
}

}  // namespace

Size Geometry::pixels() const {
    const unsigned used = method == Method::Sixel ? std::max(rows, 2u) - 1 : rows;
    return {.width = columns * unit().width, .height = used * unit().height};
}

Placement place(const Geometry& geometry, Size picture, unsigned zoom,
                std::optional<Point> scroll) {
    const Size display = geometry.pixels();
    if (picture.width == 0 || picture.height == 0 || display.width == 0 || display.height == 0) {
        return {};
    }
    const unsigned most = std::min(display.width / picture.width, display.height / picture.height);
    Placement at;
    Size size = picture;
    if (most > 0) {
        at.zoom = zoom == 0 ? most : std::min(zoom, most);
        size = {.width = picture.width * at.zoom, .height = picture.height * at.zoom};
    } else if (!scroll) {
        at.shrink = std::max(divide_up(picture.width, display.width),
                             divide_up(picture.height, display.height));
        size = {.width = divide_up(picture.width, at.shrink),
                .height = divide_up(picture.height, at.shrink)};
    }
    const Point from = scroll.value_or(Point{});
    at.x = begin_of(size.width, display.width, geometry.unit().width, from.x);
    at.y = begin_of(size.height, display.height, geometry.unit().height, from.y);
    return at;
}

}  // namespace front::terminal
