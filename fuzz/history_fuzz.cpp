// Any row of snapshots comes back as it was, within the memory that there is.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "front/history.hpp"
#include "fuzz_bytes.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The next snapshot: the last one with changes here and there, perhaps of another size.
void change(Bytes& snapshot, fuzz::FuzzBytes& bytes) {
    if (bytes.one_in(4)) {
        snapshot.resize(bytes.below(2000), bytes.byte());
    }
    for (std::uint32_t left = bytes.below(6); left > 0 && !snapshot.empty(); --left) {
        const std::size_t size = snapshot.size();
        const std::size_t from = bytes.below(static_cast<std::uint32_t>(size));
        const auto run = bytes.take(bytes.below(40));
        std::ranges::copy(run.first(std::min(run.size(), size - from)),
                          snapshot.begin() + static_cast<std::ptrdiff_t>(from));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    const std::size_t memory = bytes.one_in(2) ? std::size_t{1} << 20 : bytes.below(10'000);
    front::History history(memory);
    std::vector<Bytes> expected;  // all that were ever pushed and not taken back
    Bytes snapshot;
    const auto check_newest = [&] {
        fuzz::check(history.size() <= expected.size(), "there is no more than was pushed");
        fuzz::check(history.memory() <= memory || history.size() == 0, "the memory suffices");
        fuzz::check(history.size() == 0 || std::ranges::equal(history.newest(), expected.back()),
                    "a snapshot comes back as it was");
    };
    for (std::uint32_t steps = bytes.below(100); steps > 0; --steps) {
        if (bytes.one_in(4)) {
            if (history.pop()) {
                expected.pop_back();
                snapshot = expected.back();
            }
        } else {
            change(snapshot, bytes);
            const bool is_new = history.size() == 0 || expected.back() != snapshot;
            fuzz::check(history.push(snapshot) == is_new, "equal snapshots are kept once");
            if (is_new) {
                expected.push_back(snapshot);
            }
        }
        check_newest();
    }
    while (history.pop()) {
        expected.pop_back();
        check_newest();
    }
    return 0;
}
