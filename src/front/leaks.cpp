// For builds with the leak checker: what others allocate and keep to the end. Weak, as every
// library that links the front end has it.

// NOLINTNEXTLINE(bugprone-reserved-identifier): the checker's name for it
extern "C" const char* __lsan_default_suppressions();

extern "C" [[gnu::weak]] const char*
__lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libdbus-1.so\n"
           "leak:libX11.so\n";
}
