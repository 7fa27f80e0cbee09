// The tests use one function of the caller's thread as the code that is published:
//
//   L0:  B Old          the new word is a NOP, which with B is among the instructions that the architecture lets one
//        MOV W9,#20     write while others run them, so that herd7 gives every execution a meaning
//        RET
//   Old: MOV W9,#10
//        RET
//        MOV W9,#30     where a branch takes the place of udf, for the same reason
//        RET
//
// and `Else` as what slots lead to otherwise, and the entries of jump tables as long as they lead to no code; `Gone` is code that such an entry led to
// before. X17 is where a jump by a table goes. X8 tells whether the call went to L0, X9 which code ran.

#include "tests/publication/litmus.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace perilune::vm::jit::protocol {
namespace {

using Lines = std::vector<std::string>;

// Registers, the same in each thread.
constexpr std::string_view kInit =
    "X0=NOP; X2=L0; X3=slot; X5=request; X6=acknowledged; X7=1; X9=0; X10=running; X11=own; X12=Else; X13=instr:\"B .+28\"; "
    "X14=round; X15=visited; X17=Else;";

// The register that has the object's address; the register to store in it; whether it is a pointer.
struct Place {
  std::string_view address;
  std::string_view value;
  bool pointer;
};
Place PlaceOf(Object object) {
  switch (object) {
    case Object::kCode:
      return {"X2", "W0", false};
    case Object::kSlot:
      return {"X3", "X2", true};
    case Object::kOwn:
      return {"X11", "X2", true};
    case Object::kRequest:
      return {"X5", "W7", false};
    case Object::kAcknowledgement:
      return {"X6", "W7", false};
    case Object::kRunning:
      return {"X10", "W7", false};
    case Object::kRound:
      return {"X14", "W7", false};
    case Object::kVisited:
      return {"X15", "W7", false};
    case Object::kNone:
      break;
  }
  return {};
}

class ThreadText {
 public:
  ThreadText(const Scenario& scenario, size_t index, bool calls) : scenario_(scenario), index_(index) {
    const Thread& thread = scenario.threads[index];
    adopts_ = std::ranges::any_of(thread, [](const Instruction& i) { return i.step->program == Program::kAdopt; });
    for (size_t i = 0; i < thread.size(); ++i) {
      if (std::ranges::any_of(thread, [&](const Instruction& j) { return Jumps(j) && j.program_end == i; })) {
        lines_.push_back(absl::StrCat(Label(i), ":"));
      }
      Add(thread[i], thread.size());
    }
    if (calls) {
      lines_.push_back(absl::StrCat("B ", Label(thread.size())));
      for (const char* line : {"L0:", "B Old", "MOV W9,#20", "RET", "Old:", "MOV W9,#10", "RET", "MOV W9,#30",
                               "RET", "Else:", "MOV W9,#5", "RET", "Gone:", "MOV W9,#10", "RET"}) {
        lines_.push_back(line);
      }
    }
    lines_.push_back(absl::StrCat(Label(thread.size()), ":"));
  }

  const Lines& lines() const { return lines_; }

 private:
  // Labels are global.
  std::string Label(size_t position) const { return absl::StrCat("At", index_, "x", position); }

  static bool Jumps(const Instruction& i) {
    const Operation operation = i.step->operation;
    return (operation == Operation::kCheck || operation == Operation::kCheckClear || operation == Operation::kBranch) && !i.unbranched;
  }

  void Add(const Instruction& i, size_t thread_end) {
    const Place place = PlaceOf(i.step->object);
    const auto line = [&](auto... parts) { lines_.push_back(absl::StrCat(parts...)); };
    const std::string_view store = i.relaxed ? "STR " : "STLR ";
    switch (i.step->operation) {
      case Operation::kWrite:
        if (i.step->object == Object::kOwn) line("MOV X17,X2");
        return line("STR ", place.value, ",[", place.address, "]");
      case Operation::kPublish:
        return line(store, place.value, ",[", place.address, "]");
      case Operation::kRetract:
        return line(store, place.pointer ? "X12" : "WZR", ",[", place.address, "]");
      case Operation::kErase:
        return line("STR W13,[X2]");
      case Operation::kRead:
        return line("LDR X1,[", place.address, "]");
      case Operation::kCheck: {
        const std::string_view to = place.pointer ? "X1" : "W4";
        line(i.relaxed || i.unbranched ? "LDR " : "LDAR ", to, ",[", place.address, "]");
        if (i.unbranched) return;
        return line("CBZ ", to, ",", Label(i.program_end));
      }
      case Operation::kCheckClear:
        line("LDR X17,[", place.address, "]");
        line("CMP X17,X12");
        return line("B.NE ", Label(i.program_end));
      case Operation::kBranch:
        line("CMP X1,X2");
        return line("B.NE ", Label(i.program_end));
      case Operation::kAwait:
        // Once, and whoever has to wait gives up: the rest is another execution.
        if (scenario_.parked && i.step->object == Object::kAcknowledgement) {
          line("LDAR W4,[", PlaceOf(Object::kRunning).address, "]");
          return line("CBNZ W4,", Label(thread_end));
        }
        line("LDAR W4,[", place.address, "]");
        return line("CBZ W4,", Label(thread_end));
      case Operation::kRun:
        line(adopts_ ? "BLR X17" : "BLR X1");
        line("CMP X1,X2");
        return line("CSET W8,EQ");
      case Operation::kCleanData:
        return line("DC CVAU,X2");
      case Operation::kInvalidateInstructions:
        return line("IC IVAU,X2");
      case Operation::kDataBarrier:
        return line("DSB ISH");
      case Operation::kSynchronizeContext:
        return line("ISB");
    }
  }

  const Scenario& scenario_;
  const size_t index_;
  bool adopts_ = false;
  Lines lines_;
};

}  // namespace

std::string LitmusText(std::string_view name, const Scenario& scenario) {
  const size_t threads = scenario.threads.size();
  const size_t caller = threads - 1;
  std::string text = absl::StrCat("AArch64 ", name, "\n\"", scenario.about, "\"\nStable=X9\n");
  if (scenario.idc || scenario.dic) {
    absl::StrAppend(&text, "CacheType=", scenario.dic ? "DIC" : "", scenario.idc && scenario.dic ? " " : "",
                    scenario.idc ? "IDC" : "", "\n");
  }
  absl::StrAppend(&text, "{\n");
  absl::StrAppend(&text, "  [slot]=P", caller, scenario.fault == Fault::kEarly ? ":L0;" : ":Else;", "\n");
  absl::StrAppend(&text, "  [own]=P", caller, scenario.used ? ":Gone;" : ":Else;", "\n");
  for (size_t t = 0; t < threads; ++t) {
    std::string registers = absl::StrCat(" ", kInit);
    for (size_t at = 0; (at = registers.find(" X", at)) != std::string::npos; at += 3) {
      registers.insert(at + 1, absl::StrCat(t, ":"));
    }
    for (const std::string_view label : {"X2=L0", "X12=Else", "X17=Else"}) {
      registers.insert(registers.find(label) + label.find('=') + 1, absl::StrCat("P", caller, ":"));
    }
    if (threads == 1) absl::StrAppend(&registers, " ", t, ":X1=P", t, ":L0;");
    absl::StrAppend(&text, " ", registers, "\n");
  }
  absl::StrAppend(&text, "}\n");

  std::vector<Lines> columns;
  size_t rows = 0;
  for (size_t t = 0; t < threads; ++t) {
    columns.push_back(ThreadText(scenario, t, t == caller).lines());
    columns[t].insert(columns[t].begin(), absl::StrCat("P", t));
    rows = std::max(rows, columns[t].size());
  }
  for (size_t row = 0; row < rows; ++row) {
    for (size_t t = 0; t < threads; ++t) {
      const std::string cell = row < columns[t].size() ? columns[t][row] : "";
      absl::StrAppend(&text, t == 0 ? " " : " | ", cell, std::string(cell.size() < 14 ? 14 - cell.size() : 0, ' '));
    }
    absl::StrAppend(&text, ";\n");
  }
  const std::string old = absl::StrCat(caller, ":X9=10");
  absl::StrAppend(&text, "exists (", caller, ":X8=1 /\\ ", scenario.fault == Fault::kStale ? old : absl::StrCat("~(", old, ")"),
                  ")\n");
  return text;
}

std::vector<Litmus> LitmusTests() {
  std::vector<Litmus> tests;
  for (const Scenario& scenario : Scenarios()) {
    tests.push_back({scenario.name, LitmusText(scenario.name, scenario),
                     scenario.has_fault ? "mutant" : "strategy", scenario.has_fault, scenario.about});
    for (const Mutant& mutant : Mutants()) {
      Scenario changed = scenario;
      if (mutant.hangs || !Concerns(mutant, scenario) || !Apply(mutant, changed)) continue;
      const std::string name = absl::StrCat(scenario.name, "+", mutant.name());
      const std::string_view harmless = WhyHarmless(mutant, scenario);
      tests.push_back({name, LitmusText(name, changed), harmless.empty() ? "mutant" : "harmless",
                       harmless.empty(), std::string(harmless.empty() ? mutant.why : harmless)});
    }
  }
  return tests;
}

}  // namespace perilune::vm::jit::protocol
