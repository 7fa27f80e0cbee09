// The lexer: source text to tokens, one at a time, with one more of lookahead when asked for.
//
// It also is where errors are raised, because their messages speak of what it knows: the line it
// has got to and the spelling of the current token. After the first error it delivers nothing but
// <eof>: every loop of the parser then ends by itself, as each goes on only while it sees tokens it
// likes, and the parser needs no check after each step. Later errors are consequences of that and
// are dropped.
//
// Lines are counted as the reference implementation does: an error is on the line where the lexer
// stands, which is that of the last character of the last token read, lookahead included.

#ifndef PERILUNE_LANG_LEXER_H_
#define PERILUNE_LANG_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "lang/arena.h"
#include "lang/stop_flag.h"
#include "lang/token.h"

namespace perilune::lang {

// Returns the part of a script file that is Lua: without a byte order mark and without a first line
// that starts with `#`. The end of that line stays, so that lines keep their numbers.
std::string_view SkipFileHeader(std::string_view contents);

class Lexer {
 public:
  // Reads the first token. Names and strings are stored in `arena`; `source` and `chunk_name` must
  // outlive the lexer, `arena` the tokens.
  // When `stop` is set, reading ends with an error.
  Lexer(std::string_view source, std::string_view chunk_name, Arena* arena, StopFlag stop = {});
  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  const Token& current() const { return current_; }
  TokenKind kind() const { return current_.kind; }
  int32_t line() const { return line_; }  // where the lexer stands
  int32_t last_line() const {
    return last_line_;
  }  // where it stood when the last token was consumed

  // The source text of the token read last; of one that is in error, all from its start on.
  std::string_view spelling() const {
    return {token_start_, static_cast<size_t>(cursor_ - token_start_)};
  }

  // Consumes the current token.
  void Next();
  // Returns the kind of the token after the current one. Must not be called twice for one token.
  TokenKind Peek();

  // Fails with "chunk:line: message near 'current token'".
  void SyntaxError(std::string_view message);
  // Fails with "chunk:line: message".
  void SemanticError(std::string_view message);
  // Fails with `message` as it is.
  void ErrorWithoutPosition(std::string_view message);

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }  // the first error, an InvalidArgument

  // Returns the arena's only copy of `text`.
  std::string_view Intern(std::string_view text);

 private:
  static constexpr int kEnd = -1;

  // Reading characters: the one at the cursor, or kEnd.
  int Char() const { return cursor_ < end_ ? static_cast<unsigned char>(*cursor_) : kEnd; }
  int CharAt(size_t offset) const {
    return offset < static_cast<size_t>(end_ - cursor_)
               ? static_cast<unsigned char>(cursor_[offset])
               : kEnd;
  }
  bool AtNewline() const { return Char() == '\n' || Char() == '\r'; }
  void Save() { buffer_.push_back(*cursor_++); }
  bool Accept(char c);
  void SkipNewline();

  Token Lex();
  Token LexUnknown();
  Token LexName();
  Token LexNumber();
  Token LexString();
  Token LexLongString(size_t separator_size);
  void LexEscape();
  int ReadHexDigit();
  char ReadHexEscape();
  char ReadDecimalEscape();
  void ReadUtf8Escape();
  bool CheckEscape(bool condition, std::string_view message);
  void SkipComment();
  void SkipLongComment(size_t separator_size);
  bool ReadLongBracket(size_t separator_size, bool keep);
  size_t LongSeparatorSize() const;
  bool AtLongBracketEnd(size_t separator_size) const;
  Token StringToken(std::string_view contents);

  void Fail(std::string message);
  void ErrorNear(std::string_view message, std::string_view near);
  std::string NearText() const;

  const char* cursor_;
  const char* end_;
  const char* token_start_;  // of the token read last
  std::string_view chunk_name_;
  Arena* arena_;
  const StopFlag stop_;
  int32_t line_ = 1;
  int32_t last_line_ = 1;
  Token current_;
  Token lookahead_;
  bool has_lookahead_ = false;
  std::string_view
      spelling_;        // of the last token read, if a name, number or string; as messages show it
  std::string buffer_;  // spelling of a string whose contents differ from the source
  absl::flat_hash_map<std::string_view, TokenKind> names_;  // reserved words and interned texts
  absl::Status status_;
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_LEXER_H_
