#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "front/display.hpp"
#include "front/history.hpp"
#include "front/picture.hpp"
#include "host/wake_up.hpp"
#include "uxn/engine.hpp"
#include "varvara/controller.hpp"
#include "varvara/headless.hpp"
#include "varvara/metadata.hpp"
#include "varvara/session.hpp"
#include "varvara/virtual_clock.hpp"

namespace front {

/// A program's icon in the program's colours.
struct IconPicture {
    Size size;
    std::vector<std::uint32_t> pixels;  ///< 0xAARRGGBB, row by row
};

/// Keys, buttons and the mouse as they are held right now.
struct Held {
    std::array<std::uint8_t, varvara::Controller::kPads> pads = {};  ///< Controller::Button bits
    std::uint8_t mouse = 0;                                          ///< Mouse::Button bits

    friend bool operator==(const Held&, const Held&) = default;
};

/// Pictures and sound as they come, for films. Both are called on threads that must not wait.
struct Onlooker {
    virtual ~Onlooker() = default;
    /// The picture has changed in these rows, at a time that for a frame is when it was due.
    virtual void picture(const Picture& picture, varvara::Rows changed,
                         std::chrono::steady_clock::time_point time) noexcept = 0;
    virtual void sound(std::span<const std::int16_t> samples) noexcept = 0;
};

/// A script that a program is played by, instead of by a person: a recording that is watched.
struct Performance {
    std::span<const std::uint8_t> rom;  ///< what the player's is made from; for `end` to refer to
    const varvara::Script& script;
    std::uint64_t frames;
    bool stays;  ///< when it is over, its last picture stays until the user closes it
    varvara::HeadlessViewer viewer;  ///< as without a window
    varvara::HeadlessEnd end = {};   ///< filled in when it is over
};

/// What a player plays. All of it must outlive the player, and is its thread's from `start` on.
struct PlayerParts {
    uxn::Machine& machine;
    varvara::Varvara& varvara;
    const uxn::Engine& engine;
    varvara::ConsoleSink& output;
    int input_fd = -1;              ///< of Console/read; -1: none
    std::vector<std::uint8_t> rom;  ///< is loaded already; for reboots
    std::span<const char* const> arguments = {};
    std::uint64_t max_instructions = uxn::kUnlimited;
    /// Goes with the frames, if there is one. Sound is then mixed with them too, so that a
    /// recording can be repeated.
    varvara::VirtualClock* clock = nullptr;
    varvara::Recorder* recorder = nullptr;
    Performance* performance = nullptr;
    /// The ROM does nothing and only keeps the program's place until a reboot brings the real one,
    /// which then gets arguments and input.
    bool placeholder = false;
    bool boot = true;                 ///< false: go on with what was restored from a state
    bool for_people = false;          ///< whether it wants a screen does not matter: it has one
    std::size_t rewind_bytes = 0;     ///< memory for rewinding; 0: none
    std::function<void()> prepare;    ///< on the thread, before the program's first instruction
    std::function<void()> on_change;  ///< from any thread: there are `news`
};

/// A program that runs on a thread of its own, in real time.
///
/// The thread sleeps until something happens: input, a command, the next frame of a program that
/// has a screen vector. A program in an endless loop can still be looked at, paused, rebooted and
/// stopped.
class Player {
public:
    /// What the player has to tell; each thing once.
    struct News {
        bool wants_people = false;   ///< it uses screen, sound, controller or mouse: now or before
        bool wants_sound = false;    ///< a note is waiting to be heard
        bool silent = false;         ///< nothing has been heard for long
        bool picture = false;        ///< there is something to `look` at
        bool ended = false;          ///< now or before: see `end`
        bool draws_pointer = false;  ///< the program shows a pointer of its own; now
        std::optional<std::optional<varvara::Metadata>> metadata;
        std::optional<std::optional<IconPicture>> icon;
        std::optional<std::vector<std::uint8_t>> state;  ///< asked for by `save_state`
        std::vector<std::string> notices;                ///< what went wrong, for people
    };

    explicit Player(PlayerParts parts);
    ~Player();
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    void start();
    /// Ends the program, whatever it does, and waits for its thread. Its end is then known.
    void stop();
    /// From now on the signals that `host::catch_interrupts` catches stop it too.
    void stop_on_signal();

    News news();
    /// Valid once it has ended.
    const varvara::SessionEnd& end() const { return end_; }

    /// After `stop`: the contents of a state file to go on from; nothing if it has ended by itself,
    /// or in the middle of a vector.
    std::optional<std::vector<std::uint8_t>> state_at_end();

    void post(const varvara::Event& event);
    void pause(bool on);
    bool paused() const { return paused_; }
    /// One more frame of a paused program.
    void next_frame();
    /// Goes back in time from now on, until told otherwise.
    void rewind(bool on, const Held& held);
    /// 1: as it should be.
    void set_speed(double factor);
    /// kind: SoftReboot, HardReboot or Drop. rom: what to load from now on; empty: the same.
    void reboot(varvara::Event::Kind kind, std::vector<std::uint8_t> rom = {});
    void save_state();
    void load_state(std::vector<std::uint8_t> state);
    void print_stacks();
    /// There is no display for it: it goes on as a program in a terminal does.
    void refuse_people();
    /// From now on, or not any more, somebody else reads the input that Console/read has.
    void hold_input(bool on);

    /// How long the vector that runs now has been running; nothing if none does.
    std::optional<std::chrono::nanoseconds> busy() const;
    /// Whether frames follow each other, so that the player wakes up by itself.
    bool ticks() const { return ticks_; }

    /// Fills in the next samples of sound, 44100 a second; for one thread at a time, any thread.
    void mix(std::span<std::int16_t> samples) noexcept;
    /// Whether anybody asks `mix` for sound: if not, a note is news.
    void set_audible(bool on) { audible_ = on; }
    /// volume: 0 to 256.
    void set_volume(unsigned volume) { volume_ = volume; }
    /// Null: none any more. Not while it is being called; the onlooker must outlive its time.
    void set_onlooker(Onlooker* onlooker);

    /// Calls `see(pixels, size, changed rows)` with the picture, which stands still meanwhile.
    template <class See>
    void look(See&& see) {
        const std::scoped_lock lock(picture_mutex_);
        see(std::span<const std::uint32_t>(pixels_), size_, changed_);
        changed_ = {};
    }

private:
    struct Frame {};
    struct Rewind {
        bool on;
        Held held;
    };
    struct Speed {
        double factor;
    };
    struct Reboot {
        varvara::Event::Kind kind;
        std::vector<std::uint8_t> rom;
    };
    struct SaveState {};
    struct LoadState {
        std::vector<std::uint8_t> bytes;
    };
    struct PrintStacks {};
    struct RefusePeople {};
    using Command = std::variant<varvara::Event, Frame, Rewind, Speed, Reboot, SaveState, LoadState,
                                 PrintStacks, RefusePeople>;
    class Output;
    class Queue;

    bool stopping() const;
    void run();
    void begin_session();
    void play();
    void perform();
    bool execute(Command& command);
    bool let_happen(const varvara::Event& event);
    bool frame();
    bool reboot_now(Reboot reboot);
    bool restart(varvara::Event::Kind kind, std::span<const char* const> arguments = {});
    bool load_state_now(const LoadState& load);
    void rewind_step();
    void remember();
    bool read_input();
    void wait();
    void play_due_frame();
    bool frames_are_due() const;
    std::chrono::nanoseconds frame_interval() const;
    void breathe();
    void publish() { publish(std::chrono::steady_clock::now()); }
    void publish(std::chrono::steady_clock::time_point time);
    Picture shown() const { return {pixels_, size_, tiles_, palette_}; }
    void tell(const std::function<void(News&)>& what);
    void command(Command command, bool interrupt);
    bool wants_people() const;
    void hear_what_plays();
    void hear(std::span<const std::int16_t> samples);

    PlayerParts parts_;
    std::unique_ptr<Output> output_;
    std::unique_ptr<varvara::Session> session_;  ///< as soon as it runs
    varvara::SessionEnd end_;
    std::thread thread_;
    host::WakeUp wake_up_;

    // Between the threads.
    std::mutex mutex_;
    std::deque<Command> commands_;
    News news_;
    bool told_ = false;  ///< of `news_`, which nobody has taken since
    std::atomic<bool> stopping_{false};
    std::atomic<bool> interrupt_{false};   ///< what a vector looks at while it runs
    std::atomic<unsigned> interrupts_{0};  ///< commands on their way that interrupt it
    std::atomic<bool> paused_{false};
    std::atomic<bool> ticks_{false};
    std::atomic<std::int64_t> vector_began_ns_{0};

    std::mutex picture_mutex_;
    std::vector<std::uint32_t> pixels_;
    Size size_;
    std::vector<varvara::TileBits> tiles_;
    varvara::Palette palette_{};
    varvara::Rows changed_;
    std::atomic<Onlooker*> onlooker_{nullptr};
    std::mutex onlooker_mutex_;

    /// Held by whoever mixes; while devices are reset nobody can.
    std::mutex mix_mutex_;
    std::atomic<unsigned> volume_{256};
    std::atomic<bool> audible_{false};
    std::uint64_t silent_samples_ = 0;  ///< the mixing thread's
    std::unique_ptr<Queue> queue_;      ///< sound that is mixed with the frames

    // The player's thread's.
    bool people_ = false;
    bool people_refused_ = false;
    bool input_is_open_ = false;
    std::mutex input_mutex_;
    std::atomic<bool> input_held_{false};  ///< changed under the mutex
    bool rewinding_ = false;
    Held held_;
    double speed_ = 1;
    std::chrono::steady_clock::time_point next_frame_;
    std::chrono::steady_clock::time_point last_memory_;
    /// What has been told of the program.
    struct Shown {
        bool people = false;
        bool pointer = false;
        std::uint16_t metadata = 0;
    };
    Shown shown_;
    bool ran_since_memory_ = false;
    History history_;
    std::vector<std::uint8_t> snapshot_;
};

}  // namespace front
