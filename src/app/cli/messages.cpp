#include "app/cli/messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>

namespace cli {
namespace {

/// How many letters have to be inserted, removed, replaced or swapped to make `a` out of `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
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

}  // namespace

bool colour_wanted() {
    const char* no_colour = std::getenv("NO_COLOR");
    return isatty(STDERR_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

// Not fmt::print, which throws when the stream is closed.
void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}
void print_to_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

int print_error(std::string_view message) {
    const bool colour = colour_wanted();
    print_to_error(fmt::format("leveret: {}error:{} {}\n", colour ? "\x1b[1;31m" : "",
                               colour ? "\x1b[0m" : "", message));
    return kFailure;
}

void print_warning(std::string_view message) {
    const bool colour = colour_wanted();
    print_to_error(fmt::format("leveret: {}warning:{} {}\n", colour ? "\x1b[1;35m" : "",
                               colour ? "\x1b[0m" : "", message));
}

int print_usage_error(std::string_view command, std::string_view message) {
    print_error(message);
    print_to_error(fmt::format("Try 'leveret {}{}--help'.\n", command, command.empty() ? "" : " "));
    return kUsageError;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongestName = 40;  // nobody mistypes a novel
    const std::string* best = nullptr;
    std::size_t best_distance = word.size() <= 4 ? 2 : 3;
    for (const std::string& candidate : candidates) {
        if (word.size() > kLongestName) {
            break;
        }
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    return best == nullptr ? "" : fmt::format("; did you mean '{}'?", *best);
}

}  // namespace cli
