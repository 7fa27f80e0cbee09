// Readable dump of a syntax tree, for `--dump=ast` and tests.
//
// It looks like Lua with what the parser found out written in: operators fully parenthesised and
//   x#2          local variable 2 of the function
//   x^1          upvalue 1
//   _ENV^0.x     global x
//   e{=6}        e is the constant 6
//   [3]          in front of statements: their line
//   function{0}  the child function 0, which is dumped after its parent's statements

#ifndef PERILUNE_LANG_AST_PRINTER_H_
#define PERILUNE_LANG_AST_PRINTER_H_

#include <string>

#include "lang/ast.h"

namespace perilune::lang {

// Returns the dump of all functions of `ast`, the main one first.
std::string PrintAst(const Ast& ast);

// Returns the dump of one expression; functions in it are not numbered.
std::string PrintExpr(const Expr& expr);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_AST_PRINTER_H_
