#pragma once

#include <cstdint>
#include <span>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/screen_layers.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// The colours that the System device's ports ask for.
/// Source: spec/varvara.md, section 2.2.
Palette palette_of(const uxn::Machine& machine);

/// The Screen device.
/// Source: spec/varvara.md, section 4.
class Screen {
public:
    static constexpr std::uint8_t kVector = port("Screen/vector");
    static constexpr std::uint8_t kWidth = port("Screen/width");
    static constexpr std::uint8_t kHeight = port("Screen/height");
    static constexpr std::uint8_t kAuto = port("Screen/auto");
    static constexpr std::uint8_t kX = port("Screen/x");
    static constexpr std::uint8_t kY = port("Screen/y");
    static constexpr std::uint8_t kAddr = port("Screen/addr");
    static constexpr std::uint8_t kPixel = port("Screen/pixel");
    static constexpr std::uint8_t kSprite = port("Screen/sprite");
    static constexpr Hooks kHooks = {
        .reads = port_mask({kWidth, kWidth + 1, kHeight, kHeight + 1}),
        .writes = port_mask({kWidth, kWidth + 1, kHeight, kHeight + 1, kPixel, kSprite})};

    explicit Screen(const Hosts&) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept;
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept;
    /// Those that draw or resize, and the ports that do not hold what a program finds there.
    Hooks hooks() const {
        const auto moved = static_cast<std::uint16_t>(x_.hooks() | y_.hooks() | addr_.hooks());
        const std::uint16_t sizes = size_is_in_ports_ ? std::uint16_t{0} : kHooks.reads;
        return {.reads = static_cast<std::uint16_t>(sizes | moved),
                .writes = static_cast<std::uint16_t>(kHooks.writes | moved)};
    }
    /// Puts the size into its ports, which need no hooks to be read from then on.
    void show_size(uxn::Machine& machine);

    /// Whether the program has drawn or asked for a size since boot.
    bool used() const { return used_; }
    unsigned width() const { return layers_.width(); }
    unsigned height() const { return layers_.height(); }
    /// The colour, 0 to 3, of a pixel of a layer. It must be on the screen.
    std::uint8_t background(unsigned x, unsigned y) const {
        return layers_.colour(Layers::Background, x, y);
    }
    std::uint8_t foreground(unsigned x, unsigned y) const {
        return layers_.colour(Layers::Foreground, x, y);
    }

    /// Brings a picture up to date that the caller keeps from call to call: `width() * height()`
    /// pixels of 0x00RRGGBB, row by row. What was drawn on since the last call is painted, in tiles
    /// of 8 by 8 pixels; everything if palette or size have changed. Returns the rows from the
    /// first to the last that were painted.
    Rows paint(const Palette& palette, std::span<std::uint32_t> pixels) {
        return layers_.paint(palette, pixels);
    }
    /// See `Layers::combine`.
    void combine(Rows rows, std::span<TileBits> picture) const { layers_.combine(rows, picture); }

    /// Everything as at boot.
    void reset();
    void transfer(StateStream& state);

private:
    static constexpr unsigned kBootWidth = 512;
    static constexpr unsigned kBootHeight = 320;

    /// A register behind two ports. The ports are plain memory, and the register what they hold,
    /// until auto moves it: it is then on its own until one of the ports is written.
    struct Register {
        std::uint8_t port;
        bool moved = false;
        std::uint16_t moved_to = 0;

        std::uint16_t value(const uxn::Machine& machine) const {
            return moved ? moved_to : machine.dev_short(port);
        }
        void set(const uxn::Machine& machine, int value) {
            moved_to = static_cast<std::uint16_t>(value);
            moved = moved_to != machine.dev_short(port);
        }
        void reload() { moved = false; }
        unsigned hooks() const { return moved ? 3u << (port & 0x0f) : 0; }
    };

    Register& register_of(std::uint8_t port) { return port < kY ? x_ : port < kAddr ? y_ : addr_; }
    void write_pixel(const uxn::Machine& machine);
    void write_sprite(const uxn::Machine& machine);

    void resize(uxn::Machine& machine, unsigned width, unsigned height);

    Layers layers_{kBootWidth, kBootHeight};
    // As written; the ports hold the size that came of it.
    std::uint16_t width_asked_ = 0;
    std::uint16_t height_asked_ = 0;
    bool size_is_in_ports_ = false;
    bool used_ = false;
    Register x_{.port = kX};
    Register y_{.port = kY};
    Register addr_{.port = kAddr};
};

}  // namespace varvara
