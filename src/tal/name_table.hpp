#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tal {

/// A token in the sources, and how the assembler came to it.
struct Place {
    std::uint32_t frame = 0;   ///< the file or macro expansion that was being read
    std::uint32_t offset = 0;  ///< byte offset of the token in its source
};

/// A name as it is referred to, before it is put together: `&x` in the scope `main` is main/x.
struct NameRef {
    std::string_view scope;
    std::string_view rest;
    bool scoped = false;  ///< the full name is scope + "/" + rest, otherwise just rest
};

using NameId = std::uint32_t;
inline constexpr NameId kNoName = 0xffffffff;

enum class NameKind : std::uint8_t { Unknown, Label, Macro };

/// Everything known of a name that was defined or referred to.
struct Name {
    std::string_view text;  ///< in full; stays valid as long as the table and the sources
    std::uint32_t hash = 0;
    NameKind kind = NameKind::Unknown;
    bool block = false;         ///< a generated name
    bool used = false;          ///< somebody refers to it
    bool excused = false;       ///< if it stays unknown, another error has explained why
    std::uint16_t address = 0;  ///< of a label
    std::uint32_t macro = 0;    ///< index of a macro
    Place defined;
    Place first_use;
};

/// Labels and macros by full name, in one name space. Looking a name up allocates nothing.
class NameTable {
public:
    NameTable();

    /// kNoName if nobody has mentioned the name.
    NameId find(const NameRef& ref) const;
    /// The name's id; a new name is of unknown kind.
    NameId intern(const NameRef& ref);

    Name& operator[](NameId id) { return names_[id]; }
    const Name& operator[](NameId id) const { return names_[id]; }
    const std::vector<Name>& all() const { return names_; }

    /// Keeps a copy of a text for as long as the table lives.
    std::string_view keep(std::string_view a, std::string_view b = {}, std::string_view c = {});

private:
    std::size_t slot_of(const NameRef& ref, std::uint32_t hash) const;
    void grow();

    std::vector<Name> names_;
    std::vector<NameId> slots_;  // open addressing, a power of two in size
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* chunk_at_ = nullptr;
    std::size_t chunk_left_ = 0;
};

}  // namespace tal
