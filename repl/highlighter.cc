#include "repl/highlighter.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "lang/arena.h"
#include "lang/lexer.h"
#include "lang/token.h"
#include "repl/command_table.h"

namespace perilune::vm::repl {
namespace {

using lang::TokenKind;

std::optional<Style> StyleOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNil:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return Style::kConstant;
    case TokenKind::kInteger:
    case TokenKind::kFloat:
      return Style::kNumber;
    case TokenKind::kString:
      return Style::kString;
    case TokenKind::kUnknown:
      return Style::kError;
    default:
      return kind <= TokenKind::kWhile ? std::optional(Style::kKeyword) : std::nullopt;
  }
}

// Of a token that the lexer gave up on.
Style StyleOfFailed(std::string_view text) {
  return text[0] == '"' || text[0] == '\'' || text[0] == '[' ? Style::kString : Style::kError;
}

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  std::vector<StyledSpan> Collect(std::string_view lua) {
    lang::Arena arena;
    lang::Lexer lexer(lua, "=input", &arena);
    const char* end = lua.data();  // of the last token
    for (;;) {
      const std::string_view token = lexer.spelling();
      AddComments({end, static_cast<size_t>(token.data() - end)});
      if (!lexer.ok()) {
        if (!token.empty()) Add(token, StyleOfFailed(token));
        break;
      }
      if (lexer.kind() == TokenKind::kEof) break;
      if (const std::optional<Style> style = StyleOf(lexer.kind())) Add(token, *style);
      end = token.data() + token.size();
      lexer.Next();
    }
    return std::move(spans_);
  }

  void Add(std::string_view part, Style style) {
    if (!part.empty()) spans_.push_back({static_cast<size_t>(part.data() - text_.data()), part.size(), style});
  }

 private:
  // Between tokens there is white space and comments, which are one span from the first `--` on.
  void AddComments(std::string_view gap) { Add(absl::StripAsciiWhitespace(gap), Style::kComment); }

  const std::string_view text_;
  std::vector<StyledSpan> spans_;
};

}  // namespace

// Of the sixteen that every terminal has, those that stand out from black and from white.
Color ColorOf(Style style) {
  switch (style) {
    case Style::kKeyword:
      return {"94", "ansi-blue"};
    case Style::kConstant:
      return {"36", "ansi-teal"};
    case Style::kNumber:
      return {"35", "ansi-purple"};
    case Style::kString:
      return {"32", "ansi-green"};
    case Style::kComment:
      return {"90", "ansi-darkgray"};
    case Style::kCommand:
      return {"33", "ansi-olive"};
    case Style::kError:
      return {"91", "ansi-red"};
  }
  return {};
}

std::vector<StyledSpan> Highlight(std::string_view text) {
  Collector collector(text);
  const std::string_view command = CommandWord(text);
  collector.Add(command, Style::kCommand);
  const size_t lua_begin = command.empty() ? 0 : static_cast<size_t>(command.data() - text.data()) + command.size();
  return collector.Collect(text.substr(lua_begin));
}

std::string Colored(std::string_view text) {
  std::string out;
  size_t done = 0;
  for (const StyledSpan& span : Highlight(text)) {
    absl::StrAppend(&out, text.substr(done, span.begin - done), Colored(text.substr(span.begin, span.size), span.style));
    done = span.begin + span.size;
  }
  return absl::StrCat(out, text.substr(done));
}

std::string Colored(std::string_view text, Style style) { return absl::StrCat("\x1B[", ColorOf(style).sgr, "m", text, "\x1B[0m"); }

}  // namespace perilune::vm::repl
