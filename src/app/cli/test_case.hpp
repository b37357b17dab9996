#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "uxn/engine.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/script.hpp"

namespace cli {

/// What a run leaves, by the name of the file in `expected/` that holds it: "screen.png",
/// "screen@12.png", "sound.wav", "output.txt", "error.txt", "exit.txt", "memory.ram", "files/NAME".
using Artefacts = std::map<std::string, std::string>;

/// A golden case: a folder with a program, what happens to it, and what it has to leave.
/// docs/testing.md describes the folder.
struct TestCase {
    std::string name;
    std::filesystem::path folder;
    std::vector<std::uint8_t> rom;
    varvara::Script script;
    varvara::MemoryFiles files;  ///< what the program finds
    Artefacts expected;
    bool expects_files = false;  ///< the files afterwards have to be those expected, no more

    std::filesystem::path expected_folder() const { return folder / "expected"; }
    std::filesystem::path failed_folder() const { return folder / "failed"; }
};

/// The folders of cases in `root`, itself perhaps, by name. A case is a folder with a program.
/// Errors: NotFound, NotAFile if it is no folder, Empty if there is none.
base::Result<std::vector<std::filesystem::path>> find_test_cases(const std::filesystem::path& root);

/// Errors: as of the files, or Malformed; a source that does not assemble has said so itself.
base::Result<TestCase> load_test_case(const std::filesystem::path& folder);

/// What a run of a case left.
struct TestRun {
    Artefacts left;
    std::string problem;  ///< why the run could not end as it should; mostly empty
};

enum class Wanted : std::uint8_t {
    Expected,  ///< what the case expects
    Usual,     ///< that, or if it expects nothing what there is to see, to hear and to read
};

/// Runs a case, in memory only.
TestRun run_test_case(const TestCase& test, const uxn::Engine& engine, const uxn::Limits& limits,
                      Wanted wanted);

}  // namespace cli
