#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the devices ask of the computer they run on. Devices know no file, clock or window: a front
/// end hands them these. All calls come on the thread that runs the engine.
namespace varvara {

enum class Stream : unsigned { Output, Error };

/// Where Console/write, Console/error and the messages of devices go.
class ConsoleSink {
public:
    virtual ~ConsoleSink() = default;
    /// Takes all of `bytes`; may keep them until `flush`, but never changes the order of what was
    /// written, streams included. False: nobody can receive them any more, so the program may end.
    virtual bool write(Stream stream, std::string_view bytes) noexcept = 0;
    /// Hands on everything written so far. False as for `write`.
    virtual bool flush() noexcept = 0;
};

/// Where the bytes of Console/read come from.
class ConsoleInput {
public:
    virtual ~ConsoleInput() = default;
    /// The next bytes, at least one; waits for them. None: the input has ended, or the program was
    /// interrupted while waiting.
    /// The span is valid until the next call.
    virtual std::span<const std::uint8_t> next() noexcept = 0;
};

/// A moment as people in one place call it.
struct CivilTime {
    std::uint16_t year = 1970;
    std::uint8_t month = 0;         ///< 0..11
    std::uint8_t day = 1;           ///< 1..31
    std::uint8_t hour = 0;          ///< 0..23
    std::uint8_t minute = 0;        ///< 0..59
    std::uint8_t second = 0;        ///< 0..60
    std::uint8_t day_of_week = 4;   ///< 0 = Sunday
    std::uint16_t day_of_year = 0;  ///< 0..365
    std::uint8_t is_dst = 0;        ///< 1 daylight saving time, 0 not, ff unknown

    friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

class Clock {
public:
    virtual ~Clock() = default;
    virtual CivilTime now() noexcept = 0;
};

/// What a path leads to.
struct FileStatus {
    enum class Kind : std::uint8_t {
        Missing,
        File,
        Folder,
        Unknown,  ///< there, but it cannot be examined, or is something else
        Outside,  ///< the path leaves the folder, whatever may be there
    };
    Kind kind = Kind::Missing;
    std::uint64_t size = 0;  ///< of a file, in bytes

    friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

/// The longest path that a File device uses, in bytes.
inline constexpr std::size_t kMaxPathSize = 255;
/// The most entries that a file system lists of one folder.
inline constexpr std::size_t kMaxFolderEntries = 65536;

/// An entry of a folder.
struct FileEntry {
    std::string name;
    FileStatus status;

    friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

/// A file while a program reads or writes it. Destroying it closes it.
class OpenFile {
public:
    virtual ~OpenFile() = default;
    /// Fills `bytes` from where the last read ended; how many. Fewer: the file's end, or a failure.
    virtual std::size_t read(std::span<std::uint8_t> bytes) noexcept = 0;
    /// Writes `bytes` and hands them to the operating system; how many. Fewer: a failure.
    virtual std::size_t write(std::span<const std::uint8_t> bytes) noexcept = 0;
};

/// The folder that the File devices see. Paths come from programs and may be any bytes but 00; they
/// are relative to that folder, and one that would leave it in any way leads nowhere.
/// Folders have no entries "." and ".." here.
class FileSystem {
public:
    virtual ~FileSystem() = default;
    virtual FileStatus status(std::string_view path) noexcept = 0;
    /// Null: there is no such file, or it may not be read.
    virtual std::unique_ptr<OpenFile> open_to_read(std::string_view path) noexcept = 0;
    /// Creates the file if it is missing, but no folders; empties it unless `append`.
    /// Null: it may not be written.
    virtual std::unique_ptr<OpenFile> open_to_write(std::string_view path,
                                                    bool append) noexcept = 0;
    /// The entries of a folder, `kMaxFolderEntries` at most, in ascending order of their names'
    /// bytes. Nothing: it is no folder, or may not be read.
    virtual std::optional<std::vector<FileEntry>> list(std::string_view path) noexcept = 0;
    /// True if the folder exists afterwards. Its parents must exist before.
    virtual bool make_folder(std::string_view path) noexcept = 0;
    /// Removes a file. True if one was removed.
    virtual bool remove(std::string_view path) noexcept = 0;
};

/// No files: nothing is there, and nothing can be created.
FileSystem& no_files();

/// All of the above, as devices are built from it. The objects must outlive the devices.
struct Hosts {
    ConsoleSink& console;
    Clock& clock;
    FileSystem& files = no_files();
    unsigned audio_rate_hz = 44100;  ///< of the sound that `Varvara::mix` makes
};

}  // namespace varvara
