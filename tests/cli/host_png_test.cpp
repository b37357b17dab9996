#include "host/png.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "temporary_folder.hpp"

namespace host {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using namespace std::string_view_literals;

/// A chunk with the checksum that section 5.5 of the PNG specification asks for.
std::string chunk(std::string_view type, std::string_view data) {
    const auto number = [](std::uint32_t value) {
        std::string bytes;
        for (const unsigned shift : {24u, 16u, 8u, 0u}) {
            bytes += static_cast<char>(value >> shift);
        }
        return bytes;
    };
    const std::string body = std::string(type) + std::string(data);
    std::uint32_t crc = 0xffffffff;
    for (const char byte : body) {
        crc ^= static_cast<std::uint8_t>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
        }
    }
    return number(static_cast<std::uint32_t>(data.size())) + body + number(~crc);
}

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n"sv;
/// Header of a picture of 2 by 1 pixels, 8 bits a channel, red, green and blue.
constexpr std::string_view kHeader = "\0\0\0\2\0\0\0\1\x08\2\0\0\0"sv;
/// Its data by hand: zlib's header, a stored block of seven bytes (filter 0, a red and a blue
/// pixel), their checksum.
constexpr std::string_view kData =
    "\x78\x01\x01\x07\x00\xf8\xff\x00\xff\x00\x00\x00\x00\xff\x07\x00\x01\xff"sv;

std::string picture_by_hand() {
    return std::string(kSignature) + chunk("IHDR", kHeader) + chunk("IDAT", kData) +
           chunk("IEND", "");
}

Picture some_picture(unsigned width, unsigned height) {
    Picture picture{.width = width, .height = height, .pixels = {}};
    for (unsigned i = 0; i < width * height; ++i) {
        picture.pixels.push_back(i * 2'654'435'761u >> 8);
    }
    return picture;
}

TEST(Png, ReadsAPictureMadeByHand) {
    const TemporaryFolder folder;
    const auto picture = read_png(folder.write("hand.png", picture_by_hand()));
    ASSERT_TRUE(picture) << picture.error().detail;
    EXPECT_EQ(*picture, (Picture{.width = 2, .height = 1, .pixels = {0xff0000, 0x0000ff}}));
}

TEST(Png, GivesBackWhatWasWritten) {
    const TemporaryFolder folder;
    for (const auto& [width, height] :
         {std::pair{1u, 1u}, {512u, 320u}, {3u, 4095u}, {4095u, 2u}}) {
        const Picture picture = some_picture(width, height);
        ASSERT_TRUE(write_png(folder.path("a.png"), picture));
        EXPECT_EQ(read_png(folder.path("a.png")).value_or(Picture{}), picture) << width;
    }
    EXPECT_EQ(folder.size(), 1);
}

TEST(Png, WritesAHeaderThatEveryReaderKnows) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_png(folder.path("a.png"), some_picture(2, 1)));
    const std::string start = std::string(kSignature) + chunk("IHDR", kHeader);
    EXPECT_EQ(folder.read("a.png").substr(0, start.size()), start);
    EXPECT_TRUE(folder.read("a.png").ends_with(chunk("IEND", "")));
}

TEST(Png, WritesTheSameBytesEachTime) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_png(folder.path("a.png"), some_picture(100, 50)));
    ASSERT_TRUE(write_png(folder.path("b.png"), some_picture(3, 5)));
    ASSERT_TRUE(write_png(folder.path("b.png"), some_picture(100, 50)));
    EXPECT_EQ(folder.read("a.png"), folder.read("b.png"));
}

TEST(Png, DropsTheUpperByteOfPixels) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_png(folder.path("a.png"), {.width = 1, .height = 1, .pixels = {0xab123456}}));
    EXPECT_EQ(read_png(folder.path("a.png")).value_or(Picture{}).pixels.at(0), 0x123456u);
}

TEST(Png, RefusesToWriteImpossiblePictures) {
    const TemporaryFolder folder;
    for (const Picture& picture : {Picture{}, Picture{.width = 0, .height = 2, .pixels = {}},
                                   Picture{.width = 2, .height = 2, .pixels = {1, 2, 3}},
                                   some_picture(4096, 1), some_picture(1, 4096)}) {
        const auto result = write_png(folder.path("a.png"), picture);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::Malformed);
    }
    EXPECT_EQ(folder.size(), 0);
    const auto result = write_png("a.png", Picture{});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().detail, "cannot write 'a.png': no picture has 0 by 0 pixels");
}

TEST(Png, SaysWhyItCannotWrite) {
    const TemporaryFolder folder;
    const auto result = write_png(folder.path("missing/a.png"), some_picture(1, 1));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::NotWritable);
}

TEST(Png, PrintsNothingOfABrokenFileButText) {
    const auto reason_for = [](std::string_view type) {
        const std::string file = std::string(kSignature) + chunk("IHDR", kHeader) + chunk(type, "");
        const auto result = decode_png(file, "a.png");
        return result ? std::string() : result.error().detail;
    };
    EXPECT_EQ(reason_for("\x1b[2J"), "'a.png' is not a PNG picture: [2J PNG chunk not known");
    EXPECT_EQ(reason_for("\0\0\0\0"sv), "'a.png' is not a PNG picture: it is damaged");
}

TEST(Png, SaysWhyItCannotRead) {
    const TemporaryFolder folder;
    const auto missing = read_png(folder.path("missing.png"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);

    const auto text = read_png(folder.write("text", "no picture at all"));
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::Malformed);
    EXPECT_TRUE(
        text.error().detail.starts_with("'" + folder.path("text") + "' is not a PNG picture: "))
        << text.error().detail;
}

TEST(Png, RefusesLargePicturesByTheirHeaders) {
    const TemporaryFolder folder;
    for (const std::string_view header :
         {"\0\0\x10\0\0\0\0\1\x08\2\0\0\0"sv, "\0\0\0\1\0\0\x10\0\x08\2\0\0\0"sv}) {
        const auto result =
            read_png(folder.write("a.png", std::string(kSignature) + chunk("IHDR", header) +
                                               chunk("IDAT", kData) + chunk("IEND", "")));
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::TooLarge);
        EXPECT_TRUE(result.error().detail.ends_with(
                        "by 4096 pixels, and 4095 by 4095 pixels is the most") ||
                    result.error().detail.ends_with(
                        "4096 by 1 pixels, and 4095 by 4095 pixels is the most"))
            << result.error().detail;
    }
}

TEST(Png, RefusesDamagedPicturesWhereverTheyEnd) {
    const TemporaryFolder folder;
    const std::string whole = picture_by_hand();
    const std::size_t end_of_data = whole.size() - chunk("IEND", "").size();
    for (std::size_t size = 0; size < end_of_data; ++size) {
        const auto result = read_png(folder.write("a.png", whole.substr(0, size)));
        // Of the data's own end, checksums alone are missing.
        if (!result) {
            EXPECT_EQ(result.error().code, ErrorCode::Malformed) << size;
        } else {
            EXPECT_GE(size, end_of_data - 8) << size;
        }
    }
}

}  // namespace
}  // namespace host
