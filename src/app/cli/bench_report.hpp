#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

/// The measured times of one contestant (an engine or another program) on one bench program.
struct Times {
    std::vector<double> seconds;     ///< one a round, ascending; empty: it failed
    std::uint64_t instructions = 0;  ///< that the program executes; 0: not known

    double median() const;
    /// Half of the distance between the quartiles, as a share of the median.
    double spread() const;
};

/// What a benchmark found. `times[p][c]` belongs to program p and contestant c.
struct BenchReport {
    std::vector<std::string> contestants;
    std::vector<std::string> programs;
    std::vector<std::vector<Times>> times;

    /// How many times as fast as contestant `baseline`; 0 where one of them has no times.
    double ratio(std::size_t program, std::size_t contestant, std::size_t baseline) const;
    /// The geometric mean of the ratios over the programs that both ran; 0 if there are none.
    double mean_ratio(std::size_t contestant, std::size_t baseline) const;
    /// The least of those ratios; 0 if there are none.
    double least_ratio(std::size_t contestant, std::size_t baseline) const;
};

/// Tables for people and machines. Ratios refer to contestant `baseline`.
std::string report_text(const BenchReport& report, std::size_t baseline);
std::string report_json(const BenchReport& report, std::size_t baseline);

/// A bar chart: a group of bars a program, a bar a contestant, longer is faster.
std::string report_svg(const BenchReport& report, std::size_t baseline);

}  // namespace cli
