# Sets LEVERET_JIT to the folder of the back end for the processor, if there is one, and AsmJit.
# Otherwise LEVERET_WHY_NO_JIT says what is missing.
set(LEVERET_JIT "")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "wasm32")
    set(LEVERET_JIT wasm)  # whose encoder is our own: modules are made of bytes and numbers
    return()
endif()
find_package(asmjit QUIET)
if(CMAKE_SIZEOF_VOID_P EQUAL 8 AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(LEVERET_JIT x86)
elseif(CMAKE_SIZEOF_VOID_P EQUAL 8 AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(LEVERET_JIT aarch64)
else()
    set(LEVERET_WHY_NO_JIT "it makes code for x86-64 and AArch64 only")
endif()
if(LEVERET_JIT AND NOT TARGET asmjit::asmjit)
    set(LEVERET_JIT "")
    set(LEVERET_WHY_NO_JIT "this build was made without AsmJit")
endif()
