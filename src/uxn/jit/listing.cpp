#include "uxn/jit/listing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <optional>

#include "uxn/jit/compile.hpp"

namespace uxn::jit {
namespace {

constexpr std::size_t kWidth = 44;  ///< of an instruction, when something is beside it

std::string four_digits(std::size_t number) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%04zx", number);
    return text.data();
}

/// What is at an offset of the Context, as far as compiled code uses it.
std::string name_at(std::size_t offset) {
    struct Field {
        std::size_t offset;
        std::string_view name;
    };
    static constexpr std::array kFields = {
        Field{offsetof(Context, stubs.leave), "leave"},
        Field{offsetof(Context, stubs.careful), "careful"},
        Field{offsetof(Context, stubs.side_exit), "side exit"},
        Field{offsetof(Context, stubs.step), "step"},
        Field{offsetof(Context, stubs.deep), "deep"},
        Field{offsetof(Context, stack_limit), "stack limit"},
    };
    for (const Field& field : kFields) {
        if (field.offset == offset) {
            return std::string(field.name);
        }
    }
    const auto index_in = [offset](std::size_t begin, std::size_t size) -> std::optional<unsigned> {
        return offset >= begin && offset < begin + size
                   ? std::optional<unsigned>((offset - begin) / 8)
                   : std::nullopt;
    };
    if (const auto slot = index_in(offsetof(Context, slots), sizeof(Context::slots))) {
        return "slot " + std::to_string(*slot);
    }
    if (const auto pc = index_in(offsetof(Context, entries), sizeof(Context::entries))) {
        return "entry of " + four_digits(*pc);
    }
    return {};
}

/// The same for the operand of an instruction, if there is one: `[context+OFFSET]`.
std::string name_in(std::string_view instruction, std::string_view context) {
    const std::string start = "[" + std::string(context);
    const std::size_t found = instruction.find(start);
    if (found == std::string_view::npos) {
        return {};
    }
    instruction.remove_prefix(found + start.size());
    instruction = instruction.substr(0, instruction.find(']'));
    if (instruction.empty()) {
        return name_at(0);
    }
    // AsmJit writes [rbp+8], [rbp+rax*8+0x300], and [x20, 8].
    const std::string_view offset_text = instruction[0] == ',' ? ", " : "+";
    if (!instruction.starts_with(offset_text)) {
        return {};
    }
    instruction.remove_prefix(offset_text.size());
    if (const std::size_t times = instruction.find("*8+"); times != std::string_view::npos) {
        return "entry of " + std::string(instruction.substr(0, times));
    }
    const bool is_hex = instruction.starts_with("0x");
    instruction.remove_prefix(is_hex ? 2 : 0);
    std::size_t offset = 0;
    const auto [stop, error] = std::from_chars(
        instruction.data(), instruction.data() + instruction.size(), offset, is_hex ? 16 : 10);
    const bool is_all = stop == instruction.data() + instruction.size();
    return error == std::errc() && is_all ? name_at(offset) : std::string();
}

}  // namespace

std::string listing(std::string_view log, std::string_view context) {
    std::string text;
    std::size_t offset = 0;
    while (!log.empty()) {
        std::string_view line = log.substr(0, log.find('\n'));
        log.remove_prefix(std::min(log.size(), line.size() + 1));
        const std::size_t bytes = line.rfind("; ");
        if (bytes == std::string_view::npos) {  // a label
            text += std::string(line) + "\n";
            continue;
        }
        std::string_view instruction = line.substr(0, bytes);
        while (instruction.ends_with(' ')) {
            instruction.remove_suffix(1);
        }
        // What is only about how it is encoded.
        for (const std::string_view prefix : {"short ", "rex "}) {
            if (instruction.starts_with(prefix)) {
                instruction.remove_prefix(prefix.size());
            }
        }
        std::string shown = "  " + four_digits(offset) + "  " + std::string(instruction);
        if (const std::string name = name_in(instruction, context); !name.empty()) {
            shown.resize(std::max(shown.size() + 2, kWidth), ' ');
            shown += "; " + name;
        }
        text += shown + "\n";
        offset += (line.size() - bytes - 2) / 2;
    }
    return text;
}

}  // namespace uxn::jit
