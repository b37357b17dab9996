#include "uxn/jit/ir.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace uxn::jit {
namespace {

constexpr std::array<std::string_view, 23> kNames = {
    "parameter", "cell",  "add",   "subtract", "multiply", "divide",      "and",         "or",
    "xor",       "shift", "equal", "greater",  "extend",   "short",       "high",        "low",
    "load",      "port",  "store", "port",     "cell",     "unless code", "unless wraps"};
static_assert(kNames.size() == static_cast<std::size_t>(Code::UnlessWraps) + 1);

std::string hex(unsigned number, int digits) {
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%0*x", digits, number);
    return text.data();
}

std::string print(Value value) {
    return value.is_constant() ? "#" + hex(value.bits, value.bits > 0xff ? 4 : 2)
                               : "v" + std::to_string(value.node);
}

std::string print(CellPlace cell) {
    return std::string(cell.rst ? "rst[" : "wst[") + std::to_string(cell.at) + "]";
}

constexpr std::array<std::string_view, 6> kLeaves = {"interpret at", "out of fuel at", "jump to",
                                                     "return to",    "call",           "step at"};
constexpr std::array<std::string_view, 5> kParts = {"=", "2=", "=high ", "=low ", "=ored "};

std::string print(const Region& region, const Exit& exit) {
    std::string text(kLeaves[static_cast<std::size_t>(exit.how)]);
    text += " " + print(exit.pc) + ", wst " + std::to_string(exit.wst) + ", rst " +
            std::to_string(exit.rst) + ", after " + std::to_string(exit.count);
    for (std::size_t i = exit.first; i < exit.last; ++i) {
        const CellStore& store = region.cells[i];
        text += " " + print(store.cell);
        text += kParts[static_cast<std::size_t>(store.part)];
        text += print(store.value);
    }
    return text;
}

void print_edge(std::string& text, const Edge& edge) {
    text += "block " + std::to_string(edge.block) + "(";
    for (std::size_t i = 0; i < edge.arguments.size(); ++i) {
        text += (i == 0 ? "" : ", ") + print(edge.arguments[i]);
    }
    text += ")";
}

}  // namespace

std::string print(const Region& region) {
    std::string text = "region " + hex(region.pc, 4) + ": " + std::to_string(region.instructions) +
                       " instructions; wst -" + std::to_string(region.pops[0]) + "+" +
                       std::to_string(region.growth[0]) + ", rst -" +
                       std::to_string(region.pops[1]) + "+" + std::to_string(region.growth[1]) +
                       "\n";
    for (std::size_t i = 0; i < region.blocks.size(); ++i) {
        const Block& block = region.blocks[i];
        text += "block " + std::to_string(i) + " at " + hex(block.pc, 4) + " (";
        for (std::size_t k = 0; k < block.parameters.size(); ++k) {
            const Value parameter = block.parameters[k];
            text += (k == 0 ? "" : ", ") + print(parameter) + " " +
                    print(region.nodes[static_cast<std::size_t>(parameter.node)].cell);
        }
        text += ")\n";
        for (std::size_t n = block.first; n < block.last; ++n) {
            const Node& node = region.nodes[n];
            if (node.code == Code::Parameter) {
                continue;
            }
            text += "  v" + std::to_string(n) + " = " +
                    std::string(kNames[static_cast<std::size_t>(node.code)]) +
                    (node.wide ? "2" : "");
            if (node.code == Code::Cell || node.code == Code::StoreCell) {
                text += " " + print(node.cell);
            }
            if (node.code != Code::Cell) {
                text += " " + print(node.a);
                if (node.b != Value{}) {
                    text += " " + print(node.b);
                }
            }
            if (node.code == Code::UnlessCode || node.code == Code::UnlessWraps) {
                text += ", " + print(region, region.exits[node.exit]);
            }
            text += "\n";
        }
        text += "  after " + std::to_string(block.count) + " ";
        switch (block.end) {
            case Block::End::Exit: text += print(region, region.exits[block.exit]); break;
            case Block::End::Jump: print_edge(text, block.edges[0]); break;
            case Block::End::Branch:
                text += "if " + print(block.flag) + " ";
                print_edge(text, block.edges[0]);
                text += " else ";
                print_edge(text, block.edges[1]);
                break;
        }
        text += "\n";
    }
    return text;
}

}  // namespace uxn::jit
