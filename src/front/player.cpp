#include "front/player.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "host/signals.hpp"
#include "varvara/digest.hpp"
#include "varvara/state_file.hpp"

namespace front {
namespace {

using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// A player that is later than this with a frame does not try to catch up.
constexpr nanoseconds kLate = std::chrono::milliseconds(100);
/// How often the computer is remembered for rewinding, and how fast that goes back.
constexpr nanoseconds kMemoryInterval = std::chrono::milliseconds(100);
constexpr nanoseconds kRewindInterval = std::chrono::milliseconds(33);
constexpr double kSlowest = 0.1;
constexpr double kFastest = 16;
constexpr std::uint64_t kSilence =
    std::uint64_t{20} * kSoundRateHz;  ///< after which it is worth telling
/// A tail of moves that nobody has looked at yet is as good as its last one.
constexpr std::size_t kManyEvents = 64;

std::int64_t now_ns() {
    return nanoseconds(Clock::now().time_since_epoch()).count();
}

/// The large icon if there is one, in the program's colours; colour 0 can be seen through.
std::optional<IconPicture> icon_of(const uxn::Machine& machine,
                                   const std::optional<varvara::Metadata>& metadata) {
    if (!metadata) {
        return std::nullopt;
    }
    auto icon = varvara::icon_of(machine.ram, *metadata, true);
    if (!icon) {
        icon = varvara::icon_of(machine.ram, *metadata);
    }
    if (!icon) {
        return std::nullopt;
    }
    const varvara::Palette palette = varvara::palette_of(machine);
    IconPicture picture = {.size = {icon->size, icon->size}, .pixels = {}};
    picture.pixels.reserve(icon->pixels.size());
    for (const std::uint8_t colour : icon->pixels) {
        picture.pixels.push_back(colour == 0 ? 0 : 0xff000000 | palette.at(colour));
    }
    return picture;
}

/// Console input from a terminal in whose background we run would stop the whole process.
bool may_read(int fd) {
    return isatty(fd) == 0 || tcgetpgrp(fd) == getpgrp();
}

}  // namespace

/// The console of a program that is being watched: while a vector runs for long, its output's
/// flushes are the moments to look after everything else.
class Player::Output final : public varvara::ConsoleSink {
public:
    explicit Output(Player& player) : player_(player), sink_(player.parts_.output) {}

    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        return sink_.write(stream, bytes);
    }
    bool flush() noexcept override {
        const bool goes_on = sink_.flush();
        player_.breathe();
        return goes_on;
    }

private:
    Player& player_;
    varvara::ConsoleSink& sink_;
};

/// Sound on its way from the thread that mixes it with the frames to the one that plays it: a few
/// frames of it. Neither side waits; what does not fit is lost.
class Player::Queue {
public:
    void put(std::span<const std::int16_t> samples) noexcept {
        const std::size_t end = end_.load(std::memory_order_relaxed);
        const std::size_t room = buffer_.size() - (end - begin_.load(std::memory_order_acquire));
        samples = samples.first(std::min(samples.size(), room) & ~std::size_t{1});
        for (std::size_t i = 0; i < samples.size(); ++i) {
            buffer_[(end + i) % buffer_.size()] = samples[i];
        }
        end_.store(end + samples.size(), std::memory_order_release);
    }
    void take(std::span<std::int16_t> samples) noexcept {
        const std::size_t begin = begin_.load(std::memory_order_relaxed);
        const std::size_t count =
            std::min(samples.size(), end_.load(std::memory_order_acquire) - begin);
        for (std::size_t i = 0; i < count; ++i) {
            samples[i] = buffer_[(begin + i) % buffer_.size()];
        }
        std::ranges::fill(samples.subspan(count), 0);
        begin_.store(begin + count, std::memory_order_release);
    }

private:
    std::array<std::int16_t, 2 * kSoundRateHz / 10> buffer_;
    std::atomic<std::size_t> begin_{0};
    std::atomic<std::size_t> end_{0};
};

Player::Player(PlayerParts parts) : parts_(std::move(parts)), history_(parts_.rewind_bytes) {
    output_ = std::make_unique<Output>(*this);
    input_is_open_ = parts_.input_fd >= 0;
    people_ = parts_.for_people;
    news_.wants_people = people_;
    if (parts_.clock != nullptr) {
        queue_ = std::make_unique<Queue>();
    }
}

Player::~Player() {
    stop();
}

void Player::start() {
    thread_ = std::thread([this] { run(); });
}

void Player::stop() {
    stopping_ = true;
    interrupt_ = true;
    wake_up_.ring();
    if (thread_.joinable()) {
        thread_.join();
    }
    host::no_longer_stop_on_signal(&interrupt_);
}

std::optional<std::vector<std::uint8_t>> Player::state_at_end() {
    if (!session_ || !session_->running()) {
        return std::nullopt;
    }
    return varvara::save_state(parts_.machine, parts_.varvara, {.rom = parts_.rom});
}

bool Player::stopping() const {
    return stopping_ || host::interrupt_flag();
}

void Player::stop_on_signal() {
    host::stop_on_signal(&interrupt_, &wake_up_);
}

Player::News Player::news() {
    const std::scoped_lock lock(mutex_);
    News news = std::move(news_);
    news_ = {.wants_people = news.wants_people,
             .ended = news.ended,
             .draws_pointer = news.draws_pointer,
             .metadata = {},
             .icon = {},
             .state = {},
             .notices = {}};
    told_ = false;
    return news;
}

void Player::tell(const std::function<void(News&)>& what) {
    bool first = false;
    {
        const std::scoped_lock lock(mutex_);
        what(news_);
        first = !std::exchange(told_, true);
    }
    if (first && parts_.on_change) {
        parts_.on_change();
    }
}

// --- commands -----------------------------------------------------------------------------------

void Player::command(Command command, bool interrupt) {
    {
        const std::scoped_lock lock(mutex_);
        commands_.push_back(std::move(command));
        if (interrupt && parts_.performance == nullptr) {
            ++interrupts_;
            interrupt_ = true;
        }
    }
    wake_up_.ring();
}

void Player::post(const varvara::Event& event) {
    {
        const std::scoped_lock lock(mutex_);
        using Kind = varvara::Event::Kind;
        if (event.kind == Kind::MouseMove && commands_.size() > kManyEvents) {
            auto* last = std::get_if<varvara::Event>(&commands_.back());
            if (last != nullptr && last->kind == Kind::MouseMove) {
                *last = event;
                return;
            }
        }
        commands_.emplace_back(event);
    }
    wake_up_.ring();
}

void Player::pause(bool on) {
    paused_ = on;
    wake_up_.ring();
}

void Player::next_frame() {
    command(Frame{}, false);
}

void Player::rewind(bool on, const Held& held) {
    command(Rewind{on, held}, false);
}

void Player::set_speed(double factor) {
    command(Speed{std::clamp(factor, kSlowest, kFastest)}, false);
}

void Player::reboot(varvara::Event::Kind kind, std::vector<std::uint8_t> rom) {
    command(Reboot{kind, std::move(rom)}, true);
}

void Player::save_state() {
    command(SaveState{}, false);
}

void Player::load_state(std::vector<std::uint8_t> state) {
    command(LoadState{std::move(state)}, true);
}

void Player::print_stacks() {
    command(PrintStacks{}, false);
}

void Player::refuse_people() {
    command(RefusePeople{}, false);
}

void Player::hold_input(bool on) {
    {
        const std::scoped_lock lock(input_mutex_);
        input_held_ = on;
    }
    wake_up_.ring();
}

std::optional<nanoseconds> Player::busy() const {
    const std::int64_t began = vector_began_ns_;
    return began == 0 ? std::nullopt : std::optional(nanoseconds(now_ns() - began));
}

// --- sound --------------------------------------------------------------------------------------

void Player::mix(std::span<std::int16_t> samples) noexcept {
    if (paused_) {
        std::ranges::fill(samples, 0);
        return;
    }
    const auto voices = parts_.varvara.voices();
    bool playing = false;  // a voice may play zeros that the program is about to change
    if (queue_ != nullptr) {
        queue_->take(samples);
    } else if (const std::unique_lock lock(mix_mutex_, std::try_to_lock); lock.owns_lock()) {
        parts_.varvara.mix(parts_.machine.ram, samples);
        if (std::ranges::any_of(voices, [](const auto* voice) { return voice->has_ended(); })) {
            wake_up_.ring();
        }
        playing = std::ranges::any_of(voices, [](const auto* voice) { return voice->playing(); });
    } else {
        std::ranges::fill(samples, 0);
    }
    if (const std::unique_lock lock(onlooker_mutex_, std::try_to_lock); lock.owns_lock()) {
        if (Onlooker* onlooker = onlooker_) {
            onlooker->sound(samples);
        }
    }
    if (!playing && std::ranges::all_of(samples, [](std::int16_t s) { return s == 0; })) {
        silent_samples_ += samples.size() / 2;
        if (silent_samples_ >= kSilence) {
            silent_samples_ = 0;
            tell([](News& news) { news.silent = true; });
        }
    } else {
        silent_samples_ = 0;
    }
    const auto volume = static_cast<std::int32_t>(volume_.load());
    if (volume != 256) {
        for (std::int16_t& sample : samples) {
            sample = static_cast<std::int16_t>(sample * volume / 256);
        }
    }
}

void Player::set_onlooker(Onlooker* onlooker) {
    const std::scoped_lock lock(picture_mutex_, onlooker_mutex_);
    onlooker_ = onlooker;
    if (onlooker != nullptr && !pixels_.empty()) {
        onlooker->picture(shown(), {0, size_.height}, Clock::now());
    }
}

// --- the thread ---------------------------------------------------------------------------------

void Player::run() {
    if (parts_.prepare) {
        parts_.prepare();
    }
    begin_session();
    next_frame_ = Clock::now();
    if (parts_.performance != nullptr) {
        perform();
    } else {
        play();
    }
    session_->flush();
    publish();
    end_ = session_->end();
    if (host::interrupt_flag()) {
        end_.reason = varvara::SessionEnd::Reason::Interrupted;
    }
    tell([](News& news) { news.ended = true; });
}

void Player::begin_session() {
    session_ = std::make_unique<varvara::Session>(varvara::SessionParts{
        .machine = parts_.machine,
        .varvara = parts_.varvara,
        .engine = parts_.engine,
        .output = *output_,
        .limits = {.instructions = parts_.max_instructions, .interrupt = &interrupt_},
        .recorder = parts_.recorder});
}

void Player::play() {
    vector_began_ns_ = now_ns();
    bool goes_on = parts_.placeholder ? session_->boot({})
                   : parts_.boot      ? session_->boot(parts_.arguments)
                                      : session_->running();
    vector_began_ns_ = 0;
    hear_what_plays();
    ran_since_memory_ = true;
    while (!stopping()) {
        if (!goes_on && session_->end().reason != varvara::SessionEnd::Reason::Interrupted) {
            return;
        }
        people_ = people_ || wants_people();
        publish();
        const bool listens =
            input_is_open_ && parts_.machine.dev_short(varvara::Console::kVector) != 0;
        if ((!people_ || people_refused_) && !listens && interrupts_ == 0) {
            return;
        }
        if (goes_on && !session_->flush()) {
            return;
        }
        remember();
        std::deque<Command> commands;
        {
            const std::scoped_lock lock(mutex_);
            commands.swap(commands_);
        }
        if (commands.empty()) {
            wait();
        }
        goes_on = session_->running();
        for (Command& command : commands) {
            goes_on = execute(command);
            people_ = people_ || wants_people();
            publish();
            if (!goes_on && session_->end().reason != varvara::SessionEnd::Reason::Interrupted) {
                return;
            }
        }
        if (goes_on && !stopping()) {
            play_due_frame();
            goes_on = session_->running();
        }
    }
}

/// Until something has happened, or the next frame is due.
void Player::wait() {
    const bool due = frames_are_due();
    if (due && !ticks_) {
        next_frame_ = std::max(next_frame_, Clock::now());
    }
    ticks_ = due;
    const bool readable = wake_up_.wait(
        input_is_open_ && !input_held_ && !paused_ && !rewinding_ && !parts_.placeholder
            ? parts_.input_fd
            : -1,
        due || rewinding_ ? std::optional(next_frame_) : std::nullopt);
    if (stopping() || !session_->running() || paused_ || rewinding_) {
        return;
    }
    if (queue_ == nullptr) {
        vector_began_ns_ = now_ns();
        session_->end_notes();
        vector_began_ns_ = 0;
    }
    if (readable) {
        read_input();
    }
}

/// Also when events never end.
void Player::play_due_frame() {
    if (Clock::now() < next_frame_ || !(rewinding_ || frames_are_due())) {
        return;
    }
    const Clock::time_point time = next_frame_;
    if (rewinding_) {
        rewind_step();
        next_frame_ += kRewindInterval;
    } else {
        frame();
        next_frame_ += frame_interval();
    }
    publish(time);
    const auto now = Clock::now();
    if (now - next_frame_ > kLate) {
        next_frame_ = now;
    }
}

nanoseconds Player::frame_interval() const {
    return nanoseconds(static_cast<std::int64_t>(1e9 / varvara::kFrameRateHz / speed_));
}

bool Player::frames_are_due() const {
    return !paused_ && !rewinding_ && session_->running() &&
           (parts_.machine.dev_short(varvara::Screen::kVector) != 0 || parts_.clock != nullptr);
}

bool Player::read_input() {
    if (!may_read(parts_.input_fd)) {
        input_is_open_ = false;
        return true;
    }
    std::array<std::uint8_t, 4096> buffer;
    ssize_t count = 0;
    {
        // What a terminal answers to its questions is not for the program.
        const std::scoped_lock lock(input_mutex_);
        if (input_held_) {
            return true;
        }
        // It is readable, so this does not wait.
        // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
        count = ::read(parts_.input_fd, buffer.data(), buffer.size());
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    if (count <= 0) {
        input_is_open_ = false;
        return let_happen({.kind = varvara::Event::Kind::InputEnd});
    }
    for (const std::uint8_t byte : std::span(buffer).first(static_cast<std::size_t>(count))) {
        if (!let_happen({.kind = varvara::Event::Kind::Input, .value = byte})) {
            return false;
        }
    }
    return true;
}

bool Player::let_happen(const varvara::Event& event) {
    vector_began_ns_ = now_ns();
    const bool goes_on = session_->handle(event);
    vector_began_ns_ = 0;
    ran_since_memory_ = true;
    return goes_on;
}

bool Player::frame() {
    const bool goes_on = let_happen({.kind = varvara::Event::Kind::Frame});
    if (parts_.clock != nullptr) {
        varvara::VirtualClock& clock = *parts_.clock;
        const std::uint64_t before = varvara::samples_before(clock.frame(), kSoundRateHz);
        clock.set_frame(clock.frame() + 1);
        std::vector<std::int16_t> samples(
            2 * (varvara::samples_before(clock.frame(), kSoundRateHz) - before));
        parts_.varvara.mix(parts_.machine.ram, samples);
        hear(samples);
        if (parts_.recorder != nullptr) {
            parts_.recorder->check(varvara::digest_of(parts_.machine, parts_.varvara));
        }
    }
    return goes_on;
}

/// Sound that was mixed with a frame.
void Player::hear(std::span<const std::int16_t> samples) {
    queue_->put(samples);
    if (!audible_ &&
        std::ranges::any_of(samples, [](std::int16_t sample) { return sample != 0; })) {
        tell([](News& news) { news.wants_sound = true; });
    }
}

/// For notes that were not started here, but restored.
void Player::hear_what_plays() {
    bool playing = false;
    {
        const std::scoped_lock lock(mix_mutex_);
        playing = std::ranges::any_of(parts_.varvara.voices(),
                                      [](const auto* voice) { return voice->playing(); });
    }
    if (playing && !audible_) {
        tell([](News& news) { news.wants_sound = true; });
    }
}

bool Player::execute(Command& command) {
    struct Executor {
        Player& player;
        bool operator()(const varvara::Event& event) { return player.let_happen(event); }
        bool operator()(Frame) { return player.frame(); }
        bool operator()(const Rewind& rewind) {
            if (player.rewinding_ && !rewind.on) {
                // What was held in the past may not be held any more, and the other way round.
                uxn::Machine& machine = player.parts_.machine;
                for (unsigned pad = 0; pad < varvara::Controller::kPads; ++pad) {
                    machine.dev[varvara::Controller::button_port(pad)] = rewind.held.pads.at(pad);
                }
                machine.dev[varvara::Mouse::kState] = rewind.held.mouse;
            }
            player.rewinding_ = rewind.on;
            player.hear_what_plays();
            player.next_frame_ = Clock::now();
            return player.session_->running();
        }
        bool operator()(Speed speed) {
            player.speed_ = speed.factor;
            return player.session_->running();
        }
        bool operator()(Reboot& reboot) { return player.reboot_now(std::move(reboot)); }
        bool operator()(SaveState) {
            std::vector<std::uint8_t> state = varvara::save_state(
                player.parts_.machine, player.parts_.varvara, {.rom = player.parts_.rom});
            player.tell([&](News& news) { news.state = std::move(state); });
            return player.session_->running();
        }
        bool operator()(const LoadState& load) { return player.load_state_now(load); }
        bool operator()(PrintStacks) {
            player.parts_.output.write(varvara::Stream::Error,
                                       varvara::System::stacks(player.parts_.machine));
            player.parts_.output.flush();
            return player.session_->running();
        }
        bool operator()(RefusePeople) {
            player.people_refused_ = true;
            return player.session_->running();
        }
    };
    return std::visit(Executor{*this}, command);
}

bool Player::reboot_now(Reboot reboot) {
    {
        const std::scoped_lock lock(mutex_);
        if (--interrupts_ == 0 && !stopping()) {
            interrupt_ = false;
        }
    }
    const bool begins = parts_.placeholder && !reboot.rom.empty();
    if (!reboot.rom.empty()) {
        parts_.rom = std::move(reboot.rom);
    }
    parts_.placeholder &= !begins;
    return restart(reboot.kind, begins ? parts_.arguments : std::span<const char* const>());
}

bool Player::restart(varvara::Event::Kind kind, std::span<const char* const> arguments) {
    if (!session_->running()) {
        // A vector that was interrupted has left the session at its end: here begins another.
        parts_.machine.dev[varvara::System::kState] = 0;
        begin_session();
    }
    {
        const std::scoped_lock lock(mix_mutex_);
        if (!session_->load(kind, parts_.rom)) {
            return false;
        }
    }
    vector_began_ns_ = now_ns();
    const bool goes_on = arguments.empty() ? session_->start() : session_->boot(arguments);
    vector_began_ns_ = 0;
    ran_since_memory_ = true;
    return goes_on;
}

bool Player::load_state_now(const LoadState& load) {
    {
        const std::scoped_lock lock(mutex_);
        if (--interrupts_ == 0 && !stopping()) {
            interrupt_ = false;
        }
    }
    const bool was_interrupted = !session_->running();
    std::vector<std::uint8_t> before;
    varvara::save_snapshot(parts_.machine, parts_.varvara, before);
    bool restored = false;
    {
        const std::scoped_lock lock(mix_mutex_);
        if (auto extras = varvara::restore_state(load.bytes, parts_.machine, parts_.varvara)) {
            parts_.rom = std::move(extras->rom);
            restored = true;
        } else {
            tell([&](News& news) { news.notices.push_back(extras.error().detail); });
            // What was saved by this process can be restored by it.
            restored = !was_interrupted &&
                       varvara::restore_snapshot(before, parts_.machine, parts_.varvara);
        }
    }
    if (!restored) {
        return restart(varvara::Event::Kind::HardReboot);
    }
    if (was_interrupted) {
        begin_session();
    }
    hear_what_plays();
    ran_since_memory_ = true;
    return session_->running();
}

// --- what people see ----------------------------------------------------------------------------

bool Player::wants_people() const {
    const uxn::Machine& machine = parts_.machine;
    const auto set = [&](std::uint8_t vector) { return machine.dev_short(vector) != 0; };
    return parts_.varvara.screen.used() || set(varvara::Screen::kVector) ||
           set(varvara::Controller::kVector) || set(varvara::Mouse::kVector) ||
           std::ranges::any_of(parts_.varvara.voices(),
                               [](const auto* voice) { return voice->has_pending(); });
}

void Player::publish(Clock::time_point time) {
    if (!people_) {
        return;
    }
    uxn::Machine& machine = parts_.machine;
    varvara::Screen& screen = parts_.varvara.screen;
    bool new_picture = false;
    {
        const std::scoped_lock lock(picture_mutex_);
        const Size size = {screen.width(), screen.height()};
        if (size != size_) {
            size_ = size;
            changed_ = {};  // of another picture; all of this one will be painted
            pixels_.assign(std::size_t{size.width} * size.height, 0);
            tiles_.resize(varvara::Layers::picture_words(size.width, size.height));
        }
        palette_ = varvara::palette_of(machine);
        const varvara::Rows rows = screen.paint(palette_, pixels_);
        if (rows.begin < rows.end) {
            new_picture = true;
            screen.combine(rows, tiles_);
            changed_ = changed_.begin < changed_.end
                           ? varvara::Rows{std::min(changed_.begin, rows.begin),
                                           std::max(changed_.end, rows.end)}
                           : rows;
            if (Onlooker* onlooker = onlooker_) {
                onlooker->picture(shown(), rows, time);
            }
        }
    }
    const bool draws_pointer = machine.dev_short(varvara::Mouse::kVector) != 0;
    const bool wants_sound =
        !audible_ && (std::ranges::any_of(parts_.varvara.voices(),
                                          [](const auto* voice) { return voice->has_pending(); }));
    const std::uint16_t metadata = machine.dev_short(varvara::System::kMetadata);
    const bool new_metadata = metadata != shown_.metadata;
    if (!new_picture && !wants_sound && !new_metadata && shown_.people &&
        draws_pointer == shown_.pointer) {
        return;
    }
    shown_ = {.people = true, .pointer = draws_pointer, .metadata = metadata};
    tell([&](News& news) {
        news.wants_people = true;
        news.picture |= new_picture;
        news.wants_sound |= wants_sound;
        news.draws_pointer = draws_pointer;
        if (new_metadata) {
            news.metadata = varvara::System::metadata(machine);
            news.icon = icon_of(machine, *news.metadata);
        }
    });
}

/// While a vector is running.
void Player::breathe() {
    if (vector_began_ns_ == 0) {
        return;
    }
    people_ = people_ || wants_people();
    publish();
    while (paused_ && !interrupt_) {
        wake_up_.wait(-1, std::nullopt);
    }
}

// --- time ---------------------------------------------------------------------------------------

/// Between two vectors.
void Player::remember() {
    const auto now = Clock::now();
    if (parts_.rewind_bytes == 0 || !people_ || rewinding_ || !ran_since_memory_ ||
        !session_->running() || now - last_memory_ < kMemoryInterval) {
        return;
    }
    last_memory_ = now;
    ran_since_memory_ = false;
    varvara::save_snapshot(parts_.machine, parts_.varvara, snapshot_);
    history_.push(snapshot_);
}

void Player::rewind_step() {
    if (!history_.pop()) {
        return;
    }
    const std::scoped_lock lock(mix_mutex_);
    // What was saved by this process can be restored by it.
    [[maybe_unused]] const auto restored =
        varvara::restore_snapshot(history_.newest(), parts_.machine, parts_.varvara);
}

// --- performances -------------------------------------------------------------------------------

void Player::perform() {
    Performance& performance = *parts_.performance;
    varvara::HeadlessViewer viewer = performance.viewer;
    const auto pace = [&] {
        people_ = people_ || wants_people();
        publish();
        next_frame_ += frame_interval();
        if (Clock::now() - next_frame_ > kLate) {
            next_frame_ = Clock::now();
        }
        bool step = false;
        while (!stopping() && !step && (paused_ || Clock::now() < next_frame_)) {
            wake_up_.wait(-1, paused_ ? std::nullopt : std::optional(next_frame_));
            std::deque<Command> commands;
            {
                const std::scoped_lock lock(mutex_);
                commands.swap(commands_);
                interrupts_ = 0;  // nothing else than the script happens to the program
                interrupt_ = stopping();
            }
            for (const Command& command : commands) {
                if (const auto* speed = std::get_if<Speed>(&command)) {
                    speed_ = speed->factor;
                }
                step = step || std::holds_alternative<Frame>(command);
            }
        }
        if (paused_ || step) {
            next_frame_ = Clock::now();
        }
        return !stopping();
    };
    performance.end = varvara::run_headless(
        {.session = *session_,
         .clock = *parts_.clock,
         .rom = performance.rom,
         .script = performance.script,
         .frames = performance.frames,
         .arguments = parts_.arguments,
         .recorder = parts_.recorder,
         .boot = parts_.boot,
         .viewer = {.frame =
                        [&](std::uint64_t frame) {
                            return (!viewer.frame || viewer.frame(frame)) && pace();
                        },
                    .sound =
                        [&](std::span<const std::int16_t> samples) {
                            hear(samples);
                            if (viewer.sound) {
                                viewer.sound(samples);
                            }
                        }}});
    while (performance.stays && session_->running() && !stopping()) {
        publish();
        wake_up_.wait(-1, std::nullopt);
    }
}

}  // namespace front
