# Turns the file INPUT into OUTPUT, a C++ source that holds its bytes as `cli::kWelcomeSource`.
# As numbers, not as a string literal: those have a limit and need escapes.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUTPUT} "#include \"app/cli/program.hpp\"

namespace cli {
namespace {
constexpr char kBytes[] = {${bytes}};
}
const std::string_view kWelcomeSource(kBytes, sizeof kBytes);
}  // namespace cli
")
