#pragma once

#include <string>
#include <string_view>

#include "varvara/hosts.hpp"

namespace fuzz {

/// Keeps what a program prints: 'o' or 'e' before each piece, for the stream.
class Sink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        text += stream == varvara::Stream::Output ? 'o' : 'e';
        text += bytes;
        return text.size() <= closes_after;
    }
    bool flush() noexcept override { return text.size() <= closes_after; }

    std::string text;
    std::size_t closes_after = std::string::npos;  ///< then nobody reads any more
};

class StandingClock final : public varvara::Clock {
public:
    varvara::CivilTime now() noexcept override { return {}; }
};

/// Hosts that reach nothing outside the process.
struct QuietHosts {
    Sink sink;
    StandingClock clock;

    varvara::Hosts hosts() { return {.console = sink, .clock = clock}; }
};

}  // namespace fuzz
