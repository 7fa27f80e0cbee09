// The `perilune` command: wires engine, native tier and sessions together as the command line says.
//
// Lifetimes: the tier outlives the modules, whose machine code it keeps, and modules the isolates.
// A session's isolate lives and dies on the thread that uses it.

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "jit/baseline_tier.h"
#include "repl/console.h"
#include "repl/doctor.h"
#include "repl/dump.h"
#include "repl/interactive_repl.h"
#include "repl/line_repl.h"
#include "repl/module_loader.h"
#include "repl/options.h"
#include "repl/session.h"
#include "repl/stats_report.h"
#include "repl/version.h"
#include "runtime/engine.h"
#include "runtime/script_source.h"

namespace perilune::vm::repl {
namespace {

using Arguments = absl::Span<const char* const>;

#if defined(__aarch64__)
constexpr JitMode kDefaultJit = JitMode::kBackground;
#else
constexpr JitMode kDefaultJit = JitMode::kOff;
#endif

void Write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool IsInteractive(const Options& options) {
  return options.interactive || (options.reads_stdin() && options.threads == 1 && isatty(STDIN_FILENO) != 0);
}

jit::BaselineTierOptions TierOptions(const Options& options) {
  jit::BaselineTierOptions tier_options;
  tier_options.background = options.jit.value_or(kDefaultJit) == JitMode::kBackground;
  tier_options.verify_facts = options.stress == Stress::kFacts;
  tier_options.count_calls = options.stats || IsInteractive(options);  // for :stats and :tier
  tier_options.sync = options.code_sync;
  tier_options.memory.policy = options.code_memory;
  if (options.code_cache != 0) tier_options.memory.limit_bytes = options.code_cache;
  if (options.code_faults) {
    static jit::FaultyCodeSystem faulty(*options.code_faults);  // there is one command line
    tier_options.system = &faulty;
  }
  return tier_options;
}

// Null where machine code cannot run; that is worth a warning only to those who asked for it.
std::unique_ptr<jit::BaselineTier> MakeTier(const Options& options, std::string* why_not) {
  const JitMode mode = options.jit.value_or(kDefaultJit);
  if (mode == JitMode::kOff) return nullptr;
  absl::StatusOr<std::unique_ptr<jit::BaselineTier>> tier = jit::BaselineTier::Create(TierOptions(options));
  if (tier.ok()) return *std::move(tier);
  *why_not = std::string(tier.status().message());
  if (options.jit) {
    PrintError(absl::StrCat("warning: no machine code for --jit=", JitModeName(mode), " (",
                            tier.status().message(), "); interpreting"));
  }
  return nullptr;
}

Tuning MakeTuning(const Options& options) {
  // Often enough for every kind of poll to meet a collection, seldom enough for tests to end.
  constexpr uint32_t kPollsBetweenCollections = 61;
  return {.compile_at_first_call = options.jit == JitMode::kEager,
          .semantics_only = options.stress == Stress::kGeneric,
          .collect_every_polls = options.stress == Stress::kGc ? kPollsBetweenCollections : 0};
}

class Program;
Program* running = nullptr;  // the one whose statistics the function that exit calls has to print

// What all threads share.
class Program {
 public:
  Program(const Options& options, Arguments arguments)
      : options_(options),
        arguments_(arguments),
        tier_(MakeTier(options, &why_no_tier_)),
        engine_(MakeTuning(options)),
        loader_(engine_) {
    engine_.set_native_tier(tier_.get());
  }

  // The exit status.
  int Run() {
    if (options_.stats) {
      running = this;
      // os.exit does not come back here.
      std::atexit([] {
        if (running != nullptr) running->PrintStats();
      });
    }
    const bool ok = options_.threads == 1 ? RunHere() : RunOnThreads();
    if (options_.stats) {
      running = nullptr;
      PrintStats();
    }
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  bool RunHere() {
    Session session(engine_, loader_, options_, arguments_);
    const bool interactive = IsInteractive(options_);
    const bool ok = session.Run(options_.reads_stdin() && !interactive);
    if (ok && interactive) {
      if (!options_.print_version) Write(kVersionLine);
      if (CanEditLines()) {
        RunInteractiveRepl(session, tier_.get());
      } else {
        RunLineRepl(session);
      }
    }
    KeepModules();
    return ok;
  }

  bool RunOnThreads() {
    std::vector<pthread_t> threads;
    for (int i = 0; i < options_.threads; ++i) {
      pthread_t thread;
      const int error = pthread_create(&thread, nullptr, &Program::RunOnThread, this);
      if (error != 0) {
        PrintError(absl::StrCat("cannot start thread ", i + 1, ": ", std::strerror(error)));
        failed_ = true;
        break;
      }
      threads.push_back(thread);
    }
    for (const pthread_t thread : threads) pthread_join(thread, nullptr);
    return !failed_;
  }

  static void* RunOnThread(void* program) {
    auto* self = static_cast<Program*>(program);
    if (!self->RunHere()) self->failed_ = true;
    return nullptr;
  }

  // Modules die with the last isolate that uses them; their figures are wanted later.
  void KeepModules() ABSL_LOCKS_EXCLUDED(mutex_) {
    if (!options_.stats) return;
    std::vector<std::shared_ptr<Module>> modules = engine_.Modules();
    absl::MutexLock lock(&mutex_);
    modules_.insert(modules_.end(), modules.begin(), modules.end());
  }

  void PrintStats() ABSL_LOCKS_EXCLUDED(mutex_) {
    KeepModules();
    if (tier_ != nullptr) tier_->Drain();
    std::fflush(stdout);
    absl::MutexLock lock(&mutex_);
    // Each module once, in the order of loading.
    std::vector<std::shared_ptr<Module>> modules;
    for (const std::shared_ptr<Module>& module : modules_) {
      if (std::ranges::find(modules, module) == modules.end()) {
        modules.push_back(module);
      }
    }
    StatsReport report = CollectStats(engine_, modules, tier_.get());
    report.why_no_tier = why_no_tier_;
    const std::string text = FormatStats(report);
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

  const Options& options_;
  const Arguments arguments_;
  std::string why_no_tier_;  // before tier_, whose making sets it
  const std::unique_ptr<jit::BaselineTier> tier_;
  Engine engine_;
  ModuleLoader loader_;
  std::atomic<bool> failed_{false};  // a thread did; the default order is as good as any
  absl::Mutex mutex_;
  std::vector<std::shared_ptr<Module>> modules_ ABSL_GUARDED_BY(mutex_);
};

// --dump: each chunk that would be run.
int DumpChunks(const Options& options, Arguments arguments) {
  std::vector<absl::StatusOr<ScriptSource>> sources;
  for (const Action& action : options.actions) {
    if (action.kind != Action::Kind::kExecute) continue;
    sources.emplace_back(ScriptSource{"=(command line)", std::string(action.text)});
  }
  if (options.script != 0 || options.reads_stdin()) {
    const bool is_file = options.script != 0 && !options.script_is_stdin;
    sources.push_back(
        ReadScript(is_file ? arguments[static_cast<size_t>(options.script)] : nullptr));
  }
  for (const absl::StatusOr<ScriptSource>& source : sources) {
    const absl::StatusOr<std::string> text =
        source.ok() ? DumpChunk(options.dump, *source) : source.status();
    if (!text.ok()) {
      PrintError(text.status().message());
      return EXIT_FAILURE;
    }
    Write(*text);
  }
  return EXIT_SUCCESS;
}

int Run(Arguments arguments) {
  if (arguments.size() > 1 && std::string_view(arguments[1]) == "doctor") return RunDoctor(arguments.subspan(2));
  const absl::StatusOr<Options> options = ParseOptions(arguments);
  if (!options.ok()) {
    PrintError(options.status().message());
    std::fwrite(UsageText().data(), 1, UsageText().size(), stderr);
    return EXIT_FAILURE;
  }
  if (options->help) {
    Write(HelpText());
    return EXIT_SUCCESS;
  }
  if (options->version) {
    Write(options->verbose ? VerboseVersion(TierOptions(*options)) : kVersionLine);
    return EXIT_SUCCESS;
  }
  if (options->print_version) Write(kVersionLine);
  if (options->dump != Dump::kNone) return DumpChunks(*options, arguments);
  return Program(*options, arguments).Run();
}

}  // namespace
}  // namespace perilune::vm::repl

int main(int argc, char** argv) {
  const int status = perilune::vm::repl::Run(absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    perilune::vm::repl::PrintError(
        absl::StrCat("cannot write to standard output: ", std::strerror(errno)));
    return EXIT_FAILURE;
  }
  return status;
}
