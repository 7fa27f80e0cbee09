#include "lang/ast_printer.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "lang/number.h"

namespace perilune::lang {
namespace {

std::string_view OperatorText(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return "+";
    case BinaryOp::kSub:
      return "-";
    case BinaryOp::kMul:
      return "*";
    case BinaryOp::kMod:
      return "%";
    case BinaryOp::kPow:
      return "^";
    case BinaryOp::kDiv:
      return "/";
    case BinaryOp::kIDiv:
      return "//";
    case BinaryOp::kBitAnd:
      return "&";
    case BinaryOp::kBitOr:
      return "|";
    case BinaryOp::kBitXor:
      return "~";
    case BinaryOp::kShl:
      return "<<";
    case BinaryOp::kShr:
      return ">>";
    case BinaryOp::kConcat:
      return "..";
    case BinaryOp::kEq:
      return "==";
    case BinaryOp::kNe:
      return "~=";
    case BinaryOp::kLt:
      return "<";
    case BinaryOp::kLe:
      return "<=";
    case BinaryOp::kGt:
      return ">";
    case BinaryOp::kGe:
      return ">=";
    case BinaryOp::kAnd:
      return "and";
    case BinaryOp::kOr:
      return "or";
  }
  return "?";
}

std::string_view OperatorText(UnaryOp op) {
  switch (op) {
    case UnaryOp::kNegate:
      return "-";
    case UnaryOp::kBitNot:
      return "~";
    case UnaryOp::kNot:
      return "not ";
    case UnaryOp::kLength:
      return "#";
  }
  return "?";
}

std::string_view AttribText(Attrib attrib) {
  switch (attrib) {
    case Attrib::kRegular:
      return "";
    case Attrib::kConst:
      return " <const>";
    case Attrib::kClose:
      return " <close>";
    case Attrib::kCompileTimeConstant:
      return " <constant>";
  }
  return "?";
}

std::string ConstantText(const ConstantValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "nil";
  if (const bool* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const int64_t* integer = std::get_if<int64_t>(&value)) return absl::StrCat(*integer);
  if (const double* number = std::get_if<double>(&value)) return FormatNumber(*number);
  return absl::StrCat("\"", absl::CEscape(std::get<std::string_view>(value)), "\"");
}

std::string LocalText(const LocalVar& variable) {
  return absl::StrCat(variable.name, "#", variable.index);
}

class Printer {
 public:
  explicit Printer(std::string* out) : out_(*out) {}

  // Goes on in the current line, which is indented by indent_.
  void Function(const FunctionBody& function);
  void Expression(const Expr& root);

 private:
  void StartLine() { out_.append(static_cast<size_t>(indent_) * 2, ' '); }
  // Starts the line of a statement.
  void StartLine(const Statement& statement) {
    StartLine();
    absl::StrAppend(&out_, "[", statement.line, "] ");
  }
  void Add(std::string_view text) { out_.append(text); }

  void Variables(const FunctionBody& function);
  void VariableList(std::span<const LocalVar* const> variables);
  void Body(const Block& block);
  void OneStatement(const Statement& statement);
  void Expressions(ExprList list);
  void Opening(const Expr& expr);
  void Closing(const Expr& expr);
  void Leaf(const Expr& expr);
  void Table(const TableExpr& table);

  std::string& out_;
  int indent_ = 0;
  absl::flat_hash_map<const FunctionBody*, size_t> child_index_;  // of the function being printed
};

// ----------------------------------------------------------------------------------------------
// Functions

void Printer::Function(const FunctionBody& function) {
  const int indent = indent_;
  if (function.parent == nullptr) {
    Add("main(");
  } else {
    absl::StrAppend(&out_, "function ", function.name.empty() ? "?" : function.name, "(");
  }
  VariableList(function.params);
  if (function.is_vararg) Add(function.params.empty() ? "..." : ", ...");
  absl::StrAppend(&out_, ") lines ", function.line_defined, "-", function.last_line_defined);
  if (function.needs_close) Add(", closes");
  Add("\n");
  ++indent_;
  Variables(function);
  child_index_.clear();
  for (size_t i = 0; i < function.children.size(); ++i) child_index_[function.children[i]] = i;
  --indent_;
  Body(*function.body);
  for (size_t i = 0; i < function.children.size(); ++i) {
    indent_ = indent + 1;
    StartLine();
    absl::StrAppend(&out_, "{", i, "} ");
    Function(*function.children[i]);
  }
}

void Printer::Variables(const FunctionBody& function) {
  for (size_t i = 0; i < function.upvalues.size(); ++i) {
    const UpvalueVar& upvalue = function.upvalues[i];
    StartLine();
    absl::StrAppend(&out_, "upvalue ", upvalue.name, "^", i, AttribText(upvalue.attrib));
    if (upvalue.parent_local != nullptr) {
      absl::StrAppend(&out_, " = ", LocalText(*upvalue.parent_local));
    } else if (function.parent != nullptr) {
      absl::StrAppend(&out_, " = ^", upvalue.parent_upvalue);
    }
    Add("\n");
  }
  for (const LocalVar* variable : function.locals) {
    if (variable->attrib == Attrib::kRegular && !variable->captured) continue;
    StartLine();
    absl::StrAppend(&out_, "local ", LocalText(*variable), AttribText(variable->attrib),
                    variable->captured ? " captured" : "");
    if (variable->value != nullptr) absl::StrAppend(&out_, " = ", ConstantText(*variable->value));
    Add("\n");
  }
}

void Printer::VariableList(std::span<const LocalVar* const> variables) {
  std::string_view separator = "";
  for (const LocalVar* variable : variables) {
    absl::StrAppend(&out_, separator, LocalText(*variable));
    separator = ", ";
  }
}

// ----------------------------------------------------------------------------------------------
// Statements

void Printer::Body(const Block& block) {
  ++indent_;
  for (const Statement* statement : block.statements) OneStatement(*statement);
  if (block.needs_close) {
    StartLine();
    Add("close\n");
  }
  --indent_;
}

void Printer::OneStatement(const Statement& statement) {
  StartLine(statement);
  switch (statement.kind) {
    case StatementKind::kLocal: {
      const auto& local = As<LocalStatement>(statement);
      Add("local ");
      VariableList(local.variables);
      if (!local.values.empty()) Add(" = ");
      Expressions(local.values);
      Add("\n");
      break;
    }
    case StatementKind::kLocalFunction: {
      const auto& local = As<LocalFunctionStatement>(statement);
      absl::StrAppend(&out_, "local ", LocalText(*local.variable), " = ");
      Expression(*local.function);
      Add("\n");
      break;
    }
    case StatementKind::kAssign: {
      const auto& assign = As<AssignStatement>(statement);
      Expressions(assign.targets);
      Add(" = ");
      Expressions(assign.values);
      Add("\n");
      break;
    }
    case StatementKind::kCall:
      Expression(*As<CallStatement>(statement).call);
      Add("\n");
      break;
    case StatementKind::kDo:
      Add("do\n");
      Body(*As<DoStatement>(statement).body);
      break;
    case StatementKind::kWhile: {
      const auto& loop = As<WhileStatement>(statement);
      Add("while ");
      Expression(*loop.condition);
      Add("\n");
      Body(*loop.body);
      break;
    }
    case StatementKind::kRepeat: {
      const auto& loop = As<RepeatStatement>(statement);
      Add("repeat\n");
      Body(*loop.body);
      StartLine();
      absl::StrAppend(&out_, "[", loop.end_line, "] until ");
      Expression(*loop.condition);
      Add("\n");
      break;
    }
    case StatementKind::kIf: {
      const auto& choice = As<IfStatement>(statement);
      for (size_t i = 0; i < choice.clauses.size(); ++i) {
        if (i > 0) StartLine();
        Add(i == 0 ? "if " : "elseif ");
        Expression(*choice.clauses[i].condition);
        Add("\n");
        Body(*choice.clauses[i].body);
      }
      if (choice.otherwise != nullptr) {
        StartLine();
        Add("else\n");
        Body(*choice.otherwise);
      }
      break;
    }
    case StatementKind::kNumericFor: {
      const auto& loop = As<NumericForStatement>(statement);
      absl::StrAppend(&out_, "for ", LocalText(*loop.variable), " = ");
      Expression(*loop.start);
      Add(", ");
      Expression(*loop.limit);
      if (loop.step != nullptr) {
        Add(", ");
        Expression(*loop.step);
      }
      absl::StrAppend(&out_, " do [", loop.do_line, "]\n");
      Body(*loop.body);
      break;
    }
    case StatementKind::kGenericFor: {
      const auto& loop = As<GenericForStatement>(statement);
      Add("for ");
      VariableList(loop.variables);
      Add(" in ");
      Expressions(loop.values);
      absl::StrAppend(&out_, " do [", loop.do_line, "]\n");
      Body(*loop.body);
      break;
    }
    case StatementKind::kFunction: {
      const auto& function = As<FunctionStatement>(statement);
      Expression(*function.target);
      Add(" = ");
      Expression(*function.function);
      Add("\n");
      break;
    }
    case StatementKind::kReturn: {
      const auto& exit = As<ReturnStatement>(statement);
      Add(exit.is_tail_call ? "return tail" : "return");
      if (!exit.values.empty()) Add(" ");
      Expressions(exit.values);
      Add("\n");
      break;
    }
    case StatementKind::kGoto: {
      const auto& jump = As<GotoStatement>(statement);
      absl::StrAppend(&out_, "goto ", jump.target->name, "@", jump.target->index,
                      jump.is_backward ? " backward" : "", jump.needs_close ? " closes" : "", "\n");
      break;
    }
    case StatementKind::kLabel: {
      const Label& label = *As<LabelStatement>(statement).label;
      absl::StrAppend(&out_, "label ", label.name, "@", label.index, label.used ? "" : " unused",
                      "\n");
      break;
    }
  }
}

// ----------------------------------------------------------------------------------------------
// Expressions

void Printer::Expressions(ExprList list) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) Add(", ");
    Expression(*list[i]);
  }
}

// Along the left spine: what stands before the first operand, the operand, what stands after it.
void Printer::Expression(const Expr& root) {
  absl::InlinedVector<const Expr*, 8> spine;
  for (const Expr* expr = &root; expr != nullptr; expr = LeftOperand(*expr)) {
    spine.push_back(expr);
    Opening(*expr);
  }
  Leaf(*spine.back());
  while (!spine.empty()) {
    Closing(*spine.back());
    spine.pop_back();
  }
}

void Printer::Opening(const Expr& expr) {
  if (expr.kind == ExprKind::kBinary) Add("(");
}

void Printer::Closing(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kBinary: {
      const auto& binary = As<BinaryExpr>(expr);
      absl::StrAppend(&out_, " ", OperatorText(binary.op), " ");
      Expression(*binary.rhs);
      Add(")");
      break;
    }
    case ExprKind::kIndex:
      Add("[");
      Expression(*As<IndexExpr>(expr).key);
      Add("]");
      break;
    case ExprKind::kCall:
      Add("(");
      Expressions(As<CallExpr>(expr).args);
      Add(")");
      break;
    case ExprKind::kMethodCall:
      absl::StrAppend(&out_, ":", As<MethodCallExpr>(expr).name, "(");
      Expressions(As<MethodCallExpr>(expr).args);
      Add(")");
      break;
    default:
      break;
  }
  const bool is_literal =
      expr.kind == ExprKind::kConstant && As<ConstantExpr>(expr).variable == nullptr;
  if (expr.constant != nullptr && !is_literal) {
    absl::StrAppend(&out_, "{=", ConstantText(*expr.constant), "}");
  }
}

// The expressions that have no left operand; the others print nothing.
void Printer::Leaf(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kConstant: {
      const LocalVar* variable = As<ConstantExpr>(expr).variable;
      Add(variable == nullptr ? ConstantText(*expr.constant) : std::string(variable->name));
      break;
    }
    case ExprKind::kVararg:
      Add("...");
      break;
    case ExprKind::kFunction: {
      const auto child = child_index_.find(As<FunctionExpr>(expr).body);
      if (child == child_index_.end()) {
        Add("function");
      } else {
        absl::StrAppend(&out_, "function{", child->second, "}");
      }
      break;
    }
    case ExprKind::kLocal:
      Add(LocalText(*As<LocalExpr>(expr).variable));
      break;
    case ExprKind::kUpvalue:
      absl::StrAppend(&out_, As<UpvalueExpr>(expr).name, "^", As<UpvalueExpr>(expr).index);
      break;
    case ExprKind::kGlobal:
      Expression(*As<GlobalExpr>(expr).env);
      absl::StrAppend(&out_, ".", As<GlobalExpr>(expr).name);
      break;
    case ExprKind::kUnary:
      absl::StrAppend(&out_, "(", OperatorText(As<UnaryExpr>(expr).op));
      Expression(*As<UnaryExpr>(expr).operand);
      Add(")");
      break;
    case ExprKind::kParen:
      Add("paren(");
      Expression(*As<ParenExpr>(expr).inner);
      Add(")");
      break;
    case ExprKind::kTable:
      Table(As<TableExpr>(expr));
      break;
    case ExprKind::kIndex:
    case ExprKind::kCall:
    case ExprKind::kMethodCall:
    case ExprKind::kBinary:
      break;
  }
}

void Printer::Table(const TableExpr& table) {
  Add("{");
  for (size_t i = 0; i < table.items.size(); ++i) {
    const TableItem& item = table.items[i];
    if (i > 0) Add(", ");
    if (item.kind != TableItemKind::kPositional) {
      Add("[");
      Expression(*item.key);
      Add("] = ");
    }
    Expression(*item.value);
  }
  Add("}");
}

}  // namespace

std::string PrintAst(const Ast& ast) {
  std::string result;
  Printer(&result).Function(*ast.main);
  return result;
}

std::string PrintExpr(const Expr& expr) {
  std::string result;
  Printer(&result).Expression(expr);
  return result;
}

}  // namespace perilune::lang
