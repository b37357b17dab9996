#include "host/console.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "host/signals.hpp"

namespace host {
namespace {

using varvara::Stream;
using namespace std::chrono_literals;

class Pipe {
public:
    Pipe() {
        signal(SIGPIPE, SIG_IGN);
        EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0);
    }
    ~Pipe() {
        close_reader();
        close_writer();
    }
    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }
    void close_reader() { close_end(ends_[0]); }
    void close_writer() { close_end(ends_[1]); }
    void do_not_block(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

    /// Everything until the other end is closed.
    std::string read_all() const {
        std::string all;
        std::array<char, 4096> block;
        while (true) {
            const ssize_t count = read(reader(), block.data(), block.size());
            if (count <= 0) {
                return all;
            }
            all.append(block.data(), static_cast<std::size_t>(count));
        }
    }

private:
    static void close_end(int& fd) {
        if (fd >= 0) {
            close(fd);
            fd = -1;
        }
    }
    std::array<int, 2> ends_{-1, -1};
};

TEST(ConsolePump, KeepsTheOrderOfBothStreams) {
    Pipe pipe;
    ConsolePump pump(pipe.writer(), pipe.writer());
    pump.write(Stream::Output, "a");
    pump.write(Stream::Output, "b");
    pump.write(Stream::Error, "c");
    pump.write(Stream::Output, "d");
    EXPECT_TRUE(pump.flush());
    pipe.close_writer();
    EXPECT_EQ(pipe.read_all(), "abcd");
}

TEST(ConsolePump, SendsEachStreamToItsOwnDescriptor) {
    Pipe output;
    Pipe error;
    ConsolePump pump(output.writer(), error.writer());
    pump.write(Stream::Error, "e");
    pump.write(Stream::Output, "o");
    pump.write(Stream::Error, "f");
    pump.flush();
    output.close_writer();
    error.close_writer();
    EXPECT_EQ(output.read_all(), "o");
    EXPECT_EQ(error.read_all(), "ef");
}

TEST(ConsolePump, WritesAllOfALongOutputToASlowReader) {
    Pipe pipe;
    std::string expected;
    std::string seen;
    {
        std::jthread reader([&] { seen = pipe.read_all(); });
        ConsolePump pump(pipe.writer(), pipe.writer());
        for (int i = 0; i < 300'000; ++i) {
            const char byte = static_cast<char>(i * 31);
            expected += byte;
            ASSERT_TRUE(pump.write(Stream::Output, {&byte, 1}));
        }
        pump.flush();
        pipe.close_writer();
    }
    EXPECT_EQ(seen, expected);
}

TEST(ConsolePump, WaitsForADescriptorThatDoesNotBlock) {
    Pipe pipe;
    pipe.do_not_block(pipe.writer());
    std::string seen;
    {
        std::jthread reader([&] {
            std::this_thread::sleep_for(50ms);
            seen = pipe.read_all();
        });
        ConsolePump pump(pipe.writer(), pipe.writer());
        EXPECT_TRUE(pump.write(Stream::Output, std::string(500'000, 'x')));
        EXPECT_TRUE(pump.flush());
        pipe.close_writer();
    }
    EXPECT_EQ(seen.size(), 500'000u);
}

TEST(ConsolePump, SaysThatTheReaderHasGone) {
    for (const Stream stream : {Stream::Output, Stream::Error}) {
        Pipe pipe;
        pipe.close_reader();
        ConsolePump pump(pipe.writer(), pipe.writer());
        EXPECT_TRUE(pump.write(stream, "kept for now"));
        EXPECT_FALSE(pump.flush());
        EXPECT_EQ(pump.failure(), EPIPE);
        EXPECT_FALSE(pump.write(stream, "more"));
    }
}

TEST(ConsolePump, GoesOnWhenOnlyStandardErrorFails) {
    Pipe output;
    ConsolePump pump(output.writer(), -1);
    EXPECT_TRUE(pump.write(Stream::Error, "lost"));
    EXPECT_TRUE(pump.write(Stream::Output, "kept"));
    EXPECT_TRUE(pump.flush());
    output.close_writer();
    EXPECT_EQ(output.read_all(), "kept");
}

TEST(ConsolePump, ReportsWhyStandardOutputFails) {
    ConsolePump pump(-1, -1);
    pump.write(Stream::Output, "x");
    EXPECT_FALSE(pump.flush());
    EXPECT_EQ(pump.failure(), EBADF);
}

/// In a process of its own, because a signal is remembered for good: writes more than fits into a
/// pipe that nobody reads, after an interruption.
[[noreturn]] void write_last_words() {
    alarm(20);
    catch_interrupts();
    raise(SIGINT);
    const Pipe pipe;
    ConsolePump pump(pipe.writer(), pipe.writer());
    pump.write(Stream::Output, std::string(1'000'000, 'x'));
    pump.flush();
    char first = 0;
    _exit(read(pipe.reader(), &first, 1) == 1 && first == 'x' ? 0 : 1);
}

TEST(ConsolePumpDeathTest, WritesOnlyWhatFitsAfterAnInterruption) {
    EXPECT_EXIT(write_last_words(), testing::ExitedWithCode(0), "");
}

std::string text(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

TEST(ConsoleReader, GivesWhatIsThereAndThenTheEnd) {
    Pipe pipe;
    ConsoleReader reader(pipe.reader());
    ASSERT_EQ(write(pipe.writer(), "abc", 3), 3);
    EXPECT_EQ(text(reader.next()), "abc");
    ASSERT_EQ(write(pipe.writer(), "d", 1), 1);
    EXPECT_EQ(text(reader.next()), "d");
    pipe.close_writer();
    EXPECT_TRUE(reader.next().empty());
    EXPECT_TRUE(reader.next().empty());
}

TEST(ConsoleReader, WaitsOnADescriptorThatDoesNotBlock) {
    Pipe pipe;
    pipe.do_not_block(pipe.reader());
    std::jthread writer([&] {
        std::this_thread::sleep_for(50ms);
        EXPECT_EQ(write(pipe.writer(), "late", 4), 4);
    });
    EXPECT_EQ(text(ConsoleReader(pipe.reader()).next()), "late");
}

TEST(ConsoleReader, TakesAnErrorForTheEnd) {
    EXPECT_TRUE(ConsoleReader(-1).next().empty());
    const int folder = open("/", O_RDONLY | O_CLOEXEC);
    EXPECT_TRUE(ConsoleReader(folder).next().empty());
    close(folder);
}

}  // namespace
}  // namespace host
