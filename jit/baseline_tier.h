// The native tier: compiles functions that the runtime calls hot, publishes their machine code, and points the shared slots at it.
//
//   runtime: budget used up --Request--> queue --(compile thread)--> BaselineCompiler --> CodePublisher --> Proto slot, loop slots
//
// A module's code lives as long as the module, unless the code cache is full: then code that was not seen to run lately makes room, oldest first, and
// its functions return to the interpreter (code_reclaimer.h), where they may become hot again. Failures (no code memory, publication refused,
// function too large) leave the function in the interpreter, with a reason in its ProtoSlots and a counter here.

#ifndef PERILUNE_JIT_BASELINE_TIER_H_
#define PERILUNE_JIT_BASELINE_TIER_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "jit/baseline_compiler.h"
#include "jit/code_fork.h"
#include "jit/code_map.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_reclaimer.h"
#include "jit/code_sync.h"
#include "jit/code_system.h"
#include "jit/code_threads.h"
#include "jit/jump_tables.h"
#include "jit/stubs.h"
#include "runtime/native_tier.h"

namespace perilune::vm::jit {

struct BaselineTierOptions {
  // Compile on a thread of the tier's own; otherwise in the requesting thread, which then runs the code at once.
  bool background = true;
  // Emit counters of native calls (ProtoInstance::calls), for --stats.
  bool count_calls = false;
  bool verify_facts = false;  // see CompilerOptions
  CodeMemoryOptions memory = {};
  CodePublisherOptions publisher = {};
  CodeSyncKind sync = CodeSyncKind::kAuto;
  CodeSystem* system = NativeCodeSystem();  // for memory and publisher, too
};

struct BaselineTierStats {
  uint64_t compiled = 0;      // functions
  uint64_t refused = 0;
  uint64_t evicted = 0;       // functions whose code made room for others
  uint64_t bytecodes = 0;     // words compiled
  uint64_t code_bytes = 0;
  uint64_t compile_ns = 0;    // emission, without publication
  uint64_t rounds = 0;        // of reclaim, two or three for each eviction
  CodeMemory::Usage usage{};
  PublicationStats publication;
  std::string sync;           // the strategy in force, and why
  std::string memory;         // the same of the policy of code memory
};

class BaselineTier final : public NativeTier, private ForkObserver {
 public:
  // kUnimplemented where machine code cannot run; kUnavailable when the system refuses code memory.
  static absl::StatusOr<std::unique_ptr<BaselineTier>> Create(const BaselineTierOptions& options);
  ~BaselineTier() override;

  void Request(const std::shared_ptr<Module>& module, ProtoSlots* function) override;
  void Drain() override;
  void AddThread(CodeThread& thread) override;
  void RemoveThread(CodeThread& thread) override;
  void OnUnpark(CodeThread& thread) override;
  void OnPark(CodeThread& thread) override;
  void OnPoll(CodeThread& thread) override;
  void OnAdopt(CodeThread& thread) override { publisher_->sync().Adopt(thread); }
  bool MayEnter(const CodeThread& thread, const CallTarget& target) const override;

  // Takes the function's machine code away: it returns to the interpreter, and may be compiled anew. Those who are in the code leave it at their next
  // poll. kDeadlineExceeded: a thread did not poll; the code is unreachable, and freed some other time.
  absl::Status Discard(const ProtoSlots* function) ABSL_LOCKS_EXCLUDED(compile_mutex_);

  BaselineTierStats stats() const;
  const CodeMap& code_map() const { return code_map_; }

 private:
  struct Job {
    std::shared_ptr<Module> module;
    ProtoSlots* function;
  };

  class PublishedFunction;
  struct Compiled;
  // A function that has machine code, as long as its module lives.
  struct Published {
    std::weak_ptr<Module> module;
    ProtoSlots* function;
    std::weak_ptr<PublishedFunction> code;
  };
  // One whose code is to go.
  struct Retired {
    std::shared_ptr<Module> module;
    ProtoSlots* function;
    std::shared_ptr<PublishedFunction> code;
  };
  using Refusal = std::pair<Job, absl::Status>;

  explicit BaselineTier(const BaselineTierOptions& options);
  absl::Status Init();
  void Run();  // the compile thread
  void Compile(absl::Span<const Job> jobs) ABSL_LOCKS_EXCLUDED(compile_mutex_);
  // The way to a function's code by the threads' jump tables, if need be in place of another's; empty with other strategies than "private".
  absl::StatusOr<JumpIndex> TakeJump() ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  void FillTargets(const ProtoSlots& function, const CompiledCode& code, CodeEpoch epoch, PublishedFunction& owner)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  absl::StatusOr<Compiled> CompileOne(const Job& job, CodeBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  std::vector<Refusal> PublishAll(absl::Span<Compiled> batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  absl::Status Install(Compiled& compiled, Publication& published, size_t index) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  // Code memory for a function, if need be in place of others.
  absl::StatusOr<CodeSpan<Writable>> Allocate(size_t bytes, CodeBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  // Takes the code of functions that were not seen to run lately, `bytes` of it at least. kResourceExhausted: there is none left to take.
  absl::Status Evict(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  // Makes a function's slots lead to the interpreter; Reclaim() does the rest.
  size_t Retire(const Published& published, const std::shared_ptr<Module>& module) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  // Frees the code of retired functions, after a grace period. Pinned ones wait for the next time.
  absl::Status Reclaim() ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  void Remember(const Job& job, const std::shared_ptr<PublishedFunction>& code) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  void Refuse(const Job& job, const absl::Status& why) ABSL_LOCKS_EXCLUDED(mutex_);

  void BeforeFork() override ABSL_NO_THREAD_SAFETY_ANALYSIS;
  void AfterForkInParent() override ABSL_NO_THREAD_SAFETY_ANALYSIS;
  void AfterForkInChild() override ABSL_NO_THREAD_SAFETY_ANALYSIS;

  const BaselineTierOptions options_;
  CodeThreads threads_;
  ChosenCodeSync sync_;
  CodeReclaimer reclaimer_{&threads_};
  std::unique_ptr<CodeMemory> memory_;
  std::string memory_reason_;  // why its policy is not the one asked for; empty if it is
  std::unique_ptr<CodePublisher> publisher_;
  CodeMap code_map_;
  std::unique_ptr<JumpTables> jumps_;  // null: strategies that have none

  absl::Mutex compile_mutex_;  // one compilation at a time: the compiler's storage is reused
  BaselineCompiler compiler_ ABSL_GUARDED_BY(compile_mutex_);
  StubAddresses stubs_ ABSL_GUARDED_BY(compile_mutex_);
  CodeSpan<Executable> stub_span_;
  std::list<Published> published_ ABSL_GUARDED_BY(compile_mutex_);  // by age, oldest first, but for second chances
  size_t prune_at_ ABSL_GUARDED_BY(compile_mutex_) = 64;             // size of published_ at which those of dead modules are forgotten
  std::vector<Retired> retired_ ABSL_GUARDED_BY(compile_mutex_);

  mutable absl::Mutex mutex_;
  std::vector<Job> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  BaselineTierStats stats_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
  // This is a child of fork(). Written when it has one thread.
  bool forked_ = false;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_BASELINE_TIER_H_
