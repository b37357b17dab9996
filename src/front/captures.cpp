#include "front/captures.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "host/clock.hpp"
#include "host/files.hpp"
#include "host/png.hpp"

namespace front {
namespace {

constexpr unsigned kMostNames = 1000;  ///< within one second

}  // namespace

class Captures::Camera final : public Onlooker {
public:
    void picture(std::span<const std::uint32_t>, Size, varvara::Rows) noexcept override {}
    void sound(std::span<const std::int16_t>) noexcept override {}
};

Captures::Captures(std::string folder) : folder_(std::move(folder)) {}

Captures::~Captures() = default;

void Captures::begin(const std::string& program, unsigned) {
    program_ = program.substr(0, program.find_last_of('.'));
    camera_ = std::make_unique<Camera>();
}

base::Result<std::string> Captures::end() {
    camera_.reset();
    return std::string();
}

Onlooker* Captures::onlooker() {
    return camera_.get();
}

/// The path of a file that does not exist yet.
base::Result<std::string> Captures::new_name(std::string_view suffix) const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) {
        return base::fail(base::ErrorCode::NotWritable,
                          fmt::format("cannot use the folder '{}': {}", folder_, error.message()));
    }
    const varvara::CivilTime now = host::SystemClock().now();
    const std::string stem =
        fmt::format("{}/{}-{:04}{:02}{:02}-{:02}{:02}{:02}", folder_, program_, now.year,
                    now.month + 1, now.day, now.hour, now.minute, now.second);
    for (unsigned i = 1; i < kMostNames; ++i) {
        std::string name =
            i == 1 ? fmt::format("{}{}", stem, suffix) : fmt::format("{}-{}{}", stem, i, suffix);
        if (!std::filesystem::exists(name, error)) {
            return name;
        }
    }
    return base::fail(base::ErrorCode::NotWritable,
                      fmt::format("'{}' has too many files", folder_));
}

base::Result<std::string> Captures::picture(std::span<const std::uint32_t> pixels, Size size) {
    const auto name = new_name(".png");
    if (!name) {
        return name;
    }
    const std::string png = host::encode_png(
        {.width = size.width, .height = size.height, .pixels = {pixels.begin(), pixels.end()}});
    if (const auto written = host::write_file(*name, png); !written) {
        return std::unexpected(written.error());
    }
    return fmt::format("saved {}", *name);
}

bool Captures::filming() const {
    return false;
}

base::Result<std::string> Captures::begin_film() {
    return std::string("not yet");
}

base::Result<std::string> Captures::end_film() {
    return std::string();
}

base::Result<std::string> Captures::save_last() {
    return std::string("not yet");
}

}  // namespace front
