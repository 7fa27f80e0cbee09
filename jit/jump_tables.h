// The jump tables of the strategy "private": each thread's own way to the machine code of each function.
//
// [DOC] Jump tables. A target has an index. What slots lead to is the index's *jump*, three instructions that were published when the tier began, and
// which load the running thread's own entry and go there:
//
//   call site ── slot ──► target ── entry ──► jump i:  ldr x16, [vm, jumps]
//                                                      ldr x16, [x16, 8 i]  ──► at first the stub `adopt`, which gives this thread its context
//                                                      br  x16                  synchronisation event, stores the code here, and goes there
//                                                                           ──► from then on the code
//
// So a thread had its event after it had seen the target, and nobody waits for it or asks it. A function has two indices, for its entry and its exact
// entry, and so two jumps: each is an indirect branch of its own for the processor to predict.
//
// Nothing orders the load of the entry behind that of the slot, as the jump between them is no address dependency: a thread may have loaded its entry
// before it sees a new target with that index. Hence an index that was used is given back in two steps: all threads' entries are reset to the stub, and
// then a round of reclaim (code_reclaimer.h) is waited for, after which no thread can find what was there before. Only then it is used again.
//
// Owned by the tier; a thread's table is the CodeThread's, as long as it is registered. It holds for whatever OS thread runs the isolate, since each
// gets an event before it goes on with it. Thread-safe.

#ifndef PERILUNE_JIT_JUMP_TABLES_H_
#define PERILUNE_JIT_JUMP_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_threads.h"
#include "runtime/code_thread.h"

namespace perilune::vm::jit {

class JumpTables;

// The indices of one function, until it is destroyed.
class JumpIndex {
 public:
  JumpIndex() = default;
  JumpIndex(JumpTables* tables, uint32_t function) : tables_(tables), function_(function) {}
  JumpIndex(JumpIndex&& other) noexcept : tables_(std::exchange(other.tables_, nullptr)), function_(other.function_) {}
  JumpIndex& operator=(JumpIndex&& other) noexcept {
    std::swap(tables_, other.tables_);
    std::swap(function_, other.function_);
    return *this;
  }
  ~JumpIndex();

  bool empty() const { return tables_ == nullptr; }
  uint32_t entry() const { return 2 * function_; }
  uint32_t exact() const { return 2 * function_ + 1; }
  // It is never given back.
  void Abandon() { tables_ = nullptr; }

 private:
  JumpTables* tables_ = nullptr;
  uint32_t function_ = 0;
};

class JumpTables {
 public:
  // How many functions of a code cache may have machine code at once: as many as are likely to fit.
  static uint32_t FunctionsOf(size_t cache_bytes);

  // `threads` are those whose entries are reset.
  JumpTables(const CodeThreads* threads, uint32_t functions);
  uint32_t jumps() const { return 2 * functions_; }
  // Before any thread is added: where the stubs begin, by which entries are adopted.
  void SetStubs(uintptr_t adopt_entry, uintptr_t adopt_exact);

  // Gives the thread its table. Before it is one of the threads.
  void AddThread(CodeThread& thread) const;

  // Empty: all are in use, or given back and not recycled.
  JumpIndex Take() ABSL_LOCKS_EXCLUDED(mutex_);
  // Makes those that were given back usable again; `round` waits until each thread came by. False: there are none.
  absl::StatusOr<bool> Recycle(absl::FunctionRef<absl::Status()> round) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class JumpIndex;
  void GiveBack(uint32_t function) ABSL_LOCKS_EXCLUDED(mutex_);
  void Reset(CodeThread& thread, uint32_t function) const;

  const CodeThreads* const threads_;
  const uint32_t functions_;
  const void* stubs_[2] = {};
  absl::Mutex mutex_;
  std::vector<uint32_t> free_ ABSL_GUARDED_BY(mutex_);   // every thread's entries are the stubs, and no thread knows of others
  std::vector<uint32_t> reset_ ABSL_GUARDED_BY(mutex_);  // the entries are the stubs; a thread may have loaded one before
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_JUMP_TABLES_H_
