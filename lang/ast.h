// The abstract syntax tree of a chunk, with names resolved.
//
// The parser makes it in one pass and resolves as it goes: each name already is a local variable,
// an upvalue or a field of _ENV; each goto knows its label; blocks know what must be closed when
// they are left. What only the end of a function can tell (is this variable captured?) is filled in
// by then, so whoever gets a finished Ast sees final facts.
//
// Nodes are plain structs in an Arena, told apart by `kind`; visitors switch on it and downcast
// with As<T>(). They are immutable once parsed (only the parser sees them non-const) and trivially
// destructible, so dropping an Ast costs a few deallocations whatever its shape.
//
// [DOC] AST depth. Every path through the tree nests at most kMaxSyntaxNesting constructs deep
// (limits.h), except along *left spines*: `a+b+c+…`, `a.b.c…`, `f()()()…` have their first operand
// at the bottom of an arbitrarily deep chain of left operands. A consumer must walk those by
// iteration:
//
//   absl::InlinedVector<const Expr*, 8> spine;           // outermost first
//   for (const Expr* e = root; e != nullptr; e = LeftOperand(*e)) spine.push_back(e);
//   // spine.back() is a leaf: evaluate it, then apply the others from the back to the front.
//
// Any recursion that is not along LeftOperand() is bounded.
//
// [DOC] AST lines. A node's `line` is the line that the reference implementation (5.4.4) gives to
// the instruction that can fail; error messages, tracebacks and line hooks depend on it. It differs from node
// to node and is stated with each. `last token` means the last token of the construct.

#ifndef PERILUNE_LANG_AST_H_
#define PERILUNE_LANG_AST_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "lang/arena.h"

namespace perilune::lang {

struct Block;
struct FunctionBody;
struct Label;
struct Statement;

// The value of a constant expression. Strings live in the Ast's arena.
using ConstantValue = std::variant<std::monostate, bool, int64_t, double, std::string_view>;

// ----------------------------------------------------------------------------------------------
// Variables

enum class Attrib : uint8_t {
  kRegular,
  kConst,                // <const>, or a `for` loop's hidden state: kept in a register
  kClose,                // <close>, or a generic loop's hidden closing value
  kCompileTimeConstant,  // <const> whose value is known: has no register, uses are ConstantExprs
};

// A local variable of one function; parameters and the hidden variables of `for` loops are such
// too.
struct LocalVar {
  std::string_view name;
  int32_t line = 0;    // where it is declared
  uint32_t index = 0;  // position in FunctionBody::locals
  const LocalVar* outer =
      nullptr;  // innermost variable of the function active where this one starts
  const ConstantValue* value = nullptr;  // of a kCompileTimeConstant
  Attrib attrib = Attrib::kRegular;
  bool captured = false;  // some closure has it as upvalue

  bool has_register() const { return attrib != Attrib::kCompileTimeConstant; }
  // Leaving its scope needs a Close.
  bool needs_close() const { return captured || attrib == Attrib::kClose; }
};

// An upvalue of a function: what a closure captures when it is made.
struct UpvalueVar {
  std::string_view name;
  const LocalVar* parent_local = nullptr;  // a variable of the enclosing function, or else
  uint32_t parent_upvalue = 0;             // an upvalue of the enclosing function
  Attrib attrib = Attrib::kRegular;        // of the variable captured
};

// ----------------------------------------------------------------------------------------------
// Expressions

enum class ExprKind : uint8_t {
  kConstant,    // ConstantExpr
  kVararg,      // VarargExpr
  kFunction,    // FunctionExpr
  kLocal,       // LocalExpr
  kUpvalue,     // UpvalueExpr
  kGlobal,      // GlobalExpr
  kIndex,       // IndexExpr
  kCall,        // CallExpr
  kMethodCall,  // MethodCallExpr
  kUnary,       // UnaryExpr
  kBinary,      // BinaryExpr
  kParen,       // ParenExpr
  kTable,       // TableExpr
};

enum class UnaryOp : uint8_t { kNegate, kBitNot, kNot, kLength };

// In the order of the arithmetic ops of opcodes.def as far as these go (kAdd … kShr).
enum class BinaryOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kMod,
  kPow,
  kDiv,
  kIDiv,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShl,
  kShr,
  kConcat,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kAnd,
  kOr,
};

struct Expr {
  ExprKind kind;
  int32_t line;
  // The value, if the reference implementation reduces this expression to a constant when it
  // compiles: constants, compile-time constant variables, parentheses around and foldable
  // operations on such. Operators are folded by lang/constant_folding.h. Null if it does not.
  const ConstantValue* constant = nullptr;
};

using ExprList = std::span<const Expr* const>;

// nil, true, false, a numeral, a string, or the use of a compile-time constant variable.
struct ConstantExpr : Expr {  // line: of the token or, where a list or an operator goes on, of the next one
  static constexpr ExprKind kKind = ExprKind::kConstant;
  const LocalVar* variable =
      nullptr;  // the variable used, if any; may belong to an enclosing function
};

// `...`
struct VarargExpr : Expr {  // line: of the token before it
  static constexpr ExprKind kKind = ExprKind::kVararg;
};

struct FunctionExpr : Expr {  // line: of `end`
  static constexpr ExprKind kKind = ExprKind::kFunction;
  const FunctionBody* body = nullptr;
};

struct LocalExpr : Expr {  // line: as ConstantExpr
  static constexpr ExprKind kKind = ExprKind::kLocal;
  const LocalVar* variable = nullptr;  // of the function at hand
};

struct UpvalueExpr : Expr {  // line: as ConstantExpr
  static constexpr ExprKind kKind = ExprKind::kUpvalue;
  uint32_t index = 0;  // in FunctionBody::upvalues of the function at hand
  std::string_view name;
};

// A name that is no variable: the field `name` of _ENV.
struct GlobalExpr : Expr {  // line: as ConstantExpr
  static constexpr ExprKind kKind = ExprKind::kGlobal;
  const Expr* env =
      nullptr;  // LocalExpr, UpvalueExpr, or ConstantExpr (`local _ENV <const> = nil`)
  std::string_view name;
};

// object[key], object.name (key is then a string ConstantExpr).
struct IndexExpr : Expr {  // line: of its last token, the name or `]`
  static constexpr ExprKind kKind = ExprKind::kIndex;
  const Expr* object = nullptr;
  const Expr* key = nullptr;
};

// callee(args)
struct CallExpr : Expr {  // line: of the first token of the callee's suffixed expression
  static constexpr ExprKind kKind = ExprKind::kCall;
  const Expr* callee = nullptr;
  ExprList args;  // a last one that IsMultiValue() passes all its values
};

// object:name(args)
struct MethodCallExpr : Expr {  // line: as CallExpr
  static constexpr ExprKind kKind = ExprKind::kMethodCall;
  int32_t name_line = 0;  // line of the method's name: where the lookup fails
  const Expr* object = nullptr;
  std::string_view name;
  ExprList args;
};

struct UnaryExpr : Expr {  // line: of the operator
  static constexpr ExprKind kKind = ExprKind::kUnary;
  UnaryOp op = UnaryOp::kNegate;
  const Expr* operand = nullptr;
};

// Arithmetic, concatenation, comparison and the short-circuit operators. For a right-associative
// a..b..c, rhs is b..c; merged into one Concat it has the line of the innermost.
struct BinaryExpr : Expr {  // line: of the operator; comparisons: of the last token of rhs
  static constexpr ExprKind kKind = ExprKind::kBinary;
  BinaryOp op = BinaryOp::kAdd;
  const Expr* lhs = nullptr;
  const Expr* rhs = nullptr;
};

// (inner): exactly one value, and not an assignment target.
struct ParenExpr : Expr {  // line: of `)`
  static constexpr ExprKind kKind = ExprKind::kParen;
  const Expr* inner = nullptr;
};

enum class TableItemKind : uint8_t { kPositional, kNamed, kComputed };

struct TableItem {
  TableItemKind kind = TableItemKind::kPositional;
  int32_t line = 0;           // of the last token of the value
  const Expr* key = nullptr;  // kNamed: a string ConstantExpr; kComputed: any; kPositional: null
  const Expr* value = nullptr;
};

struct TableExpr : Expr {  // line: of the token before `{`
  static constexpr ExprKind kKind = ExprKind::kTable;
  int32_t end_line = 0;              // of `}`
  std::span<const TableItem> items;  // in source order; they are evaluated so
  uint32_t positional_count = 0;     // including a multi-value last one
  uint32_t keyed_count = 0;          // named and computed ones
  bool last_is_multi = false;        // the last item is positional and IsMultiValue()
};

// ----------------------------------------------------------------------------------------------
// Statements

enum class StatementKind : uint8_t {
  kLocal,          // LocalStatement
  kLocalFunction,  // LocalFunctionStatement
  kAssign,         // AssignStatement
  kCall,           // CallStatement
  kDo,             // DoStatement
  kWhile,          // WhileStatement
  kRepeat,         // RepeatStatement
  kIf,             // IfStatement
  kNumericFor,     // NumericForStatement
  kGenericFor,     // GenericForStatement
  kFunction,       // FunctionStatement
  kReturn,         // ReturnStatement
  kGoto,           // GotoStatement: goto and break
  kLabel,          // LabelStatement
};

struct Statement {
  StatementKind kind;
  int32_t line;
};

// A sequence of statements with a scope of its own.
struct Block {
  std::span<const Statement* const> statements;
  int32_t end_line = 0;  // of its last token (not of `end`); of the token before it if it is empty
  bool needs_close = false;  // a variable declared directly in it is captured or to be closed
};

// Where a goto leads. A loop's end is one, for `break`.
struct Label {
  std::string_view name;  // "break" for a loop's end
  int32_t line = 0;       // where it stands; loops: line of the loop statement
  uint32_t index = 0;     // counted over the function, so that consumers can use arrays
  const LocalVar* innermost =
      nullptr;        // innermost variable active there: those inside it end on arrival
  bool used = false;  // some goto leads here
};

// local a <const>, b = values. The variables are active after it.
struct LocalStatement : Statement {  // line: of its last token
  static constexpr StatementKind kKind = StatementKind::kLocal;
  std::span<const LocalVar* const>
      variables;  // a last one that is kCompileTimeConstant stores nothing
  ExprList values;
  const LocalVar* to_be_closed =
      nullptr;  // the <close> one, if any (it may stand anywhere in the list)
};

// local function f … end; `f` is active inside the body.
struct LocalFunctionStatement : Statement {  // line: of `end`
  static constexpr StatementKind kKind = StatementKind::kLocalFunction;
  const LocalVar* variable = nullptr;
  const FunctionExpr* function = nullptr;
};

// targets = values. Targets' subexpressions are evaluated first; stores go from the last to the
// first.
struct AssignStatement : Statement {  // line: of its last token; the stores have it
  static constexpr StatementKind kKind = StatementKind::kAssign;
  ExprList targets;  // LocalExpr, UpvalueExpr, GlobalExpr or IndexExpr
  ExprList values;
};

struct CallStatement : Statement {  // line: of the call
  static constexpr StatementKind kKind = StatementKind::kCall;
  const Expr* call = nullptr;  // CallExpr or MethodCallExpr
};

struct DoStatement : Statement {  // line: of `do`
  static constexpr StatementKind kKind = StatementKind::kDo;
  const Block* body = nullptr;
};

struct WhileStatement : Statement {  // line: of `while`
  static constexpr StatementKind kKind = StatementKind::kWhile;
  const Expr* condition = nullptr;
  int32_t condition_line = 0;  // of the last token of the condition
  const Block* body = nullptr;
  const Label* end_label = nullptr;  // where break leads
};

// The condition sees the variables of the body; body->needs_close applies after the condition.
struct RepeatStatement : Statement {  // line: of `repeat`
  static constexpr StatementKind kKind = StatementKind::kRepeat;
  const Block* body = nullptr;
  const Expr* condition = nullptr;
  int32_t end_line = 0;  // of the last token of the condition
  const Label* end_label = nullptr;
};

struct IfClause {
  const Expr* condition = nullptr;
  int32_t then_line = 0;  // of `then`: the test's
  const Block* body = nullptr;
};

struct IfStatement : Statement {  // line: of `if`
  static constexpr StatementKind kKind = StatementKind::kIf;
  std::span<const IfClause> clauses;  // if, then each elseif
  const Block* otherwise = nullptr;   // else, or null
};

// for variable = start, limit[, step] do … end
struct NumericForStatement : Statement {  // line: of `for`; the back-edge has it
  static constexpr StatementKind kKind = StatementKind::kNumericFor;
  int32_t do_line = 0;                     // of `do`: where wrong bounds are reported
  std::span<const LocalVar* const> state;  // the three hidden ones, in register order
  const LocalVar* variable = nullptr;
  const Expr* start = nullptr;
  const Expr* limit = nullptr;
  const Expr* step = nullptr;   // null: 1
  const Block* body = nullptr;  // its needs_close covers `variable`
  const Label* end_label = nullptr;
};

// for variables in values do … end. Its line: of the first token after `in`, which the iterator's
// call and the back-edge have. The fourth hidden variable is to be closed, so the loop's own scope
// always needs a Close when it is left, by break too.
struct GenericForStatement : Statement {
  static constexpr StatementKind kKind = StatementKind::kGenericFor;
  int32_t do_line = 0;                     // of `do`: the loop's set-up
  std::span<const LocalVar* const> state;  // the four hidden ones, in register order
  std::span<const LocalVar* const> variables;
  ExprList values;              // adjusted to three and the closing value
  const Block* body = nullptr;  // its needs_close covers `variables`
  const Label* end_label = nullptr;
  int32_t end_line = 0;  // of `end`: the Close of the hidden variable
};

// function a.b.c:m() … end
struct FunctionStatement : Statement {  // line: of `function`; the store has it
  static constexpr StatementKind kKind = StatementKind::kFunction;
  const Expr* target = nullptr;  // as in AssignStatement
  const FunctionExpr* function = nullptr;
};

struct ReturnStatement : Statement {  // line: of its last token before a `;`
  static constexpr StatementKind kKind = StatementKind::kReturn;
  ExprList values;
  bool is_tail_call = false;  // one call, with no variable to be closed around
};

struct GotoStatement : Statement {  // line: of `goto` or `break`
  static constexpr StatementKind kKind = StatementKind::kGoto;
  const Label* target = nullptr;
  const LocalVar* innermost = nullptr;  // innermost variable active here
  bool is_break = false;
  bool is_backward = false;  // target stands before it
  bool needs_close = false;  // a variable inside target->innermost is captured or to be closed
};

struct LabelStatement : Statement {  // line: of the first `::`'s name
  static constexpr StatementKind kKind = StatementKind::kLabel;
  const Label* label = nullptr;
};

// ----------------------------------------------------------------------------------------------
// Functions

struct FunctionBody {
  const FunctionBody* parent = nullptr;     // null for the main function
  std::string_view name;                    // as in the source ("a.b:c"), or empty: for dumps only
  std::span<const LocalVar* const> params;  // `self` of a method first
  std::span<const LocalVar* const> locals;  // all, in order of declaration; params are the first
  std::span<const UpvalueVar> upvalues;     // of the main function: _ENV alone
  std::span<const FunctionBody* const>
      children;  // functions directly inside, in order of their `end`
  const Block* body = nullptr;
  int32_t line_defined = 0;       // of `function`; main function: 0
  int32_t last_line_defined = 0;  // of `end`; main function: 0
  int32_t return_line = 0;        // of the final return: `end`'s, or the chunk's last token's
  uint32_t label_count = 0;       // Label::index is below it
  bool is_vararg = false;
  bool needs_close = false;  // some variable of it is captured or to be closed
};

// A parsed chunk: owner of all nodes.
struct Ast {
  Arena arena;
  const FunctionBody* main = nullptr;
  std::string chunk_name;  // as given to load: "@file", "=name" or the source text
};

// ----------------------------------------------------------------------------------------------
// Access

// Downcasts; the node's kind must be T::kKind.
template <typename T>
const T& As(const Expr& expr) {
  return static_cast<const T&>(expr);
}
template <typename T>
const T& As(const Statement& statement) {
  return static_cast<const T&>(statement);
}

// Returns the operand that starts `expr`, the one that may nest without bound, or null for a leaf.
inline const Expr* LeftOperand(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kIndex:
      return As<IndexExpr>(expr).object;
    case ExprKind::kCall:
      return As<CallExpr>(expr).callee;
    case ExprKind::kMethodCall:
      return As<MethodCallExpr>(expr).object;
    case ExprKind::kBinary:
      return As<BinaryExpr>(expr).lhs;
    default:
      return nullptr;
  }
}

// True if `expr` may yield any number of values where a list ends: calls and `...`.
inline bool IsMultiValue(const Expr& expr) {
  return expr.kind == ExprKind::kCall || expr.kind == ExprKind::kMethodCall ||
         expr.kind == ExprKind::kVararg;
}

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_AST_H_
