#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/engine_choice.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/test_case.hpp"
#include "app/cli/test_compare.hpp"
#include "app/cli/test_report.hpp"
#include "host/files.hpp"
#include "host/signals.hpp"
#include "uxn/engines.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

/// Far more than any case of reasonable length takes, and over in a minute.
constexpr std::uint64_t kDefaultBudget = 20'000'000'000;

struct TestOptions {
    std::vector<std::string> folders;
    std::vector<uxn::EngineEntry> engines;
    std::uint64_t max_instructions = kDefaultBudget;
    bool tap = false;
    std::string junit;
    bool update = false;
    bool yes = false;
};

std::optional<int> parse_options(Arguments arguments, TestOptions& options) {
    CommandLine line("test [OPTIONS] FOLDER...",
                     "Run the golden cases in these folders on every engine, and compare what they "
                     "leave with what is expected.\nA case is a folder with a program, script.txt "
                     "and expected/; docs/testing.md tells more.");
    std::string engine;
    std::string max_instructions;
    line.add_option("folders", options.folders, "Folders of cases, or cases")->type_name("FOLDER");
    line.add_option("-e,--engine", engine, "Only on this engine")->type_name("NAME");
    line.add_option("--max-instructions", max_instructions,
                    fmt::format("Stop a case after N instructions (default: {})", kDefaultBudget))
        ->type_name("N");
    line.add_flag("--tap", options.tap, "Print results for machines, as TAP version 13");
    line.add_option("--junit", options.junit, "Save results as JUnit XML")->type_name("FILE");
    line.add_flag("--update", options.update,
                  "Show what would have to be expected for the cases to pass, and write it if you "
                  "agree");
    line.add_flag("--yes", options.yes, "Agree to --update");
    line.footer(
        "Exit codes: 0 all passed   1 some did not, or nothing was written   2 wrong usage");
    if (const auto code = line.parse_arguments(arguments)) {
        return code;
    }
    if (options.folders.empty()) {
        return line.reject("no folder was named");
    }
    if (line.count("--max-instructions") > 0) {
        const auto number = parse_number(max_instructions, uxn::kUnlimited);
        if (!number) {
            return line.reject(
                fmt::format("--max-instructions takes a whole number, not '{}'", max_instructions));
        }
        options.max_instructions = *number;
    }
    if (options.yes && !options.update) {
        return line.reject("--yes goes with --update");
    }
    if (line.count("--engine") > 0) {
        const auto [entry, code] = choose_engine(engine);
        if (entry == nullptr) {
            return code;
        }
        options.engines.push_back(*entry);
    } else {
        std::ranges::copy_if(
            uxn::engine_list(), std::back_inserter(options.engines),
            [](const uxn::EngineEntry& entry) { return uxn::why_not_now(entry).empty(); });
    }
    return std::nullopt;
}

/// The names that either side has.
std::set<std::string> names_of(const Artefacts& a, const Artefacts& b) {
    std::set<std::string> names;
    for (const auto& [name, contents] : a) {
        names.insert(name);
    }
    for (const auto& [name, contents] : b) {
        names.insert(name);
    }
    return names;
}

const std::string* find(const Artefacts& artefacts, const std::string& name) {
    const auto found = artefacts.find(name);
    return found == artefacts.end() ? nullptr : &found->second;
}

/// Writes a file and the folders on the way to it. False: it could not be, which has been said.
bool save(const fs::path& path, const std::string& contents) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (!path.has_filename()) {
        return true;  // a folder
    }
    const auto written = host::write_file(path.string(), contents);
    if (!written) {
        print_error(written.error().detail);
    }
    return written.has_value();
}

/// Runs cases one after the other and tells about them.
class TestRunner {
public:
    explicit TestRunner(const TestOptions& options)
        : options_(options), terminal_(!options.tap && isatty(STDOUT_FILENO) != 0) {}

    int run(const std::vector<fs::path>& folders) {
        if (options_.tap) {
            print(tap_plan(folders.size() * options_.engines.size()));
        }
        for (const fs::path& folder : folders) {
            if (terminal_) {
                print(fmt::format("\r\033[K{}", folder.generic_string()));
                std::fflush(stdout);
            }
            const auto test = load_test_case(folder);
            for (const uxn::EngineEntry& engine : options_.engines) {
                report(test ? check(*test, engine)
                            : TestResult{.name = folder.generic_string(),
                                         .engine = std::string(engine.name),
                                         .complaints = {test.error().detail}});
            }
            if (uxn::is_set(&host::interrupt_flag())) {
                host::end_as_interrupted();
            }
        }
        return finish();
    }

private:
    TestResult check(const TestCase& test, const uxn::EngineEntry& engine) {
        TestResult result{.name = test.name, .engine = std::string(engine.name), .complaints = {}};
        const auto start = std::chrono::steady_clock::now();
        const TestRun run = run_test_case(
            test, *engine.engine,
            {.instructions = options_.max_instructions, .interrupt = &host::interrupt_flag()},
            Wanted::Expected);
        result.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (!run.problem.empty()) {
            result.complaints.push_back(run.problem);
        }
        if (test.expected.empty() && !test.expects_files) {
            result.complaints.emplace_back("nothing is expected of it; --update can change that");
        }
        for (const std::string& name : names_of(test.expected, run.left)) {
            const std::string* expected = find(test.expected, name);
            const std::string* left = find(run.left, name);
            const auto difference = compare_artefacts(name, expected, left);
            if (!difference) {
                continue;
            }
            std::string complaint = name + ": " + *difference;
            if (left != nullptr) {
                const fs::path kept = test.failed_folder() / engine.name / name;
                save(kept, *left);
                if (expected != nullptr && name.ends_with(".png")) {
                    fs::path beside = kept;
                    beside.replace_extension(".side-by-side.png");
                    save(beside, side_by_side(*expected, *left));
                    complaint += "; see " + beside.generic_string();
                } else {
                    complaint += "; see " + kept.generic_string();
                }
            }
            result.complaints.push_back(std::move(complaint));
        }
        if (result.passed()) {
            std::error_code error;
            fs::remove_all(test.failed_folder() / engine.name, error);
            fs::remove(test.failed_folder(), error);  // when it is empty
        }
        return result;
    }

    void report(TestResult result) {
        if (options_.tap) {
            print(tap_result(result, results_.size() + 1));
        } else if (!result.passed()) {
            print(fmt::format("{}FAILED {} ({})\n", terminal_ ? "\r\033[K" : "", result.name,
                              result.engine));
            for (const std::string& complaint : result.complaints) {
                print(fmt::format("  {}\n", complaint));
            }
        }
        results_.push_back(std::move(result));
    }

    int finish() {
        const auto passed = std::ranges::count_if(results_, &TestResult::passed);
        const auto failed = std::ssize(results_) - passed;
        if (!options_.tap) {
            print(fmt::format("{}{} passed, {} failed\n", terminal_ ? "\r\033[K" : "", passed,
                              failed));
        }
        if (!options_.junit.empty()) {
            if (const auto saved = host::write_file(options_.junit, junit_report(results_));
                !saved) {
                return print_error(saved.error().detail);
            }
        }
        return failed == 0 ? kSuccess : kFailure;
    }

    const TestOptions& options_;
    const bool terminal_;
    std::vector<TestResult> results_;
};

/// What is to change in the expectations of a case.
struct Change {
    fs::path path;
    std::optional<std::string> contents;  ///< nothing: the file is to go
};

/// Finds what the cases leave now, prints how that differs from what is expected, and writes it.
class Updater {
public:
    explicit Updater(const TestOptions& options) : options_(options) {}

    int run(const std::vector<fs::path>& folders) {
        for (const fs::path& folder : folders) {
            const auto test = load_test_case(folder);
            if (!test) {
                print_error(fmt::format("{}: {}", folder.generic_string(), test.error().detail));
                ++failures_;
                continue;
            }
            look_at(*test);
        }
        if (changes_.empty()) {
            print("Nothing is to change.\n");
        } else if (agreed()) {
            for (const Change& change : changes_) {
                apply(change);
            }
        } else {
            print("Nothing was written.\n");
            return kFailure;
        }
        return failures_ == 0 ? kSuccess : kFailure;
    }

private:
    void look_at(const TestCase& test) {
        const auto leave = [&](const uxn::EngineEntry& engine) {
            return run_test_case(
                test, *engine.engine,
                {.instructions = options_.max_instructions, .interrupt = &host::interrupt_flag()},
                Wanted::Usual);
        };
        const TestRun run = leave(options_.engines.front());
        for (const uxn::EngineEntry& engine : options_.engines) {
            if (leave(engine).left != run.left) {
                print_error(fmt::format("{}: engines {} and {} do not agree", test.name,
                                        options_.engines.front().name, engine.name));
                ++failures_;
                return;
            }
        }
        if (!run.problem.empty()) {
            print_error(fmt::format("{}: {}", test.name, run.problem));
            ++failures_;
            return;
        }
        for (const std::string& name : names_of(test.expected, run.left)) {
            const std::string* expected = find(test.expected, name);
            const std::string* left = find(run.left, name);
            const auto difference = compare_artefacts(name, expected, left);
            if (!difference) {
                continue;
            }
            const fs::path path = test.expected_folder() / name;
            print(expected == nullptr
                      ? fmt::format("new: {} ({} bytes)\n", path.generic_string(), left->size())
                      : fmt::format("{}: {}\n", path.generic_string(), *difference));
            changes_.push_back(
                {.path = path, .contents = left == nullptr ? std::nullopt : std::optional(*left)});
        }
    }

    bool agreed() const {
        if (options_.yes) {
            return true;
        }
        if (isatty(STDIN_FILENO) == 0) {
            print("Without a terminal to ask on, only --yes lets this happen.\n");
            return false;
        }
        print(fmt::format("Write {} {}? [y/N] ", changes_.size(),
                          changes_.size() == 1 ? "file" : "files"));
        std::fflush(stdout);
        std::string answer;
        return std::getline(std::cin, answer) && (answer == "y" || answer == "yes");
    }

    void apply(const Change& change) {
        if (change.contents) {
            failures_ += save(change.path, *change.contents) ? 0 : 1;
            return;
        }
        std::error_code error;
        fs::remove(change.path, error);
        if (error) {
            print_error(
                fmt::format("cannot remove '{}': {}", change.path.string(), error.message()));
            ++failures_;
        }
    }

    const TestOptions& options_;
    std::vector<Change> changes_;
    int failures_ = 0;
};

}  // namespace

int test_command(Arguments arguments) {
    TestOptions options;
    if (const auto code = parse_options(arguments, options)) {
        return *code;
    }
    std::vector<fs::path> folders;
    for (const std::string& root : options.folders) {
        auto found = find_test_cases(root);
        if (!found) {
            return print_error(found.error().detail);
        }
        folders.insert(folders.end(), found->begin(), found->end());
    }
    if (!options.junit.empty()) {
        if (const auto writable = host::check_writable(options.junit); !writable) {
            return print_error(writable.error().detail);
        }
    }
    host::catch_interrupts();
    return options.update ? Updater(options).run(folders) : TestRunner(options).run(folders);
}

}  // namespace cli
