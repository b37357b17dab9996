#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "varvara/event.hpp"
#include "varvara/hosts.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/script.hpp"

namespace varvara {

/// Writes a run down as a script that repeats it: what came from outside, in order, and how the
/// computer was from time to time. As a FileSystem it hands on to another one, and notes what the
/// program finds there before it changes anything itself.
class Recorder final : public FileSystem {
public:
    /// settings: arguments, clock, seed and ROM of the run.
    Recorder(const Script& settings, FileSystem& files);

    /// Something is about to happen; for a drop there is `drop`.
    void event(const Event& event);
    void drop(std::string name, std::string contents);
    /// What the computer is like now, after a frame or at the end; noted if it has changed, and
    /// every second if not.
    void check(const Digest& digest);

    /// The whole recording so far.
    std::string text();

    FileStatus status(std::string_view path) noexcept override;
    std::unique_ptr<OpenFile> open_to_read(std::string_view path) noexcept override;
    std::unique_ptr<OpenFile> open_to_write(std::string_view path, bool append) noexcept override;
    std::optional<std::vector<FileEntry>> list(std::string_view path) noexcept override;
    bool make_folder(std::string_view path) noexcept override;
    bool remove(std::string_view path) noexcept override;

private:
    void end_row();
    void print_due_check();
    void note(std::string_view path, const FileStatus& status);
    void note_way(std::string_view path);
    void note_contents(std::string_view path);

    FileSystem& files_;
    std::string text_;
    Event row_;                    ///< the event that has happened last, perhaps more than once
    std::uint32_t row_count_ = 0;  ///< how often
    std::string row_bytes_;        ///< for Input and Key
    std::optional<Digest> last_check_;
    bool check_is_due_ = false;      ///< it has not been noted since
    unsigned unchanged_ = 0;         ///< how often it has been the same
    std::set<std::string> seen_;     ///< paths whose status is known to the recording
    std::set<std::string> settled_;  ///< paths whose contents are, or are the program's own doing
};

/// The files that a recording brings along. Of those whose contents it does not know there are
/// zeros: a megabyte of them at most, and 64 of all such files together.
MemoryFiles files_of(const Script& recording);

}  // namespace varvara
