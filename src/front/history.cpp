#include "front/history.hpp"

#include <algorithm>
#include <utility>

#include "front/difference.hpp"

namespace front {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// What a block of memory costs beside what it holds.
constexpr std::size_t kBlockCost = 2 * sizeof(void*);

std::size_t cost_of(const Bytes& block) {
    return block.capacity() + kBlockCost;
}

}  // namespace

History::Difference History::advance(std::span<const std::uint8_t> next) {
    const std::size_t size = newest_.size();
    const std::size_t common = std::min(size, next.size());
    Difference difference;
    append_number(difference, size);
    Runs runs(difference);
    for (std::size_t at = 0; at < common;) {
        const Differing part =
            next_difference(std::span(newest_).first(common), next.first(common), at);
        runs.append(part.begin, std::span(newest_).subspan(part.begin, part.end - part.begin));
        std::ranges::copy(next.subspan(part.begin, part.end - part.begin),
                          newest_.begin() + static_cast<std::ptrdiff_t>(part.begin));
        at = part.end;
    }
    if (runs.empty() && next.size() == size) {
        return {};
    }
    runs.append(common, std::span(newest_).subspan(common));
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
    newest_.resize(take_number(rest));
    apply_runs(rest, newest_);
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
