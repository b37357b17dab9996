// After the last token: references, warnings, output.

#include <algorithm>
#include <utility>

#include "tal/pass/hints.hpp"
#include "tal/pass/pass.hpp"
#include "tal/utf8.hpp"
#include "uxn/opcode.hpp"

namespace tal {

void Pass::resolve() {
    for (const Block& block : blocks_) {
        reporter_.error({Category::BlockOpen, block.place, "this block is never closed",
                         "a `}` of its own closes it"});
    }
    for (const LatePadding& padding : late_paddings_) {
        const Name& name = names_[padding.name];
        Report report{Category::PaddingInvalid, padding.place,
                      "no label called " + quote(name.text) + " is defined before this padding"};
        if (name.kind == NameKind::Label) {
            report.hint = "a padding can only use labels that come before it";
            report.notes.emplace_back(name.defined, "defined here");
        } else if (!reporter_.is_full()) {
            report.hint = hint_for_unknown(map_.token_at(padding.place), name.text,
                                           scopes_[padding.scope], names_);
        }
        reporter_.error(std::move(report));
    }
    std::size_t unlisted = 0;
    for (std::size_t i = 0; i < references_.size(); ++i) {
        const Name& name = names_[references_[i].name];
        if (name.kind == NameKind::Label) {
            resolve(i);
        } else if (name.excused) {
            continue;
        } else if (unread_source_) {
            ++unlisted;
        } else {
            report_unknown(references_[i]);
        }
    }
    if (unlisted != 0) {
        reporter_.add_general(Severity::Note, Category::Omitted, "",
                              std::to_string(unlisted) +
                                  " references to unknown names are not listed, because part of "
                                  "the source was not read");
    }
    if (!reporter_.has_errors()) {
        warn_of_unused();
    }
}

void Pass::resolve(std::size_t index) {
    const Reference& reference = references_[index];
    const Name& name = names_[reference.name];
    unsigned value = name.address;
    const int distance = static_cast<std::int16_t>(name.address - reference.address - 2);
    if (reference.encoding == Encoding::Relative || reference.encoding == Encoding::Offset) {
        value = static_cast<std::uint16_t>(distance);
    }
    const bool fits = distance >= -128 && distance <= 127;
    if (reference.encoding == Encoding::Relative && !fits && reference.address < Image::kSize) {
        reporter_.error({Category::TooFar,
                         reference.place,
                         (name.block ? "the end of the block" : quote(name.text)) + " is " +
                             std::to_string(distance) +
                             " bytes away; a relative reference reaches from -128 to 127",
                         "",
                         {{name.defined, name.block ? "closed here" : "defined here"}}});
        return;
    }
    const auto low = static_cast<std::uint8_t>(value & 0xff);
    const auto high = static_cast<std::uint8_t>(value >> 8 & 0xff);
    bool in_zero_page = false;
    const auto patch = [&](std::uint32_t address, std::uint8_t byte) {
        in_zero_page |= image_.patch(address, byte, index) == Image::Trouble::ZeroPage;
    };
    if (operand_bytes(reference.encoding) == 2) {
        patch(reference.address, high);
        patch(reference.address + 1, low);
    } else {
        patch(reference.address, low);
    }
    if (in_zero_page && !reference.muted) {
        reporter_.error({Category::ZeroPageWrite, reference.place,
                         "this reference is written in the zero page and is not zero",
                         "a ROM begins at |0100; the zero page is laid out by padding only"});
    }
    if (reference.encoding == Encoding::ZeroPage && reference.literal && name.address > 0xff) {
        warn_of_zero_page_access(reference);
    }
}

void Pass::report_unknown(const Reference& reference) {
    const Name& name = names_[reference.name];
    Report report{Category::ReferenceUnknown, reference.place, ""};
    if (name.kind == NameKind::Macro) {
        report.message = quote(name.text) + " is a macro and has no address";
        report.notes.emplace_back(name.defined, "defined here");
    } else {
        report.message = "nothing is called " + quote(name.text);
        if (!reporter_.is_full()) {
            report.hint = hint_for_unknown(map_.token_at(reference.place), name.text,
                                           scopes_[reference.scope], names_);
        }
    }
    reporter_.error(std::move(report));
}

void Pass::warn_of_zero_page_access(const Reference& reference) {
    // Only the low byte is emitted, which may be what is wanted - but not as a zero-page address.
    if (!image_.is_emitted(reference.address + 1)) {
        return;
    }
    const auto next =
        static_cast<uxn::Op>(image_[static_cast<std::uint16_t>(reference.address + 1)]);
    const std::uint8_t base = uxn::base_of(next);
    if (base == uxn::byte_of(uxn::Op::LDZ) || base == uxn::byte_of(uxn::Op::STZ)) {
        const Name& name = names_[reference.name];
        reporter_.warn({Category::ZeroPageAccess,
                        reference.place,
                        quote(name.text) + " is not in the zero page; only the low byte of its "
                                           "address is used",
                        "",
                        {{name.defined, "defined here"}}});
    }
}

void Pass::warn_of_unused() {
    for (const NameId id : definitions_) {
        const Name& name = names_[id];
        const bool quiet = name.used || name.address == Image::kProgramStart ||
                           (name.text[0] >= 'A' && name.text[0] <= 'Z');
        if (!quiet) {
            reporter_.warn(
                {Category::LabelUnused, name.defined, quote(name.text) + " is never used"});
        }
    }
}

Assembly Pass::finish() {
    Assembly out;
    std::vector<Place> places;
    for (const NameId id : definitions_) {
        out.symbols.push_back({names_[id].address, std::string(names_[id].text)});
        places.push_back(names_[id].defined);
    }
    for (const Source& source : map_.sources()) {
        out.files.push_back(source.path());
    }
    out.missing.assign(missing_.begin(), missing_.end());
    out.label_count = definitions_.size();
    out.macro_count = macros_.size();
    if (!reporter_.has_errors()) {
        out.rom = image_.rom();
        if (out.rom.empty()) {
            reporter_.add_general(Severity::Error, Category::OutputEmpty, out.files.front(),
                                  "the program is empty: no byte but 00 is emitted");
        }
    }
    if (options_.origins) {
        out.symbol_origins = origins_of(places);
        places.clear();
        for (std::size_t i = 0; i < out.rom.size(); ++i) {
            const auto address = static_cast<std::uint16_t>(Image::kProgramStart + i);
            places.push_back(image_.is_emitted(address) ? image_.place_of(address)
                                                        : Place{Frame::kNone, 0});
        }
        out.origins = origins_of(places);
    }
    out.diagnostics = reporter_.take();
    return out;
}

std::vector<Origin> Pass::origins_of(const std::vector<Place>& places) const {
    // In the order of the text, so that Source::locate walks each line once.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].frame != Frame::kNone) {
            order.push_back(i);
        }
    }
    const auto key = [&](std::size_t i) {
        return std::pair(map_.frame(places[i].frame).source, places[i].offset);
    };
    std::ranges::sort(order, {}, key);
    std::vector<Origin> out(places.size());
    for (const std::size_t i : order) {
        const LineColumn where = map_.source_of(places[i]).locate(places[i].offset);
        out[i] = {map_.frame(places[i].frame).source, where.line, where.column};
    }
    return out;
}

}  // namespace tal
