#include "repl/completion.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "lang/arena.h"
#include "lang/lexer.h"
#include "lang/token.h"
#include "repl/command_table.h"
#include "repl/lua_names.h"
#include "runtime/metamethod.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::repl {
namespace {

using lang::TokenKind;

// As the reference has it for chains of __index; they may be circular.
constexpr int kMaxIndexChain = 100;

struct PlacedToken {
  lang::Token token;
  const char* begin;
  const char* end;
};

// The tokens of `text`; nothing if it ends inside of a string, a comment or something that is no token.
std::optional<std::vector<PlacedToken>> TokensOf(std::string_view text, lang::Arena* arena) {
  std::vector<PlacedToken> tokens;
  lang::Lexer lexer(text, "=input", arena);
  const char* end = text.data();
  for (; lexer.ok() && lexer.kind() != TokenKind::kEof; lexer.Next()) {
    const std::string_view spelling = lexer.spelling();
    end = spelling.data() + spelling.size();
    tokens.push_back({lexer.current(), spelling.data(), end});
  }
  const std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
  if (!lexer.ok() || absl::StrContains(rest, "--")) return std::nullopt;
  return tokens;
}

class Completer {
 public:
  Completer(Isolate& vm, const SessionLocals& locals) : vm_(vm), locals_(locals) {}

  Completions Complete(std::string_view text, size_t offset) {
    Completions result;
    lang::Arena arena;
    const std::optional<std::vector<PlacedToken>> tokens = TokensOf(text, &arena);
    if (!tokens) return result;
    const char* const end = text.data() + text.size();
    size_t count = tokens->size();
    // A word that the cursor touches is what is to be completed; reserved words may become longer.
    std::string_view prefix;
    if (count > 0 && (*tokens)[count - 1].end == end && IsNameByte(end[-1])) {
      const PlacedToken& last = (*tokens)[count - 1];
      if (last.token.kind == TokenKind::kInteger || last.token.kind == TokenKind::kFloat) return result;
      prefix = {last.begin, static_cast<size_t>(last.end - last.begin)};
      --count;
    }
    result.begin = offset + text.size() - prefix.size();
    if (count > 0 && IsAccess((*tokens)[count - 1].token.kind)) {
      Value object;
      if (ValueBefore(*tokens, count - 1, &object)) AddFields(object, prefix, (*tokens)[count - 1].token.kind == TokenKind::kColon);
    } else if (!prefix.empty() || offset != 0) {
      AddVariables(prefix, /*with_words=*/offset == 0);
    }
    result.texts.assign(found_.begin(), found_.end());
    return result;
  }

 private:
  static bool IsAccess(TokenKind kind) { return kind == TokenKind::kDot || kind == TokenKind::kColon; }

  // The value of the expression that ends in front of token `end`: a name or a string, then fields of constant names. False: it is another
  // kind of expression, or one of its parts is missing.
  bool ValueBefore(const std::vector<PlacedToken>& tokens, size_t end, Value* value) {
    if (end == 0) return false;
    const lang::Token& last = tokens[end - 1].token;
    if (last.kind == TokenKind::kName) {
      if (end == 1 || !IsAccess(tokens[end - 2].token.kind)) return GetVariable(last.string, value);
      Value object;
      return ValueBefore(tokens, end - 2, &object) && GetField(object, Value::Of(vm_.NewString(last.string)), value);
    }
    if (last.kind == TokenKind::kString) {
      *value = Value::Of(vm_.NewString(last.string));
      return true;
    }
    // ("text") and object[key]
    if (end < 3) return false;
    const lang::Token& middle = tokens[end - 2].token;
    const TokenKind open = tokens[end - 3].token.kind;
    const bool names_value = end > 3 && (tokens[end - 4].token.kind == TokenKind::kName || tokens[end - 4].token.kind == TokenKind::kRightBracket);
    if (last.kind == TokenKind::kRightParen && open == TokenKind::kLeftParen && !names_value) return ValueBefore(tokens, end - 1, value);
    if (last.kind == TokenKind::kRightBracket && open == TokenKind::kLeftBracket && names_value) {
      Value object;
      if (!ValueBefore(tokens, end - 3, &object)) return false;
      if (middle.kind == TokenKind::kString) return GetField(object, Value::Of(vm_.NewString(middle.string)), value);
      if (middle.kind == TokenKind::kInteger) return GetField(object, Value::Integer(middle.integer), value);
    }
    return false;
  }

  bool GetVariable(std::string_view name, Value* value) {
    return locals_.Get(name, value) || GetField(Value::Of(vm_.globals()), Value::Of(vm_.NewString(name)), value);
  }

  // The table after `object` in its chain of __index tables; null at its end.
  Table* NextInChain(const Value& object) {
    const Value index = vm_.Metamethod(object, Event::kIndex);
    return index.IsTable() ? index.table() : nullptr;
  }

  // Calls `visit` with each table in which fields of `object` are looked up, until it answers true.
  template <typename Visit>
  void ForEachTable(const Value& object, Visit visit) {
    Table* table = object.IsTable() ? object.table() : NextInChain(object);
    for (int i = 0; table != nullptr && i < kMaxIndexChain; ++i) {
      if (visit(table)) return;
      table = NextInChain(Value::Of(table));
    }
  }

  bool GetField(const Value& object, const Value& key, Value* value) {
    *value = Value::Nil();
    ForEachTable(object, [&](Table* table) {
      *value = table->Get(key);
      return !value->IsNil();
    });
    return !value->IsNil();
  }

  void AddFields(const Value& object, std::string_view prefix, bool functions_only) {
    ForEachTable(object, [&](Table* table) {
      Value key = Value::Nil();
      for (;;) {
        Value next_key, value;
        bool done;
        if (table->Next(key, &next_key, &value, &done) != KeyError::kNone || done) return false;
        key = next_key;
        if (!key.IsString() || (functions_only && !value.IsFunction())) continue;
        const std::string_view name = key.string()->view();
        if (absl::StartsWith(name, prefix) && IsName(name)) found_.emplace(name);
      }
    });
  }

  void AddVariables(std::string_view prefix, bool with_words) {
    if (with_words) {
      for (const std::string_view word : ReservedWords()) AddIfMatching(word, prefix);
    }
    for (const std::string& name : locals_.names()) AddIfMatching(name, prefix);
    AddFields(Value::Of(vm_.globals()), prefix, /*functions_only=*/false);
  }

  void AddIfMatching(std::string_view name, std::string_view prefix) {
    if (absl::StartsWith(name, prefix)) found_.emplace(name);
  }

  Isolate& vm_;
  const SessionLocals& locals_;
  std::set<std::string> found_;
};

}  // namespace

Completions Complete(Isolate& vm, const SessionLocals& locals, std::string_view text) {
  const std::string_view word = CommandWord(text);
  if (word.empty() && text != ":") return Completer(vm, locals).Complete(text, 0);
  Completions result;
  const std::string_view typed = word.empty() ? text : word;
  const size_t end = static_cast<size_t>(typed.data() - text.data()) + typed.size();
  if (end == text.size()) {
    result.begin = end - typed.size();
    for (const CommandInfo& command : Commands()) {
      if (absl::StartsWith(command.word, typed)) result.texts.emplace_back(command.word);
    }
    std::ranges::sort(result.texts);
    return result;
  }
  const CommandInfo* command = FindCommand(word);
  if (command == nullptr || command->argument.empty()) return result;
  if (command->argument != "FILE") return Completer(vm, locals).Complete(text.substr(end), end);
  result.is_file = true;
  result.begin = std::min(text.find_first_not_of(' ', end), text.size());
  return result;
}

}  // namespace perilune::vm::repl
