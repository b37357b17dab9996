#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// How many letters have to be inserted, removed, replaced or swapped to make `a` out of `b`.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

/// "; did you mean 'NAME'?" for the candidate most like `word`, or nothing if none is.
/// candidates: strings or string views.
template <class Names>
std::string did_you_mean(std::string_view word, const Names& candidates) {
    constexpr std::size_t kLongestName = 40;  // nobody mistypes a novel
    if (word.size() > kLongestName) {
        return "";
    }
    std::string_view best;
    std::size_t best_distance = word.size() <= 4 ? 2 : 3;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best.empty() ? "" : "; did you mean '" + std::string(best) + "'?";
}

}  // namespace base
