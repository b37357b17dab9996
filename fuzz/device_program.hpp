#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "differential/code_writer.hpp"
#include "support/choices.hpp"
#include "varvara/controller.hpp"
#include "varvara/varvara.hpp"

namespace fuzz {

/// Paths that lead to the same few files in different ways, out of the folder, or nowhere.
inline constexpr std::array<std::string_view, 18> kPaths{
    "a",        "b",   "sub/c", "sub", "sub/", "new/", "new/d/e", "a/",       "a/f",
    "sub/../a", "./b", ".",     "..",  "../a", "/a",   "",        "new/../b", "missing/../a",
};

/// Composes programs that use every device, with values that are likely to mean something: a reset
/// vector, and routines for the vectors of the devices.
class DeviceProgram {
public:
    explicit DeviceProgram(uxn::test::Choices& choices) : choices_(choices), code_(ram_, 0x0100) {}

    /// The ROM.
    std::vector<std::uint8_t> compose() {
        using uxn::Op;
        code_.put(Op::JMI);
        code_.put_short(0);
        put_data();
        for (unsigned i = 1 + choices_.below(4); i > 0; --i) {
            routines_.push_back(static_cast<std::uint16_t>(code_.at()));
            put_counting();
            put_statements(2);
            code_.put(Op::BRK);
        }
        code_.set_short(0x0101, code_.at() - 0x0103);
        put_vectors();
        put_statements(2);
        code_.put(Op::BRK);
        const auto bytes = ram_.bytes();
        return {bytes.begin() + 0x0100, bytes.begin() + code_.at()};
    }

private:
    using Op = uxn::Op;

    /// Counts how often vectors were run.
    static constexpr std::uint8_t kCounter = 0x10;
    /// Where programs end at the latest, or soon after.
    static constexpr unsigned kLongest = 0x4000;

    void put_text(std::string_view text) {
        for (const char c : text) {
            code_.put_byte(static_cast<unsigned char>(c));
        }
        code_.put_byte(0);
    }

    void put_data() {
        for (const std::string_view path : kPaths) {
            paths_.push_back(static_cast<std::uint16_t>(code_.at()));
            put_text(path);
        }
        paths_.push_back(static_cast<std::uint16_t>(code_.at()));
        put_text(std::string(240 + choices_.below(20), 'n'));
        sprites_ = static_cast<std::uint16_t>(code_.at());
        uxn::test::Rng noise(choices_.bits());
        for (unsigned i = 0; i < 0x60; ++i) {
            code_.put_byte(noise.byte());
        }
        for (unsigned i = choices_.below(3); i > 0; --i) {
            put_block();
        }
    }

    /// An operation of System/expansion.
    void put_block() {
        blocks_.push_back(static_cast<std::uint16_t>(code_.at()));
        code_.put_byte(choices_.below(4));
        code_.put_short(choices_.pick({choices_.below(0x40), choices_.below(0x10000)}));
        for (unsigned i = 0; i < 2; ++i) {
            code_.put_short(choices_.pick({0U, 1U, choices_.below(0x11)}));
            code_.put_short(address());
        }
        code_.put_byte(choices_.byte());
    }

    void put_counting() {
        code_.put_literal(kCounter);
        code_.put(Op::LDZ2);
        code_.put(Op::INC2);
        code_.put_literal(kCounter);
        code_.put(Op::STZ2);
    }

    void put_vectors() {
        for (const unsigned port : {0x20u, 0x10u, 0x80u, 0x90u, 0x30u, 0x40u, 0x50u, 0x60u}) {
            if (!choices_.one_in(3)) {
                code_.put_short_literal(routine());
                put_write2(static_cast<std::uint8_t>(port));
            }
        }
    }

    std::uint16_t routine() {
        return routines_[choices_.below(static_cast<std::uint32_t>(routines_.size()))];
    }

    void put_statements(unsigned level) {
        for (unsigned i = choices_.below(8); i > 0; --i) {
            put_statement(level);
        }
    }

    void put_statement(unsigned level) {
        if (code_.at() > kLongest) {
            return;
        }
        switch (choices_.below(level == 0 ? 12 : 15)) {
            case 0: put_port_write(any_port()); break;
            case 1: put_port_read(); break;
            case 2: put_drawing(); break;
            case 3: put_drawing(); break;
            case 4: put_note(); break;
            case 5: put_file_access(); break;
            case 6: put_file_access(); break;
            case 7: put_setting(0x08 + choices_.below(3) * 2); break;  // a part of the palette
            case 8: put_expansion(); break;
            case 9: put_store(); break;
            case 10: put_resizing(); break;
            case 11: put_anything(); break;
            case 12: put_loop(level - 1); break;
            case 13: put_choice(level - 1); break;
            default: put_file_access(); put_statements(level - 1);
        }
    }

    // Ports.

    std::uint8_t any_port() {
        const auto pages = varvara::port_pages();
        const auto& page = pages[choices_.below(static_cast<std::uint32_t>(pages.size()))];
        const auto& entry =
            page.ports[choices_.below(static_cast<std::uint32_t>(page.ports.size()))];
        return static_cast<std::uint8_t>(page.base + entry.offset);
    }

    void put_write(std::uint8_t port) {
        code_.put_literal(port);
        code_.put(Op::DEO);
    }
    void put_write2(std::uint8_t port) {
        code_.put_literal(port);
        code_.put(Op::DEO2);
    }

    /// A short on the stack, or one that grows with every vector.
    void put_value(unsigned value) {
        code_.put_short_literal(value);
        if (choices_.one_in(3)) {
            code_.put_literal(kCounter);
            code_.put(Op::LDZ2);
            code_.put(choices_.pick({Op::ADD2, Op::SUB2, Op::MUL2, Op::EOR2}));
        }
    }

    void put_setting(unsigned port) {
        put_value(value_for(static_cast<std::uint8_t>(port)));
        put_write2(static_cast<std::uint8_t>(port));
    }
    void put_byte_setting(unsigned port, unsigned value) {
        code_.put_literal(value & 0xff);
        put_write(static_cast<std::uint8_t>(port));
    }

    /// Whatever the port, in its own width or the other one.
    void put_port_write(std::uint8_t port) {
        const auto place = varvara::find_port(port);
        const bool wide = (place && place->port->width == 2) != choices_.one_in(16);
        if (port == varvara::System::kState && !choices_.one_in(8)) {
            return;  // it would end too many programs
        }
        if (wide) {
            put_setting(port);
        } else {
            put_byte_setting(port, value_for(port));
        }
    }

    /// Reads a port and shows what it says.
    void put_port_read() {
        const std::uint8_t port = choices_.one_in(8) ? choices_.byte() : any_port();
        const bool wide = choices_.one_in(2);
        code_.put_literal(port);
        code_.put(wide ? Op::DEI2 : Op::DEI);
        if (wide && choices_.one_in(2)) {
            put_write2(any_port());
            return;
        }
        for (unsigned i = wide ? 2 : 1; i > 0; --i) {
            put_write(varvara::port("Console/write"));
        }
    }

    unsigned address() {
        return choices_.pick({unsigned{sprites_}, code_.at() + choices_.below(0x400), 0x8000u,
                              0xffe0 + choices_.below(0x20), choices_.below(0x10000)});
    }

    /// What a port is likely to be set to.
    unsigned value_for(std::uint8_t port) {
        constexpr std::uint8_t kFirstFile = varvara::File::kName & 0xf0;
        constexpr std::uint8_t kFirstVoice = varvara::Audio::kVector & 0xf0;
        const unsigned page = port & 0xf0;
        const bool of_voice = page >= kFirstVoice && page < kFirstVoice + 0x40;
        const bool of_file = page == kFirstFile || page == kFirstFile + 0x10;
        const unsigned as_first = of_voice  ? kFirstVoice | (port & 0x0fu)
                                  : of_file ? kFirstFile | (port & 0x0fu)
                                            : port;
        switch (as_first) {
            case varvara::Console::kVector:
            case varvara::Screen::kVector:
            case varvara::Audio::kVector:
            case varvara::Controller::kVector:
            case varvara::Mouse::kVector: return routines_.empty() ? choices_.word() : routine();
            case varvara::System::kExpansion:
                return blocks_.empty() || choices_.one_in(8)
                           ? address()
                           : blocks_[choices_.below(static_cast<std::uint32_t>(blocks_.size()))];
            case varvara::Screen::kWidth:
            case varvara::Screen::kHeight:
                // Large screens take long to look at.
                return choices_.one_in(32)
                           ? choices_.word()
                           : choices_.pick({1 + choices_.below(40), 8 * choices_.below(12),
                                            0x1000 + choices_.below(64)});
            case varvara::Screen::kX:
            case varvara::Screen::kY:
                return choices_.pick({choices_.below(64), choices_.below(512),
                                      0x10000 - choices_.below(24), choices_.below(0x10000)});
            case varvara::File::kName:
                return choices_.one_in(16)
                           ? address()
                           : paths_[choices_.below(static_cast<std::uint32_t>(paths_.size()))];
            case varvara::File::kLength:
                return choices_.pick({choices_.below(0x20), 1u, 0x100u, choices_.below(0x10000)});
            case varvara::Audio::kLength:
                return choices_.pick(
                    {0x40u, 1u, 0u, 0x100 + choices_.below(3), choices_.below(0x10000)});
            case varvara::Audio::kAdsr:
                return choices_.pick({0u, choices_.below(0x10000), 0x1111u, 0x0001u, 0x1000u});
            case varvara::Screen::kAddr:
            case varvara::Audio::kAddr:
            case varvara::File::kStat:
            case varvara::File::kRead:
            case varvara::File::kWrite: return address();
            default: return choices_.word();
        }
    }

    // What programs do with devices.

    void put_drawing() {
        for (const std::uint8_t port :
             {varvara::Screen::kX, varvara::Screen::kY, varvara::Screen::kAddr}) {
            if (!choices_.one_in(3)) {
                put_setting(port);
            }
        }
        if (choices_.one_in(2)) {
            put_byte_setting(varvara::Screen::kAuto, choices_.byte());
        }
        const std::uint8_t draw =
            choices_.pick({varvara::Screen::kSprite, varvara::Screen::kPixel});
        for (unsigned i = 1 + choices_.below(4); i > 0; --i) {
            put_byte_setting(draw, choices_.byte());
        }
    }

    void put_resizing() {
        put_setting(choices_.pick({varvara::Screen::kWidth, varvara::Screen::kHeight}));
    }

    void put_note() {
        const unsigned page = choices_.below(varvara::kVoices) * 0x10;
        for (const std::uint8_t port :
             {varvara::Audio::kAdsr, varvara::Audio::kLength, varvara::Audio::kAddr}) {
            if (!choices_.one_in(3)) {
                put_setting(page + port);
            }
        }
        put_byte_setting(page + varvara::Audio::kVolume, choices_.byte());
        put_byte_setting(page + varvara::Audio::kPitch, choices_.byte());
    }

    void put_file_access() {
        const unsigned page = choices_.below(2) * 0x10;
        if (!choices_.one_in(4)) {
            put_setting(page + varvara::File::kName);
        }
        if (!choices_.one_in(4)) {
            put_setting(page + varvara::File::kLength);
        }
        switch (choices_.below(6)) {
            case 0: put_setting(page + varvara::File::kStat); break;
            case 1: put_byte_setting(page + varvara::File::kDelete, choices_.byte()); break;
            case 2:
            case 3:
                put_byte_setting(page + varvara::File::kAppend, choices_.below(2));
                put_setting(page + varvara::File::kWrite);
                break;
            default: put_setting(page + varvara::File::kRead);
        }
        code_.put_literal(page + varvara::File::kSuccess);
        code_.put(Op::DEI2);
        put_write(varvara::port("Console/error"));
        put_write(varvara::port("Console/write"));
    }

    void put_expansion() {
        code_.put_short_literal(value_for(varvara::System::kExpansion));
        put_write2(varvara::System::kExpansion);
    }

    void put_store() {
        put_value(choices_.word());
        code_.put_short_literal(address());
        code_.put(choices_.pick({Op::STA2, Op::STA}));
    }

    void put_anything() {
        for (unsigned i = 1 + choices_.below(4); i > 0; --i) {
            code_.put_byte(choices_.byte());
        }
    }

    void put_loop(unsigned level) {
        code_.put_literal(1 + choices_.below(20));
        const unsigned begin = code_.at();
        put_statements(level);
        code_.put_literal(1);
        code_.put(Op::SUB);
        code_.put(Op::DUP);
        code_.put_jump(Op::JCI, begin);
        code_.put(Op::POP);
    }

    void put_choice(unsigned level) {
        code_.put_literal(any_port());
        code_.put(Op::DEI);
        code_.put_literal(choices_.byte());
        code_.put(choices_.pick({Op::AND, Op::GTH, Op::EQU}));
        const unsigned jump = code_.at();
        code_.put(Op::JCI);
        code_.put_short(0);
        put_statements(level);
        code_.set_short(jump + 1, code_.at() - (jump + 3));
    }

    uxn::test::Choices& choices_;
    uxn::Ram ram_;
    uxn::test::CodeWriter code_;
    std::vector<std::uint16_t> routines_;
    std::vector<std::uint16_t> paths_;
    std::vector<std::uint16_t> blocks_;
    std::uint16_t sprites_ = 0;
};

}  // namespace fuzz
