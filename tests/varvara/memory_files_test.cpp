#include "varvara/memory_files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "varvara/file_path.hpp"

namespace varvara {
namespace {

using FileKind = FileStatus::Kind;

std::string read_all(MemoryFiles& files, std::string_view path) {
    const auto file = files.open_to_read(path);
    if (file == nullptr) {
        return "(missing)";
    }
    std::string text;
    std::array<std::uint8_t, 3> block;
    while (const std::size_t count = file->read(block)) {
        text.append(reinterpret_cast<const char*>(block.data()), count);
    }
    return text;
}

std::size_t write(OpenFile& file, std::string_view text) {
    return file.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

MemoryFiles sample() {
    MemoryFiles files;
    files.put_file("b", "bee");
    files.put_file("sub/deep/f", "eff");
    files.put_file("sub-marine", "");
    files.put_folder("a");
    return files;
}

TEST(FilePath, KnowsWhatLeavesTheFolder) {
    for (const char* path : {"/", "/etc/passwd", "..", "../x", "a/../..", "missing/../../f", "./..",
                             "a//../../x", "a/../../a/x"}) {
        EXPECT_TRUE(parse_path(path)->outside) << path;
    }
    for (const char* path : {".", "a/..", "a/../b", "a/b/../../c", "...", "..a", "a/./../b"}) {
        EXPECT_FALSE(parse_path(path)->outside) << path;
    }
}

TEST(FilePath, IsNoneWhenEmptyOrImpossible) {
    EXPECT_FALSE(parse_path(""));
    EXPECT_FALSE(parse_path(std::string_view("a\0b", 3)));
    EXPECT_TRUE(parse_path(std::string(255, 'x')));
    EXPECT_FALSE(parse_path("a/" + std::string(256, 'x')));
}

TEST(MemoryFiles, HoldWhatIsPutIn) {
    MemoryFiles files = sample();
    EXPECT_EQ(read_all(files, "b"), "bee");
    EXPECT_EQ(read_all(files, "sub/deep/f"), "eff");
    const MemoryFiles::Tree expected = {{"a", std::nullopt},        {"b", "bee"},
                                        {"sub", std::nullopt},      {"sub-marine", ""},
                                        {"sub/deep", std::nullopt}, {"sub/deep/f", "eff"}};
    EXPECT_EQ(files.tree(), expected);
}

TEST(MemoryFiles, PutNothingWhereItCannotBe) {
    MemoryFiles files = sample();
    const auto before = files.tree();
    EXPECT_FALSE(files.put_file("b/x", ""));
    EXPECT_FALSE(files.put_file("sub", ""));
    EXPECT_FALSE(files.put_file("../x", ""));
    EXPECT_FALSE(files.put_file("", ""));
    EXPECT_FALSE(files.put_file(".", ""));
    EXPECT_FALSE(files.put_file("new/", ""));
    EXPECT_FALSE(files.put_folder("/x"));
    EXPECT_FALSE(files.put_folder("b"));
    EXPECT_EQ(files.tree(), before);
}

TEST(MemoryFiles, ReadPathsAsADiskDoes) {
    MemoryFiles files = sample();
    const FileStatus file = {.kind = FileKind::File, .size = 3};
    for (const char* path : {"b", "./b", "sub/../b", "sub//deep/../../b", "a/./..//b"}) {
        EXPECT_EQ(files.status(path), file) << path;
    }
    for (const char* path : {".", "a", "a/", "./", "sub/deep/", "sub/deep/.."}) {
        EXPECT_EQ(files.status(path).kind, FileKind::Folder) << path;
    }
    for (const char* path : {"c", "missing/../b", "b/", "b/.", "b/..", "b/x", "", "a/x/.."}) {
        EXPECT_EQ(files.status(path).kind, FileKind::Missing) << path;
    }
    for (const char* path : {"/b", "../b", "missing/../../b"}) {
        EXPECT_EQ(files.status(path).kind, FileKind::Outside) << path;
    }
}

TEST(MemoryFiles, ListAFolderInOrderOfItsNames) {
    MemoryFiles files = sample();
    const std::vector<FileEntry> top = {{"a", {.kind = FileKind::Folder}},
                                        {"b", {.kind = FileKind::File, .size = 3}},
                                        {"sub", {.kind = FileKind::Folder}},
                                        {"sub-marine", {.kind = FileKind::File}}};
    EXPECT_EQ(files.list("."), top);
    EXPECT_EQ(files.list("a/.."), top);
    const std::vector<FileEntry> sub = {{"deep", {.kind = FileKind::Folder}}};
    EXPECT_EQ(files.list("sub/"), sub);
    EXPECT_EQ(files.list("a"), std::vector<FileEntry>{});
    EXPECT_EQ(files.list("b"), std::nullopt);
    EXPECT_EQ(files.list("missing"), std::nullopt);
    EXPECT_EQ(files.list(".."), std::nullopt);
}

TEST(MemoryFiles, CreateFilesButNoFoldersForThem) {
    MemoryFiles files;
    EXPECT_NE(files.open_to_write("new", false), nullptr);
    EXPECT_EQ(files.open_to_write("sub/new", false), nullptr);
    EXPECT_EQ(files.open_to_write("slash/", false), nullptr);
    EXPECT_EQ(files.tree(), (MemoryFiles::Tree{{"new", ""}}));
}

TEST(MemoryFiles, EmptyAFileOrWriteAtItsEnd) {
    MemoryFiles files = sample();
    write(*files.open_to_write("b", true), "!");
    EXPECT_EQ(read_all(files, "b"), "bee!");
    write(*files.open_to_write("b", false), "x");
    EXPECT_EQ(read_all(files, "b"), "x");
}

TEST(MemoryFiles, ShowWhatIsWrittenToWhoeverReads) {
    MemoryFiles files;
    const auto writer = files.open_to_write("f", false);
    const auto reader = files.open_to_read("f");
    std::array<std::uint8_t, 8> block{};
    EXPECT_EQ(reader->read(block), 0u);
    write(*writer, "ab");
    EXPECT_EQ(reader->read(block), 2u);
    EXPECT_EQ(block[1], 'b');
}

TEST(MemoryFiles, LeaveZerosWhereAWriterWasOvertaken) {
    MemoryFiles files;
    const auto writer = files.open_to_write("f", false);
    write(*writer, "abc");
    files.open_to_write("f", false);  // empties it
    write(*writer, "d");
    EXPECT_EQ(read_all(files, "f"), std::string("\0\0\0d", 4));
}

TEST(MemoryFiles, RemoveFilesOnly) {
    MemoryFiles files = sample();
    EXPECT_TRUE(files.remove("b"));
    EXPECT_FALSE(files.remove("b"));
    EXPECT_FALSE(files.remove("a"));
    EXPECT_FALSE(files.remove("sub-marine/"));
    EXPECT_FALSE(files.remove("../b"));
    EXPECT_FALSE(files.tree().contains("b"));
    EXPECT_TRUE(files.tree().contains("sub-marine"));
}

TEST(MemoryFiles, KeepARemovedFileWhileItIsOpen) {
    MemoryFiles files(MemoryFiles::kEntrySize + 10);
    auto file = files.open_to_write("f", false);
    EXPECT_EQ(write(*file, "12345"), 5u);
    EXPECT_TRUE(files.remove("f"));
    EXPECT_EQ(write(*file, "123456"), 5u) << "it still takes its part of the quota";
    EXPECT_EQ(files.open_to_write("g", false), nullptr);
    file.reset();
    EXPECT_NE(files.open_to_write("g", false), nullptr);
}

TEST(MemoryFiles, AreFullWhenTheQuotaIsUsedUp) {
    MemoryFiles files(2 * MemoryFiles::kEntrySize + 4);
    const auto file = files.open_to_write("f", false);
    EXPECT_EQ(write(*file, "123"), 3u);
    EXPECT_TRUE(files.make_folder("d"));
    EXPECT_FALSE(files.make_folder("e"));
    EXPECT_EQ(files.open_to_write("d/g", false), nullptr);
    EXPECT_EQ(write(*file, "45"), 1u);
    EXPECT_EQ(write(*file, "6"), 0u);
    EXPECT_EQ(read_all(files, "f"), "1234");
    files.open_to_write("f", false);
    EXPECT_EQ(write(*files.open_to_write("f", false), "abcd"), 4u) << "emptying it makes room";
}

TEST(MemoryFiles, AreACopyOfTheirOwn) {
    MemoryFiles files = sample();
    MemoryFiles snapshot = files;
    write(*files.open_to_write("b", false), "changed");
    files.remove("sub/deep/f");
    EXPECT_EQ(snapshot.tree(), sample().tree());
    files = snapshot;
    EXPECT_EQ(files.tree(), sample().tree());
    write(*snapshot.open_to_write("b", true), "!");
    EXPECT_EQ(read_all(files, "b"), "bee");
}

TEST(MemoryFiles, MakeFoldersWhoseParentsExist) {
    MemoryFiles files = sample();
    EXPECT_TRUE(files.make_folder("a/new/"));
    EXPECT_TRUE(files.make_folder("a/new"));
    EXPECT_FALSE(files.make_folder("missing/new"));
    EXPECT_FALSE(files.make_folder("b"));
    EXPECT_FALSE(files.make_folder("b/"));
    EXPECT_TRUE(files.make_folder("."));
    EXPECT_FALSE(files.make_folder("../out"));
}

}  // namespace
}  // namespace varvara
