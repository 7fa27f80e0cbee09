#include "repl/stats_report.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lang/diagnostic.h"
#include "repl/function_names.h"

namespace perilune::vm::repl {
namespace {

// Rows of cells, each column as wide as its widest cell.
class TextTable {
 public:
  enum class Align : uint8_t { kLeft, kRight };

  explicit TextTable(std::vector<Align> columns)
      : columns_(std::move(columns)), widths_(columns_.size()) {}

  void AddRow(std::vector<std::string> cells) {
    for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], cells[i].size());
    rows_.push_back(std::move(cells));
  }

  // Each line begins with two spaces, ends without any, and has two between columns.
  std::string Text() const {
    std::string text;
    for (const std::vector<std::string>& row : rows_) {
      std::string line;
      for (size_t i = 0; i < row.size(); ++i) {
        const std::string padding(widths_[i] - row[i].size(), ' ');
        const bool right = columns_[i] == Align::kRight;
        absl::StrAppend(&line, "  ", right ? padding : "", row[i], right ? "" : padding);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      absl::StrAppend(&text, line, "\n");
    }
    return text;
  }

 private:
  const std::vector<Align> columns_;
  std::vector<size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

std::string Microseconds(uint64_t ns) {
  return absl::StrFormat("%.1f", static_cast<double>(ns) / 1000.0);
}

bool EverRan(const FunctionStats& f) {
  return f.interpreted_calls + f.native_calls + f.compilations != 0 || !f.refusal.empty();
}

std::string FormatFunctions(const std::vector<FunctionStats>& functions) {
  using enum TextTable::Align;
  TextTable table({kLeft, kLeft, kLeft, kRight, kRight, kRight, kRight, kRight, kRight, kLeft});
  table.AddRow({"function", "position", "tier", "interpreted calls", "native calls", "bytecodes",
                "code bytes", "compile us", "compiled", "refused because"});
  size_t idle = 0;
  for (const FunctionStats& f : functions) {
    if (!EverRan(f)) {
      ++idle;
      continue;
    }
    const bool compiled = f.compilations != 0;
    table.AddRow({f.name, f.position, f.native ? "native" : "interpreter",
                  absl::StrCat(f.interpreted_calls), compiled ? absl::StrCat(f.native_calls) : "-",
                  absl::StrCat(f.bytecodes), compiled ? absl::StrCat(f.code_bytes) : "-",
                  compiled ? Microseconds(f.compile_ns) : "-", absl::StrCat(f.compilations),
                  f.refusal});
  }
  std::string text = absl::StrCat("functions\n", table.Text());
  if (idle != 0) {
    absl::StrAppend(&text, "  and ", idle, idle == 1 ? " function that" : " functions that",
                    " never ran\n");
  }
  return text;
}

// Sums over the functions that got through each stage. "in all" is from the call that made a function hot to the first use of its machine code.
std::string FormatTierUp(const std::vector<FunctionStats>& functions) {
  using enum TextTable::Align;
  TextTable table({kLeft, kRight, kRight, kRight, kRight});
  table.AddRow({"stage", "functions", "total us", "mean us", "most us"});
  const auto add = [&](std::string_view name, TierStage from, TierStage to) {
    uint64_t count = 0, total = 0, most = 0;
    for (const FunctionStats& f : functions) {
      if (!f.times.reached(from) || !f.times.reached(to)) continue;
      const uint64_t ns = f.times.Between(from, to);
      ++count;
      total += ns;
      most = std::max(most, ns);
    }
    table.AddRow({std::string(name), absl::StrCat(count), Microseconds(total),
                  Microseconds(total / std::max<uint64_t>(count, 1)), Microseconds(most)});
  };
  for (size_t i = 1; i < kTierStages; ++i) {
    add(kTierStageNames[i], static_cast<TierStage>(i - 1), static_cast<TierStage>(i));
  }
  add("in all", TierStage::kHot, TierStage::kUsed);
  return absl::StrCat("tier-up\n", table.Text());
}

// "3 of 1, 2 of 4-7"
std::string BatchSizes(const jit::PublicationStats& publication) {
  std::string text;
  for (size_t i = 0; i < publication.batch_sizes.size(); ++i) {
    if (publication.batch_sizes[i] == 0) continue;
    const size_t least = size_t{1} << i;
    absl::StrAppend(&text, text.empty() ? "" : ", ", publication.batch_sizes[i], " of ", least);
    if (i + 1 == publication.batch_sizes.size()) {
      absl::StrAppend(&text, " or more");
    } else if (i != 0) {
      absl::StrAppend(&text, "-", 2 * least - 1);
    }
  }
  return text.empty() ? "none" : text;
}

std::string FormatEngine(const StatsReport& report) {
  using enum TextTable::Align;
  TextTable table({kLeft, kLeft});
  const auto add = [&table](std::string_view name, std::string value) {
    table.AddRow({std::string(name), std::move(value)});
  };
  if (!report.tier) {
    add("machine code", absl::StrCat("none: everything was interpreted", report.why_no_tier.empty() ? "" : " (", report.why_no_tier,
                                     report.why_no_tier.empty() ? "" : ")"));
    return table.Text();
  }
  const jit::BaselineTierStats& tier = *report.tier;
  const jit::PublicationStats& publication = tier.publication;
  add("functions compiled", absl::StrCat(tier.compiled));
  add("functions refused", absl::StrCat(tier.refused));
  add("functions evicted", absl::StrCat(tier.evicted, " in ", tier.rounds, " rounds of polls"));
  add("bytecodes compiled", absl::StrCat(tier.bytecodes));
  add("code bytes", absl::StrCat(tier.code_bytes));
  const double per_bytecode = static_cast<double>(tier.compile_ns) /
                              static_cast<double>(std::max<uint64_t>(tier.bytecodes, 1));
  add("compile time",
      absl::StrFormat("%s us, %.1f ns a bytecode", Microseconds(tier.compile_ns), per_bytecode));
  add("publications",
      absl::StrCat(publication.publications, " in ", publication.batches, " batches"));
  add("batch sizes", BatchSizes(publication));
  add("bytes published", absl::StrCat(publication.bytes));
  add("publication time",
      absl::StrCat(Microseconds(publication.copy_ns), " us copying, ",
                   Microseconds(publication.maintain_ns), " us cache maintenance, ",
                   Microseconds(publication.sync_ns), " us synchronising, ",
                   Microseconds(publication.install_ns), " us installing"));
  add("data cache lines", absl::StrCat(publication.data_lines_cleaned, " cleaned (dc cvau)"));
  add("instruction lines",
      absl::StrCat(publication.instruction_lines_invalidated, " invalidated (ic ivau)"));
  add("code syncs", absl::StrCat(publication.syncs));
  add("sync strategy", tier.sync);
  add("code memory", tier.memory);
  add("code cache", absl::StrCat(tier.usage.live, " bytes live, ", tier.usage.quarantined, " in quarantine, of ", tier.usage.capacity));
  add("fallbacks", absl::StrCat(publication.fallbacks));
  add("failures", absl::StrCat(publication.failures));
  add("slots installed", absl::StrCat(publication.installs));
  add("slots relinked", absl::StrCat(report.slots_relinked));
  return table.Text();
}

}  // namespace

StatsReport CollectStats(const Engine& engine, absl::Span<const std::shared_ptr<Module>> modules,
                         const jit::BaselineTier* tier) {
  // Relaxed throughout: the figures are sums of their own, and the threads that counted have ended.
  constexpr auto kRelaxed = std::memory_order_relaxed;
  StatsReport report;
  for (const std::shared_ptr<Module>& module : modules) {
    std::vector<std::string> names = FunctionNames(*module->main()->proto);
    for (size_t i = 0; i < module->functions().size(); ++i) {
      const ProtoSlots& slots = *module->functions()[i];
      FunctionStats& f = report.functions.emplace_back();
      f.name = std::move(names[i]);
      f.position =
          absl::StrCat(lang::ChunkId(*slots.proto->source), ":", slots.proto->line_defined);
      // Acquire: partner of the native tier's release store, to read the target.
      f.native = slots.target.load(std::memory_order_acquire)->tier == Tier::kNative;
      f.interpreted_calls = slots.interpreted_calls.load(kRelaxed);
      f.native_calls = slots.native_calls.load(kRelaxed);
      f.bytecodes = slots.proto->code.size();
      f.code_bytes = slots.code_bytes.load(kRelaxed);
      f.compile_ns = slots.compile_ns.load(kRelaxed);
      f.times = slots.tier_record.times();
      f.compilations = slots.compilations.load(kRelaxed);
      if (const char* refusal = slots.refusal.load(kRelaxed)) f.refusal = refusal;
    }
  }
  if (tier != nullptr) report.tier = tier->stats();
  report.slots_relinked = engine.slots_relinked.load(kRelaxed);
  return report;
}

std::string FormatStats(const StatsReport& report) {
  return absl::StrCat(FormatFunctions(report.functions),
                      report.tier ? FormatTierUp(report.functions) : "", "engine\n",
                      FormatEngine(report));
}

}  // namespace perilune::vm::repl
