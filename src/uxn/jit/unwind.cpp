#include "uxn/jit/unwind.hpp"

#include <pthread.h>
#include <signal.h>
#include <unwind.h>

#include <array>
#include <bit>
#include <utility>

// Of libgcc; no header has them.
extern "C" void __register_frame(void* section);    // NOLINT(bugprone-reserved-identifier)
extern "C" void __deregister_frame(void* section);  // NOLINT(bugprone-reserved-identifier)

namespace uxn::jit {
namespace {

using Bytes = std::vector<std::uint8_t>;

// DWARF, 6.4.2 and 2.5.1.
constexpr std::uint8_t kAdvance = 0x40;
constexpr std::uint8_t kOffset = 0x80;
constexpr std::uint8_t kRestore = 0xc0;
constexpr std::uint8_t kAdvance4 = 0x04;
constexpr std::uint8_t kDefCfa = 0x0c;
constexpr std::uint8_t kDefCfaExpression = 0x0f;
constexpr std::uint8_t kOpDeref = 0x06;
constexpr std::uint8_t kOpPlusConstant = 0x23;
constexpr std::uint8_t kOpRegisterPlus = 0x70;

constexpr std::size_t kWord = 8;
constexpr std::uint8_t kMinusOneWord = 0x78;  // -8 as SLEB128

template <class T>
void put(Bytes& to, T number) {
    const auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(number);
    to.insert(to.end(), bytes.begin(), bytes.end());
}
void put_unsigned(Bytes& to, std::uint32_t number) {
    for (; number > 0x7f; number >>= 7) {
        to.push_back(static_cast<std::uint8_t>(number | 0x80));
    }
    to.push_back(static_cast<std::uint8_t>(number));
}
void put_signed(Bytes& to, std::int32_t number) {
    for (; number > 0x3f || number < -0x40; number >>= 7) {
        to.push_back(static_cast<std::uint8_t>(number | 0x80));
    }
    to.push_back(static_cast<std::uint8_t>(number & 0x7f));
}
void append(Bytes& to, std::span<const std::uint8_t> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// A record: its length, then itself, filled up with instructions that do nothing.
void put_record(Bytes& to, Bytes record) {
    record.resize((record.size() + 4 + kWord - 1) / kWord * kWord - 4);
    put(to, static_cast<std::uint32_t>(record.size()));
    append(to, record);
}

/// No signal handler runs while it lives.
class WithoutSignals {
public:
    WithoutSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    WithoutSignals(const WithoutSignals&) = delete;
    WithoutSignals& operator=(const WithoutSignals&) = delete;

private:
    sigset_t before_;
};

}  // namespace

void FrameProgram::advance_to(std::uint32_t offset) {
    const std::uint32_t distance = offset - offset_;
    offset_ = offset;
    if (distance < 0x40) {
        bytes_.push_back(static_cast<std::uint8_t>(kAdvance | distance));
    } else {
        bytes_.push_back(kAdvance4);
        put(bytes_, distance);
    }
}

void FrameProgram::frame_is(unsigned reg, unsigned distance) {
    bytes_.push_back(kDefCfa);
    put_unsigned(bytes_, reg);
    put_unsigned(bytes_, distance);
}

void FrameProgram::frame_is_at(unsigned reg, std::int32_t offset, unsigned distance) {
    Bytes expression = {static_cast<std::uint8_t>(kOpRegisterPlus + reg)};
    put_signed(expression, offset);
    expression.push_back(kOpDeref);
    expression.push_back(kOpPlusConstant);
    put_unsigned(expression, distance);
    bytes_.push_back(kDefCfaExpression);
    put_unsigned(bytes_, static_cast<std::uint32_t>(expression.size()));
    append(bytes_, expression);
}

void FrameProgram::saved(unsigned reg, unsigned words_below) {
    bytes_.push_back(static_cast<std::uint8_t>(kOffset | reg));
    put_unsigned(bytes_, words_below);
}

void FrameProgram::restored(unsigned reg) {
    bytes_.push_back(static_cast<std::uint8_t>(kRestore | reg));
}

std::vector<std::uint8_t> eh_frame(const FrameRules& rules, std::span<const std::uint8_t> code,
                                   const FrameProgram& program) {
    Bytes section;
    Bytes common;
    put(common, std::uint32_t{0});
    append(common, std::array<std::uint8_t, 6>{1, 'z', 'R', 0, 1, kMinusOneWord});
    put_unsigned(common, rules.return_address);
    append(common, std::array<std::uint8_t, 2>{1, 0});  // addresses are absolute
    append(common, rules.at_function_start.bytes());
    put_record(section, std::move(common));

    Bytes entry;
    put(entry, static_cast<std::uint32_t>(section.size() + 4));  // how far back the common part is
    put(entry, reinterpret_cast<std::uintptr_t>(code.data()));
    put(entry, static_cast<std::uintptr_t>(code.size()));
    entry.push_back(0);
    append(entry, program.bytes());
    put_record(section, std::move(entry));
    put(section, std::uint32_t{0});
    return section;
}

RegisteredFrames::RegisteredFrames(const FrameRules& rules, std::span<const std::uint8_t> code,
                                   const FrameProgram& program)
    : code_(code), section_(eh_frame(rules, code, program)) {
    // The list is locked, and is put in order when it is first looked at, with memory for that. A
    // profiler that walks the stack in a signal handler must not wait for either of them.
    const WithoutSignals guard;
    __register_frame(section_.data());
    _Unwind_FindEnclosingFunction(const_cast<std::uint8_t*>(code.data() + 1));
}

RegisteredFrames::~RegisteredFrames() {
    const WithoutSignals guard;
    __deregister_frame(section_.data());
}

bool RegisteredFrames::covers(const void* address) const {
    return address >= code_.data() && address < code_.data() + code_.size();
}

}  // namespace uxn::jit
