#include "tal/pass/reporter.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "tal/lexicon.hpp"
#include "tal/limits.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

constexpr std::size_t kMaxCallers = 6;  // notes on how a place was reached

}  // namespace

std::string_view SourceMap::token_at(Place place) const {
    const std::string_view text = source_of(place).text().substr(place.offset);
    const auto end = std::ranges::find_if(text, is_space);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

void Reporter::add(Severity severity, Report report) {
    const std::uint32_t source = map_.frame(report.place.frame).source;
    const auto repeated = [&](const Entry& entry) {
        return entry.source == source && entry.offset == report.place.offset &&
               entry.diagnostic.category == report.category &&
               entry.diagnostic.message == report.message;
    };
    if (std::ranges::any_of(entries_, repeated)) {
        return;
    }
    Tally& tally = severity == Severity::Error ? errors_ : warnings_;
    if (++tally.seen > tally.limit) {
        return;
    }
    const Source& text = map_.source_of(report.place);
    const LineColumn where = text.locate(report.place.offset);
    Source::Excerpt excerpt = text.excerpt(report.place.offset);
    Diagnostic diagnostic{
        .severity = severity,
        .category = report.category,
        .file = text.path(),
        .line = where.line,
        .column = where.column,
        .length = static_cast<std::uint32_t>(count_code_points(map_.token_at(report.place))),
        .message = std::move(report.message),
        .hint = std::move(report.hint),
        .notes = {},
        .source_line = std::move(excerpt.text),
        .source_offset = excerpt.offset,
        .cut_before = excerpt.cut_before,
        .cut_after = excerpt.cut_after,
    };
    for (auto& [place, message] : report.notes) {
        add_note(diagnostic, place, std::move(message));
    }
    add_callers(diagnostic, report.place);
    entries_.push_back({std::move(diagnostic), source, report.place.offset, entries_.size()});
}

void Reporter::add_general(Severity severity, Category category, std::string file,
                           std::string message) {
    if (severity == Severity::Error) {
        ++errors_.seen;
    }
    Diagnostic& diagnostic = general_.emplace_back();
    diagnostic.severity = severity;
    diagnostic.category = category;
    diagnostic.file = std::move(file);
    diagnostic.message = std::move(message);
}

void Reporter::add_note(Diagnostic& diagnostic, Place place, std::string message) const {
    const Source& source = map_.source_of(place);
    const LineColumn where = source.locate(place.offset);
    diagnostic.notes.push_back({source.path(), where.line, where.column, std::move(message)});
}

void Reporter::add_callers(Diagnostic& diagnostic, Place place) const {
    for (std::size_t count = 0; map_.frame(place.frame).parent != Frame::kNone; ++count) {
        const NameId macro = map_.frame(place.frame).macro;
        place = map_.caller_of(place.frame);
        if (count == kMaxCallers) {
            add_note(diagnostic, place, "and so on, outwards");
            return;
        }
        add_note(diagnostic, place,
                 macro == kNoName ? "included from here"
                                  : "in the expansion of " + quote(names_[macro].text));
    }
}

std::vector<Diagnostic> Reporter::take() {
    std::ranges::sort(entries_, {}, [](const Entry& entry) {
        return std::tuple(entry.source, entry.offset, entry.sequence);
    });
    std::vector<Diagnostic> out;
    out.reserve(entries_.size() + general_.size());
    for (Entry& entry : entries_) {
        out.push_back(std::move(entry.diagnostic));
    }
    std::ranges::move(general_, std::back_inserter(out));
    const auto count_rest = [&out](const Tally& tally, const std::string& what) {
        if (tally.seen > tally.limit) {
            Diagnostic& rest = out.emplace_back();
            rest.severity = Severity::Note;
            rest.category = Category::Omitted;
            rest.message =
                std::to_string(tally.seen - tally.limit) + " more " + what + " are not shown";
        }
    };
    count_rest(errors_, "errors");
    count_rest(warnings_, "warnings");
    return out;
}

}  // namespace tal
