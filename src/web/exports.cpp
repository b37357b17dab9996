// What the module exports to JavaScript: see docs/web.md, and computer.ts, which is the other side.
//
// Bytes come in through the request: `request(size)` makes room, and the function called next reads
// what the caller has put there. They go out through the answer: `answer_data` and `answer_size`,
// until the next call. Where several texts go either way, each ends in a 00. A function that can
// fail returns 0 then, and its answer says why.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tal/assembler.hpp"
#include "tal/diagnostic.hpp"
#include "tal/symbols.hpp"
#include "uxn/engines.hpp"
#include "varvara/metadata.hpp"
#include "web/computer.hpp"

#define LEVERET_EXPORT(name) extern "C" [[clang::export_name(#name)]]

namespace {

using varvara::Event;

/// More than any file, state or set of sources that is of use.
constexpr std::size_t kMaxRequest = std::size_t{96} << 20;
/// A tenth of a second and more, at the highest rate.
constexpr std::uint32_t kMaxMixedFrames = 48000;
constexpr unsigned kLowestRate = 8000;
constexpr unsigned kHighestRate = 192000;

std::vector<std::uint8_t> the_request;
std::vector<std::uint8_t> the_answer;
std::optional<web::Computer> the_computer;

/// Exists from `create` on, which is called first; made here if it was not.
web::Computer& computer() {
    if (!the_computer) {
        the_computer.emplace(44100U);
    }
    return *the_computer;
}

std::string_view requested() {
    return {reinterpret_cast<const char*>(the_request.data()), the_request.size()};
}

/// Cuts off what comes before the next 00, which is dropped.
std::string_view next_text(std::string_view& rest) {
    const std::string_view text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(text.size() + 1, rest.size()));
    return text;
}

void answer(std::string_view bytes) {
    the_answer.assign(bytes.begin(), bytes.end());
}

void add_text(std::string_view text) {
    the_answer.insert(the_answer.end(), text.begin(), text.end());
    the_answer.push_back(0);
}

void add_number(std::uint64_t number) {
    add_text(std::to_string(number));
}

bool succeeded(const base::Result<void>& result) {
    answer(result ? std::string_view() : std::string_view(result.error().detail));
    return result.has_value();
}

std::int16_t as_coordinate(std::int32_t value) {
    return static_cast<std::int16_t>(std::clamp(value, -0x8000, 0x7fff));
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What the last `assemble` made.
struct Product {
    std::vector<std::uint8_t> rom;
    std::vector<std::uint8_t> symbols;
    std::string text;
    std::vector<tal::Diagnostic> diagnostics;
};
Product the_product;

}  // namespace

LEVERET_EXPORT(request) std::uint8_t* request(std::size_t size) {
    if (size > kMaxRequest) {
        return nullptr;
    }
    the_request.resize(size);
    return the_request.data();
}

LEVERET_EXPORT(answer_data) const std::uint8_t* answer_data() {
    return the_answer.data();
}

LEVERET_EXPORT(answer_size) std::size_t answer_size() {
    return the_answer.size();
}

LEVERET_EXPORT(create) void create(std::uint32_t audio_rate_hz) {
    the_computer.emplace(std::clamp(audio_rate_hz, kLowestRate, kHighestRate));
}

/// Answers three texts for each: name, summary, and why it is of no use here, empty if it is.
LEVERET_EXPORT(engines) void engines() {
    the_answer.clear();
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        add_text(entry.name);
        add_text(entry.summary);
        add_text(uxn::why_not_now(entry));
    }
}

/// Request: its name.
LEVERET_EXPORT(use_engine) bool use_engine() {
    return computer().engine.choose(requested());
}

/// Request: the arguments, each with a 00 behind it, then the ROM. count: how many arguments.
LEVERET_EXPORT(load) bool load(std::uint32_t count) {
    std::string_view rest = requested();
    std::vector<std::string> arguments;
    for (std::uint32_t i = 0; i < count && !rest.empty(); ++i) {
        arguments.emplace_back(next_text(rest));
    }
    const std::span<const std::uint8_t> rom = std::span(the_request).last(rest.size());
    return succeeded(computer().load(rom, arguments));
}

LEVERET_EXPORT(reboot) void reboot(bool hard) {
    computer().reboot(hard);
}

LEVERET_EXPORT(running) bool running() {
    return computer().running();
}

LEVERET_EXPORT(exit_code) std::uint32_t exit_code() {
    return computer().end().exit_code;
}

LEVERET_EXPORT(instructions) double instructions() {
    return static_cast<double>(computer().end().instructions);
}

LEVERET_EXPORT(key) void key(std::uint32_t byte) {
    computer().happen({.kind = Event::Kind::Key, .value = static_cast<std::uint8_t>(byte)});
}

LEVERET_EXPORT(press) void press(std::uint32_t button, std::uint32_t pad) {
    computer().happen({.kind = Event::Kind::Press,
                       .value = static_cast<std::uint8_t>(button),
                       .pad = static_cast<std::uint8_t>(pad & 3)});
}

LEVERET_EXPORT(release) void release(std::uint32_t button, std::uint32_t pad) {
    computer().happen({.kind = Event::Kind::Release,
                       .value = static_cast<std::uint8_t>(button),
                       .pad = static_cast<std::uint8_t>(pad & 3)});
}

LEVERET_EXPORT(mouse_move) void mouse_move(std::int32_t x, std::int32_t y) {
    computer().happen(
        {.kind = Event::Kind::MouseMove, .x = as_coordinate(x), .y = as_coordinate(y)});
}

LEVERET_EXPORT(mouse_press) void mouse_press(std::uint32_t button) {
    computer().happen(
        {.kind = Event::Kind::MousePress, .value = static_cast<std::uint8_t>(button)});
}

LEVERET_EXPORT(mouse_release) void mouse_release(std::uint32_t button) {
    computer().happen(
        {.kind = Event::Kind::MouseRelease, .value = static_cast<std::uint8_t>(button)});
}

LEVERET_EXPORT(scroll) void scroll(std::int32_t x, std::int32_t y) {
    computer().happen({.kind = Event::Kind::Scroll, .x = as_coordinate(x), .y = as_coordinate(y)});
}

/// Request: bytes of standard input.
LEVERET_EXPORT(input) void input() {
    computer().input(the_request);
}

LEVERET_EXPORT(input_end) void input_end() {
    computer().happen({.kind = Event::Kind::InputEnd});
}

LEVERET_EXPORT(frame) void frame() {
    computer().happen({.kind = Event::Kind::Frame});
}

LEVERET_EXPORT(picture) const std::uint32_t* picture() {
    return computer().picture().data();
}

LEVERET_EXPORT(picture_width) std::uint32_t picture_width() {
    return computer().width();
}

LEVERET_EXPORT(picture_height) std::uint32_t picture_height() {
    return computer().height();
}

LEVERET_EXPORT(picture_changed) bool picture_changed() {
    return computer().picture_changed();
}

LEVERET_EXPORT(wants_cursor) bool wants_cursor() {
    return computer().wants_cursor();
}

/// Answers that many frames of sound, or as many as there may be at once.
LEVERET_EXPORT(mix) void mix(std::uint32_t frames) {
    const std::size_t samples = 2 * std::size_t{std::min(frames, kMaxMixedFrames)};
    the_answer.resize(samples * sizeof(std::int16_t));
    computer().mix({reinterpret_cast<std::int16_t*>(the_answer.data()), samples});
}

LEVERET_EXPORT(sounds) bool sounds() {
    return computer().sounds();
}

LEVERET_EXPORT(save_state) void save_state() {
    the_answer = computer().save_state();
}

/// Request: the state.
LEVERET_EXPORT(load_state) bool load_state() {
    return succeeded(computer().load_state(the_request));
}

/// Answers two texts for each: its path, and its size, or "folder".
LEVERET_EXPORT(list_files) void list_files() {
    the_answer.clear();
    for (const auto& [path, contents] : computer().files.tree()) {
        add_text(path);
        add_text(contents ? std::to_string(contents->size()) : "folder");
    }
}

/// Request: its path.
LEVERET_EXPORT(read_file) bool read_file() {
    const auto contents = computer().files.contents(requested());
    answer(contents.value_or(""));
    return contents.has_value();
}

/// Request: its path and a 00, then its contents.
LEVERET_EXPORT(write_file) bool write_file() {
    std::string_view rest = requested();
    const std::string_view path = next_text(rest);
    return computer().files.put(path, rest);
}

/// Request: its path.
LEVERET_EXPORT(remove_file) bool remove_file() {
    return computer().files.take_away(requested());
}

/// Answers the 64 KiB that the CPU sees.
LEVERET_EXPORT(memory_image) void memory_image() {
    answer(as_text(computer().machine().ram.bytes()));
}

/// Request: the name of the main file and a 00; then for each file its name, a 00, its size in
/// decimal, a 00, and its contents. True if there is a ROM.
LEVERET_EXPORT(assemble) bool assemble() {
    std::string_view rest = requested();
    const std::string_view main = next_text(rest);
    tal::MemoryLoader files;
    while (!rest.empty()) {
        const std::string_view name = next_text(rest);
        std::size_t size = 0;
        for (const char digit : next_text(rest)) {
            size = std::min(10 * size + static_cast<std::size_t>(digit - '0'), kMaxRequest);
        }
        files.add(std::string(name), std::string(rest.substr(0, size)));
        rest.remove_prefix(std::min(size, rest.size()));
    }
    tal::Assembly assembly = tal::assemble(main, files);
    the_product = {.rom = std::move(assembly.rom),
                   .symbols = tal::write_symbols(assembly.symbols),
                   .text = {},
                   .diagnostics = std::move(assembly.diagnostics)};
    for (const tal::Diagnostic& diagnostic : the_product.diagnostics) {
        the_product.text += tal::render(diagnostic, false);
    }
    return !the_product.rom.empty();
}

// What the last `assemble` made.

LEVERET_EXPORT(assembled_rom) void assembled_rom() {
    the_answer = the_product.rom;
}

LEVERET_EXPORT(assembled_symbols) void assembled_symbols() {
    the_answer = the_product.symbols;
}

/// Answers the diagnostics as a terminal shows them.
LEVERET_EXPORT(assembled_text) void assembled_text() {
    answer(the_product.text);
}

/// Answers seven texts for each: file, line, column, length, severity, message and hint.
LEVERET_EXPORT(diagnostics) void diagnostics() {
    the_answer.clear();
    for (const tal::Diagnostic& diagnostic : the_product.diagnostics) {
        add_text(diagnostic.file);
        add_number(diagnostic.line);
        add_number(diagnostic.column);
        add_number(diagnostic.length);
        add_text(tal::name_of(diagnostic.severity));
        add_text(diagnostic.message);
        add_text(diagnostic.hint);
    }
}

/// Request: a ROM. False if it says nothing of itself, else the answer is the text of its metadata.
LEVERET_EXPORT(metadata) bool metadata() {
    const auto found = varvara::metadata_of(the_request);
    answer(found ? std::string_view(found->text) : std::string_view());
    return found.has_value();
}
