// The part of FunctionCompiler that compiles statements.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "lang/ast.h"
#include "lang/bytecode.h"
#include "lang/function_compiler.h"
#include "lang/pending_expr.h"

namespace perilune::lang {
namespace {

using Kind = PendingExpr::Kind;

uint8_t Reg(int reg) { return static_cast<uint8_t>(reg); }

absl::Span<const LocalVar* const> ToSpan(std::span<const LocalVar* const> variables) {
  return absl::MakeConstSpan(variables.data(), variables.size());
}

// Whether control cannot come out of the end of the block.
bool EndsWithJump(const Block& block) {
  if (block.statements.empty()) return false;
  const StatementKind last = block.statements.back()->kind;
  return last == StatementKind::kReturn || last == StatementKind::kGoto;
}

}  // namespace

// ---- Blocks ----------------------------------------------------------------

void FunctionCompiler::CompileStatements(const Block& block) {
  for (const Statement* statement : block.statements) {
    CompileStatement(*statement);
    generator_.FreeDownTo(generator_.local_level());
  }
}

void FunctionCompiler::CompileBlock(const Block& block) {
  const int level = generator_.local_level();
  CompileStatements(block);
  LeaveBlock(block, level);
}

void FunctionCompiler::LeaveBlock(const Block& block, int level) {
  if (block.needs_close && !EndsWithJump(block)) EmitClose(level, block.end_line);
  EndVariables(level);
}

void FunctionCompiler::EmitClose(int level, int32_t line) {
  builder_.Emit(CloseOperands{.first = Reg(level)}, line);
}

void FunctionCompiler::CompileStatement(const Statement& statement) {
  if (compilation_->stop.is_set()) [[unlikely]] {
    compilation_->error = {statement.line, "interrupted!"};
    return;
  }
  generator_.set_current_line(statement.line);
  switch (statement.kind) {
    case StatementKind::kLocal:
      return CompileLocal(As<LocalStatement>(statement));
    case StatementKind::kLocalFunction:
      return CompileLocalFunction(As<LocalFunctionStatement>(statement));
    case StatementKind::kAssign:
      return CompileAssign(As<AssignStatement>(statement));
    case StatementKind::kCall: {
      PendingExpr call = CompileExpr(*As<CallStatement>(statement).call);
      return generator_.SetResults(call, 0);
    }
    case StatementKind::kDo:
      return CompileBlock(*As<DoStatement>(statement).body);
    case StatementKind::kWhile:
      return CompileWhile(As<WhileStatement>(statement));
    case StatementKind::kRepeat:
      return CompileRepeat(As<RepeatStatement>(statement));
    case StatementKind::kIf:
      return CompileIf(As<IfStatement>(statement));
    case StatementKind::kNumericFor:
      return CompileNumericFor(As<NumericForStatement>(statement));
    case StatementKind::kGenericFor:
      return CompileGenericFor(As<GenericForStatement>(statement));
    case StatementKind::kFunction: {
      const FunctionStatement& function = As<FunctionStatement>(statement);
      const PendingExpr target = CompileExpr(*function.target);
      PendingExpr closure = CompileClosure(*function.function);
      generator_.ToNextRegister(closure);  // also for a local variable: the store is at another line, which line hooks see
      return generator_.Store(target, closure, statement.line);
    }
    case StatementKind::kReturn:
      return CompileReturn(As<ReturnStatement>(statement));
    case StatementKind::kGoto:
      return CompileGoto(As<GotoStatement>(statement));
    case StatementKind::kLabel:
      return PlaceLabel(*As<LabelStatement>(statement).label);
  }
}

// ---- Variables and assignments ---------------------------------------------

void FunctionCompiler::CompileLocal(const LocalStatement& statement) {
  absl::Span<const LocalVar* const> variables = ToSpan(statement.variables);
  ExprList values = statement.values;
  if (!variables.back()->has_register()) {
    // The last value is a compile-time constant; there are as many values as variables.
    variables.remove_suffix(1);
    for (const Expr* value : values.first(values.size() - 1)) ToNextRegister(*value);
  } else {
    CompileAdjusted(values, static_cast<int>(variables.size()), statement.line);
  }
  Activate(variables);
  if (statement.to_be_closed != nullptr) {
    builder_.Emit(TbcOperands{.var = Reg(RegisterOf(statement.to_be_closed))}, statement.line);
  }
}

void FunctionCompiler::CompileLocalFunction(const LocalFunctionStatement& statement) {
  const int reg = generator_.ReserveRegisters(1);
  Activate(statement.variable);
  PendingExpr closure = CompileClosure(*statement.function);
  generator_.ToRegister(closure, reg);
  local_infos_[active_.back().info].start_pc =
      builder_.pc();  // before that there is nothing to see
}

void FunctionCompiler::CompileAssign(const AssignStatement& statement) {
  absl::InlinedVector<PendingExpr, 2> targets;
  for (const Expr* expr : statement.targets) {
    PendingExpr target = CompileExpr(*expr);
    if (!target.IsTableAccess()) ResolveConflict(absl::MakeSpan(targets), target, expr->line);
    targets.push_back(std::move(target));
  }
  PendingExpr value = CompileList(statement.values);
  if (statement.values.size() == targets.size()) {
    generator_.Store(targets.back(), value, statement.line);
    targets.pop_back();
  } else {
    Adjust(static_cast<int>(targets.size()), static_cast<int>(statement.values.size()), value,
           statement.line);
  }
  for (; !targets.empty(); targets.pop_back()) {
    PendingExpr stored = PendingExpr::OfTemporary(generator_.free_register() - 1, statement.line);
    generator_.Store(targets.back(), stored, statement.line);
  }
}

// In `t[i], t = ...` the table of the first target must be t's value before the assignment.
void FunctionCompiler::ResolveConflict(absl::Span<PendingExpr> earlier, const PendingExpr& target,
                                       int32_t line) {
  const int copy = generator_.free_register();
  bool is_conflict = false;
  for (PendingExpr& access : earlier) {
    if (!access.IsTableAccess()) continue;
    if (access.kind == Kind::kUpvalueField) {
      if (target.kind != Kind::kUpvalue || access.index != target.index) continue;
      is_conflict = true;
      access.kind = Kind::kField;
      access.reg = copy;
    } else if (target.kind == Kind::kLocal) {
      if (access.reg == target.reg) {
        is_conflict = true;
        access.reg = copy;
      }
      if (access.kind == Kind::kIndexed && access.key == target.reg) {
        is_conflict = true;
        access.key = copy;
      }
    }
  }
  if (!is_conflict) return;
  if (target.kind == Kind::kLocal) {
    builder_.Emit(MoveOperands{.dst = Reg(copy), .src = Reg(target.reg)}, line);
  } else {
    builder_.Emit(GetUpvalOperands{.dst = Reg(copy), .index = Reg(target.index)}, line);
  }
  generator_.ReserveRegisters(1);
}

// ---- Conditions and loops --------------------------------------------------

void FunctionCompiler::CompileIf(const IfStatement& statement) {
  JumpList to_end;
  for (size_t i = 0; i < statement.clauses.size(); ++i) {
    const IfClause& clause = statement.clauses[i];
    const bool is_last = i + 1 == statement.clauses.size() && statement.otherwise == nullptr;
    if (const GotoStatement* jump = JumpOf(clause)) {
      PendingExpr condition = CompileTest(*clause.condition);
      generator_.GoIfFalse(condition, clause.then_line);
      Append(labels_[jump->target->index].pending, condition.when_true);
      continue;
    }
    const JumpList to_next = CompileCondition(*clause.condition, clause.then_line);
    CompileBlock(*clause.body);
    if (!is_last && !EndsWithJump(*clause.body))
      to_end.push_back(generator_.Jump(clause.body->end_line));
    generator_.PatchHere(to_next);
  }
  if (statement.otherwise != nullptr) CompileBlock(*statement.otherwise);
  generator_.PatchHere(to_end);
}

void FunctionCompiler::CompileWhile(const WhileStatement& statement) {
  std::optional<uint16_t> loop;
  const uint32_t start = builder_.MarkTarget();
  const JumpList to_exit = CompileCondition(*statement.condition, statement.condition_line);
  CompileBlock(*statement.body);
  if (!EndsWithJump(*statement.body)) generator_.LoopJump(start, &loop, statement.body->end_line);
  generator_.PatchHere(to_exit);
  PlaceLabel(*statement.end_label);
}

void FunctionCompiler::CompileRepeat(const RepeatStatement& statement) {
  const int level = generator_.local_level();
  const bool needs_close = statement.body->needs_close;
  std::optional<uint16_t> loop;
  const uint32_t start = builder_.MarkTarget();
  CompileStatements(*statement.body);
  PendingExpr condition = CompileTest(*statement.condition);
  const bool is_endless = condition.Is<bool>() && !std::get<bool>(condition.constant);
  const bool is_once = condition.Is<bool>() && std::get<bool>(condition.constant);
  if (!is_once) {
    generator_.GoIfFalse(condition, statement.end_line);
    generator_.FreeDownTo(generator_.local_level());
    if (needs_close) EmitClose(level, statement.end_line);
    generator_.LoopJump(start, &loop, statement.end_line);
    generator_.PatchHere(condition.when_true);
  }
  if (needs_close && !is_endless) EmitClose(level, statement.end_line);
  EndVariables(level);
  PlaceLabel(*statement.end_label);
}

void FunctionCompiler::CompileNumericFor(const NumericForStatement& statement) {
  const int base = generator_.local_level();
  ToNextRegister(*statement.start);
  ToNextRegister(*statement.limit);
  if (statement.step != nullptr) {
    ToNextRegister(*statement.step);
  } else {
    generator_.LoadConstant(generator_.ReserveRegisters(1), int64_t{1}, statement.do_line);
  }
  Activate(ToSpan(statement.state));
  const uint32_t prep =
      builder_.Emit(ForPrepOperands{.base = Reg(base), .exit = 0}, statement.do_line);

  generator_.ReserveRegisters(1);
  Activate(statement.variable);
  const uint32_t body = builder_.MarkTarget();
  CompileStatements(*statement.body);
  LeaveBlock(*statement.body, base + 3);

  const uint16_t loop = builder_.NewLoop();
  const uint32_t back =
      builder_.Emit(ForLoopOperands{.base = Reg(base), .loop = loop, .body = 0}, statement.line);
  builder_.SetTarget(back, body);
  builder_.SetTarget(prep, builder_.MarkTarget());
  EndVariables(base);
  PlaceLabel(*statement.end_label);
}

void FunctionCompiler::CompileGenericFor(const GenericForStatement& statement) {
  const int base = generator_.local_level();
  CompileAdjusted(statement.values, 4, statement.do_line);
  Activate(ToSpan(statement.state));
  const uint32_t prep =
      builder_.Emit(TForPrepOperands{.base = Reg(base), .call = 0}, statement.do_line);
  generator_.CheckStack(4);  // callee, link, two arguments
  labels_[statement.end_label->index].closes = true;

  const int count = static_cast<int>(statement.variables.size());
  generator_.ReserveRegisters(count);
  Activate(ToSpan(statement.variables));
  const uint32_t body = builder_.MarkTarget();
  CompileStatements(*statement.body);
  LeaveBlock(*statement.body, base + 4);

  builder_.SetTarget(prep, builder_.MarkTarget());
  builder_.Emit(
      TForCallOperands{.base = Reg(base), .results = Reg(count), .site = builder_.NewCallSite()},
      statement.line);
  const uint16_t loop = builder_.NewLoop();
  const uint32_t back =
      builder_.Emit(TForLoopOperands{.base = Reg(base), .loop = loop, .body = 0}, statement.line);
  builder_.SetTarget(back, body);
  // Breaks lead here, too: this closes the hidden variable and whatever the body left open.
  PlaceLabel(*statement.end_label);
  EmitClose(base, statement.end_line);
  EndVariables(base);
}

// ---- Jumps -----------------------------------------------------------------

const GotoStatement* FunctionCompiler::JumpOf(const IfClause& clause) const {
  if (clause.body->statements.size() != 1 || clause.body->statements[0]->kind != StatementKind::kGoto) return nullptr;
  const GotoStatement& jump = As<GotoStatement>(*clause.body->statements[0]);
  if (jump.is_backward || (jump.needs_close && !labels_[jump.target->index].closes)) return nullptr;
  return jump.is_break || jump.line == clause.then_line ? &jump : nullptr;
}

void FunctionCompiler::CompileGoto(const GotoStatement& statement) {
  LabelState& label = labels_[statement.target->index];
  if (statement.needs_close && !label.closes)
    EmitClose(LevelOf(statement.target->innermost), statement.line);
  if (statement.is_backward) {
    generator_.LoopJump(label.pc, &label.loop, statement.line);
  } else {
    label.pending.push_back(generator_.Jump(statement.line));
  }
}

void FunctionCompiler::PlaceLabel(const Label& label) {
  LabelState& state = labels_[label.index];
  state.pc = label.used ? builder_.MarkTarget() : builder_.pc();
  generator_.PatchHere(state.pending);
  state.pending.clear();
}

uint8_t FunctionCompiler::return_flags() const {
  const bool needs_close =
      std::any_of(active_.begin(), active_.end(),
                  [](const ActiveVariable& active) { return active.variable->needs_close(); });
  return static_cast<uint8_t>((needs_close ? kCloseFlag : 0) |
                              (function_.is_vararg ? kVarargFlag : 0));
}

void FunctionCompiler::CompileReturn(const ReturnStatement& statement) {
  const uint8_t flags = return_flags();
  const auto emit = [&](int first, int count_or_top) {
    builder_.Emit(ReturnOperands{.first = Reg(first), .count = Reg(count_or_top), .flags = flags},
                  statement.line);
  };
  if (statement.values.empty()) {
    if (flags != 0) return emit(0, 1);
    builder_.Emit(Return0Operands{}, statement.line);
    return;
  }
  const int first = generator_.local_level();
  PendingExpr last = CompileList(statement.values);
  if (statement.is_tail_call) {
    assert(last.kind == Kind::kCall);
    const CallOperands call = builder_.Read<CallOperands>(last.pc);
    builder_.Replace(
        last.pc,
        TailCallOperands{.func = call.func, .args = call.args, .flags = flags, .site = call.site});
    return;
  }
  if (last.IsMultiValue()) {
    generator_.SetOpenResults(last);
    return emit(first, 0);
  }
  if (statement.values.size() == 1) {
    const int reg = generator_.ToAnyRegister(last);
    if (flags != 0) return emit(reg, 2);
    builder_.Emit(Return1Operands{.src = Reg(reg)}, statement.line);
    return;
  }
  generator_.ToNextRegister(last);
  emit(first, static_cast<int>(statement.values.size()) + 1);
}

}  // namespace perilune::lang
