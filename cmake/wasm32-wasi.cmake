# Toolchain: WebAssembly with Clang and Debian's wasi-libc, libc++ and compiler runtime for it; what is
# built runs in web pages and in Node.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)

set(CMAKE_C_COMPILER clang-22)
set(CMAKE_CXX_COMPILER clang++-22)
set(CMAKE_AR llvm-ar-22)
set(CMAKE_RANLIB llvm-ranlib-22)
foreach(language C CXX)
    # Debian's headers are found under this name of the target, which Clang calls deprecated.
    set(CMAKE_${language}_COMPILER_TARGET wasm32-wasi)
    # What every browser of the last years has. There is no library for exceptions.
    set(CMAKE_${language}_FLAGS_INIT
        "-Wno-deprecated -fno-exceptions -msimd128 -mbulk-memory -mtail-call")
endforeach()
# Nor one that destroys the variables of threads, of which there is only one, which does not end.
string(APPEND CMAKE_CXX_FLAGS_INIT " -fno-c++-static-destructors")
set(CMAKE_EXECUTABLE_SUFFIX_C .wasm)
set(CMAKE_EXECUTABLE_SUFFIX_CXX .wasm)

# A stack that grows into what is below it traps, since there is nothing.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--stack-first -Wl,-z,stack-size=1048576")

set(CMAKE_FIND_ROOT_PATH /usr/lib/wasm32-wasi)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Tests are WASI programs, which see the folder of the sources.
set(CMAKE_CROSSCOMPILING_EMULATOR node ${CMAKE_CURRENT_LIST_DIR}/../tools/wasi/run.mjs)
