// The programs of tests/conformance/programs.txt, on every engine.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <tuple>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "support/device_calls.hpp"
#include "support/text_file.hpp"

namespace uxn::test {
namespace {

constexpr unsigned kProgramCount = 166;
constexpr std::uint8_t kWstPort = 0x04;
constexpr std::uint8_t kRstPort = 0x05;

struct ExpectedStack {
    unsigned ptr = 0;
    std::map<std::uint8_t, std::uint8_t> cells;
};

struct SpecProgram {
    unsigned number = 0;
    std::string what;
    std::string source;
    Machine before;
    ExpectedStack wst;
    ExpectedStack rst;
    std::map<std::uint16_t, std::uint8_t> memory;
    std::string device_log;
};

/// Ends the process: the file is the repository's own.
[[noreturn]] void makes_no_sense(const std::string& text) {
    std::cerr << LEVERET_SPEC_PROGRAMS << " makes no sense: " << text << '\n';
    std::abort();
}

unsigned from_hex(const std::string& word) {
    std::size_t used = 0;
    const unsigned long value = std::stoul(word, &used, 16);
    if (used != word.size()) {
        makes_no_sense(word);
    }
    return static_cast<unsigned>(value);
}

ExpectedStack parse_stack(std::istream& in) {
    ExpectedStack stack;
    std::string word;
    while (in >> word) {
        if (word.starts_with("ptr=")) {
            stack.ptr = from_hex(word.substr(4));
        } else if (word.starts_with("[") && word.substr(3, 2) == "]=") {
            const auto index = static_cast<std::uint8_t>(from_hex(word.substr(1, 2)));
            stack.cells[index] = static_cast<std::uint8_t>(from_hex(word.substr(5)));
        } else {
            const auto index = static_cast<std::uint8_t>(stack.ptr++);
            stack.cells[index] = static_cast<std::uint8_t>(from_hex(word));
        }
    }
    return stack;
}

/// Reads bytes to the end of the line and hands them over with their addresses.
void parse_bytes(std::istream& in, unsigned address, auto&& use) {
    std::string word;
    while (in >> word) {
        use(static_cast<std::uint16_t>(address++), static_cast<std::uint8_t>(from_hex(word)));
    }
}

/// Reads an indented line into `program`.
void parse_field(const std::string& text, SpecProgram& program) {
    std::istringstream in(text);
    std::string key;
    std::string address;
    in >> key;
    const auto poke = [&program](std::uint16_t at, std::uint8_t value) {
        program.before.ram[at] = value;
    };
    if (key == "tal") {
        std::getline(in >> std::ws, program.source);
    } else if (key == "rom") {
        parse_bytes(in, kResetVector, poke);
    } else if (key == "poke" && in >> address) {
        parse_bytes(in, from_hex(address), poke);
    } else if (key == "wst") {
        program.wst = parse_stack(in);
    } else if (key == "rst") {
        program.rst = parse_stack(in);
    } else if (key == "mem" && in >> address) {
        parse_bytes(in, from_hex(address), [&program](std::uint16_t at, std::uint8_t value) {
            program.memory[at] = value;
        });
    } else if (key == "dev") {
        std::getline(in >> std::ws, program.device_log);
    } else {
        makes_no_sense(text);
    }
}

std::map<unsigned, SpecProgram> load_programs() {
    std::map<unsigned, SpecProgram> programs;
    std::istringstream file = text_file(LEVERET_SPEC_PROGRAMS);
    std::string text;
    SpecProgram* current = nullptr;
    while (std::getline(file, text)) {
        if (text.empty() || text[0] == '#') {
            continue;
        }
        if (text[0] != ' ') {
            std::size_t used = 0;
            const auto number = static_cast<unsigned>(std::stoul(text, &used));
            current = &programs[number];
            current->number = number;
            current->what = text.substr(used + 1);
        } else if (current != nullptr) {
            parse_field(text, *current);
        }
    }
    return programs;
}

const std::map<unsigned, SpecProgram>& all_programs() {
    static const std::map<unsigned, SpecProgram> programs = load_programs();
    return programs;
}

/// Ports that read back what was written, and two that are the stack pointers.
class SpecDevices final : public Devices {
public:
    explicit SpecDevices(PortSet ports) : Devices(ports, ports) {}

    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        calls.push_back({DeviceCall::Kind::Read, port, 0});
        switch (port) {
            case kWstPort: return machine.wst.ptr;
            case kRstPort: return machine.rst.ptr;
            default: return machine.dev[port];
        }
    }
    DeviceEffect write(Machine& machine, std::uint8_t port) noexcept override {
        calls.push_back({DeviceCall::Kind::Write, port, machine.dev[port]});
        switch (port) {
            case kWstPort: machine.wst.ptr = machine.dev[port]; break;
            case kRstPort: machine.rst.ptr = machine.dev[port]; break;
            default: break;
        }
        return {};
    }

    std::vector<DeviceCall> calls;
};

void expect_stack(std::string_view name, const Stack& actual, const ExpectedStack& expected) {
    EXPECT_EQ(hex(actual.ptr, 2), hex(expected.ptr, 2)) << name << ".ptr";
    for (const auto& [index, value] : expected.cells) {
        EXPECT_EQ(hex(actual[index], 2), hex(value, 2)) << name << "[" << hex(index, 2) << "]";
    }
}

/// Runs the program to its BRK and compares all that is said about the state after it.
void run_program(const Engine& engine, const SpecProgram& program, Devices& devices) {
    Machine machine = program.before;
    const Stop stop = engine.run(machine, devices, kResetVector, {.instructions = 10'000});
    EXPECT_EQ(name_of(stop.reason), "Break");
    expect_stack("wst", machine.wst, program.wst);
    expect_stack("rst", machine.rst, program.rst);
    for (const auto& [address, value] : program.memory) {
        EXPECT_EQ(hex(machine.ram[address], 2), hex(value, 2)) << "ram[" << hex(address, 4) << "]";
    }
}

class SpecProgramsTest : public testing::TestWithParam<std::tuple<EngineEntry, unsigned>> {};

TEST_P(SpecProgramsTest, LeavesTheStateThatTheSpecificationShows) {
    const auto& [entry, number] = GetParam();
    ASSERT_TRUE(all_programs().contains(number)) << LEVERET_SPEC_PROGRAMS;
    const SpecProgram& program = all_programs().at(number);
    SCOPED_TRACE(program.what + ": " + program.source);
    {
        SCOPED_TRACE("with devices on all ports");
        SpecDevices devices(PortSet::all());
        run_program(*entry.engine, program, devices);
        EXPECT_EQ(describe(devices.calls), program.device_log);
    }
    {
        SCOPED_TRACE("with devices on the ports of the stack pointers only");
        PortSet ports;
        ports.insert(kWstPort);
        ports.insert(kRstPort);
        SpecDevices devices(ports);
        run_program(*entry.engine, program, devices);
    }
}

INSTANTIATE_TEST_SUITE_P(Conformance, SpecProgramsTest,
                         testing::Combine(testing::ValuesIn(available_engines()),
                                          testing::Range(1U, kProgramCount + 1)),
                         [](const testing::TestParamInfo<SpecProgramsTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& number = std::get<1>(instance.param);
                             return "Program" + std::to_string(number) + "_" +
                                    std::string(entry.name);
                         });

TEST(SpecProgramsFile, HoldsTheWholeTableAndASourceAndARomForEachProgram) {
    ASSERT_EQ(all_programs().size(), kProgramCount);
    for (const auto& [number, program] : all_programs()) {
        EXPECT_LE(number, kProgramCount);
        EXPECT_FALSE(program.what.empty()) << number;
        EXPECT_FALSE(program.source.empty()) << number;
        EXPECT_NE(program.before.ram[kResetVector], 0) << number;
    }
}

}  // namespace
}  // namespace uxn::test
