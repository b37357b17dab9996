# Sets LEVERET_ASSEMBLY to the folder of src/uxn/native with an engine for the target, or to nothing.
set(LEVERET_ASSEMBLY "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(LEVERET_ASSEMBLY x86_64)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(LEVERET_ASSEMBLY aarch64)
endif()
if(LEVERET_ASSEMBLY AND NOT MSVC AND
        EXISTS ${PROJECT_SOURCE_DIR}/src/uxn/native/${LEVERET_ASSEMBLY}/engine.S)
    enable_language(ASM)
else()
    set(LEVERET_ASSEMBLY "")
endif()
