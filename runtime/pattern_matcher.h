// The matcher of Lua patterns: backtracking over a compiled pattern (pattern_program.h), with the reference's limits and messages.
//
// What makes it fast: a repetition of a single character is one tight loop, which matching does not come back to where the program knows
// that it would be in vain; Search skips starting points at which the pattern's first item cannot match, and a repetition followed by a plain
// character does not descend where that character is missing.
//
// The program must outlive the matcher, and so must the subject, which is followed by a NUL, as Strings are. A matcher is plain memory.

#ifndef PERILUNE_RUNTIME_PATTERN_MATCHER_H_
#define PERILUNE_RUNTIME_PATTERN_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lang/stop_flag.h"
#include "runtime/pattern_program.h"

namespace perilune::vm {

class PatternMatcher {
 public:
  // A capture: `size` bytes at `data`, or the position `data` when is_position.
  struct Capture {
    const char* data;
    size_t size;
    bool is_position;
  };

  // Matching can take exponential time, so it stops with an error (see interrupted()) soon after `stop` is set.
  PatternMatcher(const PatternProgram& program, std::string_view subject, lang::StopFlag stop)
      : program_(program), stop_(stop), begin_(subject.data()), end_(subject.data() + subject.size()) {}

  // Matches at `s` only. The end of the match, or null: no match or an error.
  const char* MatchAt(const char* s) {
    const PatternProgram::Start& start = program_.start();
    if (start.set != nullptr && (s == end_ ? !start.at_end : start.set[static_cast<uint8_t>(*s)] == 0)) return nullptr;
    return Match(s, program_.steps(), kMaxDepth - 1);
  }
  // Finds the first match that starts at `s` or later and does not end at `rejected_end` (may be
  // null), and where it starts.
  const char* Search(const char* s, const char* rejected_end, const char** start);

  // The message of the error that ended matching, or null.
  const char* error() const { return error_; }
  bool interrupted() const { return interrupted_; }

  // ---- Of the latest match.
  int capture_count() const { return program_.capture_count(); }
  // Capture `index` from 0, where capture 0 of a pattern without any is the whole match [s, e).
  // False: an error.
  bool GetCapture(int index, const char* s, const char* e, Capture* out) {
    if (index >= capture_count()) {
      if (index != 0) return FailCapture(index);
      *out = {s, static_cast<size_t>(e - s), false};
      return true;
    }
    const ptrdiff_t size = captures_[index].size;
    if (size == kUnfinished) return FailCapture(index);
    *out = {captures_[index].start, size == kPosition ? 0 : static_cast<size_t>(size), size == kPosition};
    return true;
  }

  const char* subject_begin() const { return begin_; }
  const char* subject_end() const { return end_; }

 private:
  using Step = PatternStep;

  static constexpr int64_t kStepsBetweenChecks = int64_t{1} << 24;  // characters, or bytes of steps: a few milliseconds
  static constexpr ptrdiff_t kPart = ptrdiff_t{1} << 20;             // characters that are worked on without a check
  static constexpr const char* kInterrupted = "interrupted!";
  static constexpr int kMaxDepth = 200;  // of recursion, as in the reference: bounds the native stack
  static constexpr ptrdiff_t kUnfinished = -1;
  static constexpr ptrdiff_t kPosition = -2;

  // Matches from `step` on; `depth` is how much deeper it may recurse.
  const char* Match(const char* s, const Step* step, int depth);
  const char* MatchMany(const char* s, const char* longest, const Step* step, int depth);
  const char* MatchFew(const char* s, const Step* step, int depth);
  const char* MatchBalance(const char* s, const Step& step);
  const char* MatchBackReference(const char* s, int index);
  const char* Run(const char* s, const Step& step);
  const char* RunFar(const char* s, const Step& step);
  const char* FindStartIn(const char* s, const char* end) const;
  const char* FindStart(const char* s);
  bool FailCapture(int index);
  bool CheckStop();
  const char* PartEnd(const char* s);
  const char* Fail(const char* message) {
    error_ = message;
    return nullptr;
  }

  const PatternProgram& program_;
  const lang::StopFlag stop_;
  const char* begin_;
  const char* end_;
  const char* error_ = nullptr;
  bool interrupted_ = false;
  int64_t steps_left_ = kStepsBetweenChecks;
  struct {
    const char* start;
    ptrdiff_t size;
  } captures_[PatternProgram::kMaxCaptures];
  char error_text_[40];
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_PATTERN_MATCHER_H_
