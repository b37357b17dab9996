#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// What became of a case on one engine.
struct TestResult {
    std::string name;
    std::string engine;  ///< empty: the case could not be loaded
    double seconds = 0;
    std::vector<std::string> complaints;  ///< none: it passed

    bool passed() const { return complaints.empty(); }
};

/// Test Anything Protocol, version 13: the first line, and one for a result.
std::string tap_plan(std::size_t results);
std::string tap_result(const TestResult& result, std::size_t number);

/// All results in the XML that continuous integration reads as JUnit's.
std::string junit_report(const std::vector<TestResult>& results);

}  // namespace cli
