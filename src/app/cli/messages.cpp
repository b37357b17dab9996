#include "app/cli/messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace cli {

bool colour_wanted() {
    const char* no_colour = std::getenv("NO_COLOR");
    return isatty(STDERR_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

// Not fmt::print, which throws when the stream is closed.
void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}
void print_to_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string error_message(std::string_view message) {
    const bool colour = colour_wanted();
    return fmt::format("leveret: {}error:{} {}\n", colour ? "\x1b[1;31m" : "",
                       colour ? "\x1b[0m" : "", message);
}

int print_error(std::string_view message) {
    print_to_error(error_message(message));
    return kFailure;
}

void print_warning(std::string_view message) {
    const bool colour = colour_wanted();
    print_to_error(fmt::format("leveret: {}warning:{} {}\n", colour ? "\x1b[1;35m" : "",
                               colour ? "\x1b[0m" : "", message));
}

int print_usage_error(std::string_view command, std::string_view message) {
    print_error(message);
    print_to_error(fmt::format("Try 'leveret {}{}--help'.\n", command, command.empty() ? "" : " "));
    return kUsageError;
}

}  // namespace cli
