#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "app/cli/program_name.hpp"
#include "host/base64.hpp"
#include "host/files.hpp"
#include "host/folders.hpp"
#include "varvara/metadata.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr char kHtmlOutputPath[] = "/dev/stdout";
constexpr char kTemplateName[] = "player.html";
constexpr std::size_t kMaxTemplateBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;
/// What a computer in a page has room for; src/web says the same.
constexpr std::size_t kMaxBytesOfFiles = std::size_t{64} << 20;

/// The two places of the template that are filled in; web/page/standalone.html has them.
constexpr std::string_view kTitlePlace = "<title>Leveret</title>";
constexpr std::string_view kProgramPlace =
    R"(<script type="application/json" id="program">null</script>)";

struct WebOptions {
    std::string input;
    std::string output;
    std::string title;
    std::string page;  ///< the template; empty: the one that was built
    std::vector<std::string> files;
};

/// In HTML, and in JSON inside of HTML, a `<` begins something.
std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
        text.replace(at, what.size(), with);
    }
    return text;
}

/// Whatever bytes it was made of, as UTF-8 that a page can hold.
std::string as_html(std::string_view text) {
    std::string plain =
        nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    plain = nlohmann::json::parse(plain).get<std::string>();
    return replace_all(replace_all(std::move(plain), "&", "&amp;"), "<", "&lt;");
}

/// The template that belongs to this binary: of the build, or installed. Empty: there is none.
std::string find_template() {
    std::error_code error;
    const fs::path folder = host::binary_folder().parent_path();
    for (const fs::path& path :
         {folder / "web" / kTemplateName, folder / "share" / "leveret" / kTemplateName}) {
        if (fs::exists(path, error)) {
            return path.string();
        }
    }
    return {};
}

/// Nothing, after a message, if it is none that could be filled in.
std::optional<std::string> load_template(const WebOptions& options) {
    const std::string path = options.page.empty() ? find_template() : options.page;
    if (path.empty()) {
        print_error(
            "there is no player to export with: './dev web --build' builds it (into "
            "build/web/player.html), and --template names another one");
        return std::nullopt;
    }
    auto page = host::read_file(path, kMaxTemplateBytes);
    if (!page) {
        print_error(page.error().detail);
        return std::nullopt;
    }
    if (page->find(kProgramPlace) == std::string::npos) {
        print_error(fmt::format("'{}' is not the player of this version of Leveret", path));
        return std::nullopt;
    }
    return std::move(*page);
}

/// How the program calls a file: by its path from the program's folder, or else by its name.
std::string name_of(const std::string& path, const std::string& program) {
    std::error_code error;
    const fs::path folder = fs::absolute(program, error).parent_path();
    const std::string inside =
        fs::absolute(path, error).lexically_normal().lexically_relative(folder).generic_string();
    return inside.empty() || inside.starts_with("..") ? fs::path(path).filename().string() : inside;
}

/// Nothing, after a message, if one cannot be read.
std::optional<nlohmann::ordered_json> load_files(const WebOptions& options) {
    auto files = nlohmann::ordered_json::object();
    std::size_t room = kMaxBytesOfFiles;
    for (const std::string& path : options.files) {
        const auto contents = host::read_file(path, std::min(room, kMaxFileBytes));
        if (!contents) {
            print_error(contents.error().detail);
            return std::nullopt;
        }
        const std::string name = name_of(path, options.input);
        if (files.contains(name)) {
            print_error(fmt::format("two files would be called '{}'", name));
            return std::nullopt;
        }
        room -= contents->size();
        files[name] = host::base64(*contents);
    }
    return files;
}

std::optional<int> parse_options(Arguments arguments, WebOptions& options) {
    CommandLine line("export web [OPTIONS] FILE",
                     "Make one HTML file that plays a program: a ROM, or a source that is "
                     "assembled. It needs nothing else, no network either, and can be opened from "
                     "disk or put on any web server. Without -o it goes beside the program, as "
                     "FILE.html. '-' stands for standard output.");
    line.add_option("file", options.input)->group("");
    line.add_option("-o,--output", options.output, "Where to write the page")->type_name("HTML");
    line.add_option("--file", options.files,
                    "A file that the program finds in its folder; may be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    line.add_option("--title", options.title,
                    "What to call the page; otherwise as the program calls itself")
        ->type_name("TEXT");
    line.add_option("--template", options.page,
                    "A page with the player, to be filled in; otherwise the one that was built")
        ->type_name("HTML");
    if (const auto code = line.parse_arguments(arguments)) {
        return code;
    }
    if (options.input.empty()) {
        return line.reject("which program? FILE is missing");
    }
    if (options.output.empty()) {
        const bool ending = is_program(options.input);
        options.output = options.input.substr(0, options.input.size() - (ending ? 4 : 0)) + ".html";
    } else if (options.output == kStandardStream) {
        options.output = kHtmlOutputPath;
    }
    return std::nullopt;
}

int export_web(Arguments arguments) {
    WebOptions options;
    if (const auto code = parse_options(arguments, options)) {
        return *code;
    }
    std::vector<std::string> inputs = options.files;
    inputs.push_back(options.input);
    for (const std::string& input : inputs) {
        if (host::same_file(input, options.output)) {
            return print_error(fmt::format("'{}' would be replaced by its own page", input));
        }
    }
    const auto rom = load_program(options.input, Warnings::Hide);
    if (!rom) {
        return kFailure;
    }
    auto page = load_template(options);
    if (!page) {
        return kFailure;
    }
    auto files = load_files(options);
    if (!files) {
        return kFailure;
    }
    const auto metadata = varvara::metadata_of(*rom);
    if (options.title.empty() && metadata) {
        options.title = std::string(metadata->title());
    }
    if (options.title.empty()) {
        options.title = fs::path(options.input).stem().string();
    }
    nlohmann::ordered_json program = {{"title", options.title},
                                      {"rom", host::base64(host::as_text(*rom))},
                                      {"files", std::move(*files)}};
    const std::string json =
        replace_all(program.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace),
                    "<", "\\u003c");
    page->replace(page->find(kProgramPlace), kProgramPlace.size(),
                  replace_all(std::string(kProgramPlace), "null", json));
    if (const std::size_t title = page->find(kTitlePlace); title != std::string::npos) {
        page->replace(title, kTitlePlace.size(),
                      fmt::format("<title>{}</title>", as_html(options.title)));
    }
    if (const auto written = host::write_file(options.output, *page); !written) {
        return print_error(written.error().detail);
    }
    return kSuccess;
}

}  // namespace

int export_command(Arguments arguments) {
    const std::string_view what = arguments.empty() ? "" : arguments[0];
    if (what == "web") {
        return export_web(arguments.subspan(1));
    }
    if (what == "--help" || what == "-h") {
        return export_web(arguments);
    }
    return print_usage_error("export", what.empty()
                                           ? "export to what? 'leveret export web FILE'"
                                           : fmt::format("there is no export to '{}'; to 'web' "
                                                         "there is",
                                                         what));
}

}  // namespace cli
