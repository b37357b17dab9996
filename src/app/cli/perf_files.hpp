#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/cli/code_labels.hpp"
#include "base/result.hpp"
#include "host/posix.hpp"
#include "uxn/jit/observer.hpp"

namespace cli {

/// A file for Linux's perf that grows while the program runs. It is open before the program is
/// confined.
class PerfFile : public uxn::jit::Observer {
public:
    PerfFile(host::FileDescriptor file, std::string path, const CodeLabels& labels)
        : labels_(labels), file_(std::move(file)), path_(std::move(path)) {}

    /// The first thing that went wrong.
    base::Result<void> outcome() const { return outcome_; }
    /// When the run is over.
    virtual void finish() {}

    void shared(const uxn::jit::CodeReport& report) noexcept override;
    void compiled(const uxn::jit::RegionReport& report) noexcept override;

protected:
    int file() const { return file_.get(); }
    const std::string& path() const { return path_; }
    /// All of it, or the outcome tells.
    void write(std::string_view bytes);

private:
    virtual void add(std::span<const std::uint8_t> code, const std::string& name) = 0;

    const CodeLabels& labels_;
    host::FileDescriptor file_;
    std::string path_;
    std::mutex mutex_;
    base::Result<void> outcome_;
};

/// /tmp/perf-PID.map, where perf looks for the names of code that is in no file: a line for each
/// piece. Memory that is used again gives one address several names.
/// Errors: NotWritable.
base::Result<std::unique_ptr<PerfFile>> open_perf_map(const CodeLabels& labels);

/// jit-PID.dump in the working directory, for `perf inject --jit`: names, and the code itself.
/// Errors: NotWritable; Unsupported: perf cannot be told of it.
base::Result<std::unique_ptr<PerfFile>> open_perf_dump(const CodeLabels& labels);

}  // namespace cli
