#include "front/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "front/random.hpp"
#include "varvara/ports.hpp"
#include "varvara/screen_layers.hpp"
#include "varvara/state_file.hpp"
#include "varvara/test_computer.hpp"

namespace front {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes newest_of(const History& history) {
    return {history.newest().begin(), history.newest().end()};
}

/// Goes back through all of it.
std::vector<Bytes> all_of(History history) {
    std::vector<Bytes> all;
    if (history.size() > 0) {
        all.push_back(newest_of(history));
    }
    while (history.pop()) {
        all.push_back(newest_of(history));
    }
    std::ranges::reverse(all);
    return all;
}

TEST(History, GivesBackWhatItWasGiven) {
    const std::vector<Bytes> snapshots = {{1, 2, 3}, {1, 9, 3}, {9, 9, 9}, {9, 9, 4}};
    History history;
    EXPECT_EQ(history.size(), 0u);
    EXPECT_FALSE(history.pop());
    for (const Bytes& snapshot : snapshots) {
        EXPECT_TRUE(history.push(snapshot));
    }
    EXPECT_EQ(history.size(), 4u);
    EXPECT_EQ(all_of(history), snapshots);
}

TEST(History, GoesOnFromWhereItWentBackTo) {
    History history;
    history.push(Bytes{1});
    history.push(Bytes{2});
    history.push(Bytes{3});
    EXPECT_TRUE(history.pop());
    history.push(Bytes{4});
    EXPECT_EQ(all_of(history), (std::vector<Bytes>{{1}, {2}, {4}}));
}

TEST(History, KeepsTheLastOneWhenThereIsNoneBeforeIt) {
    History history;
    history.push(Bytes{7});
    EXPECT_FALSE(history.pop());
    EXPECT_EQ(newest_of(history), (Bytes{7}));
}

TEST(History, KeepsEqualSnapshotsOnce) {
    History history;
    EXPECT_TRUE(history.push(Bytes{1, 2}));
    EXPECT_FALSE(history.push(Bytes{1, 2}));
    EXPECT_TRUE(history.push(Bytes{1, 2, 0}));
    EXPECT_TRUE(history.push(Bytes{1, 2}));
    EXPECT_FALSE(history.push(Bytes{1, 2}));
    EXPECT_EQ(all_of(history), (std::vector<Bytes>{{1, 2}, {1, 2, 0}, {1, 2}}));
}

TEST(History, TakesSnapshotsOfAllSizes) {
    const std::vector<Bytes> snapshots = {{},        {1, 2, 3, 4}, {1, 2}, {5, 2, 3},     {},
                                          {0, 0, 0}, {0},          {0, 1}, Bytes(1000, 3)};
    History history;
    for (const Bytes& snapshot : snapshots) {
        EXPECT_TRUE(history.push(snapshot));
    }
    EXPECT_EQ(all_of(history), snapshots);
}

TEST(History, GivesBackSnapshotsThatChangeHereAndThere) {
    Random random(5);
    Bytes snapshot(100'000);
    std::vector<Bytes> snapshots;
    History history;
    for (int i = 0; i < 60; ++i) {
        for (std::size_t left = random() % 9; left > 0; --left) {
            // Runs of all lengths, some with gaps that are shorter than what is worth telling of.
            const std::size_t from = random() % snapshot.size();
            const std::size_t to = std::min(snapshot.size(), from + random() % 3000);
            for (std::size_t at = from; at < to; at += 1 + random() % 12) {
                snapshot[at] = static_cast<std::uint8_t>(random());
            }
        }
        if (random() % 8 == 0) {
            snapshot.resize(100'000 - random() % 5000);
        }
        if (history.push(snapshot)) {
            snapshots.push_back(snapshot);
        }
    }
    EXPECT_EQ(all_of(history), snapshots);
}

TEST(History, TakesLittleMemoryForLittleChange) {
    History history;
    Bytes snapshot(600'000);
    history.push(snapshot);
    const std::size_t before = history.memory();
    for (std::size_t i = 0; i < 100; ++i) {
        snapshot[6000 * i] ^= 1;
        history.push(snapshot);
    }
    EXPECT_EQ(history.size(), 101u);
    EXPECT_LT(history.memory() - before, 100u * 100);
}

TEST(History, ForgetsTheOldestWhenTheMemoryIsUsedUp) {
    Random random(6);
    History history(300'000);
    std::vector<Bytes> snapshots;
    for (int i = 0; i < 50; ++i) {
        Bytes snapshot(20'000);
        std::ranges::generate(snapshot, [&] { return static_cast<std::uint8_t>(random()); });
        history.push(snapshot);
        snapshots.push_back(snapshot);
        EXPECT_LE(history.memory(), 300'000u);
    }
    EXPECT_GE(history.size(), 10u);
    EXPECT_LT(history.size(), 15u);
    const auto kept = static_cast<std::ptrdiff_t>(history.size());
    EXPECT_EQ(all_of(history), (std::vector<Bytes>(snapshots.end() - kept, snapshots.end())));
}

TEST(History, IsEmptyAfterASnapshotThatIsTooLarge) {
    History history(10'000);
    history.push(Bytes(100));
    history.push(Bytes(20'000));
    EXPECT_EQ(history.size(), 0u);
    EXPECT_LE(history.memory(), 10'000u);
    EXPECT_TRUE(history.push(Bytes(100)));
    EXPECT_EQ(newest_of(history), Bytes(100));
}

TEST(Snapshot, BringsTheComputerBack) {
    varvara_test::Computer computer;
    computer.deo2(varvara::port("Screen/width"), 40);
    computer.deo2(varvara::port("Screen/height"), 20);
    computer.put(0x100, "before");
    Bytes snapshot;
    varvara::save_snapshot(*computer.machine, computer.devices, snapshot);
    const uxn::Machine machine = *computer.machine;

    computer.put(0x100, "after");
    computer.machine->wst.ptr = 9;
    computer.deo(varvara::port("Screen/pixel"), 0x83);
    computer.deo2(varvara::port("Screen/width"), 60);
    ASSERT_TRUE(varvara::restore_snapshot(snapshot, *computer.machine, computer.devices));
    EXPECT_EQ(*computer.machine, machine);
    EXPECT_EQ(computer.devices.screen.width(), 40u);
    EXPECT_EQ(computer.devices.screen.background(3, 3), 0);
    Bytes again;
    varvara::save_snapshot(*computer.machine, computer.devices, again);
    EXPECT_EQ(again, snapshot);
}

TEST(Snapshot, IsTheSameAsLongAsNothingHappens) {
    varvara_test::Computer computer;
    History history;
    Bytes snapshot;
    varvara::save_snapshot(*computer.machine, computer.devices, snapshot);
    EXPECT_TRUE(history.push(snapshot));
    varvara::save_snapshot(*computer.machine, computer.devices, snapshot);
    EXPECT_FALSE(history.push(snapshot));
}

TEST(Snapshot, HasNoBanksAsLongAsNobodyUsesThem) {
    varvara_test::Computer computer;
    Bytes snapshot;
    varvara::save_snapshot(*computer.machine, computer.devices, snapshot);
    EXPECT_LT(snapshot.size(), 0x10000u + 512 * 320 / 2 + 2048);
}

TEST(Snapshot, RefusesWhatIsNone) {
    varvara_test::Computer computer;
    Bytes snapshot;
    varvara::save_snapshot(*computer.machine, computer.devices, snapshot);
    const auto short_of_a_byte = std::span(snapshot).first(snapshot.size() - 1);
    EXPECT_FALSE(varvara::restore_snapshot(short_of_a_byte, *computer.machine, computer.devices));
    snapshot.push_back(0);
    EXPECT_FALSE(varvara::restore_snapshot(snapshot, *computer.machine, computer.devices));
}

}  // namespace
}  // namespace front
