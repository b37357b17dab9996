// Any bytes are a ROM with arguments and input: a terminal run ends within its budget, touches
// nothing outside the machine (the sanitizers say so), and is the same on every engine.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "check.hpp"
#include "uxn/engines.hpp"
#include "varvara/terminal.hpp"

namespace {

class Sink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        text += stream == varvara::Stream::Output ? 'o' : 'e';
        text += bytes;
        return true;
    }
    bool flush() noexcept override { return true; }
    std::string text;
};

class Input final : public varvara::ConsoleInput {
public:
    explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::span<const std::uint8_t> next() noexcept override {
        return std::exchange(bytes_, std::span<const std::uint8_t>());
    }

private:
    std::span<const std::uint8_t> bytes_;
};

class StandingClock final : public varvara::Clock {
public:
    varvara::CivilTime now() noexcept override { return {}; }
};

struct Result {
    std::unique_ptr<uxn::Machine> machine = std::make_unique<uxn::Machine>();
    std::string text;
    varvara::TerminalEnd end;
};

Result run(const uxn::Engine& engine, std::span<const std::uint8_t> rom,
           std::span<const std::uint8_t> input_bytes) {
    Result result;
    Sink sink;
    Input input(input_bytes);
    StandingClock clock;
    varvara::Varvara varvara({.console = sink, .clock = clock});
    varvara::load_rom(*result.machine, varvara, rom);
    const char* const arguments[] = {"ab", ""};
    result.end = varvara::run_in_terminal(*result.machine, varvara,
                                          {.engine = engine,
                                           .output = sink,
                                           .input = input,
                                           .arguments = arguments,
                                           .limits = {.instructions = 100'000}});
    result.text = std::move(sink.text);
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    const std::size_t input_size = std::min<std::size_t>(size / 4, 16);
    const auto input = bytes.first(input_size);
    const auto rom = bytes.subspan(input_size);

    const Result expected = run(*uxn::find_engine("loop"), rom, input);
    fuzz::check(expected.end.instructions <= 100'000, "the budget is kept");
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine == nullptr || entry.name == "loop") {
            continue;
        }
        const Result actual = run(*entry.engine, rom, input);
        fuzz::check(*expected.machine == *actual.machine, "engines leave the same machine");
        fuzz::check(expected.text == actual.text, "engines print the same");
        fuzz::check(expected.end.reason == actual.end.reason &&
                        expected.end.exit_code == actual.end.exit_code &&
                        expected.end.instructions == actual.end.instructions,
                    "runs end in the same way");
    }
    return 0;
}
