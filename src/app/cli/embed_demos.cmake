# Turns the Uxntal files of folder INPUT into OUTPUT, a C++ source that defines what
# app/cli/demos.hpp declares.
file(GLOB sources ${INPUT}/*.tal)
list(SORT sources)
set(arrays "")
set(rows "")
foreach(source ${sources} ${INPUT}/shared/font.tal)
    get_filename_component(name ${source} NAME_WE)
    file(READ ${source} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "constexpr char k_${name}[] = {${bytes}};\n")
    if(NOT name MATCHES "^(font|launcher)$")
        string(APPEND rows "    {\"${name}\", {k_${name}, sizeof k_${name}}},\n")
    endif()
endforeach()
file(WRITE ${OUTPUT} "#include \"app/cli/demos.hpp\"

namespace cli {
namespace {
${arrays}
constexpr Demo kDemos[] = {
${rows}};
}  // namespace
std::span<const Demo> demos() { return kDemos; }
const Demo kLauncher{\"launcher\", {k_launcher, sizeof k_launcher}};
const Demo kDemoInclude{\"shared/font.tal\", {k_font, sizeof k_font}};
}  // namespace cli
")
