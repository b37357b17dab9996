#include "varvara/headless.hpp"

#include <string>
#include <utility>

namespace varvara {
namespace {

class Run {
public:
    explicit Run(const Headless& headless)
        : headless_(headless), session_(headless.session), viewer_(headless.viewer) {}

    HeadlessEnd run() {
        const std::uint64_t first_frame = headless_.clock.frame();
        const bool boots = headless_.boot ? session_.boot(headless_.arguments) : session_.running();
        if (boots || another_follows()) {
            play();
        } else {
            look();  // at what a program has drawn that ends in its reset vector
        }
        session_.flush();
        end_.frames = headless_.clock.frame() - first_frame;
        end_.end = session_.end();
        end_.rom = rom_;
        return end_;
    }

private:
    void play() {
        if (!look()) {
            return;
        }
        for (const Step& step : headless_.script.steps) {
            if (step.check ? !check(*step.check, step.line) : !happen(step)) {
                return;
            }
        }
        while (left() > 0) {
            if (!frame()) {
                return;
            }
        }
    }

    std::uint64_t left() const { return headless_.frames - done_; }

    bool happen(const Step& step) {
        for (std::uint32_t i = 0; i < step.count; ++i) {
            if (step.event.kind == Event::Kind::Frame) {
                if (left() == 0 || !frame()) {
                    return false;
                }
                continue;
            }
            if (!handle(step.event) && !another_follows()) {
                return false;
            }
        }
        return true;
    }

    bool handle(const Event& event) {
        switch (event.kind) {
            case Event::Kind::SoftReboot:
            case Event::Kind::HardReboot: return session_.reboot(event.kind, rom_);
            case Event::Kind::Drop: {
                const ScriptFile& file = headless_.script.drops[static_cast<std::size_t>(event.x)];
                if (!file.contents) {
                    return true;  // nobody has read it: nothing is dropped
                }
                const std::string& rom = *file.contents;
                rom_ = {reinterpret_cast<const std::uint8_t*>(rom.data()), rom.size()};
                if (headless_.recorder != nullptr) {
                    headless_.recorder->drop(file.name, rom);
                }
                return session_.reboot(event.kind, rom_);
            }
            default: return session_.handle(event);
        }
    }

    bool frame() {
        const bool goes_on = session_.handle({.kind = Event::Kind::Frame});
        ++done_;
        const std::uint64_t before =
            samples_before(headless_.clock.frame(), headless_.audio_rate_hz);
        headless_.clock.set_frame(headless_.clock.frame() + 1);
        const std::uint64_t after =
            samples_before(headless_.clock.frame(), headless_.audio_rate_hz);
        sound_.resize(2 * static_cast<std::size_t>(after - before));
        session_.varvara().mix(session_.machine().ram, sound_);
        if (viewer_.sound) {
            viewer_.sound(sound_);
        }
        return look() && (goes_on || another_follows());
    }

    /// Whether other programs take the place of those that have ended.
    bool another_follows() {
        while (headless_.next && session_.end().reason == SessionEnd::Reason::Exit) {
            const auto rom = headless_.next();
            if (!rom) {
                return false;
            }
            rom_ = *rom;
            if (session_.follow(rom_)) {
                return true;
            }
        }
        return false;
    }

    bool look() {
        if (headless_.recorder != nullptr) {
            headless_.recorder->check(digest_of(session_.machine(), session_.varvara()));
        }
        return !viewer_.frame || viewer_.frame(headless_.clock.frame());
    }

    bool check(const Digest& expected, std::uint32_t line) {
        const Digest now = digest_of(session_.machine(), session_.varvara());
        if (now == expected) {
            return true;
        }
        Divergence divergence{.frame = headless_.clock.frame(), .line = line, .what = {}};
        for (std::size_t i = 0; i < Digest::kParts; ++i) {
            if (now.parts[i] != expected.parts[i]) {
                divergence.what.emplace_back(Digest::kNames[i]);
            }
        }
        end_.divergence = std::move(divergence);
        return false;
    }

    const Headless& headless_;
    Session& session_;
    const HeadlessViewer& viewer_;
    std::span<const std::uint8_t> rom_ = headless_.rom;
    std::uint64_t done_ = 0;
    std::vector<std::int16_t> sound_;
    HeadlessEnd end_;
};

}  // namespace

HeadlessEnd run_headless(const Headless& headless) {
    return Run(headless).run();
}

}  // namespace varvara
