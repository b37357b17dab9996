// What observers of the JIT are told.

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tal/assembler.hpp"
#include "uxn/devices.hpp"
#include "uxn/engines.hpp"
#include "uxn/jit/gdb.hpp"
#include "uxn/jit/observer.hpp"

namespace uxn::test {
namespace {

class Witness final : public jit::Observer {
public:
    explicit Witness(bool wants_assembly = false) : wants_assembly_(wants_assembly) {}

    bool wants_assembly() const noexcept override { return wants_assembly_; }
    void shared(const jit::CodeReport& report) noexcept override {
        const std::scoped_lock lock(mutex_);
        appear(report);
        ++shared_pieces;
    }
    void compiled(const jit::RegionReport& report) noexcept override {
        const std::scoped_lock lock(mutex_);
        appear(report.code);
        regions.push_back(report.region.pc);
        assembly = report.code.assembly;
        EXPECT_GT(report.time.count(), 0);
    }
    void dropped(const std::uint8_t* code, jit::Dropped why) noexcept override {
        const std::scoped_lock lock(mutex_);
        EXPECT_TRUE(there_.contains(code));
        ++reasons[why];
    }
    void released(const std::uint8_t* code) noexcept override {
        const std::scoped_lock lock(mutex_);
        EXPECT_EQ(there_.erase(code), 1U);
    }
    void counted(const jit::Counters& counted) noexcept override {
        const std::scoped_lock lock(mutex_);
        counters.entries += counted.entries;
        counters.side_exits += counted.side_exits;
        counters.steps += counted.steps;
        counters.instructions += counted.instructions;
    }

    std::size_t pieces_there() const { return there_.size(); }

    unsigned shared_pieces = 0;
    std::vector<std::uint16_t> regions;
    std::string assembly;  ///< of the last one
    std::map<jit::Dropped, unsigned> reasons;
    jit::Counters counters;

private:
    void appear(const jit::CodeReport& report) {
        for (const auto& [begin, size] : there_) {
            EXPECT_TRUE(report.code.data() >= begin + size ||
                        report.code.data() + report.code.size() <= begin);
        }
        there_[report.code.data()] = report.code.size();
        EXPECT_FALSE(report.frames.empty());
    }

    bool wants_assembly_;
    std::mutex mutex_;
    std::map<const std::uint8_t*, std::size_t> there_;
};

/// The engine with observers, if this build has one.
std::unique_ptr<Engine> engine_with(std::vector<jit::Observer*> observers) {
    for (const EngineEntry& entry : engine_list()) {
        if (entry.observed != nullptr) {
            return entry.observed(std::move(observers));
        }
    }
    return nullptr;
}

Machine machine_with(std::string_view source) {
    tal::MemoryLoader loader;
    loader.add("program", std::string(source));
    const tal::Assembly assembly = tal::assemble("program", loader);
    EXPECT_TRUE(assembly.ok());
    Machine machine{};
    std::ranges::copy(assembly.rom, machine.ram.data() + kResetVector);
    return machine;
}

constexpr std::uint64_t kInstructions = 3'000'000;

Stop run(const Engine& engine, std::string_view source) {
    Machine machine = machine_with(source);
    NoDevices devices;
    return engine.run(machine, devices, kResetVector, {.instructions = kInstructions});
}

constexpr std::string_view kLoop = "|100 #0000 &again INC2 DUP2 POP2 !&again";

class JitObserverTest : public testing::Test {
protected:
    void SetUp() override {
        if (engine_with({}) == nullptr) {
            GTEST_SKIP() << "this build has no engine to observe";
        }
    }
};

TEST_F(JitObserverTest, SeesWhatIsCompiledAndThatAllOfItGoes) {
    Witness witness;
    auto engine = engine_with({&witness});
    run(*engine, kLoop);
    EXPECT_EQ(witness.shared_pieces, 1U);
    EXPECT_EQ(witness.regions, std::vector<std::uint16_t>{0x103});
    EXPECT_EQ(witness.pieces_there(), 2U);
    EXPECT_TRUE(witness.reasons.empty());
    engine.reset();
    EXPECT_EQ(witness.pieces_there(), 0U);
    EXPECT_EQ(witness.reasons[jit::Dropped::Over], 1U);
}

TEST_F(JitObserverTest, IsToldHowManyInstructionsCompiledCodeHasExecuted) {
    Witness witness;
    const auto engine = engine_with({&witness});
    const Stop stop = run(*engine, kLoop);
    EXPECT_EQ(stop.instructions, kInstructions);
    EXPECT_LT(witness.counters.instructions, kInstructions);
    EXPECT_GT(witness.counters.instructions, kInstructions * 9 / 10);
    EXPECT_GE(witness.counters.entries, witness.counters.side_exits);
    EXPECT_GT(witness.counters.side_exits, 0U) << "the loop is left where slices end";
}

TEST_F(JitObserverTest, LearnsOfCodeThatWasChanged) {
    Witness witness;
    const auto engine = engine_with({&witness});
    run(*engine, R"(|100 #0000
        @again INC2 DUP2 #7fff AND2 ORA ?again
            [ LIT2 ADD2 SUB2 ] ,&op LDR EQUk NIP ?{ SWP } POP ,&op STR
            #0001 #0002 [ &op ADD2 ] POP2 !again)");
    EXPECT_GT(witness.reasons[jit::Dropped::Changed], 0U);
    EXPECT_GT(witness.regions.size(), 1U);
}

TEST_F(JitObserverTest, GetsAssemblyIfItWants) {
    Witness content;
    Witness curious(true);
    run(*engine_with({&content}), kLoop);
    EXPECT_EQ(content.assembly, "");
    run(*engine_with({&content, &curious}), kLoop);
    EXPECT_NE(curious.assembly.find("L0:\n"), std::string::npos) << curious.assembly;
    EXPECT_NE(curious.assembly.find("; side exit\n"), std::string::npos) << curious.assembly;
}

TEST_F(JitObserverTest, MaySeeSeveralThreads) {
    Witness witness;
    auto engine = engine_with({&witness});
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 3; ++k) {
                run(*engine, kLoop);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_GE(witness.shared_pieces, 1U);
    // The loop, and where the runs begin: what a thread has compiled is kept.
    EXPECT_LE(witness.regions.size(), 2 * witness.shared_pieces);
    EXPECT_GT(witness.counters.instructions, 9 * kInstructions * 9 / 10);
    engine.reset();
    EXPECT_EQ(witness.pieces_there(), 0U);
}

// --- gdb ----------------------------------------------------------------------------------------

/// The section of that name in an object file.
std::span<const std::uint8_t> section(std::span<const std::uint8_t> file, std::string_view name) {
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof(header));
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), file.data() + header.e_shoff,
                sections.size() * sizeof(Elf64_Shdr));
    const char* names =
        reinterpret_cast<const char*>(file.data()) + sections[header.e_shstrndx].sh_offset;
    for (const Elf64_Shdr& each : sections) {
        if (names + each.sh_name == name) {
            return file.subspan(each.sh_offset, each.sh_size);
        }
    }
    return {};
}

TEST(GdbObject, HasTheCodesAddressAndName) {
    const std::vector<std::uint8_t> code(100);
    const std::vector<std::uint8_t> frames = {1, 2, 3, 4};
    const std::vector<std::uint8_t> file =
        jit::object_file({.code = code, .frames = frames, .assembly = {}}, "uxn:0106 loop");
    EXPECT_TRUE(std::ranges::equal(section(file, ".eh_frame"), frames));
    const auto symbols = section(file, ".symtab");
    ASSERT_EQ(symbols.size(), 2 * sizeof(Elf64_Sym));
    Elf64_Sym symbol;
    std::memcpy(&symbol, symbols.data() + sizeof(symbol), sizeof(symbol));
    EXPECT_EQ(symbol.st_value, reinterpret_cast<std::uintptr_t>(code.data()));
    EXPECT_EQ(symbol.st_size, code.size());
    EXPECT_STREQ(reinterpret_cast<const char*>(section(file, ".strtab").data()) + symbol.st_name,
                 "uxn:0106 loop");
}

TEST_F(JitObserverTest, TellsGdbOfWhatIsThereAndNoMore) {
    struct Entry {
        Entry* next;
        Entry* previous;
    };
    struct Descriptor {
        std::uint32_t version;
        std::uint32_t action;
        Entry* relevant;
        Entry* first;
    };
    const auto* descriptor = static_cast<const Descriptor*>(jit::gdb_descriptor());
    const auto count = [&] {
        int entries = 0;
        for (const Entry* at = descriptor->first; at != nullptr; at = at->next) {
            EXPECT_TRUE(at->next == nullptr || at->next->previous == at);
            ++entries;
        }
        return entries;
    };
    EXPECT_EQ(descriptor->version, 1U);
    EXPECT_EQ(count(), 0);
    std::vector<std::uint16_t> named;
    jit::GdbSymbols symbols([&](std::uint16_t pc) {
        named.push_back(pc);
        return std::string("name");
    });
    auto engine = engine_with({&symbols});
    run(*engine, kLoop);
    EXPECT_EQ(count(), 2);
    EXPECT_EQ(named, std::vector<std::uint16_t>{0x103});
    engine.reset();
    EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace uxn::test
