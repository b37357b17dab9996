#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "uxn/machine.hpp"

namespace uxn::fused {

/// What an address can be decoded to: these, then the 256 single opcodes, then the sequences.
enum Plan : std::uint16_t {
    kDecode = 0,   ///< nothing yet
    kFetch = 1,    ///< look at the opcode each time
    kCareful = 2,  ///< leave the instruction to the plain executor
    kEnter = 3,    ///< compiled code: see Tier
    kSingle = 4,
    kSequence = kSingle + 256,
};

/// Who wants to know which bytes are looked at, and when they turn out to have changed.
class CodeObserver {
public:
    virtual ~CodeObserver() = default;
    virtual void code_changed(std::uint32_t begin, std::uint32_t end) noexcept = 0;
    /// The byte is looked at from now on.
    virtual void becomes_code(std::uint32_t at) noexcept = 0;
};

/// What RAM was decoded to: for each address the code that executes the longest known row of
/// opcodes there, decoded when the program first comes by.
///
/// Only opcodes and the distances of immediate jumps are looked at. Literals stay in RAM and are
/// read when they are executed, since programs keep variables in them. The bytes that were looked
/// at are marked, so that a store can tell with one test whether it has changed code. An address
/// whose code keeps changing is not decoded any more: its opcode is looked at each time, and stores
/// to it cost nothing again.
///
/// Two regions are never decoded: the zero page, so that stores there need not be tested, and the
/// last bytes of RAM, so that no sequence crosses ffff.
class CodeMap {
public:
    /// What a dispatcher finds for a plan. 0 stands for kDecode, for all dispatchers.
    using Entry = std::int32_t;

    /// What is set in the mark of a byte that was looked at.
    static constexpr std::uint8_t kCode = 0x80;
    static constexpr std::uint32_t kFirst = 0x100;
    static constexpr std::uint32_t kEnd = 0xffe0;

    struct Free {
        void operator()(CodeMap* map) const { std::free(map); }
    };
    using Owner = std::unique_ptr<CodeMap, Free>;

    /// An empty map, or null if there is no memory for one. It costs next to nothing: its pages
    /// come into being when they are used.
    /// entries: what the dispatcher finds for each Plan, the first sequences of the list or all of
    /// them; must outlive the map.
    static Owner make(std::span<const Entry> entries);

    /// A map in which nothing has ever been decoded: what a dispatcher looks into when it has to
    /// count every instruction.
    static const Entry* no_entries();

    /// Where a dispatcher looks.
    const Entry* entries() const { return entries_.data(); }

    /// Finds what to do at `pc`, which has not been decoded.
    void decode(const Ram& ram, std::uint16_t pc);
    /// Forgets what was made of bytes that have changed. (Addresses wrap.)
    void written(std::uint16_t begin, std::uint32_t length);
    /// Forgets what was made of other bytes than those in `ram`: somebody may have changed it, or
    /// it belongs to another machine than before.
    void compare(const Ram& ram);

    /// May be null.
    void set_observer(CodeObserver* observer) { observer_ = observer; }
    /// Makes `plan` what to do at `pc`, as long as the bytes at `looked_at` stay.
    void install(const Ram& ram, std::uint16_t pc, Plan plan,
                 std::span<const std::uint16_t> looked_at);
    /// Decodes anew what is there.
    void remove(std::uint16_t pc) { forget(pc, pc + 1U); }
    /// Whether the byte, an opcode or part of a distance, has changed too often to be decoded.
    bool is_hot(std::uint32_t at) const { return (marks_[at] & kHeat) == kHeat; }
    /// By address: kCode, where bytes were looked at, is the top bit.
    const std::uint8_t* marks() const { return marks_.data(); }

    /// Whether an opcode that was looked at is there.
    bool is_code(std::uint16_t at) const { return (marks_[at] & kCode) != 0; }
    /// The same, there or in the next byte. (The last byte of RAM is never looked at.)
    bool is_code_at_either(std::uint16_t at) const {
        std::uint16_t both;
        std::memcpy(&both, marks_.data() + at, sizeof(both));
        return (both & (kCode | kCode << 8)) != 0;
    }
    /// Where the immediate jump at `pc` leads, which has been decoded.
    std::uint16_t target_at(std::size_t pc) const { return targets_[pc]; }
    /// How many instructions the code at `pc` executes; 0 for what does not come out of decoding.
    unsigned count_at(std::size_t pc) const { return marks_[pc] & kCount; }

private:
    // A mark: kCode, how often code there has changed, and the number of instructions of the
    // sequence that begins there.
    static constexpr std::uint8_t kHeat = 0x70;
    static constexpr std::uint8_t kOneHeat = 0x10;
    static constexpr std::uint8_t kCount = 0x0f;
    static constexpr std::size_t kPage = 0x100;

    bool keeps_changing(const Ram& ram, std::uint32_t at) const;
    void look_at(const Ram& ram, std::uint32_t at);
    void change(std::uint32_t at);
    void forget(std::uint32_t begin, std::uint32_t end);
    void compare_page(const Ram& ram, std::size_t page);

    // All zero in the beginning.
    std::array<Entry, kRamSize> entries_;
    /// One more behind the last, which is code: a short at ffff needs a closer look.
    std::array<std::uint8_t, kRamSize + 1> marks_;
    std::array<std::uint16_t, kRamSize>
        targets_;                              ///< of immediate jumps, by their opcode's address
    std::array<std::uint8_t, kRamSize> seen_;  ///< the bytes that were looked at
    std::array<bool, kRamSize / kPage> has_code_;
    const Entry* entry_of_;  ///< by Plan
    CodeObserver* observer_;
    int sequences_;  ///< how many of the list the dispatcher has
};

}  // namespace uxn::fused
