#include "front/difference.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace front {
namespace {

/// Equal bytes between different ones that are not worth telling of.
constexpr std::size_t kShortestRun = 8;

using Word = std::uint64_t;

Word word_at(const std::uint8_t* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Where both differ first, from `at` on; `size` if they do not.
std::size_t first_difference(const std::uint8_t* a, const std::uint8_t* b, std::size_t at,
                             std::size_t size) {
    constexpr std::size_t kBlock = 256;
    while (size - at >= kBlock && std::memcmp(a + at, b + at, kBlock) == 0) {
        at += kBlock;
    }
    while (size - at >= sizeof(Word) && word_at(a + at) == word_at(b + at)) {
        at += sizeof(Word);
    }
    while (at < size && a[at] == b[at]) {
        ++at;
    }
    return at;
}

/// Where, from `at` on, the next run of equal bytes begins that is long enough.
std::size_t next_run(const std::uint8_t* a, const std::uint8_t* b, std::size_t at,
                     std::size_t size) {
    std::size_t equal = 0;
    for (; at < size; ++at) {
        equal = a[at] == b[at] ? equal + 1 : 0;
        if (equal == kShortestRun) {
            return at + 1 - kShortestRun;
        }
    }
    return size - equal;
}

}  // namespace

Differing next_difference(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                          std::size_t at) {
    assert(a.size() == b.size());
    const std::size_t begin = first_difference(a.data(), b.data(), at, a.size());
    return {.begin = begin, .end = next_run(a.data(), b.data(), begin, a.size())};
}

void Runs::append(std::size_t begin, std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) {
        return;
    }
    append_number(to_, begin - end_);
    append_number(to_, bytes.size());
    to_.insert(to_.end(), bytes.begin(), bytes.end());
    end_ = begin + bytes.size();
}

void apply_runs(std::span<const std::uint8_t> runs, std::span<std::uint8_t> to) {
    while (!runs.empty()) {
        to = to.subspan(take_number(runs));
        const std::size_t count = take_number(runs);
        std::ranges::copy(runs.first(count), to.begin());
        runs = runs.subspan(count);
        to = to.subspan(count);
    }
}

/// Seven bits a byte, the lowest first; all but the last byte have bit 7.
void append_number(std::vector<std::uint8_t>& bytes, std::size_t value) {
    for (; value >= 0x80; value >>= 7) {
        bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
    }
    bytes.push_back(static_cast<std::uint8_t>(value));
}

std::size_t take_number(std::span<const std::uint8_t>& bytes) {
    std::size_t value = 0;
    unsigned shift = 0;
    std::uint8_t byte = 0;
    do {
        byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= std::size_t{byte & 0x7fu} << shift;
        shift += 7;
    } while (byte >= 0x80);
    return value;
}

}  // namespace front
