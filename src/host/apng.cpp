#include "host/apng.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string_view>

#include "host/deflate.hpp"
#include "host/files.hpp"

namespace host {
namespace {

using base::ErrorCode;
using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::uint64_t kLongestDelay = 0xffff;

// Chunks whose contents are known when the film ends, and where they are.
constexpr std::int64_t kChunkOverhead = 12;
constexpr std::int64_t kControlAt = 8 + kChunkOverhead + 13;
constexpr std::int64_t kPaletteAt = kControlAt + kChunkOverhead + 8;

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1) != 0 ? 0xedb88320 ^ value >> 1 : value >> 1;
        }
        table[i] = value;
    }
    return table;
}();

std::uint32_t crc_of(std::string_view bytes) {
    std::uint32_t crc = 0xffff'ffff;
    for (const char byte : bytes) {
        crc = kCrcTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xff] ^ crc >> 8;
    }
    return ~crc;
}

/// Where to look for a colour in a GrowingPalette, which has 1024 slots.
std::size_t slot_of(std::uint32_t colour) {
    return colour * 0x9e3779b1u >> 22;
}

template <class Number>
void append(std::string& to, Number value) {
    for (std::size_t shift = 8 * sizeof(Number); shift > 0;) {
        shift -= 8;
        to += static_cast<char>(value >> shift);
    }
}

void append_chunk(std::string& to, std::string_view type, std::string_view data) {
    append(to, static_cast<std::uint32_t>(data.size()));
    const std::size_t begin = to.size();
    to += type;
    to += data;
    append(to, crc_of(std::string_view(to).substr(begin)));
}

std::string control_chunk(std::uint32_t frames) {
    std::string data;
    append(data, frames);
    append(data, std::uint32_t{1});  // plays once
    std::string chunk;
    append_chunk(chunk, "acTL", data);
    return chunk;
}

std::string palette_chunk(std::span<const std::uint32_t> palette) {
    std::string data;
    for (const std::uint32_t colour : palette) {
        for (const unsigned shift : {16u, 8u, 0u}) {
            data += static_cast<char>(colour >> shift);
        }
    }
    data.resize(3 * GrowingPalette::kMost);
    std::string chunk;
    append_chunk(chunk, "PLTE", data);
    return chunk;
}

}  // namespace

std::optional<std::uint8_t> GrowingPalette::index_of(std::uint32_t colour) {
    for (std::size_t slot = slot_of(colour);; slot = (slot + 1) % slots_.size()) {
        if (slots_[slot] == 0) {
            if (colours_.size() == kMost) {
                return std::nullopt;
            }
            colours_.push_back(colour);
            slots_[slot] = static_cast<std::uint16_t>(colours_.size());
        }
        const auto index = static_cast<std::uint8_t>(slots_[slot] - 1);
        if (colours_[index] == colour) {
            return index;
        }
    }
}

void GrowingPalette::shrink(std::size_t count) {
    const auto kept = std::exchange(colours_, {});
    slots_.fill(0);
    for (const std::uint32_t colour : std::span(kept).first(count)) {
        index_of(colour);
    }
}

AnimationWriter::AnimationWriter(NewFile file, unsigned width, unsigned height, Colours colours)
    : file_(std::move(file)), width_(width), height_(height), colours_(colours) {}

base::Result<AnimationWriter> AnimationWriter::create(const std::string& path, unsigned width,
                                                      unsigned height, Colours colours) {
    auto file = NewFile::create(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->is_stream()) {
        return base::fail(ErrorCode::NotWritable,
                          "cannot write '" + path + "': a film has to go into a file");
    }
    AnimationWriter writer(std::move(*file), width, height, colours);
    if (auto written = writer.write_header(); !written) {
        return std::unexpected(written.error());
    }
    return writer;
}

base::Result<void> AnimationWriter::write_header() {
    enum : std::uint8_t { TrueColour = 2, Indexed = 3 };
    std::string header;
    append(header, std::uint32_t{width_});
    append(header, std::uint32_t{height_});
    header += '\x08';  // bits
    header += static_cast<char>(colours_ == Colours::Any ? TrueColour : Indexed);
    header += "\0\0\0"sv;  // methods of compressing, filtering and interlacing
    std::string bytes(kSignature);
    append_chunk(bytes, "IHDR", header);
    bytes += control_chunk(0);
    if (colours_ != Colours::Any) {
        bytes += palette_chunk({});
    }
    return write_at_end(bytes);
}

base::Result<void> AnimationWriter::write_at_end(std::string& bytes) {
    const std::size_t size = bytes.size();
    append_chunk(bytes, "IEND", {});
    if (auto written = file_.rewrite(end_, bytes); !written) {
        // The last chunk was there before, so there is room for it.
        std::string last;
        append_chunk(last, "IEND", {});
        if (file_.cut(end_)) {
            (void)file_.write(last).has_value();
        }
        return written;
    }
    end_ += static_cast<std::int64_t>(size);
    return {};
}

bool AnimationWriter::take_rows(const AnimationFrame& frame) {
    rows_.clear();
    const std::size_t colours_before = palette_.colours().size();
    for (unsigned y = 0; y < frame.height; ++y) {
        rows_.push_back(0);  // no filter
        const auto row = frame.pixels.subspan(y * frame.pitch, frame.width);
        if (colours_ == Colours::Any) {
            for (const std::uint32_t colour : row) {
                for (const unsigned shift : {16u, 8u, 0u}) {
                    rows_.push_back(static_cast<std::uint8_t>(colour >> shift));
                }
            }
            continue;
        }
        for (const std::uint32_t colour : row) {
            const auto index = palette_.index_of(colour);
            if (!index) {
                palette_.shrink(colours_before);
                return false;
            }
            rows_.push_back(*index);
        }
    }
    return true;
}

void AnimationWriter::append_frame(const AnimationFrame& frame, std::uint16_t sixtieths,
                                   std::string& to) {
    std::string control;
    append(control, sequence_++);
    append(control, std::uint32_t{frame.width});
    append(control, std::uint32_t{frame.height});
    append(control, std::uint32_t{frame.x});
    append(control, std::uint32_t{frame.y});
    append(control, sixtieths);
    append(control, std::uint16_t{60});
    control += "\0\0"sv;  // it stays, and replaces what was there
    append_chunk(to, "fcTL", control);

    const bool first = sequence_ == 1;
    compressed_.clear();
    if (!first) {
        append(compressed_, sequence_++);
    }
    deflate(rows_, compressed_);
    append_chunk(to, first ? "IDAT" : "fdAT", compressed_);
}

base::Result<void> AnimationWriter::add(const AnimationFrame& frame) {
    assert(frames_ > 0 || (frame.width == width_ && frame.height == height_));
    assert(frame.x + frame.width <= width_ && frame.y + frame.height <= height_);
    if (!take_rows(frame)) {
        return base::fail(ErrorCode::Unsupported,
                          "'" + file_.path() + "' has more than 256 colours");
    }
    const std::uint32_t sequence_before = sequence_;
    const auto append_part = [&](const AnimationFrame& part, std::uint64_t sixtieths,
                                 std::string& to) {
        append_frame(part, static_cast<std::uint16_t>(std::min(sixtieths, kLongestDelay)), to);
    };
    std::string bytes;
    append_part(frame, frame.sixtieths, bytes);
    unsigned added = 1;
    // Longer than a frame can stay: a pixel of it comes again and again.
    AnimationFrame pixel = frame;
    pixel.width = 1;
    pixel.height = 1;
    std::uint64_t left = frame.sixtieths;
    while (left > kLongestDelay) {
        left -= kLongestDelay;
        (void)take_rows(pixel);
        append_part(pixel, left, bytes);
        ++added;
    }
    if (auto written = write_at_end(bytes); !written) {
        sequence_ = sequence_before;
        return written;
    }
    frames_ += added;
    return {};
}

base::Result<void> AnimationWriter::finish() {
    assert(frames_ > 0);
    if (auto written = file_.rewrite(kControlAt, control_chunk(frames_)); !written) {
        return written;
    }
    if (colours_ != Colours::Any) {
        if (auto written = file_.rewrite(kPaletteAt, palette_chunk(palette_.colours())); !written) {
            return written;
        }
    }
    return file_.commit();
}

}  // namespace host
