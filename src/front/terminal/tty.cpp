#include "front/terminal/tty.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "host/posix.hpp"

namespace front::terminal {
namespace {

using base::ErrorCode;

/// What it takes to come back, and to go in again.
struct Taken {
    int fd = -1;
    int events = -1;
    termios before{};
    termios raw{};
    std::string enter;
    std::string leave;
};

// What a signal handler can reach has to be global. All of it is lock-free; what `taken` points to
// does not change any more.
std::atomic<const Taken*> taken{nullptr};
std::atomic<bool> inside{false};  ///< the terminal is in our hands just now
std::atomic<bool> resized{false};
std::atomic<bool> continued{false};
std::atomic<bool> closing{false};
std::atomic<bool> ending{false};  ///< closing was asked for by SIGINT or SIGTERM
static_assert(std::atomic<const Taken*>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

/// Ask the process to end. The first is passed on to whoever else listens.
constexpr std::array kClosing = {SIGINT, SIGTERM, SIGHUP};
/// End it at once.
constexpr std::array kFatal = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS,  SIGILL,  SIGFPE,
                               SIGTRAP, SIGSYS,  SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2};
constexpr std::array kOthers = {SIGWINCH, SIGTSTP, SIGCONT};

/// The actions that were there before, by signal.
std::array<struct sigaction, NSIG> before_us;
std::array<struct sigaction, NSIG> ours;

/// It may come in the middle of anything, so it ends a string, and a frame.
constexpr std::string_view kInterrupt = "\x1b\\\x1b[?2026l";

/// All of it, unless the terminal takes nothing for a second. For signal handlers too.
void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd entry = {.fd = fd, .events = POLLOUT, .revents = 0};
            if (poll(&entry, 1, 1000) == 0) {
                return;
            }
        } else if (errno != EINTR) {
            return;
        }
    }
}

void go_in(const Taken& terminal) {
    inside = true;
    tcsetattr(terminal.fd, TCSANOW, &terminal.raw);
    write_all(terminal.fd, terminal.enter);
}

void write_leave(const Taken& terminal) {
    write_all(terminal.fd, kInterrupt);
    write_all(terminal.fd, terminal.leave);
}

void go_out() {
    const Taken* terminal = taken;
    if (terminal != nullptr && inside.exchange(false)) {
        write_leave(*terminal);
        // The shell is not to get what the terminal still had to say to us.
        tcflush(terminal->fd, TCIFLUSH);
        tcsetattr(terminal->fd, TCSANOW, &terminal->before);
    }
}

void notify() {
    if (const Taken* terminal = taken) {
        const std::uint64_t one = 1;
        // It fails only when there are 2^64 - 2 already.
        [[maybe_unused]] const ssize_t written = ::write(terminal->events, &one, sizeof one);
    }
}

/// As if we had never been there.
void end_by(int signal) {
    go_out();
    ::signal(signal, SIG_DFL);
    raise(signal);  // is delivered when the handler returns
}

extern "C" void on_closing(int signal) {
    const int error = errno;
    if (signal != SIGHUP && ending.exchange(true)) {
        end_by(signal);
        return;
    }
    const auto number = static_cast<std::size_t>(signal);
    const auto handler = before_us[number].sa_handler;
    const bool plain = (before_us[number].sa_flags & SA_SIGINFO) == 0;
    if (plain && handler != SIG_DFL && handler != SIG_IGN) {
        handler(signal);
        sigaction(signal, &ours[number], nullptr);  // that one may have taken it away
    }
    closing = true;
    notify();
    errno = error;
}

extern "C" void on_fatal(int signal, siginfo_t* info, void*) {
    go_out();
    sigaction(signal, &before_us[static_cast<std::size_t>(signal)], nullptr);
    if (info->si_code <= 0 || signal == SIGQUIT || signal == SIGALRM) {
        raise(signal);
    }  // otherwise an instruction did it, and does it again
}

/// Stops the process as SIGTSTP would have done.
extern "C" void on_stop(int) {
    const int error = errno;
    go_out();
    struct sigaction stop{};
    stop.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &stop, nullptr);
    raise(SIGTSTP);
    sigset_t set;
    sigset_t before;
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &set, &before);
    // Time has passed.
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    sigaction(SIGTSTP, &ours[SIGTSTP], nullptr);
    if (const Taken* terminal = taken) {
        go_in(*terminal);
        continued = true;
        notify();
    }
    errno = error;
}

/// After SIGSTOP, which nobody can catch, the terminal may be in any state.
extern "C" void on_continue(int) {
    const int error = errno;
    const Taken* terminal = taken;
    if (terminal != nullptr && inside) {
        write_leave(*terminal);
        go_in(*terminal);
        continued = true;
        notify();
    }
    errno = error;
}

extern "C" void on_resize(int) {
    const int error = errno;
    resized = true;
    notify();
    errno = error;
}

void each_signal(auto function) {
    for (const int signal : kClosing) {
        function(signal);
    }
    for (const int signal : kFatal) {
        function(signal);
    }
    for (const int signal : kOthers) {
        function(signal);
    }
}

struct sigaction action_for(int signal) {
    struct sigaction action{};
    if (std::ranges::find(kClosing, signal) != kClosing.end()) {
        action.sa_handler = on_closing;
    } else if (std::ranges::find(kFatal, signal) != kFatal.end()) {
        action.sa_sigaction = on_fatal;
        action.sa_flags = SA_SIGINFO;
    } else {
        action.sa_handler = signal == SIGWINCH  ? on_resize
                            : signal == SIGTSTP ? on_stop
                                                : on_continue;
        action.sa_flags = SA_RESTART;
    }
    // Not SIGTTOU: who touches a terminal in the background is to be stopped by it.
    sigemptyset(&action.sa_mask);
    each_signal([&](int other) { sigaddset(&action.sa_mask, other); });
    return action;
}

/// Those that the process was started to ignore stay ignored.
void catch_signals() {
    each_signal([](int signal) {
        const auto number = static_cast<std::size_t>(signal);
        ours[number] = action_for(signal);
        sigaction(signal, nullptr, &before_us[number]);
        if (before_us[number].sa_handler != SIG_IGN || signal == SIGWINCH || signal == SIGCONT) {
            sigaction(signal, &ours[number], nullptr);
        }
    });
}

void release_signals() {
    each_signal([](int signal) {
        struct sigaction now{};
        sigaction(signal, nullptr, &now);
        const auto number = static_cast<std::size_t>(signal);
        if (now.sa_handler == ours[number].sa_handler) {
            sigaction(signal, &before_us[number], nullptr);
        }
    });
}

/// All that `taken` ever pointed to: a handler may still be looking at it.
std::vector<std::unique_ptr<const Taken>>& kept() {
    static auto* list = new std::vector<std::unique_ptr<const Taken>>;
    return *list;
}

void take(Taken terminal) {
    kept().push_back(std::make_unique<const Taken>(std::move(terminal)));
    taken = kept().back().get();
}

/// A way to the terminal of our own, so that whether it blocks is nobody else's business.
host::FileDescriptor open_device(const std::string& device) {
    constexpr int kFlags = O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
    if (!device.empty()) {
        return host::FileDescriptor(::open(device.c_str(), kFlags));
    }
    const int fd = ::open("/dev/tty", kFlags);
    if (fd >= 0 || isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
        return host::FileDescriptor(fd);
    }
    std::array<char, 256> name{};
    if (const int error = ttyname_r(STDOUT_FILENO, name.data(), name.size()); error != 0) {
        errno = error;
        return {};
    }
    return host::FileDescriptor(::open(name.data(), kFlags));
}

}  // namespace

base::Result<std::unique_ptr<Tty>> Tty::open(const std::string& device) {
    if (taken != nullptr) {
        return base::fail(ErrorCode::Unsupported, "the terminal is in use already");
    }
    host::FileDescriptor fd = open_device(device);
    Taken terminal;
    if (!fd.valid() || tcgetattr(fd.get(), &terminal.before) != 0) {
        if (device.empty()) {
            return base::fail(ErrorCode::Unsupported,
                              std::string("there is no terminal: ") + std::strerror(errno));
        }
        return host::fail_with_errno(ErrorCode::Unsupported, "cannot use the terminal", device);
    }
    terminal.events = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (terminal.events < 0) {
        return base::fail(ErrorCode::Unsupported,
                          std::string("cannot wait for a terminal: ") + std::strerror(errno));
    }
    terminal.raw = terminal.before;
    cfmakeraw(&terminal.raw);
    terminal.raw.c_cc[VMIN] = 1;
    terminal.raw.c_cc[VTIME] = 0;
    terminal.fd = fd.release();
    resized = continued = closing = ending = false;
    take(terminal);
    catch_signals();
    static const int registered = std::atexit(go_out);
    static_cast<void>(registered);
    go_in(*taken);
    return std::unique_ptr<Tty>(new Tty);
}

Tty::~Tty() {
    go_out();
    release_signals();
    const Taken* terminal = taken.exchange(nullptr);
    ::close(terminal->fd);
    ::close(terminal->events);
}

int Tty::fd() const {
    return taken.load()->fd;
}

int Tty::events() const {
    return taken.load()->events;
}

char Tty::erase() const {
    return static_cast<char>(taken.load()->before.c_cc[VERASE]);
}

void Tty::add(std::string_view enter, std::string_view leave) {
    Taken terminal = *taken.load();
    terminal.enter += enter;
    terminal.leave.insert(0, leave);
    take(std::move(terminal));
}

void Tty::wake() const noexcept {
    notify();
}

Tty::Happened Tty::take_events() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken_count = ::read(events(), &count, sizeof count);
    return {.resized = resized.exchange(false),
            .continued = continued.exchange(false),
            .closing = closing.exchange(false)};
}

}  // namespace front::terminal
