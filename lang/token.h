// Tokens. The list below names each kind once, with the text that messages show for it.

#ifndef PERILUNE_LANG_TOKEN_H_
#define PERILUNE_LANG_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perilune::lang {

// WORD: reserved words; SYMBOL: operators and punctuation; CLASS: kinds with many spellings.
#define PERILUNE_FOR_EACH_TOKEN(WORD, SYMBOL, CLASS) \
  WORD(And, "and")                                   \
  WORD(Break, "break")                               \
  WORD(Do, "do")                                     \
  WORD(Else, "else")                                 \
  WORD(Elseif, "elseif")                             \
  WORD(End, "end")                                   \
  WORD(False, "false")                               \
  WORD(For, "for")                                   \
  WORD(Function, "function")                         \
  WORD(Goto, "goto")                                 \
  WORD(If, "if")                                     \
  WORD(In, "in")                                     \
  WORD(Local, "local")                               \
  WORD(Nil, "nil")                                   \
  WORD(Not, "not")                                   \
  WORD(Or, "or")                                     \
  WORD(Repeat, "repeat")                             \
  WORD(Return, "return")                             \
  WORD(Then, "then")                                 \
  WORD(True, "true")                                 \
  WORD(Until, "until")                               \
  WORD(While, "while")                               \
  SYMBOL(Plus, "+")                                  \
  SYMBOL(Minus, "-")                                 \
  SYMBOL(Star, "*")                                  \
  SYMBOL(Slash, "/")                                 \
  SYMBOL(DoubleSlash, "//")                          \
  SYMBOL(Percent, "%")                               \
  SYMBOL(Caret, "^")                                 \
  SYMBOL(Hash, "#")                                  \
  SYMBOL(Ampersand, "&")                             \
  SYMBOL(Tilde, "~")                                 \
  SYMBOL(Pipe, "|")                                  \
  SYMBOL(ShiftLeft, "<<")                            \
  SYMBOL(ShiftRight, ">>")                           \
  SYMBOL(Equal, "==")                                \
  SYMBOL(NotEqual, "~=")                             \
  SYMBOL(LessEqual, "<=")                            \
  SYMBOL(GreaterEqual, ">=")                         \
  SYMBOL(Less, "<")                                  \
  SYMBOL(Greater, ">")                               \
  SYMBOL(Assign, "=")                                \
  SYMBOL(LeftParen, "(")                             \
  SYMBOL(RightParen, ")")                            \
  SYMBOL(LeftBrace, "{")                             \
  SYMBOL(RightBrace, "}")                            \
  SYMBOL(LeftBracket, "[")                           \
  SYMBOL(RightBracket, "]")                          \
  SYMBOL(DoubleColon, "::")                          \
  SYMBOL(Semicolon, ";")                             \
  SYMBOL(Colon, ":")                                 \
  SYMBOL(Comma, ",")                                 \
  SYMBOL(Dot, ".")                                   \
  SYMBOL(Concat, "..")                               \
  SYMBOL(Ellipsis, "...")                            \
  CLASS(Integer, "<integer>")                        \
  CLASS(Float, "<number>")                           \
  CLASS(Name, "<name>")                              \
  CLASS(String, "<string>")                          \
  CLASS(Eof, "<eof>")                                \
  CLASS(Unknown, "<unknown>") /* a character that starts no token */

enum class TokenKind : uint8_t {
#define PERILUNE_TOKEN_ENUM(name, text) k##name,
  PERILUNE_FOR_EACH_TOKEN(PERILUNE_TOKEN_ENUM, PERILUNE_TOKEN_ENUM, PERILUNE_TOKEN_ENUM)
#undef PERILUNE_TOKEN_ENUM
};

// Returns the spelling of `kind`, or its class in angle brackets.
constexpr std::string_view TokenText(TokenKind kind) {
  constexpr std::string_view kTexts[] = {
#define PERILUNE_TOKEN_TEXT(name, text) text,
      PERILUNE_FOR_EACH_TOKEN(PERILUNE_TOKEN_TEXT, PERILUNE_TOKEN_TEXT, PERILUNE_TOKEN_TEXT)
#undef PERILUNE_TOKEN_TEXT
  };
  return kTexts[static_cast<size_t>(kind)];
}

struct Token {
  TokenKind kind = TokenKind::kEof;
  char character = '\0';    // kUnknown
  int64_t integer = 0;      // kInteger
  double number = 0;        // kFloat
  std::string_view string;  // kName: the name; kString: the contents, escapes replaced
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_TOKEN_H_
