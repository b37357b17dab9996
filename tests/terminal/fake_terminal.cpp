#include "terminal/fake_terminal.hpp"

#include <stb/stb_image.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace terminal_test {
namespace {

std::vector<unsigned> numbers(std::string_view text) {
    std::vector<unsigned> result{0};
    for (const char c : text) {
        if (c == ';') {
            result.push_back(0);
        } else if (c >= '0' && c <= '9') {
            result.back() = 10 * result.back() + static_cast<unsigned>(c - '0');
        }
    }
    return result;
}

std::string decode_base64(std::string_view text) {
    std::string bytes;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const unsigned value = c >= 'A' && c <= 'Z'   ? static_cast<unsigned>(c - 'A')
                               : c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a') + 26
                               : c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') + 52
                               : c == '+'             ? 62
                               : c == '/'             ? 63
                                                      : 64;
        if (value == 64) {
            break;
        }
        bits = bits << 6 | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count);
        }
    }
    return bytes;
}

/// The value of a key in "a=T,f=24".
std::string value_of(std::string_view keys, char key) {
    for (std::size_t at = 0; at < keys.size();) {
        const std::size_t end = std::min(keys.find(',', at), keys.size());
        if (keys[at] == key && at + 1 < end && keys[at + 1] == '=') {
            return std::string(keys.substr(at + 2, end - at - 2));
        }
        at = end + 1;
    }
    return {};
}

}  // namespace

FakeTerminal::FakeTerminal(unsigned columns, unsigned rows, const Abilities& abilities)
    : columns_(columns),
      rows_(rows),
      abilities_(abilities),
      cells_(std::size_t{columns} * rows),
      sixels_(std::size_t{columns} * abilities.cell.width * rows * abilities.cell.height) {}

std::string FakeTerminal::take_replies() {
    return std::exchange(replies_, {});
}

void FakeTerminal::reply(bool able, std::string_view text) {
    if (able && abilities_.answers) {
        replies_ += text;
    }
}

void FakeTerminal::feed(std::string_view bytes) {
    rest_ += bytes;
    std::size_t at = 0;
    while (at < rest_.size()) {
        const std::size_t length = sequence(std::string_view(rest_).substr(at));
        if (length == 0) {
            break;
        }
        at += length;
    }
    rest_.erase(0, at);
}

std::size_t FakeTerminal::sequence(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (lead != 0x1b) {
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (bytes.size() < length) {
            return 0;
        }
        put(bytes.substr(0, length));
        return length;
    }
    if (bytes.size() < 2) {
        return 0;
    }
    if (bytes[1] == '[') {
        const auto end = std::ranges::find_if(bytes.substr(2), [](char c) { return c >= '@'; });
        const auto length = static_cast<std::size_t>(end - bytes.substr(2).begin()) + 3;
        if (length > bytes.size()) {
            return 0;
        }
        control(bytes.substr(2, length - 3), bytes[length - 1]);
        return length;
    }
    if (bytes[1] == '\\') {
        return 2;
    }
    const std::size_t end = bytes.find("\x1b\\", 2);
    if (end == std::string_view::npos) {
        return 0;
    }
    const std::string_view body = bytes.substr(2, end - 2);
    if (bytes[1] == 'P') {
        device_control(body);
    } else if (bytes[1] == '_') {
        application(body);
    } else if (bytes[1] == ']' && body.starts_with("2;")) {
        titles_.back() = body.substr(2);
    } else {
        complaints_ += "ESC " + std::string(bytes.substr(1, end - 1)) + "\n";
    }
    return end + 2;
}

void FakeTerminal::control(std::string_view parameters, char final) {
    const std::vector<unsigned> list = numbers(parameters);
    const std::string cell =
        std::to_string(abilities_.cell.height) + ";" + std::to_string(abilities_.cell.width);
    const std::string area = std::to_string(abilities_.cell.height * rows_) + ";" +
                             std::to_string(abilities_.cell.width * columns_);
    const std::string all = std::string(parameters) + final;
    if (all == "?2026$p" || all == "?1016$p") {
        const bool has = list[0] == 2026 ? abilities_.synchronized : abilities_.pixel_mouse;
        reply(true, "\x1b[?" + std::to_string(list[0]) + (has ? ";2$y" : ";0$y"));
    } else if (final == 'h' || final == 'l') {
        set_modes(parameters, final == 'h');
    } else if (final == 'm') {
        style(list);
    } else if (final == 'H') {
        row_ = std::clamp(list[0], 1u, rows_) - 1;
        column_ = std::clamp(list.size() > 1 ? list[1] : 1, 1u, columns_) - 1;
    } else if (all == "2J") {
        clear();
    } else if (all == "22;2t") {
        titles_.push_back(titles_.back());
    } else if (all == "23;2t") {
        if (titles_.size() > 1) {
            titles_.pop_back();
        }
    } else if (all == "16t") {
        reply(true, "\x1b[6;" + cell + "t");
    } else if (all == "14t") {
        reply(true, "\x1b[4;" + area + "t");
    } else if (all == "5n") {
        reply(true, "\x1b[0n");
    } else if (all == "c") {
        reply(true, abilities_.sixel ? "\x1b[?62;4;22c" : "\x1b[?62;22c");
    } else if (all == "?u") {
        reply(abilities_.keyboard, "\x1b[?0u");
    } else if (all == ">31u") {
        ++keyboard_depth_;
    } else if (all == "<u") {
        keyboard_depth_ -= keyboard_depth_ > 0 ? 1 : 0;
    } else if (all == ">0q") {
        reply(true, "\x1bP>|fake\x1b\\");
    } else if (all == "?1;1;0S") {
        reply(abilities_.sixel, "\x1b[?1;0;256S");
    } else {
        complaints_ += "CSI " + all + "\n";
    }
}

void FakeTerminal::set_modes(std::string_view parameters, bool on) {
    for (const unsigned number : numbers(parameters)) {
        if (number == 1049 && on != mode(number)) {
            clear();
        }
        if (number == 2026 && on) {
            ++frames_;
        }
        if (on) {
            modes_.insert(number);
        } else {
            modes_.erase(number);
        }
    }
    if (!parameters.starts_with('?')) {
        complaints_ += "mode " + std::string(parameters) + "\n";
    }
}

void FakeTerminal::style(const std::vector<unsigned>& codes) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
        auto& colour = codes[i] == 38 ? pen_.foreground : pen_.background;
        if (codes[i] == 0) {
            pen_ = {};
        } else if (codes[i] == 1) {
            pen_.bold = true;
        } else if (codes[i] == 39) {
            pen_.foreground.reset();
        } else if (codes[i] == 49) {
            pen_.background.reset();
        } else if ((codes[i] == 38 || codes[i] == 48) && codes.at(i + 1) == 2) {
            colour = codes.at(i + 2) << 16 | codes.at(i + 3) << 8 | codes.at(i + 4);
            i += 4;
        } else if ((codes[i] == 38 || codes[i] == 48) && codes.at(i + 1) == 5) {
            const unsigned place = codes.at(i + 2) - 16;
            unsigned value = (8 + 10 * (place - 216)) * 0x010101;
            if (place < 216) {
                value = 0;
                for (const unsigned level : {place / 36, place / 6 % 6, place % 6}) {
                    value = value << 8 | (level == 0 ? 0 : 55 + 40 * level);
                }
            }
            colour = value;
            i += 2;
        } else {
            complaints_ += "SGR " + std::to_string(codes[i]) + "\n";
        }
    }
}

void FakeTerminal::put(std::string_view glyph) {
    if (static_cast<unsigned char>(glyph[0]) < 0x20) {
        complaints_ += "control character\n";
        return;
    }
    Cell& place = cells_[std::size_t{row_} * columns_ + column_];
    place = pen_;
    place.glyph = glyph;
    // Text takes the place of sixels.
    const front::Size size = abilities_.cell;
    for (unsigned y = 0; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            sixels_[std::size_t{row_ * size.height + y} * columns_ * size.width +
                    column_ * size.width + x]
                .reset();
        }
    }
    if (column_ + 1 < columns_) {
        ++column_;
    } else if (mode(7)) {
        complaints_ += "wrapped\n";
    }
}

void FakeTerminal::clear() {
    std::ranges::fill(cells_, Cell{});
    std::ranges::fill(sixels_, std::nullopt);
}

void FakeTerminal::device_control(std::string_view text) {
    if (text == "$qm") {
        reply(true,
              abilities_.true_colour ? "\x1bP1$r0;48:2:1:2:3m\x1b\\" : "\x1bP1$r0;48:5:16m\x1b\\");
        return;
    }
    const std::size_t begin = text.find('q');
    if (begin == std::string_view::npos || !abilities_.sixel || text.substr(0, begin) != "0;1;0") {
        complaints_ += "DCS " + std::string(text.substr(0, 20)) + "\n";
        return;
    }
    sixel(text.substr(begin + 1));
}

void FakeTerminal::sixel(std::string_view text) {
    const unsigned left = column_ * abilities_.cell.width;
    unsigned top = row_ * abilities_.cell.height;
    const unsigned width = columns_ * abilities_.cell.width;
    std::map<unsigned, std::uint32_t> palette;
    std::uint32_t colour = 0;
    unsigned x = 0;
    front::Size size;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i++];
        const auto arguments = [&] {
            const auto end = std::min(text.find_first_not_of("0123456789;", i), text.size());
            const auto list = numbers(text.substr(i, end - i));
            i = end;
            return list;
        };
        unsigned count = 1;
        char glyph = c;
        if (c == '"') {
            const auto list = arguments();
            size = {.width = list.at(2), .height = list.at(3)};
            continue;
        }
        if (c == '#') {
            const auto list = arguments();
            if (list.size() == 5) {
                std::uint32_t value = 0;
                for (const unsigned percent : {list[2], list[3], list[4]}) {
                    value = value << 8 | (percent * 255 + 50) / 100;
                }
                palette[list[0]] = value;
            }
            colour = palette.at(list[0]);
            continue;
        }
        if (c == '$' || c == '-') {
            x = 0;
            top += c == '-' ? 6 : 0;
            continue;
        }
        if (c == '!') {
            count = arguments().at(0);
            glyph = text.at(i++);
        }
        if (glyph < '?' || glyph > '~') {
            complaints_ += "sixel " + std::string{glyph} + "\n";
            return;
        }
        for (; count > 0; --count, ++x) {
            for (unsigned bit = 0; bit < 6; ++bit) {
                if (((glyph - '?') >> bit & 1) != 0) {
                    const std::size_t at = std::size_t{top + bit} * width + left + x;
                    const unsigned row = top + bit - row_ * abilities_.cell.height;
                    if (at >= sixels_.size() || x >= size.width || row >= size.height) {
                        complaints_ += "sixel outside\n";
                        return;
                    }
                    sixels_[at] = colour;
                    // And they take the place of text.
                    cells_[std::size_t{(top + bit) / abilities_.cell.height} * columns_ +
                           (left + x) / abilities_.cell.width] = {};
                }
            }
        }
    }
    if (row_ + 1 == rows_) {
        complaints_ += "sixels in the last row\n";
    }
}

void FakeTerminal::application(std::string_view text) {
    if (!text.starts_with('G')) {
        complaints_ += "APC\n";
        return;
    }
    const std::size_t split = std::min(text.find(';'), text.size());
    const std::string_view keys = text.substr(1, split - 1);
    const std::string_view data = text.substr(std::min(split + 1, text.size()));
    if (value_of(keys, 'a') == "q") {
        reply(abilities_.kitty, "\x1b_Gi=31;OK\x1b\\");
        return;
    }
    if (!abilities_.kitty) {
        complaints_ += "kitty graphics\n";
        return;
    }
    if (value_of(keys, 'a') == "d") {
        pictures_.clear();
        return;
    }
    if (data.size() > 4096) {
        complaints_ += "a chunk is too long\n";
    }
    if (kitty_keys_.empty()) {
        kitty_keys_ = keys;
    }
    kitty_data_ += decode_base64(data);
    if (value_of(keys, 'm') == "1") {
        return;
    }
    const std::string first = std::exchange(kitty_keys_, {});
    const std::string compressed = std::exchange(kitty_data_, {});
    int size = 0;
    const std::unique_ptr<char, decltype(&std::free)> channels(
        stbi_zlib_decode_malloc(compressed.data(), static_cast<int>(compressed.size()), &size),
        &std::free);
    Picture picture{.x = column_ * abilities_.cell.width,
                    .y = row_ * abilities_.cell.height,
                    .size = {.width = static_cast<unsigned>(std::stoul(value_of(first, 's'))),
                             .height = static_cast<unsigned>(std::stoul(value_of(first, 'v')))},
                    .pixels = {}};
    const std::size_t count = std::size_t{picture.size.width} * picture.size.height;
    if (value_of(first, 'a') != "T" || value_of(first, 'f') != "24" ||
        value_of(first, 'o') != "z" || value_of(first, 'C') != "1" ||
        static_cast<std::size_t>(size) != 3 * count) {
        complaints_ += "kitty graphics: " + first + "\n";
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t pixel = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            pixel = pixel << 8 | static_cast<unsigned char>(channels.get()[3 * i + j]);
        }
        picture.pixels.push_back(pixel);
    }
    pictures_[static_cast<unsigned>(std::stoul(value_of(first, 'i')))] = std::move(picture);
}

std::optional<std::uint32_t> FakeTerminal::pixel(unsigned x, unsigned y) const {
    const Cell& place = cell(x / abilities_.cell.width, y / abilities_.cell.height);
    if (place.glyph != " " || place.background) {
        return std::nullopt;
    }
    for (const auto& [id, picture] : pictures_) {
        if (x >= picture.x && y >= picture.y && x < picture.x + picture.size.width &&
            y < picture.y + picture.size.height) {
            return picture
                .pixels[std::size_t{y - picture.y} * picture.size.width + (x - picture.x)];
        }
    }
    return sixels_[std::size_t{y} * columns_ * abilities_.cell.width + x];
}

std::optional<std::uint32_t> FakeTerminal::half_pixel(unsigned x, unsigned y) const {
    const Cell& place = cell(x, y / 2);
    const bool upper = y % 2 == 0;
    if (place.glyph == " ") {
        return place.background;
    }
    if (place.glyph == "\u2580") {
        return upper ? place.foreground : place.background;
    }
    if (place.glyph == "\u2584") {
        return upper ? place.background : place.foreground;
    }
    return std::nullopt;
}

std::string FakeTerminal::text(unsigned row) const {
    std::string line;
    for (unsigned column = 0; column < columns_; ++column) {
        const std::string& glyph = cell(column, row).glyph;
        line += glyph == "\u2580" || glyph == "\u2584" ? " " : glyph;
    }
    return line;
}

bool FakeTerminal::is_bold(unsigned column, unsigned row) const {
    return cell(column, row).bold;
}

}  // namespace terminal_test
