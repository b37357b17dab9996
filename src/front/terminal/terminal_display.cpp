#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <span>
#include <utility>

#include "front/terminal/capabilities.hpp"
#include "front/terminal/input_parser.hpp"
#include "front/terminal/painter.hpp"
#include "front/terminal/terminal.hpp"
#include "front/terminal/tty.hpp"
#include "tal/utf8.hpp"

namespace front {
namespace terminal {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = Input::Kind;
using Time = std::optional<Clock::time_point>;  ///< nothing: never
using std::chrono::milliseconds;

/// Long enough for a network; a terminal that answers ends the waiting.
constexpr milliseconds kAnswerPatience{1000};
/// What the terminal is to have read before it gets more frames. Enough to hide the way there and
/// back, too little to lag behind.
constexpr unsigned kMostUnread = 3;
/// As large as anybody's terminal, and no danger to memory.
constexpr unsigned kMostColumns = 1024;
constexpr unsigned kMostRows = 512;

// Title saved, other screen, no cursor, no wrapping; mouse with all motion, focus, paste.
constexpr std::string_view kEnter =
    "\x1b[22;2t\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h";
constexpr std::string_view kMouseOff = "\x1b[?1006l\x1b[?1003l";
constexpr std::string_view kLeave =
    "\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l\x1b[23;2t";

Time earlier(Time a, Time b) {
    return !a ? b : !b ? a : std::min(a, b);
}

varvara::Rows both(varvara::Rows a, varvara::Rows b) {
    if (a.begin >= a.end || b.begin >= b.end) {
        return a.begin >= a.end ? b : a;
    }
    return {.begin = std::min(a.begin, b.begin), .end = std::max(a.end, b.end)};
}

/// Where a view of `display` pixels has to begin to show `first` to `last` of `length`, if it does
/// not show any of them.
int follow(int begin, int first, int last, int display, int length) {
    if (first < begin + display && last > begin) {
        return begin;
    }
    return std::clamp((first + last - display) / 2, 0, std::max(length - display, 0));
}

class TerminalDisplay final : public Display {
public:
    TerminalDisplay(std::unique_ptr<Tty> tty, const TerminalOptions& options)
        : tty_(std::move(tty)), options_(options), parser_(tty_->erase()), painter_(Medium{}) {
        capabilities_.true_colour = promises_true_colour(
            std::getenv("TERM"), std::getenv("COLORTERM"), std::getenv("TMUX") != nullptr);
        begin(kEnter, kLeave);
        pending_ += capability_queries();
        set_title(options.title);  // after them: tmux takes one for a title
        const auto until = Clock::now() + kAnswerPatience;
        while (!capabilities_.complete && !vanished_ && Clock::now() < until) {
            turn(until, queued_);
        }
        settle();
        std::erase_if(queued_, [](const Input& input) { return input.kind == Kind::Resized; });
    }

    ~TerminalDisplay() override {
        if (capabilities_.status && !vanished_) {
            // What the terminal has sent until it reads this is not for whoever comes next.
            pending_ += kMouseOff;
            ask_for_status();
            const auto until = Clock::now() + kAnswerPatience / 2;
            std::vector<Input> ignored;
            while (unread_ > 0 && !vanished_ && Clock::now() < until) {
                turn(until, ignored);
            }
        }
    }

    void wait(std::optional<std::chrono::nanoseconds> timeout,
              std::vector<Input>& inputs) override {
        const std::size_t before = inputs.size();
        std::ranges::move(queued_, std::back_inserter(inputs));
        queued_.clear();
        Time until;
        if (timeout) {
            until = Clock::now() + *timeout;
        }
        bool woken = false;
        do {
            woken = turn(inputs.size() > before ? Clock::now() : until, inputs);
        } while (!woken && inputs.size() == before && (!until || Clock::now() < *until));
    }

    void wake() noexcept override { tty_->wake(); }

    Size size() const override { return geometry().pixels(); }

    Placement place(Size picture, unsigned zoom) const override {
        return terminal::place(geometry(), picture, zoom,
                               options_.scroll ? std::optional(scroll_) : std::nullopt);
    }

    void show(const Frame& frame) override {
        changed_ = both(changed_, frame.changed);
        everything_ |= frame.everything;
        if (options_.scroll) {
            follow_changes(frame);
        }
        if (!is_ready()) {
            skipped_ = true;
            return;
        }
        Frame whole = frame;
        whole.changed = std::exchange(changed_, {});
        whole.everything = std::exchange(everything_, false);
        pending_ = painter_.paint(whole);
        if (!pending_.empty()) {
            ask_for_status();
            write();
        }
    }

    void set_title(std::string_view title) override {
        title_ = title;
        pending_ += "\x1b]2;";
        for (std::size_t at = 0; at < title.size();) {
            const tal::CodePoint point = tal::decode_code_point(title, at);
            if (point.valid && point.value >= 0x20 && (point.value < 0x7f || point.value >= 0xa0)) {
                pending_ += title.substr(at, point.bytes);
            }
            at += point.bytes;
        }
        pending_ += "\x1b\\";
        write();
    }

    bool reports_key_up() const override { return keyboard_on_; }
    bool reads_console() const override { return true; }

private:
    const Geometry& geometry() const { return painter_.medium().geometry; }

    /// Whether the terminal takes a frame now.
    bool is_ready() const { return pending_.empty() && unread_ < kMostUnread; }

    void ask_for_status() {
        if (capabilities_.status) {
            pending_ += "\x1b[5n";
            ++unread_;
            asked_ = Clock::now();
        }
    }

    /// Waits until something happens and deals with it. True if it was `wake`, or a signal.
    bool turn(Time until, std::vector<Input>& inputs) {
        write();
        std::array entries = {
            pollfd{.fd = tty_->events(), .events = POLLIN, .revents = 0},
            pollfd{.fd = vanished_ ? -1 : tty_->fd(),
                   .events = static_cast<short>(pending_.empty() ? POLLIN : POLLIN | POLLOUT),
                   .revents = 0}};
        poll_until(entries, earlier(until, earlier(parser_until(), status_until())));
        Parsed parsed;
        if (entries[1].revents != 0) {
            if ((entries[1].revents & ~POLLOUT) != 0) {
                read(parsed);
            }
            write();
        }
        if (const Time limit = parser_until(); limit && Clock::now() >= *limit) {
            parser_.give_up(parsed);
        }
        take(parsed, inputs);
        if (const Time limit = status_until(); limit && Clock::now() >= *limit) {
            unread_ = 0;  // the answers are lost
        }
        if (skipped_ && is_ready()) {
            skipped_ = false;
            inputs.push_back({.kind = Kind::Exposed, .text = {}});
        }
        if (vanished_ && !closed_) {
            closed_ = true;
            inputs.push_back({.kind = Kind::Close, .text = {}});
        }
        return entries[0].revents != 0 && take_events(inputs);
    }

    static void poll_until(std::span<pollfd> entries, Time until) {
        timespec timeout{};
        if (until) {
            const auto left = std::max<std::chrono::nanoseconds>(*until - Clock::now(), {});
            timeout.tv_sec = static_cast<std::time_t>(left.count() / 1'000'000'000);
            timeout.tv_nsec = static_cast<long>(left.count() % 1'000'000'000);
        }
        if (ppoll(entries.data(), entries.size(), until ? &timeout : nullptr, nullptr) < 0) {
            for (pollfd& entry : entries) {
                entry.revents = 0;  // a signal: there is an event now
            }
        }
    }

    Time parser_until() const {
        const auto patience = parser_.patience();
        return patience ? Time(heard_ + *patience) : std::nullopt;
    }
    Time status_until() const {
        return skipped_ && pending_.empty() ? Time(asked_ + kAnswerPatience) : std::nullopt;
    }

    void read(Parsed& parsed) {
        std::array<char, 16384> buffer;
        const ssize_t count = ::read(tty_->fd(), buffer.data(), buffer.size());
        if (count > 0) {
            heard_ = Clock::now();
            parser_.feed({buffer.data(), static_cast<std::size_t>(count)}, parsed);
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            vanished_ = true;
        }
    }

    /// As much of what is pending as the terminal takes at once.
    void write() {
        std::size_t done = 0;
        while (done < pending_.size() && !vanished_) {
            const ssize_t count =
                ::write(tty_->fd(), pending_.data() + done, pending_.size() - done);
            if (count > 0) {
                done += static_cast<std::size_t>(count);
            } else if (count < 0 && errno == EIO) {
                vanished_ = true;
            } else if (errno != EINTR) {
                break;
            }
        }
        if (vanished_) {
            pending_.clear();
        } else {
            pending_.erase(0, done);
        }
    }

    void take(Parsed& parsed, std::vector<Input>& inputs) {
        for (const Report& report : parsed.reports) {
            if (report.kind == Report::Kind::Status && unread_ > 0) {
                --unread_;
            }
            learn(capabilities_, report);
        }
        if (!parsed.reports.empty() && capabilities_.complete && settle()) {
            inputs.push_back({.kind = Kind::Resized, .text = {}});
        }
        for (Input& input : parsed.inputs) {
            if (input.kind == Kind::MouseMove || input.kind == Kind::MouseDown ||
                input.kind == Kind::MouseUp) {
                const Point at = to_display({.x = input.x, .y = input.y});
                input.x = at.x;
                input.y = at.y;
                if (options_.scroll && follow_pointer(at)) {
                    inputs.push_back({.kind = Kind::Exposed, .text = {}});
                }
            }
            inputs.push_back(std::move(input));
        }
    }

    bool take_events(std::vector<Input>& inputs) {
        const auto [resized, continued, closing] = tty_->take_events();
        if (continued) {
            unread_ = 0;
            pending_.clear();
            painter_.forget();
            set_title(std::string(title_));
            inputs.push_back({.kind = Kind::FocusLost, .text = {}});
            inputs.push_back({.kind = Kind::Exposed, .text = {}});
        }
        if (resized || continued) {
            pending_ += size_queries();
            if (settle()) {
                inputs.push_back({.kind = Kind::Resized, .text = {}});
            }
        }
        if (closing) {
            inputs.push_back({.kind = Kind::Close, .text = {}});
        }
        return true;
    }

    /// Makes use of what is known about the terminal. True if its size is another one now.
    bool settle() {
        switch_on(keyboard_on_, capabilities_.keyboard, "\x1b[>31u", "\x1b[<u");
        switch_on(kitty_on_, method() == Method::Kitty, "", "\x1b_Ga=d,d=A,q=2\x1b\\");
        const Medium medium{.geometry = measure(),
                            .depth = {.true_colour = capabilities_.true_colour},
                            .synchronized = capabilities_.synchronized,
                            .sixel_colours = capabilities_.sixel_colours};
        switch_on(pixel_mouse_on_, capabilities_.pixel_mouse && is_cell_known_, "\x1b[?1016h",
                  "\x1b[?1016l");
        if (medium == painter_.medium()) {
            return false;
        }
        painter_ = Painter(medium);
        return true;
    }

    void switch_on(bool& on, bool wanted, std::string_view enter, std::string_view leave) {
        if (wanted && !on) {
            on = true;
            begin(enter, leave);
        }
    }

    void begin(std::string_view enter, std::string_view leave) {
        tty_->add(enter, leave);
        pending_ += enter;
        write();
    }

    Method method() const {
        switch (options_.pictures) {
            case TerminalOptions::Pictures::Kitty: return Method::Kitty;
            case TerminalOptions::Pictures::Sixel: return Method::Sixel;
            case TerminalOptions::Pictures::Blocks: return Method::Blocks;
            case TerminalOptions::Pictures::Auto: break;
        }
        return capabilities_.kitty   ? Method::Kitty
               : capabilities_.sixel ? Method::Sixel
                                     : Method::Blocks;
    }

    Geometry measure() {
        Geometry result;
        result.method = method();
        winsize window{};
        if (ioctl(tty_->fd(), TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 0) {
            result.columns = std::min<unsigned>(window.ws_col, kMostColumns);
            result.rows = std::min<unsigned>(window.ws_row, kMostRows);
        }
        const auto usable = [](Size size) {
            return size.width > 0 && size.height > 0 && size.width <= 256 && size.height <= 256;
        };
        const auto per_cell = [&](unsigned width, unsigned height) {
            return window.ws_col > 0 && window.ws_row > 0
                       ? Size{.width = width / window.ws_col, .height = height / window.ws_row}
                       : Size{};
        };
        is_cell_known_ = true;
        for (const Size cell : {per_cell(window.ws_xpixel, window.ws_ypixel), capabilities_.cell,
                                per_cell(capabilities_.area.width, capabilities_.area.height)}) {
            if (usable(cell)) {
                result.cell = cell;
                return result;
            }
        }
        is_cell_known_ = false;
        return result;
    }

    /// From where the terminal says the mouse is, to a pixel of the display.
    Point to_display(Point at) const {
        const Size unit = geometry().unit();
        const Size cell = geometry().cell;
        const auto along = [&](int from, unsigned unit_length, unsigned cell_length) {
            const int length = static_cast<int>(unit_length);
            return pixel_mouse_on_ ? from * length / static_cast<int>(cell_length)
                                   : from * length + length / 2;
        };
        return {.x = along(at.x, unit.width, cell.width),
                .y = along(at.y, unit.height, cell.height)};
    }

    /// Moves the part that is shown of a large picture as the pointer is moved: at an edge of the
    /// display that edge of the picture can be seen. True if that is another part.
    bool follow_pointer(Point at) {
        const auto along = [](int from, unsigned display, unsigned picture) {
            const int hidden = static_cast<int>(picture) - static_cast<int>(display);
            const int last = static_cast<int>(display) - 1;
            return hidden <= 0 || last <= 0 ? 0 : hidden * std::clamp(from, 0, last) / last;
        };
        const Size display = size();
        return scroll_to({.x = along(at.x, display.width, last_size_.width),
                          .y = along(at.y, display.height, last_size_.height)});
    }

    /// Moves it to what changes, if that cannot be seen.
    void follow_changes(const Frame& frame) {
        const bool same = last_size_ == frame.size && !frame.everything;
        const varvara::Rows rows = frame.changed;
        const auto width = static_cast<std::ptrdiff_t>(frame.size.width);
        std::ptrdiff_t left = width;
        std::ptrdiff_t right = 0;
        for (std::ptrdiff_t y = rows.begin; same && y < rows.end; ++y) {
            const auto now =
                frame.pixels.subspan(static_cast<std::size_t>(y * width), frame.size.width);
            const auto old = last_pixels_.begin() + y * width;
            left = std::min(
                left, std::ranges::mismatch(now, std::span(old, now.size())).in1 - now.begin());
            for (std::ptrdiff_t x = width; x > right; --x) {
                if (now[static_cast<std::size_t>(x - 1)] != old[x - 1]) {
                    right = x;
                }
            }
        }
        last_size_ = frame.size;
        last_pixels_.assign(frame.pixels.begin(), frame.pixels.end());
        if (left >= right) {
            return;
        }
        const Size display = size();
        const auto along = [](int begin, auto first, auto last, unsigned length, unsigned whole) {
            return follow(begin, static_cast<int>(first), static_cast<int>(last),
                          static_cast<int>(length), static_cast<int>(whole));
        };
        if (scroll_to(
                {.x = along(scroll_.x, left, right, display.width, frame.size.width),
                 .y = along(scroll_.y, rows.begin, rows.end, display.height, frame.size.height)})) {
            queued_.push_back({.kind = Kind::Exposed, .text = {}});
        }
    }

    bool scroll_to(Point where) { return std::exchange(scroll_, where) != where; }

    std::unique_ptr<Tty> tty_;
    TerminalOptions options_;
    InputParser parser_;
    Capabilities capabilities_;
    Painter painter_;
    std::vector<Input> queued_;  ///< happened before anybody asked
    Clock::time_point heard_;    ///< when the terminal sent something last
    std::string title_;

    std::string pending_;      ///< what the terminal has not taken yet
    unsigned unread_ = 0;      ///< questions for its status that it has not answered yet
    Clock::time_point asked_;  ///< when the last of them was sent
    bool skipped_ = false;     ///< a frame that it was not ready for
    varvara::Rows changed_;    ///< by frames that were skipped
    bool everything_ = false;  ///< likewise

    bool keyboard_on_ = false;
    bool kitty_on_ = false;
    bool pixel_mouse_on_ = false;
    bool is_cell_known_ = false;
    bool vanished_ = false;
    bool closed_ = false;  ///< and that was reported

    Point scroll_;  ///< the first pixel shown of a picture that is too large
    Size last_size_;
    std::vector<std::uint32_t> last_pixels_;
};

}  // namespace
}  // namespace terminal

base::Result<std::unique_ptr<Display>> open_terminal(const TerminalOptions& options) {
    const char* term = std::getenv("TERM");
    if (term != nullptr && std::string_view(term) == "dumb") {
        return base::fail(base::ErrorCode::Unsupported,
                          "the terminal cannot show pictures: TERM is 'dumb'");
    }
    auto tty = terminal::Tty::open(options.device);
    if (!tty) {
        return std::unexpected(tty.error());
    }
    return std::make_unique<terminal::TerminalDisplay>(*std::move(tty), options);
}

}  // namespace front
