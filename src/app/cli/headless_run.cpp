#include "app/cli/headless_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/messages.hpp"
#include "host/png.hpp"
#include "host/wav.hpp"

namespace cli {
namespace {

/// How long a run may last before it says how far it is, and how often it says so.
constexpr std::chrono::milliseconds kProgressInterval{500};

/// Tells on a terminal how far a run is.
class Progress {
public:
    explicit Progress(std::uint64_t frames) : frames_(frames), shown_(isatty(STDERR_FILENO) != 0) {}
    ~Progress() {
        if (drawn_) {
            print_to_error("\r\033[K");
        }
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::uint64_t frame) {
        if (!shown_) {
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ >= kProgressInterval) {
            last_ = now;
            drawn_ = true;
            print_to_error(fmt::format("\r\033[Kframe {} of {}", frame, frames_));
        }
    }

private:
    std::uint64_t frames_;
    bool shown_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// A picture that was taken, or will be.
struct Screenshot {
    const ScreenshotRequest& request;
    std::optional<host::Picture> picture;
};

/// Takes pictures of a screen that nobody else paints.
class Camera {
public:
    explicit Camera(varvara::Session& session) : session_(session) {}

    const host::Picture& shoot() {
        varvara::Screen& screen = session_.varvara().screen;
        picture_.width = screen.width();
        picture_.height = screen.height();
        picture_.pixels.resize(std::size_t{picture_.width} * picture_.height);
        screen.paint(varvara::palette_of(session_.machine()), picture_.pixels);
        return picture_;
    }

private:
    varvara::Session& session_;
    host::Picture picture_;
};

/// The last frame that somebody wants to see.
std::uint64_t frames_wanted(const RunOptions& options, const varvara::Script& script) {
    if (options.frames) {
        return *options.frames;
    }
    if (!options.replay.empty()) {
        return script.frames();
    }
    std::uint64_t frames = script.frames_to_show();
    for (const ScreenshotRequest& request : options.screenshots) {
        frames = std::max(frames, request.frame.value_or(0));
    }
    return frames;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += text.empty() ? "" : ", ";
        text += name;
    }
    return text;
}

}  // namespace

HeadlessOutcome run_without_window(const RunOptions& options, varvara::Headless headless) {
    varvara::Session& session = headless.session;
    headless.frames = frames_wanted(options, headless.script);
    std::vector<Screenshot> screenshots;
    for (const ScreenshotRequest& request : options.screenshots) {
        screenshots.push_back({.request = request, .picture = {}});
    }

    Camera camera(session);
    HeadlessOutcome outcome;
    const auto fail = [&](std::string_view message) {
        print_error(message);
        ++outcome.failures;
    };
    std::optional<host::WavWriter> wav;
    base::Result<void> heard;
    if (!options.audio.empty()) {
        auto opened = host::WavWriter::create(options.audio, headless.audio_rate_hz);
        if (!opened) {
            fail(opened.error().detail);
            return outcome;
        }
        wav.emplace(std::move(*opened));
        headless.viewer.sound = [&](std::span<const std::int16_t> samples) { wav->write(samples); };
    }
    varvara::HeadlessEnd end;
    {
        Progress progress(headless.frames);
        headless.viewer.frame = [&](std::uint64_t frame) {
            for (Screenshot& screenshot : screenshots) {
                if (screenshot.request.frame == frame) {
                    screenshot.picture = camera.shoot();
                }
            }
            progress.update(frame);
            return true;
        };
        end = varvara::run_headless(headless);
    }
    outcome.end = end.end;

    for (Screenshot& screenshot : screenshots) {
        if (!screenshot.request.frame) {
            screenshot.picture = camera.shoot();
        }
        const std::string& path = screenshot.request.path;
        if (!screenshot.picture) {
            fail(fmt::format("the run ended at frame {}: there is no frame {} to save as '{}'",
                             headless.clock.frame(), *screenshot.request.frame, path));
        } else if (const auto saved = host::write_png(path, *screenshot.picture); !saved) {
            fail(saved.error().detail);
        }
    }
    if (wav) {
        if (heard) {
            heard = wav->finish();
        }
        if (!heard) {
            fail(heard.error().detail);
        }
    }
    if (end.divergence) {
        fail(fmt::format("{}:{}: the run differs from the recorded one at frame {}, in {}",
                         headless.script.name, end.divergence->line, end.divergence->frame,
                         joined(end.divergence->what)));
    }
    return outcome;
}

}  // namespace cli
