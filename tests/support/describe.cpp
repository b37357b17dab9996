#include "support/describe.hpp"

#include <array>
#include <cstdio>

#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

std::string difference(std::string_view what, unsigned actual, unsigned expected) {
    return std::string(what) + " is " + hex(actual, 2) + ", expected " + hex(expected, 2);
}

std::string cell(std::string_view array, unsigned index, int digits) {
    return std::string(array) + "[" + hex(index, digits) + "]";
}

std::string stack_difference(std::string_view name, const Stack& actual, const Stack& expected) {
    if (actual.ptr != expected.ptr) {
        return difference(std::string(name) + ".ptr", actual.ptr, expected.ptr);
    }
    for (unsigned i = 0; i < kRingSize; ++i) {
        const auto index = static_cast<std::uint8_t>(i);
        if (actual[index] != expected[index]) {
            return difference(cell(name, i, 2), actual[index], expected[index]);
        }
    }
    return "";
}

}  // namespace

std::string hex(unsigned value, int digits) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%0*x", digits, value);
    return text.data();
}

std::string hex_bytes(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += (text.empty() ? "" : " ") + hex(byte, 2);
    }
    return text;
}

std::string_view name_of(Stop::Reason reason) {
    switch (reason) {
        case Stop::Reason::Break: return "Break";
        case Stop::Reason::Halted: return "Halted";
        case Stop::Reason::Budget: return "Budget";
        case Stop::Reason::Interrupted: return "Interrupted";
    }
    return "an unknown reason";
}

std::string describe(const Stop& stop) {
    return std::string(name_of(stop.reason)) + " at " + hex(stop.pc, 4) + " after " +
           std::to_string(stop.instructions) + " instructions";
}

std::string first_difference(const Machine& actual, const Machine& expected) {
    if (actual == expected) {
        return "";
    }
    std::string text = stack_difference("wst", actual.wst, expected.wst);
    if (text.empty()) {
        text = stack_difference("rst", actual.rst, expected.rst);
    }
    for (unsigned i = 0; i < kPortCount && text.empty(); ++i) {
        if (actual.dev[i] != expected.dev[i]) {
            text = difference(cell("dev", i, 2), actual.dev[i], expected.dev[i]);
        }
    }
    // One more than there are addresses: the byte past ffff, which must stay 00.
    for (unsigned i = 0; i <= kRamSize && text.empty(); ++i) {
        if (actual.ram.data()[i] != expected.ram.data()[i]) {
            text = difference(cell("ram", i, 4), actual.ram.data()[i], expected.ram.data()[i]);
        }
    }
    return text.empty() ? "the machines differ, but in nothing known here" : text;
}

std::string disassemble(const Machine& machine, std::uint16_t pc) {
    const Op op{machine.ram[pc]};
    std::string text = hex(pc, 4) + "  " + std::string(info_of(op).name);
    for (unsigned i = 1; i < length_of(op); ++i) {
        text += (i == 1 ? " " : "") + hex(machine.ram[static_cast<std::uint16_t>(pc + i)], 2);
    }
    text.resize(text.size() < 20 ? 20 : text.size(), ' ');
    return text + "wst.ptr " + hex(machine.wst.ptr, 2) + "  rst.ptr " + hex(machine.rst.ptr, 2);
}

}  // namespace uxn::test
