#include "front/window_module.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace front {
namespace {

/// What is said when a file is not the module.
std::string refusal(const std::string& path) {
    const auto module = load_window_module(path);
    return module ? "" : module.error().detail;
}

TEST(WindowModule, IsLoadedFromItsFile) {
    const auto module = load_window_module(LEVERET_WINDOW_MODULE);
    ASSERT_TRUE(module) << module.error().detail;
    EXPECT_NE((*module)->open_window, nullptr);
    EXPECT_NE((*module)->open_sound, nullptr);
}

TEST(WindowModule, IsMissedWhereItIsNot) {
    // This test is not beside the program.
    const auto module = load_window_module();
    ASSERT_FALSE(module);
    EXPECT_EQ(module.error().code, base::ErrorCode::NotFound);
    EXPECT_NE(module.error().detail.find("leveret-window.so"), std::string::npos);
    EXPECT_NE(module.error().detail.find("libsdl2-dev"), std::string::npos);
}

TEST(WindowModule, IsRefusedWhenItIsNoLibrary) {
    const std::string path = testing::TempDir() + "no-library.so";
    std::ofstream(path) << "no library";
    EXPECT_NE(refusal(path).find("cannot load '" + path + "'"), std::string::npos);
    EXPECT_NE(refusal("/nowhere/at-all.so").find("/nowhere/at-all.so"), std::string::npos);
}

TEST(WindowModule, IsRefusedWhenItIsAnotherLibrary) {
    EXPECT_NE(refusal("libm.so.6").find("leveret_window_module"), std::string::npos);
}

TEST(WindowModule, IsRefusedWhenItIsOfAnotherVersion) {
    EXPECT_NE(refusal(LEVERET_OTHER_LIBRARY).find("leveret-window 0"), std::string::npos);
}

}  // namespace
}  // namespace front
