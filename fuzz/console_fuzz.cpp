// Any bytes are a ROM with arguments and input in pieces: a terminal run ends within its budget,
// touches nothing outside the machine, and is the same on every engine. What a program sees of its
// arguments and input is what the specification says.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "check.hpp"
#include "differential/guarded_machine.hpp"
#include "fuzz_bytes.hpp"
#include "quiet_hosts.hpp"
#include "support/available_engines.hpp"
#include "varvara/terminal.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

/// All that comes from outside.
struct World {
    std::vector<std::string> arguments;
    std::vector<Bytes> input;
    std::size_t closes_after;
    std::uint64_t budget;
};

/// Hands the pieces out, and sees to it that nobody asks too late.
class Input final : public varvara::ConsoleInput {
public:
    Input(const uxn::Machine& machine, const std::vector<Bytes>& pieces)
        : machine_(machine), pieces_(pieces) {}

    std::span<const std::uint8_t> next() noexcept override {
        fuzz::check(!has_ended_, "input is not read beyond its end");
        fuzz::check(machine_.dev[varvara::System::kState] == 0,
                    "no program waits for input after it has asked for its end");
        if (at_ == pieces_.size()) {
            has_ended_ = true;
            return {};
        }
        return pieces_[at_++];
    }

private:
    const uxn::Machine& machine_;
    const std::vector<Bytes>& pieces_;
    std::size_t at_ = 0;
    bool has_ended_ = false;
};

struct Result {
    uxn::Machine machine;
    std::string text;
    varvara::SessionEnd end;
};

std::unique_ptr<Result> run(const uxn::Engine& engine, std::span<const std::uint8_t> rom,
                            const World& world) {
    uxn::test::GuardedMachine machine(uxn::Machine{}, uxn::test::Placement::AtEnd);
    fuzz::QuietHosts hosts;
    hosts.sink.closes_after = world.closes_after;
    Input input(*machine, world.input);
    varvara::Varvara varvara(hosts.hosts());
    varvara::load_rom(*machine, varvara, rom);
    std::vector<const char*> arguments;
    for (const std::string& argument : world.arguments) {
        arguments.push_back(argument.c_str());
    }
    auto result = std::make_unique<Result>();
    result->end = varvara::run_in_terminal(*machine, varvara,
                                           {.engine = engine,
                                            .output = hosts.sink,
                                            .input = input,
                                            .arguments = arguments,
                                            .limits = {.instructions = world.budget}});
    result->machine = *machine;
    result->text = std::move(hosts.sink.text);
    return result;
}

World choose_world(fuzz::FuzzBytes& bytes) {
    World world;
    for (unsigned i = bytes.below(4); i > 0; --i) {
        std::string& argument = world.arguments.emplace_back();
        for (unsigned length = bytes.below(6); length > 0; --length) {
            argument += static_cast<char>(1 + bytes.below(0xff));
        }
    }
    for (unsigned i = bytes.below(4); i > 0; --i) {
        const auto piece = bytes.take(1 + bytes.below(8));
        if (!piece.empty()) {
            world.input.emplace_back(piece.begin(), piece.end());
        }
    }
    world.closes_after = bytes.one_in(4) ? bytes.below(64) : std::string::npos;
    world.budget = bytes.one_in(4) ? bytes.below(300) : 60'000;
    return world;
}

void check_engines_agree(std::span<const std::uint8_t> rom, const World& world) {
    const auto expected = run(uxn::test::oracle(), rom, world);
    fuzz::check(expected->end.instructions <= world.budget, "the budget is kept");
    fuzz::check(expected->end.exit_code == (expected->machine.dev[varvara::System::kState] & 0x7f),
                "the exit code is what the program put into System/state");
    for (const uxn::EngineEntry& entry : uxn::test::engines_but_oracle()) {
        const auto actual = run(*entry.engine, rom, world);
        fuzz::check(expected->machine == actual->machine, "engines leave the same machine");
        fuzz::check(expected->text == actual->text, "engines print the same");
        fuzz::check(expected->end.reason == actual->end.reason &&
                        expected->end.exit_code == actual->end.exit_code &&
                        expected->end.pc == actual->end.pc &&
                        expected->end.instructions == actual->end.instructions,
                    "runs end in the same way");
    }
}

/// The events of spec/varvara.md, section 3.1, as the recorder below prints them.
std::string expected_events(const World& world) {
    std::string text;
    const auto event = [&](std::uint8_t byte, char type) {
        text += std::string("o") + static_cast<char>(byte) + "o" + type;
    };
    event(0, world.arguments.empty() ? 0 : 1);
    for (std::size_t i = 0; i < world.arguments.size(); ++i) {
        for (const char c : world.arguments[i]) {
            event(static_cast<std::uint8_t>(c), 2);
        }
        event('\n', i + 1 < world.arguments.size() ? 3 : 4);
    }
    for (const Bytes& piece : world.input) {
        for (const std::uint8_t byte : piece) {
            event(byte, 1);
        }
    }
    event(0, 4);
    return text;
}

void check_events(World world) {
    // |0100 ;on-console .Console/vector DEO2  @on-console
    // .Console/read DEI .Console/write DEO .Console/type DEI .Console/write DEO BRK
    constexpr std::uint8_t kRecorder[] = {0xa0, 0x01, 0x06, 0x80, 0x10, 0x37, 0x80, 0x12, 0x16,
                                          0x80, 0x18, 0x17, 0x80, 0x17, 0x16, 0x80, 0x18, 0x17};
    world.closes_after = std::string::npos;
    world.budget = 60'000;
    for (const uxn::EngineEntry& entry : uxn::test::available_engines()) {
        const auto result = run(*entry.engine, kRecorder, world);
        fuzz::check(result->text == expected_events(world), "a program gets all events in order");
        fuzz::check(
            result->end.reason == varvara::SessionEnd::Reason::Exit && result->end.exit_code == 0,
            "a program ends with its input");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    const World world = choose_world(bytes);
    check_events(world);
    check_engines_agree(bytes.take_rest(), world);
    return 0;
}
