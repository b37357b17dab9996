// What is special about the fused engines: their list of sequences, what they remember of code, and
// programs that change code which is part of a sequence.

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "support/effects.hpp"
#include "uxn/fused/code_map.hpp"
#include "uxn/fused/sequences.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

using fused::CodeMap;

std::string text_of(std::span<const Op> ops) {
    std::string text;
    for (const Op op : ops) {
        text += std::string(info_of(op).name) + ' ';
    }
    return text;
}

/// Nothing may follow in a sequence.
bool always_leaves(Op op) {
    return op == Op::BRK || op == Op::JMI || op == Op::JSI ||
           (kEffects[byte_of(op)].jumps && !is_immediate(op) && base_of(op) != base_of(Op::JCN));
}

TEST(Sequences, AreRowsOfAFewOpcodesThatCanFollowEachOther) {
    ASSERT_GT(fused::sequence_count(), 0u);
    for (std::size_t i = 0; i < fused::sequence_count(); ++i) {
        const std::span<const Op> ops = fused::sequence_ops(i);
        EXPECT_GE(ops.size(), 2u) << text_of(ops);
        EXPECT_LE(ops.size(), fused::kMostOps) << text_of(ops);
        for (const Op op : ops.first(ops.size() - 1)) {
            EXPECT_FALSE(always_leaves(op)) << text_of(ops);
        }
        EXPECT_NE(ops.back(), Op::BRK) << text_of(ops);
    }
}

TEST(Sequences, AreThereOnce) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < fused::sequence_count(); ++i) {
        EXPECT_TRUE(seen.insert(text_of(fused::sequence_ops(i))).second)
            << text_of(fused::sequence_ops(i));
    }
}

TEST(Sequences, AreFoundInTheTree) {
    for (std::size_t i = 0; i < fused::sequence_count(); ++i) {
        fused::SequenceTree::Node node = fused::SequenceTree::kRoot;
        for (const Op op : fused::sequence_ops(i)) {
            node = fused::SequenceTree::next(node, op);
            ASSERT_NE(node, fused::SequenceTree::kNowhere) << text_of(fused::sequence_ops(i));
        }
        EXPECT_EQ(fused::SequenceTree::sequence(node), static_cast<int>(i));
    }
    EXPECT_EQ(fused::SequenceTree::next(fused::SequenceTree::kRoot, Op::BRK),
              fused::SequenceTree::kNowhere);
}

/// A map whose entries are the plans themselves.
class CodeMapTest : public testing::Test {
protected:
    CodeMapTest() {
        for (std::size_t i = 0; i < plans_.size(); ++i) {
            plans_[i] = static_cast<CodeMap::Entry>(i);
        }
        map_ = CodeMap::make(plans_);
    }
    /// A row that is in the list, with a literal in the middle: LIT2 x ADD2.
    void put_row(std::uint16_t at) { put(at, {byte_of(Op::LIT2), 0x12, 0x34, byte_of(Op::ADD2)}); }
    void put(std::uint16_t at, std::initializer_list<std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) {
            ram_[at++] = byte;
        }
    }
    CodeMap::Entry decode(std::uint16_t at) {
        map_->decode(ram_, at);
        return map_->entries()[at];
    }
    static CodeMap::Entry single(Op op) { return fused::kSingle + byte_of(op); }

    Ram ram_;
    std::vector<CodeMap::Entry> plans_ =
        std::vector<CodeMap::Entry>(fused::kSequence + fused::sequence_count());
    CodeMap::Owner map_;
};

TEST_F(CodeMapTest, KnowsNothingInTheBeginning) {
    for (std::size_t at = 0; at < kRamSize; ++at) {
        ASSERT_EQ(map_->entries()[at], fused::kDecode);
    }
}

TEST_F(CodeMapTest, FindsTheLongestSequence) {
    put_row(0x0200);
    ram_[0x0204] = byte_of(Op::BRK);
    const CodeMap::Entry row = decode(0x0200);
    ASSERT_GE(row, fused::kSequence);
    const auto ops = fused::sequence_ops(static_cast<std::size_t>(row - fused::kSequence));
    EXPECT_EQ(text_of(ops), "LIT2 ADD2 ");
    EXPECT_EQ(map_->count_at(0x0200), 2u);
    EXPECT_EQ(decode(0x0203), single(Op::ADD2));
    EXPECT_EQ(map_->count_at(0x0203), 1u);
}

TEST_F(CodeMapTest, HasOnlyTheSequencesThatItsDispatcherHas) {
    map_ = CodeMap::make(std::span(plans_).first(fused::kSequence));
    put_row(0x0200);
    EXPECT_EQ(decode(0x0200), single(Op::LIT2));
}

TEST_F(CodeMapTest, MarksOpcodesAndNoLiterals) {
    put_row(0x0200);
    decode(0x0200);
    EXPECT_TRUE(map_->is_code(0x0200));
    EXPECT_FALSE(map_->is_code(0x0201));
    EXPECT_FALSE(map_->is_code(0x0202));
    EXPECT_TRUE(map_->is_code(0x0203));
    EXPECT_TRUE(map_->is_code_at_either(0x0202));
    EXPECT_FALSE(map_->is_code_at_either(0x0201));
}

TEST_F(CodeMapTest, ForgetsWhatAStoreChanges) {
    put_row(0x0200);
    const CodeMap::Entry row = decode(0x0200);
    map_->written(0x0201, 2);
    EXPECT_EQ(map_->entries()[0x0200], row) << "a literal is read when it is executed";
    ram_[0x0203] = byte_of(Op::SUB2);
    map_->written(0x0203, 1);
    EXPECT_EQ(map_->entries()[0x0200], fused::kDecode);
    EXPECT_NE(decode(0x0200), row);
}

TEST_F(CodeMapTest, LooksAtTheDistancesOfJumps) {
    put(0x0200, {byte_of(Op::JMI), 0x00, 0x10});
    EXPECT_EQ(decode(0x0200), single(Op::JMI));
    EXPECT_EQ(map_->target_at(0x0200), 0x0213);
    EXPECT_TRUE(map_->is_code(0x0201));
    EXPECT_TRUE(map_->is_code(0x0202));
    ram_[0x0202] = 0x20;
    map_->written(0x0202, 1);
    EXPECT_EQ(map_->entries()[0x0200], fused::kDecode);
    decode(0x0200);
    EXPECT_EQ(map_->target_at(0x0200), 0x0223);
}

TEST_F(CodeMapTest, GivesUpOnCodeThatKeepsChanging) {
    put_row(0x0200);
    for (int i = 0; i < 10; ++i) {
        decode(0x0203);
        map_->written(0x0203, 1);
    }
    EXPECT_EQ(decode(0x0203), fused::kFetch);
    EXPECT_FALSE(map_->is_code(0x0203)) << "stores there cost nothing any more";
    EXPECT_EQ(decode(0x0200), single(Op::LIT2)) << "and it is in no sequence";
}

TEST_F(CodeMapTest, LeavesTheZeroPageAndTheEndOfRamAlone) {
    put_row(0x0080);
    EXPECT_EQ(decode(0x0080), fused::kFetch);
    EXPECT_FALSE(map_->is_code(0x0080));
    EXPECT_EQ(decode(0xffe0), fused::kCareful);
    EXPECT_EQ(decode(0xffff), fused::kCareful);
    EXPECT_NE(decode(0xffdf), fused::kCareful);
}

TEST_F(CodeMapTest, NoticesThatAnotherProgramIsThere) {
    put_row(0x0200);
    put_row(0x02fe);  // across a page
    const CodeMap::Entry row = decode(0x0200);
    decode(0x02fe);
    map_->compare(ram_);
    EXPECT_EQ(map_->entries()[0x0200], row) << "nothing has changed";
    EXPECT_EQ(map_->entries()[0x02fe], row);
    ram_[0x0201] = 0xff;
    map_->compare(ram_);
    EXPECT_EQ(map_->entries()[0x0200], row) << "a literal has";
    ram_[0x0301] = byte_of(Op::SUB2);
    map_->compare(ram_);
    EXPECT_EQ(map_->entries()[0x02fe], fused::kDecode) << "the end of a row, on the next page";
}

/// A program, and what it does to its own code.
struct SelfModifying {
    const char* name;
    std::vector<std::uint8_t> rom;
};

void PrintTo(const SelfModifying& program, std::ostream* out) {
    *out << program.name;
}

// Each runs its loop five times: the code has been decoded when it changes. The counter is on the
// return stack; `end` closes the loop at 0102.
std::vector<std::uint8_t> loop_of(std::initializer_list<std::uint8_t> body) {
    std::vector<std::uint8_t> rom = {byte_of(Op::LITr), 0x05};
    rom.insert(rom.end(), body);
    for (const std::uint8_t byte :
         {byte_of(Op::LITr), std::uint8_t{1}, byte_of(Op::SUBr), byte_of(Op::STHkr)}) {
        rom.push_back(byte);
    }
    rom.push_back(byte_of(Op::JCI));
    const int distance = -static_cast<int>(rom.size());
    rom.push_back(static_cast<std::uint8_t>(distance >> 8));
    rom.push_back(static_cast<std::uint8_t>(distance));
    rom.push_back(byte_of(Op::BRK));
    return rom;
}

std::vector<SelfModifying> self_modifying_programs() {
    constexpr auto b = [](Op op) { return byte_of(op); };
    return {
        // #1234 #0001 ADD2, then ADD2 becomes SUB2 or ADD2 again: EOR of the opcode with 01.
        {"AnOpcodeOfTheSequenceBefore",
         loop_of({b(Op::LIT2), 0x12, 0x34, b(Op::LIT2), 0x00, 0x01, b(Op::ADD2),  //
                  b(Op::LIT2), 0x01, 0x08, b(Op::LDAk), b(Op::LIT), 0x01, b(Op::EOR), b(Op::ROT),
                  b(Op::ROT), b(Op::STA)})},
        {"AnOpcodeAheadInTheSameStraightLine",
         loop_of({b(Op::LIT2), 0x01, 0x0f, b(Op::LDAk), b(Op::LIT), 0x01, b(Op::EOR), b(Op::ROT),
                  b(Op::ROT), b(Op::STA),  //
                  b(Op::LIT2), 0x12, 0x34, b(Op::ADD2)})},
        // LIT2 010b STA, and the INC behind it, may be one sequence: the INC becomes DUP, and INC
        // again.
        {"TheNextOpcodeInsideTheRunningSequence",
         loop_of({b(Op::LIT2), 0x00, 0x00, b(Op::LIT), b(Op::DUP), b(Op::LIT2), 0x01, 0x0b,
                  b(Op::STA), b(Op::INC), b(Op::LIT), b(Op::INC), b(Op::LIT2), 0x01, 0x0b,
                  b(Op::STA)})},
        // LIT STR is a sequence, and the store hits its LIT; with what is there already, which
        // makes no difference.
        {"ItsOwnFirstByte", loop_of({b(Op::LIT2), 0x33, b(Op::LIT), b(Op::LIT),
                                     static_cast<std::uint8_t>(-3), b(Op::STR)})},
        {"ALiteralOfTheSequenceItIsIn", loop_of({b(Op::LIT), 0x07, b(Op::LIT2), 0x01, 0x09,
                                                 b(Op::STA), b(Op::LIT), 0x01, b(Op::ADD)})},
        // The distance of a JMI goes from 0 to 1 and back: INC is skipped or not.
        {"TheDistanceOfAJump",
         loop_of({b(Op::LIT), 0x00, b(Op::JMI), 0x00, 0x00, b(Op::INC), b(Op::LIT2), 0x01, 0x06,
                  b(Op::LDAk), b(Op::LIT), 0x01, b(Op::EOR), b(Op::ROT), b(Op::ROT), b(Op::STA)})},
        {"TheDistanceOfACall",
         loop_of({b(Op::LIT), 0x00, b(Op::JSI), 0x00, 0x00, b(Op::INC), b(Op::POP2r), b(Op::LIT2),
                  0x01, 0x06, b(Op::LDAk), b(Op::LIT), 0x01, b(Op::EOR), b(Op::ROT), b(Op::ROT),
                  b(Op::STA)})},
        {"TheDistanceOfAConditionalJump",
         loop_of({b(Op::LIT), 0x01, b(Op::JCI), 0x00, 0x00, b(Op::INC), b(Op::LIT2), 0x01, 0x06,
                  b(Op::LDAk), b(Op::LIT), 0x01, b(Op::EOR), b(Op::ROT), b(Op::ROT), b(Op::STA)})},
        // A routine in the zero page, written by STZ2 and called: ADD2 or SUB2, then JMP2r.
        {"CodeInTheZeroPage",
         loop_of({b(Op::LIT2), b(Op::ADD2), b(Op::JMP2r), b(Op::LIT),  0x80,         b(Op::STZ2),
                  b(Op::LIT2), 0x12,        0x34,         b(Op::DUP2), b(Op::LIT2),  0x00,
                  0x80,        b(Op::JSR2), b(Op::LIT2),  b(Op::SUB2), b(Op::JMP2r), b(Op::LIT),
                  0x80,        b(Op::STZ2), b(Op::LIT2),  0x00,        0x80,         b(Op::JSR2)})},
    };
}

using Case = std::tuple<SelfModifying, EngineEntry>;

class SelfModifyingTest : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Programs, SelfModifyingTest,
                         testing::Combine(testing::ValuesIn(self_modifying_programs()),
                                          testing::ValuesIn(engines_but_oracle())),
                         [](const auto& instance) {
                             return std::string(std::get<0>(instance.param).name) + "_" +
                                    std::string(std::get<1>(instance.param).name);
                         });

TEST_P(SelfModifyingTest, LeavesTheSameMachine) {
    const auto& [program, entry] = GetParam();
    Machine expected{};
    for (std::size_t i = 0; i < program.rom.size(); ++i) {
        expected.ram[static_cast<std::uint16_t>(kResetVector + i)] = program.rom[i];
    }
    Machine actual = expected;
    NoDevices devices;
    const Limits limits{.instructions = 10'000};
    const Stop wanted = oracle().run(expected, devices, kResetVector, limits);
    EXPECT_EQ(wanted.reason, Stop::Reason::Break) << "the program itself is wrong";
    EXPECT_GT(wanted.instructions, 30u);
    EXPECT_EQ(entry.engine->run(actual, devices, kResetVector, limits), wanted);
    EXPECT_TRUE(actual == expected);
}

/// Between two runs anybody may write into RAM: engines look at it anew.
TEST(FusedEngines, SeeWhatTheHostHasChanged) {
    for (const EngineEntry& entry : available_engines()) {
        Machine machine{};
        NoDevices devices;
        std::uint16_t at = kResetVector;
        for (const std::uint8_t byte : {byte_of(Op::LIT2), std::uint8_t{0x12}, std::uint8_t{0x34},
                                        byte_of(Op::INC2), byte_of(Op::BRK)}) {
            machine.ram[at++] = byte;
        }
        entry.engine->run(machine, devices, kResetVector, {});
        EXPECT_EQ(machine.wst[1], 0x35) << entry.name;
        machine.ram[0x0103] = byte_of(Op::NIP);
        machine.wst.ptr = 0;
        entry.engine->run(machine, devices, kResetVector, {});
        EXPECT_EQ(machine.wst[0], 0x34) << entry.name;
        EXPECT_EQ(machine.wst.ptr, 1) << entry.name;
        Machine other = machine;  // another machine in the same thread
        other.ram[0x0103] = byte_of(Op::POP);
        other.wst.ptr = 0;
        entry.engine->run(other, devices, kResetVector, {});
        EXPECT_EQ(other.wst.ptr, 1) << entry.name;
        EXPECT_EQ(other.wst[0], 0x12) << entry.name;
    }
}

}  // namespace
}  // namespace uxn::test
