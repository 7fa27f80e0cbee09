// The matcher follows the reference's structure (it recurses for repetitions and options, and counts captures as if it did), because its limit is
// visible: "pattern too complex".

#include "runtime/pattern_matcher.h"

#include <cstdio>
#include <cstring>

namespace perilune::vm {
namespace {

using Kind = PatternStep::Kind;
using Item = PatternStep::Item;

constexpr const char* kTooComplex = "pattern too complex";

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

bool Matches(const PatternStep& step, char c) {
  switch (step.item) {
    case Item::kSet:
      return step.set[Byte(c)] != 0;
    case Item::kLiteral:
      return c == step.literal;
    case Item::kAny:
      break;
  }
  return true;
}

// The end of the longest run of matching characters in [s, end).
const char* RunIn(const char* s, const char* end, const PatternStep& step) {
  switch (step.item) {
    case Item::kSet: {
      const uint8_t* const set = step.set;
      while (s < end && set[Byte(*s)] != 0) ++s;
      return s;
    }
    case Item::kLiteral:
      while (s < end && *s == step.literal) ++s;
      return s;
    case Item::kAny:
      break;
  }
  return end;
}

const char* FindByte(const char* s, const char* end, char c) {
  const void* found = s < end ? std::memchr(s, c, static_cast<size_t>(end - s)) : nullptr;
  return found != nullptr ? static_cast<const char*>(found) : end;
}

// The first place in [s, end) at which the step can match, or `end`.
const char* FindIn(const char* s, const char* end, const PatternStep& first) {
  if (first.kind == Kind::kText) return FindByte(s, end, first.text[0]);
  if (first.item == Item::kLiteral) return FindByte(s, end, first.literal);
  const uint8_t* const set = first.set;
  while (s < end && set[Byte(*s)] == 0) ++s;
  return s;
}

}  // namespace

bool PatternMatcher::CheckStop() {
  steps_left_ = kStepsBetweenChecks;
  interrupted_ = stop_.is_set();
  return interrupted_;
}

// The end of the part of the subject from `s` on that is worked on before the next check.
const char* PatternMatcher::PartEnd(const char* s) {
  constexpr ptrdiff_t kPart = ptrdiff_t{1} << 20;
  if (end_ - s <= kPart) [[likely]]
    return end_;
  if (CheckStop()) Fail(kInterrupted);
  return s + kPart;
}

const char* PatternMatcher::Run(const char* s, const Step& step) {
  const char* e = s;
  for (const char* part = s; e == part && part < end_ && error_ == nullptr;) {
    part = PartEnd(e);
    e = RunIn(e, part, step);
  }
  steps_left_ -= e - s;
  return e;
}

const char* PatternMatcher::Match(const char* s, const Step* step, int depth) {
  steps_left_ -= program_.end() - step;
  if (steps_left_ < 0 && CheckStop()) [[unlikely]]
    return Fail(kInterrupted);
  for (;; ++step) {
    switch (step->kind) {
      case Kind::kEnd:
        return s;
      case Kind::kSingle:
        if (s == end_ || !Matches(*step, *s)) return nullptr;
        ++s;
        continue;
      case Kind::kText:
        if (static_cast<size_t>(end_ - s) < step->length) return nullptr;
        for (uint32_t i = 0; i < step->length; ++i) {
          if (s[i] != step->text[i]) return nullptr;
        }
        s += step->length;
        continue;
      case Kind::kMany: {
        const char* longest = Run(s, *step);
        if (error_ != nullptr || longest - s < step->least) return nullptr;
        if (longest == s) continue;
        if (depth == 0) [[unlikely]]
          return Fail(kTooComplex);
        if (!step->possessive) return MatchMany(s + step->least, longest, step, depth);
        s = longest;
        --depth;
        continue;
      }
      case Kind::kFew:
        if (s == end_ || !Matches(*step, *s)) continue;
        return MatchFew(s, step, depth);
      case Kind::kOption:
        if (s == end_ || !Matches(*step, *s)) continue;
        if (depth == 0) [[unlikely]]
          return Fail(kTooComplex);
        if (step->possessive) {
          ++s;
          --depth;
        } else {
          const char* end = Match(s + 1, step + 1, depth - 1);
          if (end != nullptr || error_ != nullptr) return end;
        }
        continue;
      case Kind::kOpen:
      case Kind::kPosition:
        captures_[step->index] = {s, step->kind == Kind::kOpen ? kUnfinished : kPosition};
        if (depth-- == 0) [[unlikely]]
          return Fail(kTooComplex);
        continue;
      case Kind::kClose:
        captures_[step->index].size = s - captures_[step->index].start;
        if (depth-- == 0) [[unlikely]]
          return Fail(kTooComplex);
        continue;
      case Kind::kSubjectEnd:
        if (s != end_) return nullptr;
        continue;
      case Kind::kBalance:
        s = MatchBalance(s, *step);
        if (s == nullptr) return nullptr;
        continue;
      case Kind::kFrontier: {
        const char before = s == begin_ ? '\0' : s[-1];
        // At the subject's end *s is its NUL.
        if (step->set[Byte(before)] != 0 || step->set[Byte(*s)] == 0) return nullptr;
        continue;
      }
      case Kind::kBackReference:
        s = MatchBackReference(s, step->index);
        if (s == nullptr) return nullptr;
        continue;
      case Kind::kError:
        return Fail(step->message);
    }
  }
}

// The longest run that lets the rest of the pattern match: it may shrink from `longest` to `least`.
const char* PatternMatcher::MatchMany(const char* least, const char* longest, const Step* step, int depth) {
  for (const char* e = longest;; --e) {
    if (!step->has_next || (e < end_ && *e == step->next)) {
      const char* end = Match(e, step + 1, depth - 1);
      if (end != nullptr || error_ != nullptr) return end;
    }
    if (e == least) return nullptr;
  }
}

const char* PatternMatcher::MatchFew(const char* s, const Step* step, int depth) {
  if (depth == 0) return Fail(kTooComplex);
  for (;; ++s) {
    if (step->has_next && step->item == Item::kAny) {
      const char* part = PartEnd(s);
      const char* found = FindByte(s, part, step->next);
      steps_left_ -= found - s;
      s = found;
      if (error_ != nullptr || s == end_) return nullptr;
      if (s == part) {
        --s;
        continue;
      }
    }
    if (!step->has_next || (s < end_ && *s == step->next)) {
      const char* end = Match(s, step + 1, depth - 1);
      if (end != nullptr || error_ != nullptr) return end;
    }
    if (s >= end_ || !Matches(*step, *s)) return nullptr;
    --steps_left_;
  }
}

const char* PatternMatcher::MatchBalance(const char* s, const Step& step) {
  if (s >= end_ || *s != step.literal) return nullptr;
  const char* const from = s;
  size_t depth = 1;
  while (++s < end_) {
    if (*s == step.closing) {
      if (--depth == 0) break;
    } else if (*s == step.literal) {
      ++depth;
    }
  }
  steps_left_ -= s - from;
  return s < end_ ? s + 1 : nullptr;
}

const char* PatternMatcher::MatchBackReference(const char* s, int index) {
  // A position capture matches like one too long for any subject, as its size does in the
  // reference.
  const size_t size = static_cast<size_t>(captures_[index].size);
  if (static_cast<size_t>(end_ - s) < size || std::memcmp(captures_[index].start, s, size) != 0)
    return nullptr;
  steps_left_ -= static_cast<int64_t>(size);
  return s + size;
}

// Where a match can begin at `s` or later, or the subject's end: nowhere, or an error.
const char* PatternMatcher::FindFirst(const char* s, const Step& first) {
  while (s < end_ && error_ == nullptr) {
    const char* part = PartEnd(s);
    s = FindIn(s, part, first);
    if (s != part) return s;
  }
  return end_;
}

const char* PatternMatcher::Search(const char* s, const char* rejected_end, const char** start) {
  const Step* const first = program_.first();
  for (;; ++s) {
    const char* e;
    if (first == nullptr) {
      e = MatchAt(s);
    } else {
      s = FindFirst(s, *first);
      if (s == end_) return nullptr;
      const bool simple = first == program_.steps() && first->kind == Kind::kSingle;
      e = simple ? Match(s + 1, first + 1, kMaxDepth - 1) : MatchAt(s);
    }
    if (e != nullptr && e != rejected_end) {
      *start = s;
      return e;
    }
    if (error_ != nullptr || s >= end_) return nullptr;
  }
}

bool PatternMatcher::GetCapture(int index, const char* s, const char* e, Capture* out) {
  if (index >= capture_count()) {
    if (index != 0) {
      std::snprintf(error_text_, sizeof(error_text_), "invalid capture index %%%d", index + 1);
      return Fail(error_text_), false;
    }
    *out = {s, static_cast<size_t>(e - s), false};
    return true;
  }
  const ptrdiff_t size = captures_[index].size;
  if (size == kUnfinished) return Fail("unfinished capture"), false;
  *out = {captures_[index].start, size == kPosition ? 0 : static_cast<size_t>(size), size == kPosition};
  return true;
}

}  // namespace perilune::vm
