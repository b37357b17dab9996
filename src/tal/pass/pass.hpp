#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tal/assembler.hpp"
#include "tal/lexicon.hpp"
#include "tal/name_table.hpp"
#include "tal/pass/image.hpp"
#include "tal/pass/reporter.hpp"
#include "tal/pass/source_map.hpp"

namespace tal {

/// One run of the assembler: reads the tokens, emitting bytes and collecting references, then
/// resolves the references. Used once.
class Pass {
public:
    Pass(SourceLoader& loader, const Options& options);
    Assembly run(std::string_view path);

private:
    struct Macro {
        NameId name = kNoName;
        std::uint32_t source = 0;
        std::size_t first = 0;  // tokens in body_tokens_
        std::size_t count = 0;
        bool active = false;  // being expanded
    };
    struct Reference {
        NameId name;
        Place place;
        std::uint32_t scope;    // index into scopes_
        std::uint32_t address;  // of the operand; Image::kSize if it lies outside
        Encoding encoding;
        bool literal;  // has an opcode before the operand
        bool muted;    // its place in memory was complained about already
    };
    struct Block {
        NameId name;
        Place place;
    };

    // Reading: pass.cpp
    void read_file(std::uint32_t frame);
    void interpret(std::string_view token);
    void literal(std::string_view token);
    void raw_number(std::string_view token);
    void string(std::string_view token);
    void pad(std::string_view token);
    void word(std::string_view token);
    void refer(const ReferenceForm& form, std::string_view name, std::string_view token);
    void refer_to(const ReferenceForm& form, NameId name, std::string_view token);
    void emit(std::uint8_t byte, std::string_view token);
    bool check_length(std::string_view token);

    // Comments, labels, blocks and macros: definitions.cpp
    bool skip_comment(TokenReader& reader, std::string_view opener);
    void define_label(std::string_view token);
    void define_sublabel(std::string_view token);
    void define(NameId id, Place place);
    void set_scope(std::string_view name);
    NameId open_block(std::string_view brace, std::string_view token);
    void close_block(std::string_view token);
    void define_macro(TokenReader& reader, std::string_view token);
    bool claim_macro_name(std::string_view name, Place place);
    /// Skips to the brace that opens the body, or `{}`, and returns it; empty if there is none.
    std::string_view find_macro_body(TokenReader& reader, std::string_view token);
    bool read_macro_body(TokenReader& reader, std::string_view token);
    void expand(NameId id, std::string_view token);

    // Files: includes.cpp
    void include(std::string_view token);
    base::Result<std::uint32_t> load(const std::string& path);
    base::Result<std::uint32_t> load_included(std::string_view path);

    // After the last token: resolve.cpp
    void resolve();
    void resolve(std::size_t index);
    std::optional<Image::Trouble> fill_in(std::size_t index, std::uint16_t target);
    void report_unknown(const Reference& reference);
    void warn_of_unused();
    void warn_of_zero_page_access(const Reference& reference);
    Assembly finish();
    std::vector<Origin> origins_of(const std::vector<Place>& places) const;

    Place place_of(std::string_view token) const {
        return {frame_, static_cast<std::uint32_t>(token.data() - text_)};
    }
    NameRef name_ref(std::string_view written) const {
        const bool scoped = written.starts_with('&') || written.starts_with('/');
        return scoped ? NameRef{scope_, written.substr(1), true} : NameRef{{}, written, false};
    }

    SourceLoader& loader_;
    Options options_;
    SourceMap map_;
    NameTable names_;
    Reporter reporter_;
    Image image_;

    std::uint32_t frame_ = 0;     // what is being read
    const char* text_ = nullptr;  // start of its source
    std::string_view scope_;
    std::vector<std::string_view> scopes_;
    std::vector<Block> blocks_;  // open ones
    std::size_t block_count_ = 0;
    std::vector<Macro> macros_;
    std::vector<std::string_view> body_tokens_;
    std::vector<Reference> references_;
    std::vector<NameId> definitions_;
    std::map<std::string, std::uint32_t, std::less<>> loaded_;
    std::set<std::string> missing_;
    // Paddings by names that were unknown there but may be defined further down.
    struct LatePadding {
        Place place;
        NameId name;
        std::uint32_t scope;
    };
    std::vector<LatePadding> late_paddings_;

    std::size_t macro_guesses_ = 0;
    std::size_t include_depth_ = 0;
    std::size_t include_count_ = 0;
    std::size_t source_bytes_ = 0;
    std::size_t expansion_depth_ = 0;
    std::size_t expanded_tokens_ = 0;
    bool expansion_stopped_ = false;
    bool label_outside_reported_ = false;
    bool unread_source_ = false;  // names may be unknown for want of the text that defines them
    // One complaint of each kind until the address is set anew.
    bool zero_page_reported_ = false;
    bool outside_reported_ = false;
    bool overwrite_reported_ = false;
};

}  // namespace tal
