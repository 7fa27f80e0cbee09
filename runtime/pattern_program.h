// Lua patterns (manual §6.4.1) made ready for the matcher: a pattern is compiled once to a list of steps, and the programs of the
// patterns used lately are kept.
//
// What is known when compiling and makes matching fast: each class and set is a table of 256 bytes; characters in a row are compared at once;
// which capture a parenthesis belongs to; with which characters a match, and what follows a repetition, can begin; and so for each repetition whether
// it can give anything back: "%d+" before "-" cannot, because no digit is a "-", so matching goes straight on (`possessive`).
//
// Errors of a malformed pattern are raised only when matching gets there, as in the reference, so they are steps, too.

#ifndef PERILUNE_RUNTIME_PATTERN_PROGRAM_H_
#define PERILUNE_RUNTIME_PATTERN_PROGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/heap.h"
#include "runtime/object.h"

namespace perilune::vm {

struct PatternStep {
  enum class Kind : uint8_t {
    kEnd,
    kSingle,         // one character of the item
    kText,           // `length` characters at `text`
    kMany,           // as many characters of the item as possible, at least `least`
    kFew,            // as few as possible
    kOption,         // one character of the item or none
    kOpen,           // capture `index` begins
    kPosition,       // capture `index` is the position
    kClose,          // capture `index` ends
    kSubjectEnd,     // '$'
    kBalance,        // %b with `literal` and `closing`
    kFrontier,       // %f with `set`
    kBackReference,  // capture `index` again
    kError,          // `message`
  };
  enum class Item : uint8_t { kAny, kLiteral, kSet };

  Kind kind = Kind::kEnd;
  Item item = Item::kAny;
  char literal = 0;
  char closing = 0;
  uint8_t least = 0;
  uint8_t index = 0;
  bool possessive = false;   // of kMany and kOption: what follows cannot match anything that the item does
  bool has_next = false;     // of repetitions: what follows begins with this character
  char next = 0;
  bool own_set = false;      // while compiling: the set stands at `offset` of the program's own
  bool ends_at_nul = false;  // the item does not match a NUL, which the subject ends with
  uint32_t length = 0;
  const uint8_t* follow = nullptr;  // of repetitions: 1 for characters with which what follows can begin, unless it is at the subject's end; null: with any
  union {
    const uint8_t* set = nullptr;  // 256 bytes: 1 for characters in it
    const char* text;
    const char* message;
    size_t offset;  // while compiling: of the set or text
  };
};

class PatternProgram {
 public:
  static constexpr int kMaxCaptures = 32;
  static constexpr const char* kSpecials = "^$*+?.([%-";

  // With `anchors` a '^' in front is an anchor, else a character like others. Pattern lengths are bounded by memory only: see MemoryFor.
  void Compile(std::string_view pattern, bool anchors);
  // Bytes that compiling a pattern of this length may take.
  static size_t MemoryFor(size_t length) { return sizeof(PatternProgram) + length * (sizeof(PatternStep) + 160) + 64; }

  // Bytes outside of this object.
  size_t MemoryBytes() const { return steps_.capacity() * sizeof(PatternStep) + sets_.capacity() + first_set_count_ * kSetBytes + text_.capacity() + open_.capacity(); }


  const PatternStep* steps() const { return steps_.data(); }
  const PatternStep* end() const { return steps_.data() + steps_.size(); }
  // Where a match can begin.
  struct Start {
    const uint8_t* set = nullptr;  // 1 for characters with which it can; null: with any
    const PatternStep* step = nullptr;  // what tells more: a text, a single literal or a frontier; or null
    bool at_end = false;           // and at the subject's end
  };
  const Start& start() const { return start_; }
  // The one repetition that the pattern consists of ("%a+", "([^,]+)"), of a character at least that is no NUL, or null. A capture around it is the first.
  const PatternStep* lone_run() const { return lone_run_; }
  bool anchored() const { return anchored_; }
  int capture_count() const { return captures_; }

 private:
  friend class PatternCache;

  static constexpr size_t kSetBytes = 256 + sizeof(void*);

  const char* CompileItem(const char* p, const char* end, PatternStep* step);
  const char* CompileSet(const char* p, const char* end, PatternStep* step);
  const char* CompileEscape(const char* p, const char* end);
  void OpenCapture(PatternStep::Kind kind);
  void CloseCapture();
  void AddSingle(const PatternStep& step);
  void Add(PatternStep::Kind kind, uint8_t index = 0);
  void Fail(const char* message);
  void Resolve();
  bool FindFirst(const PatternStep* step, uint8_t* set, bool* at_end) const;
  const uint8_t* KeepSet(const uint8_t* set);
  void LookAhead(PatternStep* step);
  void FindStart();

  std::vector<PatternStep> steps_;
  std::vector<uint8_t> sets_;
  std::string text_;
  std::vector<uint8_t> open_;  // captures that have begun and not ended, while compiling
  std::forward_list<std::array<uint8_t, 256>> first_sets_;  // what `follow` and `start` point to
  size_t first_set_count_ = 0;
  Start start_;
  const PatternStep* lone_run_ = nullptr;
  int captures_ = 0;
  bool anchored_ = false;
  bool failed_ = false;
};

// Keeps programs by pattern. Belongs to an isolate, whose heap is charged for them.
class PatternCache {
  struct Entry {
    Heap* heap;
    PatternProgram program;
    std::string pattern;
    const String* key;     // the string the pattern was last seen as, and
    uint64_t collections;  // when: the address tells as long as nothing was collected since
    size_t charged;
    uint32_t users = 0;  // the cache is one
    bool anchors;
  };

 public:
  explicit PatternCache(Heap& heap) : heap_(heap) {}
  ~PatternCache();
  PatternCache(const PatternCache&) = delete;
  PatternCache& operator=(const PatternCache&) = delete;

  // A program that a matcher uses, which keeps it alive. Empty: not enough memory.
  class Ref {
   public:
    Ref() = default;
    Ref(Ref&& other) noexcept : entry_(other.entry_) { other.entry_ = nullptr; }
    Ref& operator=(Ref&&) = delete;
    ~Ref() {
      if (entry_ != nullptr) Release(entry_);
    }
    explicit operator bool() const { return entry_ != nullptr; }
    const PatternProgram& operator*() const { return entry_->program; }
    const PatternProgram* operator->() const { return &entry_->program; }

   private:
    friend class PatternCache;
    explicit Ref(Entry* entry) : entry_(entry) { ++entry->users; }

    Entry* entry_ = nullptr;
  };

  // May collect, and answers an empty Ref when there is not enough memory.
  Ref Get(const String* pattern, bool anchors);
  // If it is there already; as long as no other is put in its place.
  const PatternProgram* Find(const String* pattern, bool anchors) {
    const Entry* entry = FindEntry(pattern, anchors);
    return entry != nullptr ? &entry->program : nullptr;
  }

 private:
  Entry* FindEntry(const String* pattern, bool anchors) {
    Entry* entry = entries_[SlotOf(pattern, anchors)];
    if (entry == nullptr || entry->anchors != anchors) return nullptr;
    if (entry->collections == heap_.collections()) [[likely]] return entry->key == pattern ? entry : nullptr;
    return SeenAgain(entry, pattern) ? entry : nullptr;
  }

  static constexpr size_t kSlots = 64;

  static size_t SlotOf(const String* pattern, bool anchors) { return ((reinterpret_cast<uintptr_t>(pattern) >> 4) + anchors) % kSlots; }
  // Whether the entry is the pattern's, when there was a collection since.
  bool SeenAgain(Entry* entry, const String* pattern);
  static void Release(Entry* entry);

  Heap& heap_;
  Entry* entries_[kSlots] = {};
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_PATTERN_PROGRAM_H_
