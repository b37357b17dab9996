#include "front/slots.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/temporary_folder.hpp"
#include "varvara/state_file.hpp"
#include "varvara/test_computer.hpp"

namespace front {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using Bytes = std::vector<std::uint8_t>;

Bytes state_of(const Bytes& rom, std::uint8_t ram = 0) {
    varvara_test::Computer computer;
    computer.machine->ram[0x300] = ram;
    return varvara::save_state(*computer.machine, computer.devices, {.rom = rom});
}

const Bytes kRom = {0x80, 0x01, 0x00};

TEST(Slots, GiveBackWhatWasSaved) {
    const TemporaryFolder folder;
    const Slots slots(folder.path("a/b"), "left", kRom);
    for (unsigned slot = 0; slot <= Slots::kAutosave; ++slot) {
        ASSERT_TRUE(slots.save(slot, state_of(kRom, static_cast<std::uint8_t>(slot))));
    }
    for (unsigned slot = 0; slot <= Slots::kAutosave; ++slot) {
        const auto state = slots.load(slot);
        ASSERT_TRUE(state);
        EXPECT_EQ(*state, state_of(kRom, static_cast<std::uint8_t>(slot)));
    }
}

TEST(Slots, AreFilesNamedAfterTheProgram) {
    const TemporaryFolder folder;
    const Slots slots(folder.path(), "../My: program", kRom);
    ASSERT_TRUE(slots.save(3, state_of(kRom)));
    ASSERT_TRUE(slots.save(Slots::kAutosave, state_of(kRom)));
    const std::string three = std::filesystem::path(slots.path(3)).filename();
    EXPECT_EQ(three.substr(0, 15), "___My__program-");
    EXPECT_EQ(three.size(), 15 + 16 + std::string(".3.state").size());
    EXPECT_TRUE(three.ends_with(".3.state"));
    EXPECT_TRUE(folder.has(three));
    EXPECT_TRUE(slots.path(Slots::kAutosave).ends_with(".auto.state"));
    EXPECT_EQ(folder.size(), 2);
    EXPECT_NE(Slots(folder.path(), "left", kRom).path(0),
              Slots(folder.path(), "left", Bytes{1}).path(0));
    EXPECT_NE(Slots(folder.path(), "", kRom).path(0), Slots(folder.path(), "", Bytes{}).path(0));
}

TEST(Slots, TellWhichOfThemAreUsedSinceWhen) {
    const TemporaryFolder folder;
    const Slots slots(folder.path("sub"), "left", kRom);
    EXPECT_TRUE(std::ranges::none_of(slots.times(), [](auto time) { return time.has_value(); }));
    ASSERT_TRUE(slots.save(7, state_of(kRom)));
    const std::chrono::system_clock::time_point year_2001 =
        std::chrono::sys_days(std::chrono::January / 1 / 2001);
    std::filesystem::last_write_time(slots.path(7), std::chrono::file_clock::from_sys(year_2001));
    const Slots::Times times = slots.times();
    EXPECT_EQ(std::ranges::count_if(times, [](auto time) { return time.has_value(); }), 1);
    ASSERT_TRUE(times[7]);
    EXPECT_EQ(*times[7], year_2001);
    EXPECT_TRUE(slots.remove(7));
    EXPECT_TRUE(slots.remove(7));
    EXPECT_FALSE(slots.times()[7]);
}

TEST(Slots, RefuseWhatIsNotAStateOfThisProgram) {
    const TemporaryFolder folder;
    const Slots slots(folder.path(), "left", kRom);
    const auto error_of = [&](const Bytes& contents) {
        EXPECT_TRUE(slots.save(1, contents));
        const auto state = slots.load(1);
        EXPECT_FALSE(state);
        const std::string start = "cannot load '" + slots.path(1) + "': ";
        return state ? std::string() : state.error().detail.substr(start.size());
    };
    EXPECT_EQ(error_of(state_of({0x80})), "it is the state of another program");
    EXPECT_EQ(error_of({1, 2, 3}), "this is not a saved state");
    Bytes damaged = state_of(kRom);
    damaged[5000] ^= 1;
    EXPECT_EQ(error_of(damaged), "the saved state is damaged or incomplete");
    const auto empty = slots.load(2);
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, ErrorCode::NotFound);
}

TEST(Slots, SayWhatIsWrongWithTheFolder) {
    const TemporaryFolder folder;
    folder.write("file", "");
    const Slots slots(folder.path("file/sub"), "left", kRom);
    const auto saved = slots.save(0, state_of(kRom));
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(saved.error().detail.find("cannot make the folder '" + folder.path("file/sub") + "'"),
              0u);
}

}  // namespace
}  // namespace front
