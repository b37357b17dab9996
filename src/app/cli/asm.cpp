#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "host/files.hpp"
#include "uxn/machine.hpp"

namespace cli {
namespace {

constexpr char kOutputPath[] = "/dev/stdout";

std::string default_output(const std::string& input) {
    const std::string_view ending = ".tal";
    return (input.ends_with(ending) ? input.substr(0, input.size() - ending.size()) : input) +
           ".rom";
}

/// Pipes and devices have no place beside them for symbols.
bool is_plain_file(const std::string& path) {
    struct stat status{};
    return path != kOutputPath && (stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode));
}

void report(const std::string& output, const tal::Assembly& assembly) {
    constexpr double kRoom = uxn::kRamSize - uxn::kResetVector;
    const auto size = assembly.rom.size();
    print_to_error(fmt::format("Assembled {} in {} bytes({:.2f}% used), {} labels, {} macros.\n",
                               output, size, 100.0 * static_cast<double>(size) / kRoom,
                               assembly.label_count, assembly.macro_count));
}

}  // namespace

int asm_command(Arguments arguments) {
    CommandLine line("asm [OPTIONS] IN.tal [OUT.rom]",
                     "Assemble Uxntal source. Without OUT.rom the ROM goes beside the source, as "
                     "IN.rom.\nThe labels go to OUT.rom.sym. '-' stands for standard input or "
                     "output.\nIf there is an error, no file is written or changed.");
    std::string input;
    std::string output;
    std::string output_option;
    bool no_symbols = false;
    bool quiet = false;
    line.add_option("in", input)->group("");
    line.add_option("out", output)->group("");
    line.add_option("-o,--output", output_option, "Where to write the ROM")->type_name("FILE");
    line.add_flag("--no-sym", no_symbols, "Write no symbol file");
    line.add_flag("-q,--quiet", quiet, "Say nothing on success, and show no warnings");
    if (const auto code = line.parse_arguments(arguments)) {
        return *code;
    }
    if (input.empty()) {
        return line.reject("which file? IN.tal is missing");
    }
    if (!output.empty() && !output_option.empty()) {
        return line.reject("the output is named twice");
    }
    output += output_option;
    if (output.empty()) {
        output = input == kStandardStream ? kStandardStream : default_output(input);
    }
    if (input == kStandardStream) {
        input = kInputPath;
    }
    if (output == kStandardStream) {
        output = kOutputPath;
    }
    if (host::same_file(input, output)) {
        return print_error(fmt::format("'{}' would be replaced by its own ROM", input));
    }

    tal::DiskLoader loader;
    const tal::Assembly assembly = assemble(input, loader, quiet ? Warnings::Hide : Warnings::Show);
    if (!assembly.ok()) {
        return kFailure;
    }
    // The symbols first: if they cannot be written, there is no new ROM without them.
    if (!no_symbols && is_plain_file(output)) {
        const auto symbols = tal::write_symbols(assembly.symbols);
        const auto written = host::write_file(output + ".sym", host::as_text(symbols));
        if (!written) {
            return print_error(written.error().detail);
        }
    }
    if (const auto written = host::write_file(output, host::as_text(assembly.rom)); !written) {
        return print_error(written.error().detail);
    }
    if (!quiet) {
        report(output, assembly);
    }
    return kSuccess;
}

}  // namespace cli
