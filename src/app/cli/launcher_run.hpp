#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/cli/launcher.hpp"
#include "app/cli/program_files.hpp"
#include "varvara/hosts.hpp"

namespace cli {

/// The launcher and what is started from it, one after the other on one computer: how it is used
/// without a window. As a file system it is the one of whatever runs.
class LauncherRun final : public varvara::FileSystem {
public:
    /// folder: whose programs are listed; what is started sees its own.
    LauncherRun(varvara::ConsoleSink& console, const std::string& folder);

    std::span<const std::uint8_t> rom() const { return launcher_.rom(); }
    /// What follows on a program that has ended; nothing: the launcher was left.
    std::optional<std::span<const std::uint8_t>> next();

    varvara::FileStatus status(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_read(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_write(std::string_view path,
                                                     bool append) noexcept override;
    std::optional<std::vector<varvara::FileEntry>> list(std::string_view path) noexcept override;
    bool make_folder(std::string_view path) noexcept override;
    bool remove(std::string_view path) noexcept override;

private:
    bool start(const Choice& choice);

    varvara::ConsoleSink& console_;
    Launcher launcher_;
    bool in_launcher_ = true;
    std::optional<ProgramFiles> program_files_;
    varvara::FileSystem* files_;
    std::vector<std::uint8_t> rom_;  ///< of the program that was started
};

}  // namespace cli
