#include "app/cli/jit_dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "host/files.hpp"
#include "uxn/opcode.hpp"

namespace cli {
namespace {

using uxn::jit::RegionReport;

/// Where its instructions begin. A region knows which bytes it has looked at, opcodes among them,
/// and where its blocks begin, which may be inside of instructions that begin elsewhere.
std::set<std::uint16_t> instructions_of(const RegionReport& report) {
    const std::vector<std::uint16_t>& seen = report.region.looked_at;
    std::set<std::uint16_t> begins;
    const auto follow = [&](std::uint32_t at, bool on) {
        while (at < uxn::kRamSize && std::ranges::binary_search(seen, at) &&
               begins.insert(static_cast<std::uint16_t>(at)).second && on) {
            at += uxn::length_of(uxn::Op{report.ram[static_cast<std::uint16_t>(at)]});
        }
    };
    std::uint32_t next = 0;
    for (const std::uint16_t at : seen) {
        if (at >= next) {
            follow(at, false);
            next = at + uxn::length_of(uxn::Op{report.ram[at]});
        }
    }
    for (const uxn::jit::Block& block : report.region.blocks) {
        follow(block.pc, true);
    }
    return begins;
}

std::string operand_of(const uxn::Ram& ram, std::uint16_t at, const CodeLabels& labels) {
    const uxn::Op op{ram[at]};
    const unsigned length = uxn::length_of(op);
    const auto byte = [&](unsigned i) { return ram[static_cast<std::uint16_t>(at + i)]; };
    if (length == 1) {
        return {};
    }
    if (length == 2) {
        return fmt::format(" #{:02x}", byte(1));
    }
    const unsigned number = byte(1) * 0x100U + byte(2);
    if (uxn::is_immediate_jump(op)) {
        return " " + labels.name(static_cast<std::uint16_t>(at + length + number));
    }
    return fmt::format(" #{:04x}", number);
}

std::string uxn_text(const RegionReport& report, const CodeLabels& labels) {
    std::string text;
    std::uint32_t expected = 0;
    for (const std::uint16_t at : instructions_of(report)) {
        const uxn::Op op{report.ram[at]};
        const unsigned length = uxn::length_of(op);
        if (at != expected && !text.empty()) {
            text += "\n";
        }
        if (const std::string label = labels.at(at); !label.empty()) {
            text += "@" + label + "\n";
        }
        std::string bytes;
        for (unsigned i = 0; i < length; ++i) {
            bytes += fmt::format("{:02x}", report.ram[static_cast<std::uint16_t>(at + i)]);
        }
        text += fmt::format("  {:04x}  {:6}  {}{}\n", at, bytes, uxn::info_of(op).name,
                            operand_of(report.ram, at, labels));
        expected = at + length;
    }
    return text;
}

std::string text_of(const RegionReport& report, const CodeLabels& labels, unsigned time) {
    const uxn::jit::Region& region = report.region;
    return fmt::format(
        "{}, compilation {}: {} instructions, {} bytes of code at {}\n\n"
        "Uxn\n\n{}\n"
        "Intermediate representation\n\n{}\n"
        "Machine code\n\n{}",
        labels.name(region.pc), time, region.instructions, report.code.code.size(),
        static_cast<const void*>(report.code.code.data()), uxn_text(report, labels),
        uxn::jit::print(region), report.code.assembly);
}

}  // namespace

void JitDump::compiled(const RegionReport& report) noexcept {
    const std::scoped_lock lock(mutex_);
    const unsigned time = ++times_[report.region.pc];
    const std::string number = time == 1 ? std::string() : fmt::format("-{}", time);
    const auto written =
        host::write_file(fmt::format("{}/{:04x}{}.txt", folder_, report.region.pc, number),
                         text_of(report, labels_, time));
    if (outcome_ && !written) {
        outcome_ = written;
    }
}

}  // namespace cli
