#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// A File device: one of two, which share nothing.
/// A name is copied when it is set. One that is empty, longer than `kMaxPathSize`, or without its
/// 00 by ffff, is as good as none.
/// Source: spec/varvara.md, section 8.
class File {
public:
    // Ports of the first device; the other has the same in its own page.
    static constexpr std::uint8_t kSuccess = port("File1/success");
    static constexpr std::uint8_t kStat = port("File1/stat");
    static constexpr std::uint8_t kDelete = port("File1/delete");
    static constexpr std::uint8_t kAppend = port("File1/append");
    static constexpr std::uint8_t kName = port("File1/name");
    static constexpr std::uint8_t kLength = port("File1/length");
    static constexpr std::uint8_t kRead = port("File1/read");
    static constexpr std::uint8_t kWrite = port("File1/write");
    static constexpr Hooks kHooks = {
        .reads = 0, .writes = port_mask({kStat + 1, kDelete, kName + 1, kRead + 1, kWrite + 1})};

    explicit File(const Hosts& hosts) : files_(hosts.files) {}

    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept;

    /// Closes what is open and forgets the name.
    void reset();
    /// A file that was open is opened again: to read on from where it was, or to write on at its
    /// end. If it has gone, the device is idle.
    void transfer(StateStream& state);

private:
    enum class State : std::uint8_t { Idle, ReadingFile, ReadingFolder, Writing };

    void close();
    void set_name(const uxn::Machine& machine, std::uint16_t address);

    // Operations on a part of RAM. Their result is for File/success.
    std::size_t put_status(std::span<std::uint8_t> out);
    std::size_t read(std::span<std::uint8_t> out);
    std::size_t read_listing(std::span<std::uint8_t> out);
    std::size_t write(std::span<const std::uint8_t> bytes, bool append);

    void open_to_read();
    void open_to_write(bool append);
    /// Creates the folders named before a '/'. False: one of them is missing now.
    bool make_parents();
    /// Opens the file that a restored state says to be open.
    void reopen();

    FileSystem& files_;
    std::string name_;
    State state_ = State::Idle;
    std::unique_ptr<OpenFile> file_;  ///< open while ReadingFile or Writing
    std::uint64_t position_ = 0;      ///< bytes read of it
    std::string listing_;             ///< what a folder reads as, while ReadingFolder,
    std::size_t listing_at_ = 0;      ///< and how much of that has been read
};

}  // namespace varvara
