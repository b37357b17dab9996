// The File devices: spec/varvara.md, section 8.

#include "varvara/file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "test_computer.hpp"

namespace varvara {
namespace {

constexpr std::uint8_t kA = 0xa0;
constexpr std::uint8_t kB = 0xb0;
constexpr std::uint16_t kBuffer = 0x4000;

/// A computer, and the steps of a program that uses files.
class FileTest : public testing::Test {
protected:
    void name(std::string_view path, std::uint8_t device = kA) {
        computer.put(0x2000, path);
        computer.machine->ram[static_cast<std::uint16_t>(0x2000 + path.size())] = 0;
        computer.deo2(device + 0x8, 0x2000);
    }
    /// Starts an operation with a length; gives File/success.
    std::uint16_t operate(std::uint8_t port, std::uint16_t address, std::uint16_t length,
                          std::uint8_t device = kA) {
        computer.deo2(device + 0xa, length);
        effect = computer.deo2(device + port, address);
        return success(device);
    }
    std::uint16_t success(std::uint8_t device = kA) { return computer.dei2(device + 0x2); }

    std::uint16_t stat(std::uint16_t length) { return operate(0x4, kBuffer, length); }
    std::uint16_t read(std::uint16_t length, std::uint8_t device = kA) {
        return operate(0xc, kBuffer, length, device);
    }
    /// What one read gives.
    std::string read_text(std::uint16_t length, std::uint8_t device = kA) {
        const std::uint16_t count = read(length, device);
        return computer.text(kBuffer, count);
    }
    std::uint16_t write(std::string_view text, std::uint8_t device = kA) {
        computer.put(0x3000, text);
        return operate(0xe, 0x3000, static_cast<std::uint16_t>(text.size()), device);
    }
    std::uint16_t remove() {
        computer.deo(kA + 0x6, 1);
        return success();
    }
    void append(std::uint8_t value) { computer.deo(kA + 0x7, value); }
    std::string contents(const std::string& path) const {
        return computer.files.tree().at(path).value();
    }
    void fill_buffer(char byte) { computer.put(kBuffer, std::string(0x100, byte)); }

    varvara_test::Computer computer;
    uxn::DeviceEffect effect;
};

TEST_F(FileTest, DoesNothingBeforeANameIsSet) {
    computer.files.put_file("f", "contents");
    fill_buffer('x');
    computer.machine->set_dev_short(0xa2, 0x1234);
    EXPECT_EQ(read(8), 0);
    EXPECT_EQ(write("new"), 0);
    EXPECT_EQ(stat(4), 0);
    EXPECT_EQ(remove(), 0);
    EXPECT_EQ(effect.ram_length, 0u);
    EXPECT_EQ(computer.text(kBuffer, 8), "xxxxxxxx");
    EXPECT_EQ(computer.files.tree().size(), 1u);
}

TEST_F(FileTest, ReadsOnWhereTheLastReadEnded) {
    computer.files.put_file("f", "abcdefgh");
    name("f");
    EXPECT_EQ(read_text(3), "abc");
    EXPECT_EQ(read_text(3), "def");
    EXPECT_EQ(read_text(3), "gh");
    EXPECT_EQ(read(3), 0);
    EXPECT_EQ(read(3), 0);
}

TEST_F(FileTest, LeavesMemoryBeyondTheBytesReadAlone) {
    computer.files.put_file("f", "ab");
    fill_buffer('x');
    name("f");
    EXPECT_EQ(read(8), 2);
    EXPECT_EQ(computer.text(kBuffer, 8), "abxxxxxx");
    EXPECT_EQ(read(8), 0);
    EXPECT_EQ(computer.text(kBuffer, 8), "abxxxxxx");
}

TEST_F(FileTest, ReadsNothingOfAMissingFile) {
    fill_buffer('x');
    name("missing");
    EXPECT_EQ(read(8), 0);
    EXPECT_EQ(computer.text(kBuffer, 8), "xxxxxxxx");
    computer.files.put_file("missing", "now");
    EXPECT_EQ(read_text(8), "now");
}

TEST_F(FileTest, TellsWhichMemoryItChanged) {
    computer.files.put_file("f", "abc");
    name("f");
    read(0x100);
    EXPECT_EQ(effect.ram_begin, kBuffer);
    EXPECT_EQ(effect.ram_length, 3u);
    stat(7);
    EXPECT_EQ(effect.ram_begin, kBuffer);
    EXPECT_EQ(effect.ram_length, 7u);
    write("x");
    EXPECT_EQ(effect.ram_length, 0u);
    name(".");
    EXPECT_EQ(read(0x100), 7);
    EXPECT_EQ(effect.ram_begin, kBuffer);
    EXPECT_EQ(effect.ram_length, 8u) << "with the 00 after the text";
}

TEST_F(FileTest, CutsRangesAtTheEndOfMemory) {
    computer.files.put_file("f", "abcdefgh");
    name("f");
    EXPECT_EQ(operate(0xc, 0xfffd, 8), 3);
    EXPECT_EQ(computer.text(0xfffd, 3), "abc");
    EXPECT_EQ(computer.machine->ram[0], 0);
    EXPECT_EQ(operate(0x4, 0xfffe, 4), 2);
    EXPECT_EQ(computer.text(0xfffe, 2), "08");
    EXPECT_EQ(computer.machine->ram[0], 0);
    name("g");
    computer.put(0xfffe, "yz");
    EXPECT_EQ(operate(0xe, 0xfffe, 0xffff), 2);
    EXPECT_EQ(contents("g"), "yz");
}

TEST_F(FileTest, ReadsAFolderAsLines) {
    computer.files.put_file("b.txt", std::string(0x12ab, 'x'));
    computer.files.put_file("big", std::string(0x10000, 'x'));
    computer.files.put_file("most", std::string(0xffff, 'x'));
    computer.files.put_file("a", "");
    computer.files.put_folder("sub");
    name(".");
    EXPECT_EQ(read_text(0x1000), "0000 a\n12ab b.txt\n???? big\nffff most\n---- sub/\n");
    EXPECT_EQ(read(0x1000), 0);
}

TEST_F(FileTest, NeverSplitsALineThatFits) {
    computer.files.put_file("one", "");
    computer.files.put_file("two", "");
    computer.files.put_file("three", "");
    name(".");
    EXPECT_EQ(read_text(19), "0000 one\n");  // the next line would make it 20
    EXPECT_EQ(read_text(20), "0000 three\n0000 two\n");
}

TEST_F(FileTest, PutsA00AfterAListingIfThereIsRoom) {
    computer.files.put_file("one", "");
    fill_buffer('x');
    name(".");
    EXPECT_EQ(read(10), 9);
    EXPECT_EQ(computer.text(kBuffer, 11), std::string("0000 one\n\0x", 11));
    fill_buffer('x');
    name(".");
    EXPECT_EQ(read(9), 9);
    EXPECT_EQ(computer.text(kBuffer, 10), "0000 one\nx");
    EXPECT_EQ(effect.ram_length, 9u);
    EXPECT_EQ(read(9), 0) << "the end";
    EXPECT_EQ(computer.text(kBuffer, 10), "0000 one\nx");
}

TEST_F(FileTest, SplitsALineOnlyWhenItFitsInNoRead) {
    computer.files.put_file("long-name", "");
    computer.files.put_file("x", "");
    name(".");
    EXPECT_EQ(read_text(6), "0000 l");
    EXPECT_EQ(read_text(6), "ong-na");
    EXPECT_EQ(read_text(6), "me\n");
    EXPECT_EQ(read_text(7), "0000 x\n");
    EXPECT_EQ(read(7), 0);
}

TEST_F(FileTest, StartsAFolderAgainWhenItsNameIsSetAgain) {
    computer.files.put_file("one", "");
    name(".");
    EXPECT_EQ(read_text(100), "0000 one\n");
    computer.files.put_file("two", "");
    EXPECT_EQ(read_text(100), "");
    name(".");
    EXPECT_EQ(read_text(100), "0000 one\n0000 two\n");
}

TEST_F(FileTest, WritesOnWhereTheLastWriteEnded) {
    name("f");
    EXPECT_EQ(write("abc"), 3);
    EXPECT_EQ(contents("f"), "abc") << "nothing is held back";
    EXPECT_EQ(write("def"), 3);
    EXPECT_EQ(contents("f"), "abcdef");
}

TEST_F(FileTest, LeavesNoOldTail) {
    computer.files.put_file("f", "a long text from before");
    name("f");
    EXPECT_EQ(write("new"), 3);
    EXPECT_EQ(contents("f"), "new");
}

TEST_F(FileTest, AppendsWhenToldSoBeforeOpening) {
    computer.files.put_file("f", "abc");
    name("f");
    append(1);
    write("d");
    append(0);
    write("e");  // open since before
    EXPECT_EQ(contents("f"), "abcde");
    name("f");
    append(0xfe);  // only bit 0 counts
    write("x");
    EXPECT_EQ(contents("f"), "x");
}

TEST_F(FileTest, CreatesWithAnEmptyWrite) {
    name("f");
    EXPECT_EQ(write(""), 0);
    EXPECT_EQ(contents("f"), "");
}

TEST_F(FileTest, CreatesTheFoldersOnTheWay) {
    name("a/b//c/f");
    EXPECT_EQ(write("x"), 1);
    EXPECT_EQ(contents("a/b/c/f"), "x");
}

TEST_F(FileTest, CreatesAFolderForANameThatEndsInASlash) {
    name("a/b/");
    EXPECT_EQ(write("data"), 1);
    EXPECT_EQ(write("data"), 1) << "it exists";
    EXPECT_EQ(computer.files.tree(), (MemoryFiles::Tree{{"a", {}}, {"a/b", {}}}));
    computer.files.put_file("f", "contents");
    name("f/");
    EXPECT_EQ(write("data"), 0);
    EXPECT_EQ(contents("f"), "contents");
}

TEST_F(FileTest, WritesNoFolder) {
    computer.files.put_folder("a");
    name("a");
    EXPECT_EQ(write("x"), 0);
    name("a/..");
    EXPECT_EQ(write("x"), 0);
}

TEST_F(FileTest, FailsWhenTheDiskIsFull) {
    computer.files = MemoryFiles(MemoryFiles::kEntrySize + 4);
    name("f");
    EXPECT_EQ(write("abc"), 3);
    EXPECT_EQ(write("def"), 0);
    EXPECT_EQ(write("g"), 0);
    name("another");
    EXPECT_EQ(write("x"), 0);
}

TEST_F(FileTest, OpensAgainWhenReadingAndWritingAlternate) {
    computer.files.put_file("f", "abcd");
    name("f");
    EXPECT_EQ(read_text(2), "ab");
    EXPECT_EQ(write("xyz"), 3);
    EXPECT_EQ(read_text(2), "xy");
    EXPECT_EQ(read_text(2), "z");
    append(1);
    EXPECT_EQ(write("!"), 1);
    EXPECT_EQ(read_text(8), "xyz!");
}

TEST_F(FileTest, GivesTheSizeInAsManyDigitsAsAskedFor) {
    computer.files.put_file("f", std::string(0x1234, 'x'));
    name("f");
    const auto text = [&](std::uint16_t length) {
        fill_buffer('#');
        EXPECT_EQ(stat(length), length);
        EXPECT_EQ(computer.machine->ram[static_cast<std::uint16_t>(kBuffer + length)], '#');
        return computer.text(kBuffer, length);
    };
    EXPECT_EQ(text(0), "");
    EXPECT_EQ(text(1), "4");
    EXPECT_EQ(text(3), "234");
    EXPECT_EQ(text(4), "1234");
    EXPECT_EQ(text(8), "00001234");
    EXPECT_EQ(text(40), std::string(36, '0') + "1234");
    computer.files.put_file("f", std::string(0x2abcd, 'x'));
    EXPECT_EQ(text(4), "abcd");
    EXPECT_EQ(text(5), "2abcd");
}

TEST_F(FileTest, TellsFoldersAndMissingFilesByStat) {
    computer.files.put_folder("a");
    name("a");
    EXPECT_EQ(stat(3), 3);
    EXPECT_EQ(computer.text(kBuffer, 3), "---");
    name("missing");
    EXPECT_EQ(stat(1), 1);
    EXPECT_EQ(computer.text(kBuffer, 1), "!");
}

TEST_F(FileTest, DoesNotDisturbAnOpenFileByStat) {
    computer.files.put_file("f", "abcd");
    name("f");
    EXPECT_EQ(read_text(2), "ab");
    EXPECT_EQ(stat(4), 4);
    EXPECT_EQ(read_text(2), "cd");
}

TEST_F(FileTest, DeletesFilesOnly) {
    computer.files.put_file("f", "");
    computer.files.put_folder("a");
    name("f");
    EXPECT_EQ(remove(), 1);
    EXPECT_EQ(remove(), 0);
    name("a");
    EXPECT_EQ(remove(), 0);
    EXPECT_EQ(computer.files.tree(), (MemoryFiles::Tree{{"a", {}}}));
}

TEST_F(FileTest, ClosesAndClearsSuccessWhenANameIsSet) {
    computer.files.put_file("f", "abcd");
    name("f");
    EXPECT_EQ(read_text(2), "ab");
    name("f");
    EXPECT_EQ(success(), 0);
    EXPECT_EQ(read_text(2), "ab");
}

TEST_F(FileTest, KeepsTheNameThatWasSet) {
    computer.files.put_file("f", "abcd");
    name("f");
    computer.put(0x2000, "g");
    EXPECT_EQ(read_text(4), "abcd");
}

TEST_F(FileTest, TakesNamesOfAnyBytes) {
    computer.files.put_file("d\xc3\xa9j\xc3\xa0 \n\xff", "x");
    name("d\xc3\xa9j\xc3\xa0 \n\xff");
    EXPECT_EQ(read_text(4), "x");
}

TEST_F(FileTest, TakesNamesUpToTheirLimit) {
    const std::string longest = std::string(126, 'a') + "/" + std::string(128, 'b');
    ASSERT_EQ(longest.size(), kMaxPathSize);
    name(longest);
    EXPECT_EQ(write("x"), 1);
    EXPECT_EQ(contents(longest), "x");
    const auto before = computer.files.tree();
    name(longest + "c");
    EXPECT_EQ(write("x"), 0);
    EXPECT_EQ(stat(4), 0);
    EXPECT_EQ(computer.files.tree(), before);
}

TEST_F(FileTest, NeedsTheEndOfANameWithinMemory) {
    computer.files.put_file("ab", "x");
    computer.files.put_file("abc", "x");
    computer.put(0xfffd, {'a', 'b', 0});
    computer.deo2(0xa8, 0xfffd);
    EXPECT_EQ(read(1), 1);
    computer.put(0xfffd, "abc");
    computer.put(0x0000, {0});
    computer.deo2(0xa8, 0xfffd);
    EXPECT_EQ(read(1), 0);
}

TEST_F(FileTest, TakesAnEmptyNameForNone) {
    name("");
    EXPECT_EQ(read(4), 0);
    EXPECT_EQ(write("x"), 0);
    EXPECT_EQ(stat(4), 0);
}

TEST_F(FileTest, DoesNothingOutsideTheFolder) {
    fill_buffer('x');
    for (const char* path : {"../f", "/f", "..", "/", "missing/../../f", "new/../../f/"}) {
        name(path);
        EXPECT_EQ(read(4), 0) << path;
        EXPECT_EQ(write("x"), 0) << path;
        EXPECT_EQ(stat(4), 0) << path;
        EXPECT_EQ(remove(), 0) << path;
    }
    EXPECT_EQ(computer.text(kBuffer, 4), "xxxx");
    EXPECT_EQ(computer.files.tree().size(), 0u) << "not even the folders on the way";
}

TEST_F(FileTest, HasTwoDevicesWithHandlesOfTheirOwn) {
    computer.files.put_file("f", "abcd");
    name("f", kA);
    name("f", kB);
    EXPECT_EQ(read_text(3, kA), "abc");
    EXPECT_EQ(read_text(2, kB), "ab");
    EXPECT_EQ(read_text(3, kA), "d");
    EXPECT_EQ(success(kB), 2);
    EXPECT_EQ(read_text(3, kB), "cd");
}

TEST_F(FileTest, LetsOneDeviceReadWhatTheOtherWrites) {
    name("f", kA);
    name("f", kB);
    write("abc", kA);
    EXPECT_EQ(read_text(8, kB), "abc");
    write("def", kA);
    EXPECT_EQ(read_text(8, kB), "def");
}

TEST_F(FileTest, ForgetsAllWithAReset) {
    computer.files.put_file("f", "abcd");
    name("f");
    read(2);
    computer.devices.reset();
    EXPECT_EQ(read(2), 0);
}

/// Saves the devices, lets something happen, and restores them.
template <class Meanwhile>
bool interrupted_by(Varvara& devices, Meanwhile meanwhile) {
    StateStream saved;
    devices.transfer(saved);
    meanwhile();
    StateStream restored(saved.bytes());
    devices.transfer(restored);
    return restored.ok() && restored.left() == 0;
}

TEST_F(FileTest, ReadsOnAfterItsStateIsRestored) {
    computer.files.put_file("f", std::string(20000, '-') + "abcd");
    name("f");
    read(20002);
    EXPECT_TRUE(interrupted_by(computer.devices, [&] {
        EXPECT_EQ(read_text(1), "c");
        name("elsewhere");
        write("x");
    }));
    EXPECT_EQ(read_text(8), "cd");
}

TEST_F(FileTest, WritesOnAfterItsStateIsRestored) {
    name("f");
    write("abc");
    EXPECT_TRUE(interrupted_by(computer.devices, [&] { computer.devices.reset(); }));
    write("def");
    EXPECT_EQ(contents("f"), "abcdef");
}

TEST_F(FileTest, GivesTheRestOfAListingAfterItsStateIsRestored) {
    computer.files.put_file("one", "");
    computer.files.put_file("two", "");
    name(".");
    read(9);
    EXPECT_TRUE(interrupted_by(computer.devices, [&] {
        EXPECT_EQ(read_text(9), "0000 two\n");
        computer.files.put_file("three", "");
    }));
    EXPECT_EQ(read_text(100), "0000 two\n");
    EXPECT_EQ(read(100), 0);
}

TEST_F(FileTest, IsIdleWhenTheRestoredFileHasGone) {
    computer.files.put_file("f", "abcd");
    name("f");
    read(2);
    name("g", kB);
    write("x", kB);
    EXPECT_TRUE(interrupted_by(computer.devices, [&] { computer.files = MemoryFiles(); }));
    EXPECT_EQ(read(2), 0);
    EXPECT_EQ(computer.files.tree().size(), 0u) << "restoring creates no file";
}

TEST_F(FileTest, ReadsToTheEndWhenTheRestoredFileIsShorter) {
    computer.files.put_file("f", "abcd");
    name("f");
    read(3);
    EXPECT_TRUE(interrupted_by(computer.devices, [&] { computer.files.put_file("f", "x"); }));
    EXPECT_EQ(read(2), 0);
}

/// The state of one device, as it is saved.
std::vector<std::uint8_t> state(std::string_view path, int mode, std::string_view listing = "") {
    std::vector<std::uint8_t> bytes = {0, 0, static_cast<std::uint8_t>(path.size() >> 8),
                                       static_cast<std::uint8_t>(path.size())};
    bytes.insert(bytes.end(), path.begin(), path.end());
    bytes.push_back(static_cast<std::uint8_t>(mode));
    bytes.insert(bytes.end(), 8 + 3, 0);  // position, and the high bytes of a size
    bytes.push_back(static_cast<std::uint8_t>(listing.size()));
    bytes.insert(bytes.end(), listing.begin(), listing.end());
    return bytes;
}

TEST_F(FileTest, RefusesStatesThatCannotBe) {
    const auto restore = [&](const std::vector<std::uint8_t>& bytes) {
        StateStream stream(bytes);
        computer.devices.file1.transfer(stream);
        return stream.ok();
    };
    EXPECT_TRUE(restore(state("f", 0)));
    EXPECT_TRUE(restore(state("f", 2, "line")));
    EXPECT_EQ(read_text(8), "line");
    EXPECT_FALSE(restore(state("f", 4)));
    EXPECT_FALSE(restore(state("f", 255)));
    EXPECT_FALSE(restore(state("", 1)));
    EXPECT_FALSE(restore(state(std::string(256, 'f'), 0)));
    EXPECT_FALSE(restore(state(std::string_view("a\0b", 3), 1)));
    const auto whole = state("f", 2, "line");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(restore({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
        EXPECT_EQ(read(4), 0);
    }
}

}  // namespace
}  // namespace varvara
