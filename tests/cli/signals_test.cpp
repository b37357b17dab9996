#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "process.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

TEST(Signals, EndAnEndlessLoopOnEveryEngine) {
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        for (const int signal : {SIGINT, SIGTERM}) {
            if (entry.engine == nullptr) {
                continue;
            }
            Process process({"--engine", std::string(entry.name), program("loop.tal")});
            ASSERT_TRUE(process.wait_for_output("."));
            process.send(signal);
            const Outcome outcome = process.wait();
            EXPECT_FALSE(outcome.timed_out) << entry.name;
            EXPECT_EQ(outcome.signal, signal) << entry.name;
            EXPECT_EQ(outcome.output, ".");
            EXPECT_EQ(outcome.error, "");
        }
    }
}

TEST(Signals, EndAProgramThatWaitsForInput) {
    for (const int signal : {SIGINT, SIGTERM}) {
        Process process({program("prompt.tal")});
        ASSERT_TRUE(process.wait_for_output("? "));
        process.send(signal);
        const Outcome outcome = process.wait();
        EXPECT_FALSE(outcome.timed_out);
        EXPECT_EQ(outcome.signal, signal);
        EXPECT_EQ(outcome.output, "? ");
    }
}

TEST(Signals, EndAProgramWhoseReaderHasStopped) {
    Process process({program("yes.tal")});
    ASSERT_TRUE(process.wait_for_output("y"));
    usleep(50'000);  // time to fill the pipe, which nobody empties now
    process.send(SIGINT);
    usleep(50'000);
    const Outcome outcome = process.wait();
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.signal, SIGINT);
}

TEST(Signals, EndAProgramThatPrintsAllTheTime) {
    Process process({program("yes.tal")});
    ASSERT_TRUE(process.wait_for_output("y\n"));
    process.send(SIGINT);
    EXPECT_EQ(process.wait().signal, SIGINT);
}

TEST(Signals, OfAClosedPipeEndTheProgramQuietly) {
    Process process({program("yes.tal")});
    ASSERT_TRUE(process.wait_for_output("y\ny\ny\ny\ny\n"));
    process.close_output();
    const Outcome outcome = process.wait();
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.signal, SIGPIPE);
    EXPECT_EQ(outcome.error, "");
}

TEST(Signals, OfAClosedErrorPipeEndTheProgramToo) {
    Process process({program("yes-error.tal")});
    process.close_error();
    const Outcome outcome = process.wait();
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.signal, SIGPIPE);
}

TEST(Signals, OfAPipeClosedWhileWaitingForInputEndTheProgramAtTheNextByte) {
    Process process({program("cat.tal")});
    process.write("a");
    ASSERT_TRUE(process.wait_for_output("a"));
    process.close_output();
    process.write("b");
    EXPECT_EQ(process.wait().signal, SIGPIPE);
}

}  // namespace
}  // namespace cli_test
