#pragma once

#include <unistd.h>

namespace cli_test {

/// While it lives, the test and the processes it starts have no right to read and write everything,
/// even if root runs the test.
class Unprivileged {
public:
    Unprivileged() : was_root_(geteuid() == 0 && seteuid(kNobody) == 0) {}
    ~Unprivileged() {
        if (was_root_ && seteuid(0) != 0) {
            _exit(1);
        }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    static constexpr uid_t kNobody = 65534;
    bool was_root_;
};

}  // namespace cli_test
