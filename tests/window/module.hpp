#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "front/window_module.hpp"
#include "x_display.hpp"

namespace window_test {

/// An environment variable with another value while this lives. Null: not set.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) {
            before_ = before;
            had_ = true;
        }
        value == nullptr ? unsetenv(name) : setenv(name, value, 1);
    }
    ~Environment() { had_ ? setenv(name_, before_.c_str(), 1) : unsetenv(name_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    const char* name_;
    std::string before_;
    bool had_ = false;
};

/// Waits for inputs of a display until they are what is wanted, or patience ends. Returns them all.
inline std::vector<front::Input> inputs_until(
    front::Display& display, const std::function<bool(const std::vector<front::Input>&)>& enough) {
    std::vector<front::Input> inputs;
    eventually([&] {
        display.wait(std::chrono::milliseconds(10), inputs);
        return enough(inputs);
    });
    return inputs;
}

/// Those of one kind.
inline std::vector<front::Input> of_kind(const std::vector<front::Input>& inputs,
                                         front::Input::Kind kind) {
    std::vector<front::Input> found;
    for (const front::Input& input : inputs) {
        if (input.kind == kind) {
            found.push_back(input);
        }
    }
    return found;
}

/// Waits until there are `count` inputs of a kind, and returns these.
inline std::vector<front::Input> wait_for(front::Display& display, front::Input::Kind kind,
                                          std::size_t count = 1) {
    return of_kind(
        inputs_until(display,
                     [&](const auto& inputs) { return of_kind(inputs, kind).size() >= count; }),
        kind);
}

}  // namespace window_test
