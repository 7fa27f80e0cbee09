// A Session is one isolate doing what the command line says: LUA_INIT, the options in their order,
// the script. It words errors as lua.c does. One per thread; must be made and used on the same one.

#ifndef PERILUNE_REPL_SESSION_H_
#define PERILUNE_REPL_SESSION_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "repl/module_loader.h"
#include "repl/options.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune::vm::repl {

// Writes "perilune: message" to standard error, after what standard output holds back, at once even
// if several threads write.
void PrintError(std::string_view message);

class Session {
 public:
  // `arguments` are the process's, `options` what they mean. All must outlive the session.
  Session(Engine& engine, ModuleLoader& loader, const Options& options,
          absl::Span<const char* const> arguments);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs it all; standard input as a script if `reads_stdin` (and there is no other). False: an
  // error was reported, and what would have followed was left.
  bool Run(bool reads_stdin);

  // Calls `function`, which Ctrl-C can interrupt. Its results stand below the top of the stack;
  // their number is *results. False: it failed, and the error is vm().error, as text with a
  // traceback if it can be had.
  bool Call(const Value& function, absl::Span<const Value> args, uint32_t* results);

  // The text of an error that Call() left.
  std::string_view ErrorText() const;

  Isolate& vm() { return vm_; }

 private:
  using LoadResult = ModuleLoader::Result;

  void SetArgTable();
  // Calls the main function of what was loaded, and reports errors of either.
  bool RunModule(const LoadResult& module, absl::Span<const Value> args = {});
  bool CallAndReport(const Value& function, absl::Span<const Value> args, Value* first_result);
  bool RunInit();
  bool RunAction(const Action& action);
  bool Require(std::string_view text);
  bool RunScript();

  Value GetGlobal(std::string_view name);
  bool SetGlobal(std::string_view name, const Value& value);

  ModuleLoader& loader_;
  const Options& options_;
  const absl::Span<const char* const> arguments_;
  Isolate vm_;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_SESSION_H_
