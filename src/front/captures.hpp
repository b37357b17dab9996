#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "front/display.hpp"
#include "front/film.hpp"
#include "front/last_seconds.hpp"
#include "front/player.hpp"

namespace front {

/// Pictures and films of a program, as files in a folder: PROGRAM-DATE-TIME.png, never in place of
/// one that is there. What succeeds says what it has made, in a few words.
///
/// As an onlooker it is called by the player; `begin_film`, `end_film` and `save_last` only while
/// the player knows no onlooker.
class Captures final : public Onlooker {
public:
    /// folder: empty for the one that the process is in.
    /// on_news: called from any thread when there are `news`.
    Captures(std::string folder, const std::string& program, unsigned last_seconds,
             std::function<void()> on_news);
    ~Captures() override;

    void picture(const Picture& picture, varvara::Rows changed,
                 std::chrono::steady_clock::time_point when) noexcept override;
    void sound(std::span<const std::int16_t> samples) noexcept override;

    base::Result<std::string> save_picture(std::span<const std::uint32_t> pixels, Size size) const;
    bool filming() const { return film_ != nullptr; }
    base::Result<std::string> begin_film();
    base::Result<std::string> end_film();
    /// The last seconds as a film, which is written while the program goes on.
    base::Result<std::string> save_last();

    bool has_news() const { return has_news_; }
    /// What has become of things that take their time: texts for people.
    std::vector<std::string> news();

private:
    struct Job;

    void tell();
    FilmTime now() const;
    base::Result<std::string> new_name(std::string_view suffix) const;

    std::string folder_;
    std::string program_;
    std::function<void()> on_news_;
    std::chrono::steady_clock::time_point start_;
    FilmTime last_picture_{};
    std::unique_ptr<LastSeconds> last_seconds_;
    std::unique_ptr<Film> film_;
    FilmTime film_start_{};
    std::atomic<bool> film_failed_{false};
    std::atomic<bool> has_news_{false};
    std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace front
