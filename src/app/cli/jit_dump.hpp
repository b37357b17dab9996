#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "app/cli/code_labels.hpp"
#include "base/result.hpp"
#include "uxn/jit/observer.hpp"

namespace cli {

/// Writes a file for each region that the JIT compiles: what it was made of, and what it became.
/// They are there at once, so that they outlive a crash.
class JitDump final : public uxn::jit::Observer {
public:
    /// folder: prepared, see host::prepare_folder.
    JitDump(std::string folder, const CodeLabels& labels)
        : folder_(std::move(folder)), labels_(labels) {}

    bool wants_assembly() const noexcept override { return true; }
    void compiled(const uxn::jit::RegionReport& report) noexcept override;

    /// The first thing that went wrong.
    base::Result<void> outcome() const { return outcome_; }

private:
    std::string folder_;
    const CodeLabels& labels_;
    std::mutex mutex_;
    std::map<std::uint16_t, unsigned> times_;  ///< that a region was compiled, by its address
    base::Result<void> outcome_;
};

}  // namespace cli
