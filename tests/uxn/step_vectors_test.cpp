// The single-step vectors of tests/conformance/cpu-step.txt, on every engine.

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <tuple>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "support/device_calls.hpp"
#include "support/text_file.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

/// A line of the file.
struct StepVector {
    unsigned line = 0;
    Op op{};
    std::uint32_t seed = 0;
    std::uint16_t pc = 0;
    std::uint8_t wst_ptr = 0;
    std::uint8_t rst_ptr = 0;
    std::uint16_t pc_after = 0;
    std::uint8_t wst_ptr_after = 0;
    std::uint8_t rst_ptr_after = 0;
    struct Change {
        char kind = 0;  ///< w, r or m: which memory
        std::uint16_t index = 0;
        std::uint8_t value = 0;
    };
    std::vector<Change> changes;
    std::vector<DeviceCall> calls;
};

/// The whole file.
struct StepVectors {
    std::array<std::vector<StepVector>, 256> of_opcode;
    std::size_t count = 0;
    std::string error;  ///< why the file cannot be used
};

std::string path_of_vectors() {
    const char* other = std::getenv("LEVERET_STEP_VECTORS");
    return other != nullptr ? other : LEVERET_STEP_VECTORS;
}

/// The next word of `in` as a number of at most `most`.
template <class T>
bool read_number(std::istream& in, int base, T& number) {
    std::string word;
    if (!(in >> word)) {
        return false;
    }
    const char* end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, number, base);
    return result.ec == std::errc() && result.ptr == end;
}

std::optional<StepVector> parse_vector(const std::string& text, unsigned line) {
    StepVector vector;
    vector.line = line;
    std::istringstream in(text);
    std::uint8_t opcode = 0;
    std::string arrow;
    if (!read_number(in, 16, opcode) || !read_number(in, 10, vector.seed) ||
        !read_number(in, 16, vector.pc) || !read_number(in, 16, vector.wst_ptr) ||
        !read_number(in, 16, vector.rst_ptr) || !(in >> arrow) || arrow != "->" ||
        !read_number(in, 16, vector.pc_after) || !read_number(in, 16, vector.wst_ptr_after) ||
        !read_number(in, 16, vector.rst_ptr_after)) {
        return std::nullopt;
    }
    vector.op = Op{opcode};
    std::string kind;
    while (in >> kind) {
        std::uint16_t index = 0;
        std::uint8_t value = 0;
        if (kind.size() != 1 || !read_number(in, 16, index) || !read_number(in, 16, value) ||
            (kind != "m" && index > 0xff)) {
            return std::nullopt;
        }
        switch (kind[0]) {
            case 'w':
            case 'r':
            case 'm':
                vector.changes.push_back({.kind = kind[0], .index = index, .value = value});
                break;
            case 'i':
            case 'o':
                vector.calls.push_back(
                    {.kind = kind == "i" ? DeviceCall::Kind::Read : DeviceCall::Kind::Write,
                     .port = static_cast<std::uint8_t>(index),
                     .value = value});
                break;
            default: return std::nullopt;
        }
    }
    return vector;
}

StepVectors load_vectors() {
    StepVectors vectors;
    const std::string path = path_of_vectors();
    std::istringstream file = text_file(path);
    std::string text;
    for (unsigned line = 1; std::getline(file, text); ++line) {
        if (text.find_first_not_of(" \t\r") == std::string::npos || text[0] == '#') {
            continue;
        }
        const std::optional<StepVector> vector = parse_vector(text, line);
        if (!vector) {
            vectors.error = path + ":" + std::to_string(line) + ": not a vector: " + text;
            return vectors;
        }
        vectors.of_opcode[byte_of(vector->op)].push_back(*vector);
        ++vectors.count;
    }
    if (vectors.count == 0) {
        vectors.error = path + ": missing, unreadable or without any vector";
    }
    return vectors;
}

const StepVectors& all_vectors() {
    static const StepVectors vectors = load_vectors();
    return vectors;
}

/// The numbers of which the state before a step is made; see the file's own description.
class Pattern {
public:
    Pattern(const StepVector& vector, std::uint32_t part) : seed_(4 * vector.seed + part) {}

    std::uint8_t operator[](std::uint32_t i) const {
        std::uint32_t x = seed_ * 0x9e3779b1U + i * 0x85ebca6bU;
        x ^= x >> 15;
        x *= 0x2c1b3c6dU;
        x ^= x >> 12;
        switch (seed_ % 4) {
            case 0: return static_cast<std::uint8_t>(x & 3);
            case 1: return static_cast<std::uint8_t>((x & 1) != 0 ? 0xff : (x >> 1) & 1);
            default: return static_cast<std::uint8_t>(x);
        }
    }

private:
    std::uint32_t seed_;
};

Machine machine_before(const StepVector& vector) {
    Machine machine;
    const Pattern wst(vector, 0);
    const Pattern rst(vector, 1);
    const Pattern ram(vector, 2);
    for (unsigned i = 0; i < kRingSize; ++i) {
        machine.wst[static_cast<std::uint8_t>(i)] = wst[i];
        machine.rst[static_cast<std::uint8_t>(i)] = rst[i];
    }
    for (unsigned i = 0; i < kRamSize; ++i) {
        machine.ram[static_cast<std::uint16_t>(i)] = ram[i];
    }
    machine.ram[vector.pc] = byte_of(vector.op);
    machine.wst.ptr = vector.wst_ptr;
    machine.rst.ptr = vector.rst_ptr;
    return machine;
}

Machine machine_after(const StepVector& vector, const Machine& before) {
    Machine machine = before;
    for (const StepVector::Change& change : vector.changes) {
        switch (change.kind) {
            case 'w': machine.wst[static_cast<std::uint8_t>(change.index)] = change.value; break;
            case 'r': machine.rst[static_cast<std::uint8_t>(change.index)] = change.value; break;
            default: machine.ram[change.index] = change.value; break;
        }
    }
    for (const DeviceCall& call : vector.calls) {
        if (call.kind == DeviceCall::Kind::Write) {
            machine.dev[call.port] = call.value;
        }
    }
    machine.wst.ptr = vector.wst_ptr_after;
    machine.rst.ptr = vector.rst_ptr_after;
    return machine;
}

/// Devices on all ports, which answer reads from a pattern.
class PatternDevices final : public Devices {
public:
    explicit PatternDevices(const StepVector& vector)
        : Devices(PortSet::all(), PortSet::all()), values_(vector, 3) {}

    std::uint8_t read(Machine&, std::uint8_t port) noexcept override {
        calls.push_back({DeviceCall::Kind::Read, port, values_[port]});
        return values_[port];
    }
    DeviceEffect write(Machine& machine, std::uint8_t port) noexcept override {
        calls.push_back({DeviceCall::Kind::Write, port, machine.dev[port]});
        return {};
    }

    std::vector<DeviceCall> calls;

private:
    Pattern values_;
};

/// Runs one instruction on `machine` and says where the outcome differs from `expected`.
std::string run_one(const Engine& engine, const StepVector& vector, Devices& devices,
                    Machine machine, const Machine& expected) {
    const Stop stop = engine.run(machine, devices, vector.pc, {.instructions = 1});
    const Stop expected_stop{
        .reason = vector.op == Op::BRK ? Stop::Reason::Break : Stop::Reason::Budget,
        .pc = vector.pc_after,
        .instructions = 1};
    if (stop != expected_stop) {
        return "stopped: " + describe(stop) + ", expected " + describe(expected_stop);
    }
    return first_difference(machine, expected);
}

/// The step with devices on all ports.
std::string run_with_devices(const Engine& engine, const StepVector& vector) {
    const Machine before = machine_before(vector);
    PatternDevices devices(vector);
    const std::string difference =
        run_one(engine, vector, devices, before, machine_after(vector, before));
    if (difference.empty() && devices.calls != vector.calls) {
        return "device calls are \"" + describe(devices.calls) + "\", expected \"" +
               describe(vector.calls) + "\"";
    }
    return difference;
}

/// The same step with ports that are plain memory, where engines take another path.
std::string run_without_devices(const Engine& engine, const StepVector& vector) {
    Machine before = machine_before(vector);
    const Pattern values(vector, 3);
    for (unsigned port = 0; port < kPortCount; ++port) {
        before.dev[port] = values[port];
    }
    NoDevices devices;
    return run_one(engine, vector, devices, before, machine_after(vector, before));
}

class StepVectorsTest : public testing::TestWithParam<std::tuple<EngineEntry, unsigned>> {};

TEST_P(StepVectorsTest, OneInstructionChangesWhatTheVectorsSayAndNothingElse) {
    const auto& [entry, opcode] = GetParam();
    ASSERT_EQ(all_vectors().error, "");
    const std::vector<StepVector>& vectors = all_vectors().of_opcode[opcode];
    if (vectors.empty() && std::getenv("LEVERET_STEP_VECTORS") != nullptr) {
        GTEST_SKIP() << "the file in LEVERET_STEP_VECTORS has no vector for this opcode";
    }
    ASSERT_FALSE(vectors.empty());
    for (const StepVector& vector : vectors) {
        const auto where = [&vector] {
            return path_of_vectors() + ":" + std::to_string(vector.line) + ": " +
                   std::string(info_of(vector.op).name) + ": ";
        };
        EXPECT_EQ(run_with_devices(*entry.engine, vector), "") << where();
        if (!vector.calls.empty()) {
            EXPECT_EQ(run_without_devices(*entry.engine, vector), "")
                << where() << "with ports that are plain memory: ";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Conformance, StepVectorsTest,
                         testing::Combine(testing::ValuesIn(available_engines()),
                                          testing::Range(0U, 256U)),
                         [](const testing::TestParamInfo<StepVectorsTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& opcode = std::get<1>(instance.param);
                             return std::string(
                                        info_of(Op{static_cast<std::uint8_t>(opcode)}).name) +
                                    "_" + std::string(entry.name);
                         });

TEST(StepVectorsFile, HoldsFortyVectorsForEveryOpcode) {
    ASSERT_EQ(all_vectors().error, "");
    if (std::getenv("LEVERET_STEP_VECTORS") != nullptr) {
        GTEST_SKIP() << "another file is in use: " << path_of_vectors();
    }
    for (const std::vector<StepVector>& vectors : all_vectors().of_opcode) {
        EXPECT_EQ(vectors.size(), 40U);
    }
}

}  // namespace
}  // namespace uxn::test
