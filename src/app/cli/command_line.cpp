#include "app/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "app/cli/messages.hpp"

namespace cli {
namespace {

bool is_option(std::string_view argument) {
    return argument.size() > 1 && argument[0] == '-';
}

class HelpFormatter : public CLI::Formatter {
public:
    explicit HelpFormatter(std::string_view usage) : usage_(usage) { column_width(30); }

    std::string make_usage(const CLI::App*, std::string) const override {
        return fmt::format("Usage: leveret {}\n", usage_);
    }

private:
    std::string usage_;
};

}  // namespace

CommandLine::CommandLine(std::string_view usage, const std::string& summary)
    : App(summary, std::string(usage.substr(0, usage.find(' ')))) {
    formatter(std::make_shared<HelpFormatter>(usage));
    option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    set_help_flag("-h,--help", "Print this help and exit");
}

CommandLine::~CommandLine() = default;

int CommandLine::reject(std::string_view message) const {
    return print_usage_error(get_name(), message);
}

std::optional<int> CommandLine::parse_known(Arguments arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        print(help());
        return kSuccess;
    } catch (const CLI::ArgumentMismatch& error) {
        // "--clock: 1 required SECONDS missing"
        const std::string_view text = error.what();
        return reject(fmt::format("{} needs a value", text.substr(0, text.find(':'))));
    } catch (const CLI::ParseError& error) {
        return reject(error.what());
    }
    return std::nullopt;
}

std::optional<int> CommandLine::parse_arguments(Arguments arguments) {
    allow_extras();
    if (const auto code = parse_known(arguments)) {
        return code;
    }
    std::vector<std::string> extra = remaining();
    std::erase(extra, "--");
    if (extra.empty()) {
        return std::nullopt;
    }
    return is_option(extra[0]) ? reject_option(extra[0])
                               : reject(fmt::format("unexpected argument '{}'", extra[0]));
}

std::optional<int> CommandLine::parse_arguments(Arguments arguments,
                                                std::vector<std::string>& rest) {
    prefix_command();
    if (const auto code = parse_known(arguments)) {
        return code;
    }
    rest = remaining();
    if (!rest.empty() && rest[0] == "--") {
        rest.erase(rest.begin());
    } else if (!rest.empty() && is_option(rest[0])) {
        return reject_option(rest[0]);
    }
    return std::nullopt;
}

int CommandLine::reject_option(const std::string& option) const {
    std::vector<std::string> names;
    for (const CLI::Option* known : get_options()) {
        for (const std::string& name : known->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    const std::string given = option.substr(0, option.find('='));
    return reject(fmt::format("unknown option '{}'{}", given, did_you_mean(given, names)));
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > max) {
        return std::nullopt;
    }
    return number;
}

}  // namespace cli
