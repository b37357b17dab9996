#include "codegen/disassembly.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

namespace uxn::test {

std::string output_of(const std::string& command) {
    std::string output;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    if (pipe != nullptr) {
        std::array<char, 4096> part{};
        for (std::size_t size = 0;
             (size = std::fread(part.data(), 1, part.size(), pipe.get())) > 0;) {
            output.append(part.data(), size);
        }
    }
    return output;
}

std::vector<Function> disassembly_of(const std::string& command) {
    std::vector<Function> functions;
    std::istringstream in(output_of(command));
    std::string line;
    while (std::getline(in, line)) {
        if (line.ends_with(">:")) {
            const auto name = line.find('<') + 1;
            functions.push_back({line.substr(name, line.size() - name - 2), {}});
        } else if (const auto colon = line.find(':');
                   !functions.empty() && colon != std::string::npos) {
            const auto begin = line.find_first_not_of(" \t", colon + 1);
            if (line[0] == ' ' && begin != std::string::npos) {
                functions.back().instructions.push_back(line.substr(begin));
            }
        }
    }
    return functions;
}

}  // namespace uxn::test
