#include "repl/history.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace perilune::vm::repl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string FreshPath(const std::string& name) {
  const std::string folder = absl::StrCat(::testing::TempDir(), "/history-", name);
  std::filesystem::remove_all(folder);
  return folder + "/deep/history";
}

TEST(HistoryTest, KeepsEntries) {
  const std::string path = FreshPath("keeps");
  const std::string odd = "if x then\n  print('a\\nb', \"\\\\\")\nend";
  {
    History history(path);
    EXPECT_TRUE(history.Load().ok());
    EXPECT_THAT(history.entries(), IsEmpty());
    EXPECT_TRUE(history.Add("one").ok());
    EXPECT_TRUE(history.Add(odd).ok());
    EXPECT_TRUE(history.Add(odd).ok());  // not again
    EXPECT_TRUE(history.Add("").ok());   // not at all
  }
  History again(path);
  EXPECT_TRUE(again.Load().ok());
  EXPECT_THAT(again.entries(), ElementsAre("one", odd));
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(HistoryTest, SessionsShareTheFile) {
  const std::string path = FreshPath("shared");
  History a(path), b(path);
  EXPECT_TRUE(a.Add("of a").ok());
  EXPECT_TRUE(b.Add("of b").ok());
  EXPECT_TRUE(a.Add("of a again").ok());
  EXPECT_THAT(a.entries(), ElementsAre("of a", "of b", "of a again"));
}

TEST(HistoryTest, IsLimited) {
  const std::string path = FreshPath("limited");
  History history(path);
  const std::string first(1000, 'x');
  EXPECT_TRUE(history.Add(first).ok());
  {
    std::ofstream file(path, std::ios::app);
    for (size_t i = 0; i < History::kMaxEntries; ++i) file << "entry " << i << "\n";
  }
  EXPECT_TRUE(history.Add("last").ok());
  EXPECT_THAT(history.entries(), SizeIs(History::kMaxEntries));
  EXPECT_EQ(history.entries().front(), "entry 1");
  EXPECT_EQ(history.entries().back(), "last");
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(history.Add(std::string(300'000, static_cast<char>('a' + i))).ok());
  EXPECT_LE(std::filesystem::file_size(path), History::kMaxFileBytes);
  EXPECT_TRUE(history.Load().ok());
  EXPECT_EQ(history.entries().back()[0], 'e');
}

TEST(HistoryTest, FailuresAreReportedAndEntriesKept) {
  History history("/dev/null/history");
  EXPECT_THAT(std::string(history.Load().message()), StartsWith("cannot read /dev/null/history: "));
  EXPECT_FALSE(history.Add("x").ok());
  EXPECT_FALSE(history.Add("y").ok());
  EXPECT_THAT(history.entries(), ElementsAre("x", "y"));
  History none("");
  EXPECT_TRUE(none.Add("x").ok());
  EXPECT_TRUE(none.Add("y").ok());
  EXPECT_THAT(none.entries(), ElementsAre("x", "y"));
}

TEST(HistoryTest, Path) {
  setenv("PERILUNE_HISTORY", "/some/where", 1);
  EXPECT_EQ(HistoryPath(), "/some/where");
  unsetenv("PERILUNE_HISTORY");
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(HistoryPath(), "/state/perilune/history");
  unsetenv("XDG_STATE_HOME");
  setenv("HOME", "/home/x", 1);
  EXPECT_EQ(HistoryPath(), "/home/x/.perilune_history");
  unsetenv("HOME");
  EXPECT_EQ(HistoryPath(), "");
}

}  // namespace
}  // namespace perilune::vm::repl
