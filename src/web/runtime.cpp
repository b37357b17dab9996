// The ends of the C and C++ libraries that would bring standard output along: whatever ends a
// program by force ends in a trap, which JavaScript gets as an exception.

#include <__verbose_abort>
#include <cstdlib>
#include <ctime>

extern "C" {
/// What takes time, observers of the JIT want to know, of whom there are none here.
int clock_gettime(clockid_t, timespec* now) {
    *now = {};
    return 0;
}

void abort() {
    __builtin_trap();
}

[[noreturn]] void __abort_message(const char*, ...) {
    __builtin_trap();
}
}

void std::__libcpp_verbose_abort(const char*, ...) noexcept {
    __builtin_trap();
}
