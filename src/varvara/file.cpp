#include "varvara/file.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "varvara/hex.hpp"

namespace varvara {
namespace {

using FileKind = FileStatus::Kind;

/// "size /name\n" and the like.
constexpr std::size_t kMaxLineSize = 4 + 1 + 255 + 1 + 1;
constexpr std::size_t kMaxListingSize = kMaxFolderEntries * kMaxLineSize;

/// The four characters that stand before an entry of a folder.
std::string summary(const FileStatus& status) {
    switch (status.kind) {
        case FileKind::Folder: return "----";
        case FileKind::File: break;
        default: return "!!!!";
    }
    if (status.size > 0xffff) {
        return "????";
    }
    std::string digits;
    append_hex(digits, static_cast<std::uint8_t>(status.size >> 8));
    append_hex(digits, static_cast<std::uint8_t>(status.size));
    return digits;
}

std::string listing_of(const std::vector<FileEntry>& entries) {
    std::string text;
    for (const FileEntry& entry : entries) {
        text.append(summary(entry.status)).append(" ").append(entry.name);
        text.append(entry.status.kind == FileKind::Folder ? "/\n" : "\n");
    }
    return text;
}

/// How much of `lines` a read of `room` bytes gets: whole lines, or part of the first one if not
/// even that fits.
std::size_t fitting(std::string_view lines, std::size_t room) {
    if (lines.size() <= room) {
        return lines.size();
    }
    const std::size_t end = lines.substr(0, room).rfind('\n');
    return end == std::string_view::npos ? room : end + 1;
}

}  // namespace

uxn::DeviceEffect File::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    const auto own = [&](std::uint8_t first_device_port) {
        return static_cast<std::uint8_t>((port & 0xf0) | (first_device_port & 0x0f));
    };
    const auto succeed = [&](std::size_t result) {
        machine.set_dev_short(own(kSuccess), static_cast<std::uint16_t>(result));
    };
    /// The part of RAM that an operation is about: its address is in the port just written.
    const auto range = [&] {
        const std::uint16_t address = machine.dev_short(static_cast<std::uint8_t>(port - 1));
        const auto up_to_end = machine.ram.bytes().subspan(address);
        const std::size_t length = machine.dev_short(own(kLength));
        return up_to_end.first(std::min(length, up_to_end.size()));
    };
    const auto written = [&](std::size_t length) {
        return uxn::DeviceEffect{
            .ram_begin = machine.dev_short(static_cast<std::uint8_t>(port - 1)),
            .ram_length = static_cast<std::uint32_t>(length)};
    };

    if (port == own(kName + 1)) {
        close();
        set_name(machine, machine.dev_short(own(kName)));
        succeed(0);
        return {};
    }
    if (name_.empty()) {
        succeed(0);
        return {};
    }
    if (port == own(kStat + 1)) {
        const std::size_t count = put_status(range());
        succeed(count);
        return written(count);
    }
    if (port == own(kRead + 1)) {
        const auto out = range();
        const std::size_t count = read(out);
        succeed(count);
        // After entries of a folder comes a 00, if there is room.
        const bool with_end = state_ == State::ReadingFolder && count > 0 && count < out.size();
        if (with_end) {
            out[count] = 0;
        }
        return written(count + (with_end ? 1 : 0));
    }
    if (port == own(kWrite + 1)) {
        succeed(write(range(), (machine.dev[own(kAppend)] & 1) != 0));
        return {};
    }
    succeed(files_.remove(name_) ? 1 : 0);
    return {};
}

void File::close() {
    state_ = State::Idle;
    file_.reset();
    position_ = 0;
    listing_.clear();
    listing_at_ = 0;
}

void File::reset() {
    close();
    name_.clear();
}

void File::set_name(const uxn::Machine& machine, std::uint16_t address) {
    const auto bytes = machine.ram.bytes().subspan(address);
    const auto longest = bytes.first(std::min(bytes.size(), kMaxPathSize + 1));
    const auto end = std::ranges::find(longest, 0);
    name_.assign(longest.begin(), end == longest.end() ? longest.begin() : end);
}

std::size_t File::put_status(std::span<std::uint8_t> out) {
    FileStatus status = files_.status(name_);
    switch (status.kind) {
        case FileKind::Outside: return 0;
        case FileKind::File:
            for (std::uint8_t& digit : out | std::views::reverse) {
                digit = static_cast<std::uint8_t>("0123456789abcdef"[status.size & 0x0f]);
                status.size >>= 4;
            }
            break;
        case FileKind::Folder: std::ranges::fill(out, '-'); break;
        default: std::ranges::fill(out, '!');
    }
    return out.size();
}

std::size_t File::read(std::span<std::uint8_t> out) {
    if (state_ != State::ReadingFile && state_ != State::ReadingFolder) {
        close();
        open_to_read();
    }
    switch (state_) {
        case State::ReadingFile: {
            const std::size_t count = file_->read(out);
            position_ += count;
            return count;
        }
        case State::ReadingFolder: return read_listing(out);
        default: return 0;
    }
}

std::size_t File::read_listing(std::span<std::uint8_t> out) {
    const std::string_view left = std::string_view(listing_).substr(listing_at_);
    const std::size_t count = fitting(left, out.size());
    std::ranges::copy(left.substr(0, count), out.begin());
    listing_at_ += count;
    return count;
}

std::size_t File::write(std::span<const std::uint8_t> bytes, bool append) {
    if (state_ != State::Writing) {
        close();
        if (name_.ends_with('/')) {
            return make_parents() ? 1 : 0;
        }
        open_to_write(append);
    }
    return state_ == State::Writing && file_->write(bytes) == bytes.size() ? bytes.size() : 0;
}

void File::open_to_read() {
    file_ = files_.open_to_read(name_);
    if (file_ != nullptr) {
        state_ = State::ReadingFile;
    } else if (const auto entries = files_.list(name_)) {
        state_ = State::ReadingFolder;
        listing_ = listing_of(*entries);
    }
}

void File::open_to_write(bool append) {
    if (make_parents()) {
        file_ = files_.open_to_write(name_, append);
        state_ = file_ == nullptr ? State::Idle : State::Writing;
    }
}

bool File::make_parents() {
    // A path that leaves the folder must not create anything on its way.
    if (files_.status(name_).kind == FileKind::Outside) {
        return false;
    }
    for (std::size_t slash = name_.find('/'); slash != std::string::npos;
         slash = name_.find('/', slash + 1)) {
        if (!files_.make_folder(std::string_view(name_).substr(0, slash))) {
            return false;
        }
    }
    return true;
}

void File::transfer(StateStream& state) {
    if (state.restoring()) {
        reset();
    } else {
        listing_.erase(0, std::exchange(listing_at_, 0));
    }
    state.text(name_, kMaxPathSize);
    state.number(state_);
    state.number(position_);
    state.text(listing_, kMaxListingSize);
    if (!state.restoring()) {
        return;
    }
    if (state_ > State::Writing || name_.contains('\0') ||
        (name_.empty() && state_ != State::Idle)) {
        state.fail("it describes an impossible state of a File device");
    }
    if (!state.ok()) {
        reset();
    } else {
        reopen();
    }
}

void File::reopen() {
    const State before = std::exchange(state_, State::Idle);
    const std::uint64_t position = std::exchange(position_, 0);
    if (before == State::ReadingFolder) {
        state_ = before;  // what is left to read of it is at hand
        return;
    }
    listing_.clear();
    if (before == State::Idle || files_.status(name_).kind != FileKind::File) {
        return;
    }
    if (before == State::Writing) {
        file_ = files_.open_to_write(name_, true);
    } else {
        file_ = files_.open_to_read(name_);
    }
    if (file_ == nullptr) {
        return;
    }
    state_ = before;
    std::array<std::uint8_t, 16384> skipped;
    while (before == State::ReadingFile && position_ < position) {
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(skipped.size(), position - position_));
        const std::size_t count = file_->read(std::span(skipped).first(wanted));
        position_ += count;
        if (count < wanted) {
            break;
        }
    }
}

}  // namespace varvara
