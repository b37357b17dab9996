#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace uxn::jit {

/// What a node of the intermediate representation computes or does.
enum class Code : std::uint8_t {
    Parameter,  ///< of its block
    Cell,       ///< what a ring held when the region was entered: `cell`
    Add,
    Subtract,
    Multiply,
    Divide,  ///< by zero: zero
    And,
    Or,
    Xor,
    Shift,  ///< a by the byte b: right by its low nibble, then left by its high one
    Equal,  ///< a byte, 00 or 01
    Greater,
    SignExtend,  ///< a byte to a short
    MakeShort,   ///< of high byte a and low byte b
    HighByte,
    LowByte,
    LoadRam,      ///< at a
    LoadPort,     ///< of port a
    StoreRam,     ///< b at a
    StorePort,    ///< b to port a
    StoreCell,    ///< a to the ring: `cell`
    UnlessCode,   ///< leaves by `exit` if a store of the node's width at a would change code
    UnlessWraps,  ///< leaves by `exit` if a short at a would wrap
};

/// A byte or a short: a constant, or what a node computes.
struct Value {
    static constexpr std::int32_t kConstant = -1;

    std::int32_t node = kConstant;
    std::uint16_t bits = 0;  ///< of a constant

    bool is_constant() const { return node == kConstant; }
    friend bool operator==(const Value&, const Value&) = default;
};

/// A cell of a ring, counted from where its next push went when the region was entered; of the two
/// cells of a short, the high one.
struct CellPlace {
    bool rst = false;
    std::int16_t at = 0;

    friend bool operator==(const CellPlace&, const CellPlace&) = default;
};

struct Node {
    Code code;
    bool wide = false;  ///< a short is computed, compared, loaded or stored; else a byte
    Value a = {};
    Value b = {};
    CellPlace cell = {};
    std::uint32_t exit = 0;  ///< number of the exit, of those that may leave
};

/// A cell that has to be written before somebody looks.
struct CellStore {
    enum class Part : std::uint8_t { Byte, Short, HighByte, LowByte, OrBytes };

    CellPlace cell;
    Part part =
        Part::Byte;  ///< what of the value: a short goes to two cells, its bytes ored to one
    Value value;
};

/// What of a value goes to the cell, or to both of them.
constexpr std::uint16_t cell_bits(CellStore::Part part, std::uint16_t value) {
    using Part = CellStore::Part;
    const auto low = static_cast<std::uint16_t>(value & 0xff);
    const auto high = static_cast<std::uint16_t>(value >> 8);
    switch (part) {
        case Part::Byte:
        case Part::LowByte: return low;
        case Part::HighByte: return high;
        case Part::OrBytes: return high | low;
        case Part::Short: break;
    }
    return value;
}

/// What a node StoreCell does.
inline CellStore cell_store(const Node& node) {
    return {.cell = node.cell,
            .part = node.wide ? CellStore::Part::Short : CellStore::Part::Byte,
            .value = node.a};
}

/// How a region is left.
enum class Leave : std::uint8_t {
    Interpret,  ///< before an instruction that the plain executor has to do; hardly ever
    OutOfFuel,  ///< at a jump's target, where the slice of the budget ends
    Jump,       ///< to what is compiled there
    Return,     ///< the same, most likely to behind a call
    Call,       ///< the same; what is called most likely returns
    Step,       ///< before an instruction that the plain executor has to do each time
};

/// A way out of the region, with all that the machine's state then lacks.
struct Exit {
    Leave how = Leave::Jump;
    Value pc;
    std::int16_t wst = 0;  ///< how many cells have been pushed since entry
    std::int16_t rst = 0;
    std::uint16_t count = 0;  ///< instructions of its block executed before
    std::uint32_t first = 0;  ///< of the region's cell stores
    std::uint32_t last = 0;   ///< one behind them
};

/// A way to another block, whose parameters get these values.
struct Edge {
    std::uint32_t block = 0;
    std::vector<Value> arguments;
};

/// Instructions without a jump but at their end.
struct Block {
    enum class End : std::uint8_t { Exit, Jump, Branch };

    std::uint16_t pc = 0;
    bool is_exit = false;           ///< does nothing but leave, with values of the block before
    std::uint16_t count = 0;        ///< instructions executed when it is left at its end
    std::vector<Value> parameters;  ///< nodes Parameter
    std::vector<Node>::size_type first = 0;  ///< its nodes
    std::vector<Node>::size_type last = 0;   ///< one behind them
    End end = End::Exit;
    std::uint32_t exit = 0;
    std::uint32_t out_of_fuel = 0;  ///< the exit at its beginning
    Value flag;                     ///< of a branch: to `edges[0]` if not zero
    Edge edges[2];
};

/// A part of the program to be compiled as one: its blocks, the first one entered first.
struct Region {
    std::uint16_t pc = 0;
    std::vector<Node> nodes;
    std::vector<Block> blocks;
    std::vector<Exit> exits;
    std::vector<CellStore> cells;  ///< of the exits
    /// The cells it touches: that many below and above the pointers at entry.
    std::uint16_t pops[2] = {};
    std::uint16_t growth[2] = {};
    std::uint16_t instructions = 0;
    std::vector<std::uint16_t> looked_at;  ///< addresses of the bytes that it assumes to stay
    std::vector<std::uint16_t> data;       ///< those that it stores to, and assumes not to be code
    std::vector<std::uint16_t> next;       ///< where it leads: what is called, what comes after
};

/// Calls `see(value)` for what the exit needs.
template <class See>
void for_each_value(const Region& region, const Exit& exit, See see) {
    see(exit.pc);
    for (std::size_t i = exit.first; i < exit.last; ++i) {
        see(region.cells[i].value);
    }
}

/// The same for a node, with what is needed if it leaves.
template <class See>
void for_each_value(const Region& region, const Node& node, See see) {
    see(node.a);
    see(node.b);
    if (node.code == Code::UnlessCode || node.code == Code::UnlessWraps) {
        for_each_value(region, region.exits[node.exit], see);
    }
}

/// The ways out of a block that are not exits.
inline std::size_t edge_count(const Block& block) {
    return block.end == Block::End::Exit ? 0 : block.end == Block::End::Jump ? 1 : 2;
}

/// The region as text, for people.
std::string print(const Region& region);

}  // namespace uxn::jit
