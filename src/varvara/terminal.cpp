#include "varvara/terminal.hpp"

namespace varvara {
namespace {

void play(Session& session, const Terminal& terminal) {
    if (!session.boot(terminal.arguments) || session.machine().dev_short(Console::kVector) == 0) {
        return;
    }
    while (session.flush()) {
        const std::span<const std::uint8_t> bytes = terminal.input.next();
        if (bytes.empty()) {
            session.console(0, Console::LastEnd);
            return;
        }
        for (const std::uint8_t byte : bytes) {
            if (!session.console(byte, Console::Input)) {
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
                     .limits = terminal.limits});
    play(session, terminal);
    session.flush();
    return session.end();
}

}  // namespace varvara
