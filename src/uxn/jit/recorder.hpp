#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "uxn/jit/ir.hpp"
#include "uxn/opcode.hpp"
#include "uxn/semantics.hpp"

namespace uxn::jit {

/// What is known of one cell of a ring.
struct Cell {
    enum class Part : std::uint8_t {
        Unknown,  ///< it is what memory holds
        Byte,     ///< `value`
        High,     ///< of the short `value`, whose other byte is in the next cell
        Low,
        OrBytes,  ///< the bytes of the short `value`, ored: zero if it is
    };

    Part part = Part::Unknown;
    bool dirty = false;  ///< memory does not have it yet
    Value value;

    friend bool operator==(const Cell&, const Cell&) = default;
};

/// What is known of both rings at some place of the program, counted from the pointers at entry.
struct Stacks {
    static constexpr int kReach = 40;  ///< cells on either side that can be known
    static constexpr std::size_t kCells = std::size_t{2} * kReach;
    /// Where a cell is among them.
    static constexpr std::size_t index(int place) {
        return static_cast<std::size_t>(place) + kReach;
    }

    struct Ring {
        int depth = 0;
        int low = 0;   ///< the cells of which something may be known
        int high = 0;  ///< one above them
        std::array<Cell, kCells> cells;

        /// To be changed.
        Cell& touch(int place) {
            low = std::min(low, place);
            high = std::max(high, place + 1);
            return cells[index(place)];
        }
        const Cell& at(int place) const { return cells[index(place)]; }
    };
    std::array<Ring, 2> rings;  ///< working stack, return stack
};

/// Whether the two cells are one short, of a node or of constants.
bool is_short(const Stacks::Ring& ring, int place);
/// That short.
Value short_of(const Cell& high, const Cell& low);

/// Appends nodes to a region, folding what is known while compiling.
class NodeWriter {
public:
    explicit NodeWriter(Region& region) : region_(region) {}

    Value binary(Code code, bool wide, Value a, Value b);
    Value unary(Code code, Value a);
    Value make_short(Value high, Value low);
    Value append(Node node);
    /// What RAM holds, at `at` as it is known here.
    Value load(Value at, bool wide);
    void store(Value at, bool wide, Value value);
    /// Nothing is known of RAM.
    void forget_ram() { ram_.clear(); }
    /// A flag for a short.
    Value is_not_zero(Value whole) {
        return binary(Code::Xor, false, binary(Code::Equal, true, whole, {}), {.bits = 1});
    }
    /// The short whose bytes, ored, are the value.
    std::optional<Value> short_behind(Value ored) const;
    const Node* node_of(Value value) const {
        return value.is_constant() ? nullptr : &region_.nodes[static_cast<std::size_t>(value.node)];
    }

private:
    struct Held {
        std::uint16_t at;
        bool wide;
        Value value;
    };

    void forget_ram(std::uint32_t begin, std::uint32_t end);

    Region& region_;
    std::vector<Held> ram_;
};

/// A word of the program that is being compiled: a constant, or a node.
struct ByteTag {};
struct ShortTag {};
template <class Tag>
struct Recorded {
    static constexpr bool kWide = std::is_same_v<Tag, ShortTag>;

    NodeWriter* writer = nullptr;
    Value value;

    Recorded() = default;
    explicit Recorded(int number)
        : value{.bits = static_cast<std::uint16_t>(kWide ? number & 0xffff : number & 0xff)} {}
    Recorded(NodeWriter* by, Value what) : writer(by), value(what) {}

    static Recorded make(Code code, Recorded a, Recorded b) {
        NodeWriter* by = a.writer != nullptr ? a.writer : b.writer;
        return {by, by->binary(code, kWide, a.value, b.value)};
    }
    friend Recorded operator+(Recorded a, Recorded b) { return make(Code::Add, a, b); }
    friend Recorded operator-(Recorded a, Recorded b) { return make(Code::Subtract, a, b); }
    friend Recorded operator*(Recorded a, Recorded b) { return make(Code::Multiply, a, b); }
    friend Recorded operator/(Recorded a, Recorded b) { return make(Code::Divide, a, b); }
    friend Recorded operator&(Recorded a, Recorded b) { return make(Code::And, a, b); }
    friend Recorded operator|(Recorded a, Recorded b) { return make(Code::Or, a, b); }
    friend Recorded operator^(Recorded a, Recorded b) { return make(Code::Xor, a, b); }
    friend Recorded<ByteTag> equal(Recorded a, Recorded b) {
        const Recorded flag = make(Code::Equal, a, b);
        return {flag.writer, flag.value};
    }
    friend Recorded<ByteTag> greater(Recorded a, Recorded b) {
        const Recorded flag = make(Code::Greater, a, b);
        return {flag.writer, flag.value};
    }
    friend Recorded shift(Recorded a, Recorded<ByteTag> by) {
        NodeWriter* to = a.writer != nullptr ? a.writer : by.writer;
        return {to, to->binary(Code::Shift, kWide, a.value, by.value)};
    }
};
using RecordedByte = Recorded<ByteTag>;
using RecordedShort = Recorded<ShortTag>;

inline RecordedShort make_short(RecordedByte high, RecordedByte low) {
    NodeWriter* by = high.writer != nullptr ? high.writer : low.writer;
    return {by, by->make_short(high.value, low.value)};
}
inline RecordedByte high_byte(RecordedShort value) {
    return {value.writer, value.writer->unary(Code::HighByte, value.value)};
}
inline RecordedByte low_byte(RecordedShort value) {
    return {value.writer, value.writer->unary(Code::LowByte, value.value)};
}
inline RecordedShort sign_extend(RecordedByte value) {
    return {value.writer, value.writer->unary(Code::SignExtend, value.value)};
}

/// What the instruction that has been recorded wants next.
struct Jump {
    bool taken = false;  ///< there is one
    std::optional<Value> flag;
    Value to;
};

/// Executes opcode bodies on nodes instead of values.
class Recorder {
public:
    using Byte = RecordedByte;
    using Short = RecordedShort;

    /// What a recorder needs to know of RAM.
    class Bytes {
    public:
        virtual ~Bytes() = default;
        /// The literal byte at `at`, if it is taken not to change.
        virtual std::optional<std::uint8_t> literal(std::uint16_t at) = 0;
        /// A byte of an immediate jump's distance.
        virtual std::uint8_t distance(std::uint16_t at) = 0;
        /// Whether the byte is taken not to be code: stores there need no test.
        virtual bool is_data(std::uint16_t at) = 0;
    };

    Recorder(Region& region, Bytes& bytes) : region_(region), writer_(region), bytes_(bytes) {}

    /// Records `op` at `pc`. count: instructions of the block before it.
    void record(Op op, std::uint16_t pc, unsigned count);

    Stacks& stacks() { return stacks_; }
    const Jump& jump_wanted() const { return jump_; }
    std::uint16_t pc_after() const { return pc_; }
    NodeWriter& writer() { return writer_; }
    /// The cell's byte.
    Value byte_at(bool rst, int place);
    /// The short whose high byte is there.
    Value short_at(bool rst, int place);
    /// A way out to `pc`, given what is known there.
    std::uint32_t add_exit(Leave how, const Stacks& stacks, Value pc, unsigned count);

    // What the bodies ask for.

    template <Mode m>
    class View {
    public:
        View(Recorder& recorder, bool rst)
            : recorder_(recorder), rst_(rst), cursor_(recorder.ring(rst).depth) {}

        Byte pop_byte() {
            move(1);
            return {&recorder_.writer_, recorder_.byte_at(rst_, cursor_)};
        }
        Short pop_short() {
            move(2);
            return {&recorder_.writer_, recorder_.short_at(rst_, cursor_)};
        }
        auto pop() {
            if constexpr (m.wide) {
                return pop_short();
            } else {
                return pop_byte();
            }
        }
        void push(Byte value) { recorder_.push(rst_, value.value, false); }
        void push(Short value) { recorder_.push(rst_, value.value, true); }
        void put_back(auto value) {
            if constexpr (m.keep) {
                push(value);
            } else {
                recorder_.ring(rst_).depth += decltype(value)::kWide ? 2 : 1;
            }
        }

    private:
        void move(int bytes) {
            cursor_ -= bytes;
            recorder_.touch(rst_, cursor_);
            if constexpr (!m.keep) {
                recorder_.ring(rst_).depth = cursor_;
            }
        }

        Recorder& recorder_;
        bool rst_;
        int cursor_;
    };

    template <Mode m>
    View<m> source() {
        return {*this, m.ret};
    }
    template <Mode m>
    View<m> other() {
        return {*this, !m.ret};
    }
    Short pc() { return {&writer_, Value{.bits = pc_}}; }
    Byte literal_byte();
    Short literal_short();
    Short literal_distance();
    template <Mode m>
    auto load(auto at) {
        const Value value = load_ram(at.value, decltype(at)::kWide, m.wide);
        if constexpr (m.wide) {
            return Short(&writer_, value);
        } else {
            return Byte(&writer_, value);
        }
    }
    void store(auto at, auto value) {
        store_ram(at.value, decltype(at)::kWide, value.value, decltype(value)::kWide);
    }
    void jump_by(Short distance) { jump(pc() + distance); }
    void jump_by_if(Byte flag, Short distance) { jump_if(flag, pc() + distance); }
    void jump(Short to) { jump_ = {.taken = true, .flag = {}, .to = to.value}; }
    void jump_if(Byte flag, Short to) {
        jump_ = {.taken = true, .flag = flag.value, .to = to.value};
    }
    Byte read_port(Byte port) {
        return {&writer_, writer_.append({.code = Code::LoadPort, .a = port.value})};
    }
    void write_port(Byte port, Byte value) {
        writer_.append({.code = Code::StorePort, .a = port.value, .b = value.value});
    }
    void end_vector() {}

private:
    friend class View<Mode{}>;

    Stacks::Ring& ring(bool rst) { return stacks_.rings[rst]; }
    void touch(bool rst, int place);
    void push(bool rst, Value value, bool wide);
    Value load_ram(Value at, bool far, bool wide);
    void store_ram(Value at, bool far, Value value, bool wide);
    bool may_be_code(Value at, bool wide);
    void unless(Code code, bool wide, Value at);
    std::optional<Value> literal(std::uint16_t at);

    Region& region_;
    NodeWriter writer_;
    Bytes& bytes_;
    Stacks stacks_;
    // At the instruction that is being recorded.
    Stacks before_;
    std::uint16_t at_ = 0;
    std::uint16_t pc_ = 0;
    unsigned count_ = 0;
    std::optional<std::uint32_t> exit_;
    Jump jump_;
};

}  // namespace uxn::jit
