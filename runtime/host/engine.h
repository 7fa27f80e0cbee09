// The Engine: what isolates share. Loaded modules, machine code, the compile thread, the watchdog of deadlines.
//
// Threads: every function may be called by any thread. An engine must outlive its isolates and modules' use.

#ifndef PERILUNE_RUNTIME_HOST_ENGINE_H_
#define PERILUNE_RUNTIME_HOST_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace perilune::vm {
class Engine;
class Module;
}  // namespace perilune::vm

namespace perilune {

class Watchdog;

enum class Jit : uint8_t {
  kOff,         // interpret
  kBackground,  // compile hot functions on a thread of the engine
  kSync,        // compile them in the thread that finds them hot
  kEager,       // compile each function at its first call (for tests)
};

// How a thread learns that there is new machine code (docs/publication.md).
enum class CodeSync : uint8_t {
  kAuto,        // kMembarrier, or kEpoch where the kernel has no such call
  kMembarrier,  // the kernel makes every thread drop what it has fetched: no cost for those that run
  kEpoch,       // each thread does so at its next poll
  kSignal,      // a signal makes each thread do so
  kPrivate,     // each thread does so at its first use of the code
};

// How code memory is written.
enum class CodeMemory : uint8_t {
  kDual,      // by a second, writable view of it
  kMprotect,  // while it is not executable
};

struct EngineOptions {
  // Where machine code cannot run (x86-64, or a system that refuses executable memory) everything is interpreted; EngineStats::native_tier says why.
  Jit jit = Jit::kBackground;
  // Bytes of machine code at most. Functions that were not seen to run lately make room for others, and return to the interpreter.
  size_t code_cache_bytes = size_t{64} << 20;
  // What the system refuses is replaced by what it grants; EngineStats says so.
  CodeSync code_sync = CodeSync::kAuto;
  CodeMemory code_memory = CodeMemory::kDual;
  // When a function is hot: a call costs 10 units, a loop's back-edge one; its budget is this many units a bytecode, and not less than the minimum.
  int32_t budget_per_bytecode = 20;
  int32_t min_budget = 500;
};

struct EngineStats {
  uint64_t modules = 0;             // alive
  uint64_t functions = 0;           // in them
  uint64_t functions_compiled = 0;  // times that a function was compiled, since the engine began
  uint64_t functions_refused = 0;
  uint64_t code_bytes = 0;          // emitted
  uint64_t compile_ns = 0;          // emission, without publication
  uint64_t publications = 0;        // batches of code made visible to all threads
  uint64_t slots_relinked = 0;      // call sites pointed at machine code
  std::string native_tier;          // the strategy of publication in force, and why; or why there is no machine code
  std::string code_memory;          // the same of code memory
};

// A loaded chunk: bytecode and machine code, immutable, shared by all isolates of the engine. Copies refer to the same module.
// Threads: any.
class Module {
 public:
  explicit Module(std::shared_ptr<vm::Module> impl) : impl_(std::move(impl)) {}
  const std::shared_ptr<vm::Module>& impl() const { return impl_; }

 private:
  std::shared_ptr<vm::Module> impl_;
};

class Engine {
 public:
  // Never fails: without machine code, an engine interprets.
  explicit Engine(const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Compiles a chunk. `name` appears in messages as given if it begins with "=" or "@" (which are dropped), else as [string "name"], as for Lua's load.
  // kInvalidArgument: a syntax error, worded "name:line: what near where".
  absl::StatusOr<Module> Load(std::string_view source, std::string_view name);
  // The same for a file, whose first line may be a #! line. kNotFound and others if it cannot be read.
  absl::StatusOr<Module> LoadFile(const std::string& path);

  EngineStats stats() const;
  // Waits until all functions found hot so far are compiled or refused.
  void WaitForCompilation();

  // ---- For the parts of this interface.
  vm::Engine& impl() const;
  Watchdog& watchdog() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_ENGINE_H_
