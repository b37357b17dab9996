// For builds with the leak checker: what others allocate and keep to the end.

// NOLINTNEXTLINE(bugprone-reserved-identifier): the checker's name for it
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libdbus-1.so\n"
           "leak:libX11.so\n";
}
