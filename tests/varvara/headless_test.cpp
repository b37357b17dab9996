#include "varvara/headless.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/available_engines.hpp"
#include "tal/assemble.hpp"
#include "test_computer.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/recorder.hpp"
#include "varvara/state_file.hpp"

namespace varvara {
namespace {

using varvara_test::RecordingSink;

/// A computer that a script acts on.
struct World {
    explicit World(std::vector<std::uint8_t> program, FileSystem& file_system = no_files())
        : rom(std::move(program)),
          varvara({.console = sink, .clock = clock, .files = file_system}) {
        load_rom(*machine, varvara, rom);
    }

    HeadlessEnd run(const uxn::Engine& engine, std::string_view text,
                    std::optional<std::uint64_t> frames = {}, Recorder* recorder = nullptr) {
        auto parsed = parse_script(text, "script");
        EXPECT_TRUE(parsed.has_value()) << parsed.error().detail;
        script = std::move(*parsed);
        Session session({.machine = *machine,
                         .varvara = varvara,
                         .engine = engine,
                         .output = sink,
                         .limits = {.instructions = 10'000'000},
                         .recorder = recorder});
        return run_headless({.session = session,
                             .clock = clock,
                             .rom = rom,
                             .script = script,
                             .frames = frames.value_or(script.frames_to_show()),
                             .recorder = recorder,
                             .boot = boot,
                             .viewer = viewer});
    }

    std::vector<std::uint8_t> rom;
    RecordingSink sink;
    VirtualClock clock;
    std::unique_ptr<uxn::Machine> machine = std::make_unique<uxn::Machine>();
    Varvara varvara;
    Script script;
    bool boot = true;
    HeadlessViewer viewer;
};

/// Assembles a text that may use the names of the usual devices.
std::vector<std::uint8_t> program(const std::string& source) {
    static const std::string devices = R"(
|00 @System &vector $2 &expansion $2 &wst $1 &rst $1 &metadata $2 &r $2 &g $2 &b $2 &debug $1 &state $1
|10 @Console &vector $2 &read $5 &type $1 &write $1 &error $1
|20 @Screen &vector $2 &width $2 &height $2 &auto $1 &pad $1 &x $2 &y $2 &addr $2 &pixel $1 &sprite $1
|30 @Audio0 &vector $2 &position $2 &output $1 &pad $3 &adsr $2 &length $2 &addr $2 &volume $1 &pitch $1
|80 @Controller &vector $2 &button $1 &key $2 &p2 $1 &p3 $1 &p4 $1
|90 @Mouse &vector $2 &x $2 &y $2 &state $1 &pad $3 &scrollx $2 &scrolly $2
|a0 @File &vector $2 &success $2 &stat $2 &delete $1 &append $1 &name $2 &length $2 &read $2 &write $2
|c0 @DateTime &year $2 &month $1 &day $1 &hour $1 &minute $1 &second $1
)";
    const tal::Assembly assembly = tal::test::assemble_text(devices + source);
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        ADD_FAILURE() << tal::render(diagnostic, false);
    }
    return assembly.rom;
}

/// Prints a letter for every vector, and what the device says then.
std::vector<std::uint8_t> reporter() {
    return program(R"(
|0100
    ;on-console .Console/vector DEO2
    ;on-frame .Screen/vector DEO2
    ;on-controller .Controller/vector DEO2
    ;on-mouse .Mouse/vector DEO2
    LIT "R emit BRK
@on-console
    LIT "c emit .Console/read DEI byte .Console/type DEI byte space BRK
@on-frame
    LIT "f emit space BRK
@on-controller
    LIT "k emit .Controller/button DEI byte .Controller/key DEI byte .Controller/p4 DEI byte space BRK
@on-mouse
    LIT "m emit .Mouse/x DEI2 short .Mouse/y DEI2 short .Mouse/state DEI byte
    .Mouse/scrollx DEI2 short .Mouse/scrolly DEI2 short space BRK
@short SWP byte
@byte DUP #04 SFT digit #0f AND
@digit #0f AND DUP #09 GTH #27 MUL ADD #30 ADD
@emit .Console/write DEO JMP2r
@space #20 emit JMP2r
)");
}

class HeadlessTest : public testing::TestWithParam<uxn::EngineEntry> {
protected:
    const uxn::Engine& engine() const { return *GetParam().engine; }
};

INSTANTIATE_TEST_SUITE_P(Engines, HeadlessTest, testing::ValuesIn(uxn::test::available_engines()),
                         [](const auto& engine) { return std::string(engine.param.name); });

TEST_P(HeadlessTest, RunsTheVectorOfEachEventInOrder) {
    World world(reporter());
    world.run(engine(),
              "input a\neof\nkey b\nbutton +A+Up -A\npad 4 +Start\nwait 2\n"
              "mouse 1 -1 +left +right -left\nscroll -1 1\n");
    EXPECT_EQ(world.sink.output,
              "Rc6101 c0004 k006200 k110000 k100000 k100008 f f "
              "m0001ffff0000000000 m0001ffff0100000000 m0001ffff0500000000 m0001ffff0400000000 "
              "m0001ffff04ffff0001 f ");
}

TEST_P(HeadlessTest, ClearsKeyAndScrollAfterTheirVectors) {
    World world(reporter());
    world.run(engine(), "key a\nscroll 1 1");
    EXPECT_EQ(world.machine->dev[Controller::kKey], 0);
    EXPECT_EQ(world.machine->dev_short(Mouse::kScrollX), 0);
    EXPECT_EQ(world.machine->dev_short(Mouse::kScrollY), 0);
}

TEST_P(HeadlessTest, SetsPortsEvenWithoutAVector) {
    World world(program("|0100 #00 POP BRK"));
    world.run(engine(), "input a\nmouse 3 4 +middle\nbutton +Down\npad 2 +B\npad 3 +A");
    EXPECT_EQ(world.machine->dev[Console::kRead], 'a');
    EXPECT_EQ(world.machine->dev[Console::kType], Console::Input);
    EXPECT_EQ(world.machine->dev_short(Mouse::kX), 3);
    EXPECT_EQ(world.machine->dev_short(Mouse::kY), 4);
    EXPECT_EQ(world.machine->dev[Mouse::kState], 2);
    EXPECT_EQ(world.machine->dev[0x82], 0x20);
    EXPECT_EQ(world.machine->dev[0x85], 0x02);
    EXPECT_EQ(world.machine->dev[0x86], 0x01);
}

TEST_P(HeadlessTest, KeepsWhatAProgramWritesIntoTheMouseState) {
    // The vector swallows the left button: the right one alone is left later.
    World world(
        program("|0100 ;on-mouse .Mouse/vector DEO2 BRK "
                "@on-mouse #00 .Mouse/state DEO #0000 .Mouse/vector DEO2 BRK"));
    world.run(engine(), "mouse +left +right");
    EXPECT_EQ(world.machine->dev[Mouse::kState], 4);
}

TEST_P(HeadlessTest, StopsAtOnceWhenTheProgramEnds) {
    World world(
        program("|0100 ;on-frame .Screen/vector DEO2 BRK "
                "@on-frame [ LIT &count 00 ] INC DUP ,&count STR #03 EQU ?{ BRK } "
                "#85 .System/state DEO BRK"));
    const HeadlessEnd end = world.run(engine(), "wait 100");
    EXPECT_EQ(end.frames, 3u);
    EXPECT_EQ(end.end.reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(end.end.exit_code, 5);
}

TEST_P(HeadlessTest, DeliversArgumentsOnlyToAConsoleVector) {
    World world(program("|0100 .Console/type DEI .Console/write DEO BRK"));
    world.run(engine(), "wait");
    EXPECT_EQ(world.sink.output, std::string(1, '\0'));
}

TEST_P(HeadlessTest, LetsTheClockGoWithTheFrames) {
    World world(
        program("|0100 ;on-frame .Screen/vector DEO2 BRK "
                "@on-frame .DateTime/second DEI .Console/write DEO BRK"));
    world.run(engine(), "wait 121");
    EXPECT_EQ(world.sink.output,
              std::string(60, '\0') + std::string(60, '\1') + std::string(1, '\2'));
}

TEST_P(HeadlessTest, CutsARunShortOrMakesItLonger) {
    World world(reporter());
    EXPECT_EQ(world.run(engine(), "wait 10\nkey a", 2).frames, 2u);
    EXPECT_EQ(world.sink.output, "Rf f ");
    World longer(reporter());
    longer.run(engine(), "wait\nkey a", 3);
    EXPECT_EQ(longer.sink.output, "Rf k006100 f f ");
}

TEST_P(HeadlessTest, EndsWithinTheBudgetOfAnEndlessVector) {
    World world(program("|0100 ;on-frame .Screen/vector DEO2 BRK @on-frame !on-frame"));
    EXPECT_EQ(world.run(engine(), "wait 5").end.reason, SessionEnd::Reason::Budget);
}

TEST_P(HeadlessTest, TellsThatANoteHasEndedBeforeTheNextFrame) {
    // A sample of 300 bytes played once at its own speed takes 300 of the 735 samples of a frame.
    World world(program(R"(
|0100
    ;on-frame .Screen/vector DEO2 ;on-end .Audio0/vector DEO2
    #012c .Audio0/length DEO2 ;sample .Audio0/addr DEO2 #ff .Audio0/volume DEO
    #bc .Audio0/pitch DEO BRK
@on-frame LIT "f .Console/write DEO BRK
@on-end LIT "e .Console/write DEO BRK
@sample
)"));
    world.run(engine(), "wait 3");
    EXPECT_EQ(world.sink.output, "feff");
}

TEST_P(HeadlessTest, GivesTheSoundOfEachFrame) {
    World world(reporter());
    std::vector<std::size_t> sizes;
    world.viewer.sound = [&](std::span<const std::int16_t> samples) {
        sizes.push_back(samples.size());
    };
    world.run(engine(), "wait 3");
    EXPECT_EQ(sizes, (std::vector<std::size_t>{1470, 1470, 1470}));
}

TEST_P(HeadlessTest, RebootsAndKeepsTheZeroPageOnlySoftly) {
    const auto rom = program(
        "|0100 #00 LDZ INC DUP #00 STZ #30 ADD .Console/write DEO "
        "#1234 .Mouse/vector DEO2 #5678 BRK");
    World world(rom);
    world.run(engine(), "reboot soft\nreboot soft\nreboot hard");
    EXPECT_EQ(world.sink.output, "1231");
    EXPECT_EQ(world.machine->wst.ptr, 2);
    World fresh(rom);
    fresh.run(engine(), "");
    EXPECT_EQ(*world.machine, *fresh.machine);
}

TEST_P(HeadlessTest, RebootsTheDevicesToo) {
    World world(
        program("|0100 .Screen/width DEI2 ADD .Console/write DEO "
                "#0040 .Screen/width DEO2 #ff .Screen/pixel DEO BRK"));
    world.run(engine(), "reboot soft");
    EXPECT_EQ(world.sink.output, "\x02\x02");
}

TEST_P(HeadlessTest, ReplacesTheProgramByOneThatIsDropped) {
    World world(program("|0100 LIT \"a .Console/write DEO BRK"));
    // #62 #18 DEO BRK: prints a b.
    world.run(engine(), "drop other.rom 6\ndata \"\\x80b\\x80\\x18\\x17\\x00\"\nreboot hard");
    EXPECT_EQ(world.sink.output, "abb");
}

// A recording of any run repeats it.

constexpr std::string_view kBusyScript =
    "text \"hello\"\nmouse 20 30 +left\nwait 3\nmouse 21 30\nmouse -left\nconsole \"a line\"\n"
    "wait\nbutton +A+Up\nscroll 0 -1\nwait 2\nreboot soft\nwait\neof\n";

TEST_P(HeadlessTest, RepeatsARecordedRun) {
    World first(reporter());
    Script settings;
    Recorder recorder(settings, no_files());
    first.run(engine(), kBusyScript, {}, &recorder);

    for (const uxn::EngineEntry& other : uxn::test::available_engines()) {
        World second(reporter());
        const HeadlessEnd end =
            second.run(*other.engine, recorder.text(), parse_script(recorder.text(), "")->frames());
        EXPECT_FALSE(end.divergence.has_value());
        EXPECT_EQ(second.sink.output, first.sink.output);
        EXPECT_EQ(*second.machine, *first.machine);
        EXPECT_EQ(end.frames, 8u);
    }
}

TEST_P(HeadlessTest, TellsWhereAReplayPartsFromTheRecording) {
    World first(reporter());
    Script settings;
    Recorder recorder(settings, no_files());
    first.run(engine(), "wait 9", {}, &recorder);
    World second(reporter());
    second.viewer.frame = [&](std::uint64_t frame) {
        if (frame == 7) {
            second.machine->ram[0xff] = 1;
            second.machine->rst[0xff] = 1;
        }
        return true;
    };
    const HeadlessEnd end = second.run(engine(), recorder.text());
    ASSERT_TRUE(end.divergence.has_value());
    EXPECT_EQ(end.divergence->frame, 9u);  // nothing else has changed meanwhile: one check for all
    EXPECT_EQ(end.divergence->what, (std::vector<std::string>{"the zero page", "the stacks"}));
}

TEST_P(HeadlessTest, BringsTheFilesOfARunAlong) {
    // Reads in.txt, appends what it read to out.txt, and prints both success values.
    const auto rom = program(R"(
|0100
    ;in .File/name DEO2 #0010 .File/length DEO2 ;buffer .File/read DEO2
    .File/success DEI2 NIP #30 ADD .Console/write DEO
    ;out .File/name DEO2 #01 .File/append DEO #0002 .File/length DEO2 ;buffer .File/write DEO2
    ;out .File/name DEO2 #0010 .File/length DEO2 ;buffer .File/read DEO2
    .File/success DEI2 NIP #30 ADD .Console/write DEO
    ;sub .File/name DEO2 #0010 .File/length DEO2 ;buffer .File/read DEO2
    .File/success DEI2 NIP #30 ADD .Console/write DEO
BRK
@in "in.txt 00 @out "out.txt 00 @sub "sub 00 @buffer $10
)");
    MemoryFiles files;
    files.put_file("in.txt", "abcd");
    files.put_file("out.txt", "xyz");
    files.put_file("sub/b", "12");
    files.put_file("not-read", "secret");
    Script settings;
    Recorder recorder(settings, files);
    World first(rom, recorder);
    first.run(engine(), "wait", {}, &recorder);
    EXPECT_EQ(first.sink.output, "457");  // abcd, xyzab, "0002 b\n"
    EXPECT_EQ(files.tree().at("out.txt"), "xyzab");

    const Script script = *parse_script(recorder.text(), "r");
    MemoryFiles replayed = files_of(script);
    EXPECT_EQ(replayed.tree().at("out.txt"), "xyz");
    EXPECT_FALSE(replayed.tree().contains("not-read"));
    World second(rom, replayed);
    const HeadlessEnd end = second.run(engine(), recorder.text(), script.frames());
    EXPECT_FALSE(end.divergence.has_value());
    EXPECT_EQ(second.sink.output, "457");
    EXPECT_EQ(replayed.tree().at("out.txt"), "xyzab");
}

TEST(Recorder, NotesWhatFailedAttemptsHaveLeftAlone) {
    MemoryFiles files;
    files.put_file("a", "12");
    files.put_file("b", "34");
    files.put_file("c", "56");
    files.put_folder("sub");
    Script settings;
    Recorder recorder(settings, files);
    EXPECT_EQ(recorder.open_to_read("a/"), nullptr);
    EXPECT_FALSE(recorder.make_folder("b"));
    EXPECT_FALSE(recorder.remove("c/"));
    EXPECT_EQ(recorder.open_to_read("sub"), nullptr);
    for (const char* name : {"a", "b", "c"}) {
        EXPECT_NE(recorder.open_to_read(name), nullptr);
    }
    EXPECT_TRUE(recorder.list("sub").has_value());
    EXPECT_EQ(files_of(*parse_script(recorder.text(), "")).tree(), files.tree());
}

TEST(Recorder, NotesFoldersThatAPathLeavesAgain) {
    MemoryFiles files;
    files.put_file("a", "12");
    files.put_folder("sub/deep");
    Script settings;
    Recorder recorder(settings, files);
    EXPECT_NE(recorder.open_to_read("sub/deep/../../a"), nullptr);
    MemoryFiles replayed = files_of(*parse_script(recorder.text(), ""));
    EXPECT_NE(replayed.open_to_read("sub/deep/../../a"), nullptr);
}

TEST(Recorder, NotesAFolderThatCannotBeWrittenTo) {
    MemoryFiles files;
    files.put_folder("sub");
    Script settings;
    Recorder recorder(settings, files);
    EXPECT_EQ(recorder.open_to_write("sub", true), nullptr);
    EXPECT_EQ(files_of(*parse_script(recorder.text(), "")).tree(), files.tree());
}

TEST(Recorder, IsNoWayToUseUpMemory) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "file " + std::to_string(i) + " 9000000000000000000\n";
    }
    std::size_t size = 0;
    for (const auto& [name, contents] : files_of(*parse_script(text, "")).tree()) {
        size += contents->size();
    }
    EXPECT_EQ(size, std::size_t{64} << 20);
}

// A saved computer goes on as if nothing had happened, on any engine.

/// Draws a moving dot, counts in a bank, plays a looping note and reads a file bit by bit.
std::vector<std::uint8_t> busy_program() {
    return program(R"(
|0100
    ;on-frame .Screen/vector DEO2 #0050 .Screen/width DEO2 #07f0 .System/r DEO2
    #05 .Screen/auto DEO ;sprite .Screen/addr DEO2
    ;name .File/name DEO2 #0003 .File/length DEO2
    #0008 .Audio0/length DEO2 ;sprite .Audio0/addr DEO2 #f4 .Audio0/volume DEO
    #1234 .Audio0/adsr DEO2 #3c .Audio0/pitch DEO BRK
@on-frame
    #83 .Screen/sprite DEO ;buffer .File/read DEO2
    ;bank .System/expansion DEO2
    .Audio0/position DEI2 .Audio0/output DEI #00 STZ #01 STZ2
    #66 #77 STH BRK
@bank 01 0001 0000 =buffer 0003 1234
@buffer $3 @name "data 00 @sprite 0123 4567 89ab cdef fedc ba98 7654 3210 ffff ffff
)");
}

TEST_P(HeadlessTest, GoesOnFromASavedState) {
    MemoryFiles files;
    files.put_file("data", "The quick brown fox jumps over the lazy dog");
    World whole(busy_program(), files);
    std::vector<std::int16_t> whole_sound;
    whole.viewer.sound = [&](auto samples) {
        whole_sound.insert(whole_sound.end(), samples.begin(), samples.end());
    };
    whole.run(engine(), "wait 12");

    World before(busy_program(), files);
    before.run(engine(), "wait 5");
    const auto state = save_state(*before.machine, before.varvara,
                                  {.rom = before.rom, .clock_start = 99, .frame = 5});
    for (const uxn::EngineEntry& other : uxn::test::available_engines()) {
        World after({}, files);
        const auto extras = restore_state(state, *after.machine, after.varvara);
        ASSERT_TRUE(extras.has_value()) << extras.error().detail;
        EXPECT_EQ(extras->rom, before.rom);
        EXPECT_EQ(extras->clock_start, 99);
        EXPECT_EQ(extras->frame, 5u);
        EXPECT_EQ(save_state(*after.machine, after.varvara, *extras), state);
        after.boot = false;
        after.clock.set_frame(extras->frame);
        std::vector<std::int16_t> sound(whole_sound.begin(), whole_sound.begin() + 5 * 1470);
        after.viewer.sound = [&](auto samples) {
            sound.insert(sound.end(), samples.begin(), samples.end());
        };
        after.run(*other.engine, "wait 7");
        EXPECT_EQ(*after.machine, *whole.machine);
        EXPECT_EQ(digest_of(*after.machine, after.varvara),
                  digest_of(*whole.machine, whole.varvara));
        EXPECT_EQ(sound, whole_sound);
    }
}

TEST_P(HeadlessTest, DoesNotGoOnFromTheStateOfAProgramThatHasEnded) {
    World before(
        program("|0100 ;on-key .Controller/vector DEO2 BRK "
                "@on-key LIT \"k .Console/write DEO #85 .System/state DEO BRK"));
    before.run(engine(), "key a\nwait");
    EXPECT_EQ(before.sink.output, "k");
    const auto state = save_state(*before.machine, before.varvara, {.rom = before.rom});

    World after({});
    ASSERT_TRUE(restore_state(state, *after.machine, after.varvara).has_value());
    after.boot = false;
    unsigned looks = 0;
    after.viewer.frame = [&](std::uint64_t) {
        ++looks;
        return true;
    };
    const HeadlessEnd end = after.run(engine(), "key a\nwait 3");
    EXPECT_EQ(end.end.reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(end.end.exit_code, 5);
    EXPECT_EQ(end.end.instructions, 0u);
    EXPECT_EQ(end.frames, 0u);
    EXPECT_EQ(looks, 1u);
    EXPECT_EQ(after.sink.output, "");
}

TEST(StateFile, RefusesWhatIsNoStateOrDamaged) {
    World world(busy_program());
    const StateExtras extras{.rom = world.rom, .clock_start = 0, .frame = 0};
    const auto state = save_state(*world.machine, world.varvara, extras);
    const auto error_of = [](std::span<const std::uint8_t> bytes) {
        World other({});
        const auto restored = restore_state(bytes, *other.machine, other.varvara);
        return restored ? std::string() : restored.error().detail;
    };
    EXPECT_EQ(error_of(state), "");
    EXPECT_EQ(error_of({}), "this is not a saved state");
    EXPECT_EQ(error_of(std::vector<std::uint8_t>(100, 'x')), "this is not a saved state");
    auto other_version = state;
    other_version[11] = 2;
    EXPECT_EQ(error_of(other_version),
              "the saved state has version 2, this Leveret reads version 1");
    for (const std::size_t size :
         {std::size_t{8}, std::size_t{19}, std::size_t{20}, std::size_t{5000}, state.size() - 1}) {
        EXPECT_EQ(error_of(std::span(state).first(size)),
                  "the saved state is damaged or incomplete")
            << size;
    }
    for (std::size_t at = 12; at < state.size(); at += 997) {
        auto changed = state;
        changed[at] ^= 1;
        EXPECT_EQ(error_of(changed), "the saved state is damaged or incomplete") << at;
    }
}

TEST(StateFile, RefusesValuesThatCannotBe) {
    // With a fingerprint that fits, only the values themselves can give a wrong state away.
    World world(busy_program());
    const auto state = save_state(*world.machine, world.varvara, {.rom = world.rom});
    for (std::size_t at = 20 + 0x10000 + 2 * 257 + 256; at < state.size(); ++at) {
        auto changed = state;
        changed[at] ^= 0x80;
        const std::uint64_t print = fingerprint(std::span(changed).subspan(20));
        for (unsigned i = 0; i < 8; ++i) {
            changed[12 + i] = static_cast<std::uint8_t>(print >> (56 - 8 * i));
        }
        World other({});
        if (restore_state(changed, *other.machine, other.varvara)) {
            other.boot = false;
            other.run(uxn::test::oracle(), "wait 2");  // nothing to expect but that it survives
        }
        if (at > 20 + 0x10000 + 1100) {
            at += 511;  // layers and banks: any value will do there
        }
    }
}

}  // namespace
}  // namespace varvara
