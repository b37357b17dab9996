#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "front/display.hpp"
#include "front/player.hpp"

namespace front {

/// Pictures and films of a program, as files in a folder: PROGRAM-DATE-TIME.png and so on, never in
/// place of one that is there. What succeeds says what it has made, in a few words.
class Captures {
public:
    explicit Captures(std::string folder);
    ~Captures();

    /// A program comes to the display. last_seconds: how much `save_last` can save; 0: nothing.
    void begin(const std::string& program, unsigned last_seconds);
    /// It goes. A film of it is finished; what became of it, or an empty text.
    base::Result<std::string> end();
    /// What the player is to show everything to. Lives until `end`.
    Onlooker* onlooker();

    base::Result<std::string> picture(std::span<const std::uint32_t> pixels, Size size);
    bool filming() const;
    base::Result<std::string> begin_film();
    base::Result<std::string> end_film();
    base::Result<std::string> save_last();

private:
    class Camera;

    base::Result<std::string> new_name(std::string_view suffix) const;

    std::string folder_;
    std::string program_;
    std::unique_ptr<Camera> camera_;
};

}  // namespace front
