#include "app/cli/engine_choice.hpp"

#include <fmt/format.h>

#include <vector>

#include "app/cli/messages.hpp"

namespace cli {

EngineChoice choose_engine(const std::string& name) {
    const uxn::Engine* engine = uxn::find_engine(name);
    std::vector<std::string> names = {"auto"};
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (engine != nullptr && entry.engine == engine) {
            return {&entry, kSuccess};
        }
        if (entry.name == name) {
            return {nullptr, print_error(fmt::format("engine '{}' is not available: {}", name,
                                                     entry.why_not))};
        }
        names.emplace_back(entry.name);
    }
    print_error(fmt::format("unknown engine '{}'{}", name, did_you_mean(name, names)));
    print_to_error("Try 'leveret engines'.\n");
    return {nullptr, kUsageError};
}

}  // namespace cli
