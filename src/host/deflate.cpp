#include "host/deflate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace host {
namespace {

using Word = std::uint64_t;

constexpr unsigned kHashBits = 15;
constexpr std::size_t kMostTokens = std::size_t{1} << 15;  ///< in a block
/// Distances have 15 bits here: 32768, which the format has too, is left out.
constexpr std::size_t kFarthest = 32767;
constexpr std::size_t kLongest = 258;

constexpr unsigned kEndOfBlock = 256;
constexpr std::size_t kLiterals = 286;  ///< bytes, the end of a block, lengths
constexpr std::size_t kDistances = 30;
constexpr std::size_t kCodeLengths = 19;

/// A length or distance: which code, and the bits that follow it.
struct Coded {
    std::uint8_t code = 0;
    std::uint8_t extra_bits = 0;
    std::uint16_t extra = 0;
};

/// Codes come in groups of `1 << log_group`, each of which has one more bit to follow.
constexpr Coded coded(unsigned value, unsigned log_group) {
    const unsigned width = static_cast<unsigned>(std::bit_width(value));
    if (width <= log_group + 1) {
        return {.code = static_cast<std::uint8_t>(value)};
    }
    const unsigned extra_bits = width - 1 - log_group;
    return {.code = static_cast<std::uint8_t>((extra_bits << log_group) + (value >> extra_bits)),
            .extra_bits = static_cast<std::uint8_t>(extra_bits),
            .extra = static_cast<std::uint16_t>(value & ((1u << extra_bits) - 1))};
}

constexpr Coded coded_length(unsigned length) {
    constexpr std::uint8_t kLastCode = 28;
    return length == kLongest ? Coded{.code = kLastCode} : coded(length - 3, 2);
}

constexpr Coded coded_distance(unsigned distance) {
    return coded(distance - 1, 1);
}

constexpr std::array<Coded, kLongest + 1> kCodedLengths = [] {
    std::array<Coded, kLongest + 1> all{};
    for (unsigned length = 3; length <= kLongest; ++length) {
        all[length] = coded_length(length);
    }
    return all;
}();

/// A code for `Size` symbols: how many bits each has, none if it does not occur, and these, the
/// first of them lowest.
template <std::size_t Size>
struct Code {
    std::array<std::uint8_t, Size> lengths{};
    std::array<std::uint16_t, Size> bits{};

    /// Gives out the bits for the lengths.
    constexpr void assign() {
        std::array<unsigned, 17> next{};
        for (const std::uint8_t length : lengths) {
            next[length + 1u] += length > 0 ? 1 : 0;
        }
        for (std::size_t length = 1; length < next.size(); ++length) {
            next[length] = (next[length] + next[length - 1]) << 1;
        }
        for (std::size_t i = 0; i < Size; ++i) {
            unsigned value = lengths[i] > 0 ? next[lengths[i]]++ : 0;
            unsigned reversed = 0;
            for (unsigned bit = 0; bit < lengths[i]; ++bit, value >>= 1) {
                reversed = reversed << 1 | (value & 1);
            }
            bits[i] = static_cast<std::uint16_t>(reversed);
        }
    }
};

using LiteralCode = Code<kLiterals + 2>;  // two that never occur belong to the fixed code
using DistanceCode = Code<kDistances>;

constexpr LiteralCode kFixedLiterals = [] {
    LiteralCode code;
    for (std::size_t i = 0; i < code.lengths.size(); ++i) {
        code.lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    }
    code.assign();
    return code;
}();

constexpr DistanceCode kFixedDistances = [] {
    DistanceCode code;
    code.lengths.fill(5);
    code.assign();
    return code;
}();

/// The best code whose bits are at most `longest`, or nearly.
template <std::size_t Size>
Code<Size> code_for(const std::array<std::uint32_t, Size>& counts, unsigned longest) {
    struct Node {
        std::uint32_t count = 0;
        std::uint16_t parent = 0;
    };
    std::array<std::uint16_t, Size> order{};
    std::size_t used = 0;
    for (std::size_t i = 0; i < Size; ++i) {
        if (counts[i] > 0) {
            order[used++] = static_cast<std::uint16_t>(i);
        }
    }
    Code<Size> code;
    if (used < 2) {
        // One code of one bit, or two: a decoder may want a code to be complete.
        const std::size_t only = used == 1 ? order[0] : 0;
        code.lengths[only] = 1;
        code.lengths[only == 0 ? 1 : 0] = 1;
        code.assign();
        return code;
    }
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(used),
              [&](auto a, auto b) { return std::pair(counts[a], a) < std::pair(counts[b], b); });

    // Leaves in ascending order, then what they are joined to, which comes in ascending order too.
    std::array<Node, 2 * Size> nodes{};
    for (std::size_t i = 0; i < used; ++i) {
        nodes[i].count = counts[order[i]];
    }
    std::size_t leaf = 0;
    std::size_t joined = used;
    const std::size_t root = 2 * used - 2;
    for (std::size_t next = used; next <= root; ++next) {
        for (int child = 0; child < 2; ++child) {
            const bool take_leaf =
                leaf < used && (joined == next || nodes[leaf].count <= nodes[joined].count);
            Node& node = nodes[take_leaf ? leaf++ : joined++];
            node.parent = static_cast<std::uint16_t>(next);
            nodes[next].count += node.count;
        }
    }
    // How many leaves there are at each depth; those too deep are lifted, and others make room.
    std::array<unsigned, 33> at_depth{};
    std::array<std::uint16_t, 2 * Size> depths{};
    for (std::size_t i = root; i-- > 0;) {
        depths[i] = static_cast<std::uint16_t>(depths[nodes[i].parent] + 1);
        if (i < used) {
            ++at_depth[std::min<unsigned>(depths[i], longest)];
        }
    }
    unsigned room = 0;  // in codes of `longest` bits
    for (unsigned depth = 1; depth <= longest; ++depth) {
        room += at_depth[depth] << (longest - depth);
    }
    for (; room > 1u << longest; --room) {
        unsigned depth = longest - 1;
        while (at_depth[depth] == 0) {
            --depth;
        }
        --at_depth[longest];
        --at_depth[depth];
        at_depth[depth + 1] += 2;
    }
    std::size_t rarest = 0;
    for (unsigned depth = longest; depth > 0; --depth) {
        for (unsigned i = 0; i < at_depth[depth]; ++i) {
            code.lengths[order[rarest++]] = static_cast<std::uint8_t>(depth);
        }
    }
    code.assign();
    return code;
}

Word word_at(const std::uint8_t* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

std::size_t hash_of(Word word) {
    return static_cast<std::size_t>(word * 0x9e3779b97f4a7c15u >> (64 - kHashBits));
}

/// How many bytes are equal, at most `most`, of which there are as many.
std::size_t equal_bytes(const std::uint8_t* a, const std::uint8_t* b, std::size_t most) {
    std::size_t count = 0;
    while (most - count >= sizeof(Word) && word_at(a + count) == word_at(b + count)) {
        count += sizeof(Word);
    }
    while (count < most && a[count] == b[count]) {
        ++count;
    }
    return count;
}

std::uint32_t adler32(std::span<const std::uint8_t> bytes) {
    constexpr std::uint32_t kModulus = 65521;
    constexpr std::size_t kNoOverflow = 5552;
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), kNoOverflow));
        for (const std::uint8_t byte : piece) {
            a += byte;
            b += a;
        }
        a %= kModulus;
        b %= kModulus;
        bytes = bytes.subspan(piece.size());
    }
    return b << 16 | a;
}

/// Lengths of codes, as a block tells them: 16 repeats the last one, 17 and 18 are many zeros.
struct ToldLength {
    std::uint8_t symbol = 0;
    std::uint8_t extra_bits = 0;
    std::uint8_t extra = 0;
};

std::vector<ToldLength> told_lengths(std::span<const std::uint8_t> lengths) {
    std::vector<ToldLength> told;
    for (std::size_t i = 0; i < lengths.size();) {
        std::size_t run = 1;
        while (i + run < lengths.size() && lengths[i + run] == lengths[i]) {
            ++run;
        }
        i += run;
        const std::uint8_t length = lengths[i - 1];
        if (length != 0) {
            told.push_back({.symbol = length});
            --run;
        }
        while (run >= 3) {
            const std::size_t most = length != 0 ? 6 : run > 10 ? 138 : 10;
            const std::size_t count = std::min(run, most);
            if (length != 0) {
                told.push_back({16, 2, static_cast<std::uint8_t>(count - 3)});
            } else if (count > 10) {
                told.push_back({18, 7, static_cast<std::uint8_t>(count - 11)});
            } else {
                told.push_back({17, 3, static_cast<std::uint8_t>(count - 3)});
            }
            run -= count;
        }
        told.insert(told.end(), run, {.symbol = length});
    }
    return told;
}

}  // namespace

/// Bits, the first of them lowest in the first byte.
class Deflater::Bits {
public:
    explicit Bits(std::string& to) : to_(to) {}

    /// At most 32 bits.
    void put(Word bits, unsigned count) {
        waiting_ |= bits << count_;
        count_ += count;
        if (count_ >= 32) {
            flush(4);
        }
    }
    void finish() { flush((count_ + 7) / 8); }

private:
    void flush(unsigned bytes) {
        std::array<char, sizeof(Word)> out;
        for (unsigned i = 0; i < out.size(); ++i) {
            out[i] = static_cast<char>(waiting_ >> 8 * i);
        }
        to_.append(out.data(), bytes);
        waiting_ = bytes < out.size() ? waiting_ >> 8 * bytes : 0;
        count_ -= std::min(count_, 8 * bytes);
    }

    std::string& to_;
    Word waiting_ = 0;
    unsigned count_ = 0;
};

Deflater::Deflater() : recent_(std::size_t{1} << kHashBits) {
    tokens_.reserve(kMostTokens);
}

void Deflater::compress(std::span<const std::uint8_t> bytes, std::string& to) {
    to += "\x78\x01";
    Bits bits(to);
    std::ranges::fill(recent_, 0);
    tokens_.clear();
    const std::uint8_t* const data = bytes.data();
    const std::size_t size = bytes.size();
    std::size_t at = 0;
    while (at < size) {
        std::size_t length = 0;
        std::size_t distance = 0;
        // Fewer than eight bytes of few kinds take no more as they are.
        if (size - at >= sizeof(Word)) {
            std::uint32_t& recent = recent_[hash_of(word_at(data + at))];
            const std::size_t before = recent;
            recent = static_cast<std::uint32_t>(at + 1);
            distance = at + 1 - before;
            if (before != 0 && distance <= kFarthest) {
                length = equal_bytes(data + at, data + before - 1, std::min(kLongest, size - at));
            }
        }
        if (length >= sizeof(Word)) {
            tokens_.push_back(
                {static_cast<std::uint16_t>(length), static_cast<std::uint16_t>(distance)});
            // The end of a repetition is where the next one is looked for.
            const std::size_t end = at + length;
            const std::size_t last = std::min(end, size - sizeof(Word));
            for (std::size_t i = std::max(at + 1, end - 4); i < last; ++i) {
                recent_[hash_of(word_at(data + i))] = static_cast<std::uint32_t>(i + 1);
            }
            at = end;
        } else {
            tokens_.push_back({data[at], 0});
            ++at;
        }
        if (tokens_.size() == kMostTokens) {
            write_block(tokens_, false, bits);
            tokens_.clear();
        }
    }
    write_block(tokens_, true, bits);
    bits.finish();
    const std::uint32_t sum = adler32(bytes);
    for (int shift = 24; shift >= 0; shift -= 8) {
        to += static_cast<char>(sum >> shift);
    }
}

void Deflater::write_block(std::span<const Token> tokens, bool last, Bits& bits) const {
    std::array<std::uint32_t, kLiterals + 2> literal_counts{};
    std::array<std::uint32_t, kDistances> distance_counts{};
    literal_counts[kEndOfBlock] = 1;
    for (const Token& token : tokens) {
        if (token.distance == 0) {
            ++literal_counts[token.value];
        } else {
            ++literal_counts[kEndOfBlock + 1 + kCodedLengths[token.value].code];
            ++distance_counts[coded_distance(token.distance).code];
        }
    }
    LiteralCode literals = code_for(literal_counts, 15);
    DistanceCode distances = code_for(distance_counts, 15);

    const auto used = [](const auto& lengths, std::size_t least) {
        std::size_t count = lengths.size();
        while (count > least && lengths[count - 1] == 0) {
            --count;
        }
        return count;
    };
    const std::size_t literal_count = used(literals.lengths, 257);
    const std::size_t distance_count = used(distances.lengths, 1);
    std::vector<std::uint8_t> lengths(
        literals.lengths.begin(),
        literals.lengths.begin() + static_cast<std::ptrdiff_t>(literal_count));
    lengths.insert(lengths.end(), distances.lengths.begin(),
                   distances.lengths.begin() + static_cast<std::ptrdiff_t>(distance_count));
    const std::vector<ToldLength> told = told_lengths(lengths);
    std::array<std::uint32_t, kCodeLengths> told_counts{};
    for (const ToldLength& length : told) {
        ++told_counts[length.symbol];
    }
    const Code<kCodeLengths> of_lengths = code_for(told_counts, 7);
    constexpr std::array<std::uint8_t, kCodeLengths> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                               11, 4,  12, 3, 13, 2, 14, 1, 15};
    std::size_t order_count = kOrder.size();
    while (order_count > 4 && of_lengths.lengths[kOrder[order_count - 1]] == 0) {
        --order_count;
    }

    // What is the same in both kinds of blocks, the bits that follow codes, does not matter here.
    const auto size_with = [&](const LiteralCode& literal, const DistanceCode& distance) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < literal_counts.size(); ++i) {
            size += std::size_t{literal_counts[i]} * literal.lengths[i];
        }
        for (std::size_t i = 0; i < distance_counts.size(); ++i) {
            size += std::size_t{distance_counts[i]} * distance.lengths[i];
        }
        return size;
    };
    std::size_t size = size_with(literals, distances) + 14 + 3 * order_count;
    for (const ToldLength& length : told) {
        size += std::size_t{of_lengths.lengths[length.symbol]} + length.extra_bits;
    }
    const bool fixed = size_with(kFixedLiterals, kFixedDistances) <= size;

    enum : std::uint8_t { Fixed = 1, Dynamic = 2 };
    bits.put(last ? 1 : 0, 1);
    bits.put(fixed ? Fixed : Dynamic, 2);
    if (fixed) {
        literals = kFixedLiterals;
        distances = kFixedDistances;
    } else {
        bits.put(literal_count - 257, 5);
        bits.put(distance_count - 1, 5);
        bits.put(order_count - 4, 4);
        for (std::size_t i = 0; i < order_count; ++i) {
            bits.put(of_lengths.lengths[kOrder[i]], 3);
        }
        for (const ToldLength& length : told) {
            bits.put(of_lengths.bits[length.symbol], of_lengths.lengths[length.symbol]);
            bits.put(length.extra, length.extra_bits);
        }
    }
    const auto put_literal = [&](std::size_t symbol) {
        bits.put(literals.bits[symbol], literals.lengths[symbol]);
    };
    for (const Token& token : tokens) {
        if (token.distance == 0) {
            put_literal(token.value);
            continue;
        }
        const Coded& length = kCodedLengths[token.value];
        put_literal(kEndOfBlock + 1 + length.code);
        bits.put(length.extra, length.extra_bits);
        const Coded distance = coded_distance(token.distance);
        bits.put(distances.bits[distance.code], distances.lengths[distance.code]);
        bits.put(distance.extra, distance.extra_bits);
    }
    put_literal(kEndOfBlock);
}

}  // namespace host
