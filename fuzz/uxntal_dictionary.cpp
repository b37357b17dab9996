// Prints a libFuzzer dictionary of Uxntal: all opcodes, the runes, and a few words that have to
// come in pairs to mean anything.

#include <cstdio>
#include <string>
#include <string_view>

#include "uxn/opcode.hpp"

namespace {

void print(std::string_view word) {
    std::string quoted;
    for (const char c : word) {
        quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    std::printf("\"%s\"\n", quoted.c_str());
}

}  // namespace

int main() {
    for (const uxn::OpcodeInfo& row : uxn::kOpcodeInfo) {
        print(std::string(" ") + std::string(row.name) + " ");
    }
    for (const std::string_view word :
         {"|0100 ", "|ffff ",  "$2 ", "@a ",     "&b ", "%m { ", " } ",   " ( ",
          " ) ",    " [ ",     " ] ", ";a ",     ",b ", ".a ",   "-a ",   "=a ",
          "_b ",    "?a ",     "!a ", "?{ ",     "!{ ", ",&b ",  ";a/b ", "#12 ",
          "#1234 ", "\"text ", "~a ", "~lib/b ", "~c ", "@a/b ", "{ ",    "m "}) {
        print(word);
    }
    std::puts("\"\\x1c\"");  // parts files
}
