#include "lang/function_compiler.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "lang/ast.h"
#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {

FunctionCompiler::FunctionCompiler(const FunctionBody& function, const FunctionCompiler* parent,
                                   Compilation* compilation)
    : function_(function),
      parent_(parent),
      compilation_(compilation),
      builder_(generator_.builder()),
      registers_(function.locals.size()),
      labels_(function.label_count) {
  children_.reserve(function.children.size());
}

std::unique_ptr<Proto> FunctionCompiler::Compile() {
  generator_.set_current_line(function_.line_defined);
  generator_.ReserveRegisters(static_cast<int>(function_.params.size()));
  Activate(absl::MakeConstSpan(function_.params.data(), function_.params.size()));
  CompileStatements(*function_.body);
  if (const uint8_t flags = return_flags(); flags == 0) {
    builder_.Emit(Return0Operands{}, function_.return_line);
  } else {
    builder_.Emit(ReturnOperands{.first = 0, .count = 1, .flags = flags}, function_.return_line);
  }
  EndVariables(0);
  return Finish();
}

std::unique_ptr<Proto> FunctionCompiler::Finish() {
  if (generator_.error_line().has_value() && !compilation_->error.has_value()) {
    compilation_->error = {*generator_.error_line(),
                           "function or expression needs too many registers"};
  }
  auto proto = std::make_unique<Proto>();
  builder_.FinishInto(proto.get());
  proto->children = std::move(children_);
  for (const UpvalueVar& upvalue : function_.upvalues) {
    UpvalueInfo info{.name = std::string(upvalue.name)};
    if (parent_ == nullptr) {
      // As in the reference; whoever makes the main function's closure fills it in.
      info.from_parent_register = true;
    } else if (upvalue.parent_local != nullptr) {
      info.from_parent_register = true;
      info.index = static_cast<uint8_t>(parent_->RegisterOf(upvalue.parent_local));
    } else {
      info.index = static_cast<uint8_t>(upvalue.parent_upvalue);
    }
    proto->upvalues.push_back(std::move(info));
  }
  // A variable without any instruction in its scope could never be seen.
  std::erase_if(local_infos_, [](const LocalInfo& info) { return info.start_pc == info.end_pc; });
  proto->locals = std::move(local_infos_);
  proto->source = compilation_->source;
  proto->line_defined = function_.line_defined;
  proto->last_line_defined = function_.last_line_defined;
  proto->num_params = static_cast<uint8_t>(function_.params.size());
  proto->is_vararg = function_.is_vararg;
  proto->max_stack = generator_.max_stack();
  return proto;
}

void FunctionCompiler::Activate(absl::Span<const LocalVar* const> variables) {
  int reg = generator_.local_level();
  for (const LocalVar* variable : variables) {
    registers_[variable->index] = reg;
    active_.push_back({variable, local_infos_.size()});
    local_infos_.push_back({.name = std::string(variable->name),
                            .start_pc = builder_.pc(),
                            .reg = static_cast<uint8_t>(reg)});
    ++reg;
  }
  assert(reg <= generator_.free_register());
  generator_.SetLocalLevel(reg);
}

void FunctionCompiler::EndVariables(int level) {
  while (active_.size() > static_cast<size_t>(level)) {
    local_infos_[active_.back().info].end_pc = builder_.pc();
    active_.pop_back();
  }
  generator_.SetLocalLevel(level);
  generator_.FreeDownTo(level);
}

int FunctionCompiler::LevelOf(const LocalVar* innermost) const {
  while (innermost != nullptr && !innermost->has_register()) innermost = innermost->outer;
  return innermost == nullptr ? 0 : RegisterOf(innermost) + 1;
}

}  // namespace perilune::lang
