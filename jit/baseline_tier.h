// The native tier: compiles functions that the runtime calls hot, publishes their machine code, and points the shared slots at it.
//
//   runtime: budget used up --Request--> queue --(compile thread)--> BaselineCompiler --> CodePublisher --> Proto slot, loop slots
//
// A module's code lives as long as the module. Failures (no code memory, publication refused, function too large) leave the function in the
// interpreter, with a reason in its ProtoSlots and a counter here.

#ifndef PERILUNE_JIT_BASELINE_TIER_H_
#define PERILUNE_JIT_BASELINE_TIER_H_

#include <cstdint>
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
#include "jit/code_map.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"
#include "jit/code_system.h"
#include "jit/code_threads.h"
#include "jit/stubs.h"
#include "runtime/native_tier.h"

namespace perilune::vm::jit {

struct BaselineTierOptions {
  // Compile on a thread of the tier's own; otherwise in the requesting thread, which then runs the code at once.
  bool background = true;
  // Emit counters of native calls (ProtoInstance::calls), for --stats.
  bool count_calls = false;
  CodeMemoryOptions memory = {};
  CodePublisherOptions publisher = {};
  CodeSyncKind sync = CodeSyncKind::kAuto;
  CodeSystem* system = NativeCodeSystem();  // for memory and publisher, too
};

struct BaselineTierStats {
  uint64_t compiled = 0;      // functions
  uint64_t refused = 0;
  uint64_t bytecodes = 0;     // words compiled
  uint64_t code_bytes = 0;
  uint64_t compile_ns = 0;    // emission, without publication
  PublicationStats publication;
  std::string sync;           // the strategy in force, and why
  std::string memory;         // the same of the policy of code memory
};

class BaselineTier final : public NativeTier {
 public:
  // kUnimplemented where machine code cannot run; kUnavailable when the system refuses code memory.
  static absl::StatusOr<std::unique_ptr<BaselineTier>> Create(const BaselineTierOptions& options);
  ~BaselineTier() override;

  void Request(const std::shared_ptr<Module>& module, ProtoSlots* function) override;
  void Drain() override;
  void AddThread(CodeThread& thread) override { threads_.Add(thread); }
  void RemoveThread(CodeThread& thread) override { threads_.Remove(thread); }
  void OnUnpark(CodeThread& thread) override { publisher_->sync().Unpark(thread); }
  void OnPark(CodeThread& thread) override { publisher_->sync().Park(thread); }
  void OnPoll(CodeThread& thread) override { publisher_->sync().OnPoll(thread); }
  void OnAdopt(CodeThread& thread) override { publisher_->sync().Adopt(thread); }
  bool MayEnter(const CodeThread& thread, const CallTarget& target) const override;

  BaselineTierStats stats() const;
  const CodeMap& code_map() const { return code_map_; }

 private:
  struct Job {
    std::shared_ptr<Module> module;
    ProtoSlots* function;
  };

  class PublishedFunction;
  struct Compiled;
  using Refusal = std::pair<Job, absl::Status>;

  explicit BaselineTier(const BaselineTierOptions& options);
  absl::Status Init();
  void Run();  // the compile thread
  void Compile(absl::Span<const Job> jobs) ABSL_LOCKS_EXCLUDED(compile_mutex_);
  void FillTargets(const ProtoSlots& function, const CompiledCode& code, CodeEpoch epoch, PublishedFunction& owner)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  absl::StatusOr<Compiled> CompileOne(const Job& job, CodeBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  std::vector<Refusal> PublishAll(absl::Span<Compiled> batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  absl::Status Install(Compiled& compiled, Publication& published, size_t index) ABSL_EXCLUSIVE_LOCKS_REQUIRED(compile_mutex_);
  void Refuse(const Job& job, const absl::Status& why) ABSL_LOCKS_EXCLUDED(mutex_);

  const BaselineTierOptions options_;
  CodeThreads threads_;
  ChosenCodeSync sync_;
  std::unique_ptr<CodeMemory> memory_;
  std::string memory_reason_;  // why its policy is not the one asked for; empty if it is
  std::unique_ptr<CodePublisher> publisher_;
  CodeMap code_map_;

  absl::Mutex compile_mutex_;  // one compilation at a time: the compiler's storage is reused
  BaselineCompiler compiler_ ABSL_GUARDED_BY(compile_mutex_);
  StubAddresses stubs_ ABSL_GUARDED_BY(compile_mutex_);
  CodeSpan<Executable> stub_span_;

  mutable absl::Mutex mutex_;
  std::vector<Job> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  BaselineTierStats stats_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// The machine code of a function as text: bytecode, instructions and the compiler's comments. Works on every machine: the code is emitted, not run.
absl::StatusOr<std::string> DumpAssembly(const ProtoSlots& function);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_BASELINE_TIER_H_
