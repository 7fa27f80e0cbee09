// Runs what is entered in interactive mode.

#ifndef PERILUNE_REPL_EVALUATOR_H_
#define PERILUNE_REPL_EVALUATOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "repl/console.h"
#include "repl/session.h"
#include "repl/session_locals.h"
#include "runtime/module.h"
#include "runtime/value.h"

namespace perilune::vm::repl {

class Evaluator {
 public:
  // All must outlive the evaluator.
  Evaluator(Session& session, const Console& console) : session_(session), vm_(session.vm()), console_(console), locals_(vm_) {}
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Could more text make it a complete chunk, while it is none now?
  bool IsIncomplete(std::string_view text);

  // Runs `text`, an expression or statements, and prints results or the error. Answers whether it ran to its end.
  bool Evaluate(std::string_view text);
  // Runs a file, without printing results.
  bool RunFile(const std::string& path);
  // The first value of an expression, which is kept alive until the next call of Evaluate* or Run*. False: printed the error.
  bool EvaluateExpression(std::string_view text, Value* value);

  // The text of a module's source; empty: it is not to be had.
  std::string SourceOf(const Module& module) const;

  const SessionLocals& locals() const { return locals_; }
  Isolate& vm() { return vm_; }

 private:
  using Chunk = SessionLocals::Chunk;

  absl::StatusOr<Chunk> Compile(std::string_view text);
  // Runs a chunk; its results are the topmost values. False: printed the error.
  bool Run(const Chunk& chunk, uint32_t* results);
  void PrintResults(uint32_t count);
  void Keep(const Value& value);
  void DropKept();
  void RememberSource(const LuaFunction& main, std::string_view text);

  Session& session_;
  Isolate& vm_;
  const Console& console_;
  SessionLocals locals_;
  std::vector<uint32_t> kept_;  // handles
  // Text of what was entered, for as long as functions of it live.
  std::vector<std::pair<std::weak_ptr<Module>, std::string>> sources_;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_EVALUATOR_H_
