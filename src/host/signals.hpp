#pragma once

#include <atomic>

#include "host/wake_up.hpp"

/// How signals reach a running program.
namespace host {

/// Catches Ctrl-C (SIGINT) and SIGTERM from now on: the first one sets the flag, a second one ends
/// the process. A signal that the process was started to ignore, as by nohup, stays ignored.
void catch_interrupts();

/// For uxn::Limits::interrupt.
const std::atomic<bool>& interrupt_flag();

/// A thread that the first of these signals is to stop as well: its flag is set, and it is woken
/// up. One thread at a time; the last one counts.
void stop_on_signal(std::atomic<bool>* flag, const WakeUp* thread);
/// If it is the one with this flag.
void no_longer_stop_on_signal(std::atomic<bool>* flag);

/// Ends the process as the signal that set the flag would have, so that a shell sees what happened.
[[noreturn]] void end_as_interrupted();

/// From now on a write that nobody can receive fails with EPIPE instead of ending the process.
void ignore_broken_pipes();

/// From now on a write beyond the limit of a file's size (RLIMIT_FSIZE) fails with EFBIG instead of
/// ending the process.
void ignore_file_size_limits();

/// Ends the process as SIGPIPE would have: quietly.
[[noreturn]] void end_as_broken_pipe();

/// Around a system call that may wait for long: while one of these lives, a signal ends the process
/// itself. Nothing can be lost then, and there is no moment between a look at the flag and the call
/// in which a signal would go unnoticed. One at a time.
class BlockingCall {
public:
    BlockingCall();
    ~BlockingCall();
    BlockingCall(const BlockingCall&) = delete;
    BlockingCall& operator=(const BlockingCall&) = delete;

    /// The flag was set before: better not to start the call.
    bool interrupted() const;
};

}  // namespace host
