#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "uxn/engine.hpp"
#include "uxn/machine.hpp"
#include "varvara/event.hpp"
#include "varvara/hosts.hpp"
#include "varvara/screen_layers.hpp"
#include "varvara/session.hpp"
#include "varvara/varvara.hpp"
#include "web/watched_files.hpp"

namespace web {

/// What the program prints, handed to the page in pieces; and with it, what it has written.
class Printer final : public varvara::ConsoleSink {
public:
    explicit Printer(WatchedFiles& files) : files_(files) {}

    bool write(varvara::Stream stream, std::string_view bytes) noexcept override;
    bool flush() noexcept override;

private:
    void print();

    WatchedFiles& files_;
    varvara::Stream stream_ = varvara::Stream::Output;
    std::string waiting_;
};

class PageClock final : public varvara::Clock {
public:
    varvara::CivilTime now() noexcept override;
};

/// An engine that can be exchanged while a program is between two vectors.
class ChosenEngine final : public uxn::Engine {
public:
    ChosenEngine();
    /// "auto" means the fastest. False if there is none of this name.
    bool choose(std::string_view name);
    uxn::Stop run(uxn::Machine& machine, uxn::Devices& devices, std::uint16_t pc,
                  const uxn::Limits& limits) const noexcept override {
        return engine_->run(machine, devices, pc, limits);
    }

private:
    const uxn::Engine* engine_;
};

/// A computer in a page: a program, what happens to it, and what it shows. What it prints and
/// writes is with the page when a call returns, and every few hundredths of a second before.
class Computer {
public:
    explicit Computer(unsigned audio_rate_hz);

    ChosenEngine engine;
    WatchedFiles files;

    /// Begins anew with this program, which is run up to the end of its reset vector. Files stay.
    /// Errors: Empty, TooLarge; the program before goes on then.
    base::Result<void> load(std::span<const std::uint8_t> rom,
                            const std::vector<std::string>& arguments);
    /// The same program once more, ended or not. Its files stay, and after a soft reboot the zero
    /// page.
    void reboot(bool hard);
    void happen(const varvara::Event& event);
    void input(std::span<const std::uint8_t> bytes);

    bool running() const { return session_ && session_->running(); }
    /// How it ended, and how many instructions there were so far.
    varvara::SessionEnd end() const { return session_ ? session_->end() : varvara::SessionEnd{}; }

    /// What is on the screen, row by row, four bytes a pixel: red, green, blue, ff. Valid until the
    /// next call.
    std::span<const std::uint32_t> picture();
    unsigned width() const { return parts_->varvara.screen.width(); }
    unsigned height() const { return parts_->varvara.screen.height(); }
    /// Whether the last picture differs from the one before.
    bool picture_changed() const { return picture_changed_; }
    /// Whether the program takes no notice of the mouse, and so draws no pointer.
    bool wants_cursor() const;

    /// The next frames of sound: interleaved stereo; any even length.
    void mix(std::span<std::int16_t> out) { parts_->varvara.mix(parts_->machine.ram, out); }
    /// Whether there is anything to hear.
    bool sounds();

    std::vector<std::uint8_t> save_state();
    /// Errors: Malformed, Unsupported; the program before goes on then.
    base::Result<void> load_state(std::span<const std::uint8_t> bytes);

    const uxn::Machine& machine() const { return parts_->machine; }

private:
    struct Parts {
        explicit Parts(const varvara::Hosts& hosts) : varvara(hosts) {}
        uxn::Machine machine;
        varvara::Varvara varvara;
    };

    std::unique_ptr<Parts> make_parts();
    void begin();
    void settle();

    const unsigned audio_rate_hz_;
    Printer printer_{files};
    PageClock clock_;
    std::unique_ptr<Parts> parts_;
    std::optional<varvara::Session> session_;
    std::vector<std::uint8_t> rom_;
    std::vector<std::uint32_t> pixels_;
    unsigned painted_width_ = 0;
    bool picture_changed_ = false;
};

}  // namespace web
