#include "front/slots.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "host/files.hpp"
#include "varvara/digest.hpp"
#include "varvara/hex.hpp"
#include "varvara/state_file.hpp"

namespace front {
namespace {

using base::ErrorCode;

/// More than any state takes.
constexpr std::size_t kMaxState = std::size_t{64} << 20;
constexpr std::size_t kMaxName = 64;

constexpr bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

std::string plain(std::string_view name) {
    std::string text(name.substr(0, kMaxName));
    std::ranges::replace_if(text, [](char c) { return !is_plain(c); }, '_');
    return text.empty() ? "program" : text;
}

}  // namespace

Slots::Slots(std::string folder, std::string_view name, std::span<const std::uint8_t> rom)
    : folder_(std::move(folder)), start_(plain(name) + '-'), rom_(rom) {
    const std::uint64_t print = varvara::fingerprint(rom);
    for (unsigned shift = 64; shift > 0;) {
        shift -= 8;
        varvara::append_hex(start_, static_cast<std::uint8_t>(print >> shift));
    }
}

std::string Slots::path(unsigned slot) const {
    const std::string number = slot == kAutosave ? "auto" : std::to_string(slot);
    return folder_ + '/' + start_ + '.' + number + ".state";
}

base::Result<void> Slots::save(unsigned slot, std::span<const std::uint8_t> state) const {
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed) {
        return base::fail(ErrorCode::NotWritable,
                          "cannot make the folder '" + folder_ + "': " + failed.message());
    }
    return host::write_file(path(slot), host::as_text(state));
}

base::Result<std::vector<std::uint8_t>> Slots::load(unsigned slot) const {
    const std::string file = path(slot);
    const auto contents = host::read_file(file, kMaxState);
    if (!contents) {
        return std::unexpected(contents.error());
    }
    const auto bytes = host::as_bytes(*contents);
    const auto extras = varvara::read_state_extras(bytes);
    if (!extras) {
        return base::fail(extras.error().code,
                          "cannot load '" + file + "': " + extras.error().detail);
    }
    if (!std::ranges::equal(extras->rom, rom_)) {
        return base::fail(ErrorCode::Unsupported,
                          "cannot load '" + file + "': it is the state of another program");
    }
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
}

base::Result<void> Slots::remove(unsigned slot) const {
    std::error_code failed;
    std::filesystem::remove(path(slot), failed);
    if (failed) {
        return base::fail(ErrorCode::NotWritable,
                          "cannot remove '" + path(slot) + "': " + failed.message());
    }
    return {};
}

Slots::Times Slots::times() const {
    Times times;
    for (unsigned slot = 0; slot < times.size(); ++slot) {
        std::error_code failed;
        const std::string file = path(slot);
        if (!std::filesystem::is_regular_file(file, failed)) {
            continue;
        }
        const auto written = std::filesystem::last_write_time(file, failed);
        if (!failed) {
            times[slot] = std::chrono::file_clock::to_sys(written);
        }
    }
    return times;
}

}  // namespace front
