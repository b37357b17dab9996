#include "front/compose.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace front {
namespace {

constexpr std::uint32_t kUntouched = 0x123456;

struct Canvas {
    explicit Canvas(Size s, std::size_t gap = 3)
        : size(s), stride(s.width + gap), pixels(stride * s.height, kUntouched) {}

    Surface surface() { return {pixels, stride, size}; }
    std::uint32_t at(unsigned x, unsigned y) const { return pixels[y * stride + x]; }
    /// How many pixels of a rectangle have that colour.
    long count(std::uint32_t colour, unsigned top, unsigned bottom) const {
        long found = 0;
        for (unsigned y = top; y < bottom; ++y) {
            const auto row = pixels.begin() + static_cast<std::ptrdiff_t>(y * stride);
            found += std::count(row, row + size.width, colour);
        }
        return found;
    }

    Size size;
    std::size_t stride;
    std::vector<std::uint32_t> pixels;
};

Overlay panel(std::vector<Overlay::Line> lines) {
    return {.panel = std::move(lines), .notice = {}};
}

/// Every pixel another colour.
std::vector<std::uint32_t> colourful(Size size) {
    std::vector<std::uint32_t> pixels(std::size_t{size.width} * size.height);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels[i] = static_cast<std::uint32_t>(0x800000 + i);
    }
    return pixels;
}

/// The pixel of a window that shows `picture`, as the definition of a placement says.
std::uint32_t expected(const std::vector<std::uint32_t>& picture, Size size, Placement at, int x,
                       int y) {
    const int zoom = static_cast<int>(at.zoom);
    const auto inside = [&](int from, int to, unsigned length) {
        return to >= from && to < from + static_cast<int>(length) * zoom;
    };
    if (!inside(at.x, x, size.width) || !inside(at.y, y, size.height)) {
        return 0;
    }
    return picture[static_cast<std::size_t>((y - at.y) / zoom * static_cast<int>(size.width) +
                                            (x - at.x) / zoom)];
}

TEST(Place, UsesTheLargestWholeZoomThatFits) {
    EXPECT_EQ(place({100, 50}, {350, 350}, 0), (Placement{3, 25, 100}));
    EXPECT_EQ(place({100, 50}, {299, 350}, 0), (Placement{2, 49, 125}));
}

TEST(Place, NeverZoomsMoreThanAsked) {
    EXPECT_EQ(place({100, 50}, {350, 350}, 2), (Placement{2, 75, 125}));
    EXPECT_EQ(place({100, 50}, {350, 350}, 9), (Placement{3, 25, 100}));
}

TEST(Place, KeepsTheUpperLeftCornerOfAPictureThatDoesNotFit) {
    EXPECT_EQ(place({100, 50}, {60, 70}, 4), (Placement{1, 0, 10}));
    EXPECT_EQ(place({4095, 4095}, {1, 1}, 0), (Placement{1, 0, 0}));
}

TEST(Place, HasAnAnswerForNothing) {
    EXPECT_EQ(place({0, 0}, {60, 70}, 4), Placement{});
    EXPECT_EQ(place({10, 10}, {0, 0}, 4), Placement{});
}

TEST(Compose, ShowsExactPixelsWhereverThePictureIs) {
    const Size size = {11, 7};
    const auto picture = colourful(size);
    const Overlay none;
    for (unsigned zoom = 1; zoom <= 6; ++zoom) {
        for (const int x : {-13, -2, -1, 0, 5, 33, 60}) {
            for (const int y : {-50, -7, -1, 0, 3, 29, 45}) {
                Canvas canvas({40, 30});
                const Frame frame = {picture, size, {}, {zoom, x, y}, none, true};
                EXPECT_EQ(compose(frame, canvas.surface()), (varvara::Rows{0, 30}));
                for (int py = 0; py < 30; ++py) {
                    for (int px = 0; px < 40; ++px) {
                        ASSERT_EQ(canvas.at(static_cast<unsigned>(px), static_cast<unsigned>(py)),
                                  expected(picture, size, frame.at, px, py))
                            << "zoom " << zoom << " at " << x << "," << y << ": " << px << ","
                            << py;
                    }
                    const auto gap = canvas.pixels.begin() +
                                     static_cast<std::ptrdiff_t>(canvas.stride) * py + 40;
                    ASSERT_EQ(std::count(gap, gap + 3, kUntouched), 3) << "between the rows";
                }
            }
        }
    }
}

TEST(Compose, DrawsOnlyTheRowsThatChanged) {
    const Size size = {10, 10};
    const auto picture = colourful(size);
    const Overlay none;
    Canvas canvas({40, 40});
    const Frame frame = {picture, size, {2, 5}, {3, 5, 5}, none, false};
    EXPECT_EQ(compose(frame, canvas.surface()), (varvara::Rows{11, 20}));
    EXPECT_EQ(canvas.count(kUntouched, 0, 11), 40 * 11);
    EXPECT_EQ(canvas.count(kUntouched, 11, 20), 0);
    EXPECT_EQ(canvas.count(kUntouched, 20, 40), 40 * 20);
}

TEST(Compose, DrawsNothingForRowsOutsideTheWindow) {
    const Size size = {10, 10};
    const auto picture = colourful(size);
    const Overlay none;
    Canvas canvas({40, 40});
    EXPECT_EQ(compose({picture, size, {8, 10}, {9, 0, 0}, none, false}, canvas.surface()),
              varvara::Rows{});
    EXPECT_EQ(compose({picture, size, {}, {1, 0, 0}, none, false}, canvas.surface()),
              varvara::Rows{});
    EXPECT_EQ(canvas.count(kUntouched, 0, 40), 40 * 40);
}

TEST(Compose, IsSafeInAWindowOfAnySize) {
    const Size size = {16, 16};
    const auto picture = colourful(size);
    Overlay overlay = {.panel = {{"Keys", Overlay::Line::Style::Heading}, {"F1  zoom"}},
                       .notice = "saved"};
    for (unsigned width = 0; width < 50; ++width) {
        for (unsigned height = 0; height < 50; ++height) {
            Canvas canvas({width, height});
            compose({picture, size, {}, place(size, canvas.size, 0), overlay, true},
                    canvas.surface());
            ASSERT_EQ(canvas.count(kUntouched, 0, height), 0);
        }
    }
}

TEST(Overlay, DrawsThePanelInTheMiddleAndThePictureBelowIt) {
    const Size size = {200, 100};
    const std::vector<std::uint32_t> picture(20000, 0xffffff);
    const Overlay overlay = panel({{"E", Overlay::Line::Style::Error}});
    Canvas canvas(size);
    compose({picture, size, {}, {}, overlay, true}, canvas.surface());
    // At twice its size: 18 x 23 pixels of text and padding.
    EXPECT_EQ(canvas.at(81, 50), 0xffffffU);
    EXPECT_NE(canvas.at(82, 50), 0xffffffU);
    EXPECT_NE(canvas.at(117, 50), 0xffffffU);
    EXPECT_EQ(canvas.at(118, 50), 0xffffffU);
    // An E is f8 80 80 f0 80 80 f8: 5 + 1 + 1 + 4 + 1 + 1 + 5 pixels.
    EXPECT_EQ(canvas.count(0xff7b72, 0, 100), 18 * 4);
}

TEST(Overlay, LeavesThePictureUnderneathVisible) {
    const Size size = {200, 100};
    auto picture = colourful(size);
    const Overlay overlay = panel({{"                    "}});
    Canvas canvas(size);
    for (std::size_t i = 0; i < picture.size(); ++i) {
        picture[i] = i % 2 == 0 ? 0xffffff : 0;
    }
    compose({picture, size, {}, {}, overlay, true}, canvas.surface());
    EXPECT_GT(canvas.at(100, 50), canvas.at(101, 50));
    EXPECT_LT(canvas.at(100, 50), 0x404040U) << "light letters need a dark ground";
}

TEST(Overlay, IsTheSameWhenRowsBelowItAreDrawnAgain) {
    const Size size = {64, 64};
    const auto picture = colourful(size);
    const Overlay overlay = {.panel = {{"some"}, {"lines"}}, .notice = "and a notice"};
    Canvas canvas({80, 70});
    const Placement at = place(size, canvas.size, 0);
    compose({picture, size, {}, at, overlay, true}, canvas.surface());
    const auto first = canvas.pixels;
    compose({picture, size, {0, 64}, at, overlay, false}, canvas.surface());
    compose({picture, size, {30, 31}, at, overlay, false}, canvas.surface());
    compose({picture, size, {25, 50}, at, overlay, false}, canvas.surface());
    EXPECT_EQ(canvas.pixels, first);
}

TEST(Overlay, HasAColourForEachStyle) {
    using enum Overlay::Line::Style;
    const Size size = {60, 40};
    const std::vector<std::uint32_t> picture(2400, 0);
    std::set<std::uint32_t> inks;
    for (const auto style : {Plain, Heading, Error, Faint}) {
        const Overlay overlay = panel({{"-", style}});
        Canvas canvas(size, 0);
        compose({picture, size, {}, {}, overlay, true}, canvas.surface());
        inks.insert(*std::ranges::max_element(canvas.pixels));
    }
    EXPECT_EQ(inks.size(), 4U);
}

TEST(Overlay, ShowsABoxForEachLetterThatTheFontHasNot) {
    const Size size = {60, 40};
    const std::vector<std::uint32_t> picture(2400, 0);
    const auto shown = [&](const char* text) {
        const Overlay overlay = panel({{text}});
        Canvas canvas(size, 0);
        compose({picture, size, {}, {}, overlay, true}, canvas.surface());
        return canvas.pixels;
    };
    EXPECT_EQ(shown("\xc3\xa9"), shown("\x7f"));
    EXPECT_EQ(shown("\xe2\x82\xac."), shown("\x7f."));
    EXPECT_NE(shown("\xc3\xa9"), shown("e"));
}

TEST(Overlay, ShowsAsManyLinesAndLettersAsFit) {
    const Size size = {64, 64};
    const std::vector<std::uint32_t> picture(4096, 0);
    Overlay overlay;
    overlay.panel.assign(100, {std::string(1000, '-')});
    Canvas canvas(size);
    compose({picture, size, {}, {}, overlay, true}, canvas.surface());
    // Lines of (64 - 12) / 6 hyphens, five pixels each, in row 3 of lines eleven rows high from row
    // 6 on, as far as the surface goes: 9, 20, 31, 42, 53.
    EXPECT_EQ(canvas.count(0xf2f2f2, 0, 64), 5 * 8 * 5);
    EXPECT_EQ(canvas.count(0xf2f2f2, 9, 10), 5 * 8);
}

TEST(Overlay, ContinuesInTheNextLineWhatIsTooLong) {
    const std::vector<std::uint32_t> picture(std::size_t{128} * 128, 0);
    const Size size = {128, 128};
    const auto shown = [&](const Overlay& overlay) {
        Canvas canvas(size);
        compose({picture, size, {}, {}, overlay, true}, canvas.surface());
        return canvas.pixels;
    };
    // Lines of (128 - 12) / 6 = 19 letters.
    EXPECT_EQ(shown(panel({{"main.tal:3:12: error: not a number"}})),
              shown(panel({{"main.tal:3:12:"}, {"error: not a number"}})));
    const Overlay long_notice = {.panel = {}, .notice = "no sound: there is no device here"};
    const Overlay first_line = {.panel = {}, .notice = "no sound: there is"};
    Canvas canvas(size);
    compose({picture, size, {}, {}, long_notice, true}, canvas.surface());
    Canvas first(size);
    compose({picture, size, {}, {}, first_line, true}, first.surface());
    EXPECT_EQ(canvas.count(0xf2f2f2, 0, 128 - 11), first.count(0xf2f2f2, 0, 128))
        << "the first line, and the second below it";
    EXPECT_GT(canvas.count(0xf2f2f2, 128 - 11, 128), 0);
}

TEST(Overlay, CutsAlignedLines) {
    const Size size = {64, 64};
    const std::vector<std::uint32_t> picture(4096, 0);
    Overlay overlay = panel({{.text = std::string(1000, '-'), .aligned = true}});
    Canvas canvas(size);
    compose({picture, size, {}, {}, overlay, true}, canvas.surface());
    EXPECT_EQ(canvas.count(0xf2f2f2, 0, 64), 5 * 8);
}

TEST(Overlay, PutsANoticeAtTheLowerEdge) {
    const Size size = {400, 100};
    const std::vector<std::uint32_t> picture(40000, 0xffffff);
    const Overlay overlay = {.panel = {}, .notice = "Saved"};
    Canvas canvas(size);
    compose({picture, size, {}, {}, overlay, true}, canvas.surface());
    EXPECT_EQ(canvas.count(0xffffff, 0, 72), 400 * 72);
    EXPECT_EQ(canvas.count(0xffffff, 72, 100), 0);
    EXPECT_GT(canvas.count(0xf2f2f2, 72, 100), 0);
}

}  // namespace
}  // namespace front
