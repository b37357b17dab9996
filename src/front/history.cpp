#include "front/history.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace front {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// What a block of memory costs beside what it holds.
constexpr std::size_t kBlockCost = 2 * sizeof(void*);

/// Equal bytes between different ones that are not worth telling of.
constexpr std::size_t kShortestRun = 8;

std::size_t cost_of(const Bytes& block) {
    return block.capacity() + kBlockCost;
}

/// Seven bits a byte, the lowest first; all but the last byte have bit 7.
void append_number(Bytes& bytes, std::size_t value) {
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

History::Difference History::advance(std::span<const std::uint8_t> next) {
    const std::size_t size = newest_.size();
    const std::size_t common = std::min(size, next.size());
    Difference difference;
    append_number(difference, size);
    std::size_t told = 0;
    const auto tell = [&](std::size_t begin, std::size_t end) {
        append_number(difference, begin - told);
        append_number(difference, end - begin);
        difference.insert(difference.end(), newest_.data() + begin, newest_.data() + end);
        told = end;
    };
    while (true) {
        const std::size_t begin = first_difference(newest_.data(), next.data(), told, common);
        if (begin == common) {
            break;
        }
        const std::size_t end = next_run(newest_.data(), next.data(), begin, common);
        tell(begin, end);
        std::memcpy(newest_.data() + begin, next.data() + begin, end - begin);
    }
    if (told == 0 && next.size() == size) {
        return {};
    }
    if (size > common) {
        tell(common, size);
    }
    newest_.resize(common);
    newest_.insert(newest_.end(), next.begin() + static_cast<std::ptrdiff_t>(common), next.end());
    difference.shrink_to_fit();
    return difference;
}

bool History::push(std::span<const std::uint8_t> snapshot) {
    if (is_empty_) {
        newest_.assign(snapshot.begin(), snapshot.end());
        is_empty_ = false;
    } else {
        Difference difference = advance(snapshot);
        if (difference.empty()) {
            return false;
        }
        older_memory_ += cost_of(difference);
        older_.push_back(std::move(difference));
    }
    while (memory() > most_memory_ && !older_.empty()) {
        forget_oldest();
    }
    if (memory() > most_memory_) {
        clear();
    }
    return true;
}

bool History::pop() {
    if (older_.empty()) {
        return false;
    }
    std::span<const std::uint8_t> rest = older_.back();
    const std::size_t size = take_number(rest);
    newest_.resize(size);
    std::size_t at = 0;
    while (!rest.empty()) {
        at += take_number(rest);
        const std::size_t count = take_number(rest);
        std::memcpy(newest_.data() + at, rest.data(), count);
        rest = rest.subspan(count);
        at += count;
    }
    older_memory_ -= cost_of(older_.back());
    older_.pop_back();
    return true;
}

void History::clear() {
    newest_ = Bytes();  // {} would keep the memory
    older_.clear();
    older_memory_ = 0;
    is_empty_ = true;
}

void History::forget_oldest() {
    older_memory_ -= cost_of(older_.front());
    older_.pop_front();
}

std::size_t History::memory() const {
    return cost_of(newest_) + older_memory_ + older_.size() * sizeof(Difference);
}

}  // namespace front
