#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/commands.hpp"

namespace cli {

/// The options of one command: CLI11, with Leveret's own words for what goes wrong.
class CommandLine : public CLI::App {
public:
    /// usage: what follows "leveret" in the usage line; its first word is the command's name.
    CommandLine(std::string_view usage, const std::string& summary);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    /// Elsewhere: CLI11 is compiled once then, not in every command.
    ~CommandLine() override;

    /// Reads the arguments into the variables bound to options. Unless the command can go on, help
    /// or an error has been printed, and this is the exit code to end with.
    std::optional<int> parse_arguments(Arguments arguments);

    /// The same for a command that takes a file and the file's own arguments: options end where the
    /// file is named, and everything from there on goes to `rest` as it is.
    std::optional<int> parse_arguments(Arguments arguments, std::vector<std::string>& rest);

    /// Prints the message as an error in the use of this command; the exit code.
    int reject(std::string_view message) const;

private:
    std::optional<int> parse_known(Arguments arguments);
    int reject_option(const std::string& option) const;
};

/// A whole decimal number of at most `max`, or nothing.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max);

}  // namespace cli
