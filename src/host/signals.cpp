#include "host/signals.hpp"

#include <csignal>
#include <cstdlib>

namespace host {
namespace {

// What a signal handler can reach has to be global. All of it is lock-free.
std::atomic<bool> interrupted{false};
std::atomic<bool> blocking{false};
std::atomic<int> caught{0};
std::atomic<std::atomic<bool>*> stop_flag{nullptr};
std::atomic<const WakeUp*> thread_to_wake{nullptr};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_interrupt(int signal) {
    caught = signal;
    interrupted = true;
    std::signal(signal, SIG_DFL);
    if (std::atomic<bool>* flag = stop_flag) {
        *flag = true;
        if (const WakeUp* thread = thread_to_wake) {
            thread->ring();
        }
        return;
    }
    if (blocking) {
        std::raise(signal);  // is delivered when this function returns
    }
}

[[noreturn]] void end_by(int signal) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    std::_Exit(128 + signal);  // the signal was blocked: say the same by the exit code
}

}  // namespace

void catch_interrupts() {
    for (const int signal : {SIGINT, SIGTERM}) {
        struct sigaction before{};
        if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
            struct sigaction action{};
            action.sa_handler = on_interrupt;
            sigemptyset(&action.sa_mask);
            sigaction(signal, &action, nullptr);
        }
    }
}

const std::atomic<bool>& interrupt_flag() {
    return interrupted;
}

void stop_on_signal(std::atomic<bool>* flag, const WakeUp* thread) {
    stop_flag = nullptr;
    thread_to_wake = thread;
    stop_flag = flag;
}

void no_longer_stop_on_signal(std::atomic<bool>* flag) {
    if (stop_flag == flag) {
        stop_flag = nullptr;
        thread_to_wake = nullptr;
    }
}

void end_as_interrupted() {
    end_by(caught == 0 ? SIGINT : caught.load());
}

void ignore_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
}

void ignore_file_size_limits() {
    std::signal(SIGXFSZ, SIG_IGN);
}

void end_as_broken_pipe() {
    end_by(SIGPIPE);
}

BlockingCall::BlockingCall() {
    blocking = true;
}
BlockingCall::~BlockingCall() {
    blocking = false;
}
bool BlockingCall::interrupted() const {
    return host::interrupted;
}

}  // namespace host
