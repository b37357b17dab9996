#include "varvara/script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <expected>
#include <span>
#include <utility>

#include "varvara/controller.hpp"
#include "varvara/mouse.hpp"
#include "varvara/virtual_clock.hpp"

namespace varvara {
namespace {

using EventKind = Event::Kind;

struct Name {
    std::string_view name;
    std::uint8_t value;
};

constexpr std::array kKeys = {Name{"Backspace", 0x08}, Name{"Tab", 0x09},   Name{"Enter", 0x0d},
                              Name{"Escape", 0x1b},    Name{"Space", 0x20}, Name{"Delete", 0x7f}};
constexpr std::array kButtons = {
#define VARVARA_BUTTON(name, bit) Name{#name, Controller::name},
#include "varvara/buttons.inc"
#undef VARVARA_BUTTON
};
constexpr std::array kMouseButtons = {Name{"left", Mouse::LeftButton},
                                      Name{"middle", Mouse::MiddleButton},
                                      Name{"right", Mouse::RightButton}};

constexpr std::uint32_t kMaxWait = 1'000'000'000;
constexpr std::int64_t kLastSecond = 253402300799;  ///< of the year 9999
constexpr std::size_t kDataWidth = 64;              ///< bytes in a line of data

std::optional<std::uint8_t> find(std::span<const Name> names, std::string_view name) {
    const auto found = std::ranges::find(names, name, &Name::name);
    return found == names.end() ? std::nullopt : std::optional(found->value);
}

std::string list(std::span<const Name> names) {
    std::string text;
    for (const Name& name : names) {
        text += text.empty() ? "" : ", ";
        text += name.name;
    }
    return text;
}

struct Word {
    std::string text;
    bool quoted = false;
    std::size_t column = 0;  ///< from 1
};

struct Complaint {
    std::size_t column;
    std::string message;
};

template <class T>
using Parsed = std::expected<T, Complaint>;

std::string hex(std::uint64_t value, unsigned digits) {
    std::string text(digits, '0');
    for (unsigned i = digits; i-- > 0; value >>= 4) {
        text[i] = "0123456789abcdef"[value & 0x0f];
    }
    return text;
}

/// A word for a message. A script from elsewhere may hold what a terminal would obey.
std::string shown(const Word& word) {
    std::string text = "'";
    for (const char c : word.text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control =
            byte < 0x20 || byte == 0x7f || (byte >= 0x80 && byte < 0xa0 && text.back() == '\xc2');
        text += is_control ? "\\x" + hex(byte, 2) : std::string(1, c);
    }
    return text + "'";
}

std::unexpected<Complaint> complain(std::size_t column, std::string message) {
    return std::unexpected(Complaint{column, std::move(message)});
}

std::unexpected<Complaint> complain(const Word& word, std::string message) {
    return complain(word.column, std::move(message));
}

/// Splits a line into words and quoted texts.
class Line {
public:
    explicit Line(std::string_view text) : text_(text) {}

    Parsed<std::vector<Word>> words() {
        std::vector<Word> words;
        while (true) {
            while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
                ++at_;
            }
            if (at_ == text_.size() || text_[at_] == '#') {
                return words;
            }
            Word word{.text = {}, .quoted = text_[at_] == '"', .column = at_ + 1};
            if (!word.quoted) {
                const std::size_t end = std::min(text_.find_first_of(" \t", at_), text_.size());
                word.text = text_.substr(at_, end - at_);
                at_ = end;
            } else if (const auto text = quoted(); text) {
                word.text = *text;
            } else {
                return std::unexpected(text.error());
            }
            words.push_back(std::move(word));
        }
    }

private:
    Parsed<std::string> quoted() {
        const std::size_t start = at_++;
        std::string text;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"') {
                if (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\t') {
                    return complain(at_ + 1, "there has to be a space after a quoted text");
                }
                return text;
            }
            if (c != '\\') {
                text += c;
                continue;
            }
            const char escaped = at_ < text_.size() ? text_[at_] : '\0';
            ++at_;
            switch (escaped) {
                case 'n': text += '\n'; break;
                case 'r': text += '\r'; break;
                case 't': text += '\t'; break;
                case 'b': text += '\b'; break;
                case 'e': text += '\x1b'; break;
                case '\\':
                case '"': text += escaped; break;
                case 'x': {
                    std::uint8_t value = 0;
                    const char* digits = text_.data() + std::min(at_, text_.size());
                    const char* end = text_.data() + std::min(at_ + 2, text_.size());
                    const auto [stop, error] = std::from_chars(digits, end, value, 16);
                    if (error != std::errc() || stop != digits + 2) {
                        return complain(at_ - 1, "\\x needs two hexadecimal digits");
                    }
                    text += static_cast<char>(value);
                    at_ += 2;
                    break;
                }
                default:
                    return complain(
                        at_ - 1, "unknown escape; there are \\n \\r \\t \\b \\e \\\\ \\\" \\xHH");
            }
        }
        return complain(start + 1, "the quoted text does not end");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

template <class Number>
Parsed<Number> number(const Word& word, Number least, Number most, int base = 10) {
    Number value{};
    const char* end = word.text.data() + word.text.size();
    const auto [stop, error] = std::from_chars(word.text.data(), end, value, base);
    if (word.quoted || error == std::errc::invalid_argument || stop != end) {
        return complain(
            word, shown(word) + " is not a " + (base == 16 ? "hexadecimal" : "whole") + " number");
    }
    if (error != std::errc() || value < least || value > most) {
        return complain(word, shown(word) + " is not from " + std::to_string(least) + " to " +
                                  std::to_string(most));
    }
    return value;
}

/// Reads a script line by line.
class Parser {
public:
    explicit Parser(std::string name) { script_.name = std::move(name); }

    base::Result<Script> parse(std::string_view text) {
        while (!text.empty()) {
            ++line_;
            std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            if (auto parsed = statement(line); !parsed) {
                return base::fail(base::ErrorCode::Malformed,
                                  script_.name + ":" + std::to_string(line_) + ":" +
                                      std::to_string(parsed.error().column) + ": " +
                                      parsed.error().message);
            }
        }
        return std::move(script_);
    }

private:
    using Words = std::span<const Word>;
    using Done = Parsed<void>;

    struct Command {
        std::string_view name;
        std::size_t least;  ///< number of words that follow
        std::size_t most;
        std::string_view usage;
        Done (Parser::*run)(Words words);
    };

    static constexpr std::size_t kAny = SIZE_MAX;
    static const std::array<Command, 21> kCommands;

    Done statement(std::string_view line) {
        const auto split = Line(line).words();
        if (!split) {
            return std::unexpected(split.error());
        }
        if (split->empty()) {
            return {};
        }
        const Word& first = split->front();
        const auto command = std::ranges::find(kCommands, first.text, &Command::name);
        if (first.quoted || command == kCommands.end()) {
            return complain(first, "there is no command " + shown(first));
        }
        const Words words = Words(*split).subspan(1);
        if (words.size() < command->least || words.size() > command->most) {
            const std::size_t column =
                words.size() < command->least ? line.size() + 1 : words[command->most].column;
            return complain(column, "usage: " + std::string(command->usage));
        }
        if (command->name != "data") {
            data_to_ = nullptr;
        }
        return (this->*command->run)(words);
    }

    void add(Event event, std::uint32_t count = 1) {
        script_.steps.push_back({.event = event, .count = count, .check = {}, .line = line_});
    }

    void add_bytes(EventKind kind, std::string_view bytes) {
        for (const char byte : bytes) {
            add({.kind = kind, .value = static_cast<std::uint8_t>(byte)});
        }
    }

    Done version(Words words) {
        const auto value = number<unsigned>(words[0], 0, 1'000'000);
        if (!value) {
            return std::unexpected(value.error());
        }
        return *value == 1 ? Done() : complain(words[0], "only version 1 is known");
    }
    Done rom(Words words) {
        const auto value = number<std::uint64_t>(words[0], 0, UINT64_MAX, 16);
        if (!value) {
            return std::unexpected(value.error());
        }
        script_.rom = *value;
        return {};
    }
    Done clock(Words words) {
        const auto value = number<std::int64_t>(words[0], 0, kLastSecond);
        if (!value) {
            return std::unexpected(value.error());
        }
        script_.clock = *value;
        return {};
    }
    Done seed(Words words) {
        const auto value = number<std::uint64_t>(words[0], 0, UINT64_MAX);
        if (!value) {
            return std::unexpected(value.error());
        }
        script_.seed = *value;
        return {};
    }
    Done arguments(Words words) {
        for (const Word& word : words) {
            if (word.text.contains('\0')) {
                return complain(word, "an argument cannot contain \\x00");
            }
            script_.arguments.push_back(word.text);
        }
        return {};
    }

    Done wait(Words words) {
        const auto count =
            words.empty() ? Parsed<std::uint32_t>(1) : number<std::uint32_t>(words[0], 0, kMaxWait);
        if (!count) {
            return std::unexpected(count.error());
        }
        if (*count > 0) {
            add({.kind = EventKind::Frame}, *count);
        }
        return {};
    }
    Done key(Words words) {
        for (const Word& word : words) {
            const auto named = word.quoted ? std::nullopt : find(kKeys, word.text);
            if (named) {
                add({.kind = EventKind::Key, .value = *named});
            } else if (is_one_character(word.text)) {
                add_bytes(EventKind::Key, word.text);
            } else {
                return complain(word, shown(word) + " is not one character, nor one of " +
                                          list(kKeys) + "; for more there is 'text'");
            }
        }
        return {};
    }
    Done text(Words words) {
        for (const Word& word : words) {
            add_bytes(EventKind::Key, word.text);
        }
        return {};
    }
    Done button(Words words) { return buttons(words, 0); }
    Done pad(Words words) {
        const auto which = number<std::uint8_t>(words[0], 1, Controller::kPads);
        if (!which) {
            return std::unexpected(which.error());
        }
        return buttons(words.subspan(1), static_cast<std::uint8_t>(*which - 1));
    }
    Done buttons(Words words, std::uint8_t pad) {
        for (const Word& word : words) {
            const auto change = press_or_release(word, kButtons);
            if (!change) {
                return std::unexpected(change.error());
            }
            const auto [pressed, value] = *change;
            add({.kind = pressed ? EventKind::Press : EventKind::Release,
                 .value = value,
                 .pad = pad});
        }
        return {};
    }
    Done mouse(Words words) {
        if (words.size() >= 2 && !is_change(words[0])) {
            if (auto moved = position(words, EventKind::MouseMove); !moved) {
                return moved;
            }
            words = words.subspan(2);
        }
        for (const Word& word : words) {
            const auto change = press_or_release(word, kMouseButtons);
            if (!change) {
                return std::unexpected(change.error());
            }
            const auto [pressed, value] = *change;
            add({.kind = pressed ? EventKind::MousePress : EventKind::MouseRelease,
                 .value = value});
        }
        return {};
    }
    Done scroll(Words words) { return position(words, EventKind::Scroll); }
    Done console(Words words) {
        add_bytes(EventKind::Input, words[0].text);
        add_bytes(EventKind::Input, "\n");
        return {};
    }
    Done input(Words words) {
        add_bytes(EventKind::Input, words[0].text);
        return {};
    }
    Done eof(Words) {
        add({.kind = EventKind::InputEnd});
        return {};
    }
    Done reboot(Words words) {
        if (words[0].text != "soft" && words[0].text != "hard") {
            return complain(words[0], "a reboot is soft or hard");
        }
        add({.kind = words[0].text == "soft" ? EventKind::SoftReboot : EventKind::HardReboot});
        return {};
    }
    Done drop(Words words) {
        if (script_.drops.size() > INT16_MAX) {
            return complain(words[0], "too many files are dropped");
        }
        add({.kind = EventKind::Drop, .x = static_cast<std::int16_t>(script_.drops.size())});
        return file_into(script_.drops, words);
    }
    Done file(Words words) { return file_into(script_.files, words); }
    Done folder(Words words) {
        script_.files.push_back({.name = words[0].text, .folder = true});
        return {};
    }
    Done data(Words words) {
        if (data_to_ == nullptr) {
            return complain(1, "data has to follow a file or a drop");
        }
        ScriptFile& file = data_to_->back();
        if (!file.contents) {
            file.contents.emplace();
        }
        for (const Word& word : words) {
            *file.contents += word.text;
        }
        file.size = file.contents->size();
        return {};
    }
    Done check(Words words) {
        Digest digest;
        for (std::size_t i = 0; i < digest.parts.size(); ++i) {
            const auto part = number<std::uint16_t>(words[i], 0, UINT16_MAX, 16);
            if (!part) {
                return std::unexpected(part.error());
            }
            digest.parts[i] = *part;
        }
        script_.steps.push_back({.event = {}, .count = 1, .check = digest, .line = line_});
        return {};
    }

    Done file_into(std::vector<ScriptFile>& files, Words words) {
        ScriptFile file{.name = words[0].text};
        if (words.size() > 1) {
            const auto size = number<std::uint64_t>(words[1], 0, INT64_MAX);
            if (!size) {
                return std::unexpected(size.error());
            }
            file.size = *size;
            if (file.size == 0) {
                file.contents.emplace();
            }
        }
        files.push_back(std::move(file));
        data_to_ = &files;
        return {};
    }

    static bool is_change(const Word& word) {
        return !word.quoted &&
               (word.text.starts_with('+') || (word.text.starts_with('-') && word.text.size() > 1 &&
                                               (word.text[1] < '0' || word.text[1] > '9')));
    }

    /// "+Up", or "+Up+Left" for both at once.
    static Parsed<std::pair<bool, std::uint8_t>> press_or_release(const Word& word,
                                                                  std::span<const Name> names) {
        std::uint8_t mask = 0;
        std::string_view text = word.text;
        while (is_change(word) && !text.empty()) {
            const std::size_t end = std::min(text.find(text[0], 1), text.size());
            const auto button = find(names, text.substr(1, end - 1));
            if (!button) {
                break;
            }
            mask |= *button;
            text.remove_prefix(end);
        }
        if (!text.empty() || mask == 0) {
            return complain(
                word, shown(word) + " is not + (press) or - (release) and one of " + list(names));
        }
        return std::pair(word.text[0] == '+', mask);
    }

    Done position(Words words, EventKind kind) {
        const auto x = number<std::int16_t>(words[0], INT16_MIN, INT16_MAX);
        if (!x) {
            return std::unexpected(x.error());
        }
        const auto y = number<std::int16_t>(words[1], INT16_MIN, INT16_MAX);
        if (!y) {
            return std::unexpected(y.error());
        }
        add({.kind = kind, .x = *x, .y = *y});
        return {};
    }

    /// One byte, or a first byte of UTF-8 and those that continue it.
    static bool is_one_character(std::string_view text) {
        return !text.empty() && (text.size() == 1 || static_cast<unsigned char>(text[0]) >= 0xc0) &&
               std::ranges::all_of(text.substr(1), [](char c) {
                   return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
               });
    }

    Script script_;
    std::uint32_t line_ = 0;
    std::vector<ScriptFile>* data_to_ = nullptr;  ///< whose last element takes data
};

// clang-format off
constexpr std::array<Parser::Command, 21> Parser::kCommands = {{
    {"version",   1, 1,    "version 1",                             &Parser::version},
    {"rom",       1, 1,    "rom FINGERPRINT",                       &Parser::rom},
    {"clock",     1, 1,    "clock SECONDS",                         &Parser::clock},
    {"seed",      1, 1,    "seed NUMBER",                           &Parser::seed},
    {"arguments", 1, kAny, "arguments TEXT...",                     &Parser::arguments},
    {"wait",      0, 1,    "wait [FRAMES]",                         &Parser::wait},
    {"key",       1, kAny, "key CHARACTER...",                      &Parser::key},
    {"text",      1, kAny, "text \"TEXT\"...",                      &Parser::text},
    {"button",    1, kAny, "button +NAME|-NAME...",                 &Parser::button},
    {"pad",       2, kAny, "pad NUMBER +NAME|-NAME...",             &Parser::pad},
    {"mouse",     1, kAny, "mouse [X Y] [+BUTTON|-BUTTON...]",      &Parser::mouse},
    {"scroll",    2, 2,    "scroll X Y",                            &Parser::scroll},
    {"console",   1, 1,    "console \"LINE\"",                      &Parser::console},
    {"input",     1, 1,    "input \"BYTES\"",                       &Parser::input},
    {"eof",       0, 0,    "eof",                                   &Parser::eof},
    {"reboot",    1, 1,    "reboot soft|hard",                      &Parser::reboot},
    {"drop",      1, 2,    "drop FILE",                             &Parser::drop},
    {"file",      1, 2,    "file NAME [SIZE]",                      &Parser::file},
    {"folder",    1, 1,    "folder NAME",                           &Parser::folder},
    {"data",      1, kAny, "data \"BYTES\"...",                     &Parser::data},
    {"check",     6, 6,    "check FINGERPRINT (six times)",         &Parser::check},
}};
// clang-format on

std::string change(std::string_view keyword, char sign, std::span<const Name> names,
                   std::uint8_t mask) {
    std::string text(keyword);
    text += ' ';
    for (const Name& name : names) {
        if ((mask & name.value) != 0) {
            text += sign;
            text += name.name;
        }
    }
    return text + '\n';
}

std::string buttons(const Event& event, char sign) {
    const std::string keyword = event.pad == 0 ? "button" : "pad " + std::to_string(event.pad + 1);
    return change(keyword, sign, kButtons, event.value);
}

std::string position(std::string_view keyword, const Event& event) {
    return std::string(keyword) + ' ' + std::to_string(event.x) + ' ' + std::to_string(event.y) +
           '\n';
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (c == '\n') {
            quoted += "\\n";
        } else if (byte >= 0x20 && byte < 0x7f) {
            quoted += c;
        } else {
            quoted += "\\x" + hex(byte, 2);
        }
    }
    return quoted + '"';
}

std::string data_lines(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        text += "data " + quote(bytes.substr(0, kDataWidth)) + '\n';
        bytes.remove_prefix(std::min(bytes.size(), kDataWidth));
    }
    return text;
}

}  // namespace

base::Result<Script> parse_script(std::string_view text, std::string name) {
    return Parser(std::move(name)).parse(text);
}

std::uint64_t Script::frames() const {
    std::uint64_t frames = 0;
    for (const Step& step : steps) {
        frames += !step.check && step.event.kind == EventKind::Frame ? step.count : 0;
    }
    return frames;
}

std::uint64_t Script::frames_to_show() const {
    const auto last = std::ranges::find_if(steps.rbegin(), steps.rend(),
                                           [](const Step& step) { return !step.check; });
    const bool shown = last != steps.rend() && last->event.kind == EventKind::Frame;
    return frames() + (shown ? 0 : 1);
}

std::string print_event(const Event& event, std::uint32_t count) {
    std::string text;
    switch (event.kind) {
        case EventKind::Frame: return "wait " + std::to_string(count) + '\n';
        case EventKind::InputEnd: text = "eof\n"; break;
        case EventKind::Press: text = buttons(event, '+'); break;
        case EventKind::Release: text = buttons(event, '-'); break;
        case EventKind::MouseMove: text = position("mouse", event); break;
        case EventKind::MousePress: text = change("mouse", '+', kMouseButtons, event.value); break;
        case EventKind::MouseRelease:
            text = change("mouse", '-', kMouseButtons, event.value);
            break;
        case EventKind::Scroll: text = position("scroll", event); break;
        case EventKind::SoftReboot: text = "reboot soft\n"; break;
        case EventKind::HardReboot: text = "reboot hard\n"; break;
        case EventKind::Input:
        case EventKind::Key:
        case EventKind::Drop: break;
    }
    std::string all;
    for (std::uint32_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

std::string print_bytes(EventKind kind, std::string_view bytes) {
    return (kind == EventKind::Key ? "text " : "input ") + quote(bytes) + '\n';
}

std::string print_check(const Digest& digest) {
    std::string text = "check";
    for (const std::uint16_t part : digest.parts) {
        text += ' ' + hex(part, 4);
    }
    return text + '\n';
}

std::string print_file(std::string_view keyword, const ScriptFile& file) {
    if (file.folder) {
        return "folder " + quote(file.name) + '\n';
    }
    return std::string(keyword) + ' ' + quote(file.name) + ' ' + std::to_string(file.size) + '\n' +
           (file.contents ? data_lines(*file.contents) : "");
}

std::string print_settings(const Script& script) {
    std::string text = "version 1\n";
    if (script.rom) {
        text += "rom " + hex(*script.rom, 16) + '\n';
    }
    if (script.clock) {
        text += "clock " + std::to_string(*script.clock) + '\n';
    }
    if (script.seed) {
        text += "seed " + std::to_string(*script.seed) + '\n';
    }
    for (const std::string& argument : script.arguments) {
        text += "arguments " + quote(argument) + '\n';
    }
    return text;
}

std::int64_t start_of_clock(const std::optional<std::int64_t>& clock,
                            const std::optional<std::uint64_t>& seed) {
    constexpr std::uint64_t kSecondsADay = 86400;
    const std::int64_t start = clock.value_or(VirtualClock::kDefaultStart);
    if (!seed) {
        return start;
    }
    std::array<std::uint8_t, 8> bytes;
    for (unsigned i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(*seed >> (8 * i));
    }
    return start + static_cast<std::int64_t>(fingerprint(bytes) % kSecondsADay);
}

}  // namespace varvara
