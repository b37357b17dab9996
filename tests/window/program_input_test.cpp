// What somebody does in leveret's window, and what of it reaches the program.

#include <filesystem>
#include <string>
#include <vector>

#include "program_fixture.hpp"

namespace window_test {
namespace {

TEST_F(ProgramTest, HearsButtonsGoingDownAndUp) {
    start_subject();
    const std::vector<std::pair<unsigned long, std::string>> buttons = {
        {XK_Control_L, "01"}, {XK_Alt_L, "02"}, {XK_Shift_L, "04"}, {XK_Home, "08"},
        {XK_Up, "10"},        {XK_Down, "20"},  {XK_Left, "40"},    {XK_Right, "80"}};
    for (const auto& [key, bit] : buttons) {
        user_->key_down(key);
        EXPECT_TRUE(says("k " + bit + " 00\n"));
        user_->key_up(key);
        EXPECT_TRUE(says("k 00 00\n"));
    }
    user_->key_down(XK_Up);
    user_->press(XK_Left);
    user_->key_up(XK_Up);
    EXPECT_TRUE(says("k 10 00\nk 50 00\nk 10 00\nk 00 00\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsText) {
    start_subject();
    user_->type("aZ?\n");
    EXPECT_TRUE(says("k 00 61\n"));
    EXPECT_TRUE(says("k 04 5a\n")) << "Shift is a button, too";
    EXPECT_TRUE(says("k 04 3f\n"));
    EXPECT_TRUE(says("k 00 0d\n"));
    const std::vector<std::pair<unsigned long, std::string>> keys = {{XK_BackSpace, "08"},
                                                                     {XK_Tab, "09"},
                                                                     {XK_Escape, "1b"},
                                                                     {XK_Delete, "7f"},
                                                                     {XK_space, "20"}};
    for (const auto& [key, code] : keys) {
        user_->press(key);
        EXPECT_TRUE(says("k 00 " + code + "\n"));
    }
    user_->press({XK_Control_L}, XK_s);
    EXPECT_TRUE(says("k 01 00\nk 01 73\nk 00 00\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsLettersBeyondAsciiAsUtf8) {
    start_subject();
    user_->add_key(XK_eacute);
    user_->press(XK_eacute);
    EXPECT_TRUE(says("k 00 c3\nk 00 a9\n"));
    EXPECT_TRUE(listens());
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsThePointerInPixelsOfThePictureAtEachZoom) {
    start_subject({"--zoom", "1"});
    user_->move(window_, 10, 20);
    EXPECT_TRUE(says("m 00 0a 00 14 00 00 00 00 00\n"));
    const std::vector<std::pair<unsigned, std::string>> buttons = {{1, "01"}, {2, "02"}, {3, "04"}};
    for (const auto& [button, bit] : buttons) {
        user_->button_down(button);
        EXPECT_TRUE(says("m 00 0a 00 14 " + bit + " 00 00 00 00\n"));
        user_->button_up(button);
        EXPECT_TRUE(says("m 00 0a 00 14 00 00 00 00 00\n"));
    }
    const std::vector<std::pair<unsigned, std::string>> steps = {
        {4, "00 00 ff ff"}, {5, "00 00 00 01"}, {6, "ff ff 00 00"}, {7, "00 01 00 00"}};
    for (const auto& [button, distance] : steps) {
        user_->click(button);
        EXPECT_TRUE(says("m 00 0a 00 14 00 " + distance + "\n"));
    }
    user_->press(XK_F1);
    ASSERT_TRUE(user_->wait_for_size(window_, 128, 96));
    ASSERT_TRUE(shows(picture(), {128, 96}, 2));
    user_->move(window_, 101, 61);
    EXPECT_TRUE(says("m 00 32 00 1e 00 00 00 00 00\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsNothingOfThePointerBesideThePicture) {
    start_subject({"--zoom", "1"});
    user_->resize(window_, 164, 148);
    ASSERT_TRUE(shows(picture(), {164, 148}, 2));
    // 18 pixels are left of the picture, and 26 above it.
    user_->move(window_, 18 + 2 * 30, 26 + 2 * 40);
    EXPECT_TRUE(says("m 00 1e 00 28 00 00 00 00 00\n"));
    user_->move(window_, 163, 147);
    EXPECT_TRUE(says("m 00 3f 00 2f 00 00 00 00 00\n")) << "the nearest pixel";
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsADragThatLeavesTheWindow) {
    start_subject({"--zoom", "1"});
    user_->move(window_, 10, 20);
    ASSERT_TRUE(says("m 00 0a 00 14 00 00 00 00 00\n"));
    user_->button_down(1);
    user_->move(window_, -100, 20);
    EXPECT_TRUE(says("m 00 00 00 14 01 00 00 00 00\n"));
    user_->button_up(1);
    EXPECT_TRUE(says("m 00 00 00 14 00 00 00 00 00\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsThatKeysAreReleasedWhenTheFocusIsLost) {
    start_subject();
    user_->key_down(XK_Up);
    ASSERT_TRUE(says("k 10 00\n"));
    user_->unfocus();
    EXPECT_TRUE(says("k 00 00\n"));
    user_->key_up(XK_Up);
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsAPasteAsTyping) {
    start_subject();
    user_->set_clipboard("hi\n\xc3\xa9");
    user_->press({XK_Shift_L}, XK_Insert);
    EXPECT_TRUE(says("k 04 68\nk 04 69\nk 04 0d\nk 04 c3\nk 04 a9\n"));
    user_->press({XK_Control_L, XK_Shift_L}, XK_v);
    EXPECT_TRUE(says("k 05 68\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HearsNothingOfKeysThatAreNotForIt) {
    start_subject();
    user_->press(XK_F1);
    user_->press(XK_F12);
    user_->press({XK_Shift_L}, XK_F10);
    user_->press({XK_Control_L}, XK_h);
    user_->press(XK_Escape);  // takes the list of keys away
    user_->press(XK_x);
    EXPECT_TRUE(says("k 00 78\n"));
    for (const char* key : {" 68\n", " 08\n", " 1b\n"}) {
        EXPECT_EQ(process_->output().find(key), std::string::npos) << process_->output();
    }
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HasTheKeysOfTheSettings) {
    std::filesystem::create_directories(home_.path(".config/leveret/programs"));
    home_.write(".config/leveret/settings.toml", "[keys]\nmap = \"uxn32\"\n");
    home_.write(".config/leveret/programs/subject.toml",
                "[buttons.2]\nUp = \"W\"\n[keys]\nquit = \"F7\"\n");
    start_subject();
    user_->press(XK_F5);  // as in Uxn32
    EXPECT_TRUE(complains("WST"));
    user_->press(XK_w);
    EXPECT_TRUE(says("k 00 00\nk 00 00\n")) << "a button of the second controller";
    user_->press(XK_F7);
    EXPECT_EQ(wait().exit_code, 0x7f);
}

}  // namespace
}  // namespace window_test
