#include "host/wav.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "host/files.hpp"

namespace host {
namespace {

using base::ErrorCode;

constexpr unsigned kChannels = 2;
constexpr unsigned kSampleSize = 2;
constexpr std::uint64_t kSampleBits = 16;
constexpr unsigned kFrameSize = kChannels * kSampleSize;
constexpr std::uint64_t kPcm = 1;
constexpr std::size_t kHeaderSize = 44;
constexpr std::size_t kFormatSize = 16;
/// The size of the whole file without its first 8 bytes has 32 bits.
constexpr std::uint64_t kMaxDataSize = (0xffff'ffff - (kHeaderSize - 8)) / kFrameSize * kFrameSize;
/// Stands for a length that is not known when the header is written.
constexpr std::uint64_t kOpen = 0xffff'ffff;
/// Sounds are read whole.
constexpr std::size_t kMaxFileSize = std::size_t{1} << 29;

void append(std::string& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size; i-- > 0;) {
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
    }
    return value;
}

/// data_size: in bytes, or kOpen.
std::string header(unsigned rate_hz, std::uint64_t data_size) {
    std::string bytes = "RIFF";
    append(bytes, data_size == kOpen ? kOpen : kHeaderSize - 8 + data_size, 4);
    bytes += "WAVEfmt ";
    append(bytes, kFormatSize, 4);
    append(bytes, kPcm, 2);
    append(bytes, kChannels, 2);
    append(bytes, rate_hz, 4);
    append(bytes, std::uint64_t{rate_hz} * kFrameSize, 4);
    append(bytes, kFrameSize, 2);
    append(bytes, kSampleBits, 2);
    bytes += "data";
    append(bytes, data_size, 4);
    return bytes;
}

std::string data_of(std::span<const std::int16_t> samples) {
    std::string bytes;
    bytes.reserve(samples.size() * kSampleSize);
    for (const std::int16_t sample : samples) {
        append(bytes, static_cast<std::uint16_t>(sample), kSampleSize);
    }
    return bytes;
}

std::vector<std::int16_t> samples_from(std::string_view data) {
    std::vector<std::int16_t> samples(data.size() / kSampleSize);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(number_at(data, i * kSampleSize, kSampleSize));
    }
    return samples;
}

}  // namespace

base::Result<WavWriter> WavWriter::create(const std::string& path, unsigned rate_hz) {
    auto file = NewFile::create(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    WavWriter writer(std::move(*file), rate_hz);
    if (auto written = writer.file_.write(header(rate_hz, kOpen)); !written) {
        return std::unexpected(written.error());
    }
    return writer;
}

base::Result<void> WavWriter::write(std::span<const std::int16_t> samples) {
    const std::uint64_t size = samples.size() * kSampleSize;
    if (!file_.is_stream() && size > kMaxDataSize - data_size_) {
        return base::fail(ErrorCode::TooLarge, "cannot write '" + file_.path() +
                                                   "': a WAV file cannot be larger than 4 GiB");
    }
    if (auto written = file_.write(data_of(samples)); !written) {
        if (!file_.is_stream()) {
            // What was there before can still be finished.
            (void)file_.cut(static_cast<std::int64_t>(kHeaderSize + data_size_)).has_value();
        }
        return written;
    }
    data_size_ += size;
    return {};
}

base::Result<void> WavWriter::finish() {
    if (!file_.is_stream()) {
        if (auto written = file_.rewrite(0, header(rate_hz_, data_size_)); !written) {
            return written;
        }
    }
    return file_.commit();
}

std::string encode_wav(const Sound& sound) {
    return header(sound.rate_hz, sound.samples.size() * kSampleSize) + data_of(sound.samples);
}

base::Result<Sound> read_wav(const std::string& path) {
    const auto file = read_file(path, kMaxFileSize);
    if (!file) {
        return std::unexpected(file.error());
    }
    return decode_wav(*file, path);
}

base::Result<Sound> decode_wav(std::string_view file, const std::string& path) {
    const auto malformed = [&](std::string_view why) {
        return base::fail(ErrorCode::Malformed, "'" + path + "' is no sound: " + std::string(why));
    };
    if (file.size() < 12 || file.substr(0, 4) != "RIFF" || file.substr(8, 4) != "WAVE") {
        return malformed("it is not a WAV file");
    }
    Sound sound;
    // Chunks: a name, the size of what follows, that, and a byte more if its size is odd.
    for (std::size_t at = 12; file.size() - at >= 8;) {
        const std::string_view name = file.substr(at, 4);
        const std::uint64_t size = number_at(file, at + 4, 4);
        at += 8;
        const std::string_view chunk = file.substr(at, size);
        if (chunk.size() < size && !(name == "data" && size == kOpen)) {
            return malformed("it ends too early");
        }
        if (name == "fmt ") {
            if (size < kFormatSize) {
                return malformed("its format is too short");
            }
            if (number_at(chunk, 0, 2) != kPcm || number_at(chunk, 2, 2) != kChannels ||
                number_at(chunk, 14, 2) != kSampleBits) {
                return base::fail(ErrorCode::Unsupported,
                                  "'" + path + "' is not 16-bit stereo PCM");
            }
            sound.rate_hz = static_cast<unsigned>(number_at(chunk, 4, 4));
            if (sound.rate_hz == 0) {
                return malformed("its rate is 0");
            }
        } else if (name == "data") {
            if (sound.rate_hz == 0) {
                return malformed("its samples come before their format");
            }
            if (chunk.size() % kFrameSize != 0) {
                return malformed("it ends within a frame");
            }
            sound.samples = samples_from(chunk);
            return sound;
        }
        at = std::min<std::size_t>(file.size(), at + size + size % 2);
    }
    return malformed("it has no samples");
}

}  // namespace host
