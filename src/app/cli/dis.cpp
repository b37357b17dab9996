#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "host/files.hpp"
#include "tal/disassembler.hpp"
#include "varvara/ports.hpp"
#include "varvara/varvara.hpp"

namespace cli {
namespace {

tal::PortUse use_of(const varvara::Port& port) {
    using tal::PortUse;
    if (port.name == "vector") {
        return PortUse::Vector;
    }
    if (port.name == "metadata") {
        return PortUse::Metadata;
    }
    return port.meaning.starts_with("address") ? PortUse::Address : PortUse::Value;
}

std::vector<tal::PortName> port_names() {
    std::vector<tal::PortName> names;
    for (const varvara::Page& page : varvara::port_pages()) {
        for (const varvara::Port& port : page.ports) {
            names.push_back({.number = static_cast<std::uint8_t>(page.base + port.offset),
                             .width = port.width,
                             .use = use_of(port),
                             .device = page.name,
                             .name = port.name});
        }
    }
    return names;
}

struct DisOptions {
    std::string input;
    std::string output{kStandardStream};
    std::string symbols;  ///< the file
    bool symbols_named = false;
    tal::Comments comments = tal::Comments::Addresses;
};

std::optional<int> parse_options(Arguments arguments, DisOptions& options) {
    CommandLine line("dis [OPTIONS] FILE.rom",
                     "Disassemble a ROM into Uxntal source that assembles to the same ROM.\n"
                     "Labels come from FILE.rom.sym if it exists. '-' stands for standard input "
                     "or output.");
    bool plain = false;
    bool bytes = false;
    line.add_option("file", options.input)->group("");
    line.add_option("-o,--output", options.output, "Where to write the source")->type_name("FILE");
    line.add_option("--sym", options.symbols, "Take the labels from this file")->type_name("FILE");
    line.add_flag("--bytes", bytes, "Show the bytes beside the source, not only addresses");
    line.add_flag("--plain", plain, "Leave out the addresses");
    if (const auto code = line.parse_arguments(arguments)) {
        return code;
    }
    if (options.input.empty()) {
        return line.reject("which file? FILE.rom is missing");
    }
    if (plain && bytes) {
        return line.reject("--plain and --bytes exclude each other");
    }
    if (plain || bytes) {
        options.comments = plain ? tal::Comments::None : tal::Comments::Bytes;
    }
    options.symbols_named = line.count("--sym") > 0;
    if (!options.symbols_named && options.input != kStandardStream) {
        options.symbols = options.input + ".sym";
    }
    return std::nullopt;
}

/// Nothing, after a message, if the user named a file that cannot be used.
std::optional<std::vector<tal::Symbol>> load_symbols(const DisOptions& options) {
    if (options.symbols.empty() && !options.symbols_named) {
        return std::vector<tal::Symbol>();
    }
    auto symbols = read_symbol_file(options.symbols);
    if (symbols) {
        return std::move(*symbols);
    }
    const auto& [code, trouble] = symbols.error();
    if (!options.symbols_named && code == base::ErrorCode::NotFound) {
        return std::vector<tal::Symbol>();
    }
    if (options.symbols_named) {
        print_error(trouble);
        return std::nullopt;
    }
    print_warning(trouble);
    return std::vector<tal::Symbol>();
}

}  // namespace

int dis_command(Arguments arguments) {
    DisOptions options;
    if (const auto code = parse_options(arguments, options)) {
        return *code;
    }
    if (options.input.ends_with(".tal")) {
        return print_error(fmt::format("'{}' is source already; a ROM is wanted", options.input));
    }
    for (const std::string& source : {options.input, options.symbols}) {
        if (host::same_file(source, options.output)) {
            return print_error(
                fmt::format("'{}' would be replaced by its own disassembly", source));
        }
    }
    const auto rom = host::read_file(options.input == kStandardStream ? kInputPath : options.input,
                                     varvara::kMaxRomSize);
    if (!rom) {
        return print_error(rom.error().detail);
    }
    if (rom->empty()) {
        return print_error(fmt::format("cannot disassemble '{}': it is empty", options.input));
    }
    const auto symbols = load_symbols(options);
    if (!symbols) {
        return kFailure;
    }
    if (rom->size() > tal::kMaxDisassembledBytes) {
        print_warning(
            fmt::format("'{}': only the first {} of {} bytes are disassembled; the rest "
                        "goes to other banks, which source cannot fill",
                        options.input, tal::kMaxDisassembledBytes, rom->size()));
    }
    const std::vector<tal::PortName> ports = port_names();
    const std::string source = tal::disassemble(
        host::as_bytes(*rom), {.symbols = *symbols, .ports = ports, .comments = options.comments});
    if (options.output == kStandardStream) {
        print(source);
        return kSuccess;
    }
    if (const auto written = host::write_file(options.output, source); !written) {
        return print_error(written.error().detail);
    }
    return kSuccess;
}

}  // namespace cli
