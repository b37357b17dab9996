#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What differs between two rows of bytes, told briefly: for snapshots and pictures of which most
/// stays the same from one to the next.
namespace front {

/// From `begin` to `end` - 1.
struct Differing {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The next bytes in which both differ, from `at` on; equal ones between them too if they are but
/// a few. Both have the same size, and that is where the answer begins if nothing differs.
Differing next_difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                          std::size_t at);

/// Writes runs of bytes: how many are left out before them, how many they are, and these.
class Runs {
public:
    explicit Runs(std::vector<std::uint8_t>& to) : to_(to) {}

    /// begin: where they belong, not before the end of the last ones. Nothing is not written.
    void append(std::size_t begin, std::span<const std::uint8_t> bytes);
    bool empty() const { return end_ == 0; }

private:
    std::vector<std::uint8_t>& to_;
    std::size_t end_ = 0;
};

/// Puts runs that were written so where they belong.
void apply_runs(std::span<const std::uint8_t> runs, std::span<std::uint8_t> to);

void append_number(std::vector<std::uint8_t>& bytes, std::size_t value);
/// Takes what was so appended from the front of `bytes`.
std::size_t take_number(std::span<const std::uint8_t>& bytes);

}  // namespace front
