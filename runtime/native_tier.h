// What the runtime asks of a compiler to machine code. The runtime interprets without one; the binary or the embedder wires one in
// (EngineOptions::native_tier). Called from any isolate's thread.

#ifndef PERILUNE_RUNTIME_NATIVE_TIER_H_
#define PERILUNE_RUNTIME_NATIVE_TIER_H_

#include <memory>

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
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_NATIVE_TIER_H_
