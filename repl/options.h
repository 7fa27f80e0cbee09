// The command line of `perilune`: that of PUC-Rio's `lua`, with long options beside it.
//
//   perilune [options] [script [args]]
//
// Short options are read as lua.c reads them: they stand alone (`-vE` is none), stop at the script,
// at `-` and after `--`, and only -e and -l take a value, in the same or the next argument. Long
// options may stand among them, as --name=value or --name value.

#ifndef PERILUNE_REPL_OPTIONS_H_
#define PERILUNE_REPL_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/code_memory.h"
#include "jit/code_sync.h"
#include "jit/code_system.h"

namespace perilune::vm::repl {

// More threads than this are taken for a mistake.
inline constexpr int kMaxThreads = 1024;

// Bounds of --max-memory, in bytes: less is too little for the library, more than any machine has.
inline constexpr uint64_t kMinMemory = uint64_t{1} << 20;
inline constexpr uint64_t kMaxMemory = uint64_t{1} << 46;

// Bounds of --code-cache, in bytes: less has no room for the stubs and a function, more cannot be reached by one branch.
inline constexpr uint64_t kMinCodeCache = uint64_t{32} << 10;
inline constexpr uint64_t kMaxCodeCache = uint64_t{64} << 20;

// When functions are compiled to machine code.
enum class JitMode : uint8_t {
  kOff,         // never
  kSync,        // when hot, by the thread that found out
  kBackground,  // when hot, by a thread of its own
  kEager,       // at the first call, by the calling thread
};
std::string_view JitModeName(JitMode mode);

enum class Dump : uint8_t { kNone, kAst, kBytecode, kAssembly };

// What makes rare things frequent, for tests.
enum class Stress : uint8_t {
  kNone,
  kGc,       // full collections all the time
  kGeneric,  // interpret every operation by its general case
  kFacts,    // machine code checks what its compiler relied on
};

// -e, -l and -W take effect in the order given.
struct Action {
  enum class Kind : uint8_t { kExecute, kRequire, kWarnings };
  Kind kind;
  std::string_view text;  // -e: a chunk; -l: name or global=name

  bool operator==(const Action&) const = default;
};

// Views refer to the arguments parsed.
struct Options {
  std::vector<Action> actions;
  int script = 0;                // its index among the arguments; 0: there is none
  bool script_is_stdin = false;  // the script is `-`
  bool interactive = false;
  bool print_version = false;  // -v or -i: before all else
  bool ignore_environment = false;

  std::optional<JitMode> jit;  // as given
  jit::CodeSyncKind code_sync = jit::CodeSyncKind::kAuto;
  jit::CodeMemoryPolicy code_memory = jit::CodeMemoryPolicy::kDual;
  uint64_t code_cache = 0;               // bytes; 0: as much as is reserved
  std::optional<jit::CodeFaults> code_faults;  // for tests, and not in the help: what the system is to refuse
  Dump dump = Dump::kNone;
  Stress stress = Stress::kNone;
  int threads = 1;
  uint64_t max_memory = 0;  // bytes for each Lua state; 0: no limit
  bool stats = false;
  // Answered instead of running anything:
  bool help = false;
  bool version = false;
  bool verbose = false;

  // Is there nothing to do but to read standard input?
  bool reads_stdin() const;
};

// Parses arguments, the program's name first. An error's message is to be shown behind the
// program's name.
absl::StatusOr<Options> ParseOptions(absl::Span<const char* const> arguments);

// What follows a complaint about the options, in the words of the reference.
std::string_view UsageText();
// What --help prints.
std::string_view HelpText();

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_OPTIONS_H_
