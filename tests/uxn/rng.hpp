#pragma once

#include <cstdint>
#include <initializer_list>

namespace uxn::test {

/// Random numbers that are the same everywhere, which those of the standard library are not.
/// (SplitMix64, by Sebastiano Vigna.)
class Rng {
public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint8_t byte() { return static_cast<std::uint8_t>(next() >> 56); }
    std::uint16_t word() { return static_cast<std::uint16_t>(next() >> 48); }
    /// 0 to bound - 1.
    unsigned below(unsigned bound) { return static_cast<unsigned>((next() >> 33) % bound); }
    /// low to high, both included.
    unsigned between(unsigned low, unsigned high) { return low + below(high - low + 1); }
    bool one_in(unsigned n) { return below(n) == 0; }
    template <class T>
    T pick(std::initializer_list<T> choices) {
        return choices.begin()[below(static_cast<unsigned>(choices.size()))];
    }

private:
    std::uint64_t state_;
};

}  // namespace uxn::test
