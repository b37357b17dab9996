#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace varvara_test {

/// The Screen device as spec/varvara.md, section 4, describes it, sentence by sentence and pixel by
/// pixel: what the real one is compared with. Knows nothing of its code.
class PlainScreen {
public:
    static constexpr int kSkip = -1;

    explicit PlainScreen(const std::uint8_t* ram) : ram_(ram) { resize(512, 320); }

    int width = 0;
    int height = 0;
    std::vector<int> layers[2];  ///< background, foreground

    int colour(int layer, int x, int y) const {
        return layers[layer][static_cast<std::size_t>(y * width + x)];
    }

    int dei(int port) const {
        switch (port) {
            case 0x22: return width / 256;
            case 0x23: return width % 256;
            case 0x24: return height / 256;
            case 0x25: return height % 256;
            case 0x28: return x_ / 256;
            case 0x29: return x_ % 256;
            case 0x2a: return y_ / 256;
            case 0x2b: return y_ % 256;
            case 0x2c: return addr_ / 256;
            case 0x2d: return addr_ % 256;
            default: return ports_[static_cast<std::size_t>(port - 0x20)];
        }
    }

    void deo(int port, int value) {
        ports_[static_cast<std::size_t>(port - 0x20)] = value;
        switch (port) {
            case 0x23: request(two_bytes(0x22) % 0x1000, height); break;
            case 0x25: request(width, two_bytes(0x24) % 0x1000); break;
            case 0x28:
            case 0x29: x_ = two_bytes(0x28); break;
            case 0x2a:
            case 0x2b: y_ = two_bytes(0x2a); break;
            case 0x2c:
            case 0x2d: addr_ = two_bytes(0x2c); break;
            case 0x2e: pixel(value); break;
            case 0x2f: sprite(value); break;
            default: break;
        }
    }

    /// The table of section 4.3, blend by blend.
    static int blended(int blend, int value) {
        static constexpr int kTable[16][4] = {
            {kSkip, 0, 1, 2}, {0, 1, 2, 3},     {0, 2, 3, 1},     {0, 3, 1, 2},
            {1, 0, 1, 2},     {kSkip, 1, 2, 3}, {1, 2, 3, 1},     {1, 3, 1, 2},
            {2, 0, 1, 2},     {2, 1, 2, 3},     {kSkip, 2, 3, 1}, {2, 3, 1, 2},
            {3, 0, 1, 2},     {3, 1, 2, 3},     {3, 2, 3, 1},     {kSkip, 3, 1, 2}};
        return kTable[blend][value];
    }

private:
    static int as_signed(int value) { return value < 0x8000 ? value : value - 0x10000; }
    static int wrapped(int value) { return (value + 0x20000) % 0x10000; }
    int two_bytes(int port) const {
        const auto first = static_cast<std::size_t>(port - 0x20);
        return ports_[first] * 256 + ports_[first + 1];
    }

    void resize(int new_width, int new_height) {
        width = new_width;
        height = new_height;
        for (std::vector<int>& layer : layers) {
            layer.assign(static_cast<std::size_t>(width * height), 0);
        }
    }
    void request(int new_width, int new_height) {
        if (new_width == 0 || new_height == 0) {
            return;
        }
        if (new_width != width || new_height != height) {
            resize(new_width, new_height);
        }
    }

    void put(int layer, int x, int y, int colour) {
        if (x >= 0 && x < width && y >= 0 && y < height) {
            layers[layer][static_cast<std::size_t>(y * width + x)] = colour;
        }
    }

    void pixel(int byte) {
        const int layer = (byte & 0x40) != 0 ? 1 : 0;
        const int x = as_signed(x_);
        const int y = as_signed(y_);
        if ((byte & 0x80) != 0) {
            for (int row = 0; row < height; ++row) {
                for (int column = 0; column < width; ++column) {
                    const bool in_x = (byte & 0x10) != 0 ? column < x : column >= x;
                    const bool in_y = (byte & 0x20) != 0 ? row < y : row >= y;
                    if (in_x && in_y) {
                        put(layer, column, row, byte & 3);
                    }
                }
            }
            return;
        }
        put(layer, x, y, byte & 3);
        if ((ports_[6] & 1) != 0) {
            x_ = wrapped(x_ + 1);
        }
        if ((ports_[6] & 2) != 0) {
            y_ = wrapped(y_ + 1);
        }
    }

    void sprite(int byte) {
        const bool two_planes = (byte & 0x80) != 0;
        const int layer = (byte & 0x40) != 0 ? 1 : 0;
        const bool flip_y = (byte & 0x20) != 0;
        const bool flip_x = (byte & 0x10) != 0;
        const int sx = flip_x ? -8 : 8;
        const int sy = flip_y ? -8 : 8;
        int px = x_;
        int py = y_;
        for (int count = ports_[6] / 16 + 1; count > 0; --count) {
            for (int row = 0; row < 8; ++row) {
                for (int column = 0; column < 8; ++column) {
                    const int data_row = flip_y ? 7 - row : row;
                    const int bit = flip_x ? column : 7 - column;
                    int value = ram_[wrapped(addr_ + data_row)] >> bit & 1;
                    if (two_planes) {
                        value += 2 * (ram_[wrapped(addr_ + 8 + data_row)] >> bit & 1);
                    }
                    const int colour = blended(byte & 15, value);
                    if (colour != kSkip) {
                        put(layer, as_signed(px) + column, as_signed(py) + row, colour);
                    }
                }
            }
            if ((ports_[6] & 2) != 0) {
                px = wrapped(px + sx);
            }
            if ((ports_[6] & 1) != 0) {
                py = wrapped(py + sy);
            }
            if ((ports_[6] & 4) != 0) {
                addr_ = wrapped(addr_ + (two_planes ? 16 : 8));
            }
        }
        if ((ports_[6] & 1) != 0) {
            x_ = wrapped(x_ + sx);
        }
        if ((ports_[6] & 2) != 0) {
            y_ = wrapped(y_ + sy);
        }
    }

    const std::uint8_t* ram_;
    std::array<int, 16> ports_{};
    int x_ = 0;
    int y_ = 0;
    int addr_ = 0;
};

}  // namespace varvara_test
