#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "host/png.hpp"

/// A reader of animated PNG pictures for tests: each frame is wrapped into a picture of its own,
/// which somebody else's decoder reads. Anything that is not by the book is thrown.
/// Source: W3C, Portable Network Graphics (Third Edition), 2025.
namespace animation_test {

struct Frame {
    host::Picture picture;  ///< all of it, as it is to be seen
    unsigned sixtieths = 0;
    unsigned width = 0;  ///< of the part that was stored
    unsigned height = 0;
};

struct Animation {
    unsigned width = 0;
    unsigned height = 0;
    unsigned plays = 0;
    unsigned colour_type = 0;
    std::vector<Frame> frames;

    /// What is to be seen at that time.
    const host::Picture& at(unsigned sixtieth) const {
        for (const Frame& frame : frames) {
            if (sixtieth < frame.sixtieths) {
                return frame.picture;
            }
            sixtieth -= frame.sixtieths;
        }
        throw std::runtime_error("it is over");
    }
    unsigned sixtieths() const {
        unsigned sum = 0;
        for (const Frame& frame : frames) {
            sum += frame.sixtieths;
        }
        return sum;
    }
};

inline void expect(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

inline std::uint32_t number(std::string_view bytes, std::size_t at, int size = 4) {
    expect(at + static_cast<std::size_t>(size) <= bytes.size(), "a chunk is too short");
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
    }
    return value;
}

inline std::string bytes_of(std::uint32_t value) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) {
        bytes += static_cast<char>(value >> shift);
    }
    return bytes;
}

/// Bit by bit, as it is defined.
inline std::uint32_t crc(std::string_view bytes) {
    std::uint32_t value = 0xffffffff;
    for (const char byte : bytes) {
        value ^= static_cast<std::uint8_t>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320 : value >> 1;
        }
    }
    return ~value;
}

inline std::string chunk(std::string_view type, std::string_view data) {
    const std::string body = std::string(type) + std::string(data);
    return bytes_of(static_cast<std::uint32_t>(data.size())) + body + bytes_of(crc(body));
}

class Reader {
public:
    explicit Reader(std::string_view file) : rest_(file) {}

    Animation read() {
        expect(rest_.starts_with(kSignature), "the signature is missing");
        rest_.remove_prefix(kSignature.size());
        while (!ended_) {
            read_chunk();
        }
        expect(rest_.empty(), "something follows the end");
        end_frame();
        expect(announced_ == animation_.frames.size() && announced_ > 0,
               "the number of frames is wrong");
        return animation_;
    }

private:
    static constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";

    void read_chunk() {
        const std::uint32_t size = number(rest_, 0);
        expect(rest_.size() >= size + std::size_t{12}, "a chunk is cut off");
        const std::string_view type = rest_.substr(4, 4);
        const std::string_view data = rest_.substr(8, size);
        expect(number(rest_, 8 + size) == crc(rest_.substr(4, 4 + size)), "a checksum is wrong");
        rest_.remove_prefix(12 + size);
        if (type == "IHDR") {
            header_ = data;
            animation_.width = number(data, 0);
            animation_.height = number(data, 4);
            animation_.colour_type = number(data, 9, 1);
            seen_.pixels.assign(std::size_t{animation_.width} * animation_.height, 0);
            seen_.width = animation_.width;
            seen_.height = animation_.height;
        } else if (type == "acTL") {
            expect(data_.empty() && !has_picture_, "acTL comes late");
            announced_ = number(data, 0);
            animation_.plays = number(data, 4);
        } else if (type == "PLTE") {
            palette_ = chunk(type, data);
        } else if (type == "fcTL") {
            end_frame();
            expect(number(data, 0) == sequence_++, "a number of the sequence is wrong");
            control_ = data;
            expect(number(data, 24, 2) == 0, "it is disposed of or blended");
        } else if (type == "IDAT") {
            expect(!has_picture_ || !data_.empty(), "there is a second picture");
            has_picture_ = true;
            data_ += data;
        } else if (type == "fdAT") {
            expect(has_picture_, "fdAT comes before the picture");
            expect(number(data, 0) == sequence_++, "a number of the sequence is wrong");
            data_ += data.substr(4);
        } else if (type == "IEND") {
            ended_ = true;
        } else {
            expect(false, "a chunk is unknown");
        }
    }

    void end_frame() {
        if (control_.empty()) {
            expect(data_.empty(), "a picture is not part of the animation");
            return;
        }
        const std::uint32_t width = number(control_, 4);
        const std::uint32_t height = number(control_, 8);
        const std::uint32_t left = number(control_, 12);
        const std::uint32_t top = number(control_, 16);
        const std::uint32_t delay = number(control_, 20, 2);
        expect(number(control_, 22, 2) == 60 && delay > 0, "a delay is not in sixtieths");
        expect(width > 0 && height > 0 && left + width <= animation_.width &&
                   top + height <= animation_.height,
               "a frame is larger than the picture");
        expect(!animation_.frames.empty() ||
                   (width == animation_.width && height == animation_.height),
               "the first frame is not the picture");
        const std::string file =
            std::string(kSignature) +
            chunk("IHDR", bytes_of(width) + bytes_of(height) + std::string(header_.substr(8))) +
            palette_ + chunk("IDAT", data_) + chunk("IEND", {});
        const auto part = host::decode_png(file, "a frame");
        expect(part.has_value(), "a frame cannot be read");
        for (unsigned y = 0; y < height; ++y) {
            std::copy_n(part->pixels.begin() + static_cast<std::ptrdiff_t>(y) * width, width,
                        seen_.pixels.begin() +
                            static_cast<std::ptrdiff_t>(top + y) * animation_.width + left);
        }
        animation_.frames.push_back(
            {.picture = seen_, .sixtieths = delay, .width = width, .height = height});
        control_ = {};
        data_.clear();
    }

    std::string_view rest_;
    bool ended_ = false;
    Animation animation_;
    host::Picture seen_;
    std::string_view header_;
    std::string palette_;
    std::string_view control_;
    std::string data_;
    bool has_picture_ = false;
    std::uint32_t sequence_ = 0;
    std::size_t announced_ = 0;
};

inline Animation read_animation(std::string_view file) {
    return Reader(file).read();
}

}  // namespace animation_test
