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

// The end of the longest run of matching characters in [s, end); if `nul_at_end`, there is a NUL at `end`.
const char* RunIn(const char* s, const char* end, const PatternStep& step, bool nul_at_end) {
  switch (step.item) {
    case Item::kSet: {
      const uint8_t* const set = step.set;
      if (nul_at_end && step.ends_at_nul) {
        while (set[Byte(*s)] != 0) ++s;
      } else {
        while (s < end && set[Byte(*s)] != 0) ++s;
      }
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

// The first character in [s, end) that is in the set, or `end`.
const char* FindInSet(const char* s, const char* end, const uint8_t* set) {
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
  if (end_ - s <= kPart) [[likely]]
    return end_;
  if (CheckStop()) Fail(kInterrupted);
  return s + kPart;
}

// The end of the longest run from `s` on, or null: an error.
inline const char* PatternMatcher::Run(const char* s, const Step& step) {
  if (end_ - s > kPart) [[unlikely]]
    return RunFar(s, step);
  const char* e = RunIn(s, end_, step, /*nul_at_end=*/true);
  steps_left_ -= e - s;
  return e;
}

const char* PatternMatcher::RunFar(const char* s, const Step& step) {
  const char* e = s;
  for (const char* part = s; e == part && part < end_;) {
    part = PartEnd(e);
    if (error_ != nullptr) return nullptr;
    e = RunIn(e, part, step, part == end_);
  }
  steps_left_ -= e - s;
  return e;
}

const char* PatternMatcher::Match(const char* s, const Step* step, int depth) {
  steps_left_ -= reinterpret_cast<const char*>(program_.end()) - reinterpret_cast<const char*>(step);
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
        if (longest == nullptr) [[unlikely]]
          return nullptr;
        if (longest == s) {
          if (step->least != 0) return nullptr;
          continue;
        }
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
    __builtin_unreachable();  // each kind has its case
  }
}

// The longest run that lets the rest of the pattern match: it may shrink from `longest` to `least`.
const char* PatternMatcher::MatchMany(const char* least, const char* longest, const Step* step, int depth) {
  const uint8_t* const follow = step->follow;
  for (const char* e = longest;; --e) {
    if (follow == nullptr || e == end_ || follow[Byte(*e)] != 0) {
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
    if (step->follow == nullptr || s == end_ || step->follow[Byte(*s)] != 0) {
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

// The first place in [s, end) at which a match can begin, or `end`.
const char* PatternMatcher::FindStartIn(const char* s, const char* end) const {
  const PatternProgram::Start& start = program_.start();
  if (start.step == nullptr) return FindInSet(s, end, start.set);
  switch (start.step->kind) {
    case Kind::kText:
      return FindByte(s, end, start.step->text[0]);
    case Kind::kSingle:
      return FindByte(s, end, start.step->literal);
    default:
      // A frontier.
      for (;; ++s) {
        s = FindInSet(s, end, start.set);
        if (s == end || start.set[s == begin_ ? 0 : Byte(s[-1])] == 0) return s;
      }
  }
}

// Where a match can begin at `s` or later, or the subject's end, or null: an error.
const char* PatternMatcher::FindStart(const char* s) {
  if (end_ - s <= kPart) [[likely]]
    return FindStartIn(s, end_);
  while (s < end_) {
    const char* part = PartEnd(s);
    if (error_ != nullptr) return nullptr;
    s = FindStartIn(s, part);
    if (s != part) return s;
  }
  return end_;
}

const char* PatternMatcher::Search(const char* s, const char* rejected_end, const char** start) {
  const PatternProgram::Start& begins = program_.start();
  if (const Step* run = program_.lone_run(); run != nullptr && end_ - s <= kPart) {
    s = FindInSet(s, end_, begins.set);
    if (s == end_) return nullptr;
    const char* e = Run(s + 1, *run);
    captures_[0] = {s, e - s};
    *start = s;
    return e;
  }
  // A single character that was found need not be looked at again.
  const Step* first = program_.steps();
  const ptrdiff_t skipped = begins.set != nullptr && first->kind == Kind::kSingle ? 1 : 0;
  first += skipped;
  for (;; ++s) {
    ptrdiff_t at = 0;
    if (begins.set != nullptr) {
      s = FindStart(s);
      if (s == nullptr || (s == end_ && !begins.at_end)) return nullptr;
      at = skipped;
    }
    const char* e = at != 0 && first->kind == Kind::kEnd ? s + 1 : Match(s + at, first, kMaxDepth - 1);
    if (e != nullptr && e != rejected_end) {
      *start = s;
      return e;
    }
    if (error_ != nullptr || s >= end_) return nullptr;
  }
}

bool PatternMatcher::FailCapture(int index) {
  if (index < capture_count()) return Fail("unfinished capture"), false;
  std::snprintf(error_text_, sizeof(error_text_), "invalid capture index %%%d", index + 1);
  return Fail(error_text_), false;
}

}  // namespace perilune::vm
