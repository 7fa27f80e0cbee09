#include "lang/scope.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "lang/limits.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kBreakName = "break";  // no label has it: it is a reserved word

}  // namespace

FunctionScope::FunctionScope(FunctionScope* parent, FunctionBody* body, Arena* arena, Lexer* lexer)
    : parent_(parent), body_(body), arena_(arena), lexer_(lexer) {}

void FunctionScope::Close() {
  for (GotoStatement* statement : gotos_) {
    if (statement->target == nullptr) continue;  // after an error
    const LocalVar* variable = statement->innermost;
    while (variable != statement->target->innermost && variable != nullptr) {
      statement->needs_close |= variable->needs_close();
      variable = variable->outer;
    }
  }
  for (const LocalVar* variable : locals_) body_->needs_close |= variable->needs_close();
  body_->locals = arena_->CopySpan(std::span<const LocalVar* const>(locals_));
  body_->upvalues = arena_->CopySpan(std::span<const UpvalueVar>(upvalues_));
  body_->children = arena_->CopySpan(std::span<const FunctionBody* const>(children_));
  body_->label_count = label_count_;
}

void FunctionScope::CheckLimit(size_t count, size_t limit, std::string_view what) {
  if (count <= limit) return;
  const std::string where = body_->line_defined == 0
                                ? std::string("main function")
                                : absl::StrCat("function at line ", body_->line_defined);
  lexer_->SyntaxError(absl::StrCat("too many ", what, " (limit is ", limit, ") in ", where));
}

// ----------------------------------------------------------------------------------------------
// Blocks

void FunctionScope::OpenBlock(BlockScope* block) {
  block->outer = block_;
  block->first_active = active_count_;
  block->first_label = labels_.size();
  block->first_goto = pending_.size();
  block->inside_tbc = block_ != nullptr && block_->inside_tbc;
  block_ = block;
}

void FunctionScope::OpenLoop(BlockScope* block, int32_t line) {
  OpenBlock(block);
  block->end_label = NewLabel(kBreakName, line, active_count_);
}

bool FunctionScope::CloseBlock() {
  const BlockScope& block = *block_;
  bool needs_close = false;
  for (size_t i = block.first_active; i < active_count_; ++i) {
    needs_close |= declared_[i]->needs_close();
  }
  active_count_ = block.first_active;
  declared_.resize(active_count_);
  if (block.end_label != nullptr) SolveGotos(block.end_label, active_count_);
  labels_.resize(block.first_label);
  block_ = block.outer;
  for (size_t i = block.first_goto; i < pending_.size(); ++i) {
    pending_[i].active_count = block.first_active;
  }
  if (block_ == nullptr && !pending_.empty()) {
    const PendingGoto& lost = pending_[0];
    const int32_t line = lost.statement->line;
    if (lost.statement->is_break) {
      lexer_->SemanticError(absl::StrCat("break outside loop at line ", line));
    } else {
      lexer_->SemanticError(
          absl::StrCat("no visible label '", lost.name, "' for <goto> at line ", line));
    }
  }
  return needs_close;
}

// ----------------------------------------------------------------------------------------------
// Variables

LocalVar* FunctionScope::Declare(std::string_view name, int32_t line) {
  CheckLimit(declared_.size() + 1, kMaxLocals, "local variables");
  LocalVar* variable = arena_->New<LocalVar>();
  variable->name = name;
  variable->line = line;
  variable->index = static_cast<uint32_t>(locals_.size());
  declared_.push_back(variable);
  locals_.push_back(variable);
  return variable;
}

void FunctionScope::Activate(size_t count) {
  for (; count > 0; --count) {
    declared_[active_count_]->outer = innermost();
    ++active_count_;
  }
}

void FunctionScope::AddEnvironment(std::string_view name) {
  UpvalueVar upvalue;
  upvalue.name = name;
  upvalues_.push_back(upvalue);
}

Resolution FunctionScope::Resolve(std::string_view name, bool from_inner) {
  Resolution result;
  for (size_t i = active_count_; i-- > 0;) {
    LocalVar* variable = declared_[i];
    if (variable->name != name) continue;
    result.variable = variable;
    if (variable->has_register()) {
      result.kind = Resolution::Kind::kLocal;
      variable->captured |= from_inner;
    } else {
      result.kind = Resolution::Kind::kConstant;
    }
    return result;
  }
  for (size_t i = 0; i < upvalues_.size(); ++i) {
    if (upvalues_[i].name != name) continue;
    result.kind = Resolution::Kind::kUpvalue;
    result.upvalue = static_cast<uint32_t>(i);
    return result;
  }
  if (parent_ == nullptr) return session_ == nullptr ? result : ResolveInSession(name);
  result = parent_->Resolve(name, /*from_inner=*/true);
  if (result.kind == Resolution::Kind::kLocal || result.kind == Resolution::Kind::kUpvalue) {
    result.upvalue = AddUpvalue(name, result);
    result.kind = Resolution::Kind::kUpvalue;
    result.variable = nullptr;
  }
  return result;
}

Resolution FunctionScope::ResolveInSession(std::string_view name) {
  Resolution result;
  const std::vector<SessionVariable>& variables = session_->variables;
  for (size_t i = variables.size(); i-- > 0;) {
    const SessionVariable& variable = variables[i];
    if (variable.name != name) continue;
    if (variable.has_cell()) {
      result.kind = Resolution::Kind::kUpvalue;
      result.upvalue = AddSessionUpvalue(name, {.variable = i});
      upvalues_.back().attrib = variable.attrib;
      return result;
    }
    ConstantValue* value = arena_->New<ConstantValue>();
    if (const auto* string = std::get_if<std::string>(&variable.value)) {
      *value = arena_->CopyString(*string);
    } else if (const auto* boolean = std::get_if<bool>(&variable.value)) {
      *value = *boolean;
    } else if (const auto* integer = std::get_if<int64_t>(&variable.value)) {
      *value = *integer;
    } else if (const auto* number = std::get_if<double>(&variable.value)) {
      *value = *number;
    }
    LocalVar* constant = arena_->New<LocalVar>();
    constant->name = name;
    constant->attrib = variable.attrib;
    constant->value = value;
    result.kind = Resolution::Kind::kConstant;
    result.variable = constant;
    return result;
  }
  return result;
}

uint32_t FunctionScope::AddSessionUpvalue(std::string_view name, SessionUpvalue upvalue) {
  CheckLimit(upvalues_.size() + 1, kMaxUpvalues, "upvalues");
  AddEnvironment(name);
  session_->upvalues.push_back(std::move(upvalue));
  return static_cast<uint32_t>(upvalues_.size() - 1);
}

// `outer` is what `name` means in the enclosing function.
uint32_t FunctionScope::AddUpvalue(std::string_view name, const Resolution& outer) {
  CheckLimit(upvalues_.size() + 1, kMaxUpvalues, "upvalues");
  UpvalueVar upvalue;
  upvalue.name = name;
  if (outer.kind == Resolution::Kind::kLocal) {
    upvalue.parent_local = outer.variable;
    upvalue.attrib = outer.variable->attrib;
  } else {
    upvalue.parent_upvalue = outer.upvalue;
    upvalue.attrib = parent_->upvalues_[outer.upvalue].attrib;
  }
  upvalues_.push_back(upvalue);
  return static_cast<uint32_t>(upvalues_.size() - 1);
}

// ----------------------------------------------------------------------------------------------
// Labels and gotos

Label* FunctionScope::NewLabel(std::string_view name, int32_t line, size_t active_count) {
  Label* label = arena_->New<Label>();
  label->name = name;
  label->line = line;
  label->index = label_count_++;
  label->innermost = active_count == 0 ? nullptr : declared_[active_count - 1];
  return label;
}

Label* FunctionScope::FindLabel(std::string_view name) const {
  for (Label* label : labels_) {
    if (label->name == name) return label;
  }
  return nullptr;
}

bool FunctionScope::CheckLabelIsNew(std::string_view name) {
  const Label* label = FindLabel(name);
  if (label == nullptr) return true;
  lexer_->SemanticError(absl::StrCat("label '", name, "' already defined on line ", label->line));
  return false;
}

const Label* FunctionScope::DeclareLabel(std::string_view name, int32_t line, bool ends_block) {
  const size_t active_count = ends_block ? block_->first_active : active_count_;
  Label* label = NewLabel(name, line, active_count);
  labels_.push_back(label);
  SolveGotos(label, active_count);
  return label;
}

// Lets the pending gotos of the block (those of blocks inside it were handed on to it) that look
// for `label` lead there.
void FunctionScope::SolveGotos(Label* label, size_t active_count) {
  const size_t first_goto = block_->first_goto;
  size_t kept = first_goto;
  for (size_t i = first_goto; i < pending_.size(); ++i) {
    const PendingGoto pending = pending_[i];
    if (pending.name != label->name) {
      pending_[kept++] = pending;
      continue;
    }
    if (pending.active_count < active_count) {
      lexer_->SemanticError(absl::StrCat(
          "<goto ", pending.name, "> at line ", pending.statement->line,
          " jumps into the scope of local '", declared_[pending.active_count]->name, "'"));
    }
    pending.statement->target = label;
    label->used = true;
  }
  pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(kept), pending_.end());
}

void FunctionScope::AddGoto(std::string_view name, GotoStatement* statement) {
  statement->innermost = innermost();
  gotos_.push_back(statement);
  Label* label = FindLabel(name);
  if (label == nullptr) {
    pending_.push_back({name, statement, active_count_});
    return;
  }
  label->used = true;
  statement->target = label;
  statement->is_backward = true;
}

void FunctionScope::AddBreak(GotoStatement* statement) {
  statement->innermost = innermost();
  statement->is_break = true;
  gotos_.push_back(statement);
  pending_.push_back({kBreakName, statement, active_count_});
}

}  // namespace perilune::lang
