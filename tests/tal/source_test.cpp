#include "tal/source.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tal/limits.hpp"

namespace tal {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for a test, gone afterwards.
class DiskLoaderTest : public testing::Test {
protected:
    DiskLoaderTest()
        : folder_(fs::temp_directory_path() /
                  ("leveret_tal_" + std::to_string(getpid()) + "_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::create_directories(folder_);
    }
    ~DiskLoaderTest() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    base::ErrorCode error_of(const std::string& name) {
        const base::Result<std::string> text = DiskLoader().load(name);
        EXPECT_FALSE(text.has_value());
        return text ? base::ErrorCode::Empty : text.error().code;
    }

private:
    fs::path folder_;
};

TEST_F(DiskLoaderTest, ReadsBytesUnchanged) {
    const std::string text("a\r\n\0\xff\x80 b", 9);
    EXPECT_EQ(DiskLoader().load(write("f.tal", text)).value(), text);
    EXPECT_EQ(DiskLoader().load(write("empty.tal", "")).value(), "");
}

TEST_F(DiskLoaderTest, ReadsFilesUpToTheLimit) {
    EXPECT_EQ(DiskLoader().load(write("f", std::string(kMaxFileBytes, 'x'))).value().size(),
              kMaxFileBytes);
    EXPECT_EQ(error_of(write("g", std::string(kMaxFileBytes + 1, 'x'))), base::ErrorCode::TooLarge);
}

TEST_F(DiskLoaderTest, TellsWhyAFileCannotBeRead) {
    EXPECT_EQ(error_of(path("nofile.tal")), base::ErrorCode::NotFound);
    EXPECT_EQ(error_of(write("f", "x") + "/below"), base::ErrorCode::NotFound);
    EXPECT_EQ(error_of(path("")), base::ErrorCode::NotAFile);
    EXPECT_EQ(error_of(""), base::ErrorCode::NotFound);
    EXPECT_EQ(error_of(std::string(10'000, 'x')), base::ErrorCode::NotReadable);
}

TEST_F(DiskLoaderTest, TellsThatAFileIsNotPermitted) {
    const std::string name = write("secret", "x");
    fs::permissions(name, fs::perms::none);
    if (geteuid() == 0) {
        GTEST_SKIP() << "root may read everything";
    }
    EXPECT_EQ(error_of(name), base::ErrorCode::NotReadable);
}

TEST_F(DiskLoaderTest, DoesNotReadEndlessDevicesToTheEnd) {
    if (!fs::exists("/dev/zero")) {
        GTEST_SKIP() << "there is no /dev/zero here";
    }
    EXPECT_EQ(error_of("/dev/zero"), base::ErrorCode::TooLarge);
}

TEST(MemoryLoader, ServesTheLatestTextUnderANameAndNoOther) {
    MemoryLoader loader;
    loader.add("a", "1");
    loader.add("a", "2");
    EXPECT_EQ(loader.load("a").value(), "2");
    EXPECT_EQ(loader.load("./a").error().code, base::ErrorCode::NotFound);
}

TEST(Source, LocatesEveryKindOfPlace) {
    const Source source("f",
                        "ab\n\n\xce\xbb"
                        "c\n");
    EXPECT_EQ(source.locate(0), (LineColumn{1, 1}));
    EXPECT_EQ(source.locate(2), (LineColumn{1, 3}));
    EXPECT_EQ(source.locate(3), (LineColumn{2, 1}));
    EXPECT_EQ(source.locate(6), (LineColumn{3, 2}));
    EXPECT_EQ(source.locate(8), (LineColumn{4, 1}));
    EXPECT_EQ(source.locate(99), (LineColumn{4, 1}));
}

TEST(Source, LocatesInAnyOrder) {
    const Source source("f", "\xce\xbb\xce\xbb\xce\xbb\xce\xbb\n\xce\xbb");
    EXPECT_EQ(source.locate(6), (LineColumn{1, 4}));
    EXPECT_EQ(source.locate(2), (LineColumn{1, 2}));
    EXPECT_EQ(source.locate(4), (LineColumn{1, 3}));
    EXPECT_EQ(source.locate(9), (LineColumn{2, 1}));
    EXPECT_EQ(source.locate(4), (LineColumn{1, 3}));
    EXPECT_EQ(source.locate(0), (LineColumn{1, 1}));
}

TEST(Source, ExcerptsALineWithoutItsEnd) {
    const Source source("f", "one\r\n two\nthree");
    EXPECT_EQ(source.excerpt(1).text, "one");
    EXPECT_EQ(source.excerpt(1).offset, 1u);
    EXPECT_EQ(source.excerpt(6).text, " two");
    EXPECT_EQ(source.excerpt(12).text, "three");
    EXPECT_EQ(source.excerpt(99).offset, 5u);
}

TEST(Source, ExcerptsLongLinesAtCodePoints) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "\xce\xbb";
    }
    for (std::size_t offset = 900; offset < 904; offset += 2) {
        const Source source("f", (offset % 4 == 0 ? "x" : "") + text);
        const Source::Excerpt excerpt = source.excerpt(offset);
        EXPECT_TRUE(excerpt.cut_before && excerpt.cut_after);
        EXPECT_EQ(excerpt.text[0], '\xce');
        EXPECT_EQ(excerpt.text.back(), '\xbb');
    }
}

}  // namespace
}  // namespace tal
