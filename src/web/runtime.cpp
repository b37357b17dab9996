// The ends of the C and C++ libraries that would bring standard output along: whatever ends a
// program by force ends in a trap, which JavaScript gets as an exception.

#include <__verbose_abort>
#include <cstdlib>

extern "C" {
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
