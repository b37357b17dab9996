// Any bytes are a state file, with a fingerprint that fits: it is refused, or it is a computer that
// runs on every engine alike, keeps its budget, and can be saved and restored again.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "check.hpp"
#include "device_program.hpp"
#include "fuzz_bytes.hpp"
#include "headless_computer.hpp"
#include "picture_check.hpp"
#include "support/available_engines.hpp"
#include "varvara/digest.hpp"
#include "varvara/state_stream.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kFingerprintAt = 12;
/// Memory, stacks and device page.
constexpr std::size_t kMachineSize = 0x10000 + 2 * 0x101 + 0x100;

/// A computer that has run for a frame.
Bytes running_computer(fuzz::FuzzBytes& bytes, fuzz::World& world) {
    world.rom = fuzz::DeviceProgram(bytes).compose();
    world.width = static_cast<std::uint16_t>(1 + bytes.below(40));
    world.height = static_cast<std::uint16_t>(1 + bytes.below(20));
    fuzz::Computer computer(world);
    computer.run(uxn::test::oracle(), {}, 1);
    return computer.save();
}

/// What the devices of a computer might hold, field by field, as docs/state-format.md and their
/// functions `transfer` have it.
class DeviceFields {
public:
    explicit DeviceFields(fuzz::FuzzBytes& bytes) : bytes_(bytes) {}

    Bytes compose() {
        put_screen();
        put_banks();
        for (unsigned i = 0; i < varvara::kVoices; ++i) {
            put_voice();
        }
        put_file();
        put_file();
        put(bytes_.byte());  // the Datetime device
        put(bytes_.byte());
        return stream_.bytes();
    }

private:
    template <class Number>
    void put(Number value) {
        stream_.number(value);
    }
    void put_text(std::string text, std::uint32_t size) {
        put(size);
        stream_.bytes({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    }
    bool rare() { return bytes_.one_in(32); }
    std::uint8_t flag() { return rare() ? bytes_.byte() : bytes_.below(2) != 0; }
    std::uint32_t any() {
        return bytes_.pick({bytes_.below(0x100), bytes_.below(0x10000), bytes_.below(0xffffffff),
                            0x7fffffffu, 0x80000000u, 0xffffffffu});
    }

    void put_screen() {
        for (unsigned i = 0; i < 3; ++i) {
            put(flag());
            put(bytes_.word());
        }
        const auto width = static_cast<std::uint16_t>(1 + bytes_.below(80));
        const auto height = static_cast<std::uint16_t>(1 + bytes_.below(40));
        put(rare() ? bytes_.word() : width);
        put(rare() ? bytes_.word() : height);
        Bytes pixels(std::size_t{4} * ((width + 7u) / 8) * height, bytes_.byte());
        std::ranges::copy(bytes_.take(bytes_.below(static_cast<std::uint32_t>(pixels.size()) + 1)),
                          pixels.begin());
        stream_.bytes(pixels);
    }

    void put_banks() {
        const bool used = rare();
        put<std::uint8_t>(used ? 1 : 0);
        Bytes banks(used ? (varvara::kBankCount - 1) * varvara::kBankSize : 0, 0x17);
        stream_.bytes(banks);
    }

    void put_note() {
        put(bytes_.word());                                                           // adsr
        put(static_cast<std::uint16_t>(rare() ? bytes_.word() : bytes_.byte() + 1));  // length
        put(bytes_.word());                                                           // address
        put(bytes_.byte());                                                           // volume
        put(static_cast<std::uint8_t>(rare() ? bytes_.byte() : bytes_.below(108)));   // pitch
    }

    void put_voice() {
        put(rare() ? any() : bytes_.pick({44100u, 8000u, 192000u}));
        put_note();
        put(static_cast<std::uint16_t>(rare() ? any() : 0));             // position
        put(static_cast<std::int32_t>(rare() ? any() : bytes_.word()));  // its rest
        put(rare() ? any() : bytes_.word());                             // age
        put(flag());                                                     // playing
        put(flag());                                                     // pending
        put_note();
        put(flag());  // ended
        put(flag());  // half of the position was read
        put(bytes_.byte());
    }

    void put_file() {
        std::string name(fuzz::kPaths[bytes_.below(fuzz::kPaths.size())]);
        if (bytes_.one_in(8)) {
            name.assign(bytes_.below(300), static_cast<char>(bytes_.byte()));
        }
        const auto size = static_cast<std::uint32_t>(name.size());
        put_text(name, rare() ? any() : size);
        put(static_cast<std::uint8_t>(rare() ? bytes_.byte()
                                             : bytes_.below(4)));  // what it is doing
        const std::uint64_t high = bytes_.one_in(8) ? any() : 0;
        put(high << 32 | any());
        const auto listing = bytes_.take(bytes_.below(40));
        put_text({listing.begin(), listing.end()}, static_cast<std::uint32_t>(listing.size()));
    }

    fuzz::FuzzBytes& bytes_;
    varvara::StateStream stream_;
};

/// Where the devices begin, given a state that is right so far.
std::size_t devices_at(const Bytes& state) {
    std::size_t rom_size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        rom_size = rom_size << 8 | state[kHeaderSize + kMachineSize + i];
    }
    return kHeaderSize + kMachineSize + 4 + rom_size + 16;
}

/// Changes, removes or inserts bytes from one of some places on.
void damage(Bytes& state, std::span<const std::size_t> places, fuzz::FuzzBytes& bytes) {
    const std::size_t from = places[bytes.below(static_cast<std::uint32_t>(places.size()))];
    if (from >= state.size()) {
        return;
    }
    const auto left = static_cast<std::uint32_t>(state.size() - from);
    const auto place = state.begin() + static_cast<std::ptrdiff_t>(from + bytes.below(left));
    const auto end = place + std::min<std::ptrdiff_t>(1 + bytes.below(8), state.end() - place);
    switch (bytes.below(8)) {
        case 0: state.erase(place, end); break;
        case 1: state.erase(place, state.end()); break;
        case 2: {
            const auto inserted = bytes.take(1 + bytes.below(8));
            state.insert(place, inserted.begin(), inserted.end());
            break;
        }
        case 3: std::fill(place, end, std::uint8_t{0}); break;
        case 4: std::fill(place, end, std::uint8_t{0xff}); break;
        default: std::generate(place, end, [&] { return bytes.byte(); });
    }
}

void mend_fingerprint(Bytes& state) {
    if (state.size() < kHeaderSize) {
        return;
    }
    const std::uint64_t print = varvara::fingerprint(std::span(state).subspan(kHeaderSize));
    for (std::size_t i = 0; i < 8; ++i) {
        state[kFingerprintAt + i] = static_cast<std::uint8_t>(print >> (56 - 8 * i));
    }
}

Bytes choose_state(fuzz::FuzzBytes& bytes, fuzz::World& world) {
    enum : std::uint32_t { Saved, OtherDevices, NoDevices, NoState };
    const std::uint32_t kind = bytes.below(4);
    if (kind == NoState) {
        const auto rest = bytes.take_rest();
        return {rest.begin(), rest.end()};
    }
    Bytes devices;
    if (kind == OtherDevices) {
        devices = DeviceFields(bytes).compose();
    } else if (kind == NoDevices) {
        const auto any = bytes.take(bytes.below(0x400));
        devices.assign(any.begin(), any.end());
    }
    const unsigned times = bytes.below(4);
    fuzz::FuzzBytes damages(bytes.take(std::size_t{16} * times));
    Bytes state = running_computer(bytes, world);
    const std::size_t begin = devices_at(state);
    if (kind != Saved) {
        state.resize(begin);
        state.insert(state.end(), devices.begin(), devices.end());
    }
    const std::array places{begin, begin - 16, kHeaderSize + kMachineSize, kHeaderSize};
    for (unsigned i = 0; i < times; ++i) {
        damage(state, places, damages);
    }
    mend_fingerprint(state);
    return state;
}

void check_time(const varvara::CivilTime& time) {
    fuzz::check(time.year >= 1970 && time.month < 12 && time.day >= 1 && time.day <= 31 &&
                    time.hour < 24 && time.minute < 60 && time.second < 60 &&
                    time.day_of_week < 7 && time.day_of_year < 366,
                "the clock shows a time that there is");
}

/// A few frames, and something in between.
varvara::Script some_events() {
    auto script = varvara::parse_script("wait\nkey a\ninput b\nmouse 3 4 +left\nwait 2", "");
    return *script;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const varvara::Script script = some_events();
    fuzz::FuzzBytes bytes({data, size});
    fuzz::World world;
    world.budget = 10'000;
    world.files.put_file("a", "some text");
    world.files.put_file("sub/c", std::string(300, 'c'));
    const Bytes state = choose_state(bytes, world);

    fuzz::Computer computer(world);
    if (const auto restored = computer.restore(state); !restored) {
        const auto& error = restored.error();
        fuzz::check((error.code == base::ErrorCode::Malformed ||
                     error.code == base::ErrorCode::Unsupported) &&
                        !error.detail.empty(),
                    "what is no state is refused with a reason");
        return 0;
    }
    check_time(computer.now());
    const Bytes again = computer.save();
    fuzz::Computer copy(world);
    fuzz::check(copy.restore(again).has_value(), "a restored computer can be saved and restored");
    fuzz::check(copy.save() == again, "a restored computer stays the same");
    fuzz::PictureCheck picture;
    picture.check_fresh(computer.machine(), computer.varvara().screen, copy.varvara().screen);
    computer.viewer.frame = [&](std::uint64_t) {
        picture.paint(computer.machine(), computer.varvara().screen);
        return true;
    };

    computer.run(uxn::test::oracle(), script, script.frames());
    const fuzz::Outcome expected = computer.outcome();
    fuzz::check(expected.end.instructions <= world.budget, "the budget is kept");
    check_time(computer.now());
    for (const uxn::EngineEntry& entry : uxn::test::engines_but_oracle()) {
        fuzz::Computer other(world);
        fuzz::check(other.restore(state).has_value(), "a state can be restored twice");
        other.run(*entry.engine, script, script.frames());
        fuzz::check_same(other.outcome(), expected, "on another engine");
    }
    return 0;
}
