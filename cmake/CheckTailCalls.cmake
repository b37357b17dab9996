# Sets LEVERET_HAVE_TAIL_CALLS: can this compiler build the tail-call engine (Clang 19 and later)?
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_INCLUDES ${PROJECT_SOURCE_DIR}/src)
set(CMAKE_REQUIRED_FLAGS "-Werror")
check_cxx_source_compiles("
    #include \"uxn/interp/tail_support.hpp\"
    UXN_HANDLER void last(int*, int) {}
    UXN_HANDLER void first(int* state, int value) { UXN_MUSTTAIL return last(state, value + 1); }
    int main() { int state = 0; first(&state, 0); }
" LEVERET_HAVE_TAIL_CALLS)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_FLAGS)
