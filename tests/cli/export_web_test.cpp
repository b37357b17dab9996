#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>

#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

/// Assembles to these bytes.
constexpr char kExported[] = "|100 #2e #18 DEO\n";
constexpr char kExportedRom[] = "gC6AGBc=";

constexpr char kTemplate[] =
    "<!doctype html><title>Leveret</title>\n"
    "<script type=\"application/json\" id=\"program\">null</script><p>the player</p>\n";

/// The program in a page that was made of kTemplate.
nlohmann::json program_in(const std::string& page) {
    const std::string begin = "id=\"program\">";
    const std::size_t from = page.find(begin) + begin.size();
    return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

class ExportWeb : public testing::Test {
protected:
    Outcome run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"export", "web", "--template", page_});
        return leveret(arguments);
    }

    TemporaryFolder folder_;
    std::string page_ = folder_.write("template", kTemplate);
};

TEST_F(ExportWeb, FillsTheTemplateBesideTheProgram) {
    const Outcome outcome = run({folder_.write("dot.tal", kExported)});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.error, "");
    const std::string page = folder_.read("dot.html");
    EXPECT_NE(page.find("<title>dot</title>"), std::string::npos) << page;
    EXPECT_NE(page.find("<p>the player</p>"), std::string::npos);
    EXPECT_EQ(program_in(page)["rom"], kExportedRom);
    EXPECT_EQ(program_in(page)["title"], "dot");
    EXPECT_TRUE(program_in(page)["files"].empty());
    EXPECT_EQ(folder_.size(), 3);
}

TEST_F(ExportWeb, TakesARom) {
    const std::string rom = folder_.write("a.rom", "\x80\x2e\x80\x18\x17");
    EXPECT_EQ(run({rom, "-o", folder_.path("b.html")}).exit_code, 0);
    EXPECT_EQ(program_in(folder_.read("b.html"))["rom"], kExportedRom);
    const Outcome outcome = run({"-o", "-", rom});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, folder_.read("b.html"));
}

TEST_F(ExportWeb, TakesTheTitleFromTheProgramOrTheUser) {
    // LIT2 0108 LIT 06 DEO2, BRK, and a block of metadata.
    const std::string rom = folder_.write(
        "a.rom", std::string("\xa0\x01\x07\x80\x06\x37\x00\x00<b>&\xff\nsecond\x00\x00", 22));
    ASSERT_EQ(run({rom}).exit_code, 0);
    std::string page = folder_.read("a.html");
    EXPECT_NE(page.find("<title>&lt;b>&amp;\xef\xbf\xbd</title>"), std::string::npos) << page;
    ASSERT_EQ(run({rom, "--title", "</script>"}).exit_code, 0);
    page = folder_.read("a.html");
    EXPECT_NE(page.find("<title>&lt;/script></title>"), std::string::npos) << page;
    EXPECT_EQ(program_in(page)["title"], "</script>");
}

TEST_F(ExportWeb, GivesFilesAlong) {
    const std::string source = folder_.write("dot.tal", kExported);
    mkdir(folder_.path("data").c_str(), 0755);
    const TemporaryFolder elsewhere;
    const Outcome outcome =
        run({source, "--file", folder_.write("data/a.txt", "a"), "--file", folder_.write("b", "ab"),
             "--file", elsewhere.write("c<", std::string("abc\0", 4))});
    EXPECT_EQ(outcome.error, "");
    const nlohmann::json files = program_in(folder_.read("dot.html"))["files"];
    EXPECT_EQ(files, (nlohmann::json{{"data/a.txt", "YQ=="}, {"b", "YWI="}, {"c<", "YWJjAA=="}}));
}

TEST_F(ExportWeb, SaysWhatIsWrongAndWritesNothing) {
    const std::string source = folder_.write("dot.tal", kExported);
    const std::string out = folder_.write("out.html", "before");
    const auto fails = [&](const std::vector<std::string>& arguments, const std::string& why) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.exit_code, 1) << outcome.error;
        EXPECT_NE(outcome.error.find(why), std::string::npos) << outcome.error;
        EXPECT_EQ(folder_.read("out.html"), "before");
    };
    fails({folder_.path("missing.rom"), "-o", out}, "missing.rom");
    fails({folder_.write("empty.rom", ""), "-o", out}, "it is empty");
    fails({folder_.write("bad.tal", "|100 ;nowhere"), "-o", out}, "nowhere");
    fails({folder_.write("big.rom", std::string(std::size_t{1} << 21, 'a')), "-o", out}, "big.rom");
    fails({source, "-o", out, "--file", folder_.path("missing")}, "missing");
    fails({source, "-o", out, "--file", folder_.path()}, folder_.path());
    fails({source, "-o", out, "--template", source}, "is not the player of this version");
    fails({source, "-o", out, "--template", folder_.path("missing")}, "missing");
    fails({source, "-o", source}, "would be replaced by its own page");
    fails({source, "-o", folder_.path("no/folder.html")}, "no/folder.html");
    const TemporaryFolder elsewhere;
    fails({source, "-o", out, "--file", elsewhere.write("out.html", "x"), "--file", out},
          "would be replaced");
    fails({source, "-o", out, "--file", elsewhere.write("dot.tal", "x"), "--file", source},
          "two files would be called 'dot.tal'");
    EXPECT_EQ(folder_.read("dot.tal"), kExported);
}

TEST_F(ExportWeb, ExplainsItself) {
    EXPECT_EQ(leveret({"export"}).exit_code, 2);
    EXPECT_EQ(leveret({"export", "tape"}).exit_code, 2);
    EXPECT_EQ(leveret({"export", "web"}).exit_code, 2);
    EXPECT_NE(leveret({"export", "--help"}).output.find("--file"), std::string::npos);
    EXPECT_NE(leveret({"export", "web", "--help"}).output.find("--file"), std::string::npos);
}

}  // namespace
}  // namespace cli_test
