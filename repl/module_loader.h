// Loads the chunks that the command line names (scripts, -e, LUA_INIT) once for all threads, so
// that they share bytecode and machine code.

#ifndef PERILUNE_REPL_MODULE_LOADER_H_
#define PERILUNE_REPL_MODULE_LOADER_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm::repl {

// Thread-safe. Keeps what it loaded; engine and native tier must outlive it.
class ModuleLoader {
 public:
  using Result = absl::StatusOr<std::shared_ptr<Module>>;

  explicit ModuleLoader(Engine& engine) : engine_(engine) {}

  // The script at `path`, or on standard input for null.
  Result LoadScript(const char* path) ABSL_LOCKS_EXCLUDED(mutex_);
  // A chunk given as text.
  Result LoadText(std::string_view text, std::string_view chunk_name) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Chunk name and text; scripts have no text here, because a name stands for one file as long as
  // the program runs.
  using Key = std::pair<std::string, std::string>;

  Engine& engine_;
  absl::Mutex mutex_;
  std::map<Key, Result> loaded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_MODULE_LOADER_H_
