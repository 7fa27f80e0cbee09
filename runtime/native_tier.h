// What the runtime asks of a compiler to machine code. The runtime interprets without one; the binary or the embedder wires one in
// (EngineOptions::native_tier). Called from any isolate's thread.

#ifndef PERILUNE_RUNTIME_NATIVE_TIER_H_
#define PERILUNE_RUNTIME_NATIVE_TIER_H_

#include <memory>

#include "runtime/code_thread.h"
#include "runtime/module.h"

namespace perilune::vm {

class NativeTier {
 public:
  virtual ~NativeTier() = default;
  // Wants `function` compiled: at once, or later in the background. Whoever moves its state from kCold to kQueued does the work, so that it
  // is compiled once for all isolates.
  virtual void Request(const std::shared_ptr<Module>& module, ProtoSlots* function) = 0;
  // Waits until no request is outstanding.
  virtual void Drain() = 0;

  // ---- What isolates tell it of themselves (code_thread.h); by their own threads, except that any may add or remove one that does not run.
  virtual void AddThread(CodeThread&) {}
  virtual void RemoveThread(CodeThread&) {}
  // It runs, and may enter machine code; it does not any more.
  virtual void OnUnpark(CodeThread&) {}
  virtual void OnPark(CodeThread&) {}
  // It polls after CodeThread::RequestPoll: it is at a function's entry, a loop's back-edge or in a native function, and what slots lead to will be
  // loaded anew.
  virtual void OnPoll(CodeThread&) {}
  // It is about to enter machine code whose address it has loaded, and for which it may not have had its context synchronisation event.
  virtual void OnAdopt(CodeThread&) {}
  // For assertions at entries to machine code: was it synchronised with the target's publication?
  virtual bool MayEnter(const CodeThread&, const CallTarget&) const { return true; }
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_NATIVE_TIER_H_
