#include "repl/doctor.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "jit/publication_experiments.h"
#include "jit/publication_protocol.h"
#include "repl/machine_facts.h"

namespace perilune::vm::repl {
namespace {

using Experiment = jit::PublicationExperiment;
using jit::PublicationStep;
using jit::StepBit;

absl::StatusOr<DoctorOptions> Parse(std::vector<const char*> arguments) { return ParseDoctorOptions(arguments); }

TEST(DoctorTest, ParsesItsOptions) {
  const auto options = Parse({"--json", "--trials=17"});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->json);
  EXPECT_EQ(options->trials, 17u);
  EXPECT_EQ(Parse({})->trials, 1000u);
  for (const char* bad : {"--trials=0", "--trials=x", "--trials=1000001", "--trials", "script.lua"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Parse({bad}).status())) << bad;
  }
}

TEST(DoctorTest, NamesProcessorsInRanges) {
  CacheType type;
  type.cpus = {0, 1, 2, 5, 7, 8};
  EXPECT_EQ(type.CpuText(), "0-2, 5, 7-8");
  type.register_value = 0x80038003;
  EXPECT_EQ(type.data_line(), 32u);
  EXPECT_EQ(type.instruction_line(), 32u);
  EXPECT_FALSE(type.idc());
}

// What was found on some machine, to draw conclusions from.
DoctorReport ReportOf(bool emulated, std::vector<Experiment> experiments) {
  DoctorReport report;
  report.facts.emulated = emulated;
  report.experiments = std::move(experiments);
  Conclude(report);
  return report;
}

Experiment Found(jit::PublicationSteps left_out, uint64_t stale, Experiment::View view = Experiment::View::kAlias) {
  return {.left_out = left_out, .view = view, .trials = 10, .stale = stale, .problem = ""};
}

std::string Findings(const DoctorReport& report) { return absl::StrJoin(report.findings, "\n"); }

TEST(DoctorTest, ConcludesFromWhatWasFound) {
  const jit::PublicationSteps no_ic = StepBit(PublicationStep::kInvalidateInstructions);
  DoctorReport report = ReportOf(false, {Found(0, 0), Found(no_ic, 3)});
  EXPECT_TRUE(report.healthy);
  EXPECT_TRUE(absl::StrContains(Findings(report), "Without InvalidateInstructions old code ran by alias, in the same thread, in 3 of 10"));
  EXPECT_TRUE(absl::StrContains(Findings(report), "With all steps, no old code ran in 10 trials."));

  report = ReportOf(false, {Found(0, 0), Found(no_ic, 0)});
  EXPECT_TRUE(absl::StrContains(Findings(report), "no permission"));

  report = ReportOf(false, {Found(0, 1)});
  EXPECT_FALSE(report.healthy);
  EXPECT_TRUE(absl::StrContains(Findings(report), "MUST NOT BE"));

  report = ReportOf(true, {Found(0, 10), Found(no_ic, 10)});
  EXPECT_FALSE(report.healthy);
  EXPECT_TRUE(absl::StrContains(Findings(report), "QEMU 8.1"));
  EXPECT_FALSE(absl::StrContains(Findings(report), "Without")) << "says nothing then";
}

TEST(DoctorTest, JsonEscapesWhatItQuotes) {
  DoctorReport report;
  report.no_code = "a \"quoted\"\n\\ reason";
  EXPECT_TRUE(absl::StrContains(FormatJson(report), R"("no_code": "a \"quoted\"\u000a\\ reason")"));
}

TEST(DoctorTest, ExaminesThisMachine) {
  const DoctorReport report = Examine({.trials = 50});
  const std::string text = FormatText(report);
  EXPECT_FALSE(report.facts.probes.empty());
#if defined(__aarch64__)
  EXPECT_FALSE(report.facts.cache_types.empty());
  ASSERT_FALSE(report.experiments.empty());
  const jit::PublicationSteps no_ic = StepBit(PublicationStep::kInvalidateInstructions);
  for (const Experiment& e : report.experiments) {
    SCOPED_TRACE(e.LeftOutText());
    if (e.trials == 0) EXPECT_NE(e.problem, "");
    if (e.LeftOutText() == "nothing" && (!report.facts.emulated || report.healthy)) EXPECT_EQ(e.stale, 0u);
    // What an emulator that heeds ic ivau must show without it.
    if (report.facts.emulated && report.healthy && (e.left_out & no_ic) != 0 && e.view == Experiment::View::kAlias) {
      EXPECT_EQ(e.stale, e.trials);
    }
  }
  if (!report.healthy) EXPECT_TRUE(report.facts.emulated) << text;
  EXPECT_TRUE(absl::StrContains(text, "Experiments")) << text;
#else
  EXPECT_TRUE(report.experiments.empty());
  EXPECT_TRUE(report.healthy);
  EXPECT_TRUE(absl::StrContains(text, "machine code runs on AArch64 only")) << text;
#endif
}

}  // namespace
}  // namespace perilune::vm::repl
