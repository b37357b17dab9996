#include "varvara/terminal.hpp"

#include <algorithm>

namespace varvara {
namespace {

/// How many instructions run between two flushes: some hundredths of a second, so that the output
/// of a vector that computes for long is seen as it comes, yet without a system call for each byte.
/// Not less: an engine may run the last instructions of a budget at a slower pace.
constexpr std::uint64_t kFlushInterval = std::uint64_t{1} << 25;

class TerminalRun {
public:
    TerminalRun(uxn::Machine& machine, Varvara& varvara, const Terminal& terminal)
        : machine_(machine), varvara_(varvara), terminal_(terminal) {}

    TerminalEnd run() {
        play();
        flush();
        end_.exit_code = machine_.dev[System::kState] & 0x7f;
        return end_;
    }

private:
    /// Everything in order; the functions called say false when the run is over.
    void play() {
        const auto& arguments = terminal_.arguments;
        machine_.dev[Console::kType] = arguments.empty() ? Console::Nothing : Console::Input;
        if (!evaluate(uxn::kResetVector) || machine_.dev_short(Console::kVector) == 0) {
            return;
        }
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            for (const char* c = arguments[i]; *c != '\0'; ++c) {
                if (!deliver(static_cast<std::uint8_t>(*c), Console::Argument)) {
                    return;
                }
            }
            const bool last = i + 1 == arguments.size();
            if (!deliver('\n', last ? Console::LastEnd : Console::ArgumentEnd)) {
                return;
            }
        }
        while (flush()) {
            const std::span<const std::uint8_t> bytes = terminal_.input.next();
            if (bytes.empty()) {
                deliver(0, Console::LastEnd);
                return;
            }
            for (const std::uint8_t byte : bytes) {
                if (!deliver(byte, Console::Input)) {
                    return;
                }
            }
        }
    }

    bool deliver(std::uint8_t byte, Console::Type type) {
        machine_.dev[Console::kRead] = byte;
        machine_.dev[Console::kType] = type;
        const std::uint16_t vector = machine_.dev_short(Console::kVector);
        if (uxn::is_set(terminal_.limits.interrupt)) {
            return end(TerminalEnd::Reason::Interrupted, vector);
        }
        return vector == 0 || evaluate(vector);
    }

    bool evaluate(std::uint16_t vector) {
        using Reason = uxn::Stop::Reason;
        std::uint16_t pc = vector;
        while (true) {
            const std::uint64_t left = terminal_.limits.instructions - end_.instructions;
            const uxn::Limits limits = {.instructions = std::min(left, until_flush_),
                                        .interrupt = terminal_.limits.interrupt};
            const uxn::Stop stop = terminal_.engine.run(machine_, varvara_, pc, limits);
            end_.instructions += stop.instructions;
            until_flush_ -= stop.instructions;
            if (until_flush_ == 0 && !flush()) {
                return false;
            }
            switch (stop.reason) {
                case Reason::Break: return machine_.dev[System::kState] == 0;
                case Reason::Halted: return end(TerminalEnd::Reason::OutputClosed, stop.pc);
                case Reason::Interrupted: return end(TerminalEnd::Reason::Interrupted, stop.pc);
                case Reason::Budget:
                    if (stop.instructions == left) {
                        return end(TerminalEnd::Reason::Budget, stop.pc);
                    }
                    pc = stop.pc;
            }
        }
    }

    bool flush() {
        until_flush_ = kFlushInterval;
        return terminal_.output.flush() || end(TerminalEnd::Reason::OutputClosed, 0);
    }

    bool end(TerminalEnd::Reason reason, std::uint16_t pc) {
        if (end_.reason == TerminalEnd::Reason::Exit) {
            end_.reason = reason;
            end_.pc = pc;
        }
        return false;
    }

    uxn::Machine& machine_;
    Varvara& varvara_;
    const Terminal& terminal_;
    TerminalEnd end_;
    std::uint64_t until_flush_ = kFlushInterval;
};

}  // namespace

TerminalEnd run_in_terminal(uxn::Machine& machine, Varvara& varvara, const Terminal& terminal) {
    return TerminalRun(machine, varvara, terminal).run();
}

}  // namespace varvara
