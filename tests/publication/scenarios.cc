#include "tests/publication/scenarios.h"

#include <algorithm>
#include <utility>

namespace perilune::vm::jit::protocol {
namespace {

// Appends the steps of `program` that `strategy` has, from `first` to `last` (empty: all).
void Add(Thread& thread, Program program, Strategies strategy, std::string_view first = "",
         std::string_view last = "") {
  const size_t begin = thread.size();
  bool on = first.empty();
  for (const Step& step : kSteps) {
    if (step.program != program || (step.strategies & strategy) == 0) continue;
    if (step.name == first) on = true;
    if (on) thread.push_back({.step = &step});
    if (step.name == last) on = false;
  }
  for (size_t i = begin; i < thread.size(); ++i) thread[i].program_end = thread.size();
}

Thread Publisher(Strategies strategy) {
  Thread thread;
  Add(thread, Program::kPublish, strategy);
  return thread;
}

// A call, with another program between the load of the target and the jump to it.
void AddBetween(Thread& thread, Strategies strategy, Program program) {
  Add(thread, Program::kCall, strategy, "LoadTarget", "LoadTarget");
  Add(thread, program, strategy);
  Add(thread, Program::kCall, strategy, "Enter", "Enter");
}

Thread Between(Strategies strategy, Program program) {
  Thread thread;
  AddBetween(thread, strategy, program);
  return thread;
}

auto Find(Thread& thread, std::string_view step) {
  return std::ranges::find_if(thread, [&](const Instruction& i) { return i.step->name == step; });
}

void Erase(Thread& thread, Thread::iterator it) {
  const auto at = static_cast<size_t>(it - thread.begin());
  thread.erase(it);
  for (Instruction& i : thread) i.program_end -= i.program_end > at;
}

}  // namespace

Thread Runs(Strategies strategy, const std::vector<Program>& programs) {
  Thread thread;
  for (const Program program : programs) {
    // A call adopts what it has loaded.
    if (program == Program::kCall && strategy == kPrivate) {
      AddBetween(thread, strategy, Program::kAdopt);
    } else {
      Add(thread, program, strategy);
    }
  }
  return thread;
}

std::vector<Scenario> Scenarios() {
  std::vector<Scenario> all;
  const auto add = [&](std::string name, std::string about, Thread publisher, Thread other) -> Scenario& {
    Scenario scenario{.name = std::move(name), .about = std::move(about), .fault = Fault::kStale, .threads = {}};
    scenario.threads.push_back(std::move(publisher));
    if (!other.empty()) scenario.threads.push_back(std::move(other));
    return all.emplace_back(std::move(scenario));
  };

  Thread alone;
  Add(alone, Program::kPublish, kNoStrategy, "CopyWords", "SynchronizeSelf");
  Add(alone, Program::kCall, kNoStrategy, "Enter", "Enter");
  add("self", "the publisher calls its own code", alone, {});

  const Thread polls = Runs(kEpoch, {Program::kAnswer, Program::kCall});
  add("membarrier+before", "the kernel interrupts the caller before it loads the target", Publisher(kMembarrier),
      Runs(kMembarrier, {Program::kAnswer, Program::kCall}));
  add("membarrier+between", "the kernel interrupts the caller between load and jump", Publisher(kMembarrier),
      Between(kMembarrier, Program::kAnswer));
  add("epoch+poll", "the caller polls, then calls", Publisher(kEpoch), polls);
  add("epoch+unpark", "the caller was parked and returns", Publisher(kEpoch),
      Runs(kEpoch, {Program::kUnpark, Program::kCall, Program::kPark}))
      .parked = true;
  add("signal+before", "the handler runs before the caller loads the target", Publisher(kSignal),
      Runs(kSignal, {Program::kAnswer, Program::kCall}));
  add("signal+between", "the handler runs between load and jump", Publisher(kSignal), Between(kSignal, Program::kAnswer));
  add("signal+unpark", "the caller was parked and returns", Publisher(kSignal),
      Runs(kSignal, {Program::kUnpark, Program::kCall, Program::kPark}))
      .parked = true;
  add("private", "the caller adopts the target that it has loaded", Publisher(kPrivate),
      Runs(kPrivate, {Program::kCall}));
  {
    Thread publisher = Runs(kPrivate, {Program::kRecycle, Program::kPublish});
    add("private+reuse", "the target has an index that the caller went by before", publisher,
        Runs(kPrivate, {Program::kLeave, Program::kCall}))
        .used = true;
  }
  add("none", "nobody is asked", Publisher(kNoStrategy), Runs(kNoStrategy, {Program::kCall})).has_fault = true;

  // What CTR_EL0 permits to leave out.
  {
    Thread publisher = Publisher(kEpoch);
    Erase(publisher, Find(publisher, "CleanData"));
    add("epoch+poll+idc", "without dc cvau, where IDC is 1", publisher, polls).idc = true;
    Erase(publisher, Find(publisher, "InvalidateInstructions"));
    Scenario& both = add("epoch+poll+idc+dic", "without dc cvau and ic ivau, where IDC and DIC are 1", publisher, polls);
    both.idc = both.dic = true;
    publisher = Publisher(kNoStrategy);
    Erase(publisher, Find(publisher, "CleanData"));
    Erase(publisher, Find(publisher, "InvalidateInstructions"));
    Scenario& none = add("none+idc+dic", "coherent caches alone: nobody is asked", publisher,
                         Runs(kNoStrategy, {Program::kCall}));
    none.idc = none.dic = none.has_fault = true;
  }

  // The span is published again, with nothing led to it yet: whoever runs there came by the old target.
  Thread reuse = Runs(kEpoch, {Program::kRetire});
  Add(reuse, Program::kPublish, kEpoch, "CopyWords", "SynchronizeSelf");
  add("reclaim+inside", "the thread is inside when code is retired, then leaves", reuse,
      Runs(kEpoch, {Program::kCall, Program::kLeave}))
      .fault = Fault::kEarly;
  add("reclaim+after", "the thread has left, and calls again", reuse, Runs(kEpoch, {Program::kLeave, Program::kCall}))
      .fault = Fault::kEarly;
  return all;
}

std::string Mutant::name() const {
  switch (change) {
    case Change::kWithout:
      return "without-" + std::string(step);
    case Change::kBefore:
      return std::string(step) + "-before-" + std::string(other);
    case Change::kRelaxed:
      return "relaxed-" + std::string(step);
    case Change::kUnbranched:
      return "unbranched-" + std::string(step);
  }
  return "";
}

const std::vector<Mutant>& Mutants() {
  using enum Mutant::Change;
  static const std::vector<Mutant> mutants = {
      // Publish
      {kWithout, "CopyWords", "", "there is nothing but the old words"},
      {kWithout, "CleanData", "", "instruction caches fill with the old words from behind the data cache"},
      {kWithout, "CompleteClean", "", "an instruction cache is emptied, and fills with old words before the new ones are cleaned"},
      {kWithout, "InvalidateInstructions", "", "an instruction cache keeps the old words"},
      {kWithout, "CompleteInvalidate", "", "the slot changes while another core's instruction cache is still to be emptied"},
      {kWithout, "SynchronizeSelf", "", "the publisher runs what it fetched before"},
      {kWithout, "RequestOthers", "", "nobody answers", /*hangs=*/true},
      {kWithout, "AwaitOthers", "", "a thread is led to the code before its event"},
      {kBefore, "InvalidateInstructions", "CleanData", "emptied caches fill with the old words again"},
      {kBefore, "CompleteClean", "CleanData", "the barrier completes nothing"},
      {kBefore, "CompleteInvalidate", "InvalidateInstructions", "the barrier completes nothing"},
      {kBefore, "RequestOthers", "CleanData", "a thread has its event before maintenance is over, and fetches old words again"},
      {kBefore, "RequestOthers", "CompleteInvalidate", "a thread has its event before maintenance is over"},
      {kBefore, "Install", "CopyWords", "a thread is led there before anything was done"},
      {kBefore, "Install", "RequestOthers", "a thread is led to the code before its event"},
      // Answer
      {kWithout, "NoticeRequest", "", "a thread acknowledges what was not asked yet"},
      {kWithout, "SynchronizeAnswer", "", "a thread acknowledges without an event"},
      {kWithout, "Acknowledge", "", "the publisher never learns of the event", /*hangs=*/true},
      {kBefore, "SynchronizeAnswer", "NoticeRequest", "the event comes before the request, and so perhaps before maintenance"},
      {kBefore, "Acknowledge", "SynchronizeAnswer", "the acknowledgement precedes the event"},
      // Park, Unpark
      {kWithout, "AnnounceParked", "", "publishers wait for a thread that is outside", /*hangs=*/true},
      {kWithout, "AnnounceRunning", "", "publishers go on as if the thread were parked"},
      {kWithout, "SynchronizeUnpark", "", "the event that was missed is never made up for"},
      {kRelaxed, "AnnounceRunning", "", "the store waits in the store buffer while the request is looked for: neither sees the other"},
      {kRelaxed, "NoticeMissed", "", "the load is done before the store above it: neither sees the other"},
      {kUnbranched, "NoticeMissed", "", "an isb whatever the request is: nothing orders it behind the announcement"},
      {kBefore, "SynchronizeUnpark", "AnnounceRunning", "the event comes first, and maintenance between it and the announcement"},
      // Adopt
      {kWithout, "TakeJump", "", "nothing orders the event behind the load of the target"},
      {kWithout, "SynchronizeAdopt", "", "the thread runs what it fetched before"},
      {kBefore, "SynchronizeAdopt", "TakeJump", "the event comes before the target is seen, and so perhaps before maintenance"},
      {kBefore, "SynchronizeAdopt", "NoticeAdopted", "the event comes at each call"},
      // Recycle
      {kWithout, "ResetOwn", "", "the thread goes where the index led before"},
      {kWithout, "RequestRecycle", "", "nobody answers", /*hangs=*/true},
      {kWithout, "AwaitRecycle", "", "a thread that loaded its entry before it was reset sees the new target"},
      {kBefore, "RequestRecycle", "ResetOwn", "a thread comes by, and loads its entry before that is reset"},
      // Retire, Leave: reuse without a grace period
      {kWithout, "Unpublish", "", "threads enter code that is gone"},
      {kWithout, "RequestGrace", "", "nobody answers", /*hangs=*/true},
      {kWithout, "AwaitGrace", "", "the span is reused under a thread that is inside"},
      {kBefore, "RequestGrace", "Unpublish", "a thread leaves, acknowledges, and enters again by the slot that still leads there"},
      {kBefore, "AwaitGrace", "Unpublish", "the same, waited for too early", /*hangs=*/true},
      {kBefore, "FillTraps", "AwaitGrace", "traps under a thread that is inside"},
      {kWithout, "NoticeGrace", "", "a thread acknowledges what was not asked yet, and enters again"},
      {kWithout, "AcknowledgeGrace", "", "the publisher never learns that the thread has left", /*hangs=*/true},
      {kBefore, "AcknowledgeGrace", "Enter", "a thread says that it has left, and is still inside"},
  };
  return mutants;
}

std::string_view WhyHarmless(const Mutant& mutant, const Scenario& scenario) {
  using enum Mutant::Change;
  const auto is = [&](Mutant::Change change, std::string_view step) {
    return mutant.change == change && mutant.step == step;
  };
  if (is(kWithout, "SynchronizeSelf") && scenario.name != "self") {
    return "the publisher does not run the code here, and other cores have events of their own";
  }
  if (is(kBefore, "Acknowledge")) {
    return "the event still comes after the request and before the thread's next load of a slot";
  }
  const bool installs_early = is(kBefore, "Install") || is(kWithout, "AwaitOthers");
  if (scenario.name.ends_with("+between") && !installs_early) {
    return "a target that was loaded before the event is the old one";
  }
  if (is(kBefore, "SynchronizeAdopt") && mutant.other == "NoticeAdopted") {
    return "it still comes after the target is seen; only too often";
  }
  if (scenario.parked && is(kBefore, "RequestOthers")) {
    return "the publisher found the thread parked after maintenance; it sees the request when it returns";
  }
  if (is(kBefore, "RequestGrace") || is(kWithout, "NoticeGrace") || is(kWithout, "Unpublish")) {
    if (scenario.name == "reclaim+inside") return "the thread does not enter again";
  }
  return "";
}

bool Concerns(const Mutant& mutant, const Scenario& scenario) {
  if (scenario.has_fault || scenario.idc || scenario.dic) return false;
  const auto step = std::ranges::find(kSteps, mutant.step, &Step::name);
  const bool reclaims = step->program == Program::kRetire || step->program == Program::kRecycle || step->program == Program::kLeave;
  return reclaims == (scenario.used || scenario.fault == Fault::kEarly);
}

bool Apply(const Mutant& mutant, Scenario& scenario) {
  for (Thread& thread : scenario.threads) {
    const auto it = Find(thread, mutant.step);
    if (it == thread.end()) continue;
    switch (mutant.change) {
      case Mutant::Change::kWithout:
        Erase(thread, it);
        return true;
      case Mutant::Change::kRelaxed:
        it->relaxed = true;
        return true;
      case Mutant::Change::kUnbranched:
        it->unbranched = true;
        return true;
      case Mutant::Change::kBefore: {
        const auto other = Find(thread, mutant.other);
        if (other >= it) return false;
        std::rotate(other, it, it + 1);
        return true;
      }
    }
  }
  return false;
}

const std::vector<Exempt>& ExemptSteps() {
  static const std::vector<Exempt> exempt = {
      {"Install", "without it nobody is led to the code; doing it too early is a mutant"},
      {"LoadTarget", "without it nothing is called"},
      {"Enter", "without it nothing is called"},
      {"NoticeMissed", "without it the isb still comes; the load without its branch is that mutant"},
      {"NoticeAdopted", "without it each call has an event: slow, not wrong"},
      {"RememberOwn", "without it the thread adopts again at its next call: slow, not wrong"},
      {"FillTraps", "a second line of defence: whoever runs into it is there by a fault already"},
  };
  return exempt;
}

}  // namespace perilune::vm::jit::protocol
