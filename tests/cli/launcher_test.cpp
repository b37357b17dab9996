#include "app/cli/launcher.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/demos.hpp"
#include "temporary_folder.hpp"
#include "unprivileged.hpp"
#include "uxn/engines.hpp"
#include "varvara/session.hpp"
#include "varvara/virtual_clock.hpp"

namespace cli {
namespace {

using cli_test::TemporaryFolder;
using namespace std::string_literals;
namespace fs = std::filesystem;

// Lists, as their files are called.
constexpr std::string_view kFolder = "00";
constexpr std::string_view kRecent = "01";
constexpr std::string_view kDemos = "02";

enum Flag : std::uint8_t { kBroken = 1, kTerminalOnly = 2, kHasIcon = 4, kIsSource = 8 };

/// The contents of a file that the launcher's program can read; nothing if it cannot.
std::optional<std::string> contents(Launcher& launcher, std::string_view path) {
    const auto file = launcher.files().open_to_read(path);
    if (file == nullptr) {
        return std::nullopt;
    }
    std::string bytes(0x10000, '\0');
    bytes.resize(file->read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));
    EXPECT_EQ(launcher.files().status(path).size, bytes.size());
    return bytes;
}

std::string text_at(std::string_view bytes, std::size_t at, std::size_t size) {
    const std::string_view field = bytes.substr(at, size);
    EXPECT_EQ(field.back(), '\0');
    return std::string(field.substr(0, field.find('\0')));
}

/// An entry as the program sees it: docs/launcher.md.
struct Seen {
    int kind = 0;
    unsigned flags = 0;
    std::string title;
    std::string name;
    std::string line;
    std::string icon;
};

Seen entry(Launcher& launcher, std::string_view list, unsigned index) {
    char name[5];
    std::snprintf(name, sizeof name, "%04x", index);
    const auto bytes = contents(launcher, std::string(list) + "/" + name);
    if (bytes.value_or("").size() != 0x120u) {
        ADD_FAILURE() << "no entry " << name;
        return {};
    }
    return {.kind = (*bytes)[0],
            .flags = static_cast<std::uint8_t>((*bytes)[1]),
            .title = text_at(*bytes, 0x02, 0x2e),
            .name = text_at(*bytes, 0x30, 0x20),
            .line = text_at(*bytes, 0x50, 0x40),
            .icon = bytes->substr(0x90)};
}

unsigned short_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned>(static_cast<std::uint8_t>(bytes[at]) << 8 |
                                 static_cast<std::uint8_t>(bytes[at + 1]));
}

unsigned count(Launcher& launcher, std::string_view list) {
    return short_at(*contents(launcher, std::string(list) + "/about"), 0);
}
unsigned selected(Launcher& launcher, std::string_view list) {
    return short_at(*contents(launcher, std::string(list) + "/about"), 2);
}
std::string label(Launcher& launcher, std::string_view list) {
    const std::string about = *contents(launcher, std::string(list) + "/about");
    EXPECT_EQ(about.size(), 0x20u);
    return text_at(about, 4, 0x1c);
}

std::vector<std::string> titles(Launcher& launcher, std::string_view list) {
    std::vector<std::string> all;
    for (unsigned i = 0; i < count(launcher, list); ++i) {
        all.push_back(entry(launcher, list, i).title);
    }
    return all;
}

bool choose(Launcher& launcher, std::string_view bytes) {
    const auto file = launcher.files().open_to_write("choice", false);
    return file->write({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}) ==
           bytes.size();
}

/// A ROM with metadata and, if told so, an icon of which every pixel is colour 3.
std::string rom(std::string_view text, bool icon = false) {
    // Metadata at 0106, the icon at 0206.
    std::string bytes = "\xa0\x01\x06\x80\x06\x37\0"s + std::string(text) + "\0"s;
    if (icon) {
        bytes += "\1\x83\2\6"s;
        bytes.resize(0x106, '\0');
        bytes.append(144, '\xff');
        bytes.back() = '\xfe';
    }
    return bytes;
}

class LauncherHost : public ::testing::Test {
protected:
    Launcher& launcher(std::vector<std::string> recent = {}, Launcher::Room room = {}) {
        launcher_.emplace(folder_.path("start"), std::move(recent), room);
        return *launcher_;
    }
    std::string write(std::string_view name, std::string_view text) {
        return folder_.write("start/" + std::string(name), text);
    }
    void make_folder(std::string_view name) {
        fs::create_directories(folder_.path("start/" + std::string(name)));
    }
    void SetUp() override { make_folder(""); }

    TemporaryFolder folder_;
    std::optional<Launcher> launcher_;
};

TEST_F(LauncherHost, ListsFoldersThenProgramsByName) {
    for (const char* const name : {"b.rom", "C.ROM", "a.tal", "B.tal", "a.txt", ".hidden.rom"}) {
        write(name, "");
    }
    make_folder("z");
    make_folder("Y.rom");
    make_folder(".git");
    EXPECT_EQ(titles(launcher(), kFolder),
              (std::vector<std::string>{"Y.rom", "z", "a.tal", "b.rom", "B.tal", "C.ROM"}));
    EXPECT_EQ(label(*launcher_, kFolder), "start");
    EXPECT_EQ(entry(*launcher_, kFolder, 0).kind, 2);
    EXPECT_EQ(entry(*launcher_, kFolder, 2).kind, 1);
    EXPECT_EQ(contents(*launcher_, "00/letters"), "yzabbc");
}

TEST_F(LauncherHost, ShowsWhatARomSaysOfItself) {
    write("a.rom", rom("Title\nWhat it does\nBy me", true));
    const Seen seen = entry(launcher(), kFolder, 0);
    EXPECT_EQ(seen.kind, 1);
    EXPECT_EQ(seen.flags, kHasIcon);
    EXPECT_EQ(seen.title, "Title");
    EXPECT_EQ(seen.name, "a.rom");
    EXPECT_EQ(seen.line, "What it does");
    EXPECT_EQ(seen.icon, std::string(143, '\xff') + '\xfe');
}

TEST_F(LauncherHost, ShowsWhatASourceSaysOfItself) {
    make_folder("shared");
    write("shared/text.tal", "00 \"Title 0a \"Line 00 01 41 0003");
    write("a.tal", "|100 ;metadata #06 DEO2 BRK @metadata ~shared/text.tal");
    const Seen seen = entry(launcher(), kFolder, 1);
    EXPECT_EQ(seen.flags, kIsSource | kTerminalOnly);
    EXPECT_EQ(seen.title, "Title");
    EXPECT_EQ(seen.line, "Line");
}

TEST_F(LauncherHost, ShrinksALargeIcon) {
    std::string bytes = "\xa0\x01\x06\x80\x06\x37\0Name\0\1\x88\2\6"s;
    bytes.resize(0x106, '\0');
    bytes.append(256, '\xff');  // the upper half
    bytes.append(256, '\0');
    write("a.rom", bytes);
    const Seen seen = entry(launcher(), kFolder, 0);
    EXPECT_EQ(seen.flags, kHasIcon);
    // Tiles have two planes; the second row of tiles is half full, the third one empty.
    EXPECT_EQ(seen.icon.substr(0, 48), std::string(48, '\xff'));
    EXPECT_EQ(seen.icon.substr(48, 16), "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0"s);
    EXPECT_EQ(seen.icon.substr(96), std::string(48, '\0'));
}

TEST_F(LauncherHost, SaysWhatIsWrong) {
    write("a.tal", "|100\n;nowhere BRK");
    write("b.tal", "|100 ~nofile.tal");
    write("c.rom", "");
    write("d.rom", std::string(17 << 16, 'x'));
    write("e.rom", "x");
    launcher();
    fs::remove(folder_.path("start/e.rom"));
    const Seen unknown = entry(*launcher_, kFolder, 0);
    EXPECT_EQ(unknown.flags, kBroken | kIsSource);
    EXPECT_EQ(unknown.title, "a.tal");
    EXPECT_EQ(unknown.line, "line 2: nothing is called `nowhere`");
    EXPECT_EQ(entry(*launcher_, kFolder, 1).line, "line 1: there is no nofile.tal");
    EXPECT_EQ(entry(*launcher_, kFolder, 2).line, "empty");
    EXPECT_EQ(entry(*launcher_, kFolder, 3).line, "too large for a ROM");
    EXPECT_EQ(entry(*launcher_, kFolder, 4).line, "cannot be read");
    for (unsigned i = 0; i < 5; ++i) {
        EXPECT_TRUE(entry(*launcher_, kFolder, i).flags & kBroken) << i;
    }
}

TEST_F(LauncherHost, SaysNothingOfSourcesThatItDoesNotRead) {
    folder_.write("outside.tal", "00");
    write("a.tal", "|100 INC ~../outside.tal ;nowhere");
    write("b.tal", "|100 INC ( " + std::string(2 << 20, '-') + " ) ;nowhere");
    ASSERT_EQ(mkfifo(folder_.path("start/c.tal").c_str(), 0600), 0);
    write("d.tal", "|100 INC ~c.tal");
    launcher();
    EXPECT_EQ(count(*launcher_, kFolder), 3u);  // the pipe is no program itself
    for (const unsigned i : {0u, 1u, 2u}) {
        EXPECT_EQ(entry(*launcher_, kFolder, i).flags, kIsSource) << i;
        EXPECT_EQ(entry(*launcher_, kFolder, i).line, "Uxntal source") << i;
    }
}

TEST_F(LauncherHost, SpendsLittleOnSourcesThatTakeLong) {
    // Each of them expands a million tokens.
    std::string bomb = "%a { #00 POP #00 POP #00 POP #00 POP #00 POP } |100 INC ";
    for (char name = 'b'; name < 'l'; ++name) {
        bomb += "%"s + name + " { ";
        for (int i = 0; i < 8; ++i) {
            bomb += static_cast<char>(name - 1) + " "s;
        }
        bomb += "} ";
    }
    bomb += "k ";
    for (int i = 0; i < 40; ++i) {
        write(std::to_string(i) + ".tal", bomb);
    }
    EXPECT_EQ(titles(launcher(), kFolder).size(), 40u);
}

TEST_F(LauncherHost, CanShowAnyName) {
    const std::string long_name = std::string(200, 'x') + ".rom";
    for (const std::string& name :
         {"caf\xc3\xa9.rom"s, "a\nb.rom"s, "\xff\xfe.rom"s, ".rom"s, " .rom"s, long_name}) {
        write(name, "x");
    }
    const auto all = titles(launcher(), kFolder);
    EXPECT_EQ(all, (std::vector<std::string>{" .rom",
                                             "a\x7f"
                                             "b.rom",
                                             "caf\x7f.rom", std::string(43, 'x') + "..",
                                             "\x7f\x7f.rom"}));
    EXPECT_EQ(contents(*launcher_, "00/letters"), " acx\x7f");
}

TEST_F(LauncherHost, ShowsNothingOfMetadataButText) {
    write("a.rom", rom("\x1b[31mRed\x07\n\x80\x81\n"));
    write("b.rom", rom(std::string(255, 'x')));
    write("c.rom", "\xa0\xff\xff\x80\x06\x37"s);
    write("d.rom", rom("\nline"));
    const Seen seen = entry(launcher(), kFolder, 0);
    EXPECT_EQ(seen.title, "\x7f[31mRed\x7f");
    EXPECT_EQ(seen.line, "\x7f\x7f");
    EXPECT_EQ(entry(*launcher_, kFolder, 1).title, std::string(43, 'x') + "..");
    EXPECT_EQ(entry(*launcher_, kFolder, 2).title, "c.rom");
    EXPECT_EQ(entry(*launcher_, kFolder, 2).line, "6 bytes");
    EXPECT_EQ(entry(*launcher_, kFolder, 3).title, "d.rom");
    EXPECT_EQ(entry(*launcher_, kFolder, 3).line, "line");
}

TEST_F(LauncherHost, EndsLongLists) {
    for (int i = 0; i < 10010; ++i) {
        write(std::to_string(i) + ".rom", "x");
    }
    EXPECT_EQ(count(launcher(), kFolder), 9999u);
    EXPECT_EQ(entry(*launcher_, kFolder, 9998).line, "1 bytes");
    EXPECT_FALSE(contents(*launcher_, "00/270f"));
}

TEST_F(LauncherHost, HasTheDemos) {
    launcher();
    const auto all = titles(*launcher_, kDemos);
    EXPECT_EQ(all.size(), demos().size());
    EXPECT_NE(std::ranges::find(all, "Snake"), all.end());
    for (unsigned i = 0; i < all.size(); ++i) {
        EXPECT_EQ(entry(*launcher_, kDemos, i).flags & (kHasIcon | kIsSource | kBroken),
                  kHasIcon | kIsSource)
            << all[i];
    }
    EXPECT_EQ(label(*launcher_, kDemos), "Demos");
}

TEST_F(LauncherHost, HasRecentProgramsThatStillExist) {
    const std::string near = write("near.rom", rom("Near"));
    const std::string far = folder_.write("far.tal", "|100 INC");
    Launcher& host = launcher({far, folder_.path("gone.rom"), near, folder_.path(), "/etc/passwd"});
    EXPECT_EQ(titles(host, kRecent), (std::vector<std::string>{"far.tal", "Near"}));
    EXPECT_TRUE(entry(host, kRecent, 1).name.ends_with("/start/near.rom"));
    EXPECT_EQ(label(host, kRecent), "Recent");
    EXPECT_TRUE(choose(host, "\1\0\0"s));
    EXPECT_EQ(host.choice(), (Choice{.kind = Choice::Kind::File, .name = far}));
}

TEST_F(LauncherHost, BeginsWithTheFolderIfItHasPrograms) {
    make_folder("sub");
    EXPECT_EQ(contents(launcher(), "begin"), "\2\0\0\0\0"s);
    write("a.rom", "x");
    EXPECT_EQ(contents(launcher({}, {.width = 80, .height = 300}), "begin"), "\0\0\x50\x01\x2c"s);
}

TEST_F(LauncherHost, TakesAChoice) {
    write("a.rom", "x");
    write("b.rom", "x");
    launcher();
    EXPECT_FALSE(launcher_->choice());
    EXPECT_TRUE(choose(*launcher_, "\0\0\1"s));
    EXPECT_EQ(launcher_->choice(),
              (Choice{.kind = Choice::Kind::File, .name = folder_.path("start/b.rom")}));
    launcher();
    EXPECT_TRUE(choose(*launcher_, "\2\0\1"s));
    EXPECT_EQ(launcher_->choice(), (Choice{.kind = Choice::Kind::Demo, .name = "bounce"}));
}

TEST_F(LauncherHost, IgnoresChoicesThatAreNone) {
    write("a.rom", "x");
    launcher();
    for (const std::string& bytes :
         {""s, "\0"s, "\0\0\1"s, "\0\xff\xff"s, "\1\0\0"s, "\0\0\0\0"s}) {
        choose(*launcher_, bytes);
        EXPECT_FALSE(launcher_->choice());
    }
}

TEST_F(LauncherHost, HasNoOtherFiles) {
    write("a.rom", "x");
    launcher();
    for (const char* const path :
         {"", "a.rom", "00", "00/", "00/0001", "00/000", "00/00000", "0/0000", "00/zzzz", "/begin",
          "00/0000/", "begin/", "choice", "../begin", "00/+001", "-1/about"}) {
        EXPECT_FALSE(contents(*launcher_, path)) << path;
        EXPECT_EQ(launcher_->files().status(path).kind, varvara::FileStatus::Kind::Missing);
    }
    EXPECT_EQ(launcher_->files().open_to_write("begin", false), nullptr);
    EXPECT_EQ(launcher_->files().open_to_write("a.rom", true), nullptr);
    EXPECT_FALSE(launcher_->files().list("."));
    EXPECT_FALSE(launcher_->files().remove("a.rom"));
    EXPECT_FALSE(launcher_->files().make_folder("new"));
}

TEST_F(LauncherHost, EntersFoldersAndLeavesThem) {
    make_folder("sub/deep");
    make_folder("tub");
    write("sub/a.rom", "x");
    launcher();
    EXPECT_TRUE(choose(*launcher_, "\0\0\0"s));
    EXPECT_FALSE(launcher_->choice());
    // After a step, the list has another number; all but those of the other lists mean it.
    EXPECT_EQ(label(*launcher_, "03"), "start/sub");
    EXPECT_EQ(titles(*launcher_, "03"), (std::vector<std::string>{"..", "deep", "a.rom"}));
    EXPECT_EQ(entry(*launcher_, "03", 0).kind, 3);
    EXPECT_TRUE(choose(*launcher_, "\0\0\1"s));
    EXPECT_EQ(label(*launcher_, "04"), "start/sub/deep");
    EXPECT_TRUE(choose(*launcher_, "\0\0\0"s));
    EXPECT_EQ(selected(*launcher_, "05"), 1u);  // where we came from
    EXPECT_TRUE(choose(*launcher_, "\0\0\2"s));
    EXPECT_EQ(launcher_->choice()->name, folder_.path("start/sub/a.rom"));
    launcher_->come_back({}, {});
    EXPECT_TRUE(choose(*launcher_, "\0\0\0"s));
    EXPECT_EQ(titles(*launcher_, "00"), (std::vector<std::string>{"sub", "tub"}));
    EXPECT_EQ(selected(*launcher_, "00"), 0u);
}

TEST_F(LauncherHost, DoesNotLeaveTheStartFolder) {
    fs::create_directories(folder_.path("outside"));
    folder_.write("outside/a.rom", rom("Outside"));
    fs::create_symlink("../outside", folder_.path("start/link"));
    fs::create_symlink("../outside/a.rom", folder_.path("start/link.rom"));
    launcher();
    EXPECT_EQ(count(*launcher_, kFolder), 0u);
}

TEST_F(LauncherHost, ComesBackToTheLastChoice) {
    for (const char* const name : {"a.rom", "b.rom", "c.rom"}) {
        write(name, "x");
    }
    launcher();
    choose(*launcher_, "\0\0\1"s);
    write("aa.rom", "x");  // meanwhile
    launcher_->come_back({folder_.path("start/b.rom")}, {});
    EXPECT_FALSE(launcher_->choice());
    EXPECT_EQ((*contents(*launcher_, "begin"))[0], '\0');
    EXPECT_EQ(entry(*launcher_, kFolder, selected(*launcher_, kFolder)).title, "b.rom");
    EXPECT_EQ(count(*launcher_, kRecent), 1u);
    choose(*launcher_, "\2\0\3"s);
    launcher_->come_back({}, {});
    EXPECT_EQ((*contents(*launcher_, "begin"))[0], '\2');
    EXPECT_EQ(selected(*launcher_, kDemos), 3u);
}

TEST_F(LauncherHost, ComesBackToAFolderThatIsGone) {
    make_folder("sub/deep");
    write("sub/deep/a.rom", "x");
    launcher();
    choose(*launcher_, "\0\0\0"s);
    choose(*launcher_, "\0\0\1"s);
    choose(*launcher_, "\0\0\1"s);
    ASSERT_TRUE(launcher_->choice());
    fs::remove_all(folder_.path("start/sub"));
    launcher_->come_back({}, {});
    EXPECT_EQ(label(*launcher_, kFolder), "start");
    EXPECT_EQ(count(*launcher_, kFolder), 0u);
    fs::remove_all(folder_.path("start"));
    launcher_->come_back({}, {});
    EXPECT_EQ(count(*launcher_, kFolder), 0u);
}

/// The launcher's program while it runs.
class LauncherProgram : public LauncherHost {
protected:
    class Sink final : public varvara::ConsoleSink {
    public:
        bool write(varvara::Stream, std::string_view) noexcept override { return true; }
        bool flush() noexcept override { return true; }
    };
    void start(Launcher& host) {
        devices_.emplace(varvara::Hosts{.console = sink_, .clock = clock_, .files = host.files()});
        *machine_ = uxn::Machine();
        varvara::load_rom(*machine_, *devices_, host.rom());
        session_.emplace(varvara::SessionParts{.machine = *machine_,
                                               .varvara = *devices_,
                                               .engine = *uxn::find_engine("auto"),
                                               .output = sink_});
        session_->boot({});
    }
    void happen(varvara::Event::Kind kind, unsigned value) {
        session_->handle({.kind = kind, .value = static_cast<std::uint8_t>(value)});
    }
    void key(char character) {
        happen(varvara::Event::Kind::Key, static_cast<std::uint8_t>(character));
    }
    void button(unsigned bit) {
        happen(varvara::Event::Kind::Press, bit);
        happen(varvara::Event::Kind::Release, bit);
    }
    void mouse(int x, int y) {
        session_->handle({.kind = varvara::Event::Kind::MouseMove,
                          .x = static_cast<std::int16_t>(x),
                          .y = static_cast<std::int16_t>(y)});
    }
    void click() {
        happen(varvara::Event::Kind::MousePress, 1);
        happen(varvara::Event::Kind::MouseRelease, 1);
    }
    /// The last name of what was chosen; empty if the program goes on, "-" if it has ended without.
    std::string chosen() const {
        if (session_->running()) {
            return "";
        }
        return launcher_->choice() ? fs::path(launcher_->choice()->name).filename().string() : "-";
    }

    static constexpr unsigned kA = 0x01, kB = 0x02, kStart = 0x08, kUp = 0x10, kDown = 0x20,
                              kLeft = 0x40, kRight = 0x80;

    Sink sink_;
    varvara::VirtualClock clock_;
    std::unique_ptr<uxn::Machine> machine_ = std::make_unique<uxn::Machine>();
    std::optional<varvara::Varvara> devices_;
    std::optional<varvara::Session> session_;
};

TEST_F(LauncherProgram, AssemblesWithoutWarnings) {
    EXPECT_TRUE(assemble_demo(kLauncher).ok());
}

TEST_F(LauncherProgram, StartsWhatIsSelected) {
    for (const char* const name : {"a.rom", "b.rom", "c.rom", "d.rom"}) {
        write(name, "x");
    }
    start(launcher());
    button(kDown);
    button(kDown);
    button(kDown);
    button(kDown);
    button(kUp);
    key('\r');
    EXPECT_EQ(chosen(), "c.rom");
    EXPECT_EQ(session_->end().exit_code, 0);
}

TEST_F(LauncherProgram, IsDrivenByAPad) {
    make_folder("sub");
    write("sub/a.rom", "x");
    write("z.rom", "x");
    start(launcher());
    button(kA);
    button(kB);
    button(kA);
    button(kDown);
    EXPECT_EQ(chosen(), "");
    button(kA);
    EXPECT_EQ(chosen(), "a.rom");
}

TEST_F(LauncherProgram, TakesControlWithALetterForNothing) {
    write("a.rom", "x");
    start(launcher());
    happen(varvara::Event::Kind::Press, kA);
    key('h');
    happen(varvara::Event::Kind::Release, kA);
    EXPECT_EQ(chosen(), "");
    button(kA);
    EXPECT_EQ(chosen(), "a.rom");
}

TEST_F(LauncherProgram, EndsWithEscape) {
    start(launcher());
    key('\r');
    key('\b');
    EXPECT_EQ(chosen(), "banks");  // an empty folder: it begins with the demos
    start(launcher());
    key('\x1b');
    EXPECT_EQ(chosen(), "-");
}

TEST_F(LauncherProgram, GoesToTheNextNameWithALetter) {
    for (const char* const name : {"a.rom", "b1.rom", "b2.rom", "c.rom"}) {
        write(name, "x");
    }
    const auto after = [&](std::string_view keys) {
        start(launcher());
        for (const char each : keys) {
            key(each);
        }
        key('\r');
        return chosen();
    };
    EXPECT_EQ(after("b"), "b1.rom");
    EXPECT_EQ(after("B"), "b1.rom");
    EXPECT_EQ(after("bb"), "b2.rom");
    EXPECT_EQ(after("bbb"), "b1.rom");
    EXPECT_EQ(after("cx"), "c.rom");
    EXPECT_EQ(after("ca"), "a.rom");
}

TEST_F(LauncherProgram, FindsALetterFarDownInALongList) {
    for (int i = 0; i < 600; ++i) {
        write("a" + std::to_string(i) + ".rom", "x");
    }
    write("z.rom", "x");
    start(launcher());
    key('z');
    button(kUp);
    key('\r');
    EXPECT_EQ(chosen(), "a99.rom");
    start(launcher());
    key('z');
    button(kStart);
    key('\r');
    EXPECT_EQ(chosen(), "a0.rom");
}

TEST_F(LauncherProgram, TurnsToTheOtherLists) {
    write("a.rom", "x");
    const std::string recent = folder_.write("r.rom", "x");
    const auto after = [&](unsigned bits) {
        start(launcher({recent}));
        button(bits);
        key('\r');
        return chosen();
    };
    EXPECT_EQ(after(kRight), "r.rom");
    EXPECT_EQ(after(kLeft), "banks");
    start(launcher({recent}));
    for (int i = 0; i < 4; ++i) {
        key('\t');
    }
    key('\r');
    EXPECT_EQ(chosen(), "r.rom");
}

TEST_F(LauncherProgram, StartsNothingFromAnEmptyList) {
    write("a.rom", "x");
    start(launcher());
    button(kRight);
    key('\r');
    button(kDown);
    button(kA);
    key('x');
    key('\b');
    EXPECT_EQ(chosen(), "");
}

TEST_F(LauncherProgram, EntersFoldersAndLeavesThem) {
    make_folder("sub/deep");
    write("sub/deep/a.rom", "x");
    write("z.rom", "x");
    start(launcher());
    key('\r');      // sub
    button(kDown);  // deep
    key('\r');
    key('\b');
    key('\r');  // it stands on deep again
    key('a');
    key('\r');
    EXPECT_EQ(chosen(), "a.rom");
    EXPECT_EQ(launcher_->choice()->name, folder_.path("start/sub/deep/a.rom"));
}

TEST_F(LauncherProgram, FollowsTheMouse) {
    for (const char* const name : {"a.rom", "b.rom", "c.rom"}) {
        write(name, "x");
    }
    start(launcher());
    mouse(100, 43 + 2 * 32 + 31);
    key('\r');
    EXPECT_EQ(chosen(), "c.rom");
    start(launcher());
    mouse(100, 43 + 32);
    happen(varvara::Event::Kind::MousePress, 1);
    EXPECT_EQ(chosen(), "");
    happen(varvara::Event::Kind::MouseRelease, 1);
    EXPECT_EQ(chosen(), "b.rom");
    start(launcher());
    mouse(100, 300);
    click();
    mouse(100, 2);
    click();
    EXPECT_EQ(chosen(), "");
}

TEST_F(LauncherProgram, ScrollsWithTheWheel) {
    for (char name = 'a'; name < 'k'; ++name) {
        write(name + ".rom"s, "x");
    }
    const auto after = [&](int steps) {
        start(launcher());
        mouse(100, 50);
        for (int i = 0; i < std::abs(steps); ++i) {
            session_->handle({.kind = varvara::Event::Kind::Scroll,
                              .y = static_cast<std::int16_t>(steps < 0 ? -1 : 1)});
        }
        click();
        return chosen();
    };
    EXPECT_EQ(after(-1), "a.rom");
    EXPECT_EQ(after(1), "b.rom");
    EXPECT_EQ(after(7), "c.rom");  // eight of ten fit
}

TEST_F(LauncherProgram, HasItsListsUnderTheMouse) {
    write("a.rom", "x");
    start(launcher({folder_.write("r.rom", "x")}));
    mouse(215, 18);
    click();
    key('\r');
    EXPECT_EQ(chosen(), "r.rom");
}

TEST_F(LauncherProgram, FitsIntoLittleRoom) {
    for (const char* const name : {"a.rom", "b.rom", "c.rom"}) {
        write(name, "x");
    }
    start(launcher({}, {.width = 80, .height = 46}));
    EXPECT_EQ(devices_->screen.width(), 80u);
    EXPECT_EQ(devices_->screen.height(), 46u);
    mouse(10, 6 + 6 + 1);
    click();
    EXPECT_EQ(chosen(), "b.rom");
    start(launcher({}, {.width = 1, .height = 1}));
    button(kDown);
    key('\r');
    EXPECT_EQ(chosen(), "b.rom");
    start(launcher({}, {.width = 4000, .height = 3000}));
    EXPECT_EQ(devices_->screen.width(), 512u);
    EXPECT_EQ(devices_->screen.height(), 320u);
}

TEST_F(LauncherProgram, NeedsNoFrames) {
    start(launcher());
    EXPECT_EQ(machine_->dev_short(varvara::port("Screen/vector")), 0);
}

}  // namespace
}  // namespace cli
