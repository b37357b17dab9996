#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace front::terminal {

/// A terminal taken over: raw, and given back on every way out of the process. One at a time.
class Tty {
public:
    /// device: empty for the one that the process belongs to.
    /// Errors: Unsupported.
    static base::Result<std::unique_ptr<Tty>> open(const std::string& device);
    ~Tty();
    Tty(const Tty&) = delete;
    Tty& operator=(const Tty&) = delete;

    /// Never blocks.
    int fd() const;
    /// Can be read when something has happened: a signal, or `wake`.
    int events() const;
    /// What the Backspace key sends.
    char erase() const;

    /// Adds to what is written when the process goes on after it was stopped, and, before what was
    /// there already, to what is written on every way out. The caller itself writes `enter` now.
    void add(std::string_view enter, std::string_view leave);

    void wake() const noexcept;
    struct Happened {
        bool resized = false;
        bool continued = false;  ///< whatever was shown is gone
        bool closing = false;    ///< a signal asks the process to end
    };
    /// What has happened since the last call.
    Happened take_events() const;

private:
    Tty() = default;
};

}  // namespace front::terminal
