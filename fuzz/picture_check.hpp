#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "check.hpp"
#include "uxn/machine.hpp"
#include "varvara/screen.hpp"

namespace fuzz {

/// Keeps a picture of a screen as a window does, and sees that it is right.
class PictureCheck {
public:
    /// Screens of more pixels take too long to be painted in every frame.
    static constexpr std::size_t kLargest = 400'000;

    void paint(const uxn::Machine& machine, varvara::Screen& screen) {
        const std::size_t size = std::size_t{screen.width()} * screen.height();
        check(screen.width() > 0 && screen.width() <= 4095 && screen.height() > 0 &&
                  screen.height() <= 4095,
              "a screen has 1 to 4095 pixels a side");
        if (size > kLargest) {
            return;
        }
        pixels_.resize(size);
        const std::vector<std::uint32_t> before = pixels_;
        const varvara::Palette palette = varvara::palette_of(machine);
        const varvara::Rows rows = screen.paint(palette, pixels_);
        check(rows.begin <= rows.end && rows.end <= screen.height(),
              "rows that were painted are on the screen");
        const auto row = [&](unsigned y) {
            return static_cast<std::ptrdiff_t>(std::size_t{y} * screen.width());
        };
        check(std::equal(before.begin(), before.begin() + row(rows.begin), pixels_.begin()) &&
                  std::equal(before.begin() + row(rows.end), before.end(),
                             pixels_.begin() + row(rows.end)),
              "nothing is painted outside the rows that are reported");
        // All pixels of small screens, some of others: the step is prime.
        for (std::size_t i = 0; i < size; i += size > 2'000 ? 61 : 1) {
            const auto x = static_cast<unsigned>(i % screen.width());
            const auto y = static_cast<unsigned>(i / screen.width());
            const std::uint8_t above = screen.foreground(x, y);
            const std::uint8_t colour = above != 0 ? above : screen.background(x, y);
            check(pixels_[i] == palette[colour],
                  "a picture shows the foreground, or the background where that is clear");
        }
    }

    /// A picture of the same screen that is painted from scratch is the same.
    void check_fresh(const uxn::Machine& machine, varvara::Screen& screen, varvara::Screen& copy) {
        paint(machine, screen);
        const std::size_t size = std::size_t{screen.width()} * screen.height();
        check(copy.width() == screen.width() && copy.height() == screen.height(),
              "a copy of a screen has its size");
        if (size > kLargest) {
            return;
        }
        std::vector<std::uint32_t> fresh(size, 0xdeadbeef);
        copy.paint(varvara::palette_of(machine), fresh);
        check(fresh == pixels_, "a picture brought up to date is as one painted from scratch");
    }

private:
    std::vector<std::uint32_t> pixels_;
};

}  // namespace fuzz
