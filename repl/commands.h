// The commands of interactive mode (command_table.h), executed.

#ifndef PERILUNE_REPL_COMMANDS_H_
#define PERILUNE_REPL_COMMANDS_H_

#include <cstdint>
#include <string_view>

#include "jit/baseline_tier.h"
#include "repl/command_table.h"
#include "repl/console.h"
#include "repl/evaluator.h"
#include "runtime/object.h"

namespace perilune::vm::repl {

class CommandRunner {
 public:
  // `tier` may be null. All must outlive this.
  CommandRunner(Evaluator& evaluator, const Console& console, jit::BaselineTier* tier)
      : evaluator_(evaluator), console_(console), tier_(tier) {}

  // Runs the line, whose CommandWord() is `word`. False: the session is to end.
  bool Run(std::string_view line, std::string_view word);

 private:
  void Help();
  void Load(std::string_view argument);
  void Time(std::string_view argument);
  void Tier(const LuaFunction& function);
  void Bytecode(const LuaFunction& function);
  void Assembly(const LuaFunction& function);
  void Stats();
  void CollectGarbage();
  // The Lua function that an expression is; null: said why not.
  const LuaFunction* FunctionOf(std::string_view expression);

  Evaluator& evaluator_;
  const Console& console_;
  jit::BaselineTier* const tier_;
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_COMMANDS_H_
