#include "app/cli/bench_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "app/cli/bench_runner.hpp"
#include "host/signals.hpp"
#include "varvara/digest.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/session.hpp"
#include "varvara/virtual_clock.hpp"

namespace cli {
namespace {

class SilentSink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream, std::string_view) noexcept override { return true; }
    bool flush() noexcept override { return true; }
};

/// All devices, but for the ports that draw.
class WithoutDrawing final : public uxn::Devices {
public:
    explicit WithoutDrawing(varvara::Varvara& varvara)
        : Devices(varvara.reads(), writes_of(varvara)), varvara_(varvara) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept override {
        return varvara_.read(machine, port);
    }
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept override {
        return varvara_.write(machine, port);
    }

private:
    static uxn::PortSet writes_of(const varvara::Varvara& varvara) {
        using varvara::Screen;
        uxn::PortSet ports = varvara.writes();
        ports.set_page(Screen::kVector,
                       Screen::kHooks.writes & static_cast<std::uint16_t>(~varvara::port_mask(
                                                   {Screen::kPixel, Screen::kSprite})));
        return ports;
    }

    varvara::Varvara& varvara_;
};

struct Pass {
    double vectors = 0;
    double painting = 0;
    std::uint64_t instructions = 0;
    std::uint64_t picture = 0;
    bool complete = false;
};

Pass run_pass(const uxn::Engine& engine, const std::vector<std::uint8_t>& rom, std::uint64_t frames,
              bool draw) {
    SilentSink sink;
    varvara::VirtualClock clock;
    varvara::MemoryFiles files;
    const auto machine = std::make_unique<uxn::Machine>();
    varvara::Varvara varvara({.console = sink, .clock = clock, .files = files});
    varvara::load_rom(*machine, varvara, rom);
    WithoutDrawing without_drawing(varvara);
    uxn::Devices& devices = draw ? static_cast<uxn::Devices&>(varvara) : without_drawing;
    const uxn::Limits limits = {.instructions = uxn::kUnlimited,
                                .interrupt = &host::interrupt_flag()};
    Pass pass;
    const auto evaluate = [&](std::uint16_t vector) {
        if (vector == 0) {
            return true;
        }
        const uxn::Stop stop = engine.run(*machine, devices, vector, limits);
        pass.instructions += stop.instructions;
        return stop.reason == uxn::Stop::Reason::Break &&
               machine->dev[varvara::System::kState] == 0;
    };
    if (!evaluate(uxn::kResetVector)) {
        return pass;
    }
    pass.instructions = 0;
    std::vector<std::uint32_t> pixels;
    for (std::uint64_t frame = 1; frame <= frames; ++frame) {
        clock.set_frame(frame);
        const double start = cpu_seconds();
        if (!evaluate(machine->dev_short(varvara::Screen::kVector))) {
            return pass;
        }
        const double drawn = cpu_seconds();
        pixels.resize(std::size_t{varvara.screen.width()} * varvara.screen.height());
        varvara.screen.paint(varvara::palette_of(*machine), pixels);
        pass.vectors += drawn - start;
        pass.painting += cpu_seconds() - drawn;
    }
    pass.picture = varvara::fingerprint(
        {reinterpret_cast<const std::uint8_t*>(pixels.data()), pixels.size() * sizeof(pixels[0])});
    pass.complete = true;
    return pass;
}

FrameTimes median(const FrameRow& row) {
    const auto middle = [&](double FrameTimes::* part) {
        std::vector<double> values;
        values.reserve(row.rounds.size());
        for (const FrameTimes& times : row.rounds) {
            values.push_back(times.*part);
        }
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    FrameTimes times = row.rounds.front();
    times.total = middle(&FrameTimes::total);
    times.drawing = middle(&FrameTimes::drawing);
    times.painting = middle(&FrameTimes::painting);
    return times;
}

}  // namespace

base::Result<FrameTimes> time_frames(const uxn::Engine& engine,
                                     const std::vector<std::uint8_t>& rom, std::uint64_t frames) {
    const Pass all = run_pass(engine, rom, frames, true);
    const Pass quiet = run_pass(engine, rom, frames, false);
    if (!all.complete || !quiet.complete) {
        return base::fail(base::ErrorCode::Malformed, "it ended before its last frame");
    }
    return FrameTimes{.total = all.vectors + all.painting,
                      .drawing = std::max(0.0, all.vectors - quiet.vectors),
                      .painting = all.painting,
                      .instructions = all.instructions,
                      .picture = all.picture};
}

std::string frames_text(const std::vector<FrameRow>& rows, std::uint64_t frames) {
    std::string text =
        fmt::format("{:12} {:8} {:>10} {:>10} {:>9} {:>9} {:>14}\n", "program", "engine",
                    "frames/s", "us/frame", "drawing", "painting", "instr./frame");
    for (const FrameRow& row : rows) {
        const FrameTimes times = median(row);
        const auto count = static_cast<double>(frames);
        text += fmt::format("{:12} {:8} {:10.0f} {:10.1f} {:8.0f}% {:8.0f}% {:14}\n", row.program,
                            row.engine, count / times.total, times.total / count * 1e6,
                            100 * times.drawing / times.total, 100 * times.painting / times.total,
                            times.instructions / frames);
    }
    return text;
}

std::string frames_json(const std::vector<FrameRow>& rows, std::uint64_t frames) {
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    for (const FrameRow& row : rows) {
        const FrameTimes times = median(row);
        results.push_back({{"program", row.program},
                           {"engine", row.engine},
                           {"frames", frames},
                           {"seconds", times.total},
                           {"drawing_seconds", times.drawing},
                           {"painting_seconds", times.painting},
                           {"instructions", times.instructions}});
    }
    return results.dump(2) + "\n";
}

}  // namespace cli
