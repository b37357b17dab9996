#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "uxn/engine.hpp"

namespace cli {

/// Where the time of a graphical program goes.
struct FrameTimes {
    double total = 0;                ///< seconds of CPU time: all vectors, and painting each frame
    double drawing = 0;              ///< in the Screen's pixel and sprite ports
    double painting = 0;             ///< turning layers into pixels
    std::uint64_t instructions = 0;  ///< of Uxn
    std::uint64_t picture = 0;       ///< fingerprint of the last one
};

/// Runs a ROM without a window for `frames` frames, and once more with drawing ports that are plain
/// memory: the difference is the time of drawing. Errors: Malformed if the program ends early.
base::Result<FrameTimes> time_frames(const uxn::Engine& engine,
                                     const std::vector<std::uint8_t>& rom, std::uint64_t frames);

/// One engine's times on one program, all rounds.
struct FrameRow {
    std::string program;
    std::string engine;
    std::vector<FrameTimes> rounds;
};

/// Medians as a table for people or as JSON for machines.
std::string frames_text(const std::vector<FrameRow>& rows, std::uint64_t frames);
std::string frames_json(const std::vector<FrameRow>& rows, std::uint64_t frames);

}  // namespace cli
