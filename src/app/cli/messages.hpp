#pragma once

#include <string>
#include <string_view>

#include "base/did_you_mean.hpp"

namespace cli {

/// Exit codes of leveret itself. A program that runs to its end gives its own, 0 to 127.
enum ExitCode : int {
    kSuccess = 0,
    kFailure = 1,           ///< something could not be read, written or assembled
    kUsageError = 2,        ///< the command line makes no sense
    kBudgetExhausted = 124  ///< --max-instructions was reached; as timeout(1)
};

/// Whether messages may use colour: standard error is a terminal, and NO_COLOR is not set.
bool colour_wanted();

/// Writes text to standard output or standard error. A failure is not reported here: it stays with
/// the stream, and main looks at standard output at the end.
void print(std::string_view text);
void print_to_error(std::string_view text);

/// "leveret: error: MESSAGE", and the end of the line.
std::string error_message(std::string_view message);

/// Prints that. Returns kFailure.
int print_error(std::string_view message);

/// Prints "leveret: warning: MESSAGE".
void print_warning(std::string_view message);

/// Prints the message and where to find help on `command` (empty: on leveret). Returns kUsageError.
int print_usage_error(std::string_view command, std::string_view message);

using base::did_you_mean;

}  // namespace cli
