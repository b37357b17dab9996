#include "app/cli/test_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

std::string title(const TestResult& result) {
    return result.engine.empty() ? result.name : result.name + " (" + result.engine + ")";
}

/// Text between tags or in an attribute. Bytes that XML cannot hold become '?'.
std::string xml(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            default: escaped += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? '?' : c;
        }
    }
    return escaped;
}

}  // namespace

std::string tap_plan(std::size_t results) {
    return fmt::format("TAP version 13\n1..{}\n", results);
}

std::string tap_result(const TestResult& result, std::size_t number) {
    std::string name = title(result);
    std::ranges::replace(name, '#', '_');  // what follows would be a directive
    std::string text = fmt::format("{} {} - {}\n", result.passed() ? "ok" : "not ok", number, name);
    if (!result.passed()) {
        text += "  ---\n  message: |\n";
        for (const std::string& complaint : result.complaints) {
            text += "    " + complaint + '\n';
        }
        text += "  ...\n";
    }
    return text;
}

std::string junit_report(const std::vector<TestResult>& results) {
    const auto failures =
        std::ranges::count_if(results, [](const TestResult& result) { return !result.passed(); });
    double seconds = 0;
    for (const TestResult& result : results) {
        seconds += result.seconds;
    }
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"leveret\" tests=\"{}\" failures=\"{}\" time=\"{:.3f}\">\n",
        results.size(), failures, seconds);
    for (const TestResult& result : results) {
        text += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                            xml(result.name), xml(title(result)), result.seconds);
        if (result.passed()) {
            text += "/>\n";
            continue;
        }
        text += fmt::format(">\n    <failure message=\"{}\">", xml(result.complaints.front()));
        for (const std::string& complaint : result.complaints) {
            text += xml(complaint) + '\n';
        }
        text += "</failure>\n  </testcase>\n";
    }
    return text + "</testsuite>\n";
}

}  // namespace cli
