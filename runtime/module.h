// A Module is a compiled chunk, shared by all isolates of an engine; ProtoSlots is the mutable half of one of its functions: the atomic
// words that lead to the code which runs it now.
//
// [DOC] Slots. Publisher: the native tier, which stores a CallTarget with release once its code is published (jit/code_publisher.h).
// Observers: handlers and machine code, which load a slot and follow it; acquire, or on AArch64 the address dependency. What a slot leads to is
// immutable and lives as long as the module, so an observer may hold a CallTarget for as long as it runs the function.

#ifndef PERILUNE_RUNTIME_MODULE_H_
#define PERILUNE_RUNTIME_MODULE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "lang/proto.h"
#include "runtime/tier_record.h"

namespace perilune::vm {

class Engine;
class Module;
struct ProtoSlots;

enum class Tier : uint8_t { kInterpreter, kNative };

// How a call reaches the code of a function. Machine code reads the first two words.
struct CallTarget {
  const ProtoSlots* slots = nullptr;   // of the function that `entry` runs; null in the target of an unlinked call site
  const void* entry = nullptr;         // for a slot of a Proto: a Handler; the frame link is stored, word holds the number of arguments.
                                       // for a call site: as `exact` says
  // For call sites that pass exactly num_params arguments to this function: `entry` itself stores the frame link, from x30 and
  // the position word in x10 (jit/register_plan.h). Null in the interpreter's targets and in exact ones themselves.
  const CallTarget* exact = nullptr;
  Tier tier = Tier::kInterpreter;
  // The target that takes this one's place in the Proto's slot at the first call through it (EnterMachineCodeFirst); usually null.
  const CallTarget* next = nullptr;
  // Strategy "private", where `entry` is a jump by the running thread's own table: the code itself, and its index in those tables.
  const void* direct = nullptr;
  uint32_t jump = 0;
  // The code epoch since whose request a thread must have had a context synchronisation event before it runs the code.
  uint64_t epoch = 0;
};

enum class CompileState : uint8_t { kCold, kQueued, kCompiled, kRefused };

// Of a call instruction.
struct CallSite {
  std::atomic<const CallTarget*> target;  // kUnlinked until relinked
  uint64_t position = 0;                  // of its calls' frame links (frame_layout.h)
};

struct ProtoSlots {
  ProtoSlots(const lang::Proto* proto, Module* module);

  const lang::Proto* const proto;
  Module* const module;
  std::vector<ProtoSlots*> children;  // as proto->children

  std::atomic<const CallTarget*> target;                          // never null
  std::unique_ptr<CallSite[]> call_sites;
  // OSR: machine code for the head of each loop, entered by a jump with the interpreter's registers; null until compiled.
  std::unique_ptr<std::atomic<const void*>[]> loops;
  std::atomic<CompileState> state{CompileState::kCold};

  TierRecord tier_record;
  // While the native tier takes machine code away: its slots lead elsewhere, and frames in it are to be left. Written by the tier before it asks for
  // polls, which order it; relaxed.
  std::atomic<bool> retiring{false};
  std::atomic<bool> seen{false};        // frames were found in its machine code since the tier looked last; relaxed
  // After its machine code was taken away: so many times kRecheck units of its budget are to be used up before it is hot again; relaxed.
  std::atomic<int32_t> reprieve{0};
  std::atomic<int32_t> budget{0};  // of a fresh instance, as it was when compilation was requested; relaxed

  // Statistics; relaxed.
  std::atomic<uint32_t> evictions{0};
  std::atomic<uint64_t> interpreted_calls{0};  // added when an instance ends
  std::atomic<uint64_t> native_calls{0};       // the same; where machine code counts them
  std::atomic<uint32_t> compilations{0};
  std::atomic<uint64_t> code_bytes{0};
  std::atomic<uint64_t> compile_ns{0};
  std::atomic<uint32_t> timeouts{0};           // publications that waited in vain for another thread
  std::atomic<const char*> refusal{nullptr};  // why it was not compiled

  const CallTarget interpreter;
};

extern const CallTarget kUnlinked;

class Module {
 public:
  Module(Engine& engine, std::shared_ptr<const lang::Proto> main);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  ProtoSlots* main() const { return slots_.front().get(); }
  // About what it occupies, without machine code.
  size_t MemoryBytes() const;
  // All functions, a parent before its children.
  const std::vector<std::unique_ptr<ProtoSlots>>& functions() const { return slots_; }
  Engine& engine() const { return engine_; }
  // Keeps `resource` (code, call targets) until the module ends. Called by the native tier's thread only.
  void Keep(std::shared_ptr<void> resource) { kept_.push_back(std::move(resource)); }
  void Drop(const void* resource) {
    std::erase_if(kept_, [resource](const std::shared_ptr<void>& kept) { return kept.get() == resource; });
  }

 private:
  ProtoSlots* Add(const lang::Proto* proto);

  Engine& engine_;
  std::shared_ptr<const lang::Proto> proto_;
  std::vector<std::unique_ptr<ProtoSlots>> slots_;
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_MODULE_H_
