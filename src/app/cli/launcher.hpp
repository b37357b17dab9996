#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/card.hpp"
#include "front/choice.hpp"
#include "host/folder_files.hpp"
#include "tal/assembler.hpp"
#include "varvara/hosts.hpp"

namespace cli {

using front::Choice;

/// The host's side of the launcher, a program in Uxntal (roms/launcher.tal) that lists programs and
/// lets people choose one. It reads what it shows from files that exist for it alone, and writes
/// the choice into one: docs/launcher.md. What is needed of a program's file is read when its
/// entry is shown first.
///
/// The order of things: run `rom()` with `files()` as its file system until it ends; if there is a
/// `choice()`, run that; `come_back`, and begin again. If there is none, the user wants to leave.
/// All calls, those through `files()` too, on one thread at a time.
class Launcher {
public:
    /// How many pixels there are to show it in; 0: as many as it likes.
    struct Room {
        unsigned width = 0;
        unsigned height = 0;
    };

    /// folder: whose ROMs and sources are listed, and what is in it.
    /// recent: paths of programs, newest first; those that are gone are left out.
    Launcher(std::string folder, std::vector<std::string> recent, Room room);
    ~Launcher();
    Launcher(const Launcher&) = delete;
    Launcher& operator=(const Launcher&) = delete;

    std::span<const std::uint8_t> rom() const { return rom_; }
    varvara::FileSystem& files();

    /// What the program has written before it ended; nothing if nothing was chosen.
    const std::optional<Choice>& choice() const { return choice_; }

    /// Looks at everything anew, and stands where the last choice was made.
    void come_back(std::vector<std::string> recent, Room room);

private:
    class Files;
    friend class Files;

    enum List : std::uint8_t { Folder, Recent, Demos };
    static constexpr std::size_t kLists = 3;

    struct Entry {
        enum class Kind : std::uint8_t { Program = 1, Folder = 2, FolderAbove = 3 };
        Kind kind = Kind::Program;
        std::string name;  ///< as shown
        std::string path;  ///< in the start folder; of a recent program absolute; a demo's name
        std::optional<Card> card = {};
    };
    struct Entries {
        std::vector<Entry> entries;
        std::size_t selected = 0;
    };

    /// What is in the folder that is shown; if that is gone, in the one above.
    std::vector<varvara::FileEntry> files_inside();
    void read_folder();
    void read_recent(std::vector<std::string> paths);
    void enter(const std::string& folder, const std::string& standing_on);
    void stand_on(List list, std::string_view path);
    const Card& card_of(List list, Entry& entry);

    /// The contents of a file; nothing if there is none of this name.
    std::optional<std::string> contents_of(std::string_view path);
    std::string begin() const;
    std::string about(List list) const;
    std::string letters(List list) const;
    std::string record(List list, std::size_t index);
    /// What the program has written to "choice": a list and an index.
    void choose(std::span<const std::uint8_t, 3> bytes);

    std::string start_;   ///< the start folder as it was given
    std::string inside_;  ///< where in it the list is: "", "sub", "sub/sub"
    Room room_;
    std::unique_ptr<host::FolderFiles> folder_files_;  ///< null if the folder cannot be read
    std::array<Entries, kLists> lists_;
    List current_ = Folder;
    CardMaker cards_;
    std::optional<Choice> choice_;
    std::vector<std::uint8_t> rom_;
    std::unique_ptr<Files> files_;
};

}  // namespace cli
