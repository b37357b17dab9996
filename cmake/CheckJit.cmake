# Sets LEVERET_HAVE_JIT: is there AsmJit, and a processor that we make code for?
set(LEVERET_HAVE_JIT OFF)
find_package(asmjit QUIET)
if(TARGET asmjit::asmjit AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND
        CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(LEVERET_HAVE_JIT ON)
endif()
