#include "app/cli/headless_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/cli/messages.hpp"
#include "host/files.hpp"
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

/// The pictures that were asked for, taken from a screen that nobody else paints.
class Album {
public:
    Album(varvara::Session& session, const std::vector<ScreenshotRequest>& requests)
        : session_(session), requests_(requests), taken_(requests.size()) {}

    /// Takes what is to be taken after this frame, or at the end (nothing).
    void look(std::optional<std::uint64_t> frame) {
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            if (requests_[i].frame == frame) {
                take_picture(session_.machine(), session_.varvara().screen, picture_);
                taken_[i] = host::encode_png(picture_);
            }
        }
    }

    /// How many could not be saved, which has been said.
    int save(std::uint64_t last_frame) const {
        int failures = 0;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            const auto& [path, frame] = requests_[i];
            if (taken_[i].empty()) {
                print_error(
                    fmt::format("the run ended at frame {}: there is no frame {} to save as '{}'",
                                last_frame, frame.value_or(last_frame), path));
                ++failures;
            } else if (const auto saved = host::write_file(path, taken_[i]); !saved) {
                print_error(saved.error().detail);
                ++failures;
            }
        }
        return failures;
    }

private:
    varvara::Session& session_;
    const std::vector<ScreenshotRequest>& requests_;
    host::Picture picture_;
    std::vector<std::string> taken_;  ///< as PNG files; empty: not yet
};

/// The sound file that was asked for, if one was.
class Soundtrack {
public:
    /// False: it cannot be written, which has been said.
    bool open(const std::string& path, unsigned rate_hz) {
        auto opened = host::WavWriter::create(path, rate_hz);
        if (!opened) {
            print_error(opened.error().detail);
            return false;
        }
        wav_.emplace(std::move(*opened));
        return true;
    }
    void add(std::span<const std::int16_t> samples) {
        if (written_) {
            written_ = wav_->write(samples);  // NOLINT(bugprone-unchecked-optional-access): open
        }
    }
    /// How many could not be saved, which has been said.
    int save() {
        if (!wav_) {
            return 0;
        }
        if (written_) {
            written_ = wav_->finish();
        }
        if (!written_) {
            print_error(written_.error().detail);
        }
        return written_ ? 0 : 1;
    }

private:
    std::optional<host::WavWriter> wav_;
    base::Result<void> written_;
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

void take_picture(const uxn::Machine& machine, varvara::Screen& screen, host::Picture& picture) {
    picture.width = screen.width();
    picture.height = screen.height();
    picture.pixels.resize(std::size_t{picture.width} * picture.height);
    screen.paint(varvara::palette_of(machine), picture.pixels);
}

HeadlessOutcome run_by_script(const RunOptions& options, varvara::Headless headless,
                              const ScriptRunner& run) {
    headless.frames = frames_wanted(options, headless.script);
    HeadlessOutcome outcome = {.end = {}, .rom = headless.rom};
    Album album(headless.session, options.screenshots);
    Soundtrack soundtrack;
    if (!options.audio.empty()) {
        if (!soundtrack.open(options.audio, headless.audio_rate_hz)) {
            ++outcome.failures;
            return outcome;
        }
        headless.viewer.sound = [&](auto samples) { soundtrack.add(samples); };
    }
    varvara::HeadlessEnd end;
    {
        Progress progress(headless.frames);
        headless.viewer.frame = [&](std::uint64_t frame) {
            album.look(frame);
            progress.update(frame);
            return true;
        };
        end = run(headless);
    }
    album.look(std::nullopt);
    outcome.end = end.end;
    outcome.rom = end.rom;
    outcome.failures += album.save(headless.clock.frame()) + soundtrack.save();
    if (end.divergence) {
        print_error(fmt::format("{}:{}: the run differs from the recorded one at frame {}, in {}",
                                headless.script.name, end.divergence->line, end.divergence->frame,
                                joined(end.divergence->what)));
        ++outcome.failures;
    }
    return outcome;
}

}  // namespace cli
