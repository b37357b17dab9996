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
        const std::string_view why_not = uxn::why_not_now(entry);
        print(fmt::format("{:{}}  {:13}  {}\n", entry.name, width,
                          why_not.empty() ? "available" : "not available",
                          why_not.empty() ? entry.summary : why_not));
    }
}

void print_json() {
    const uxn::Engine* best = uxn::find_engine("auto");
    auto list = nlohmann::ordered_json::array();
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        const std::string_view why_not = uxn::why_not_now(entry);
        list.push_back({{"name", entry.name},
                        {"available", why_not.empty()},
                        {"default", entry.engine != nullptr && entry.engine == best},
                        {"summary", entry.summary},
                        {"why_not", why_not}});
    }
    print(list.dump(2) + "\n");
}

}  // namespace

int engines_command(Arguments arguments) {
    CommandLine line("engines [OPTIONS]",
                     "List the ways to execute a program, the fastest first: its name, whether "
                     "it is available here and now, and how it works or why it is not.");
    bool json = false;
    line.add_flag("--json", json, "Print a JSON array instead");
    if (const auto code = line.parse_arguments(arguments)) {
        return *code;
    }
    json ? print_json() : print_text();
    return kSuccess;
}

}  // namespace cli
