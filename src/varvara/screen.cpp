#include "varvara/screen.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace varvara {
namespace {

/// Bits of the bytes written to pixel and sprite.
enum Control : std::uint8_t {
    kFill = 0x80,
    kTwoPlanes = 0x80,
    kForeground = 0x40,
    kFlipY = 0x20,
    kFlipX = 0x10,
};

/// Bits of auto; the high nibble is the number of further sprites.
enum Auto : std::uint8_t {
    kAutoX = 0x01,
    kAutoY = 0x02,
    kAutoAddr = 0x04,
};

/// A bit of the colour as a function of a sprite's planes p and q, the same for all pixels at once:
/// a ^ b & p ^ c & q ^ d & p & q.
struct BitFunction {
    TileBits a = 0;
    TileBits b = 0;
    TileBits c = 0;
    TileBits d = 0;

    constexpr TileBits operator()(TileBits p, TileBits q) const {
        return a ^ (b & p) ^ (c & q) ^ (d & p & q);
    }
};

struct Blend {
    BitFunction low;
    BitFunction high;
    TileBits opaque = 0;  ///< all ones where value 0 is drawn as well
};

constexpr unsigned blended(unsigned nibble, unsigned value) {
    if (value == 0) {
        return nibble / 4;
    }
    return nibble % 4 + value == 1 ? 0 : (value + nibble % 4 + 1) % 3 + 1;
}

constexpr BitFunction function_of_bit(unsigned nibble, unsigned bit) {
    const auto all = [&](unsigned value) {
        return (blended(nibble, value) >> bit & 1) != 0 ? ~TileBits{0} : 0;
    };
    return {.a = all(0),
            .b = all(0) ^ all(1),
            .c = all(0) ^ all(2),
            .d = all(0) ^ all(1) ^ all(2) ^ all(3)};
}

constexpr std::array<Blend, 16> kBlends = [] {
    std::array<Blend, 16> blends;
    for (unsigned nibble = 0; nibble < blends.size(); ++nibble) {
        blends[nibble] = {.low = function_of_bit(nibble, 0),
                          .high = function_of_bit(nibble, 1),
                          .opaque = nibble % 5 == 0 ? 0 : ~TileBits{0}};
    }
    return blends;
}();

/// One plane of a sprite.
TileBits load_plane(const uxn::Ram& ram, std::uint16_t address) {
    TileBits rows = 0;
    if (address <= uxn::kRamSize - 8) {
        const std::uint8_t* bytes = ram.data() + address;
        for (unsigned row = 0; row < 8; ++row) {
            rows |= TileBits{bytes[row]} << 8 * row;
        }
    } else {
        for (unsigned row = 0; row < 8; ++row) {
            rows |= TileBits{ram[address++]} << 8 * row;
        }
    }
    return rows;
}

/// Reverses the bits of every byte.
TileBits mirror(TileBits rows) {
    rows = (rows >> 4 & 0x0f0f0f0f0f0f0f0f) | (rows & 0x0f0f0f0f0f0f0f0f) << 4;
    rows = (rows >> 2 & 0x3333333333333333) | (rows & 0x3333333333333333) << 2;
    return (rows >> 1 & 0x5555555555555555) | (rows & 0x5555555555555555) << 1;
}

Layers::Layer layer_of(std::uint8_t control) {
    return (control & kForeground) != 0 ? Layers::Foreground : Layers::Background;
}

}  // namespace

Palette palette_of(const uxn::Machine& machine) {
    constexpr std::array kChannels{port("System/r"), port("System/g"), port("System/b")};
    Palette palette{};
    for (const std::uint8_t channel : kChannels) {
        const std::uint16_t nibbles = machine.dev_short(channel);
        for (unsigned i = 0; i < palette.size(); ++i) {
            palette[i] = palette[i] << 8 | (nibbles >> (12 - 4 * i) & 0xfu) * 17;
        }
    }
    return palette;
}

std::uint8_t Screen::read(uxn::Machine& machine, std::uint8_t port) noexcept {
    unsigned value = 0;
    switch (port & ~1) {
        case kWidth: value = width(); break;
        case kHeight: value = height(); break;
        default: value = register_of(port).value(machine); break;
    }
    return static_cast<std::uint8_t>((port & 1) == 0 ? value >> 8 : value);
}

uxn::DeviceEffect Screen::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    const auto set_high = [&](std::uint16_t& asked) {
        asked = static_cast<std::uint16_t>((asked & 0x00ff) | machine.dev[port] << 8);
    };
    const auto set_low = [&](std::uint16_t& asked) {
        asked = static_cast<std::uint16_t>((asked & 0xff00) | machine.dev[port]);
    };
    used_ = true;
    switch (port) {
        case kPixel: write_pixel(machine); break;
        case kSprite: write_sprite(machine); break;
        case kWidth:
            set_high(width_asked_);
            show_size(machine);
            break;
        case kWidth + 1:
            set_low(width_asked_);
            resize(machine, width_asked_ & Layers::kMaxSide, height());
            break;
        case kHeight:
            set_high(height_asked_);
            show_size(machine);
            break;
        case kHeight + 1:
            set_low(height_asked_);
            resize(machine, width(), height_asked_ & Layers::kMaxSide);
            break;
        default: register_of(port).reload(); break;
    }
    return {};
}

void Screen::resize(uxn::Machine& machine, unsigned width, unsigned height) {
    if (width != 0 && height != 0 && (width != this->width() || height != this->height())) {
        layers_.resize(width, height);
    }
    show_size(machine);
}

void Screen::show_size(uxn::Machine& machine) {
    machine.set_dev_short(kWidth, static_cast<std::uint16_t>(width()));
    machine.set_dev_short(kHeight, static_cast<std::uint16_t>(height()));
    size_is_in_ports_ = true;
}

void Screen::write_pixel(const uxn::Machine& machine) {
    const std::uint8_t control = machine.dev[kPixel];
    const int x = static_cast<std::int16_t>(x_.value(machine));
    const int y = static_cast<std::int16_t>(y_.value(machine));
    const std::uint8_t colour = control & 3;
    if ((control & kFill) != 0) {
        const bool to_left = (control & kFlipX) != 0;
        const bool to_top = (control & kFlipY) != 0;
        layers_.fill(layer_of(control), to_left ? 0 : x, to_top ? 0 : y,
                     to_left ? x : static_cast<int>(width()),
                     to_top ? y : static_cast<int>(height()), colour);
        return;
    }
    layers_.draw_pixel(layer_of(control), x, y, colour);
    const std::uint8_t moves = machine.dev[kAuto];
    if ((moves & kAutoX) != 0) {
        x_.set(machine, x + 1);
    }
    if ((moves & kAutoY) != 0) {
        y_.set(machine, y + 1);
    }
}

void Screen::write_sprite(const uxn::Machine& machine) {
    const std::uint8_t control = machine.dev[kSprite];
    const std::uint8_t moves = machine.dev[kAuto];
    const int step_x = (control & kFlipX) != 0 ? -8 : 8;
    const int step_y = (control & kFlipY) != 0 ? -8 : 8;
    const Blend& blend = kBlends[control & 0x0f];
    const auto plane = [&](std::uint16_t address) {
        TileBits rows = load_plane(machine.ram, address);
        rows = (control & kFlipX) != 0 ? mirror(rows) : rows;
        return (control & kFlipY) != 0 ? std::byteswap(rows) : rows;
    };

    const int x = static_cast<std::int16_t>(x_.value(machine));
    const int y = static_cast<std::int16_t>(y_.value(machine));
    int sprite_x = x;
    int sprite_y = y;
    std::uint16_t address = addr_.value(machine);
    for (int left = moves >> 4; left >= 0; --left) {
        const TileBits p = plane(address);
        const bool two = (control & kTwoPlanes) != 0;
        const TileBits q = two ? plane(static_cast<std::uint16_t>(address + 8)) : 0;
        layers_.draw_tile(
            layer_of(control), sprite_x, sprite_y,
            {.low = blend.low(p, q), .high = blend.high(p, q), .mask = p | q | blend.opaque});
        // Across the direction in which the registers move.
        sprite_x += (moves & kAutoY) != 0 ? step_x : 0;
        sprite_y += (moves & kAutoX) != 0 ? step_y : 0;
        if ((moves & kAutoAddr) != 0) {
            address = static_cast<std::uint16_t>(address + (two ? 16 : 8));
        }
    }
    if ((moves & kAutoX) != 0) {
        x_.set(machine, x + step_x);
    }
    if ((moves & kAutoY) != 0) {
        y_.set(machine, y + step_y);
    }
    addr_.set(machine, address);
}

void Screen::reset() {
    layers_.resize(kBootWidth, kBootHeight);
    width_asked_ = 0;
    height_asked_ = 0;
    size_is_in_ports_ = false;
    used_ = false;
    for (Register* reg : {&x_, &y_, &addr_}) {
        *reg = {.port = reg->port};
    }
}

void Screen::transfer(StateStream& state) {
    for (Register* reg : {&x_, &y_, &addr_}) {
        state.number(reg->moved);
        reg->moved_to = reg->moved ? reg->moved_to : std::uint16_t{0};
        state.number(reg->moved_to);
    }
    state.number(width_asked_);
    state.number(height_asked_);
    state.number(size_is_in_ports_);
    layers_.transfer(state);
    used_ = used_ || width_asked_ != 0 || height_asked_ != 0;
}

}  // namespace varvara
