# How every target of the project is built: language, warnings, sanitizers. One place.

add_library(leveret_options INTERFACE)
target_compile_features(leveret_options INTERFACE cxx_std_23)
target_include_directories(leveret_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(leveret_options INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Wrong on "literal" + std::string in GCC 12 (GCC bug 105651).
    target_compile_options(leveret_options INTERFACE -Wno-restrict)
endif()
if(LEVERET_WEB)
    target_compile_definitions(leveret_options INTERFACE LEVERET_WEB)
endif()
if(LEVERET_WARNINGS_AS_ERRORS)
    target_compile_options(leveret_options INTERFACE -Werror)
endif()
if(LEVERET_SANITIZE)
    # Not of tests themselves, which would be half of what is to compile.
    target_compile_options(leveret_options INTERFACE
        "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:IS_TEST>>>:-fsanitize=${LEVERET_SANITIZE};-fno-sanitize-recover=all>"
        -fno-omit-frame-pointer)
    target_link_options(leveret_options INTERFACE -fsanitize=${LEVERET_SANITIZE})
endif()

# leveret_library(NAME SOURCES... LINK TARGETS...): a static library of the project.
function(leveret_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC leveret_options ${ARG_LINK})
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

# leveret_test(NAME [ONE_PROCESS] SOURCES... LINK TARGETS... LABELS LABELS...): a GoogleTest program
# whose tests ctest knows by name, or knows as one where they are many and small.
function(leveret_test name)
    cmake_parse_arguments(ARG "ONE_PROCESS" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE leveret_options ${ARG_LINK} GTest::gtest_main)
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF IS_TEST ON)
    # Little of a test's time is its own code's. (GCC warns about its own library with more than -O0.)
    target_compile_options(${name} PRIVATE $<IF:$<CXX_COMPILER_ID:Clang>,-O1,-O0>)
    list(LENGTH ARG_SOURCES sources)
    if(sources GREATER 3 AND NOT CMAKE_UNITY_BUILD)
        # GoogleTest's header takes longer to read than most tests take to compile.
        target_precompile_headers(${name} PRIVATE <gtest/gtest.h>)
    endif()
    if(CMAKE_CROSSCOMPILING_EMULATOR OR ARG_ONE_PROCESS)
        # Starting takes longer than most tests take, in an emulator or a thousand times: one start
        # for all of a program. JITs make much code of little programs, which emulators translate.
        add_test(NAME ${name} COMMAND ${name})
        set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 1800)
    else()
        gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
            PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
    endif()
endfunction()
