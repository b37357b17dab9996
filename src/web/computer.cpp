#include "web/computer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "uxn/engines.hpp"
#include "varvara/state_file.hpp"
#include "varvara/virtual_clock.hpp"
#include "web/page.hpp"

namespace web {
namespace {

/// Bytes that the page is not told of one by one.
constexpr std::size_t kMostWaiting = 16384;

/// Years that the clock can show, in seconds since 1970.
constexpr double kLastSecond = 1e11;

/// A colour of the palette as the bytes red, green, blue and ff in memory.
constexpr std::uint32_t rgba(std::uint32_t rgb) {
    return 0xff000000 | (rgb & 0xff) << 16 | (rgb & 0xff00) | (rgb >> 16 & 0xff);
}

}  // namespace

bool Printer::write(varvara::Stream stream, std::string_view bytes) noexcept {
    if (stream != stream_ || waiting_.size() >= kMostWaiting) {
        print();
        stream_ = stream;
    }
    waiting_ += bytes;
    return true;
}

bool Printer::flush() noexcept {
    print();
    for (const std::string& path : files_.take_changes()) {
        const auto contents = files_.contents(path);
        const bool is_there = contents || path.ends_with('/');
        page::leveret_page_file_changed(path.data(), path.size(),
                                        contents   ? contents->data()
                                        : is_there ? path.data()
                                                   : nullptr,
                                        contents ? contents->size() : 0);
    }
    return true;
}

void Printer::print() {
    if (!waiting_.empty()) {
        page::leveret_page_console(std::to_underlying(stream_), waiting_.data(), waiting_.size());
        waiting_.clear();
    }
}

varvara::CivilTime PageClock::now() noexcept {
    const double seconds = page::leveret_page_local_seconds();
    const bool is_sane = seconds >= 0 && seconds < kLastSecond;
    varvara::CivilTime time =
        varvara::civil_time(is_sane ? static_cast<std::int64_t>(std::floor(seconds)) : 0);
    time.is_dst = page::leveret_page_is_summer_time() != 0 ? 1 : 0;
    return time;
}

ChosenEngine::ChosenEngine() : engine_(uxn::find_engine("auto")) {}

bool ChosenEngine::choose(std::string_view name) {
    const uxn::Engine* const found = uxn::find_engine(name);
    engine_ = found != nullptr ? found : engine_;
    return found != nullptr;
}

Computer::Computer(unsigned audio_rate_hz) : audio_rate_hz_(audio_rate_hz), parts_(make_parts()) {}

std::unique_ptr<Computer::Parts> Computer::make_parts() {
    return std::make_unique<Parts>(varvara::Hosts{
        .console = printer_, .clock = clock_, .files = files, .audio_rate_hz = audio_rate_hz_});
}

/// A session with what is in the machine now. What the page has of the picture is of another one.
void Computer::begin() {
    painted_width_ = 0;
    session_.emplace(varvara::SessionParts{.machine = parts_->machine,
                                           .varvara = parts_->varvara,
                                           .engine = engine,
                                           .output = printer_});
}

void Computer::settle() {
    session_->flush();
}

base::Result<void> Computer::load(std::span<const std::uint8_t> rom,
                                  const std::vector<std::string>& arguments) {
    if (rom.empty()) {
        return base::fail(base::ErrorCode::Empty, "this program is empty");
    }
    if (rom.size() > varvara::kMaxRomSize) {
        return base::fail(base::ErrorCode::TooLarge,
                          "this program is larger than the memory of the computer, " +
                              std::to_string(varvara::kMaxRomSize) + " bytes");
    }
    rom_.assign(rom.begin(), rom.end());
    session_.reset();
    parts_ = make_parts();
    varvara::load_rom(parts_->machine, parts_->varvara, rom_);
    begin();
    std::vector<const char*> words;
    for (const std::string& argument : arguments) {
        words.push_back(argument.c_str());
    }
    session_->boot(words);
    settle();
    return {};
}

void Computer::reboot(bool hard) {
    if (!session_) {
        return;
    }
    if (!session_->running()) {
        parts_->machine.dev[varvara::System::kState] = 0;
        begin();
    }
    using Kind = varvara::Event::Kind;
    session_->reboot(hard ? Kind::HardReboot : Kind::SoftReboot, rom_);
    settle();
}

void Computer::happen(const varvara::Event& event) {
    if (session_) {
        session_->handle(event);
        settle();
    }
}

void Computer::input(std::span<const std::uint8_t> bytes) {
    if (!session_) {
        return;
    }
    for (const std::uint8_t byte : bytes) {
        if (!session_->handle({.kind = varvara::Event::Kind::Input, .value = byte})) {
            break;
        }
    }
    settle();
}

std::span<const std::uint32_t> Computer::picture() {
    varvara::Palette palette = varvara::palette_of(parts_->machine);
    std::ranges::transform(palette, palette.begin(), rgba);
    const std::size_t size = std::size_t{width()} * height();
    const bool resized = width() != painted_width_ || size != pixels_.size();
    pixels_.resize(size);
    painted_width_ = width();
    const varvara::Rows rows = parts_->varvara.screen.paint(palette, pixels_);
    picture_changed_ = resized || rows.begin < rows.end;
    return pixels_;
}

bool Computer::wants_cursor() const {
    return parts_->machine.dev_short(varvara::Mouse::kVector) == 0;
}

bool Computer::sounds() {
    return std::ranges::any_of(parts_->varvara.voices(), [](const varvara::Audio* voice) {
        return voice->playing() || voice->has_pending() || voice->has_ended();
    });
}

std::vector<std::uint8_t> Computer::save_state() {
    return varvara::save_state(parts_->machine, parts_->varvara, {.rom = rom_});
}

base::Result<void> Computer::load_state(std::span<const std::uint8_t> bytes) {
    auto parts = make_parts();
    auto extras = varvara::restore_state(bytes, parts->machine, parts->varvara);
    if (!extras) {
        return std::unexpected(extras.error());
    }
    session_.reset();
    parts_ = std::move(parts);
    rom_ = std::move(extras->rom);
    begin();
    return {};
}

}  // namespace web
