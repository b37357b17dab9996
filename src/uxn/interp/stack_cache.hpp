#pragma once

#include <array>
#include <cstddef>

namespace uxn {

/// The top of a stack that is also held in registers: up to two items, each a byte or a short.
///
/// Memory always holds every cell (pushes store through), so forgetting an item costs nothing and a
/// device or debugger never sees a stale ring. What the cache saves is the wait for loads from
/// cells that were stored an instruction ago, which otherwise bounds an interpreter's speed; and a
/// short made of two bytes pushed one by one needs no load that would stall on two stores.
///
/// Which items there are, and how wide, is the shape of the cache. Each opcode is compiled once for
/// every shape, so that inside a handler the shape is a constant and only the values are not.
class StackCache {
public:
    struct Item {
        bool wide = false;
        std::size_t bits = 0;  ///< zero-extended
    };

    /// Number of shapes: none; one item; two items; of two widths each.
    static constexpr std::size_t kShapes = 1 + 2 + 4;
    static constexpr std::size_t kEmpty = 0;

    /// A cache of the given shape. `first` is the topmost item, `second` the one below; what the
    /// shape has no room for is ignored.
    [[gnu::always_inline]] constexpr StackCache(std::size_t shape, std::size_t first,
                                                std::size_t second) {
        if (shape >= 3) {
            add_known(((shape - 3) & 1) != 0, second);
            add_known(((shape - 3) & 2) != 0, first);
        } else if (shape >= 1) {
            add_known(shape == 2, first);
        }
    }

    [[gnu::always_inline]] constexpr std::size_t shape() const {
        switch (count_) {
            case 0: return kEmpty;
            case 1: return top_.wide ? 2 : 1;
            default: return 3 + (top_.wide ? 2 : 0) + (next_.wide ? 1 : 0);
        }
    }

    [[gnu::always_inline]] constexpr bool empty() const { return count_ == 0; }
    /// How many cells of the stack the items stand for.
    [[gnu::always_inline]] constexpr unsigned bytes() const {
        return (count_ > 0 ? 1U + top_.wide : 0) + (count_ > 1 ? 1U + next_.wide : 0);
    }
    [[gnu::always_inline]] constexpr const Item& top() const { return top_; }
    [[gnu::always_inline]] constexpr const Item& next() const { return next_; }

    /// Notes an item that was pushed; the third from the top is forgotten.
    [[gnu::always_inline]] constexpr void add(Item item) {
        next_ = top_;
        top_ = item;
        count_ = count_ == 0 ? 1 : 2;
    }

    /// Takes the top item off. The cache must not be empty.
    [[gnu::always_inline]] constexpr Item take() {
        const Item item = top_;
        top_ = next_;
        --count_;
        return item;
    }

private:
    /// Adds what another cache held, telling the compiler that it need not be extended again.
    [[gnu::always_inline]] constexpr void add_known(bool wide, std::size_t bits) {
        const std::size_t most = wide ? 0xffff : 0xff;
#if __has_builtin(__builtin_assume)
        __builtin_assume(bits <= most);
#else
        (void)most;
#endif
        add({.wide = wide, .bits = bits});
    }

    Item top_;
    Item next_;
    unsigned count_ = 0;
};

}  // namespace uxn
