#include "front/desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "front/bindings.hpp"
#include "front/captures.hpp"
#include "front/controls.hpp"
#include "front/key_list.hpp"
#include "front/slots.hpp"
#include "front/stage.hpp"
#include "front/watcher.hpp"
#include "host/signals.hpp"
#include "host/wake_up.hpp"

namespace front {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// A vector that runs for longer is worth a word to the user.
constexpr milliseconds kBusyTime{1000};
constexpr std::array kSpeeds = {0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0};
constexpr Size kSizeAtBoot = {.width = 512, .height = 320};
constexpr int kVolumeStep = 10;
constexpr std::size_t kMostLines = 24;
/// What the official emulators exit with when their user quits by key: System/state is ff.
constexpr std::uint8_t kQuitCode = 0x7f;

/// What a program that has shown nothing else has printed: the end of it.
std::vector<Overlay::Line> lines_of(const std::string& name, std::string_view printed) {
    std::vector<Overlay::Line> lines;
    while (!printed.empty()) {
        const std::size_t end = std::min(printed.find('\n'), printed.size() - 1);
        std::string_view line = printed.substr(0, end + 1);
        printed.remove_prefix(end + 1);
        if (line.ends_with('\n')) {
            line.remove_suffix(1);
        }
        lines.push_back({.text = std::string(line)});
    }
    if (lines.size() > kMostLines) {
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMostLines));
    }
    using Style = Overlay::Line::Style;
    lines.insert(lines.begin(),
                 {.text = lines.empty() ? name + " has ended" : name + " has printed:",
                  .style = Style::Heading});
    lines.push_back({.text = "Escape: back to the list", .style = Style::Faint});
    return lines;
}

class Desk {
public:
    explicit Desk(DeskParts parts) : parts_(std::move(parts)) {}
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    DeskEnd run(const std::function<std::unique_ptr<Running>(std::function<void()>)>& make_first);

private:
    /// A program, and the ones below it wait until it has ended.
    struct Layer {
        std::unique_ptr<Running> program;
        bool from_launcher = false;  ///< which comes back when it has ended
        std::unique_ptr<Controls> controls;
        std::unique_ptr<Captures> captures = {};
        bool was_paused = false;
        double speed = 1;
        bool was_seen = false;  ///< it has shown something
        std::optional<varvara::Metadata> metadata = {};
        std::optional<IconPicture> icon = {};
    };
    using Panel = Stage::Panel;

    Running& program() { return *layers_.back().program; }
    Player& player() { return program().player(); }
    Controls& controls() { return *layers_.back().controls; }
    Captures& captures() { return *layers_.back().captures; }
    Settings& settings() { return program().settings(); }

    bool wait_for_people();
    bool open_display();
    void loop();
    std::optional<nanoseconds> patience() const;

    void react_to(Player::News news);
    void program_ended(bool by_user);
    bool start(const Choice& choice, bool from_launcher, bool instead);
    bool resumes();
    void start_top();
    void stop_top();
    void begin_top();
    void leave_top();
    void leave_program();

    void handle(const Input& input);
    bool handle_key(const Input& input);
    void act(Action action, bool repeat);
    void send(const Input& input);
    void send(const std::vector<varvara::Event>& events);

    void pause(bool on);
    void rewind(bool on);
    void change_speed(int direction);
    void reboot(varvara::Event::Kind kind);
    void reload();
    std::optional<std::vector<std::uint8_t>> read_again();

    Slots slots();
    void change_slot(unsigned slot);
    void store_state(std::vector<std::uint8_t> state);
    void load_state();
    void screenshot();
    void capture(const std::function<base::Result<std::string>(Captures&)>& what);
    void save_settings();
    void look_after_captures();
    void report(const base::Result<std::string>& done);

    void open_sound();
    void apply_volume();
    void change_volume(int by);

    void set_title();
    void set_icon();
    void notice(std::string text, bool stays = false) { stage_->notice(std::move(text), stays); }
    void may_get_busy();
    void say_if_busy();
    void watch_sources();

    DeskParts parts_;
    std::function<void()> on_change_;
    host::WakeUp bell_;                     ///< as long as there is no display
    std::atomic<Display*> awake_{nullptr};  ///< the display, for other threads
    std::unique_ptr<Stage> stage_;
    std::unique_ptr<Sound> sound_;
    std::vector<Layer> layers_;
    std::unique_ptr<Watcher> watcher_;
    std::vector<std::string> watched_;
    std::vector<Input> inputs_;
    DeskEnd end_;
    Clock::time_point may_be_busy_until_;
    Held held_before_pause_;
    unsigned slot_ = 1;
    std::atomic<bool> source_changed_{false};
    Key rewind_key_ = Key::None;
    bool rewinding_ = false;
    bool swallow_text_ = false;  ///< of a key that was for us
    bool busy_ = false;
    bool sound_failed_ = false;
    bool quit_by_key_ = false;
    bool closing_ = false;
};

// --- a program's life ---------------------------------------------------------------------------

DeskEnd Desk::run(
    const std::function<std::unique_ptr<Running>(std::function<void()>)>& make_first) {
    on_change_ = [this] {
        if (Display* display = awake_) {
            display->wake();
        } else {
            bell_.ring();
        }
    };
    layers_.push_back({.program = make_first(on_change_), .controls = {}});
    player().stop_on_signal();
    start_top();
    if (!wait_for_people()) {
        player().stop();
        end_.end = player().end();
        return end_;
    }
    loop();
    return end_;
}

/// Until the program wants a display; false: it has ended without, or there is none.
bool Desk::wait_for_people() {
    while (true) {
        Player::News news = player().news();
        const bool wanted = news.wants_people && !end_.no_display;
        if (wanted && open_display()) {
            begin_top();
            react_to(std::move(news));
            return true;
        }
        if (wanted) {
            end_.no_display = true;
            if (parts_.display_needed) {
                return false;
            }
            player().refuse_people();
        }
        if (news.ended) {
            return false;
        }
        bell_.wait(-1, std::nullopt);
    }
}

bool Desk::open_display() {
    const Settings& wanted = settings();
    Stage::Look look = {.picture = {},
                        .zoom = parts_.zoom.value_or(wanted.zoom),
                        .full_screen = parts_.full_screen || wanted.full_screen,
                        .border = wanted.border};
    player().look([&](auto, Size size, auto) { look.picture = size; });
    if (look.picture.width == 0) {
        look.picture = kSizeAtBoot;  // it has not drawn yet
    }
    player().hold_input(true);  // the display may ask the same terminal for what it can do
    auto opened = parts_.open_display({.title = program().name(),
                                       .size = look.size(),
                                       .full_screen = look.full_screen,
                                       .border = look.border});
    player().hold_input(opened && (*opened)->reads_console());
    if (!opened) {
        parts_.warn(opened.error().detail);
        return false;
    }
    stage_ = std::make_unique<Stage>(std::move(*opened), look);
    awake_ = &stage_->display();
    return true;
}

Desk::~Desk() {
    watcher_.reset();
    sound_.reset();
    layers_.clear();
    awake_ = nullptr;
}

bool Desk::resumes() {
    return (parts_.resume || settings().resume) && !program().recorded() &&
           program().choice().kind == Choice::Kind::File;
}

/// Starts the program on top, or goes on where it was left.
void Desk::start_top() {
    if (resumes()) {
        if (auto state = slots().load(Slots::kAutosave)) {
            player().load_state(std::move(*state));
        }
    }
    layers_.back().speed = settings().speed / 100.0;
    player().set_speed(layers_.back().speed);
    player().start();
    may_get_busy();
}

/// Ends the program on top, wherever it is.
void Desk::stop_top() {
    player().stop();
    if (!resumes()) {
        return;
    }
    if (auto state = player().state_at_end()) {
        if (const auto saved = slots().save(Slots::kAutosave, *state); !saved) {
            parts_.warn(saved.error().detail);
        }
    } else if (player().end().reason == varvara::SessionEnd::Reason::Exit) {
        // It has ended by itself: there is nothing to go on with.
        [[maybe_unused]] const auto removed = slots().remove(Slots::kAutosave);
    }
}

/// What belongs to the program on top.
void Desk::begin_top() {
    Layer& layer = layers_.back();
    if (!layer.controls) {
        layer.controls = std::make_unique<Controls>(settings().buttons, settings().pads,
                                                    stage_->display().reports_key_up());
    }
    player().stop_on_signal();
    busy_ = false;
    rewinding_ = false;
    stage_->refresh();
    apply_volume();
    if (!layer.captures) {
        layer.captures = std::make_unique<Captures>(parts_.captures_folder, program().name(),
                                                    settings().last_seconds, on_change_);
    }
    player().set_onlooker(layer.captures.get());
    set_title();
    set_icon();
    watch_sources();
    player().pause(layer.was_paused);
    on_change_();
}

void Desk::loop() {
    while (!closing_) {
        inputs_.clear();
        stage_->display().wait(patience(), inputs_);
        for (const Input& input : inputs_) {
            handle(input);
            if (closing_) {
                break;
            }
        }
        const auto now = Clock::now();
        if (controls().next_release().value_or(now + kBusyTime) <= now) {
            std::vector<varvara::Event> events;
            controls().add_releases(now, events);
            send(events);
        }
        stage_->let_notices_go(now);
        react_to(player().news());
        if (closing_) {
            break;
        }
        if (captures().has_news()) {
            look_after_captures();
        }
        if (source_changed_.exchange(false)) {
            reload();
        }
        say_if_busy();
        stage_->show(player(), controls());
    }
    leave_program();
    stop_top();
    for (; layers_.size() > 1; stop_top()) {
        layers_.pop_back();
    }
    end_.end = player().end();
    if (quit_by_key_) {
        end_.end.exit_code = kQuitCode;
    }
}

/// How long nothing has to be done unless something happens.
std::optional<nanoseconds> Desk::patience() const {
    std::optional<Clock::time_point> until = stage_->notice_until();
    const auto at_most = [&](Clock::time_point moment) {
        until = until ? std::min(*until, moment) : moment;
    };
    const Player& player = layers_.back().program->player();
    if (player.ticks() || player.busy()) {
        at_most(Clock::now() + kBusyTime);
    } else if (may_be_busy_until_ > Clock::now()) {
        at_most(may_be_busy_until_);
    }
    if (const auto release = layers_.back().controls->next_release()) {
        at_most(*release);
    }
    if (!until) {
        return std::nullopt;
    }
    return std::max(nanoseconds(0), nanoseconds(*until - Clock::now()));
}

// --- news ---------------------------------------------------------------------------------------

void Desk::react_to(Player::News news) {
    if (news.metadata) {
        layers_.back().metadata = std::move(*news.metadata);
        set_title();
    }
    if (news.icon) {
        layers_.back().icon = std::move(*news.icon);
        set_icon();
    }
    layers_.back().was_seen |= news.wants_people;
    stage_->show_pointer(!news.draws_pointer);
    if (news.wants_sound) {
        open_sound();
    }
    if (news.silent && sound_ != nullptr) {
        sound_->play(false);
        player().set_audible(false);
    }
    for (std::string& text : news.notices) {
        notice(std::move(text));
    }
    if (news.state) {
        store_state(std::move(*news.state));
    }
    if (news.ended) {
        program_ended(false);
    }
}

void Desk::program_ended(bool by_user) {
    if (host::interrupt_flag() || layers_.empty()) {
        closing_ = true;
        return;
    }
    const auto choice = program().chosen();
    const bool from_launcher = layers_.back().from_launcher;
    if (layers_.size() == 1 && !from_launcher &&
        program().choice().kind != Choice::Kind::Launcher) {
        closing_ = true;
        return;
    }
    if (choice) {
        if (!start(*choice, true, true)) {
            start({.kind = Choice::Kind::Launcher, .name = {}}, false, true);
        }
        return;
    }
    if (from_launcher) {
        auto printed = by_user || layers_.back().was_seen
                           ? std::vector<Overlay::Line>()
                           : lines_of(program().name(), program().printed());
        if (start({.kind = Choice::Kind::Launcher, .name = {}}, false, true)) {
            if (!printed.empty()) {
                stage_->show_panel(Panel::Output, std::move(printed));
            }
            return;
        }
    }
    leave_top();
}

/// Puts a program on the desk: on top, or instead of what is on top.
bool Desk::start(const Choice& choice, bool from_launcher, bool instead) {
    if (!stage_->display().can_resize()) {
        parts_.programs.set_room(stage_->display().size());
    }
    std::vector<Overlay::Line> errors;
    auto program = parts_.programs.open(choice, on_change_, errors);
    if (!program) {
        stage_->show_panel(Panel::Errors, std::move(errors));
        return false;
    }
    if (choice.kind != Choice::Kind::Launcher) {
        stage_->hide_panel();  // over the launcher it says why a program did not start
    }
    leave_program();
    if (instead) {
        stop_top();
        layers_.pop_back();
    } else {
        layers_.back().was_paused = player().paused();
        player().pause(true);
    }
    layers_.push_back(
        {.program = std::move(program), .from_launcher = from_launcher, .controls = {}});
    begin_top();
    start_top();
    return true;
}

/// The program on top is over: back to the one below.
void Desk::leave_top() {
    leave_program();
    if (layers_.size() == 1) {
        closing_ = true;
        return;
    }
    layers_.pop_back();
    begin_top();
}

/// Before another program comes to the top.
void Desk::leave_program() {
    sound_.reset();
    player().set_audible(false);
    player().set_onlooker(nullptr);
    if (captures().filming()) {
        const auto film = captures().end_film();
        closing_ && !film ? parts_.warn(film.error().detail) : report(film);
    }
    std::vector<varvara::Event> events;
    Input lost;
    lost.kind = Input::Kind::FocusLost;
    controls().add_events(lost, events);
    send(events);
}

// --- what the user does -------------------------------------------------------------------------

void Desk::handle(const Input& input) {
    if (stage_->handle(input)) {
        return;
    }
    using Kind = Input::Kind;
    switch (input.kind) {
        case Kind::Close: closing_ = true; return;
        case Kind::Drop:
            start({.kind = Choice::Kind::File, .name = input.text}, layers_.back().from_launcher,
                  true);
            return;
        case Kind::KeyDown:
            if (handle_key(input)) {
                return;
            }
            break;
        case Kind::KeyUp:
            if (rewinding_ && input.key == rewind_key_) {
                rewind(false);
            }
            break;
        case Kind::Text:
            if (swallow_text_) {
                return;  // by a key that was for us
            }
            break;
        case Kind::FocusLost: rewind(false); break;
        default: break;
    }
    send(input);
}

/// Whether it was for us.
bool Desk::handle_key(const Input& input) {
    swallow_text_ = true;
    if (input.key == Key::Escape && stage_->panel() != Panel::None) {
        stage_->hide_panel();
        return true;
    }
    if (const auto action = settings().bindings.action_of(chord_of(input.key, input.modifiers))) {
        if (*action == Action::Rewind) {
            rewind_key_ = input.key;
        }
        act(*action, input.repeat);
        return true;
    }
    swallow_text_ = false;
    return false;
}

void Desk::act(Action action, bool repeat) {
    const bool again_makes_sense = action == Action::NextFrame || action == Action::Slower ||
                                   action == Action::Faster || action == Action::VolumeDown ||
                                   action == Action::VolumeUp;
    if (repeat && !again_makes_sense) {
        return;
    }
    switch (action) {
        case Action::Quit:
            if (layers_.size() > 1 || layers_.back().from_launcher) {
                stop_top();
                program_ended(true);
            } else {
                quit_by_key_ = true;
                closing_ = true;
            }
            break;
        case Action::Reboot: reboot(varvara::Event::Kind::HardReboot); break;
        case Action::SoftReboot: reboot(varvara::Event::Kind::SoftReboot); break;
        case Action::PrintStacks: player().print_stacks(); break;
        case Action::Open:
            if (program().choice().kind != Choice::Kind::Launcher) {
                stage_->hide_panel();
                start({.kind = Choice::Kind::Launcher, .name = {}}, false, false);
            }
            break;
        case Action::Paste: {
            std::vector<varvara::Event> events;
            add_typing(stage_->display().clipboard(), events);
            send(events);
            break;
        }
        case Action::SaveSettings: save_settings(); break;
        case Action::Pause: pause(!player().paused()); break;
        case Action::NextFrame:
            if (!player().paused()) {
                pause(true);
            }
            player().next_frame();
            break;
        case Action::Rewind: rewind(true); break;
        case Action::Slower: change_speed(-1); break;
        case Action::Faster: change_speed(1); break;
        case Action::NormalSpeed: change_speed(0); break;
        case Action::SaveState: player().save_state(); break;
        case Action::LoadState: load_state(); break;
        case Action::NextSlot: change_slot((slot_ + 1) % Slots::kCount); break;
        case Action::PreviousSlot: change_slot((slot_ + Slots::kCount - 1) % Slots::kCount); break;
        case Action::Screenshot: screenshot(); break;
        case Action::SaveLast:
            capture([](Captures& captures) { return captures.save_last(); });
            break;
        case Action::Record:
            capture([](Captures& captures) {
                return captures.filming() ? captures.end_film() : captures.begin_film();
            });
            break;
        case Action::Zoom: stage_->cycle_zoom(); break;
        case Action::FullScreen: stage_->toggle_full_screen(); break;
        case Action::Border: stage_->toggle_border(); break;
        case Action::Mute:
            settings().muted = !settings().muted;
            change_volume(0);
            break;
        case Action::VolumeDown: change_volume(-kVolumeStep); break;
        case Action::VolumeUp: change_volume(kVolumeStep); break;
        case Action::Keys:
            if (stage_->panel() == Panel::Keys) {
                stage_->hide_panel();
            } else {
                stage_->show_panel(Panel::Keys, key_list(settings().bindings, settings().buttons));
            }
            break;
    }
}

void Desk::send(const Input& input) {
    const bool modifier = input.key == Key::LeftCtrl || input.key == Key::LeftAlt;
    if (modifier && program().choice().kind == Choice::Kind::Launcher) {
        return;  // as a button it starts programs, also when it was meant for one of our keys
    }
    std::vector<varvara::Event> events;
    controls().add_events(input, events);
    send(events);
}

void Desk::send(const std::vector<varvara::Event>& events) {
    if (player().paused() || rewinding_) {
        return;  // what is held then is told afterwards
    }
    for (const varvara::Event& event : events) {
        player().post(event);
    }
    may_get_busy();
}

// --- time ---------------------------------------------------------------------------------------

void Desk::pause(bool on) {
    if (on) {
        held_before_pause_ = controls().held();
    }
    player().pause(on);
    if (!on) {
        std::vector<varvara::Event> events;
        controls().add_changes(held_before_pause_, events);
        send(events);
    }
    notice(on ? "paused" : "", on);
}

void Desk::rewind(bool on) {
    if (on == rewinding_) {
        return;
    }
    if (on && program().recorded()) {
        notice("no going back in a run that is recorded");
        return;
    }
    rewinding_ = on;
    player().rewind(on, controls().held());
    notice(on ? "rewinding" : "", on);
}

/// To the next step in that direction; 0: back to normal.
void Desk::change_speed(int direction) {
    double& speed = layers_.back().speed;
    if (direction == 0) {
        speed = 1;
    } else if (direction > 0) {
        const auto next = std::ranges::upper_bound(kSpeeds, speed);
        speed = next == kSpeeds.end() ? kSpeeds.back() : *next;
    } else {
        const auto next = std::ranges::lower_bound(kSpeeds, speed);
        speed = next == kSpeeds.begin() ? kSpeeds.front() : *std::prev(next);
    }
    player().set_speed(speed);
    notice(fmt::format("speed {}", speed));
}

/// Reads the program's files again. Nothing: there is no program in them any more, which is said.
std::optional<std::vector<std::uint8_t>> Desk::read_again() {
    std::vector<Overlay::Line> errors;
    auto rom = program().reload(errors);
    watch_sources();
    if (!rom) {
        stage_->show_panel(Panel::Errors, std::move(errors));
    } else if (stage_->panel() == Panel::Errors) {
        stage_->hide_panel();
    }
    return rom;
}

void Desk::reboot(varvara::Event::Kind kind) {
    if (auto rom = read_again()) {
        player().reboot(kind, std::move(*rom));
        may_get_busy();
        if (player().paused()) {
            pause(false);
        }
    }
}

/// After a change of its files.
void Desk::reload() {
    const std::vector<std::uint8_t> before(program().rom().begin(), program().rom().end());
    if (auto rom = read_again(); rom && *rom != before) {
        player().reboot(varvara::Event::Kind::HardReboot, std::move(*rom));
        may_get_busy();
        notice("reloaded");
    }
}

// --- states, pictures, films --------------------------------------------------------------------

void Desk::change_slot(unsigned slot) {
    slot_ = slot;
    notice(fmt::format("slot {}", slot_));
}

void Desk::store_state(std::vector<std::uint8_t> state) {
    const auto saved = slots().save(slot_, state);
    notice(saved ? fmt::format("saved in slot {}", slot_) : saved.error().detail);
}

void Desk::load_state() {
    if (program().recorded()) {
        notice("no going back in a run that is recorded");
        return;
    }
    auto state = slots().load(slot_);
    if (!state) {
        notice(state.error().detail);
        return;
    }
    player().load_state(std::move(*state));
    notice(fmt::format("slot {}", slot_));
}

Slots Desk::slots() {
    return Slots(parts_.states_folder, program().name(), program().rom());
}

void Desk::screenshot() {
    std::vector<std::uint32_t> copy;  // so that the program need not wait for the file
    Size copy_size;
    player().look([&](auto pixels, Size size, varvara::Rows) {
        copy.assign(pixels.begin(), pixels.end());
        copy_size = size;
    });
    stage_->refresh();  // `look` has used up what was to be shown
    report(captures().save_picture(copy, copy_size));
}

/// Does something for which nobody may look on.
void Desk::capture(const std::function<base::Result<std::string>(Captures&)>& what) {
    player().set_onlooker(nullptr);
    report(what(captures()));
    player().set_onlooker(&captures());
}

void Desk::look_after_captures() {
    player().set_onlooker(nullptr);
    for (std::string& text : captures().news()) {
        notice(std::move(text));
    }
    player().set_onlooker(&captures());
}

void Desk::report(const base::Result<std::string>& done) {
    notice(done ? *done : done.error().detail);
}

void Desk::save_settings() {
    Settings& now = settings();
    now.zoom = stage_->look().zoom;
    now.full_screen = stage_->look().full_screen;
    now.border = stage_->look().border;
    now.speed = static_cast<unsigned>(std::lround(layers_.back().speed * 100));
    report(program().save_settings());
}

// --- sound --------------------------------------------------------------------------------------

void Desk::open_sound() {
    if (sound_ != nullptr) {
        sound_->play(true);
        player().set_audible(true);
        return;
    }
    if (sound_failed_ || !parts_.open_sound) {
        return;
    }
    auto opened = parts_.open_sound(
        kSoundRateHz, [&heard = player()](std::span<std::int16_t> samples) { heard.mix(samples); });
    if (!opened) {
        sound_failed_ = true;
        notice(fmt::format("no sound: {}", opened.error().detail));
        return;
    }
    sound_ = std::move(*opened);
    sound_->play(true);
    player().set_audible(true);
}

void Desk::apply_volume() {
    player().set_volume(settings().muted ? 0 : settings().volume * 256 / 100);
}

void Desk::change_volume(int by) {
    Settings& now = settings();
    if (by != 0) {
        now.volume = static_cast<unsigned>(std::clamp(static_cast<int>(now.volume) + by, 0, 100));
        now.muted = false;
    }
    apply_volume();
    notice(now.muted ? "muted" : fmt::format("volume {} %", now.volume));
}

// --- what is shown ------------------------------------------------------------------------------

void Desk::set_title() {
    std::string title = program().name();
    if (const auto& metadata = layers_.back().metadata; metadata && !metadata->title().empty()) {
        title = metadata->title();
    }
    if (busy_) {
        title += " (busy)";
    }
    stage_->display().set_title(title);
}

void Desk::set_icon() {
    const auto& icon = layers_.back().icon;
    if (icon) {
        stage_->display().set_icon(icon->size, icon->pixels);
    }
}

/// By what it was just sent: nobody tells when a vector begins, so there has to be a look at it.
void Desk::may_get_busy() {
    may_be_busy_until_ = Clock::now() + kBusyTime;
}

void Desk::say_if_busy() {
    const auto busy = player().busy();
    const bool now = busy && *busy >= kBusyTime;
    if (now == busy_) {
        return;
    }
    busy_ = now;
    std::string text;
    if (busy_) {
        text = "the program is busy";
        if (const auto chords = settings().bindings.chords_of(Action::Reboot); !chords.empty()) {
            text += fmt::format(": {} reboots it", print(chords.front()));
        }
    }
    notice(std::move(text), busy_);
    set_title();
}

// --- watching -----------------------------------------------------------------------------------

void Desk::watch_sources() {
    if (!parts_.watch) {
        return;
    }
    if (watcher_ == nullptr) {
        auto started = Watcher::start([this] {
            source_changed_ = true;
            on_change_();
        });
        if (!started) {
            notice(started.error().detail);
            return;
        }
        watcher_ = std::move(*started);
    }
    if (std::vector<std::string> sources = program().sources(); sources != watched_) {
        watched_ = sources;
        watcher_->watch(std::move(sources));
    }
}

}  // namespace

DeskEnd run_desk(DeskParts parts,
                 const std::function<std::unique_ptr<Running>(std::function<void()>)>& make_first) {
    return Desk(std::move(parts)).run(make_first);
}

}  // namespace front
