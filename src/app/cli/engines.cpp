#include "uxn/engines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/messages.hpp"

namespace cli {
namespace {

void print_text() {
    std::size_t width = 0;
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        width = std::max(width, entry.name.size());
    }
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        const bool available = entry.engine != nullptr;
        print(fmt::format("{:{}}  {:13}  {}\n", entry.name, width,
                          available ? "available" : "not available",
                          available ? entry.summary : entry.why_not));
    }
}

void print_json() {
    auto list = nlohmann::ordered_json::array();
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        list.push_back(
            {{"name", entry.name},
             {"available", entry.engine != nullptr},
             {"default", entry.engine != nullptr && entry.engine == uxn::find_engine("auto")},
             {"summary", entry.summary},
             {"why_not", entry.why_not}});
    }
    print(list.dump(2) + "\n");
}

}  // namespace

int engines_command(Arguments arguments) {
    CommandLine line("engines [OPTIONS]",
                     "List the ways to execute a program, the fastest first: its name, whether "
                     "this build has it, and how it works or why it is missing.");
    bool json = false;
    line.add_flag("--json", json, "Print a JSON array instead");
    if (const auto code = line.parse_arguments(arguments)) {
        return *code;
    }
    json ? print_json() : print_text();
    return kSuccess;
}

}  // namespace cli
