#include "codegen/disassembly.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <regex>
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

Handler handler_of(const Function& function) {
    static const std::regex padding(R"(^(cs |data16 )*(nop|int3|xchg\s+ax,ax)\b.*)");
    static const std::regex call(R"(^call)");
    static const std::regex stack_use(R"(^(push|pop)\b|\b[er]sp\b)");
    Handler handler;
    for (const std::string& text : function.instructions) {
        if (std::regex_match(text, padding)) {
            continue;
        }
        handler.instructions += 1;
        const bool is_call = std::regex_search(text, call);
        const bool is_stack_use = std::regex_search(text, stack_use);
        handler.calls += is_call;
        handler.stack_uses += is_stack_use;
        if ((is_call || is_stack_use) && handler.offender.empty()) {
            handler.offender = text;
        }
    }
    return handler;
}

std::vector<Function> disassembly_of_engines() {
    return disassembly_of(LEVERET_OBJDUMP
                          " -d -M intel --no-show-raw-insn '" LEVERET_ENGINES_LIBRARY "'");
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
