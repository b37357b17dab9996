#include "tal/assembler.hpp"

#include <algorithm>

#include "tal/pass/pass.hpp"

namespace tal {

bool Assembly::ok() const {
    return std::ranges::none_of(diagnostics,
                                [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

Assembly assemble(std::string_view path, SourceLoader& loader, const Options& options) {
    return Pass(loader, options).run(path);
}

}  // namespace tal
