#include "front/captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "host/clock.hpp"
#include "host/files.hpp"
#include "host/folders.hpp"
#include "host/png.hpp"

namespace front {
namespace {

constexpr unsigned kMostNames = 1000;  ///< within one second

/// What a film has become, in a few words.
base::Result<std::string> outcome(const FilmEnd& end) {
    std::string text;
    for (const std::string& file : end.files) {
        text += text.empty() ? "saved " : ", ";
        text += file;
    }
    if (end.error) {
        return base::fail(end.error->code, text.empty()
                                               ? end.error->detail
                                               : fmt::format("{} ({})", end.error->detail, text));
    }
    if (end.left_out > 0) {
        text += fmt::format(" ({} pictures left out)", end.left_out);
    }
    return text;
}

}  // namespace

/// A film of the past that is being written.
struct Captures::Job {
    std::atomic<bool> done{false};
    std::unique_ptr<FilmJob> film;
};

Captures::Captures(std::string folder, const std::string& program, unsigned last_seconds,
                   std::function<void()> on_news)
    : folder_(folder.empty() ? "." : std::move(folder)),
      program_(host::name_for_files(program)),
      on_news_(std::move(on_news)),
      start_(std::chrono::steady_clock::now()) {
    if (last_seconds > 0) {
        last_seconds_ =
            std::make_unique<LastSeconds>(kSoundRateHz, std::chrono::seconds(last_seconds));
    }
}

Captures::~Captures() = default;

FilmTime Captures::now() const {
    return std::chrono::steady_clock::now() - start_;
}

void Captures::picture(const Picture& picture, varvara::Rows changed,
                       std::chrono::steady_clock::time_point when) noexcept {
    // A frame that comes late may have been due before what has been seen since.
    const FilmTime time = std::max(last_picture_, when - start_);
    last_picture_ = time;
    if (last_seconds_ != nullptr) {
        last_seconds_->add_frame(picture, changed, time);
    }
    if (film_ != nullptr) {
        film_->add_frame(picture.pixels, picture.size, changed,
                         std::max(time, film_start_) - film_start_);
    }
}

void Captures::sound(std::span<const std::int16_t> samples) noexcept {
    const FilmTime time = now();
    if (last_seconds_ != nullptr) {
        last_seconds_->add_sound(samples, time);
    }
    if (film_ != nullptr) {
        film_->add_sound(samples, time - film_start_);
    }
}

/// The path of a file that does not exist yet.
base::Result<std::string> Captures::new_name(std::string_view suffix) const {
    if (const auto created = host::create_folder(folder_); !created) {
        return std::unexpected(created.error());
    }
    const varvara::CivilTime now = host::SystemClock().now();
    const std::string stem =
        fmt::format("{}/{}-{:04}{:02}{:02}-{:02}{:02}{:02}", folder_, program_, now.year,
                    now.month + 1, now.day, now.hour, now.minute, now.second);
    for (unsigned i = 1; i < kMostNames; ++i) {
        std::string name =
            i == 1 ? fmt::format("{}{}", stem, suffix) : fmt::format("{}-{}{}", stem, i, suffix);
        std::error_code error;
        if (!std::filesystem::exists(name, error)) {
            return name;
        }
    }
    return base::fail(base::ErrorCode::NotWritable,
                      fmt::format("'{}' has too many files", folder_));
}

base::Result<std::string> Captures::save_picture(std::span<const std::uint32_t> pixels,
                                                 Size size) const {
    const auto name = new_name(".png");
    if (!name) {
        return name;
    }
    const std::string png = host::encode_png(
        {.width = size.width, .height = size.height, .pixels = {pixels.begin(), pixels.end()}});
    if (const auto written = host::write_file(*name, png); !written) {
        return std::unexpected(written.error());
    }
    return fmt::format("saved {}", *name);
}

base::Result<std::string> Captures::begin_film() {
    const auto name = new_name(".png");
    if (!name) {
        return name;
    }
    if (const auto possible = check_film(*name); !possible) {
        return std::unexpected(possible.error());
    }
    film_failed_ = false;
    film_ = std::make_unique<Film>(*name, kSoundRateHz, [this] {
        film_failed_ = true;
        tell();
    });
    film_start_ = now();
    return std::string("recording");
}

base::Result<std::string> Captures::end_film() {
    if (film_ == nullptr) {
        return std::string();
    }
    const std::unique_ptr<Film> film = std::move(film_);
    return outcome(film->finish(now() - film_start_));
}

base::Result<std::string> Captures::save_last() {
    auto excerpt = last_seconds_ == nullptr ? std::nullopt : last_seconds_->excerpt(now());
    if (!excerpt) {
        return base::fail(base::ErrorCode::Empty, "nothing of the last seconds is kept");
    }
    auto name = new_name(".png");
    if (!name) {
        return name;
    }
    auto job = std::make_unique<Job>();
    job->film =
        std::make_unique<FilmJob>(std::move(*excerpt), std::move(*name), [this, &done = job->done] {
            done = true;
            on_news_();
        });
    jobs_.push_back(std::move(job));
    return std::string("saving the last seconds");
}

void Captures::tell() {
    has_news_ = true;
    on_news_();
}

std::vector<std::string> Captures::news() {
    has_news_ = false;
    std::vector<std::string> texts;
    const auto add = [&](const base::Result<std::string>& result) {
        texts.push_back(result ? *result : result.error().detail);
    };
    if (film_failed_.exchange(false)) {
        add(end_film());
    }
    std::erase_if(jobs_, [&](const std::unique_ptr<Job>& job) {
        if (job->done) {
            add(outcome(job->film->finish()));
        }
        return job->done.load();
    });
    return texts;
}

}  // namespace front
