#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The ports of all Varvara devices by name: the only place that numbers them.
/// Source: spec/varvara.md, sections 1 to 9.
namespace varvara {

enum class Access : std::uint8_t {
    Read = 1,   ///< a program finds something there
    Write = 2,  ///< writing has an effect, now or later
    ReadWrite = 3,
};

/// One port of a device.
struct Port {
    std::uint8_t offset;  ///< within the page of the device
    std::uint8_t width;   ///< 1 or 2 bytes, high byte first
    Access access;
    std::string_view name;  ///< as the usual definitions spell it
    std::string_view meaning;
};

/// One device: its first port, its name, and the ports it defines, in order.
struct Page {
    std::uint8_t base;
    std::string_view name;
    std::span<const Port> ports;
};

/// All devices, in order of their pages.
std::span<const Page> port_pages();

/// The port that a device port number belongs to.
struct PortPlace {
    const Page* page;
    const Port* port;
    bool low_byte;  ///< the second byte of a short

    /// "Console/vector".
    std::string name() const;
};

/// Nothing for numbers that no device uses.
std::optional<PortPlace> find_port(std::uint8_t number);

namespace tables {

// clang-format off
inline constexpr Port kSystem[] = {
    {0x2, 2, Access::Write,     "expansion", "address of a memory operation to run: fill, cpyl, cpyr"},
    {0x4, 1, Access::ReadWrite, "wst",       "index of the working stack"},
    {0x5, 1, Access::ReadWrite, "rst",       "index of the return stack"},
    {0x6, 2, Access::Write,     "metadata",  "address of a description of the program"},
    {0x8, 2, Access::ReadWrite, "r",         "red of the four colours, a nibble each"},
    {0xa, 2, Access::ReadWrite, "g",         "green of the four colours"},
    {0xc, 2, Access::ReadWrite, "b",         "blue of the four colours"},
    {0xe, 1, Access::Write,     "debug",     "prints both stacks to standard error"},
    {0xf, 1, Access::ReadWrite, "state",     "when not zero, ends the program with this exit code"},
};
inline constexpr Port kConsole[] = {
    {0x0, 2, Access::Write,     "vector",    "address of code to run for every byte that comes in"},
    {0x2, 1, Access::Read,      "read",      "the byte that came in"},
    {0x5, 1, Access::Read,      "live",      "state of the child process (not offered)"},
    {0x6, 1, Access::Read,      "exit",      "exit code of the child process (not offered)"},
    {0x7, 1, Access::Read,      "type",      "what came in: 1 input, 2 argument, 3 argument ends, 4 last one ends"},
    {0x8, 1, Access::Write,     "write",     "sends a byte to standard output"},
    {0x9, 1, Access::Write,     "error",     "sends a byte to standard error"},
    {0xa, 2, Access::Write,     "hex",       "prints each byte in hexadecimal to standard error"},
    {0xc, 2, Access::Write,     "addr",      "command line of the child process (not offered)"},
    {0xe, 1, Access::Write,     "mode",      "streams of the child process (not offered)"},
    {0xf, 1, Access::Write,     "exec",      "starts the child process (not offered)"},
};
inline constexpr Port kScreen[] = {
    {0x0, 2, Access::Write,     "vector",    "address of code to run 60 times a second"},
    {0x2, 2, Access::ReadWrite, "width",     "in pixels"},
    {0x4, 2, Access::ReadWrite, "height",    "in pixels"},
    {0x6, 1, Access::Write,     "auto",      "what drawing moves: bits 0 x, 1 y, 2 addr; high nibble: further sprites"},
    {0x8, 2, Access::ReadWrite, "x",         "where to draw, signed"},
    {0xa, 2, Access::ReadWrite, "y",         "where to draw, signed"},
    {0xc, 2, Access::ReadWrite, "addr",      "address of the sprite data"},
    {0xe, 1, Access::Write,     "pixel",     "draws a pixel or fills a rectangle"},
    {0xf, 1, Access::Write,     "sprite",    "draws sprites"},
};
inline constexpr Port kAudio[] = {
    {0x0, 2, Access::Write,     "vector",    "address of code to run when the note has ended"},
    {0x2, 2, Access::Read,      "position",  "index of the sample byte being played"},
    {0x4, 1, Access::Read,      "output",    "loudness now: left nibble, right nibble"},
    {0x8, 2, Access::Write,     "adsr",      "attack, decay, sustain, release, in 1/15 s"},
    {0xa, 2, Access::Write,     "length",    "of the sample, in bytes"},
    {0xc, 2, Access::Write,     "addr",      "address of the sample"},
    {0xe, 1, Access::Write,     "volume",    "left nibble, right nibble"},
    {0xf, 1, Access::Write,     "pitch",     "starts a note; bit 7: play the sample once"},
};
inline constexpr Port kController[] = {
    {0x0, 2, Access::Write,     "vector",    "address of code to run for buttons and characters"},
    {0x2, 1, Access::Read,      "button",    "buttons held: A B Select Start Up Down Left Right from bit 0"},
    {0x3, 1, Access::Read,      "key",       "character of this event"},
    {0x5, 1, Access::Read,      "p2",        "buttons of the second controller"},
    {0x6, 1, Access::Read,      "p3",        "buttons of the third controller"},
    {0x7, 1, Access::Read,      "p4",        "buttons of the fourth controller"},
};
inline constexpr Port kMouse[] = {
    {0x0, 2, Access::Write,     "vector",    "address of code to run for movement, buttons and scrolling"},
    {0x2, 2, Access::Read,      "x",         "position in pixels"},
    {0x4, 2, Access::Read,      "y",         "position in pixels"},
    {0x6, 1, Access::ReadWrite, "state",     "buttons held: bits 0 left, 1 middle, 2 right"},
    {0xa, 2, Access::Read,      "scrollx",   "signed, during a scroll event"},
    {0xc, 2, Access::Read,      "scrolly",   "signed, during a scroll event"},
};
inline constexpr Port kFile[] = {
    {0x0, 2, Access::Write,     "vector",    "unused"},
    {0x2, 2, Access::Read,      "success",   "result of the last operation"},
    {0x4, 2, Access::Write,     "stat",      "address to put the status text at"},
    {0x6, 1, Access::Write,     "delete",    "deletes the file"},
    {0x7, 1, Access::Write,     "append",    "01: writing continues at the end of the file"},
    {0x8, 2, Access::Write,     "name",      "address of the path"},
    {0xa, 2, Access::Write,     "length",    "bytes to transfer"},
    {0xc, 2, Access::Write,     "read",      "address to read to"},
    {0xe, 2, Access::Write,     "write",     "address to write from"},
};
inline constexpr Port kDatetime[] = {
    {0x0, 2, Access::Read,      "year",      "for example 07ea = 2026"},
    {0x2, 1, Access::Read,      "month",     "0..11"},
    {0x3, 1, Access::Read,      "day",       "1..31"},
    {0x4, 1, Access::Read,      "hour",      "0..23"},
    {0x5, 1, Access::Read,      "minute",    "0..59"},
    {0x6, 1, Access::Read,      "second",    "0..60"},
    {0x7, 1, Access::Read,      "dotw",      "day of the week, 0 = Sunday"},
    {0x8, 2, Access::Read,      "doty",      "day of the year, 0..365"},
    {0xa, 1, Access::Read,      "isdst",     "1 daylight saving time, 0 not, ff unknown"},
};

inline constexpr Page kPages[] = {
    {0x00, "System",     kSystem},
    {0x10, "Console",    kConsole},
    {0x20, "Screen",     kScreen},
    {0x30, "Audio0",     kAudio},
    {0x40, "Audio1",     kAudio},
    {0x50, "Audio2",     kAudio},
    {0x60, "Audio3",     kAudio},
    {0x80, "Controller", kController},
    {0x90, "Mouse",      kMouse},
    {0xa0, "File1",      kFile},
    {0xb0, "File2",      kFile},
    {0xc0, "DateTime",   kDatetime},
};
// clang-format on

}  // namespace tables

std::uint8_t no_port_has_this_name();  // nowhere defined

/// The number of the port called `name`, as in `port("Console/write")`; checked at compile time.
consteval std::uint8_t port(std::string_view name) {
    for (const Page& page : tables::kPages) {
        if (!name.starts_with(page.name) || name.size() <= page.name.size() ||
            name[page.name.size()] != '/') {
            continue;
        }
        for (const Port& entry : page.ports) {
            if (entry.name == name.substr(page.name.size() + 1)) {
                return static_cast<std::uint8_t>(page.base + entry.offset);
            }
        }
    }
    return no_port_has_this_name();  // not a constant expression: the compiler stops here
}

/// Ports of one page, bit n for the page's port n.
constexpr std::uint16_t port_mask(std::initializer_list<std::uint8_t> numbers) {
    unsigned mask = 0;
    for (const std::uint8_t number : numbers) {
        mask |= 1u << (number & 0x0f);
    }
    return static_cast<std::uint16_t>(mask);
}

/// The ports of a device whose reading or writing it has to be told of; the rest is plain memory.
struct Hooks {
    std::uint16_t reads = 0;
    std::uint16_t writes = 0;
};

}  // namespace varvara
