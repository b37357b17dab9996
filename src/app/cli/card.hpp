#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/cli/demos.hpp"
#include "varvara/hosts.hpp"
#include "varvara/metadata.hpp"

namespace cli {

/// What can be said of a program without starting it.
struct Card {
    std::string title;  ///< of its metadata; empty if it has none
    std::string line;   ///< what it does, or what is wrong with it
    std::optional<varvara::Icon> icon;
    bool broken = false;         ///< it cannot be started as it is
    bool terminal_only = false;  ///< it says that it uses no screen
};

/// Makes cards of files, which may be anything. A source is assembled for it, as long as it is not
/// too large and not too much time has been spent on others.
class CardMaker {
public:
    /// What is spent on sources in all.
    static constexpr std::chrono::milliseconds kTime{1000};
    /// Of a source with all that it includes.
    static constexpr std::size_t kMaxSourceSize = 1 << 20;

    /// folder: where `path` is, and all that a source may include.
    Card of_file(varvara::FileSystem& folder, const std::string& path);
    Card of_demo(const Demo& demo);

private:
    Card of_source(varvara::FileSystem& folder, const std::string& path);

    std::chrono::nanoseconds spent_{0};
};

}  // namespace cli
