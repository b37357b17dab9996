// For builds with the leak checker: what others allocate and keep to the end.

// NOLINTBEGIN(bugprone-reserved-identifier): the checker's names
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __asan_default_options();

extern "C" const char* __lsan_default_suppressions() {
    return "leak:libdbus-1.so\n"
           "leak:libX11.so\n";
}

// The checker says what it suppressed, and looks for a program that tells it names of functions,
// which a confined process cannot start: lines that nobody expects from us.
// ASAN_OPTIONS=symbolize=1 has the names again.
extern "C" const char* __asan_default_options() {
    return "print_suppressions=0:symbolize=0";
}
// NOLINTEND(bugprone-reserved-identifier)
