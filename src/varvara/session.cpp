#include "varvara/session.hpp"

namespace varvara {
namespace {

/// How many instructions run between two flushes: some hundredths of a second, so that the output
/// of a vector that computes for long is seen as it comes, yet without a system call for each byte.
/// Not less: an engine may run the last instructions of a budget at a slower pace.
constexpr std::uint64_t kFlushInterval = std::uint64_t{1} << 25;

}  // namespace

bool Session::boot(std::span<const char* const> arguments) {
    parts_.machine.dev[Console::kType] = arguments.empty() ? Console::Nothing : Console::Input;
    until_flush_ = kFlushInterval;
    if (!evaluate(uxn::kResetVector)) {
        return false;
    }
    if (parts_.machine.dev_short(Console::kVector) == 0) {
        return true;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        for (const char* c = arguments[i]; *c != '\0'; ++c) {
            if (!console(static_cast<std::uint8_t>(*c), Console::Argument)) {
                return false;
            }
        }
        const bool last = i + 1 == arguments.size();
        if (!console('\n', last ? Console::LastEnd : Console::ArgumentEnd)) {
            return false;
        }
    }
    return true;
}

bool Session::reboot(Event::Kind kind, std::span<const std::uint8_t> rom) {
    return load(kind, rom) && start();
}

bool Session::follow(std::span<const std::uint8_t> rom) {
    if (running_ || end_.reason != SessionEnd::Reason::Exit) {
        return false;
    }
    running_ = true;
    return reboot(Event::Kind::Drop, rom);
}

bool Session::load(Event::Kind kind, std::span<const std::uint8_t> rom) {
    if (!running_) {
        return false;
    }
    if (parts_.recorder != nullptr && kind != Event::Kind::Drop) {
        parts_.recorder->event({.kind = kind});
    }
    uxn::Machine& machine = parts_.machine;
    const auto ram = machine.ram.bytes();
    std::ranges::fill(kind == Event::Kind::SoftReboot ? ram.subspan(0x100) : ram.subspan(0), 0);
    machine.wst = {};
    machine.rst = {};
    machine.dev = {};
    parts_.varvara.reset();
    load_rom(machine, parts_.varvara, rom);
    return true;
}

bool Session::start() {
    until_flush_ = kFlushInterval;
    return evaluate(uxn::kResetVector);
}

bool Session::console(std::uint8_t byte, Console::Type type) {
    parts_.machine.dev[Console::kRead] = byte;
    parts_.machine.dev[Console::kType] = type;
    return happen(Console::kVector);
}

bool Session::handle(const Event& event) {
    if (!running_) {
        return false;
    }
    if (parts_.recorder != nullptr) {
        parts_.recorder->event(event);
    }
    uxn::Machine& machine = parts_.machine;
    std::uint8_t& mouse = machine.dev[Mouse::kState];
    std::uint8_t& pad = machine.dev[Controller::button_port(event.pad % Controller::kPads)];
    using Kind = Event::Kind;
    switch (event.kind) {
        case Kind::Input: return console(event.value, Console::Input);
        case Kind::InputEnd: return console(0, Console::LastEnd);
        case Kind::Key:
            machine.dev[Controller::kKey] = event.value;
            happen(Controller::kVector);
            machine.dev[Controller::kKey] = 0;
            return running_;
        case Kind::Press: pad |= event.value; return happen(Controller::kVector);
        case Kind::Release:
            pad = static_cast<std::uint8_t>(pad & ~event.value);
            return happen(Controller::kVector);
        case Kind::MouseMove:
            machine.set_dev_short(Mouse::kX, static_cast<std::uint16_t>(event.x));
            machine.set_dev_short(Mouse::kY, static_cast<std::uint16_t>(event.y));
            return happen(Mouse::kVector);
        case Kind::MousePress: mouse |= event.value; return happen(Mouse::kVector);
        case Kind::MouseRelease:
            mouse = static_cast<std::uint8_t>(mouse & ~event.value);
            return happen(Mouse::kVector);
        case Kind::Scroll:
            machine.set_dev_short(Mouse::kScrollX, static_cast<std::uint16_t>(event.x));
            machine.set_dev_short(Mouse::kScrollY, static_cast<std::uint16_t>(event.y));
            happen(Mouse::kVector);
            machine.set_dev_short(Mouse::kScrollX, 0);
            machine.set_dev_short(Mouse::kScrollY, 0);
            return running_;
        case Kind::Frame: return frame();
        case Kind::SoftReboot:
        case Kind::HardReboot:
        case Kind::Drop: break;
    }
    return true;
}

bool Session::end_notes() {
    std::uint8_t vector = Audio::kVector;
    for (Audio* voice : parts_.varvara.voices()) {
        if (voice->take_ended() && !happen(vector)) {
            return false;
        }
        vector = static_cast<std::uint8_t>(vector + 0x10);
    }
    return running_;
}

bool Session::frame() {
    return end_notes() && happen(Screen::kVector);
}

bool Session::happen(std::uint8_t vector_port) {
    const std::uint16_t vector = parts_.machine.dev_short(vector_port);
    if (uxn::is_set(parts_.limits.interrupt)) {
        return finish(SessionEnd::Reason::Interrupted, vector);
    }
    return vector == 0 ? running_ : evaluate(vector);
}

bool Session::evaluate(std::uint16_t vector) {
    using Reason = uxn::Stop::Reason;
    std::uint16_t pc = vector;
    while (running_) {
        const std::uint64_t left = parts_.limits.instructions - end_.instructions;
        const uxn::Limits limits = {.instructions = std::min(left, until_flush_),
                                    .interrupt = parts_.limits.interrupt};
        const uxn::Stop stop = parts_.engine.run(parts_.machine, parts_.varvara, pc, limits);
        end_.instructions += stop.instructions;
        until_flush_ -= stop.instructions;
        if (until_flush_ == 0 && !flush()) {
            return false;
        }
        switch (stop.reason) {
            case Reason::Break: running_ = parts_.machine.dev[System::kState] == 0; return running_;
            case Reason::Halted: return finish(SessionEnd::Reason::OutputClosed, stop.pc);
            case Reason::Interrupted: return finish(SessionEnd::Reason::Interrupted, stop.pc);
            case Reason::Budget:
                if (stop.instructions == left) {
                    return finish(SessionEnd::Reason::Budget, stop.pc);
                }
                pc = stop.pc;
        }
    }
    return false;
}

bool Session::flush() {
    until_flush_ = kFlushInterval;
    return parts_.output.flush() || finish(SessionEnd::Reason::OutputClosed, 0);
}

bool Session::finish(SessionEnd::Reason reason, std::uint16_t pc) {
    if (end_.reason == SessionEnd::Reason::Exit) {
        end_.reason = reason;
        end_.pc = pc;
    }
    running_ = false;
    return false;
}

SessionEnd Session::end() const {
    SessionEnd end = end_;
    end.exit_code = parts_.machine.dev[System::kState] & 0x7f;
    return end;
}

}  // namespace varvara
