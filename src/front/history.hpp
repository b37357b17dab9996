#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace front {

/// The last snapshots of a computer, to go back through. The newest is kept whole, of every older
/// one what differs from the next. The oldest are forgotten when the memory would not suffice.
class History {
public:
    static constexpr std::size_t kUsualMemory = std::size_t{64} << 20;

    /// most_memory: in bytes, for everything together.
    explicit History(std::size_t most_memory = kUsualMemory) : most_memory_(most_memory) {}

    /// Adds a snapshot, of any size, unless it equals the newest: false then. One that is too large
    /// for the memory by itself leaves the history empty.
    bool push(std::span<const std::uint8_t> snapshot);
    /// Forgets the newest; false, and nothing happens, if there is none before it.
    bool pop();
    /// Forgets all.
    void clear();

    /// Until the next call of `push`, `pop` or `clear`.
    std::span<const std::uint8_t> newest() const { return newest_; }
    /// How many snapshots there are.
    std::size_t size() const { return older_.size() + (is_empty_ ? 0 : 1); }
    /// What is used of the memory, in bytes.
    std::size_t memory() const;

private:
    /// How to make a snapshot from the one after it: its size, then, until all of it is told, how
    /// many bytes are the same, how many are not, and these.
    using Difference = std::vector<std::uint8_t>;

    /// Makes the newest equal to `next`; what it returns is the way back, empty if there is none to
    /// go.
    Difference advance(std::span<const std::uint8_t> next);
    void forget_oldest();

    std::size_t most_memory_;
    bool is_empty_ = true;
    std::vector<std::uint8_t> newest_;
    std::deque<Difference> older_;  ///< the oldest first
    std::size_t older_memory_ = 0;  ///< in bytes
};

}  // namespace front
