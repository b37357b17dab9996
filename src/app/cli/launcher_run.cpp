#include "app/cli/launcher_run.hpp"

#include <utility>

#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"

namespace cli {

LauncherRun::LauncherRun(varvara::ConsoleSink& console, const std::string& folder)
    : console_(console), launcher_(folder, {}, {}), files_(&launcher_.files()) {}

std::optional<std::span<const std::uint8_t>> LauncherRun::next() {
    if (in_launcher_) {
        const auto& choice = launcher_.choice();
        if (!choice) {
            return std::nullopt;
        }
        if (start(*choice)) {
            in_launcher_ = false;
            return rom_;
        }
    }
    in_launcher_ = true;
    launcher_.come_back({}, {});
    files_ = &launcher_.files();
    program_files_.reset();
    return launcher_.rom();
}

bool LauncherRun::start(const Choice& choice) {
    program_files_.emplace(console_);
    if (choice.kind == Choice::Kind::Demo) {
        rom_ = read_demo(choice.name).rom;
        return !rom_.empty();
    }
    auto rom = load_program(choice.name, Warnings::Hide);
    if (!rom || !program_files_->open({}, choice.name)) {
        return false;
    }
    rom_ = std::move(*rom);
    files_ = &program_files_->system();
    return true;
}

varvara::FileStatus LauncherRun::status(std::string_view path) noexcept {
    return files_->status(path);
}

std::unique_ptr<varvara::OpenFile> LauncherRun::open_to_read(std::string_view path) noexcept {
    return files_->open_to_read(path);
}

std::unique_ptr<varvara::OpenFile> LauncherRun::open_to_write(std::string_view path,
                                                              bool append) noexcept {
    return files_->open_to_write(path, append);
}

std::optional<std::vector<varvara::FileEntry>> LauncherRun::list(std::string_view path) noexcept {
    return files_->list(path);
}

bool LauncherRun::make_folder(std::string_view path) noexcept {
    return files_->make_folder(path);
}

bool LauncherRun::remove(std::string_view path) noexcept {
    return files_->remove(path);
}

}  // namespace cli
