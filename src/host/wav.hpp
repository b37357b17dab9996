#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "host/new_file.hpp"

/// WAV files of 16-bit stereo PCM. Source: Microsoft and IBM, Multimedia Programming Interface and
/// Data Specifications 1.0, 1991.
namespace host {

/// Writes a sound piece by piece into a file that appears when it is complete. To a pipe or device
/// it goes as it comes, under a header that leaves the length open, as is usual there.
class WavWriter {
public:
    /// Errors: those of `NewFile`.
    static base::Result<WavWriter> create(const std::string& path, unsigned rate_hz);

    /// samples: interleaved, left first; any even length.
    /// Errors: NotWritable; TooLarge past 4 GiB, which is all that the format can count. What was
    /// written before can be finished even then.
    base::Result<void> write(std::span<const std::int16_t> samples);
    /// Puts the file in its place. Errors: NotWritable.
    base::Result<void> finish();

private:
    WavWriter(NewFile file, unsigned rate_hz) : file_(std::move(file)), rate_hz_(rate_hz) {}

    NewFile file_;
    unsigned rate_hz_;
    std::uint64_t data_size_ = 0;  ///< in bytes
};

/// 16-bit stereo.
struct Sound {
    unsigned rate_hz = 0;
    std::vector<std::int16_t> samples;  ///< interleaved, left first

    friend bool operator==(const Sound&, const Sound&) = default;
};

/// The contents of such a file, for a sound within the limits of the format.
std::string encode_wav(const Sound& sound);

/// The sound in a WAV file of 16-bit stereo PCM.
/// Errors: those of `read_file`; Malformed; Unsupported for any other format of samples.
base::Result<Sound> read_wav(const std::string& path);
/// The sound that such contents are. path: what errors call them. Errors: as for `read_wav`.
base::Result<Sound> decode_wav(std::string_view file, const std::string& path);

}  // namespace host
