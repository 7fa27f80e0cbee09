// The matcher follows the reference's structure (Match recurses for captures, repetitions and
// options, and loops over the rest), because its limits and the errors of malformed patterns are
// visible: an error is raised only when matching gets to the malformed part.

#include "runtime/pattern_matcher.h"

#include <array>
#include <cstdio>
#include <cstring>

namespace perilune::vm {
namespace {

constexpr char kEscape = '%';

// Character classes as in the C locale, a bit each.
enum ClassBit : uint16_t {
  kAlpha = 1,
  kControl = 2,
  kDigit = 4,
  kGraph = 8,
  kLower = 16,
  kPunct = 32,
  kSpace = 64,
  kUpper = 128,
  kAlnum = 256,
  kHex = 512,
  kZero = 1024,  // '%z': deprecated, but the reference has it
};

constexpr std::array<uint16_t, 256> MakeClassTable() {
  std::array<uint16_t, 256> table{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z',
               digit = c >= '0' && c <= '9';
    const bool graph = c > ' ' && c < 127;
    unsigned bits = 0;
    if (lower || upper) bits |= kAlpha;
    if (c < ' ' || c == 127) bits |= kControl;
    if (digit) bits |= kDigit;
    if (graph) bits |= kGraph;
    if (c == 0) bits |= kZero;
    if (lower) bits |= kLower;
    if (graph && !lower && !upper && !digit) bits |= kPunct;
    if (c == ' ' || (c >= '\t' && c <= '\r')) bits |= kSpace;
    if (upper) bits |= kUpper;
    if (lower || upper || digit) bits |= kAlnum;
    if (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) bits |= kHex;
    table[c] = static_cast<uint16_t>(bits);
  }
  return table;
}
constexpr std::array<uint16_t, 256> kClassTable = MakeClassTable();

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool InClass(char c, uint16_t mask) { return (kClassTable[Byte(c)] & mask) != 0; }

// The class that `letter` names after '%', or 0: then it stands for itself. An upper case letter
// means the complement.
uint16_t ClassMask(char letter) {
  switch (letter | 0x20) {
    case 'a':
      return kAlpha;
    case 'c':
      return kControl;
    case 'd':
      return kDigit;
    case 'g':
      return kGraph;
    case 'l':
      return kLower;
    case 'p':
      return kPunct;
    case 's':
      return kSpace;
    case 'u':
      return kUpper;
    case 'w':
      return kAlnum;
    case 'x':
      return kHex;
    case 'z':
      return kZero;
    default:
      return 0;
  }
}
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return InClass(c, kAlpha); }

bool TestBit(const uint64_t* bits, char c) { return (bits[Byte(c) >> 6] >> (Byte(c) & 63)) & 1; }
void SetBit(uint64_t* bits, unsigned c) { bits[c >> 6] |= uint64_t{1} << (c & 63); }

// Fills `bits` from the set whose '[' is at p and whose ']' is at `last`.
void BuildSet(const char* p, const char* last, uint64_t* bits) {
  bits[0] = bits[1] = bits[2] = bits[3] = 0;
  const bool negated = p[1] == '^';
  if (negated) ++p;
  while (++p < last) {
    if (*p == kEscape) {
      ++p;
      const uint16_t mask = IsLetter(*p) ? ClassMask(*p) : uint16_t{0};
      if (mask == 0) {
        SetBit(bits, Byte(*p));
      } else {
        const bool complement = IsUpper(*p);
        for (unsigned c = 0; c < 256; ++c) {
          if (((kClassTable[c] & mask) != 0) != complement) SetBit(bits, c);
        }
      }
    } else if (p[1] == '-' && p + 2 < last) {
      for (unsigned c = Byte(p[0]); c <= Byte(p[2]); ++c) SetBit(bits, c);
      p += 2;
    } else {
      SetBit(bits, Byte(*p));
    }
  }
  if (negated) {
    for (int i = 0; i < 4; ++i) bits[i] = ~bits[i];
  }
}

}  // namespace

bool PatternMatcher::Item::Matches(char c) const {
  switch (kind) {
    case Kind::kAny:
      return true;
    case Kind::kLiteral:
      return c == literal;
    case Kind::kClass:
      return InClass(c, mask) != negated;
    case Kind::kSet:
      return TestBit(set->bits, c);
  }
  return false;
}

const char* PatternMatcher::Item::Run(const char* s, const char* end) const {
  switch (kind) {
    case Kind::kAny:
      return end;
    case Kind::kLiteral:
      while (s < end && *s == literal) ++s;
      break;
    case Kind::kClass:
      while (s < end && InClass(*s, mask) != negated) ++s;
      break;
    case Kind::kSet:
      while (s < end && TestBit(set->bits, *s)) ++s;
      break;
  }
  return s;
}

const char* PatternMatcher::Item::Find(const char* s, const char* end) const {
  switch (kind) {
    case Kind::kAny:
      break;
    case Kind::kLiteral: {
      const void* found = s < end ? std::memchr(s, literal, static_cast<size_t>(end - s)) : nullptr;
      return found != nullptr ? static_cast<const char*>(found) : end;
    }
    case Kind::kClass:
      while (s < end && InClass(*s, mask) == negated) ++s;
      break;
    case Kind::kSet:
      while (s < end && !TestBit(set->bits, *s)) ++s;
      break;
  }
  return s;
}

const char* PatternMatcher::Fail(const char* message) {
  error_ = message;
  return nullptr;
}

const char* PatternMatcher::FailIndex(int index) {
  std::snprintf(error_text_, sizeof(error_text_), "invalid capture index %%%d", index);
  return Fail(error_text_);
}

const PatternMatcher::Set* PatternMatcher::ReadSet(const char* p) {
  for (int i = 0; i < set_count_; ++i) {
    if (sets_[i].pattern == p) return &sets_[i];
  }
  const char* q = p + 1;
  if (*q == '^') ++q;
  do {  // the first character belongs to the set even if it is a ']'
    if (q == pattern_end_) {
      Fail("malformed pattern (missing ']')");
      return nullptr;
    }
    if (*q++ == kEscape && q < pattern_end_) ++q;
  } while (*q != ']' || q == pattern_end_);
  if (set_count_ < kMaxSets) ++set_count_;
  Set* set = &sets_[set_count_ - 1];
  BuildSet(p, q, set->bits);
  set->pattern = p;
  set->end = q + 1;
  return set;
}

const char* PatternMatcher::ReadItem(const char* p, Item* item) {
  switch (*p) {
    case '.':
      item->kind = Item::Kind::kAny;
      return p + 1;
    case kEscape: {
      if (p + 1 == pattern_end_) return Fail("malformed pattern (ends with '%')");
      const uint16_t mask = IsLetter(p[1]) ? ClassMask(p[1]) : uint16_t{0};
      if (mask == 0) {
        item->kind = Item::Kind::kLiteral;
        item->literal = p[1];
      } else {
        item->kind = Item::Kind::kClass;
        item->mask = mask;
        item->negated = IsUpper(p[1]);
      }
      return p + 2;
    }
    case '[': {
      const Set* set = ReadSet(p);
      if (set == nullptr) return nullptr;
      item->kind = Item::Kind::kSet;
      item->set = set;
      return set->end;
    }
    default:
      item->kind = Item::Kind::kLiteral;
      item->literal = *p;
      return p + 1;
  }
}

// Whether the pattern goes on at `next` with one plain character, so that any match has it there.
bool PatternMatcher::NextLiteral(const char* next, char* literal) const {
  switch (*next) {
    case '(':
    case ')':
    case '.':
    case '[':
    case '$':
    case kEscape:
      return false;
    default:
      break;
  }
  if (next == pattern_end_) return false;
  const char after = next[1];  // a NUL at the pattern's end
  if (after == '*' || after == '?' || after == '-') return false;
  *literal = *next;
  return true;
}

bool PatternMatcher::CheckStop() {
  steps_left_ = kStepsBetweenChecks;
  interrupted_ = stop_.is_set();
  return interrupted_;
}

const char* PatternMatcher::Match(const char* s, const char* p) {
  if (depth_-- == 0) [[unlikely]]
    return Fail("pattern too complex");
  if (steps_left_ < 0 && CheckStop()) [[unlikely]]
    return Fail(kInterrupted);
  const char* end = MatchLoop(s, p);
  ++depth_;
  return end;
}

const char* PatternMatcher::MatchLoop(const char* s, const char* p) {
  for (; p != pattern_end_; --steps_left_) {
    switch (*p) {
      case '(':
        return p[1] == ')' ? StartCapture(s, p + 2, kPosition)
                           : StartCapture(s, p + 1, kUnfinished);
      case ')':
        return EndCapture(s, p + 1);
      case '$':
        if (p + 1 == pattern_end_) return s == end_ ? s : nullptr;
        break;
      case kEscape:
        if (p[1] == 'b') {
          s = MatchBalance(s, p + 2);
          if (s == nullptr) return nullptr;
          p += 4;
          continue;
        }
        if (p[1] == 'f') {
          p += 2;
          if (*p != '[') return Fail("missing '[' after '%f' in pattern");
          const Set* set = ReadSet(p);
          if (set == nullptr) return nullptr;
          const char before = s == begin_ ? '\0' : s[-1];
          if (TestBit(set->bits, before) || !TestBit(set->bits, *s))
            return nullptr;  // at the subject's end *s is its NUL
          p = set->end;
          continue;
        }
        if (IsDigit(p[1])) {
          s = MatchBackReference(s, p[1]);
          if (s == nullptr) return nullptr;
          p += 2;
          continue;
        }
        break;
      default:
        break;
    }
    Item item;
    const char* next = ReadItem(p, &item);
    if (next == nullptr) return nullptr;
    const bool matches = s < end_ && item.Matches(*s);
    switch (*next) {  // at the pattern's end, its NUL
      case '?':
        if (matches) {
          const char* end = Match(s + 1, next + 1);
          if (end != nullptr || error_ != nullptr) return end;
        }
        p = next + 1;
        continue;
      case '+':
        return matches ? MaxExpand(s + 1, item, next + 1, s + 1) : nullptr;
      case '*':
        if (matches) return MaxExpand(s + 1, item, next + 1, s);
        p = next + 1;
        continue;
      case '-':
        if (matches) return MinExpand(s, p, next + 1);
        p = next + 1;
        continue;
      default:
        if (!matches) return nullptr;
        ++s;
        p = next;
        continue;
    }
  }
  return s;
}

// Matches the longest run of `item` from `s` on that lets the rest of the pattern match; the run
// may shrink to end at `least`.
const char* PatternMatcher::MaxExpand(const char* s, const Item& item, const char* next,
                                      const char* least) {
  const char* e = s;
  for (const char* part = s; e == part && part < end_ && error_ == nullptr;) {
    part = PartEnd(e);
    e = item.Run(e, part);
  }
  if (error_ != nullptr) return nullptr;
  steps_left_ -= e - s;
  char literal;
  if (NextLiteral(next, &literal)) {
    for (;; --e) {
      if (e < end_ && *e == literal) {
        const char* end = Match(e, next);
        if (end != nullptr || error_ != nullptr) return end;
      }
      if (e == least) return nullptr;
    }
  }
  for (;; --e) {
    const char* end = Match(e, next);
    if (end != nullptr || error_ != nullptr || e == least) return end;
  }
}

const char* PatternMatcher::MinExpand(const char* s, const char* p, const char* next) {
  char literal = 0;
  const bool has_literal = NextLiteral(next, &literal);
  Item item;
  if (ReadItem(p, &item) == nullptr) return nullptr;
  for (;; ++s) {
    if (!has_literal || (s < end_ && *s == literal)) {
      const char* end = Match(s, next);
      if (end != nullptr || error_ != nullptr) return end;
      // The rest of the pattern may have taken the slot of this item's set.
      if (item.kind == Item::Kind::kSet && item.set->pattern != p) ReadItem(p, &item);
    }
    if (s >= end_ || !item.Matches(*s)) return nullptr;
    --steps_left_;
  }
}

const char* PatternMatcher::StartCapture(const char* s, const char* p, ptrdiff_t what) {
  if (level_ >= kMaxCaptures) return Fail("too many captures");
  captures_[level_].start = s;
  captures_[level_].size = what;
  ++level_;
  const char* end = Match(s, p);
  if (end == nullptr) --level_;
  return end;
}

const char* PatternMatcher::EndCapture(const char* s, const char* p) {
  int open = level_ - 1;
  while (open >= 0 && captures_[open].size != kUnfinished) --open;
  if (open < 0) return Fail("invalid pattern capture");
  captures_[open].size = s - captures_[open].start;
  const char* end = Match(s, p);
  if (end == nullptr) captures_[open].size = kUnfinished;
  return end;
}

const char* PatternMatcher::MatchBalance(const char* s, const char* p) {
  if (p + 1 >= pattern_end_) return Fail("malformed pattern (missing arguments to '%b')");
  if (s >= end_ || *s != p[0]) return nullptr;
  const char open = p[0], close = p[1];
  size_t depth = 1;
  while (++s < end_) {
    --steps_left_;
    if (*s == close) {
      if (--depth == 0) return s + 1;
    } else if (*s == open) {
      ++depth;
    }
  }
  return nullptr;
}

const char* PatternMatcher::MatchBackReference(const char* s, char digit) {
  const int index = digit - '1';
  if (index < 0 || index >= level_ || captures_[index].size == kUnfinished)
    return FailIndex(index + 1);
  // A position capture matches like one too long for any subject, as its size does in the
  // reference.
  const size_t size = static_cast<size_t>(captures_[index].size);
  if (static_cast<size_t>(end_ - s) < size || std::memcmp(captures_[index].start, s, size) != 0)
    return nullptr;
  return s + size;
}

const char* PatternMatcher::MatchAt(const char* s) {
  error_ = nullptr;
  interrupted_ = false;
  level_ = 0;
  depth_ = kMaxDepth;
  return Match(s, pattern_);
}

// Decides whether every match begins with a character of one item.
void PatternMatcher::FindFilter() {
  filter_ = Filter::kNone;
  const char* p = pattern_;
  while (p != pattern_end_ && *p == '(') p += p[1] == ')' ? 2 : 1;
  if (p >= pattern_end_ || *p == ')') return;
  if (*p == '$' && p + 1 == pattern_end_) return;
  if (*p == kEscape && (p[1] == 'b' || p[1] == 'f' || IsDigit(p[1]))) return;
  const char* next = ReadItem(p, &filter_item_);
  if (next == nullptr) {  // matching will find the same error, if it gets there
    error_ = nullptr;
    return;
  }
  if (*next == '*' || *next == '?' || *next == '-' || filter_item_.kind == Item::Kind::kAny) return;
  filter_ = Filter::kItem;
}

// The end of the part of the subject from `s` on that is worked on before the next check.
const char* PatternMatcher::PartEnd(const char* s) {
  constexpr ptrdiff_t kPart = ptrdiff_t{1} << 20;
  if (end_ - s <= kPart) return end_;
  if (CheckStop()) Fail(kInterrupted);
  return s + kPart;
}

// Where a match can begin at `s` or later, or the subject's end: nowhere, or an error.
const char* PatternMatcher::FindItem(const char* s) {
  while (s < end_ && error_ == nullptr) {
    const char* part = PartEnd(s);
    s = filter_item_.Find(s, part);
    if (s != part) return s;
  }
  return end_;
}

const char* PatternMatcher::Search(const char* s, const char* rejected_end, const char** start) {
  if (filter_ == Filter::kUnknown) FindFilter();
  for (;; ++s) {
    if (filter_ == Filter::kItem) {
      s = FindItem(s);
      if (s == end_) return nullptr;
    }
    const char* e = MatchAt(s);
    if (e != nullptr && e != rejected_end) {
      *start = s;
      return e;
    }
    if (error_ != nullptr || s >= end_) return nullptr;
  }
}

bool PatternMatcher::GetCapture(int index, const char* s, const char* e, Capture* out) {
  if (index >= level_) {
    if (index != 0) return FailIndex(index + 1), false;
    *out = {s, static_cast<size_t>(e - s), false};
    return true;
  }
  const ptrdiff_t size = captures_[index].size;
  if (size == kUnfinished) return Fail("unfinished capture"), false;
  *out = {captures_[index].start, size == kPosition ? 0 : static_cast<size_t>(size),
          size == kPosition};
  return true;
}

}  // namespace perilune::vm
