#pragma once

#include <cstdint>
#include <initializer_list>

namespace uxn::test {

/// Where the decisions of a generator come from: random numbers, or the bytes of a fuzzer.
class Choices {
public:
    virtual ~Choices() = default;
    /// 0 to bound - 1; bound is at least 1.
    virtual std::uint32_t below(std::uint32_t bound) = 0;
    /// Any 64 bits, to seed something with.
    virtual std::uint64_t bits() = 0;

    std::uint8_t byte() { return static_cast<std::uint8_t>(below(0x100)); }
    std::uint16_t word() { return static_cast<std::uint16_t>(below(0x10000)); }
    /// low to high, both included.
    std::uint32_t between(std::uint32_t low, std::uint32_t high) {
        return low + below(high - low + 1);
    }
    bool one_in(std::uint32_t n) { return below(n) == n - 1; }
    template <class T>
    T pick(std::initializer_list<T> choices) {
        return choices.begin()[below(static_cast<std::uint32_t>(choices.size()))];
    }
};

/// Random numbers that are the same everywhere, which those of the standard library are not.
/// (SplitMix64, by Sebastiano Vigna.)
class Rng final : public Choices {
public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint32_t below(std::uint32_t bound) override {
        return static_cast<std::uint32_t>((next() >> 32) % bound);
    }
    std::uint64_t bits() override { return next(); }

private:
    std::uint64_t state_;
};

}  // namespace uxn::test
