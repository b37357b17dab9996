#include "app/cli/engine_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "app/cli/messages.hpp"

namespace cli {

namespace {

const uxn::EngineEntry& best_engine() {
    // Finding it asks the computer for memory that may be executed.
    return *std::ranges::find(uxn::engine_list(), uxn::find_engine("auto"),
                              &uxn::EngineEntry::engine);
}

}  // namespace

EngineChoice choose_engine(const std::string& name) {
    if (name == "auto") {
        return {&best_engine(), kSuccess};
    }
    std::vector<std::string> names = {"auto"};
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        names.emplace_back(entry.name);
        if (entry.name != name) {
            continue;
        }
        const std::string_view why = uxn::why_not_now(entry);
        if (why.empty()) {
            return {&entry, kSuccess};
        }
        const std::string message = fmt::format("engine '{}' is not available: {}", name, why);
        if (entry.engine == nullptr) {
            return {nullptr, print_error(message)};
        }
        // Nobody can help that today, and the program is the same on any engine.
        print_warning(fmt::format("{}; '{}' does it instead", message, best_engine().name));
        return {&best_engine(), kSuccess};
    }
    print_error(fmt::format("unknown engine '{}'{}", name, did_you_mean(name, names)));
    print_to_error("Try 'leveret engines'.\n");
    return {nullptr, kUsageError};
}

}  // namespace cli
