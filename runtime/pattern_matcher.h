// Lua patterns (manual §6.4.1): a backtracking matcher that walks the pattern text itself, with the
// reference's limits and messages.
//
// What makes it fast: a repetition of a single character class is one tight loop; the sets of a
// pattern ("[%w_]") become bitmaps at first use and stay with the matcher; Search skips starting
// points at which the pattern's first item cannot match, and a repetition followed by a plain
// character does not descend where that character is missing.
//
// Subject and pattern must outlive the matcher and be followed by a NUL, as Strings are. A matcher
// is plain memory and needs no destruction.

#ifndef PERILUNE_RUNTIME_PATTERN_MATCHER_H_
#define PERILUNE_RUNTIME_PATTERN_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lang/stop_flag.h"

namespace perilune::vm {

class PatternMatcher {
 public:
  static constexpr int kMaxCaptures = 32;

  // A capture: `size` bytes at `data`, or the position `data` when is_position.
  struct Capture {
    const char* data;
    size_t size;
    bool is_position;
  };

  // `pattern` is without its anchor. Matching can take exponential time, so it stops with an error
  // (see interrupted()) soon after `stop` is set.
  PatternMatcher(std::string_view subject, std::string_view pattern, lang::StopFlag stop)
      : stop_(stop),
        begin_(subject.data()),
        end_(subject.data() + subject.size()),
        pattern_(pattern.data()),
        pattern_end_(pattern.data() + pattern.size()) {}

  // Matches at `s` only. The end of the match, or null: no match or an error.
  const char* MatchAt(const char* s);
  // Finds the first match that starts at `s` or later and does not end at `rejected_end` (may be
  // null), and where it starts.
  const char* Search(const char* s, const char* rejected_end, const char** start);

  // The message of the error that ended matching, or null.
  const char* error() const { return error_; }
  bool interrupted() const { return interrupted_; }

  // ---- Of the latest match.
  int capture_count() const { return level_; }
  // Capture `index` from 0, where capture 0 of a pattern without any is the whole match [s, e).
  // False: an error.
  bool GetCapture(int index, const char* s, const char* e, Capture* out);

  const char* subject_begin() const { return begin_; }
  const char* subject_end() const { return end_; }

 private:
  static constexpr int64_t kStepsBetweenChecks = 1 << 20;  // under a few milliseconds
  static constexpr const char* kInterrupted = "interrupted!";
  static constexpr int kMaxDepth =
      200;  // of recursion, as in the reference: bounds the native stack
  static constexpr int kMaxSets =
      6;  // sets kept as bitmaps; the last slot is reused when there are more
  static constexpr ptrdiff_t kUnfinished = -1;
  static constexpr ptrdiff_t kPosition = -2;

  struct Set {
    const char* pattern;  // of its '['
    const char* end;      // behind its ']'
    uint64_t bits[4];
  };
  // What matches a single character.
  struct Item {
    enum class Kind : uint8_t { kAny, kLiteral, kClass, kSet } kind;
    bool negated;    // kClass
    char literal;    // kLiteral
    uint16_t mask;   // kClass
    const Set* set;  // kSet

    bool Matches(char c) const;
    // The end of the longest run of matching characters in [s, end).
    const char* Run(const char* s, const char* end) const;
    // The first matching character in [s, end), or `end`.
    const char* Find(const char* s, const char* end) const;
  };
  enum class Filter : uint8_t { kUnknown, kNone, kItem };

  const char* Match(const char* s, const char* p);
  const char* MatchLoop(const char* s, const char* p);
  const char* MaxExpand(const char* s, const Item& item, const char* next, const char* least);
  const char* MinExpand(const char* s, const char* p, const char* next);
  const char* StartCapture(const char* s, const char* p, ptrdiff_t what);
  const char* EndCapture(const char* s, const char* p);
  const char* MatchBalance(const char* s, const char* p);
  const char* MatchBackReference(const char* s, char digit);
  // Reads the item at p; its end, or null with an error.
  const char* ReadItem(const char* p, Item* item);
  const Set* ReadSet(const char* p);
  bool NextLiteral(const char* next, char* literal) const;
  void FindFilter();
  bool CheckStop();
  const char* PartEnd(const char* s);
  const char* FindItem(const char* s);
  const char* Fail(const char* message);
  const char* FailIndex(int index);

  const lang::StopFlag stop_;
  const char* begin_;
  const char* end_;
  const char* pattern_;
  const char* pattern_end_;
  const char* error_ = nullptr;
  bool interrupted_ = false;
  int64_t steps_left_ = kStepsBetweenChecks;
  int depth_ = kMaxDepth;
  int level_ = 0;
  int set_count_ = 0;
  Filter filter_ = Filter::kUnknown;
  Item filter_item_;
  struct {
    const char* start;
    ptrdiff_t size;
  } captures_[kMaxCaptures];
  Set sets_[kMaxSets];
  char error_text_[40];
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_PATTERN_MATCHER_H_
