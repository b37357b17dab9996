#include "app/cli/perf_files.hpp"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace cli {
namespace {

using base::ErrorCode;

/// A file of that name which is nobody else's: others may write to /tmp, too.
base::Result<host::FileDescriptor> create_file(const std::string& path) {
    unlink(path.c_str());  // what a process that had our number has left
    host::FileDescriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file.valid()) {
        return host::fail_with_errno(ErrorCode::NotWritable, "cannot write", path);
    }
    return file;
}

class PerfMap final : public PerfFile {
public:
    using PerfFile::PerfFile;

private:
    void add(std::span<const std::uint8_t> code, const std::string& name) override {
        write(fmt::format("{:x} {:x} {}\n", reinterpret_cast<std::uintptr_t>(code.data()),
                          code.size(), name));
    }
};

// The format is described in tools/perf/Documentation/jitdump-specification.txt of Linux.

struct DumpHeader {
    std::uint32_t magic = 0x4a695444;
    std::uint32_t version = 1;
    std::uint32_t size = sizeof(DumpHeader);
#ifdef __aarch64__
    std::uint32_t machine = EM_AARCH64;
#else
    std::uint32_t machine = EM_X86_64;
#endif
    std::uint32_t padding = 0;
    std::uint32_t process;
    std::uint64_t time;
    std::uint64_t flags = 0;
};

struct DumpRecord {
    enum class Kind : std::uint32_t { Load = 0, Close = 3 } kind;
    std::uint32_t size;
    std::uint64_t time;
};

struct DumpLoad {
    DumpRecord record;
    std::uint32_t process;
    std::uint32_t thread;
    std::uint64_t virtual_address;
    std::uint64_t address;
    std::uint64_t size;
    std::uint64_t number;
    // The name, a zero, and the code follow.
};

template <class T>
std::string_view bytes_of(const T& record) {
    return {reinterpret_cast<const char*>(&record), sizeof(record)};
}

/// As `perf record -k mono` has it.
std::uint64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_nsec);
}

class PerfDump final : public PerfFile {
public:
    using PerfFile::PerfFile;
    ~PerfDump() override {
        if (marker_ != MAP_FAILED) {
            munmap(marker_, marker_size_);
        }
    }

    /// Perf notices files that are mapped as code, and finds this one by its name.
    base::Result<void> begin() {
        write(bytes_of(DumpHeader{.process = static_cast<std::uint32_t>(getpid()), .time = now()}));
        marker_size_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        marker_ = mmap(nullptr, marker_size_, PROT_READ | PROT_EXEC, MAP_PRIVATE, file(), 0);
        if (marker_ == MAP_FAILED) {
            return host::fail_with_errno(ErrorCode::Unsupported, "cannot map", path());
        }
        return outcome();
    }
    void finish() override {
        write(bytes_of(DumpRecord{
            .kind = DumpRecord::Kind::Close, .size = sizeof(DumpRecord), .time = now()}));
    }

private:
    void add(std::span<const std::uint8_t> code, const std::string& name) override {
        const auto address = reinterpret_cast<std::uintptr_t>(code.data());
        const std::size_t size = sizeof(DumpLoad) + name.size() + 1 + code.size();
        const DumpLoad load = {.record = {.kind = DumpRecord::Kind::Load,
                                          .size = static_cast<std::uint32_t>(size),
                                          .time = now()},
                               .process = static_cast<std::uint32_t>(getpid()),
                               .thread = static_cast<std::uint32_t>(gettid()),
                               .virtual_address = address,
                               .address = address,
                               .size = code.size(),
                               .number = ++number_};
        std::string record(bytes_of(load));
        record += name;
        record += '\0';
        record.append(reinterpret_cast<const char*>(code.data()), code.size());
        write(record);
    }

    void* marker_ = MAP_FAILED;
    std::size_t marker_size_ = 0;
    std::uint64_t number_ = 0;
};

}  // namespace

void PerfFile::shared(const uxn::jit::CodeReport& report) noexcept {
    const std::scoped_lock lock(mutex_);
    add(report.code, "uxn: shared");
}

void PerfFile::compiled(const uxn::jit::RegionReport& report) noexcept {
    const std::scoped_lock lock(mutex_);
    add(report.code.code, "uxn:" + labels_.name(report.region.pc));
}

void PerfFile::write(std::string_view bytes) {
    while (!bytes.empty() && outcome_) {
        const ssize_t written = ::write(file(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            outcome_ = host::fail_with_errno(ErrorCode::NotWritable, "cannot write", path_);
        }
    }
}

base::Result<std::unique_ptr<PerfFile>> open_perf_map(const CodeLabels& labels) {
    std::string path = fmt::format("/tmp/perf-{}.map", getpid());
    auto file = create_file(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return std::make_unique<PerfMap>(std::move(*file), std::move(path), labels);
}

base::Result<std::unique_ptr<PerfFile>> open_perf_dump(const CodeLabels& labels) {
    std::string path = fmt::format("jit-{}.dump", getpid());
    auto file = create_file(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    auto dump = std::make_unique<PerfDump>(std::move(*file), std::move(path), labels);
    if (auto begun = dump->begin(); !begun) {
        return std::unexpected(begun.error());
    }
    return dump;
}

}  // namespace cli
