#include "uxn/jit/gdb.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <string_view>

// The interface is described in gdb's manual, "JIT Compilation Interface": these names, which gdb
// looks for, and what is in the structures.
namespace {

enum class Action : std::uint32_t { None, Register, Unregister };

struct Entry {
    Entry* next;
    Entry* previous;
    const std::uint8_t* file;
    std::uint64_t size;
};

struct Descriptor {
    std::uint32_t version;
    Action action;
    Entry* relevant;
    Entry* first;
};

}  // namespace

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,misc-use-internal-linkage)
[[gnu::used, gnu::visibility("default")]] Descriptor __jit_debug_descriptor = {1, Action::None,
                                                                               nullptr, nullptr};
/// Gdb has a breakpoint there.
[[gnu::used, gnu::noinline, gnu::visibility("default")]] void __jit_debug_register_code() {
    asm volatile("" ::: "memory");
}
// NOLINTEND(bugprone-reserved-identifier,misc-use-internal-linkage)
}

namespace uxn::jit {
namespace {

/// What gdb has been told of.
struct Object {
    const std::uint8_t* code;
    std::vector<std::uint8_t> file;
    Entry entry;
};

/// There is one list for the whole process, since there is one descriptor.
struct Objects {
    std::mutex mutex;
    std::list<Object> list;

    void tell(Action action, Entry& entry) {
        __jit_debug_descriptor.action = action;
        __jit_debug_descriptor.relevant = &entry;
        __jit_debug_register_code();
        __jit_debug_descriptor.action = Action::None;
        __jit_debug_descriptor.relevant = nullptr;
    }
    void add(const CodeReport& report, const std::string& name) {
        const std::scoped_lock lock(mutex);
        Object& object = list.emplace_front(
            Object{.code = report.code.data(), .file = object_file(report, name), .entry = {}});
        Entry*& first = __jit_debug_descriptor.first;
        object.entry = {.next = first,
                        .previous = nullptr,
                        .file = object.file.data(),
                        .size = object.file.size()};
        if (first != nullptr) {
            first->previous = &object.entry;
        }
        first = &object.entry;
        tell(Action::Register, object.entry);
    }
    void remove(const std::uint8_t* code) {
        const std::scoped_lock lock(mutex);
        const auto object = std::ranges::find(list, code, &Object::code);
        if (object == list.end()) {
            return;
        }
        Entry& entry = object->entry;
        (entry.previous != nullptr ? entry.previous->next : __jit_debug_descriptor.first) =
            entry.next;
        if (entry.next != nullptr) {
            entry.next->previous = entry.previous;
        }
        tell(Action::Unregister, entry);
        list.erase(object);
    }
};

Objects& objects() {
    static Objects objects;
    return objects;
}

#ifdef __aarch64__
constexpr Elf64_Half kProcessor = EM_AARCH64;
#else
constexpr Elf64_Half kProcessor = EM_X86_64;
#endif

}  // namespace

void GdbSymbols::shared(const CodeReport& report) noexcept {
    objects().add(report, "uxn: shared");
}

void GdbSymbols::compiled(const RegionReport& report) noexcept {
    objects().add(report.code, name_(report.region.pc));
}

void GdbSymbols::released(const std::uint8_t* code) noexcept {
    objects().remove(code);
}

const void* gdb_descriptor() {
    return &__jit_debug_descriptor;
}

std::vector<std::uint8_t> object_file(const CodeReport& report, const std::string& name) {
    enum : Elf64_Half { kNone, kText, kFrames, kSymbols, kStrings, kSectionNames, kSections };
    std::vector<std::uint8_t> file(sizeof(Elf64_Ehdr) + kSections * sizeof(Elf64_Shdr));
    std::array<Elf64_Shdr, kSections> sections{};
    std::string names(1, '\0');
    const auto begin = [&](Elf64_Half number, std::string_view section_name, Elf64_Word type,
                           Elf64_Xword flags) -> Elf64_Shdr& {
        file.resize((file.size() + 7) / 8 * 8);
        Elf64_Shdr& section = sections[number];
        section.sh_name = static_cast<Elf64_Word>(names.size());
        section.sh_type = type;
        section.sh_flags = flags;
        section.sh_offset = file.size();
        section.sh_addralign = 8;
        names += section_name;
        names += '\0';
        return section;
    };
    const auto fill = [&](Elf64_Shdr& section, const void* from, std::size_t size) {
        const auto* bytes = static_cast<const std::uint8_t*>(from);
        section.sh_size = size;
        file.insert(file.end(), bytes, bytes + size);
    };

    const auto address = reinterpret_cast<std::uintptr_t>(report.code.data());
    Elf64_Shdr& text = begin(kText, ".text", SHT_NOBITS, SHF_ALLOC | SHF_EXECINSTR);
    text.sh_addr = address;
    text.sh_size = report.code.size();

    Elf64_Shdr& frames = begin(kFrames, ".eh_frame", SHT_PROGBITS, SHF_ALLOC);
    frames.sh_addr = reinterpret_cast<std::uintptr_t>(report.frames.data());
    fill(frames, report.frames.data(), report.frames.size());

    std::array<Elf64_Sym, 2> symbols{};
    symbols[1].st_name = 1;
    symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    symbols[1].st_shndx = kText;
    symbols[1].st_value = address;
    symbols[1].st_size = report.code.size();
    Elf64_Shdr& table = begin(kSymbols, ".symtab", SHT_SYMTAB, 0);
    table.sh_link = kStrings;
    table.sh_info = 1;  // the first global one
    table.sh_entsize = sizeof(Elf64_Sym);
    fill(table, symbols.data(), sizeof(symbols));

    const std::string strings = std::string(1, '\0') + name + '\0';
    fill(begin(kStrings, ".strtab", SHT_STRTAB, 0), strings.data(), strings.size());
    Elf64_Shdr& last = begin(kSectionNames, ".shstrtab", SHT_STRTAB, 0);
    fill(last, names.data(), names.size());

    Elf64_Ehdr header{};
    std::copy_n(ELFMAG, SELFMAG, header.e_ident);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = kProcessor;
    header.e_version = EV_CURRENT;
    header.e_shoff = sizeof(Elf64_Ehdr);
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = kSections;
    header.e_shstrndx = kSectionNames;
    const auto put = [&file](std::size_t at, const void* from, std::size_t size) {
        std::copy_n(static_cast<const std::uint8_t*>(from), size,
                    file.begin() + static_cast<std::ptrdiff_t>(at));
    };
    put(0, &header, sizeof(header));
    put(sizeof(header), sections.data(), sizeof(sections));
    return file;
}

}  // namespace uxn::jit
