#include "front/fake_desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "tal/assembler.hpp"
#include "uxn/engines.hpp"

namespace front_test {
namespace {

using std::chrono::milliseconds;

/// How long anything may take that has to happen: far longer than on the slowest machine.
constexpr std::chrono::seconds kPatience(30);

}  // namespace

std::vector<std::uint8_t> assemble(std::string_view source) {
    tal::MemoryLoader loader;
    loader.add("test.tal", std::string(source));
    tal::Assembly assembly = tal::assemble("test.tal", loader);
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        EXPECT_NE(diagnostic.severity, tal::Severity::Error) << tal::render(diagnostic, false);
    }
    return std::move(assembly.rom);
}

std::string Seen::panel() const {
    std::string text;
    for (const front::Overlay::Line& line : overlay.panel) {
        text += line.text + "\n";
    }
    return text;
}

// --- the display --------------------------------------------------------------------------------

void FakeDisplay::wait(std::optional<std::chrono::nanoseconds> timeout,
                       std::vector<front::Input>& inputs) {
    std::unique_lock lock(mutex_);
    const auto something = [&] { return woken_ || !inputs_.empty(); };
    if (timeout) {
        changed_.wait_for(lock, *timeout, something);
    } else {
        changed_.wait(lock, something);
    }
    ++wake_ups_;
    woken_ = false;
    inputs.insert(inputs.end(), inputs_.begin(), inputs_.end());
    inputs_.clear();
}

void FakeDisplay::wake() noexcept {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
    changed_.notify_all();
}

front::Size FakeDisplay::size() const {
    const std::scoped_lock lock(mutex_);
    return size_;
}

front::Placement FakeDisplay::place(front::Size picture, unsigned zoom) const {
    const front::Size window = size();
    const unsigned fits =
        std::max(1U, std::min(window.width / picture.width, window.height / picture.height));
    return {.zoom = zoom == 0 ? fits : std::min(zoom, fits)};
}

void FakeDisplay::show(const front::Frame& frame) {
    const std::scoped_lock lock(mutex_);
    seen_.size = frame.size;
    seen_.pixels.resize(frame.pixels.size());
    // A display keeps what it was not told to change.
    const varvara::Rows rows =
        frame.everything ? varvara::Rows{0, frame.size.height} : frame.changed;
    const std::size_t begin = std::size_t{rows.begin} * frame.size.width;
    const std::size_t end = std::size_t{rows.end} * frame.size.width;
    std::copy(frame.pixels.begin() + static_cast<std::ptrdiff_t>(begin),
              frame.pixels.begin() + static_cast<std::ptrdiff_t>(end),
              seen_.pixels.begin() + static_cast<std::ptrdiff_t>(begin));
    seen_.at = frame.at;
    if (frame.everything) {
        seen_.overlay = frame.overlay;
    }
    ++seen_.frames;
}

front::Size FakeDisplay::room() const {
    return screen;
}

void FakeDisplay::resize(front::Size size) {
    const std::scoped_lock lock(mutex_);
    size_ = {.width = std::min({size.width, screen.width, largest.width}),
             .height = std::min({size.height, screen.height, largest.height})};
    front::Input resized;
    resized.kind = front::Input::Kind::Resized;
    inputs_.push_back(resized);
    changed_.notify_all();
}

void FakeDisplay::set_title(std::string_view title) {
    const std::scoped_lock lock(mutex_);
    seen_.title = title;
}

void FakeDisplay::show_pointer(bool on) {
    const std::scoped_lock lock(mutex_);
    seen_.pointer = on;
}

void FakeDisplay::set_full_screen(bool on) {
    const std::scoped_lock lock(mutex_);
    seen_.full_screen = on;
}

void FakeDisplay::set_border(bool on) {
    const std::scoped_lock lock(mutex_);
    seen_.border = on;
}

void FakeDisplay::add(front::Input input) {
    const std::scoped_lock lock(mutex_);
    inputs_.push_back(std::move(input));
    changed_.notify_all();
}

Seen FakeDisplay::seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
}

/// The desk's hold on a display that the test keeps.
class FakeDesk::Handle final : public front::Display {
public:
    explicit Handle(std::shared_ptr<FakeDisplay> display) : display_(std::move(display)) {}

    void wait(std::optional<std::chrono::nanoseconds> timeout,
              std::vector<front::Input>& inputs) override {
        display_->wait(timeout, inputs);
    }
    void wake() noexcept override { display_->wake(); }
    front::Size size() const override { return display_->size(); }
    front::Placement place(front::Size picture, unsigned zoom) const override {
        return display_->place(picture, zoom);
    }
    void show(const front::Frame& frame) override { display_->show(frame); }
    void resize(front::Size size) override { display_->resize(size); }
    front::Size room() const override { return display_->room(); }
    void set_title(std::string_view title) override { display_->set_title(title); }
    void show_pointer(bool on) override { display_->show_pointer(on); }
    void set_full_screen(bool on) override { display_->set_full_screen(on); }
    void set_border(bool on) override { display_->set_border(on); }
    std::string clipboard() override { return display_->clipboard(); }
    bool can_resize() const override { return true; }

private:
    std::shared_ptr<FakeDisplay> display_;
};

// --- programs -----------------------------------------------------------------------------------

class FakeDesk::Program final : public front::Running {
public:
    Program(FakeDesk& desk, front::Choice choice, std::vector<std::uint8_t> rom,
            std::function<void()> on_change)
        : desk_(desk), choice_(std::move(choice)), settings_(desk.settings), rom_(std::move(rom)) {
        varvara::load_rom(*machine_, devices_, rom_);
        player_.emplace(front::PlayerParts{.machine = *machine_,
                                           .varvara = devices_,
                                           .engine = *uxn::find_engine("loop"),
                                           .output = desk.console,
                                           .rom = rom_,
                                           .rewind_bytes = std::size_t{16} << 20,
                                           .prepare = {},
                                           .on_change = std::move(on_change)});
    }

    front::Player& player() override { return *player_; }
    const front::Choice& choice() const override { return choice_; }
    std::string name() const override { return choice_.name; }
    front::Settings& settings() override { return settings_; }
    std::span<const std::uint8_t> rom() const override { return rom_; }
    std::vector<std::string> sources() const override { return {desk_.folder.path(choice_.name)}; }
    std::optional<std::vector<std::uint8_t>> reload(
        std::vector<front::Overlay::Line>& errors) override {
        const std::scoped_lock lock(desk_.mutex_);
        if (const auto error = desk_.errors_.find(choice_.name); error != desk_.errors_.end()) {
            errors.push_back({.text = error->second});
            return std::nullopt;
        }
        rom_ = desk_.roms_.at(choice_.name);
        return rom_;
    }
    base::Result<std::string> save_settings() override {
        ++desk_.saved_settings;
        return std::string("saved");
    }
    std::string printed() override { return {}; }
    std::optional<front::Choice> chosen() override { return std::nullopt; }
    bool recorded() const override { return false; }

private:
    FakeDesk& desk_;
    front::Choice choice_;
    front::Settings settings_;
    std::vector<std::uint8_t> rom_;
    varvara_test::TestClock clock_;
    std::unique_ptr<uxn::Machine> machine_ = std::make_unique<uxn::Machine>();
    varvara::Varvara devices_{{.console = desk_.console, .clock = clock_}};
    std::optional<front::Player> player_;
};

FakeDesk::FakeDesk() = default;

FakeDesk::~FakeDesk() {
    end();
}

void FakeDesk::put(const std::string& name, std::string_view source) {
    const std::scoped_lock lock(mutex_);
    roms_[name] = assemble(source);
    errors_.erase(name);
    folder.write(name, source);
}

void FakeDesk::spoil(const std::string& name, std::string error) {
    const std::scoped_lock lock(mutex_);
    errors_[name] = std::move(error);
    folder.write(name, "spoilt");
}

std::unique_ptr<front::Running> FakeDesk::open(const front::Choice& choice,
                                               std::function<void()> on_change,
                                               std::vector<front::Overlay::Line>& errors) {
    std::vector<std::uint8_t> rom;
    {
        const std::scoped_lock lock(mutex_);
        if (!roms_.contains(choice.name)) {
            errors.push_back({.text = "cannot read '" + choice.name + "'"});
            return nullptr;
        }
        rom = roms_.at(choice.name);
    }
    return std::make_unique<Program>(*this, choice, std::move(rom), std::move(on_change));
}

void FakeDesk::start(const std::string& name) {
    thread_ = std::thread([this, name] {
        end_ = front::run_desk({.programs = *this,
                                .open_display = [this](const front::DisplayOptions& options)
                                    -> base::Result<std::unique_ptr<front::Display>> {
                                    if (!display_available) {
                                        return base::fail(base::ErrorCode::Unsupported,
                                                          "nothing to look at");
                                    }
                                    display_ = std::make_shared<FakeDisplay>(options.size);
                                    display_->set_title(options.title);
                                    has_display_ = true;
                                    return std::make_unique<Handle>(display_);
                                },
                                .open_sound = {},
                                .warn = [this](const std::string& text) { warning = text; },
                                .watch = watch,
                                .captures_folder = folder.path("captures"),
                                .states_folder = folder.path("states")},
                               [&](std::function<void()> on_change) {
                                   std::vector<front::Overlay::Line> errors;
                                   return open({.kind = front::Choice::Kind::File, .name = name},
                                               std::move(on_change), errors);
                               });
        left_ = true;
    });
    EXPECT_TRUE(eventually([&] { return has_display_ || left_; }));
}

front::DeskEnd FakeDesk::end() {
    if (thread_.joinable()) {
        if (!left_ && has_display_) {
            // For a test that has forgotten to.
            input(front::Input::Kind::Close);
        }
        thread_.join();
        has_display_ = false;
    }
    return end_;
}

// --- a person -----------------------------------------------------------------------------------

void FakeDesk::hold(front::Key key, front::Modifiers modifiers) {
    front::Input input;
    input.kind = front::Input::Kind::KeyDown;
    input.key = key;
    input.modifiers = modifiers;
    display_->add(input);
}

void FakeDesk::let_go(front::Key key) {
    front::Input input;
    input.kind = front::Input::Kind::KeyUp;
    input.key = key;
    display_->add(input);
}

void FakeDesk::key(front::Key key, front::Modifiers modifiers) {
    hold(key, modifiers);
    let_go(key);
}

void FakeDesk::type(std::string text) {
    hold(front::Key::None);
    input(front::Input::Kind::Text, std::move(text));
}

void FakeDesk::mouse(int x, int y) {
    front::Input input;
    input.kind = front::Input::Kind::MouseMove;
    input.x = x;
    input.y = y;
    display_->add(input);
}

void FakeDesk::input(front::Input::Kind kind, std::string text) {
    front::Input input;
    input.kind = kind;
    input.text = std::move(text);
    display_->add(std::move(input));
}

bool FakeDesk::eventually(const std::function<bool()>& is_so) const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
}

bool FakeDesk::shows(const std::function<bool(const Seen&)>& is_so) const {
    return eventually([&] { return !left_ && is_so(seen()); });
}

}  // namespace front_test
