#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "uxn/fused/effect.hpp"
#include "uxn/machine.hpp"
#include "uxn/word.hpp"

namespace uxn::fused {

/// The cells of a stack that a sequence touches, in local variables: loaded when they are first
/// read, stored once at the end. Everything but the values is constant once the sequence has been
/// inlined: which cells are there, and which of them differ from memory.
///
/// A short keeps being one: its two cells know that they belong together, so that nothing has to be
/// put together that was never apart.
///
/// The class is no template, so that each opcode body is compiled once and not for every sequence.
class RingCells {
public:
    /// The cells there is room for, below the pointer and above.
    static constexpr int kMostBelow = 20;
    static constexpr int kMostAbove = 12;

    /// free: the byte of the next free cell, in a piece of the ring that holds all of the span.
    [[gnu::always_inline]] explicit RingCells(std::uint8_t* free) : free_(free) {}

    /// Where the pointer is, counted from where it was.
    [[gnu::always_inline]] int depth() const { return depth_; }
    [[gnu::always_inline]] void set_depth(int depth) { depth_ = depth; }

    [[gnu::always_inline]] Byte byte(int at) {
        Cell& cell = cell_at(at);
        switch (cell.part) {
            case Part::Unknown:
                cell = {.part = Part::Byte,
                        .bits = *static_cast<const volatile std::uint8_t*>(free_ - at)};
                return Byte(cell.bits);
            case Part::High: return Byte(cell.bits >> 8);
            default: return Byte(cell.bits);
        }
    }

    /// The short whose high byte is in cell `at`.
    [[gnu::always_inline]] Short two_bytes(int at) {
        Cell& high = cell_at(at);
        Cell& low = cell_at(at + 1);
        if (high.part == Part::High && low.part == Part::Low) {
            return Short(high.bits);
        }
        if (high.part == Part::Unknown && low.part == Part::Unknown) {
            const Short value = load(free_ - at - 1);
            high = {.part = Part::High, .bits = value.bits};
            low = {.part = Part::Low, .bits = value.bits};
            return value;
        }
        return make_short(byte(at), byte(at + 1));
    }

    [[gnu::always_inline]] void set(int at, Byte value) {
        cell_at(at) = {.part = Part::Byte, .dirty = true, .bits = value.bits};
    }
    [[gnu::always_inline]] void set(int at, Short value) {
        cell_at(at) = {.part = Part::High, .dirty = true, .bits = value.bits};
        cell_at(at + 1) = {.part = Part::Low, .dirty = true, .bits = value.bits};
    }

    /// Stores what differs from memory. Cells above the pointer count: rings are the same to the
    /// last byte on every engine.
    template <RingSpan span>
    [[gnu::always_inline]] void flush() const {
        static_assert(-span.lowest <= kMostBelow && span.highest <= kMostAbove);
        flush_cells<span.lowest>(std::make_integer_sequence<int, span.highest - span.lowest>());
    }

private:
    enum class Part : std::uint8_t { Unknown, Byte, High, Low };
    struct Cell {
        Part part = Part::Unknown;
        bool dirty = false;
        std::uint16_t bits = 0;  ///< of the byte, or of the short that the cell is a part of
    };
    struct [[gnu::packed]] Pair {
        std::uint16_t bits;
    };

    [[gnu::always_inline]] Cell& cell_at(int at) {
        return cells_[static_cast<std::size_t>(at) + std::size_t{kMostBelow}];
    }
    [[gnu::always_inline]] const Cell& cell_at(int at) const {
        return cells_[static_cast<std::size_t>(at) + std::size_t{kMostBelow}];
    }

    template <int lowest, int... cells>
    [[gnu::always_inline]] void flush_cells(std::integer_sequence<int, cells...>) const {
        [[maybe_unused]] bool is_stored = false;  // with the cell before
        (flush_cell(lowest + cells, cells + 1 == sizeof...(cells), is_stored), ...);
    }

    [[gnu::always_inline]] void flush_cell(int at, bool is_last, bool& is_stored) const {
        const Cell& cell = cell_at(at);
        if (is_stored || !cell.dirty) {
            is_stored = false;
            return;
        }
        if (!is_last) {
            const Cell& next = cell_at(at + 1);
            const bool is_short = cell.part == Part::High && next.part == Part::Low;
            // Two bytes that will be on top together may well be taken as a short, which has to
            // wait long if they were stored one by one.
            const bool may_be_short = cell.part == Part::Byte && next.part == Part::Byte &&
                                      next.dirty && at + 2 == depth_;
            if (is_short || may_be_short) {
                store(free_ - at - 1,
                      is_short ? Short(cell.bits) : make_short(Byte(cell.bits), Byte(next.bits)));
                is_stored = true;
                return;
            }
        }
        free_[-at] =
            static_cast<std::uint8_t>(cell.part == Part::High ? cell.bits >> 8 : cell.bits);
    }

    /// A short on a stack is a little-endian word: see Stack.
    [[gnu::always_inline]] static Short load(const std::uint8_t* cells) {
        if constexpr (std::endian::native == std::endian::little) {
            return Short(reinterpret_cast<const volatile Pair*>(cells)->bits);
        }
        return make_short(Byte(cells[1]), Byte(cells[0]));
    }
    [[gnu::always_inline]] static void store(std::uint8_t* cells, Short value) {
        if constexpr (std::endian::native == std::endian::little) {
            std::memcpy(cells, &value.bits, sizeof(value.bits));
        } else {
            cells[0] = low_byte(value).bits;
            cells[1] = high_byte(value).bits;
        }
    }

    std::uint8_t* free_;
    int depth_ = 0;
    std::array<Cell, kMostBelow + kMostAbove> cells_{};
};

}  // namespace uxn::fused
