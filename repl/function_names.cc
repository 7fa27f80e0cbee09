#include "repl/function_names.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "lang/bytecode.h"
#include "lang/symbolic_execution.h"

namespace perilune::vm::repl {
namespace {

using lang::Op;
using lang::Proto;
using lang::Word;

constexpr std::string_view kAnonymous = "anonymous";

// "field", or "table.field" if the table in `reg` has a name.
std::string FieldName(const Proto& parent, size_t pc, int reg, uint8_t key, const Proto& child) {
  const auto* field = std::get_if<std::string>(&parent.constants[key]);
  if (field == nullptr) return std::string(kAnonymous);
  const std::optional<lang::ValueName> table = lang::NameOfRegister(parent, pc, reg);
  if (!table) return *field;
  const bool is_method =
      child.num_params > 0 && !child.locals.empty() && child.locals[0].name == "self";
  return absl::StrCat(table->name, is_method ? ":" : ".", *field);
}

// Names the child whose closure the instruction in front of `pc` put into `reg`, by what is done
// with it next.
std::string NameOfClosure(const Proto& parent, size_t pc, int reg, const Proto& child) {
  if (const auto local = lang::LocalNameAt(parent, pc, reg)) return std::string(*local);
  const Word* next = &parent.code[pc];
  switch (lang::OpOf(*next)) {
    case Op::kSetTabUp: {
      const auto set = lang::SetTabUpOperands::Decode(next);
      const auto* key = std::get_if<std::string>(&parent.constants[set.key]);
      if (set.value == reg && key != nullptr) return *key;
      break;
    }
    case Op::kSetField: {
      const auto set = lang::SetFieldOperands::Decode(next);
      if (set.value == reg) return FieldName(parent, pc, set.table, set.key, child);
      break;
    }
    case Op::kSetUpval: {
      const auto set = lang::SetUpvalOperands::Decode(next);
      if (set.src == reg) return parent.upvalues[set.index].name;
      break;
    }
    case Op::kMove: {
      const auto move = lang::MoveOperands::Decode(next);
      const auto local = lang::LocalNameAt(parent, pc + 1, move.dst);
      if (move.src == reg && local) return std::string(*local);
      break;
    }
    default:
      break;
  }
  return std::string(kAnonymous);
}

void NameChildren(const Proto& parent, std::vector<std::string>* names) {
  std::vector<std::string> children(parent.children.size(), std::string(kAnonymous));
  for (size_t pc = 0; pc < parent.code.size();) {
    const Word* word = &parent.code[pc];
    pc += lang::InstructionWords(lang::OpOf(*word));
    if (lang::OpOf(*word) != Op::kClosure || pc >= parent.code.size()) continue;
    const auto closure = lang::ClosureOperands::Decode(word);
    children[closure.child] =
        NameOfClosure(parent, pc, closure.dst, *parent.children[closure.child]);
  }
  for (size_t i = 0; i < children.size(); ++i) {
    names->push_back(std::move(children[i]));
    NameChildren(*parent.children[i], names);
  }
}

}  // namespace

std::vector<std::string> FunctionNames(const Proto& main) {
  std::vector<std::string> names = {"main chunk"};
  NameChildren(main, &names);
  return names;
}

}  // namespace perilune::vm::repl
