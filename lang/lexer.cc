#include "lang/lexer.h"

#include <limits>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "lang/diagnostic.h"
#include "lang/number.h"

namespace perilune::lang {
namespace {

// Longer strings are stored without looking for an equal one.
constexpr size_t kMaxInternedLength = 64;

// Classes of characters, as in the "C" locale whatever the current one is. None holds for kEnd
// (-1).
bool IsDigit(int c) { return c >= 0 && absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsHexDigit(int c) { return c >= 0 && absl::ascii_isxdigit(static_cast<unsigned char>(c)); }
bool IsSpace(int c) { return c >= 0 && absl::ascii_isspace(static_cast<unsigned char>(c)); }
bool IsNameStart(int c) {
  return c == '_' || (c >= 0 && absl::ascii_isalpha(static_cast<unsigned char>(c)));
}
bool IsNamePart(int c) { return IsNameStart(c) || IsDigit(c); }

int HexDigitValue(int c) {
  if (IsDigit(c)) return c - '0';
  return absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 10;
}

std::string Quoted(std::string_view text) { return absl::StrCat("'", text, "'"); }

Token MakeToken(TokenKind kind) {
  Token token;
  token.kind = kind;
  return token;
}

// Appends the UTF-8 encoding of `code`, extended to six bytes for codes up to 2^31.
void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  char bytes[6];
  size_t count = 0;
  uint32_t first_byte_max = 0x3f;  // what fits in the first byte beside its length mark
  do {
    bytes[count++] = static_cast<char>(0x80 | (code & 0x3f));
    code >>= 6;
    first_byte_max >>= 1;
  } while (code > first_byte_max);
  bytes[count++] = static_cast<char>((~first_byte_max << 1) | code);
  while (count > 0) out->push_back(bytes[--count]);
}

}  // namespace

std::string_view SkipFileHeader(std::string_view contents) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (absl::StartsWith(contents, kByteOrderMark)) contents.remove_prefix(kByteOrderMark.size());
  if (!absl::StartsWith(contents, "#")) return contents;
  const size_t line_end = contents.find('\n');
  return line_end == std::string_view::npos ? std::string_view() : contents.substr(line_end);
}

Lexer::Lexer(std::string_view source, std::string_view chunk_name, Arena* arena, StopFlag stop)
    : cursor_(source.data()),
      end_(source.data() + source.size()),
      token_start_(cursor_),
      chunk_name_(chunk_name),
      arena_(arena),
      stop_(stop) {
#define PERILUNE_ADD_WORD(name, text) names_.emplace(text, TokenKind::k##name);
#define PERILUNE_IGNORE(name, text)
  PERILUNE_FOR_EACH_TOKEN(PERILUNE_ADD_WORD, PERILUNE_IGNORE, PERILUNE_IGNORE)
#undef PERILUNE_IGNORE
#undef PERILUNE_ADD_WORD
  Next();
}

void Lexer::Next() {
  last_line_ = line_;
  if (has_lookahead_) {
    current_ = lookahead_;
    has_lookahead_ = false;
  } else {
    current_ = Lex();
  }
  if (stop_.is_set()) [[unlikely]]
    ErrorWithoutPosition("interrupted!");
}

TokenKind Lexer::Peek() {
  lookahead_ = Lex();
  has_lookahead_ = true;
  return lookahead_.kind;
}

// ----------------------------------------------------------------------------------------------
// Errors

void Lexer::SyntaxError(std::string_view message) { ErrorNear(message, NearText()); }

void Lexer::SemanticError(std::string_view message) { ErrorNear(message, ""); }

void Lexer::ErrorWithoutPosition(std::string_view message) { Fail(std::string(message)); }

void Lexer::ErrorNear(std::string_view message, std::string_view near) {
  std::string text = AddPosition(chunk_name_, line_, message);
  if (!near.empty()) absl::StrAppend(&text, " near ", near);
  Fail(std::move(text));
}

void Lexer::Fail(std::string message) {
  if (status_.ok()) status_ = absl::InvalidArgumentError(message);
  cursor_ = end_;
  current_ = Token();
  has_lookahead_ = false;
}

std::string Lexer::NearText() const {
  switch (current_.kind) {
    case TokenKind::kName:
      return Quoted(current_.string);
    case TokenKind::kString:
    case TokenKind::kInteger:
    case TokenKind::kFloat:
      return Quoted(spelling_.substr(0, spelling_.find('\0')));
    case TokenKind::kEof:
      return std::string(TokenText(TokenKind::kEof));
    case TokenKind::kUnknown: {
      const unsigned char c = static_cast<unsigned char>(current_.character);
      if (c == '\0') return "";  // the reference takes it for the absence of a token
      if (absl::ascii_isprint(c)) return Quoted(std::string_view(&current_.character, 1));
      return absl::StrCat("'<\\", static_cast<int>(c), ">'");
    }
    default:
      return Quoted(TokenText(current_.kind));
  }
}

// ----------------------------------------------------------------------------------------------
// Characters and names

bool Lexer::Accept(char c) {
  if (cursor_ == end_ || *cursor_ != c) return false;
  ++cursor_;
  return true;
}

// Skips \n, \r, \r\n or \n\r.
void Lexer::SkipNewline() {
  const char first = *cursor_++;
  if (AtNewline() && *cursor_ != first) ++cursor_;
  if (++line_ == std::numeric_limits<int32_t>::max()) SemanticError("chunk has too many lines");
}

std::string_view Lexer::Intern(std::string_view text) {
  const auto it = names_.find(text);
  if (it != names_.end()) return it->first;
  const std::string_view copy = arena_->CopyString(text);
  names_.emplace(copy, TokenKind::kName);
  return copy;
}

Token Lexer::Lex() {
  const auto symbol = [this](TokenKind kind) {
    ++cursor_;
    return MakeToken(kind);
  };
  // A symbol that is a different one when `second` follows.
  const auto either = [this](char second, TokenKind longer, TokenKind shorter) {
    ++cursor_;
    return MakeToken(Accept(second) ? longer : shorter);
  };
  while (true) {
    token_start_ = cursor_;
    const int c = Char();
    switch (c) {
      case kEnd:
        return MakeToken(TokenKind::kEof);
      case '\n':
      case '\r':
        SkipNewline();
        continue;
      case ' ':
      case '\f':
      case '\t':
      case '\v':
        ++cursor_;
        continue;
      case '-':
        if (CharAt(1) != '-') return symbol(TokenKind::kMinus);
        SkipComment();
        continue;
      case '[': {
        if (CharAt(1) != '[' && CharAt(1) != '=') return symbol(TokenKind::kLeftBracket);
        const size_t separator_size = LongSeparatorSize();
        if (CharAt(separator_size + 1) == '[') return LexLongString(separator_size);
        ErrorNear("invalid long string delimiter",
                  Quoted(std::string_view(cursor_, separator_size + 1)));
        return Token();
      }
      case '=':
        return either('=', TokenKind::kEqual, TokenKind::kAssign);
      case '<':
        if (CharAt(1) == '<') return ++cursor_, symbol(TokenKind::kShiftLeft);
        return either('=', TokenKind::kLessEqual, TokenKind::kLess);
      case '>':
        if (CharAt(1) == '>') return ++cursor_, symbol(TokenKind::kShiftRight);
        return either('=', TokenKind::kGreaterEqual, TokenKind::kGreater);
      case '/':
        return either('/', TokenKind::kDoubleSlash, TokenKind::kSlash);
      case '~':
        return either('=', TokenKind::kNotEqual, TokenKind::kTilde);
      case ':':
        return either(':', TokenKind::kDoubleColon, TokenKind::kColon);
      case '"':
      case '\'':
        return LexString();
      case '.':
        if (IsDigit(CharAt(1))) return LexNumber();
        if (CharAt(1) != '.') return symbol(TokenKind::kDot);
        ++cursor_;
        return either('.', TokenKind::kEllipsis, TokenKind::kConcat);
      case '+':
        return symbol(TokenKind::kPlus);
      case '*':
        return symbol(TokenKind::kStar);
      case '%':
        return symbol(TokenKind::kPercent);
      case '^':
        return symbol(TokenKind::kCaret);
      case '#':
        return symbol(TokenKind::kHash);
      case '&':
        return symbol(TokenKind::kAmpersand);
      case '|':
        return symbol(TokenKind::kPipe);
      case '(':
        return symbol(TokenKind::kLeftParen);
      case ')':
        return symbol(TokenKind::kRightParen);
      case '{':
        return symbol(TokenKind::kLeftBrace);
      case '}':
        return symbol(TokenKind::kRightBrace);
      case ']':
        return symbol(TokenKind::kRightBracket);
      case ';':
        return symbol(TokenKind::kSemicolon);
      case ',':
        return symbol(TokenKind::kComma);
      default:
        if (IsNameStart(c)) return LexName();
        if (IsDigit(c)) return LexNumber();
        return LexUnknown();
    }
  }
}

Token Lexer::LexUnknown() {
  Token token;
  token.kind = TokenKind::kUnknown;
  token.character = *cursor_++;
  return token;
}

Token Lexer::LexName() {
  const char* const start = cursor_;
  while (IsNamePart(Char())) ++cursor_;
  const std::string_view text(start, static_cast<size_t>(cursor_ - start));
  const auto it = names_.find(text);
  Token token;
  token.kind = it == names_.end() ? TokenKind::kName : it->second;
  token.string = it == names_.end() ? Intern(text) : it->first;
  return token;
}

// Takes everything that looks like a part of some numeral, then sees whether it is one: `3x` and
// `1..2` are malformed, not two tokens.
Token Lexer::LexNumber() {
  const char* const start = cursor_;
  std::string_view exponent_marks = "eE";
  Accept('.');
  const bool starts_with_zero = Char() == '0';
  ++cursor_;
  if (starts_with_zero && (Char() == 'x' || Char() == 'X')) {
    exponent_marks = "pP";
    ++cursor_;
  }
  while (true) {
    if (Char() == exponent_marks[0] || Char() == exponent_marks[1]) {
      ++cursor_;
      if (Char() == '+' || Char() == '-') ++cursor_;
    } else if (IsHexDigit(Char()) || Char() == '.') {
      ++cursor_;
    } else {
      break;
    }
  }
  if (IsNameStart(Char())) ++cursor_;
  spelling_ = std::string_view(start, static_cast<size_t>(cursor_ - start));
  const std::optional<Number> number = ParseNumber(spelling_);
  if (!number.has_value()) {
    ErrorNear("malformed number", Quoted(spelling_));
    return Token();
  }
  Token token;
  if (const int64_t* integer = std::get_if<int64_t>(&*number)) {
    token.kind = TokenKind::kInteger;
    token.integer = *integer;
  } else {
    token.kind = TokenKind::kFloat;
    token.number = std::get<double>(*number);
  }
  return token;
}

// ----------------------------------------------------------------------------------------------
// Quoted strings

Token Lexer::StringToken(std::string_view contents) {
  Token token;
  token.kind = TokenKind::kString;
  token.string =
      contents.size() <= kMaxInternedLength ? Intern(contents) : arena_->CopyString(contents);
  return token;
}

// buffer_ holds the opening quote and the contents so far: what error messages show.
Token Lexer::LexString() {
  const char quote = *cursor_;
  const char* const start = cursor_;
  const char stops[] = {quote, '\\', '\n', '\r'};
  buffer_.clear();
  Save();
  while (true) {
    const std::string_view rest(cursor_, static_cast<size_t>(end_ - cursor_));
    const size_t plain = rest.find_first_of(std::string_view(stops, sizeof(stops)));
    if (plain == std::string_view::npos) {
      cursor_ = end_;
      ErrorNear("unfinished string", TokenText(TokenKind::kEof));
      return Token();
    }
    cursor_ += plain;
    if (buffer_.size() == 1 && *cursor_ == quote) {  // nothing but plain characters
      ++cursor_;
      spelling_ = std::string_view(start, plain + 2);
      return StringToken(rest.substr(0, plain));
    }
    buffer_.append(rest.substr(0, plain));
    if (*cursor_ == quote) {
      Save();
      spelling_ = buffer_;
      return StringToken(spelling_.substr(1, spelling_.size() - 2));
    }
    if (AtNewline()) {
      ErrorNear("unfinished string",
                Quoted(std::string_view(buffer_).substr(0, buffer_.find('\0'))));
      return Token();
    }
    LexEscape();
    if (!ok()) return Token();
  }
}

// Reads an escape sequence. While it is read its own spelling is at the end of buffer_, for error
// messages.
void Lexer::LexEscape() {
  const size_t start = buffer_.size();
  Save();  // the backslash
  char c = '\0';
  switch (Char()) {
    case 'a':
      c = '\a';
      break;
    case 'b':
      c = '\b';
      break;
    case 'f':
      c = '\f';
      break;
    case 'n':
      c = '\n';
      break;
    case 'r':
      c = '\r';
      break;
    case 't':
      c = '\t';
      break;
    case 'v':
      c = '\v';
      break;
    case '\\':
    case '"':
    case '\'':
      c = *cursor_;
      break;
    case '\n':
    case '\r':
      SkipNewline();
      buffer_.resize(start);
      buffer_.push_back('\n');
      return;
    case 'x':
      c = ReadHexEscape();
      buffer_.resize(start);
      buffer_.push_back(c);
      return;
    case 'u':
      ReadUtf8Escape();
      return;
    case 'z':
      buffer_.resize(start);
      ++cursor_;
      while (IsSpace(Char())) {
        if (AtNewline()) {
          SkipNewline();
        } else {
          ++cursor_;
        }
      }
      return;
    case kEnd:
      return;  // LexString() finds the string unfinished
    default:
      if (!CheckEscape(IsDigit(Char()), "invalid escape sequence")) return;
      c = ReadDecimalEscape();
      buffer_.resize(start);
      buffer_.push_back(c);
      return;
  }
  ++cursor_;
  buffer_.resize(start);
  buffer_.push_back(c);
}

// Fails with `message` unless `condition`; the message shows the character at the cursor, too.
bool Lexer::CheckEscape(bool condition, std::string_view message) {
  if (condition || !ok()) return condition;
  if (cursor_ < end_) Save();
  ErrorNear(message, Quoted(std::string_view(buffer_).substr(0, buffer_.find('\0'))));
  return false;
}

// Reads the character at the cursor and then a hexadecimal digit, which stays at the cursor.
int Lexer::ReadHexDigit() {
  if (!ok()) return 0;
  Save();
  return CheckEscape(IsHexDigit(Char()), "hexadecimal digit expected") ? HexDigitValue(Char()) : 0;
}

char Lexer::ReadHexEscape() {
  const int high = ReadHexDigit();
  const int low = ReadHexDigit();
  if (ok()) ++cursor_;
  return static_cast<char>(high * 16 + low);
}

char Lexer::ReadDecimalEscape() {
  int value = 0;
  for (int i = 0; i < 3 && IsDigit(Char()); ++i) {
    value = value * 10 + (Char() - '0');
    Save();
  }
  CheckEscape(value <= 255, "decimal escape too large");
  return static_cast<char>(value);
}

void Lexer::ReadUtf8Escape() {
  const size_t start = buffer_.size() - 1;
  Save();  // the `u`
  if (!CheckEscape(Char() == '{', "missing '{'")) return;
  uint32_t code = static_cast<uint32_t>(ReadHexDigit());
  if (!ok()) return;
  Save();
  while (IsHexDigit(Char())) {
    if (!CheckEscape(code <= (0x7fffffffu >> 4), "UTF-8 value too large")) return;
    code = code * 16 + static_cast<uint32_t>(HexDigitValue(Char()));
    Save();
  }
  if (!CheckEscape(Char() == '}', "missing '}'")) return;
  ++cursor_;
  buffer_.resize(start);
  AppendUtf8(code, &buffer_);
}

// ----------------------------------------------------------------------------------------------
// Long brackets and comments

// The number of `=` after the bracket at the cursor.
size_t Lexer::LongSeparatorSize() const {
  size_t size = 0;
  while (CharAt(1 + size) == '=') ++size;
  return size;
}

bool Lexer::AtLongBracketEnd(size_t separator_size) const {
  return LongSeparatorSize() == separator_size && CharAt(1 + separator_size) == ']';
}

// Reads from the opening bracket at the cursor to after the closing one. Returns false at the end
// of the source. Appends the contents to buffer_ if `keep`.
bool Lexer::ReadLongBracket(size_t separator_size, bool keep) {
  cursor_ += separator_size + 2;
  if (AtNewline()) SkipNewline();
  while (true) {
    const std::string_view rest(cursor_, static_cast<size_t>(end_ - cursor_));
    const size_t plain = rest.find_first_of("]\n\r");
    if (plain == std::string_view::npos) {
      cursor_ = end_;
      return false;
    }
    if (keep) buffer_.append(rest.substr(0, plain));
    cursor_ += plain;
    if (AtNewline()) {
      SkipNewline();
      if (keep) buffer_.push_back('\n');
    } else if (AtLongBracketEnd(separator_size)) {
      cursor_ += separator_size + 2;
      return true;
    } else {
      if (keep) buffer_.push_back(']');
      ++cursor_;
    }
  }
}

Token Lexer::LexLongString(size_t separator_size) {
  const int32_t first_line = line_;
  const std::string_view opening(cursor_, separator_size + 2);
  buffer_.assign(opening);
  if (!ReadLongBracket(separator_size, /*keep=*/true)) {
    ErrorNear(absl::StrCat("unfinished long string (starting at line ", first_line, ")"),
              TokenText(TokenKind::kEof));
    return Token();
  }
  buffer_.append(cursor_ - opening.size(), opening.size());
  spelling_ = buffer_;
  return StringToken(spelling_.substr(opening.size(), spelling_.size() - 2 * opening.size()));
}

void Lexer::SkipComment() {
  cursor_ += 2;
  if (Char() == '[') {
    const size_t separator_size = LongSeparatorSize();
    if (CharAt(1 + separator_size) == '[') {
      SkipLongComment(separator_size);
      return;
    }
  }
  while (Char() != kEnd && !AtNewline()) ++cursor_;
}

void Lexer::SkipLongComment(size_t separator_size) {
  const int32_t first_line = line_;
  if (ReadLongBracket(separator_size, /*keep=*/false)) return;
  ErrorNear(absl::StrCat("unfinished long comment (starting at line ", first_line, ")"),
            TokenText(TokenKind::kEof));
}

}  // namespace perilune::lang
