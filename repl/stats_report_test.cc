#include "repl/stats_report.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "jit/baseline_tier.h"
#include "runtime/engine.h"

namespace perilune::vm::repl {
namespace {

FunctionStats Interpreted(const char* name, const char* position, uint64_t calls) {
  FunctionStats f;
  f.name = name;
  f.position = position;
  f.interpreted_calls = calls;
  f.bytecodes = 12;
  return f;
}

TEST(StatsReportTest, WithoutTier) {
  StatsReport report;
  report.functions = {Interpreted("main chunk", "x.lua:0", 1), Interpreted("f", "x.lua:3", 12345)};
  EXPECT_EQ(FormatStats(report),
            "functions\n"
            "  function    position  tier         interpreted calls  native calls  bytecodes  code "
            "bytes  compile us  compiled  refused because\n"
            "  main chunk  x.lua:0   interpreter                  1             -         12       "
            "    -           -         0\n"
            "  f           x.lua:3   interpreter              12345             -         12       "
            "    -           -         0\n"
            "engine\n"
            "  machine code  none: everything was interpreted\n");
}

TEST(StatsReportTest, CompiledAndRefused) {
  FunctionStats compiled = Interpreted("f", "x.lua:3", 500);
  compiled.native = true;
  compiled.native_calls = 1000000;
  compiled.code_bytes = 1024;
  compiled.compile_ns = 12345;
  compiled.compilations = 1;
  FunctionStats refused = Interpreted("g", "x.lua:9", 7);
  refused.refusal = "too large";
  StatsReport report;
  report.functions = {compiled, refused};
  const std::string text = FormatStats(report);
  EXPECT_NE(text.find("  f         x.lua:3   native                     500       1000000         "
                      "12        1024        12.3         1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("-         0  too large\n"), std::string::npos) << text;
}

TEST(StatsReportTest, FunctionsThatNeverRanAreCounted) {
  StatsReport report;
  report.functions = {Interpreted("f", "x.lua:1", 0)};
  EXPECT_NE(FormatStats(report).find("  and 1 function that never ran\n"), std::string::npos);
  report.functions.push_back(Interpreted("g", "x.lua:2", 0));
  EXPECT_NE(FormatStats(report).find("  and 2 functions that never ran\n"), std::string::npos);
}

TEST(StatsReportTest, EngineCounters) {
  StatsReport report;
  report.slots_relinked = 42;
  report.tier.emplace();
  report.tier->compiled = 3;
  report.tier->refused = 1;
  report.tier->bytecodes = 100;
  report.tier->code_bytes = 4096;
  report.tier->compile_ns = 4500;
  report.tier->publication.publications = 3;
  report.tier->publication.batches = 2;
  report.tier->publication.batch_sizes = {1, 0, 2, 0, 0, 0, 0, 3};
  report.tier->publication.bytes = 4160;
  report.tier->publication.instruction_lines_invalidated = 65;
  report.tier->publication.syncs = 2;
  report.tier->publication.fallbacks = 1;
  report.tier->publication.failures = 0;
  report.tier->sync = "membarrier";
  const std::string text = FormatStats(report);
  for (const char* line :
       {"  functions compiled  3\n", "  functions refused   1\n", "  code bytes          4096\n",
        "  compile time        4.5 us, 45.0 ns a bytecode\n",
        "  publications        3 in 2 batches\n",
        "  batch sizes         1 of 1, 2 of 4-7, 3 of 128 or more\n",
        "  bytes published     4160\n",
        "  instruction lines   65 invalidated (ic ivau)\n", "  code syncs          2\n",
        "  sync strategy       membarrier\n", "  fallbacks           1\n",
        "  failures            0\n", "  slots relinked      42\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
  }
}

// Functions that are still on their way count in the stages they got through.
TEST(StatsReportTest, StagesOfTierUp) {
  FunctionStats used = Interpreted("f", "x.lua:3", 500);
  used.times.at = {1000, 2000, 4000, 4100, 4500, 5500, 7500, 8000, 11000};
  FunctionStats queued = Interpreted("g", "x.lua:9", 500);
  queued.times.at = {1000, 4000};
  StatsReport report;
  report.functions = {used, queued};
  report.tier.emplace();
  EXPECT_NE(FormatStats(report).find("tier-up\n"
                                     "  stage      functions  total us  mean us  most us\n"
                                     "  queue              2       4.0      2.0      3.0\n"
                                     "  compile            1       2.0      2.0      2.0\n"
                                     "  batch              1       0.1      0.1      0.1\n"
                                     "  copy               1       0.4      0.4      0.4\n"
                                     "  maintain           1       1.0      1.0      1.0\n"
                                     "  sync               1       2.0      2.0      2.0\n"
                                     "  install            1       0.5      0.5      0.5\n"
                                     "  first use          1       3.0      3.0      3.0\n"
                                     "  in all             1      10.0     10.0     10.0\n"),
            std::string::npos)
      << FormatStats(report);
}

TEST(StatsReportTest, CollectsEveryFunctionOfAModule) {
  Engine engine;
  const auto module = engine.Load("function f() end\nfunction g() end", "@dir/x.lua");
  ASSERT_TRUE(module.ok()) << module.status();
  (*module)->functions()[1]->interpreted_calls = 5;
  const StatsReport report = CollectStats(engine, {*module}, nullptr);
  ASSERT_EQ(report.functions.size(), 3u);
  EXPECT_EQ(report.functions[0].name, "main chunk");
  EXPECT_EQ(report.functions[0].position, "dir/x.lua:0");
  EXPECT_EQ(report.functions[1].name, "f");
  EXPECT_EQ(report.functions[1].position, "dir/x.lua:1");
  EXPECT_EQ(report.functions[1].interpreted_calls, 5u);
  EXPECT_FALSE(report.functions[1].native);
  EXPECT_GT(report.functions[2].bytecodes, 0u);
  EXPECT_FALSE(report.tier.has_value());
}

}  // namespace
}  // namespace perilune::vm::repl
