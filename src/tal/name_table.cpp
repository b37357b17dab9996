#include "tal/name_table.hpp"

#include <algorithm>

namespace tal {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kChunkBytes = 65536;

std::uint32_t add_to_hash(std::uint32_t hash, std::string_view text) {
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;  // FNV-1a
    }
    return hash;
}

std::uint32_t hash_of(const NameRef& ref) {
    std::uint32_t hash = 0x811c9dc5;
    if (ref.scoped) {
        hash = add_to_hash(add_to_hash(hash, ref.scope), "/");
    }
    hash = add_to_hash(hash, ref.rest);
    return hash ^ hash >> 15;
}

bool matches(std::string_view text, const NameRef& ref) {
    if (!ref.scoped) {
        return text == ref.rest;
    }
    const std::size_t head = ref.scope.size();
    return text.size() == head + 1 + ref.rest.size() && text.starts_with(ref.scope) &&
           text[head] == '/' && text.ends_with(ref.rest);
}

}  // namespace

NameTable::NameTable() : slots_(kFirstSlots, kNoName) {}

std::size_t NameTable::slot_of(const NameRef& ref, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot] != kNoName) {
        const Name& name = names_[slots_[slot]];
        if (name.hash == hash && matches(name.text, ref)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

NameId NameTable::find(const NameRef& ref) const {
    return slots_[slot_of(ref, hash_of(ref))];
}

NameId NameTable::intern(const NameRef& ref) {
    const std::uint32_t hash = hash_of(ref);
    const std::size_t slot = slot_of(ref, hash);
    if (slots_[slot] != kNoName) {
        return slots_[slot];
    }
    const NameId id = static_cast<NameId>(names_.size());
    slots_[slot] = id;
    Name& name = names_.emplace_back();
    name.text = ref.scoped ? keep(ref.scope, "/", ref.rest) : ref.rest;
    name.hash = hash;
    if (names_.size() * 2 > slots_.size()) {
        grow();
    }
    return id;
}

void NameTable::grow() {
    slots_.assign(slots_.size() * 2, kNoName);
    const std::size_t mask = slots_.size() - 1;
    for (NameId id = 0; id < names_.size(); ++id) {
        std::size_t slot = names_[id].hash & mask;
        while (slots_[slot] != kNoName) {
            slot = (slot + 1) & mask;
        }
        slots_[slot] = id;
    }
}

std::string_view NameTable::keep(std::string_view a, std::string_view b, std::string_view c) {
    const std::size_t size = a.size() + b.size() + c.size();
    if (size > chunk_left_) {
        chunk_left_ = std::max(kChunkBytes, size);
        chunks_.push_back(std::make_unique<char[]>(chunk_left_));
        chunk_at_ = chunks_.back().get();
    }
    char* const first = chunk_at_;
    chunk_at_ = std::ranges::copy(a, chunk_at_).out;
    chunk_at_ = std::ranges::copy(b, chunk_at_).out;
    chunk_at_ = std::ranges::copy(c, chunk_at_).out;
    chunk_left_ -= size;
    return {first, size};
}

}  // namespace tal
