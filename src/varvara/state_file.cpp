#include "varvara/state_file.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "varvara/digest.hpp"

namespace varvara {
namespace {

using base::ErrorCode;

constexpr std::string_view kMagic = "leveret\x1a";
constexpr std::uint32_t kVersion = 1;

/// Limits that keep all sums about time within the years that `civil_time` knows.
constexpr std::int64_t kLastStart = std::int64_t{1} << 38;
constexpr std::uint64_t kLastFrame = std::uint64_t{1} << 44;

struct Header {
    std::array<std::uint8_t, kMagic.size()> magic;
    std::uint32_t version = kVersion;
    std::uint64_t fingerprint = 0;  ///< of everything after the header

    void transfer(StateStream& state) {
        state.bytes(magic);
        state.number(version);
        state.number(fingerprint);
    }
};

/// Cells in the order of their indexes, as the specification counts them.
void transfer(uxn::Stack& stack, StateStream& state) {
    std::array<std::uint8_t, uxn::kRingSize> cells;
    std::ranges::reverse_copy(stack.storage, cells.begin());
    state.bytes(cells);
    std::ranges::reverse_copy(cells, stack.storage.begin());
    state.number(stack.ptr);
}

void transfer(uxn::Machine& machine, StateStream& state) {
    state.bytes(machine.ram.bytes());
    transfer(machine.wst, state);
    transfer(machine.rst, state);
    state.bytes(machine.dev);
}

void transfer(StateExtras& extras, StateStream& state) {
    auto size = static_cast<std::uint32_t>(extras.rom.size());
    state.number(size);
    if (state.restoring()) {
        if (size > kMaxRomSize || size > state.left()) {
            state.fail("its ROM is incomplete");
            size = 0;
        }
        extras.rom.resize(size);
    }
    state.bytes(extras.rom);
    state.number(extras.clock_start);
    state.number(extras.frame);
    if (extras.clock_start < 0 || extras.clock_start > kLastStart || extras.frame > kLastFrame) {
        state.fail("its clock is beyond all times");
    }
}

std::unexpected<base::Error> makes_no_sense(const StateStream& state) {
    return base::fail(ErrorCode::Malformed, "the saved state makes no sense: " + state.error());
}

/// bytes: all that `state` restores from.
base::Result<void> check_header(StateStream& state, std::span<const std::uint8_t> bytes) {
    Header header{};
    header.transfer(state);
    if (!std::ranges::equal(header.magic, kMagic)) {
        return base::fail(ErrorCode::Malformed, "this is not a saved state");
    }
    if (state.ok() && header.version != kVersion) {
        return base::fail(ErrorCode::Unsupported, "the saved state has version " +
                                                      std::to_string(header.version) +
                                                      ", this Leveret reads version 1");
    }
    if (!state.ok() || header.fingerprint != fingerprint(bytes.last(state.left()))) {
        return base::fail(ErrorCode::Malformed, "the saved state is damaged or incomplete");
    }
    return {};
}

base::Result<void> check_end(StateStream& state) {
    if (state.ok() && state.left() > 0) {
        state.fail("something follows its end");
    }
    return state.ok() ? base::Result<void>() : makes_no_sense(state);
}

}  // namespace

std::vector<std::uint8_t> save_state(const uxn::Machine& machine, Varvara& varvara,
                                     const StateExtras& extras) {
    StateStream body;
    uxn::Machine machine_copy = machine;
    StateExtras extras_copy = extras;
    transfer(machine_copy, body);
    transfer(extras_copy, body);
    varvara.transfer(body);

    Header header{.magic = {}, .version = kVersion, .fingerprint = fingerprint(body.bytes())};
    std::ranges::copy(kMagic, header.magic.begin());
    StateStream head;
    header.transfer(head);
    std::vector<std::uint8_t> bytes = head.bytes();
    bytes.insert(bytes.end(), body.bytes().begin(), body.bytes().end());
    return bytes;
}

base::Result<StateExtras> restore_state(std::span<const std::uint8_t> bytes, uxn::Machine& machine,
                                        Varvara& varvara) {
    StateStream state(bytes);
    if (auto header = check_header(state, bytes); !header) {
        return std::unexpected(header.error());
    }
    StateExtras extras;
    transfer(machine, state);
    transfer(extras, state);
    varvara.transfer(state);
    if (auto end = check_end(state); !end) {
        return std::unexpected(end.error());
    }
    return extras;
}

base::Result<StateExtras> read_state_extras(std::span<const std::uint8_t> bytes) {
    StateStream state(bytes);
    if (auto header = check_header(state, bytes); !header) {
        return std::unexpected(header.error());
    }
    const auto machine = std::make_unique<uxn::Machine>();
    StateExtras extras;
    transfer(*machine, state);
    transfer(extras, state);
    if (!state.ok()) {
        return makes_no_sense(state);
    }
    return extras;
}

void save_snapshot(uxn::Machine& machine, Varvara& varvara, std::vector<std::uint8_t>& bytes) {
    StateStream state(std::move(bytes));
    transfer(machine, state);
    varvara.transfer(state);
    bytes = state.take_bytes();
}

base::Result<void> restore_snapshot(std::span<const std::uint8_t> bytes, uxn::Machine& machine,
                                    Varvara& varvara) {
    StateStream state(bytes);
    transfer(machine, state);
    varvara.transfer(state);
    return check_end(state);
}

}  // namespace varvara
