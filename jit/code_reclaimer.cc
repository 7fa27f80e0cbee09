#include "jit/code_reclaimer.h"

#include <utility>

#include "absl/status/status.h"
#include "jit/code_handshake.h"
#include "runtime/isolate.h"
#include "runtime/machine_frames.h"

namespace perilune::vm::jit {

absl::StatusOr<std::set<const ProtoSlots*>> CodeReclaimer::Round() {
  const uint64_t round = handshake::Raise(round_);
  threads_->ForEach([](CodeThread& thread) {
    // One that begins to run just now comes by on its own.
    if (handshake::IsRunning(thread)) thread.RequestPoll();
  });
  const auto all_came_by = [&] {
    return threads_->AllRunning([round](CodeThread& thread) { return handshake::HasVisited(thread, round); });
  };
  if (!acknowledgements_.Wait(all_came_by, kRoundLimit)) return absl::DeadlineExceededError("code reclaim: a thread does not poll");
  std::set<const ProtoSlots*> pinned;
  absl::MutexLock lock(&mutex_);
  for (const auto& [thread, functions] : pinned_) pinned.insert(functions.begin(), functions.end());
  return pinned;
}

void CodeReclaimer::ComeBy(CodeThread& thread, bool all) {
  const auto leave = [&] {
    if (thread.isolate != nullptr) Pin(thread, LeaveRetiredCode(thread.isolate, all));
  };
  handshake::ComeBy(round_, thread, leave, [this] { acknowledgements_.Notify(); });
}

void CodeReclaimer::BeforePark(CodeThread& thread) {
  // Mostly C++ code that called Lua code is a native function's, and returns into no machine code.
  const bool pins = thread.isolate != nullptr && thread.isolate->pinning_runs != 0;
  Pin(thread, pins ? PinnedCode(thread.isolate) : std::vector<const ProtoSlots*>());
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
