#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

Assembly assemble_files(std::vector<std::pair<std::string, std::string>> files) {
    MemoryLoader loader;
    const std::string first = files.front().first;
    for (auto& [path, text] : files) {
        loader.add(path, text);
    }
    return assemble(first, loader);
}

TEST(Includes, ReturnToTheIncludingFile) {
    const Assembly assembly = assemble_files({{"a", "11 ~b 33"}, {"b", "22"}});
    EXPECT_EQ(hex(assembly.rom), "112233");
    EXPECT_EQ(assembly.files, (std::vector<std::string>{"a", "b"}));
}

TEST(Includes, ShareScopeAddressMacrosAndBlocks) {
    EXPECT_EQ(hex(assemble_files(
                      {{"a", "@sc ~b m &y ;sc/x ;other/y }"}, {"b", "%m { INC } &x ={ @other"}})
                      .rom),
              "010901a00100a00103");
}

TEST(Includes, MayReadAFileTwice) {
    const Assembly assembly = assemble_files({{"a", "~b ~b"}, {"b", "22"}});
    EXPECT_EQ(hex(assembly.rom), "2222");
    EXPECT_EQ(assembly.files.size(), 2u);
}

TEST(Includes, AreLookedUpAsWrittenFirst) {
    EXPECT_EQ(hex(assemble_files({{"dir/a", "~b"}, {"b", "11"}, {"dir/b", "22"}}).rom), "11");
}

TEST(Includes, AreLookedUpNextToTheIncludingFileNext) {
    const Assembly assembly =
        assemble_files({{"dir/a", "~sub/b"}, {"dir/sub/b", "~c"}, {"dir/sub/c", "22"}});
    EXPECT_EQ(hex(assembly.rom), "22");
    EXPECT_EQ(assembly.files, (std::vector<std::string>{"dir/a", "dir/sub/b", "dir/sub/c"}));
}

TEST(Includes, WithAbsolutePathsAreNotLookedUpElsewhere) {
    EXPECT_EQ(list(assemble_files({{"dir/a", "INC ~/b"}, {"dir//b", "22"}}), Severity::Error),
              "IncludeMissing 1:5");
}

TEST(Includes, ThatAreNowhereAreCalledAsWritten) {
    EXPECT_EQ(assemble_files({{"dir/a", "INC ~b/c"}}).diagnostics.at(0).message,
              "there is no `b/c`");
}

TEST(Includes, ThatAreMissingAreErrorsAndReadingGoesOn) {
    const Assembly assembly = assemble_files({{"dir/a", "INC ~nofile\n#1 missing"}});
    EXPECT_EQ(list(assembly, Severity::Error), "IncludeMissing 1:5\nNumberInvalid 2:1");
    // What `missing` is may be in the file that was not read.
    EXPECT_EQ(list(assembly, Severity::Note), "Omitted");
}

TEST(Includes, OfTheMainFileAreErrorsWithoutAPosition) {
    MemoryLoader loader;
    const Assembly assembly = assemble("nofile.tal", loader);
    EXPECT_EQ(list(assembly, Severity::Error), "SourceMissing");
    EXPECT_TRUE(assembly.files.empty());
}

TEST(Includes, AreListedWhereverTheyWereLookedForInVain) {
    const Assembly assembly =
        assemble_files({{"dir/a", "INC ~nofile ~b ~nofile ~/nofile"}, {"dir/b", "22"}});
    EXPECT_EQ(assembly.files, (std::vector<std::string>{"dir/a", "dir/b"}));
    EXPECT_EQ(assembly.missing, (std::vector<std::string>{"/nofile", "b", "dir/nofile", "nofile"}));
    MemoryLoader loader;
    EXPECT_EQ(assemble("nofile.tal", loader).missing, std::vector<std::string>{"nofile.tal"});
}

TEST(Includes, ThatCannotBeReadAreNotLookedForElsewhere) {
    class Loader final : public SourceLoader {
    public:
        base::Result<std::string> load(std::string_view path) override {
            if (path == "dir/a") {
                return "INC ~b";
            }
            return path == "b" ? base::Result<std::string>(
                                     base::fail(base::ErrorCode::NotAFile, "`b` is a folder"))
                               : base::Result<std::string>("22");
        }
    };
    Loader loader;
    const Assembly assembly = assemble("dir/a", loader);
    EXPECT_EQ(list(assembly, Severity::Error), "IncludeInvalid 1:5");
    EXPECT_EQ(assembly.diagnostics[0].message, "`b` is a folder");
}

TEST(Includes, ThatComeBackToThemselvesAreErrors) {
    EXPECT_EQ(list(assemble_files({{"a", "INC\n~a"}}), Severity::Error), "IncludeRecursive 2:1");
    const Assembly assembly = assemble_files({{"a", "INC ~b"}, {"b", "\n ~c"}, {"c", "~a"}});
    EXPECT_EQ(list(assembly, Severity::Error), "IncludeRecursive 1:1");
    const Diagnostic& error = assembly.diagnostics[0];
    EXPECT_EQ(error.file, "c");
    ASSERT_EQ(error.notes.size(), 2u);
    EXPECT_EQ(error.notes[0].message, "included from here");
    EXPECT_EQ(error.notes[0].file, "b");
    EXPECT_EQ(error.notes[0].line, 2u);
    EXPECT_EQ(error.notes[0].column, 2u);
    EXPECT_EQ(error.notes[1].file, "a");
    EXPECT_EQ(error.notes[1].column, 5u);
}

TEST(Includes, ThroughAMacroThatComeBackAreErrors) {
    EXPECT_EQ(list(assemble_files({{"a", "%m { ~b } INC m"}, {"b", "m"}}), Severity::Error),
              "MacroRecursive 1:1");
}

TEST(Includes, NestOnlySoDeep) {
    std::vector<std::pair<std::string, std::string>> files;
    for (std::size_t i = 0; i <= kMaxIncludeDepth + 1; ++i) {
        files.emplace_back("f" + std::to_string(i), "INC ~f" + std::to_string(i + 1));
    }
    files.back().second = "INC";
    EXPECT_EQ(list(assemble_files(files), Severity::Error), "IncludeLimit 1:5");
    files[kMaxIncludeDepth].second = "INC";
    EXPECT_TRUE(assemble_files(files).ok());
}

TEST(Includes, ThatDoubleAtEveryLevelEndSoon) {
    std::vector<std::pair<std::string, std::string>> files;
    for (int i = 0; i < 30; ++i) {
        const std::string next = "~f" + std::to_string(i + 1);
        files.emplace_back("f" + std::to_string(i), next + " " + next);
    }
    files.emplace_back("f30", "INC");
    const Assembly assembly = assemble_files(files);
    ASSERT_FALSE(assembly.ok());
    EXPECT_EQ(assembly.diagnostics[0].category, Category::IncludeLimit);
}

TEST(Includes, AreLimitedInNumber) {
    std::string text = "INC";
    for (std::size_t i = 0; i < kMaxIncludes; ++i) {
        text += " ~b";
    }
    EXPECT_TRUE(assemble_files({{"a", text}, {"b", ""}}).ok());
    EXPECT_EQ(list(assemble_files({{"a", text + " ~b"}, {"b", ""}}), Severity::Error),
              "IncludeLimit 1:" + std::to_string(5 + 3 * kMaxIncludes));
}

TEST(Includes, OfLargeFilesEndAtTheLimitOfAllSources) {
    const std::string large = "( " + std::string(kMaxFileBytes - 4, '-') + " )";
    const std::size_t fit = kMaxSourceBytes / kMaxFileBytes;
    std::string text = "INC";
    for (std::size_t i = 0; i < fit; ++i) {
        text += " ~large";
    }
    EXPECT_TRUE(assemble_files({{"a", text}, {"large", large}}).ok());
    EXPECT_EQ(list(assemble_files({{"a", text + " ~large"}, {"large", large}}), Severity::Error),
              "IncludeLimit 1:" + std::to_string(5 + 7 * fit));
}

TEST(Includes, WithErrorsInThemNameTheFile) {
    const Assembly assembly = assemble_files({{"a", "#1\n~b\n#2"}, {"b", "INC\n#3"}});
    ASSERT_EQ(assembly.diagnostics.size(), 3u);
    EXPECT_EQ(list(assembly, Severity::Error),
              "NumberInvalid 1:1\nNumberInvalid 3:1\nNumberInvalid 2:1");
    EXPECT_EQ(assembly.diagnostics[1].file, "a");
    EXPECT_EQ(assembly.diagnostics[2].file, "b");
    EXPECT_EQ(assembly.diagnostics[2].notes.at(0).file, "a");
    EXPECT_EQ(assembly.diagnostics[2].notes.at(0).line, 2u);
}

}  // namespace
}  // namespace tal::test
