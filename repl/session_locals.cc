#include "repl/session_locals.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "lang/compile.h"
#include "lang/proto.h"
#include "runtime/engine.h"
#include "runtime/handles.h"
#include "runtime/module.h"
#include "runtime/object.h"

namespace perilune::vm::repl {
namespace {

constexpr std::string_view kEnvironment = "_ENV";

Value ValueOf(Isolate& vm, const lang::Constant& constant) {
  if (const auto* boolean = std::get_if<bool>(&constant)) return Value::Boolean(*boolean);
  if (const auto* integer = std::get_if<int64_t>(&constant)) return Value::Integer(*integer);
  if (const auto* number = std::get_if<double>(&constant)) return Value::Float(*number);
  if (const auto* string = std::get_if<std::string>(&constant)) return Value::Of(vm.NewString(*string));
  return Value::Nil();
}

}  // namespace

SessionLocals::~SessionLocals() {
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].has_cell()) vm_.handles().Remove(cells_[i].handle);
  }
}

absl::StatusOr<SessionLocals::Chunk> SessionLocals::Compile(std::string_view text, std::string_view chunk_name) {
  lang::SessionScope scope{.variables = variables_, .upvalues = {}};
  absl::StatusOr<std::shared_ptr<const lang::Proto>> proto = lang::CompileForSession(text, chunk_name, &scope);
  if (!proto.ok()) return proto.status();
  LuaFunction* main = vm_.NewMainFunction(vm_.engine().Add(*std::move(proto)), Value::Of(vm_.globals()));
  for (size_t i = 0; i < scope.upvalues.size(); ++i) {
    if (!scope.upvalues[i].variable.has_value()) continue;
    const Cell& cell = cells_[*scope.upvalues[i].variable];
    main->upvalues[i + 1] = cell.closure->upvalues[cell.upvalue];
  }
  // A variable of the session may be the environment.
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name == kEnvironment && variables_[i].has_cell()) {
      main->upvalues[0] = cells_[i].closure->upvalues[cells_[i].upvalue];
    }
  }
  return Chunk{main, std::move(scope.upvalues)};
}

void SessionLocals::Adopt(const Chunk& chunk) {
  for (size_t i = 0; i < chunk.upvalues.size(); ++i) {
    const Value closure = *chunk.main->upvalues[i + 1]->location;
    // Nil if the chunk ended before the declaration.
    if (chunk.upvalues[i].variable.has_value() || !closure.IsLuaFunction()) continue;
    uint32_t upvalue = 0;
    for (const lang::SessionVariable& declared : chunk.upvalues[i].declared) {
      Hide(declared.name);
      variables_.push_back(declared);
      Cell& cell = cells_.emplace_back();
      if (!declared.has_cell()) continue;
      cell = {closure.lua_function(), upvalue++, vm_.handles().Add(closure)};
    }
  }
}

void SessionLocals::Hide(std::string_view name) {
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name != name) continue;
    if (variables_[i].has_cell()) vm_.handles().Remove(cells_[i].handle);
    variables_.erase(variables_.begin() + static_cast<ptrdiff_t>(i));
    cells_.erase(cells_.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

std::vector<std::string> SessionLocals::names() const {
  std::vector<std::string> names;
  for (const lang::SessionVariable& variable : variables_) names.push_back(variable.name);
  return names;
}

bool SessionLocals::Get(std::string_view name, Value* value) const {
  for (size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name != name) continue;
    *value = variables_[i].has_cell() ? *cells_[i].closure->upvalues[cells_[i].upvalue]->location : ValueOf(vm_, variables_[i].value);
    return true;
  }
  return false;
}

}  // namespace perilune::vm::repl
