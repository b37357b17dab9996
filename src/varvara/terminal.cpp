#include "varvara/terminal.hpp"

namespace varvara {
namespace {

void play(Session& session, const Terminal& terminal) {
    const bool goes_on = terminal.boot ? session.boot(terminal.arguments) : session.running();
    if (!goes_on || session.machine().dev_short(Console::kVector) == 0) {
        return;
    }
    while (session.flush()) {
        const std::span<const std::uint8_t> bytes = terminal.input.next();
        if (bytes.empty()) {
            session.handle({.kind = Event::Kind::InputEnd});
            return;
        }
        for (const std::uint8_t byte : bytes) {
            if (!session.handle({.kind = Event::Kind::Input, .value = byte})) {
                return;
            }
        }
    }
}

}  // namespace

SessionEnd run_in_terminal(uxn::Machine& machine, Varvara& varvara, const Terminal& terminal) {
    Session session({.machine = machine,
                     .varvara = varvara,
                     .engine = terminal.engine,
                     .output = terminal.output,
                     .limits = terminal.limits,
                     .recorder = terminal.recorder});
    play(session, terminal);
    session.flush();
    return session.end();
}

}  // namespace varvara
