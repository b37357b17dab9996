#include "app/cli/bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace cli {
namespace {

double quantile(const std::vector<double>& ascending, double share) {
    const double at = share * static_cast<double>(ascending.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, ascending.size() - 1);
    const double rest = at - static_cast<double>(below);
    return ascending[below] * (1 - rest) + ascending[above] * rest;
}

std::string escape_xml(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '&': escaped += "&amp;"; break;
            case '"': escaped += "&quot;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

}  // namespace

double Times::median() const {
    return quantile(seconds, 0.5);
}

double Times::spread() const {
    return (quantile(seconds, 0.75) - quantile(seconds, 0.25)) / 2 / median();
}

double BenchReport::ratio(std::size_t program, std::size_t contestant, std::size_t baseline) const {
    const Times& own = times[program][contestant];
    const Times& base = times[program][baseline];
    return own.seconds.empty() || base.seconds.empty() ? 0 : base.median() / own.median();
}

double BenchReport::mean_ratio(std::size_t contestant, std::size_t baseline) const {
    double sum = 0;
    int count = 0;
    for (std::size_t program = 0; program < programs.size(); ++program) {
        if (const double r = ratio(program, contestant, baseline); r > 0) {
            sum += std::log(r);
            ++count;
        }
    }
    return count == 0 ? 0 : std::exp(sum / count);
}

double BenchReport::least_ratio(std::size_t contestant, std::size_t baseline) const {
    double least = 0;
    for (std::size_t program = 0; program < programs.size(); ++program) {
        const double r = ratio(program, contestant, baseline);
        if (r > 0 && (least == 0 || r < least)) {
            least = r;
        }
    }
    return least;
}

std::string report_text(const BenchReport& report, std::size_t baseline) {
    std::size_t width = 8;
    for (const std::string& name : report.programs) {
        width = std::max(width, name.size());
    }
    constexpr int kColumn = 21;
    std::string text = fmt::format("{:{}}", "program", width);
    for (const std::string& name : report.contestants) {
        text += fmt::format("  {:>{}}", name, kColumn);
    }
    text += '\n';
    for (std::size_t program = 0; program < report.programs.size(); ++program) {
        text += fmt::format("{:{}}", report.programs[program], width);
        for (std::size_t c = 0; c < report.contestants.size(); ++c) {
            const Times& times = report.times[program][c];
            const std::string cell =
                times.seconds.empty()
                    ? "wrong"
                    : fmt::format("{:.1f} ms ±{:.0f}% {:5.2f}", times.median() * 1e3,
                                  times.spread() * 100, report.ratio(program, c, baseline));
            text += fmt::format("  {:>{}}", cell, kColumn);
        }
        text += '\n';
    }
    const auto summary = [&](std::string_view name, auto value) {
        text += fmt::format("{:{}}", name, width);
        for (std::size_t c = 0; c < report.contestants.size(); ++c) {
            text += fmt::format("  {:>{}}", fmt::format("{:.2f}", value(c)), kColumn);
        }
        text += '\n';
    };
    summary("geomean", [&](std::size_t c) { return report.mean_ratio(c, baseline); });
    summary("least", [&](std::size_t c) { return report.least_ratio(c, baseline); });
    text += fmt::format(
        "\nMedians of CPU time, half the distance of the quartiles, and the speed "
        "relative to {}.\n",
        report.contestants[baseline]);
    return text;
}

std::string report_json(const BenchReport& report, std::size_t baseline) {
    nlohmann::ordered_json json;
    json["baseline"] = report.contestants[baseline];
    auto& programs = json["programs"] = nlohmann::ordered_json::array();
    for (std::size_t program = 0; program < report.programs.size(); ++program) {
        nlohmann::ordered_json row{{"name", report.programs[program]}};
        auto& results = row["results"] = nlohmann::ordered_json::object();
        for (std::size_t c = 0; c < report.contestants.size(); ++c) {
            const Times& times = report.times[program][c];
            if (times.seconds.empty()) {
                results[report.contestants[c]] = nullptr;
            } else {
                auto& result =
                    results[report.contestants[c]] = {{"median_seconds", times.median()},
                                                      {"spread", times.spread()},
                                                      {"ratio", report.ratio(program, c, baseline)},
                                                      {"seconds", times.seconds}};
                if (times.instructions != 0) {
                    result["instructions"] = times.instructions;
                }
            }
        }
        programs.push_back(std::move(row));
    }
    auto& means = json["geometric_mean"] = nlohmann::ordered_json::object();
    for (std::size_t c = 0; c < report.contestants.size(); ++c) {
        means[report.contestants[c]] = report.mean_ratio(c, baseline);
    }
    return json.dump(2) + "\n";
}

std::string report_svg(const BenchReport& report, std::size_t baseline) {
    // Colours that keep their order when seen in grey.
    constexpr std::array<std::string_view, 6> kColours{"#b9c4cf", "#8ea3b5", "#5f86a6",
                                                       "#2f6690", "#16425b", "#0b2533"};
    const std::size_t count = report.contestants.size();
    const std::size_t groups = report.programs.size() + 1;  // and the mean
    constexpr int kBar = 9;
    constexpr int kGap = 10;
    constexpr int kLeft = 120;
    constexpr int kPlot = 520;
    const int group_height = static_cast<int>(count) * kBar + kGap;
    const int top = 44;
    const int height = top + static_cast<int>(groups) * group_height + 30;

    double most = 0;
    for (std::size_t program = 0; program < report.programs.size(); ++program) {
        for (std::size_t c = 0; c < count; ++c) {
            most = std::max(most, report.ratio(program, c, baseline));
        }
    }
    most = std::max(most, 0.5);
    const auto x_of = [&](double ratio) { return kLeft + ratio / most * kPlot; };

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"11\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        kLeft + kPlot + 60, height);
    int legend = kLeft;
    for (std::size_t c = 0; c < count; ++c) {
        const std::string name = escape_xml(report.contestants[c]);
        svg += fmt::format(
            "<rect x=\"{}\" y=\"12\" width=\"10\" height=\"10\" fill=\"{}\"/>"
            "<text x=\"{}\" y=\"21\">{}</text>\n",
            legend, kColours[c % kColours.size()], legend + 14, name);
        legend += 30 + static_cast<int>(report.contestants[c].size()) * 7;
    }
    const double step = most > 12 ? 5 : most > 4 ? 1 : 0.5;
    for (int i = 0; i * step <= most; ++i) {
        const double tick = i * step;
        svg += fmt::format(
            "<line x1=\"{0:.1f}\" y1=\"34\" x2=\"{0:.1f}\" y2=\"{1}\" stroke=\"#e3e6e8\"/>"
            "<text x=\"{0:.1f}\" y=\"{2}\" text-anchor=\"middle\" fill=\"#555555\">{3:g}x</text>\n",
            x_of(tick), height - 26, height - 12, tick);
    }
    for (std::size_t group = 0; group < groups; ++group) {
        const bool is_mean = group == report.programs.size();
        int y = top + static_cast<int>(group) * group_height;
        svg +=
            fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\"{}>{}</text>\n", kLeft - 8,
                        y + (group_height - kGap) / 2 + 4, is_mean ? " font-weight=\"bold\"" : "",
                        is_mean ? "geometric mean" : escape_xml(report.programs[group]));
        for (std::size_t c = 0; c < count; ++c, y += kBar) {
            const double ratio =
                is_mean ? report.mean_ratio(c, baseline) : report.ratio(group, c, baseline);
            svg += fmt::format(
                "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\"/>"
                "<text x=\"{:.1f}\" y=\"{}\" font-size=\"8\" fill=\"#555555\">{}</text>\n",
                kLeft, y, x_of(ratio) - kLeft, kBar - 1, kColours[c % kColours.size()],
                x_of(ratio) + 3, y + kBar - 2,
                ratio > 0 ? fmt::format("{:.2f}", ratio) : "wrong result");
        }
    }
    return svg + "</svg>\n";
}

}  // namespace cli
