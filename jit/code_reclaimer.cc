#include "jit/code_reclaimer.h"

#include <utility>

#include "absl/status/status.h"
#include "runtime/isolate.h"
#include "runtime/machine_frames.h"

namespace perilune::vm::jit {

absl::StatusOr<std::set<const ProtoSlots*>> CodeReclaimer::Round() {
  // seq_cst: partner of the loads in ComeBy()
  const uint64_t round = round_.fetch_add(1, std::memory_order_seq_cst) + 1;
  threads_->ForEach([](CodeThread& thread) {
    // seq_cst: partner of the thread's own store; one that begins to run just now comes by on its own
    if (thread.running.load(std::memory_order_seq_cst)) thread.RequestPoll();
  });
  const auto all_came_by = [&] {
    return threads_->AllRunning([round](CodeThread& thread) {
      return thread.visited.load(std::memory_order_seq_cst) >= round;  // partner: ComeBy()
    });
  };
  if (!acknowledgements_.Wait(all_came_by, kRoundLimit)) return absl::DeadlineExceededError("code reclaim: a thread does not poll");
  std::set<const ProtoSlots*> pinned;
  absl::MutexLock lock(&mutex_);
  for (const auto& [thread, functions] : pinned_) pinned.insert(functions.begin(), functions.end());
  return pinned;
}

void CodeReclaimer::ComeBy(CodeThread& thread, bool all) {
  // seq_cst: partner of Round()
  const uint64_t round = round_.load(std::memory_order_seq_cst);
  if (thread.visited.load(std::memory_order_relaxed) == round) return;  // relaxed: this thread's own
  if (thread.isolate != nullptr) Pin(thread, LeaveRetiredCode(thread.isolate, all));
  thread.visited.store(round, std::memory_order_seq_cst);  // partner: Round()
  acknowledgements_.Notify();
}

void CodeReclaimer::BeforePark(CodeThread& thread) {
  // Outside of nested runs native code returns into no machine code.
  const bool nested = thread.isolate != nullptr && thread.isolate->native_depth > 1;
  Pin(thread, nested ? PinnedCode(thread.isolate) : std::vector<const ProtoSlots*>());
}

void CodeReclaimer::Pin(CodeThread& thread, std::vector<const ProtoSlots*> pinned) {
  // Only this thread changes whether it pins any.
  if (pinned.empty() && !thread.pins) return;
  thread.pins = !pinned.empty();
  absl::MutexLock lock(&mutex_);
  if (pinned.empty()) {
    pinned_.erase(&thread);
  } else {
    pinned_[&thread] = std::move(pinned);
  }
}

void CodeReclaimer::Forget(CodeThread& thread) {
  absl::MutexLock lock(&mutex_);
  pinned_.erase(&thread);
}

}  // namespace perilune::vm::jit
