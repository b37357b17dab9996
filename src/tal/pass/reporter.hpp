#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tal/diagnostic.hpp"
#include "tal/limits.hpp"
#include "tal/name_table.hpp"
#include "tal/pass/source_map.hpp"

namespace tal {

/// A diagnostic as the assembler states it.
struct Report {
    using Note = std::pair<Place, std::string>;

    Report(Category what, Place where, std::string text, std::string advice = "",
           std::vector<Note> related = {})
        : category(what),
          place(where),
          message(std::move(text)),
          hint(std::move(advice)),
          notes(std::move(related)) {}

    Category category;
    Place place;
    std::string message;
    std::string hint;
    std::vector<Note> notes;
};

/// Collects diagnostics: finds lines, adds how the place was reached, drops repetitions and what
/// goes beyond the limits, and sorts.
class Reporter {
public:
    Reporter(const SourceMap& map, const NameTable& names) : map_(map), names_(names) {}
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;

    void error(Report report) { add(Severity::Error, std::move(report)); }
    void warn(Report report) { add(Severity::Warning, std::move(report)); }
    /// Without a place: about a file, or about the run.
    void add_general(Severity severity, Category category, std::string file, std::string message);

    bool has_errors() const { return errors_.seen != 0; }
    /// Whether further errors would only be counted, so that no time need be spent on their hints.
    bool is_full() const { return errors_.seen >= errors_.limit; }

    std::vector<Diagnostic> take();

private:
    struct Tally {
        std::size_t limit;
        std::size_t seen = 0;
    };
    struct Entry {
        Diagnostic diagnostic;
        std::uint32_t source;
        std::uint32_t offset;
        std::size_t sequence;
    };

    void add(Severity severity, Report report);
    void add_note(Diagnostic& diagnostic, Place place, std::string message) const;
    void add_callers(Diagnostic& diagnostic, Place place) const;

    const SourceMap& map_;
    const NameTable& names_;
    std::vector<Entry> entries_;
    std::vector<Diagnostic> general_;
    Tally errors_{kMaxErrors};
    Tally warnings_{kMaxWarnings};
};

}  // namespace tal
