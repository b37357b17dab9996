#include "app/cli/run_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <span>

#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "host/files.hpp"

namespace cli {
namespace {

constexpr std::size_t kMaxScript = std::size_t{256} << 20;
constexpr std::size_t kMaxState = std::size_t{64} << 20;

int save(const std::string& path, std::string_view contents) {
    if (path.empty()) {
        return 0;
    }
    const auto written = host::write_file(path, contents);
    if (!written) {
        print_error(written.error().detail);
    }
    return written ? 0 : 1;
}

}  // namespace

std::optional<int> RunFiles::open(const RunOptions& options) {
    const std::string& path = options.replay.empty() ? options.input : options.replay;
    if (!path.empty() && !read_script(path)) {
        return kFailure;
    }
    if (!options.state_in.empty()) {
        auto contents = host::read_file(options.state_in, kMaxState);
        if (!contents) {
            return print_error(contents.error().detail);
        }
        state_path_ = options.state_in;
        state_ = std::move(*contents);
    }
    if (options.clock) {
        script.clock = options.clock;
    }
    if (options.seed) {
        script.seed = options.seed;
    }
    if (options.program.size() > 1) {
        script.arguments.assign(options.program.begin() + 1, options.program.end());
    }
    std::vector<std::string> inputs = {path, options.state_in};
    if (!options.program.empty()) {
        inputs.push_back(options.program[0]);
    }
    std::erase(inputs, "");
    for (const std::string& output : outputs_of(options)) {
        for (const std::string& input : inputs) {
            if (host::same_file(input, output)) {
                return print_error(fmt::format("'{}' would be overwritten", input));
            }
        }
        if (const auto writable = host::check_writable(output); !writable) {
            return print_error(writable.error().detail);
        }
    }
    return std::nullopt;
}

bool RunFiles::read_script(const std::string& path) {
    const auto text = host::read_file(path, kMaxScript);
    if (!text) {
        print_error(text.error().detail);
        return false;
    }
    auto parsed = varvara::parse_script(*text, path);
    if (!parsed) {
        print_error(parsed.error().detail);
        return false;
    }
    script = std::move(*parsed);
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    for (varvara::ScriptFile& drop : script.drops) {
        if (drop.contents) {
            continue;
        }
        const auto rom = load_program((folder / drop.name).string(), Warnings::Hide);
        if (!rom) {
            return false;
        }
        drop.contents.emplace(rom->begin(), rom->end());
    }
    return true;
}

std::optional<int> RunFiles::check_rom(std::span<const std::uint8_t> rom) const {
    if (script.rom && *script.rom != varvara::fingerprint(rom)) {
        return print_error(fmt::format("{} was recorded with another program", script.name));
    }
    return std::nullopt;
}

std::optional<varvara::StateExtras> RunFiles::restore(uxn::Machine& machine,
                                                      varvara::Varvara& varvara) {
    auto extras = varvara::restore_state(host::as_bytes(state_), machine, varvara);
    if (!extras) {
        print_error(fmt::format("{}: {}", state_path_, extras.error().detail));
        return std::nullopt;
    }
    return std::move(*extras);
}

int RunFiles::save_recording(const RunOptions& options, varvara::Recorder& recorder) const {
    return save(options.record, recorder.text());
}

int RunFiles::save_memory(const RunOptions& options, const uxn::Machine& machine) const {
    return save(options.dump_ram, host::as_text(machine.ram.bytes()));
}

int RunFiles::save_state(const RunOptions& options, const uxn::Machine& machine,
                         varvara::Varvara& varvara, const varvara::StateExtras& extras) const {
    if (options.state_out.empty()) {
        return 0;
    }
    return save(options.state_out, host::as_text(varvara::save_state(machine, varvara, extras)));
}

}  // namespace cli
