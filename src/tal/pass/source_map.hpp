#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tal/name_table.hpp"
#include "tal/source.hpp"

namespace tal {

/// One reading of a text: a file from its start, or the body of a macro where it is used.
struct Frame {
    static constexpr std::uint32_t kNone = 0xffffffff;

    std::uint32_t source = 0;
    std::uint32_t parent = kNone;   ///< the frame with the `~path` or the macro's name in it
    std::uint32_t call_offset = 0;  ///< where in the parent's source
    NameId macro = kNoName;         ///< the macro being expanded; kNoName for a file
};

/// The sources of a run and the frames through which they were read.
class SourceMap {
public:
    std::uint32_t add_source(std::string path, std::string text) {
        sources_.emplace_back(std::move(path), std::move(text));
        return static_cast<std::uint32_t>(sources_.size() - 1);
    }
    std::uint32_t add_frame(const Frame& frame) {
        frames_.push_back(frame);
        return static_cast<std::uint32_t>(frames_.size() - 1);
    }

    const std::deque<Source>& sources() const { return sources_; }
    const Frame& frame(std::uint32_t index) const { return frames_[index]; }
    const Source& source_of(Place place) const { return sources_[frames_[place.frame].source]; }

    /// The place where the frame was entered from; the frame must have a parent.
    Place caller_of(std::uint32_t frame) const {
        return {frames_[frame].parent, frames_[frame].call_offset};
    }

    /// The token that begins at a place.
    std::string_view token_at(Place place) const;

private:
    std::deque<Source> sources_;
    std::vector<Frame> frames_;
};

}  // namespace tal
