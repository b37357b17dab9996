// Any bytes are a program, or the choices that compose one: all engines agree with the oracle after
// every stop, whatever devices do.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "check.hpp"
#include "differential/generator.hpp"
#include "differential/report.hpp"
#include "fuzz_bytes.hpp"
#include "support/available_engines.hpp"

namespace {

using uxn::test::ProgramKind;
using uxn::test::Trial;

/// The bytes themselves as code.
Trial raw_trial(fuzz::FuzzBytes& bytes) {
    Trial trial;
    trial.placement = bytes.pick({uxn::test::Placement::AtEnd, uxn::test::Placement::AtStart});
    trial.machine.wst.ptr = bytes.byte();
    trial.machine.rst.ptr = bytes.byte();
    trial.pc = bytes.word();
    trial.devices = uxn::test::random_devices(bytes);
    trial.slices = uxn::test::random_slices(bytes, bytes.one_in(4), {});
    std::uint16_t at = trial.pc;
    for (const std::uint8_t byte : bytes.take_rest()) {
        trial.machine.ram[at++] = byte;
    }
    return trial;
}

/// Those of which a fuzzer's bytes decide more than a seed.
constexpr std::array kKinds{
    ProgramKind::Endless,    ProgramKind::Edges,         ProgramKind::Straight,
    ProgramKind::Structured, ProgramKind::SelfModifying, ProgramKind::Ports,
};

/// Shortens runs beyond what a fuzzer has time for.
void limit(Trial& trial) {
    std::uint64_t left = 150'000;
    for (uxn::test::Slice& slice : trial.slices) {
        slice.budget = std::min(slice.budget, left);
        left -= slice.budget;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    const std::uint32_t kind = bytes.below(kKinds.size() + 1);
    const auto trial = std::make_unique<Trial>(
        kind == kKinds.size() ? raw_trial(bytes) : uxn::test::generate(kKinds[kind], bytes));
    limit(*trial);
    for (const uxn::EngineEntry& entry : uxn::test::engines_but_oracle()) {
        if (const auto difference = uxn::test::compare(*entry.engine, *trial)) {
            std::fputs(uxn::test::report(*entry.engine, *trial, *difference).c_str(), stderr);
            fuzz::check(false, "engines do the same as the oracle");
        }
    }
    return 0;
}
