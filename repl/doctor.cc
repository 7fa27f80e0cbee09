#include "repl/doctor.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "jit/baseline_tier.h"

namespace perilune::vm::repl {
namespace {

using Experiment = jit::PublicationExperiment;
using View = Experiment::View;
using Caller = Experiment::Caller;

constexpr uint64_t kMaxTrials = 1'000'000;

constexpr std::string_view kHelp = R"(usage: perilune doctor [--json] [--trials=N]
Tells what this machine is like for machine code that other threads run: its caches, what the kernel permits, the strategy
of publication that would be chosen; then leaves out one step of publication after another, and counts how often old code
was run. (For a script of that name say `perilune ./doctor`.)
  --json      one JSON object in place of text
  --trials=N  of each experiment, 1 to 1000000 (1000); none takes longer than 0.3 seconds
)";

// Columns of the table of experiments.
struct Column {
  View view;
  Caller caller;
  bool isb;
  const char* title;
};
constexpr Column kColumns[] = {
    {View::kAlias, Caller::kSameThread, false, "alias, same thread"},
    {View::kAlias, Caller::kOtherThread, false, "alias, other thread"},
    {View::kAlias, Caller::kOtherThread, true, "alias, other, isb"},
    {View::kProtect, Caller::kSameThread, false, "mprotect, same thread"},
    {View::kProtect, Caller::kOtherThread, false, "mprotect, other thread"},
    {View::kProtect, Caller::kOtherThread, true, "mprotect, other, isb"},
};

bool IsIn(const Experiment& e, const Column& column) {
  return e.view == column.view && e.caller == column.caller && e.caller_isb == column.isb;
}

// "by alias, in another thread that executes an isb"
std::string Where(const Experiment& e) {
  return absl::StrCat("by ", jit::ViewName(e.view), e.caller == Caller::kSameThread ? ", in the same thread" : ", in another thread",
                      e.caller_isb ? " that executes an isb" : "");
}

std::string CacheText(const CacheType& type) {
  return absl::StrFormat("cpu %s: data lines %u bytes, instruction lines %u bytes, IDC %d, DIC %d (CTR_EL0 %#x)", type.CpuText(),
                         type.data_line(), type.instruction_line(), type.idc(), type.dic(), type.register_value);
}

std::string ExperimentTable(const std::vector<Experiment>& experiments) {
  std::vector<std::string> rows;  // what is left out, in the order of its first appearance
  for (const Experiment& e : experiments) {
    if (std::ranges::find(rows, e.LeftOutText()) == rows.end()) rows.push_back(e.LeftOutText());
  }
  constexpr int kFirst = 28;
  std::string text = absl::StrFormat("  %-*s", kFirst, "left out");
  for (const Column& column : kColumns) absl::StrAppend(&text, "  ", column.title);
  text += "\n";
  for (const std::string& row : rows) {
    std::string line = absl::StrFormat("  %-*s", kFirst, row);
    for (const Column& column : kColumns) {
      const auto it = std::ranges::find_if(
          experiments, [&](const Experiment& e) { return IsIn(e, column) && e.LeftOutText() == row; });
      std::string cell;
      if (it != experiments.end()) cell = it->trials != 0 ? absl::StrCat(it->stale, " of ", it->trials) : "-";
      absl::StrAppendFormat(&line, "  %*s", static_cast<int>(std::string_view(column.title).size()), cell);
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return text;
}

// A JSON string.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", c);
    } else {
      out += c;
    }
  }
  return out + "\"";
}
const char* Bool(bool value) { return value ? "true" : "false"; }

template <typename Range, typename Format>
std::string JsonArray(const Range& range, Format format) {
  return absl::StrCat("[", absl::StrJoin(range, ", ", [&](std::string* out, const auto& item) { *out += format(item); }), "]");
}

}  // namespace

absl::StatusOr<DoctorOptions> ParseDoctorOptions(absl::Span<const char* const> arguments) {
  DoctorOptions options;
  for (const char* const argument : arguments) {
    std::string_view text = argument;
    if (text == "--json") {
      options.json = true;
    } else if (text == "--help" || text == "-h") {
      options.help = true;
    } else if (absl::ConsumePrefix(&text, "--trials=")) {
      if (!absl::SimpleAtoi(text, &options.trials) || options.trials == 0 || options.trials > kMaxTrials) {
        return absl::InvalidArgumentError(absl::StrCat("'--trials' needs a number from 1 to ", kMaxTrials));
      }
    } else {
      return absl::InvalidArgumentError(absl::StrCat("doctor: unrecognized option '", argument, "'"));
    }
  }
  return options;
}

DoctorReport Examine(const DoctorOptions& options) {
  DoctorReport report;
  report.facts = GatherMachineFacts();
  const auto tier = jit::BaselineTier::Create({});
  if (tier.ok()) {
    const jit::BaselineTierStats stats = (*tier)->stats();
    report.sync = stats.sync;
    report.memory = stats.memory;
  } else {
    report.no_code = std::string(tier.status().message());
  }
  // Even where the tier found no memory, some of the experiments may.
  auto experiments = jit::RunPublicationExperiments({.trials = options.trials});
  if (experiments.ok()) report.experiments = *std::move(experiments);
  Conclude(report);
  return report;
}

void Conclude(DoctorReport& report) {
  const auto find = [&](auto... parts) { report.findings.push_back(absl::StrCat(parts...)); };
  if (!report.no_code.empty()) find("No machine code here (", report.no_code, "): the interpreter runs everything.");
  if (report.facts.cache_types.size() > 1) {
    find("The processors' caches differ, so CTR_EL0 has to be read anew for each publication, as is done.");
  }
  const auto whole = [](const Experiment& e) { return e.LeftOutText() == "nothing"; };
  uint64_t whole_trials = 0;
  for (const Experiment& e : report.experiments) {
    if (!e.problem.empty() && e.trials == 0) find("No experiment ", Where(e), ": ", e.problem, ".");
    if (whole(e)) whole_trials += e.trials;
  }
  const auto faulty = [&](const Experiment& e) { return whole(e) && e.stale != 0; };
  report.healthy = std::ranges::none_of(report.experiments, faulty);
  const bool deaf = report.facts.emulated && std::ranges::any_of(report.experiments, [&](const Experiment& e) {
    return faulty(e) && e.view == View::kAlias;
  });
  if (deaf) {
    find("This emulator ignores ic ivau for code that was written through another mapping, so old code runs even with all steps. "
         "QEMU 8.1 and newer heed it.");
  }
  std::vector<std::string> shown;
  for (const Experiment& e : report.experiments) {
    const std::string left_out = e.LeftOutText();
    // What goes wrong with all steps says nothing without some.
    if (e.stale == 0 || (deaf && e.view == View::kAlias) || std::ranges::find(shown, left_out) != shown.end()) continue;
    shown.push_back(left_out);
    std::string where;
    for (const Experiment& other : report.experiments) {
      if (other.stale == 0 || other.LeftOutText() != left_out || (deaf && other.view == View::kAlias)) continue;
      absl::StrAppend(&where, where.empty() ? "" : "; ", Where(other), ", in ", other.stale, " of ", other.trials, " trials");
    }
    if (whole(e)) {
      find("With all steps old code ran, WHICH MUST NOT BE: ", where, ".");
    } else {
      find("Without ", left_out, " old code ran ", where, ".");
    }
  }
  if (whole_trials != 0 && report.healthy) find("With all steps, no old code ran in ", whole_trials, " trials.");
  if (report.experiments.empty()) return;
  if (report.facts.emulated) {
    find("An emulator has neither caches nor pipeline; at most it shows a missing ic ivau.");
  } else if (shown.empty()) {
    find("Whatever was left out, no old code ran. That is luck and no permission: the architecture allows it.");
  }
}

std::string FormatText(const DoctorReport& report) {
  const MachineFacts& facts = report.facts;
  std::string text = absl::StrCat("Machine\n  processor     ", facts.processor, facts.emulated ? ", emulated" : "", "\n  kernel        ",
                                  facts.kernel, "\n  page          ", facts.page_bytes, " bytes\n");
  if (facts.cache_types.empty()) {
    text += "  caches        coherent, or not ours to maintain\n";
  }
  for (const CacheType& type : facts.cache_types) absl::StrAppend(&text, "  ", CacheText(type), "\n");
  text += "System\n";
  for (const Probe& probe : facts.probes) {
    absl::StrAppend(&text, probe.works ? "  yes  " : "  no   ", probe.name, probe.detail.empty() ? "" : ": ", probe.detail, "\n");
  }
  absl::StrAppend(&text, "Publication\n  strategy      ", report.sync.empty() ? absl::StrCat("none: ", report.no_code) : report.sync, "\n");
  if (!report.memory.empty()) absl::StrAppend(&text, "  code memory   ", report.memory, "\n");
  if (!report.experiments.empty()) {
    absl::StrAppend(&text, "Experiments: how often old code ran\n", ExperimentTable(report.experiments));
  }
  text += "Findings\n";
  for (const std::string& finding : report.findings) absl::StrAppend(&text, "  ", finding, "\n");
  return text;
}

std::string FormatJson(const DoctorReport& report) {
  const MachineFacts& facts = report.facts;
  const auto quoted = [](std::string_view text) { return Quoted(text); };
  return absl::StrCat(
      "{\n  \"processor\": ", Quoted(facts.processor), ",\n  \"emulated\": ", Bool(facts.emulated), ",\n  \"kernel\": ", Quoted(facts.kernel),
      ",\n  \"page_bytes\": ", facts.page_bytes, ",\n  \"cache_types\": ",
      JsonArray(facts.cache_types,
                [](const CacheType& t) {
                  return absl::StrFormat(
                      "{\"ctr_el0\": %u, \"cpus\": [%s], \"data_line\": %u, \"instruction_line\": %u, \"idc\": %s, \"dic\": %s}",
                      t.register_value, absl::StrJoin(t.cpus, ", "), t.data_line(), t.instruction_line(), Bool(t.idc()), Bool(t.dic()));
                }),
      ",\n  \"probes\": ",
      JsonArray(facts.probes,
                [](const Probe& p) {
                  return absl::StrCat("{\"name\": ", Quoted(p.name), ", \"works\": ", Bool(p.works), ", \"detail\": ", Quoted(p.detail), "}");
                }),
      ",\n  \"sync\": ", Quoted(report.sync), ",\n  \"memory\": ", Quoted(report.memory), ",\n  \"no_code\": ", Quoted(report.no_code), ",\n  \"experiments\": ",
      JsonArray(report.experiments,
                [](const Experiment& e) {
                  return absl::StrCat("\n    {\"left_out\": ", Quoted(e.LeftOutText()), ", \"view\": ", Quoted(jit::ViewName(e.view)),
                                      ", \"caller\": ", Quoted(jit::CallerName(e.caller)), ", \"caller_isb\": ", Bool(e.caller_isb),
                                      ", \"trials\": ", e.trials, ", \"stale\": ", e.stale, ", \"problem\": ", Quoted(e.problem), "}");
                }),
      ",\n  \"findings\": ", JsonArray(report.findings, quoted), ",\n  \"healthy\": ", Bool(report.healthy), "\n}\n");
}

int RunDoctor(absl::Span<const char* const> arguments) {
  const absl::StatusOr<DoctorOptions> options = ParseDoctorOptions(arguments);
  if (!options.ok()) {
    std::fprintf(stderr, "perilune: %s\n", std::string(options.status().message()).c_str());
    return EXIT_FAILURE;
  }
  std::string text(kHelp);
  bool healthy = true;
  if (!options->help) {
    const DoctorReport report = Examine(*options);
    text = options->json ? FormatJson(report) : FormatText(report);
    healthy = report.healthy;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return healthy ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace perilune::vm::repl
