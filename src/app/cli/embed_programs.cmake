# Turns the Uxntal files of folder INPUT into OUTPUT, a C++ source that defines
# `cli::bench_programs()`, and takes the checksums from the folder's expected.txt.
file(GLOB sources ${INPUT}/*.tal)
list(SORT sources)
file(STRINGS ${INPUT}/expected.txt lines)
set(arrays "")
set(rows "")
foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    set(expected "")
    foreach(line ${lines})
        if(line MATCHES "^${name} ")
            set(expected ${line})
        endif()
    endforeach()
    if(expected STREQUAL "")
        message(FATAL_ERROR "${INPUT}/expected.txt has no line for ${name}")
    endif()
    file(READ ${source} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "constexpr char k_${name}[] = {${bytes}};\n")
    string(APPEND rows "    {\"${name}\", {k_${name}, sizeof k_${name}}, \"${expected}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"app/cli/bench_programs.hpp\"

namespace cli {
namespace {
${arrays}
constexpr BenchProgram kPrograms[] = {
${rows}};
}  // namespace
std::span<const BenchProgram> bench_programs() { return kPrograms; }
}  // namespace cli
")
