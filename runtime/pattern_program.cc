#include "runtime/pattern_program.h"

#include <array>
#include <cstring>
#include <utility>

namespace perilune::vm {
namespace {

using Kind = PatternStep::Kind;
using Item = PatternStep::Item;

constexpr char kEscape = '%';

constexpr bool IsLowerCase(unsigned c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsUpperCase(unsigned c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsDigit(unsigned c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlnum(unsigned c) { return IsLowerCase(c) || IsUpperCase(c) || IsDigit(c); }
constexpr bool IsGraph(unsigned c) { return c > ' ' && c < 127; }

// Whether `c` is in the class that the lower case `letter` names, as in the C locale.
constexpr bool InClass(char letter, unsigned c) {
  switch (letter) {
    case 'a': return IsLowerCase(c) || IsUpperCase(c);
    case 'c': return c < ' ' || c == 127;
    case 'd': return IsDigit(c);
    case 'g': return IsGraph(c);
    case 'l': return IsLowerCase(c);
    case 'p': return IsGraph(c) && !IsAlnum(c);
    case 's': return c == ' ' || (c >= '\t' && c <= '\r');
    case 'u': return IsUpperCase(c);
    case 'w': return IsAlnum(c);
    case 'x': return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    default: return c == 0;  // 'z': deprecated, but the reference has it
  }
}
constexpr char kClassLetters[] = {'a', 'c', 'd', 'g', 'l', 'p', 's', 'u', 'w', 'x', 'z'};
constexpr size_t kClassCount = sizeof(kClassLetters);

using Set = std::array<uint8_t, 256>;

// By class, then whether complemented.
constexpr auto kClasses = [] {
  std::array<std::array<Set, 2>, kClassCount> sets{};
  for (size_t i = 0; i < kClassCount; ++i) {
    for (unsigned c = 0; c < 256; ++c) {
      const bool in = InClass(kClassLetters[i], c);
      sets[i][0][c] = in;
      sets[i][1][c] = !in;
    }
  }
  return sets;
}();

// The set that `letter` names after '%', or null: then it stands for itself. An upper case letter means the complement.
const uint8_t* ClassOf(char letter) {
  const bool upper = IsUpperCase(static_cast<unsigned char>(letter));
  const char lower = static_cast<char>(letter | 0x20);
  if (!upper && letter != lower) return nullptr;
  for (size_t i = 0; i < kClassCount; ++i) {
    if (kClassLetters[i] == lower) return kClasses[i][upper].data();
  }
  return nullptr;
}

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

// Fills `set` from the text of a set, without its brackets.
void BuildSet(const char* p, const char* last, uint8_t* set) {
  const bool negated = p < last && *p == '^';
  if (negated) ++p;
  std::memset(set, 0, 256);
  for (; p < last; ++p) {
    if (*p == kEscape) {
      ++p;  // there is one: a set that ends with '%' is not closed
      if (const uint8_t* named = ClassOf(*p)) {
        for (unsigned c = 0; c < 256; ++c) set[c] |= named[c];
      } else {
        set[Byte(*p)] = 1;
      }
    } else if (p + 2 < last && p[1] == '-') {
      for (unsigned c = Byte(p[0]); c <= Byte(p[2]); ++c) set[c] = 1;
      p += 2;
    } else {
      set[Byte(*p)] = 1;
    }
  }
  if (negated) {
    for (unsigned c = 0; c < 256; ++c) set[c] ^= 1;
  }
}

bool Disjoint(const PatternStep& a, const PatternStep& b) {
  if (a.item == Item::kAny || b.item == Item::kAny) return false;
  if (a.item == Item::kLiteral) return b.item == Item::kLiteral ? a.literal != b.literal : b.set[Byte(a.literal)] == 0;
  if (b.item == Item::kLiteral) return a.set[Byte(b.literal)] == 0;
  uint8_t common = 0;
  for (unsigned c = 0; c < 256; ++c) common |= a.set[c] & b.set[c];
  return common == 0;
}

constexpr const char* kInvalidIndex[] = {
    "invalid capture index %0", "invalid capture index %1", "invalid capture index %2", "invalid capture index %3", "invalid capture index %4",
    "invalid capture index %5", "invalid capture index %6", "invalid capture index %7", "invalid capture index %8", "invalid capture index %9"};

}  // namespace

void PatternProgram::Fail(const char* message) {
  Add(Kind::kError);
  steps_.back().message = message;
  failed_ = true;
}

void PatternProgram::Add(Kind kind, uint8_t index) {
  PatternStep step;
  step.kind = kind;
  step.index = index;
  steps_.push_back(step);
}

const char* PatternProgram::CompileSet(const char* p, const char* end, PatternStep* step) {
  const char* q = p + 1;
  if (q < end && *q == '^') ++q;
  do {  // the first character belongs to the set even if it is a ']'
    if (q == end) return Fail("malformed pattern (missing ']')"), end;
    if (*q++ == kEscape && q < end) ++q;
  } while (q == end || *q != ']');
  step->item = Item::kSet;
  step->own_set = true;
  step->offset = sets_.size();
  sets_.resize(sets_.size() + 256);
  BuildSet(p + 1, q, sets_.data() + step->offset);
  return q + 1;
}

// Reads a single character, class or set at p; answers its end.
const char* PatternProgram::CompileItem(const char* p, const char* end, PatternStep* step) {
  step->kind = Kind::kSingle;
  switch (*p) {
    case '.':
      step->item = Item::kAny;
      return p + 1;
    case '[':
      return CompileSet(p, end, step);
    case kEscape:
      if (p + 1 == end) return Fail("malformed pattern (ends with '%')"), end;
      if (const uint8_t* set = ClassOf(p[1])) {
        step->item = Item::kSet;
        step->set = set;
      } else {
        step->item = Item::kLiteral;
        step->literal = p[1];
      }
      return p + 2;
    default:
      step->item = Item::kLiteral;
      step->literal = *p;
      return p + 1;
  }
}

// "%b", "%f" or "%1": answers the end, or null if it is none of them.
const char* PatternProgram::CompileEscape(const char* p, const char* end) {
  if (p + 1 == end) return nullptr;
  PatternStep step;
  const char c = p[1];
  if (c == 'b') {
    if (end - p < 4) return Fail("malformed pattern (missing arguments to '%b')"), end;
    step.kind = Kind::kBalance;
    step.literal = p[2];
    step.closing = p[3];
    p += 4;
  } else if (c == 'f') {
    if (p + 2 == end || p[2] != '[') return Fail("missing '[' after '%f' in pattern"), end;
    p = CompileSet(p + 2, end, &step);
    if (failed_) return end;
    step.kind = Kind::kFrontier;
  } else if (IsDigit(Byte(c))) {
    const int index = c - '1';
    bool known = index >= 0 && index < captures_;
    for (const uint8_t open : open_) known &= open != index;
    if (!known) return Fail(kInvalidIndex[c - '0']), end;
    step.kind = Kind::kBackReference;
    step.index = static_cast<uint8_t>(index);
    p += 2;
  } else {
    return nullptr;
  }
  steps_.push_back(step);
  return p;
}

void PatternProgram::OpenCapture(Kind kind) {
  if (captures_ >= kMaxCaptures) return Fail("too many captures");
  const auto index = static_cast<uint8_t>(captures_++);
  if (kind == Kind::kOpen) open_.push_back(index);
  Add(kind, index);
}

void PatternProgram::CloseCapture() {
  if (open_.empty()) return Fail("invalid pattern capture");
  Add(Kind::kClose, open_.back());
  open_.pop_back();
}

// Joins characters in a row.
void PatternProgram::AddSingle(const PatternStep& step) {
  PatternStep* last = steps_.empty() ? nullptr : &steps_.back();
  const bool after_text = last != nullptr && (last->kind == Kind::kText || (last->kind == Kind::kSingle && last->item == Item::kLiteral));
  if (step.item != Item::kLiteral || !after_text) return steps_.push_back(step);
  if (last->kind == Kind::kSingle) {
    last->kind = Kind::kText;
    last->offset = text_.size();
    last->length = 1;
    text_.push_back(last->literal);
  }
  ++last->length;
  text_.push_back(step.literal);
}

void PatternProgram::Compile(std::string_view pattern, bool anchors) {
  steps_.clear();
  sets_.clear();
  text_.clear();
  open_.clear();
  captures_ = 0;
  failed_ = false;
  const char* p = pattern.data();
  const char* const end = p + pattern.size();
  anchored_ = anchors && p < end && *p == '^';
  if (anchored_) ++p;
  while (p < end && !failed_) {
    if (*p == '(') {
      const bool position = p + 1 < end && p[1] == ')';
      OpenCapture(position ? Kind::kPosition : Kind::kOpen);
      p += position ? 2 : 1;
      continue;
    }
    if (*p == ')') {
      CloseCapture();
      ++p;
      continue;
    }
    if (*p == '$' && p + 1 == end) {
      Add(Kind::kSubjectEnd);
      break;
    }
    if (*p == kEscape) {
      if (const char* next = CompileEscape(p, end)) {
        p = next;
        continue;
      }
    }
    PatternStep step;
    p = CompileItem(p, end, &step);
    if (failed_) break;
    switch (p < end ? *p : '\0') {
      case '?':
        step.kind = Kind::kOption;
        break;
      case '+':
        step.kind = Kind::kMany;
        step.least = 1;
        break;
      case '*':
        step.kind = Kind::kMany;
        break;
      case '-':
        step.kind = Kind::kFew;
        break;
      default:
        AddSingle(step);
        continue;
    }
    steps_.push_back(step);
    ++p;
  }
  Add(Kind::kEnd);
  Resolve();
}

// Turns offsets into addresses, and looks ahead from the start and each repetition.
void PatternProgram::Resolve() {
  for (PatternStep& step : steps_) {
    if (step.kind == Kind::kText) step.text = text_.data() + step.offset;
    if (step.own_set) step.set = sets_.data() + step.offset;
    step.ends_at_nul = step.item == Item::kSet ? step.set[0] == 0 : step.item == Item::kLiteral && step.literal != '\0';
  }
  first_sets_.clear();
  first_set_count_ = 0;
  for (PatternStep& step : steps_) LookAhead(&step);
  FindStart();
}

// Adds to `set` the characters with which a match from `step` on can begin; *at_end: it can also be empty at the subject's end. False: with any.
bool PatternProgram::FindFirst(const PatternStep* step, uint8_t* set, bool* at_end) const {
  constexpr int kMaxLookAhead = 16;  // so that compiling takes time in proportion to the pattern
  *at_end = false;
  for (int i = 0; i < kMaxLookAhead; ++i, ++step) {
    switch (step->kind) {
      case Kind::kOpen:
      case Kind::kPosition:
      case Kind::kClose:
        continue;
      case Kind::kSubjectEnd:
        *at_end = true;
        return true;
      case Kind::kText:
        set[Byte(step->text[0])] = 1;
        return true;
      case Kind::kBalance:
        set[Byte(step->literal)] = 1;
        return true;
      case Kind::kFrontier:
        for (unsigned c = 0; c < 256; ++c) set[c] |= step->set[c];
        *at_end = step->set[0] != 0;
        return true;
      case Kind::kSingle:
      case Kind::kMany:
      case Kind::kFew:
      case Kind::kOption:
        if (step->item == Item::kAny) return false;
        if (step->item == Item::kLiteral) set[Byte(step->literal)] = 1;
        if (step->item == Item::kSet) {
          for (unsigned c = 0; c < 256; ++c) set[c] |= step->set[c];
        }
        if (step->kind == Kind::kSingle || (step->kind == Kind::kMany && step->least > 0)) return true;
        continue;
      case Kind::kEnd:
      case Kind::kBackReference:
      case Kind::kError:
        return false;
    }
  }
  return false;
}

const uint8_t* PatternProgram::KeepSet(const uint8_t* set) {
  constexpr size_t kSearched = 8;
  size_t searched = 0;
  for (const auto& kept : first_sets_) {
    if (std::memcmp(kept.data(), set, kept.size()) == 0) return kept.data();
    if (++searched == kSearched) break;
  }
  std::memcpy(first_sets_.emplace_front().data(), set, 256);
  ++first_set_count_;
  return first_sets_.front().data();
}

void PatternProgram::LookAhead(PatternStep* step) {
  const bool greedy = step->kind == Kind::kMany || step->kind == Kind::kOption;
  if (!greedy && step->kind != Kind::kFew) return;
  const PatternStep* next = step + 1;
  while (next->kind == Kind::kOpen || next->kind == Kind::kPosition || next->kind == Kind::kClose) ++next;
  if (next->kind == Kind::kEnd) {
    step->possessive = greedy;
    return;
  }
  Set first{};
  bool at_end;
  if (!FindFirst(next, first.data(), &at_end)) return;
  if (greedy && step->item != Item::kAny) {
    PatternStep follows;
    follows.item = Item::kSet;
    follows.set = first.data();
    step->possessive = Disjoint(*step, follows);
  }
  if (step->possessive || step->kind == Kind::kOption) return;
  step->follow = KeepSet(first.data());
  const bool literal = (next->kind == Kind::kSingle || (next->kind == Kind::kMany && next->least > 0)) && next->item == Item::kLiteral;
  step->has_next = literal || next->kind == Kind::kText;
  step->next = literal ? next->literal : step->has_next ? next->text[0] : '\0';
}

void PatternProgram::FindStart() {
  start_ = Start();
  lone_run_ = nullptr;
  const PatternStep* step = steps_.data();
  while (step->kind == Kind::kOpen || step->kind == Kind::kPosition) ++step;
  Set first{};
  if (!FindFirst(step, first.data(), &start_.at_end)) return;
  start_.set = KeepSet(first.data());
  if (step->kind == Kind::kText || step->kind == Kind::kFrontier || (step->kind == Kind::kSingle && step->item == Item::kLiteral)) start_.step = step;
  const bool captured = steps_.size() == 4 && steps_[0].kind == Kind::kOpen && steps_[2].kind == Kind::kClose;
  const bool lone = captured || steps_.size() == 2;
  if (lone && step->kind == Kind::kMany && step->least > 0 && step->item == Item::kSet && step->ends_at_nul) lone_run_ = step;
}

// ---- The cache.

bool PatternCache::SeenAgain(Entry* entry, const String* pattern) {
  if (entry->pattern != pattern->view()) return false;
  entry->key = pattern;
  entry->collections = heap_.collections();
  return true;
}

PatternCache::Ref PatternCache::Get(const String* pattern, bool anchors) {
  if (Entry* found = FindEntry(pattern, anchors)) return Ref(found);
  const size_t memory = sizeof(Entry) + pattern->length + PatternProgram::MemoryFor(pattern->length);
  if (!heap_.TryReserve(memory)) return Ref();
  auto* entry = new Entry;
  entry->heap = &heap_;
  entry->pattern = pattern->view();
  entry->key = pattern;
  entry->collections = heap_.collections();
  entry->anchors = anchors;
  entry->program.Compile(entry->pattern, anchors);
  entry->charged = sizeof(Entry) + pattern->length + entry->program.MemoryBytes();
  heap_.Discharge(memory);
  heap_.Charge(entry->charged);
  // What is large is not kept.
  constexpr size_t kMaxKept = 4096;
  if (pattern->length > kMaxKept) return Ref(entry);
  Entry*& slot = entries_[SlotOf(pattern, anchors)];
  if (slot != nullptr) Release(slot);
  slot = entry;
  ++entry->users;
  return Ref(entry);
}

void PatternCache::Release(Entry* entry) {
  if (--entry->users > 0) return;
  entry->heap->Discharge(entry->charged);
  delete entry;
}

PatternCache::~PatternCache() {
  for (Entry* entry : entries_) {
    if (entry != nullptr) Release(entry);
  }
}

}  // namespace perilune::vm
