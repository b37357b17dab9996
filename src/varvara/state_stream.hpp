#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace varvara {

/// Carries the state of a device to bytes or back: a device names its fields once, in its
/// `transfer(StateStream&)`, and the same code saves and restores them. Numbers are big-endian.
///
/// While restoring, the bytes may be anything. A stream that has failed hands out zeros, so a
/// device can go on to its end; what it has got then must still be safe to run with, or it calls
/// `fail`.
class StateStream {
public:
    /// Saves to `bytes()`.
    StateStream() = default;
    /// Likewise, in the memory of a vector that is no longer needed.
    explicit StateStream(std::vector<std::uint8_t>&& memory) : saved_(std::move(memory)) {
        saved_.clear();
    }
    /// Restores from `bytes`, which must outlive the stream.
    explicit StateStream(std::span<const std::uint8_t> bytes) : source_(bytes), restoring_(true) {}

    bool restoring() const { return restoring_; }
    bool ok() const { return error_.empty(); }
    const std::string& error() const { return error_; }
    const std::vector<std::uint8_t>& bytes() const { return saved_; }
    /// The same, for good.
    std::vector<std::uint8_t> take_bytes() { return std::move(saved_); }
    /// How many bytes are left to restore from.
    std::size_t left() const { return source_.size() - position_; }

    /// What was restored makes no sense. The first reason given stays.
    void fail(std::string_view reason) {
        if (error_.empty()) {
            error_ = reason;
        }
    }

    template <class Number>
        requires(std::is_integral_v<Number> || std::is_enum_v<Number>)
    void number(Number& value) {
        std::uint64_t bits = restoring_ ? 0 : static_cast<std::uint64_t>(value);
        for (std::size_t shift = 8 * sizeof(Number); shift > 0;) {
            shift -= 8;
            auto byte = static_cast<std::uint8_t>(bits >> shift);
            bytes({&byte, 1});
            if (restoring_) {
                bits |= std::uint64_t{byte} << shift;
            }
        }
        if (restoring_) {
            value = static_cast<Number>(bits);
        }
    }

    void bytes(std::span<std::uint8_t> block) {
        if (!restoring_) {
            // Not `insert`, in which GCC 12 sees an overflow that is not there.
            const std::size_t at = saved_.size();
            saved_.resize(at + block.size());
            std::ranges::copy(block, std::span(saved_).subspan(at).begin());
            return;
        }
        if (left() < block.size()) {
            fail("it ends too early");
            position_ = source_.size();
        }
        if (!ok()) {
            std::ranges::fill(block, 0);
            return;
        }
        std::copy_n(source_.data() + position_, block.size(), block.data());
        position_ += block.size();
    }

    /// A text of at most `limit` bytes.
    void text(std::string& value, std::uint32_t limit) {
        auto size = static_cast<std::uint32_t>(value.size());
        number(size);
        if (restoring_) {
            if (size > limit || size > left()) {
                fail("a text in it is too long");
                size = 0;
            }
            value.assign(size, '\0');
        }
        bytes({reinterpret_cast<std::uint8_t*>(value.data()), value.size()});
    }

private:
    std::vector<std::uint8_t> saved_;
    std::span<const std::uint8_t> source_;
    std::size_t position_ = 0;
    bool restoring_ = false;
    std::string error_;
};

}  // namespace varvara
