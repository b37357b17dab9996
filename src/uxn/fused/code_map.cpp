#include "uxn/fused/code_map.hpp"

#include <algorithm>
#include <cstring>

#include "uxn/fused/sequences.hpp"

namespace uxn::fused {

CodeMap::Owner CodeMap::make(std::span<const Entry> entries) {
    // Zeros from calloc are not touched before they are used, unlike those of a constructor.
    auto* map = static_cast<CodeMap*>(std::calloc(1, sizeof(CodeMap)));
    if (map != nullptr) {
        map->entry_of_ = entries.data();
        map->marks_[kRamSize] = kCode;
        map->sequences_ = static_cast<int>(entries.size()) - kSequence;
    }
    return Owner(map);
}

bool CodeMap::keeps_changing(const Ram& ram, std::uint32_t at) const {
    const Op op{ram[static_cast<std::uint16_t>(at)]};
    return is_hot(at) || (is_immediate_jump(op) && (is_hot(at + 1) || is_hot(at + 2)));
}

void CodeMap::look_at(const Ram& ram, std::uint32_t at) {
    if ((marks_[at] & kCode) == 0 && observer_ != nullptr) {
        observer_->becomes_code(at);
    }
    marks_[at] |= kCode;
    seen_[at] = ram[static_cast<std::uint16_t>(at)];
    has_code_[at / kPage] = true;
}

const CodeMap::Entry* CodeMap::no_entries() {
    // Not const: zeros in a read-only section would be part of the binary.
    static std::array<Entry, kRamSize> entries;
    return entries.data();
}

void CodeMap::decode(const Ram& ram, std::uint16_t pc) {
    if (pc < kFirst || keeps_changing(ram, pc)) {
        entries_[pc] = entry_of_[kFetch];
        return;
    }
    if (pc >= kEnd) {
        entries_[pc] = entry_of_[kCareful];
        return;
    }
    std::size_t plan = kSingle + std::size_t{ram[pc]};
    unsigned count = 1;
    SequenceTree::Node node = SequenceTree::kRoot;
    std::uint32_t at = pc;
    for (unsigned length = 1; length <= kMostOps; ++length) {
        const Op op{ram[static_cast<std::uint16_t>(at)]};
        node = SequenceTree::next(node, op);
        if (node == SequenceTree::kNowhere || (length > 1 && keeps_changing(ram, at))) {
            break;
        }
        if (const int sequence = SequenceTree::sequence(node);
            sequence >= 0 && sequence < sequences_) {
            plan = kSequence + static_cast<std::size_t>(sequence);
            count = length;
        }
        at += length_of(op);
    }
    at = pc;
    for (unsigned i = 0; i < count; ++i) {
        const Op op{ram[static_cast<std::uint16_t>(at)]};
        look_at(ram, at);
        if (is_immediate_jump(op)) {
            look_at(ram, at + 1);
            look_at(ram, at + 2);
            const unsigned distance = unsigned{seen_[at + 1]} << 8 | seen_[at + 2];
            targets_[at] = static_cast<std::uint16_t>(at + 3 + distance);
        }
        at += length_of(op);
    }
    marks_[pc] = static_cast<std::uint8_t>((marks_[pc] & ~kCount) | count);
    entries_[pc] = entry_of_[plan];
}

void CodeMap::install(const Ram& ram, std::uint16_t pc, Plan plan,
                      std::span<const std::uint16_t> looked_at) {
    for (const std::uint16_t at : looked_at) {
        look_at(ram, at);
    }
    marks_[pc] = static_cast<std::uint8_t>((marks_[pc] & ~kCount) | 1);
    entries_[pc] = entry_of_[plan];
}

void CodeMap::written(std::uint16_t begin, std::uint32_t length) {
    for (std::uint32_t i = 0; i < length; ++i) {
        const auto at = static_cast<std::uint16_t>(begin + i);
        if (is_code(at)) {
            change(at);
        }
    }
}

void CodeMap::change(std::uint32_t at) {
    if (!is_hot(at)) {
        marks_[at] += kOneHeat;
    }
    marks_[at] &= static_cast<std::uint8_t>(~kCode);
    if (observer_ != nullptr) {
        observer_->code_changed(at, at + 1);
    }
    forget(at + 1 - std::min<std::uint32_t>(at + 1, kMostBytes), at + 1);
}

void CodeMap::forget(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t start = begin; start < end; ++start) {
        if ((marks_[start] & kCount) != 0) {
            marks_[start] &= static_cast<std::uint8_t>(~kCount);
            entries_[start] = 0;
        }
    }
}

void CodeMap::compare(const Ram& ram) {
    // Vectors may be short, and most pages have none: eight at a time.
    using Eight = std::uint64_t;
    for (std::size_t first = 0; first < has_code_.size(); first += sizeof(Eight)) {
        Eight have_any;
        std::memcpy(&have_any, has_code_.data() + first, sizeof(have_any));
        for (std::size_t page = first; have_any != 0 && page < first + sizeof(Eight); ++page) {
            if (has_code_[page]) {
                compare_page(ram, page);
            }
        }
    }
}

void CodeMap::compare_page(const Ram& ram, std::size_t page) {
    const std::uint8_t* now = ram.data() + page * kPage;
    const std::uint8_t* seen = seen_.data() + page * kPage;
    const std::uint8_t* marks = marks_.data() + page * kPage;
    std::uint8_t differs = 0;
    for (std::size_t i = 0; i < kPage; ++i) {
        const auto code = static_cast<std::uint8_t>(static_cast<std::int8_t>(marks[i]) >> 7);
        differs |= static_cast<std::uint8_t>((now[i] ^ seen[i]) & code);
    }
    if (differs == 0) {
        return;
    }
    // Another program, most likely: begin anew, its neighbour's last sequences included.
    const auto begin = static_cast<std::uint32_t>(page * kPage);
    if (observer_ != nullptr) {
        observer_->code_changed(begin, begin + kPage);
    }
    forget(begin - std::min<std::uint32_t>(begin, kMostBytes), begin);
    std::fill_n(entries_.data() + begin, kPage, 0);
    std::fill_n(marks_.data() + begin, kPage, std::uint8_t{0});
    has_code_[page] = false;
}

}  // namespace uxn::fused
