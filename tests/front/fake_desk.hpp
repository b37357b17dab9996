#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/temporary_folder.hpp"
#include "front/desk.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/test_computer.hpp"

/// A desk whose display is in memory, used by a test as by a person.
namespace front_test {

/// The ROM of a source. What it includes the test before has put into it.
std::vector<std::uint8_t> assemble(std::string_view source);

/// What a display shows, or has been told.
struct Seen {
    std::vector<std::uint32_t> pixels;
    front::Size size;
    front::Placement at;
    front::Overlay overlay;
    std::string title;
    bool pointer = true;
    bool full_screen = false;
    bool border = true;
    unsigned frames = 0;

    std::uint32_t pixel(unsigned x, unsigned y) const {
        const std::size_t i = std::size_t{y} * size.width + x;
        return i < pixels.size() ? pixels[i] : 0xffffffff;
    }
    /// All of the overlay's panel.
    std::string panel() const;
};

/// A window on a screen as large as the test says.
class FakeDisplay final : public front::Display {
public:
    explicit FakeDisplay(front::Size size) : size_(size) {}

    void wait(std::optional<std::chrono::nanoseconds> timeout,
              std::vector<front::Input>& inputs) override;
    void wake() noexcept override;
    front::Size size() const override;
    front::Placement place(front::Size picture, unsigned zoom) const override;
    void show(const front::Frame& frame) override;
    void resize(front::Size size) override;
    front::Size room() const override;
    void set_title(std::string_view title) override;
    void show_pointer(bool on) override;
    void set_full_screen(bool on) override;
    void set_border(bool on) override;
    std::string clipboard() override { return clipboard_text; }
    bool can_resize() const override { return true; }

    void add(front::Input input);
    Seen seen() const;
    /// How often anybody was woken up or had waited for long enough.
    unsigned wake_ups() const { return wake_ups_; }

    std::string clipboard_text;
    front::Size screen = {.width = 1280, .height = 900};
    front::Size largest = {.width = 8192, .height = 8192};  ///< that its window manager allows

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<front::Input> inputs_;
    bool woken_ = false;
    std::atomic<unsigned> wake_ups_{0};
    front::Size size_;
    Seen seen_;
};

/// Programs by name, and a person at a desk.
class FakeDesk final : public front::Programs {
public:
    FakeDesk();
    ~FakeDesk() override;

    /// A program that can be started by this name.
    void put(const std::string& name, std::string_view source);
    /// It can no longer be read.
    void spoil(const std::string& name, std::string error);

    /// Starts the first program on a desk of its own.
    void start(const std::string& name);
    /// Waits until the desk was left.
    front::DeskEnd end();

    FakeDisplay& display() { return *display_; }
    bool has_display() const { return has_display_; }
    /// Whether the desk was left.
    bool left() const { return left_; }
    Seen seen() const { return display_->seen(); }

    // What a person does.
    void key(front::Key key, front::Modifiers modifiers = 0);
    void hold(front::Key key, front::Modifiers modifiers = 0);
    void let_go(front::Key key);
    void type(std::string text);
    void mouse(int x, int y);
    void input(front::Input::Kind kind, std::string text = {});

    /// Asks again and again until it is so; false if it never is.
    bool eventually(const std::function<bool()>& is_so) const;
    /// The same for what can be seen.
    bool shows(const std::function<bool(const Seen&)>& is_so) const;

    // What the desk finds.
    bool display_available = true;
    bool watch = false;
    front::Settings settings;
    varvara_test::RecordingSink console;
    cli_test::TemporaryFolder folder;
    std::string warning;
    std::atomic<int> saved_settings{0};

    std::unique_ptr<front::Running> open(const front::Choice& choice,
                                         std::function<void()> on_change,
                                         std::vector<front::Overlay::Line>& errors) override;

private:
    class Handle;
    class Program;

    std::mutex mutex_;
    std::map<std::string, std::vector<std::uint8_t>> roms_;
    std::map<std::string, std::string> errors_;
    std::shared_ptr<FakeDisplay> display_;
    std::atomic<bool> has_display_{false};
    std::thread thread_;
    std::atomic<bool> left_{false};
    front::DeskEnd end_;
};

}  // namespace front_test
