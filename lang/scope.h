// Name resolution: which variable a name means, which label a goto leads to, while the parser reads
// on.
//
// One FunctionScope per function being parsed, linked to that of the enclosing function; in it a
// stack of BlockScopes, the active variables, the visible labels and the gotos that still look for
// theirs. Rules and their order are those of the reference implementation, so that it is the same
// error that is found first.
//
// A local variable is declared (it counts, and has its index) before it is active (names can mean
// it): `local x = x` has its initialiser in between.
//
// Facts that only come later, such as whether a variable is captured, are written into nodes that
// the tree already holds; they are final when the function that owns them is closed.

#ifndef PERILUNE_LANG_SCOPE_H_
#define PERILUNE_LANG_SCOPE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lang/arena.h"
#include "lang/ast.h"
#include "lang/lexer.h"
#include "lang/session_variables.h"

namespace perilune::lang {

// What a name means.
struct Resolution {
  enum class Kind : uint8_t { kLocal, kConstant, kUpvalue, kGlobal };
  Kind kind = Kind::kGlobal;
  LocalVar* variable = nullptr;  // kLocal: of this function; kConstant: of any enclosing one
  uint32_t upvalue = 0;          // kUpvalue: index in this function's list
};

// A block being parsed; lives on the parser's native stack.
struct BlockScope {
  BlockScope* outer = nullptr;
  size_t first_active = 0;     // variables active when it was opened
  size_t first_label = 0;      // labels visible then
  size_t first_goto = 0;       // gotos pending then
  Label* end_label = nullptr;  // of a loop
  bool inside_tbc = false;     // it or a block around it has a variable to be closed
};

class FunctionScope {
 public:
  // Opens the scope of `body`, inside `parent` if that is not null. Errors go to `lexer`. All must
  // outlive it.
  FunctionScope(FunctionScope* parent, FunctionBody* body, Arena* arena, Lexer* lexer);
  FunctionScope(const FunctionScope&) = delete;
  FunctionScope& operator=(const FunctionScope&) = delete;

  FunctionScope* parent() const { return parent_; }
  FunctionBody* body() const { return body_; }
  const BlockScope& block() const { return *block_; }

  // Fills in what of the body only its end tells: variables, upvalues, children, whether gotos
  // close. All blocks must be closed.
  void Close();

  // Blocks. A loop's block is given the label for `break`. CloseBlock returns whether a variable
  // declared in it needs closing, and solves or hands on its gotos.
  void OpenBlock(BlockScope* block);
  void OpenLoop(BlockScope* block, int32_t line);
  bool CloseBlock();

  // Variables. Declare returns a new inactive one; Activate makes the `count` oldest inactive ones
  // active.
  LocalVar* Declare(std::string_view name, int32_t line);
  void Activate(size_t count);
  // The block just got an active variable to be closed.
  void MarkToBeClosed() { block_->inside_tbc = true; }
  const LocalVar* innermost() const {
    return active_count_ == 0 ? nullptr : declared_[active_count_ - 1];
  }

  // Adds an upvalue that comes from outside of the chunk.
  void AddEnvironment(std::string_view name);
  // Of a main function: names may mean variables of the session, which must outlive this.
  void set_session(SessionScope* session) { session_ = session; }
  // Adds an upvalue that the session provides; of a main function. Returns its index.
  uint32_t AddSessionUpvalue(std::string_view name, SessionUpvalue upvalue);
  // Is the block that is open the outermost one of a main function?
  bool at_top_level() const { return parent_ == nullptr && block_->outer == nullptr; }
  const UpvalueVar& upvalue(uint32_t index) const { return upvalues_[index]; }
  // Finds what `name` means here; makes upvalues and marks captured variables.
  Resolution Resolve(std::string_view name) { return Resolve(name, /*from_inner=*/false); }

  void AddChild(const FunctionBody* child) { children_.push_back(child); }

  // Labels and gotos. `ends_block`: only labels and semicolons follow in the block, so that its
  // variables already are out of scope at the label.
  const Label* DeclareLabel(std::string_view name, int32_t line, bool ends_block);
  // False, with an error, if a visible label of the function has the name.
  bool CheckLabelIsNew(std::string_view name);
  void AddGoto(std::string_view name, GotoStatement* statement);
  void AddBreak(GotoStatement* statement);

 private:
  struct PendingGoto {
    std::string_view name;
    GotoStatement* statement;
    size_t active_count;  // variables active there and still in scope
  };

  Resolution Resolve(std::string_view name, bool from_inner);
  Resolution ResolveInSession(std::string_view name);
  uint32_t AddUpvalue(std::string_view name, const Resolution& outer);
  void CheckLimit(size_t count, size_t limit, std::string_view what);
  Label* NewLabel(std::string_view name, int32_t line, size_t active_count);
  Label* FindLabel(std::string_view name) const;
  void SolveGotos(Label* label, size_t active_count);

  FunctionScope* parent_;
  SessionScope* session_ = nullptr;
  FunctionBody* body_;
  Arena* arena_;
  Lexer* lexer_;
  BlockScope* block_ = nullptr;
  std::vector<LocalVar*> declared_;  // variables in scope; the first active_count_ are active
  size_t active_count_ = 0;
  std::vector<const LocalVar*> locals_;  // all variables of the function
  std::vector<UpvalueVar> upvalues_;
  std::vector<const FunctionBody*> children_;
  std::vector<Label*> labels_;         // visible ones
  std::vector<PendingGoto> pending_;   // gotos without label so far
  std::vector<GotoStatement*> gotos_;  // all of the function
  uint32_t label_count_ = 0;
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_SCOPE_H_
