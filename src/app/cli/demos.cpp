#include "app/cli/demos.hpp"

#include <algorithm>

namespace cli {

tal::Assembly assemble_demo(const Demo& demo) {
    tal::MemoryLoader loader;
    const std::string path = std::string(demo.name) + ".tal";
    loader.add(path, std::string(demo.source));
    loader.add(std::string(kDemoInclude.name), std::string(kDemoInclude.source));
    return tal::assemble(path, loader);
}

const Demo* find_demo(std::string_view name) {
    const auto found = std::ranges::find(demos(), name, &Demo::name);
    return found == demos().end() ? nullptr : &*found;
}

}  // namespace cli
