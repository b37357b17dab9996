#pragma once

#include <cstdint>
#include <span>
#include <string_view>

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

/// All of the above, as devices are built from it. The objects must outlive the devices.
struct Hosts {
    ConsoleSink& console;
    Clock& clock;
};

}  // namespace varvara
