#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "front/terminal/painter.hpp"
#include "terminal/fake_terminal.hpp"
#include "terminal/pattern.hpp"

namespace {

using front::Overlay;
using front::Placement;
using front::Point;
using front::Size;
using front::terminal::Geometry;
using front::terminal::Medium;
using front::terminal::Method;
using front::terminal::Painter;
using front::terminal::place;
using terminal_test::Abilities;
using terminal_test::FakeTerminal;
using terminal_test::pattern;

constexpr Method kMethods[] = {Method::Blocks, Method::Sixel, Method::Kitty};

Medium medium_of(Method method, unsigned columns = 80, unsigned rows = 24) {
    return {.geometry = {.columns = columns, .rows = rows, .method = method}};
}

/// A painter, and a terminal that shows what it says.
struct Easel {
    explicit Easel(const Medium& medium)
        : painter(medium),
          terminal(medium.geometry.columns, medium.geometry.rows,
                   Abilities{.kitty = medium.geometry.method == Method::Kitty,
                             .sixel = medium.geometry.method == Method::Sixel}) {
        terminal.feed("\x1b[?7l");
    }

    /// How many bytes it took.
    std::size_t show(const std::vector<std::uint32_t>& pixels, Size size, const Placement& at,
                     const Overlay& overlay = {}, bool everything = true,
                     varvara::Rows changed = {}) {
        const std::string bytes = painter.paint({.pixels = pixels,
                                                 .size = size,
                                                 .changed = changed,
                                                 .at = at,
                                                 .overlay = overlay,
                                                 .everything = everything});
        terminal.feed(bytes);
        EXPECT_EQ(terminal.complaints(), "");
        return bytes.size();
    }

    std::optional<std::uint32_t> pixel(int x, int y) const {
        const auto ux = static_cast<unsigned>(x);
        const auto uy = static_cast<unsigned>(y);
        return painter.medium().geometry.method == Method::Blocks ? terminal.half_pixel(ux, uy)
                                                                  : terminal.pixel(ux, uy);
    }

    Painter painter;
    FakeTerminal terminal;
};

/// What is left of a colour where it is sent in percents.
std::uint32_t in_percents(std::uint32_t colour) {
    std::uint32_t result = 0;
    for (const unsigned shift : {16u, 8u, 0u}) {
        const std::uint32_t percent = ((colour >> shift & 0xff) * 200 + 255) / 510;
        result = result << 8 | (percent * 255 + 50) / 100;
    }
    return result;
}

std::uint32_t as_shown(std::uint32_t colour, Method method) {
    return method == Method::Sixel ? in_percents(colour) : colour;
}

/// The picture is where it is said to be, to the last pixel, and nothing around it.
void expect_shown(const Easel& easel, const std::vector<std::uint32_t>& pixels, Size size,
                  const Placement& at) {
    const Geometry& geometry = easel.painter.medium().geometry;
    const Size display = geometry.pixels();
    unsigned wrong = 0;
    for (int y = 0; y < static_cast<int>(display.height); ++y) {
        for (int x = 0; x < static_cast<int>(display.width); ++x) {
            const Point place = to_picture(at, {.x = x, .y = y});
            const bool inside = place.x >= 0 && place.y >= 0 &&
                                place.x < static_cast<int>(size.width) &&
                                place.y < static_cast<int>(size.height);
            const auto shown = easel.pixel(x, y);
            if (!inside) {
                // Half a cell has to be something.
                const bool half = geometry.method == Method::Blocks && shown == 0u;
                wrong += shown.has_value() && !half ? 1 : 0;
                continue;
            }
            const std::uint32_t expected =
                as_shown(pixels[static_cast<std::size_t>(place.y) * size.width +
                                static_cast<std::size_t>(place.x)],
                         geometry.method);
            wrong += shown != expected ? 1 : 0;
        }
    }
    EXPECT_EQ(wrong, 0u) << "pixels of " << size.width << " by " << size.height << " with method "
                         << static_cast<int>(geometry.method);
}

TEST(TerminalPainter, ShowsEveryPixelWhereItBelongs) {
    for (const Method method : kMethods) {
        for (const Size size : {Size{1, 1}, Size{8, 8}, Size{7, 13}, Size{64, 45}, Size{80, 48}}) {
            for (const unsigned zoom : {1u, 2u, 0u}) {
                Easel easel(medium_of(method));
                const auto pixels = pattern(size);
                const auto at = place(easel.painter.medium().geometry, size, zoom, {});
                easel.show(pixels, size, at);
                expect_shown(easel, pixels, size, at);
            }
        }
    }
}

TEST(TerminalPainter, ShowsAnOddPlaceToo) {
    for (const Placement at : {Placement{.x = 3, .y = 5}, Placement{.x = -3, .y = -5},
                               Placement{.x = 60, .y = 41}, Placement{.x = -20, .y = 1}}) {
        Easel easel(medium_of(Method::Blocks));
        const auto pixels = pattern({20, 11});
        easel.show(pixels, {20, 11}, at);
        expect_shown(easel, pixels, {20, 11}, at);
    }
}

TEST(TerminalPainter, ShowsAPartOfAPictureThatIsTooLarge) {
    for (const Method method : kMethods) {
        Easel easel(medium_of(method, 20, 10));
        const Size size{512, 320};
        const auto pixels = pattern(size);
        for (const Point from : {Point{0, 0}, Point{100, 37}, Point{10000, 10000}}) {
            const auto at = place(easel.painter.medium().geometry, size, 1, from);
            easel.show(pixels, size, at);
            expect_shown(easel, pixels, size, at);
        }
    }
}

/// Of the pixels that there are in a square, channel by channel, to the nearest.
std::uint32_t average(const std::vector<std::uint32_t>& pixels, Size size, unsigned left,
                      unsigned top, unsigned side) {
    std::uint32_t result = 0;
    for (const unsigned shift : {16u, 8u, 0u}) {
        double sum = 0;
        double count = 0;
        for (unsigned y = top; y < std::min(top + side, size.height); ++y) {
            for (unsigned x = left; x < std::min(left + side, size.width); ++x) {
                sum += pixels[std::size_t{y} * size.width + x] >> shift & 0xff;
                count += 1;
            }
        }
        result = result << 8 | static_cast<std::uint32_t>(sum / count + 0.5);
    }
    return result;
}

TEST(TerminalPainter, AveragesWhatItShrinks) {
    for (const Method method : kMethods) {
        Easel easel(medium_of(method, 4, 3));
        const Geometry& geometry = easel.painter.medium().geometry;
        // The last squares are cut in both directions.
        const Size size{.width = 5 * geometry.pixels().width - 1,
                        .height = 5 * geometry.pixels().height - 3};
        const auto pixels = pattern(size);
        const auto at = place(geometry, size, 1, {});
        EXPECT_EQ(at.shrink, 5u);
        easel.show(pixels, size, at);
        for (unsigned y = 0; y < geometry.pixels().height; ++y) {
            for (unsigned x = 0; x < geometry.pixels().width; ++x) {
                const std::uint32_t expected = average(pixels, size, 5 * x, 5 * y, 5);
                const auto shown = easel.pixel(static_cast<int>(x), static_cast<int>(y));
                ASSERT_TRUE(shown);
                for (const unsigned shift : {16u, 8u, 0u}) {
                    // Sixels have percents, and 256 colours.
                    const int off = static_cast<int>(*shown >> shift & 0xff) -
                                    static_cast<int>(expected >> shift & 0xff);
                    ASSERT_LE(std::abs(off), method == Method::Sixel ? 0x14 : 0) << x << "," << y;
                }
            }
        }
    }
}

TEST(TerminalPainter, SaysOnlyWhatIsDifferent) {
    for (const Method method : kMethods) {
        Easel easel(medium_of(method));
        const Size size{64, 40};
        auto pixels = pattern(size);
        const auto at = place(easel.painter.medium().geometry, size, 1, {});
        const std::size_t all = easel.show(pixels, size, at);
        EXPECT_GT(all, 500u);
        EXPECT_EQ(easel.show(pixels, size, at), 0u) << "nothing has changed";
        EXPECT_EQ(easel.show(pixels, size, at, {}, false, {.begin = 0, .end = 40}), 0u);
        pixels[33 * 64 + 7] ^= 0xffffff;
        const std::size_t one = easel.show(pixels, size, at, {}, false, {.begin = 33, .end = 34});
        EXPECT_GT(one, 0u);
        EXPECT_LT(one, method == Method::Blocks ? 80 : all * 9 / 10);
        expect_shown(easel, pixels, size, at);
    }
}

TEST(TerminalPainter, FollowsAnyRowOfChanges) {
    for (const Method method : kMethods) {
        Easel easel(medium_of(method, 30, 12));
        std::uint32_t state = 1;
        const auto next = [&](std::uint32_t bound) {
            state = state * 1664525 + 1013904223;
            return (state >> 8) % bound;
        };
        Size size{40, 20};
        auto pixels = pattern(size);
        Overlay overlay;
        for (int i = 0; i < 60; ++i) {
            bool everything = i == 0;
            varvara::Rows changed{};
            if (next(8) == 0) {
                size = {.width = 1 + next(50), .height = 1 + next(50)};
                pixels = pattern(size, next(100));
                everything = true;
            } else if (next(4) == 0) {
                overlay.panel.clear();
                for (std::uint32_t lines = next(5); lines > 0; --lines) {
                    overlay.panel.push_back({.text = std::string(next(12), 'x')});
                }
                overlay.notice = next(2) == 0 ? "" : "a notice";
                everything = true;
            } else {
                changed.begin = next(size.height);
                changed.end = changed.begin + 1 + next(size.height - changed.begin);
                for (unsigned y = changed.begin; y < changed.end; ++y) {
                    pixels[std::size_t{y} * size.width + next(size.width)] = 0x00ff00;
                }
            }
            if (next(15) == 0) {
                easel.terminal.feed("\x1b[2Jsomething else");
                easel.painter.forget();
            }
            const auto at = place(easel.painter.medium().geometry, size, 0, {});
            easel.show(pixels, size, at, overlay, everything, changed);
            // As if it had never shown anything else.
            Easel fresh(easel.painter.medium());
            fresh.show(pixels, size, at, overlay);
            for (unsigned row = 0; row < 12; ++row) {
                ASSERT_EQ(easel.terminal.text(row), fresh.terminal.text(row)) << "step " << i;
            }
            const Size display = easel.painter.medium().geometry.pixels();
            for (int y = 0; y < static_cast<int>(display.height); ++y) {
                for (int x = 0; x < static_cast<int>(display.width); ++x) {
                    ASSERT_EQ(easel.pixel(x, y), fresh.pixel(x, y))
                        << x << "," << y << " in step " << i << " with method "
                        << static_cast<int>(method);
                }
            }
        }
    }
}

TEST(TerminalPainter, WritesPanelsAndNoticesAsText) {
    for (const Method method : kMethods) {
        Easel easel(medium_of(method, 40, 10));
        const Size size{30, 16};
        const auto pixels = pattern(size);
        const auto at = place(easel.painter.medium().geometry, size, 1, {});
        Overlay overlay;
        overlay.panel = {{.text = "Keys", .style = Overlay::Line::Style::Heading},
                         {.text = "F1  zoom \u4e2d"}};
        overlay.notice = "a \x1b[31mnotice";
        easel.show(pixels, size, at, overlay);
        EXPECT_EQ(easel.terminal.text(4).substr(0, 30),
                  std::string(14, ' ') + "Keys" + std::string(12, ' '));
        EXPECT_TRUE(easel.terminal.is_bold(15, 4));
        EXPECT_NE(easel.terminal.text(5).find(" F1  zoom \u4e2d"), std::string::npos);
        EXPECT_FALSE(easel.terminal.is_bold(15, 5));
        EXPECT_NE(easel.terminal.text(9).find(" a ?[31mnotice "), std::string::npos);
        easel.show(pixels, size, at);
        expect_shown(easel, pixels, size, at);
    }
}

TEST(TerminalPainter, ContinuesInTheNextLineWhatIsTooLong) {
    Easel easel(medium_of(Method::Blocks, 20, 8));
    Overlay overlay;
    overlay.panel = {{.text = "main.tal:3:12: error: not a number"},
                     {.text = "    #12 nothing-like-it", .aligned = true}};
    overlay.notice = "saved /home/me/pictures/a.png";
    const std::vector<std::uint32_t> pixels(1);
    easel.show(pixels, {1, 1}, {}, overlay);
    EXPECT_EQ(easel.terminal.text(2), " main.tal:3:12:     ");
    EXPECT_EQ(easel.terminal.text(3), " error: not a       ");
    EXPECT_EQ(easel.terminal.text(4), " number             ");
    EXPECT_EQ(easel.terminal.text(5), "     #12 nothing-li ");
    EXPECT_NE(easel.terminal.text(6).find("saved /home/me/ "), std::string::npos);
    EXPECT_NE(easel.terminal.text(7).find("pictures/a.png "), std::string::npos);
}

TEST(TerminalPainter, CutsTextAndFlowsLongPanelsIntoColumns) {
    Easel easel(medium_of(Method::Blocks, 30, 5));
    Overlay overlay;
    for (int i = 0; i < 8; ++i) {
        overlay.panel.push_back({.text = "line " + std::to_string(i)});
    }
    const std::vector<std::uint32_t> pixels(1);
    easel.show(pixels, {1, 1}, {}, overlay);
    EXPECT_NE(easel.terminal.text(0).find("line 0  line 4"), std::string::npos)
        << easel.terminal.text(0);
    EXPECT_NE(easel.terminal.text(3).find("line 3  line 7"), std::string::npos);
    overlay.panel = {{.text = std::string(100, 'w'), .aligned = true}};
    overlay.notice = std::string(29, ' ') + "\u4e2d\u4e2d";
    easel.show(pixels, {1, 1}, {}, overlay);
    EXPECT_EQ(easel.terminal.text(2), " " + std::string(28, 'w') + " ");
    // Smaller than any text.
    Easel tiny(medium_of(Method::Blocks, 1, 1));
    tiny.show(pixels, {1, 1}, {}, overlay);
}

TEST(TerminalPainter, MakesFewerColoursOfTooMany) {
    for (const Method method : kMethods) {
        Medium medium = medium_of(method);
        medium.depth.true_colour = false;
        medium.sixel_colours = 16;
        Easel easel(medium);
        const Size size{60, 30};
        std::vector<std::uint32_t> pixels;
        for (std::uint32_t i = 0; i < 1800; ++i) {
            pixels.push_back((i * 37 & 0xff) << 16 | (i * 11 & 0xff) << 8 | (i & 0xff));
        }
        const auto at = place(medium.geometry, size, 1, {});
        easel.show(pixels, size, at);
        const int most = method == Method::Kitty ? 0 : method == Method::Sixel ? 0x80 : 0x30;
        for (int y = 0; y < 30; ++y) {
            for (int x = 0; x < 60; ++x) {
                const auto shown = easel.pixel(at.x + x, at.y + y);
                ASSERT_TRUE(shown);
                for (const unsigned shift : {16u, 8u, 0u}) {
                    const int channel = static_cast<int>(
                        pixels[static_cast<std::size_t>(y * 60 + x)] >> shift & 0xff);
                    ASSERT_LE(std::abs(channel - static_cast<int>(*shown >> shift & 0xff)), most);
                }
            }
        }
    }
}

TEST(TerminalPainter, MarksFramesForTerminalsThatTakeThemWhole) {
    Medium medium = medium_of(Method::Blocks);
    medium.synchronized = true;
    Easel easel(medium);
    const auto pixels = pattern({10, 10});
    easel.show(pixels, {10, 10}, {});
    easel.show(pixels, {10, 10}, {});
    EXPECT_EQ(easel.terminal.frames(), 1u) << "no frame where nothing changes";
    EXPECT_FALSE(easel.terminal.mode(2026));
}

TEST(TerminalPlacement, ShrinksAVarvaraScreenIntoASmallTerminal) {
    // 80 by 24 cells are 80 by 48 pixels; the smallest whole factor is 7.
    const auto at = place({.columns = 80, .rows = 24}, {512, 320}, 3, {});
    EXPECT_EQ(at, (Placement{.zoom = 1, .x = 3, .y = 0, .shrink = 7}));
    const auto large = place({.columns = 300, .rows = 100}, {512, 320}, 0, {});
    EXPECT_EQ(large.shrink, 2u);
    const auto pixels =
        place({.columns = 80, .rows = 24, .method = Method::Kitty}, {512, 320}, 0, {});
    EXPECT_EQ(pixels, (Placement{.zoom = 1, .x = 64, .y = 32}));
}

TEST(TerminalPlacement, ZoomsByWholeFactorsOnly) {
    const Geometry geometry{.columns = 100, .rows = 50, .method = Method::Kitty};
    EXPECT_EQ(place(geometry, {100, 100}, 0, {}).zoom, 8u);
    EXPECT_EQ(place(geometry, {100, 100}, 3, {}).zoom, 3u);
    EXPECT_EQ(place(geometry, {801, 100}, 0, {}).shrink, 2u);
    EXPECT_EQ(place(geometry, {800, 800}, 5, {}), (Placement{}));
    EXPECT_EQ(place(geometry, {0, 0}, 0, {}), (Placement{}));
}

TEST(TerminalPlacement, LeavesARowFreeBelowSixels) {
    EXPECT_EQ((Geometry{.method = Method::Sixel}.pixels()), (Size{640, 368}));
    EXPECT_EQ((Geometry{.method = Method::Kitty}.pixels()), (Size{640, 384}));
    EXPECT_EQ((Geometry{.method = Method::Blocks}.pixels()), (Size{80, 48}));
}

TEST(Placement, LeadsFromTheDisplayToThePicture) {
    const Placement zoomed{.zoom = 3, .x = 10, .y = -4};
    EXPECT_EQ(to_picture(zoomed, {10, -4}), (Point{0, 0}));
    EXPECT_EQ(to_picture(zoomed, {12, -2}), (Point{0, 0}));
    EXPECT_EQ(to_picture(zoomed, {13, -1}), (Point{1, 1}));
    EXPECT_EQ(to_picture(zoomed, {9, -5}), (Point{-1, -1}));
    EXPECT_EQ(to_picture(zoomed, {7, -7}), (Point{-1, -1}));
    EXPECT_EQ(to_picture(zoomed, {6, -8}), (Point{-2, -2}));
    const Placement shrunk{.x = 3, .shrink = 7};
    EXPECT_EQ(to_picture(shrunk, {3, 0}), (Point{3, 3})) << "the middle one of seven";
    EXPECT_EQ(to_picture(shrunk, {4, 45}), (Point{10, 318}));
}

}  // namespace
