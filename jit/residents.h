// Which words of the frame are still in scratch registers while the compiler walks a basic block, so that they need not be loaded again.
//
// [DOC] Residents
//   The frame is always up to date; a resident is a copy. Word 2r is the payload of register r, word 2r + 1 its tag, kClosureWord the running function.
//   Copies live in x0..x7 and d16..d23, which templates get from NewX and NewD only. They end
//   - where the word is written (the compiler's Store functions see to that), and where the scratch register is given to something else;
//   - at branch targets, and at whatever clobbers scratch registers, calls above all;
//   - where no instruction to come in the block reads the word (WantedOperands);
//   - not where code out of line joins again: it loads again what the hot path keeps there (BaselineCompiler::Join, Rejoin).
//   Code out of line keeps nothing and is given x9, x11, x13, d0..d3 instead, so that what does not call leaves the copies as they are.

#ifndef PERILUNE_JIT_RESIDENTS_H_
#define PERILUNE_JIT_RESIDENTS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "jit/a64_operands.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

class Residents {
 public:
  static constexpr uint32_t PayloadWord(uint32_t reg) { return 2 * reg; }
  static constexpr uint32_t TagWord(uint32_t reg) { return 2 * reg + 1; }
  static constexpr uint32_t kClosureWord = 512;
  // Not in the frame: a tag itself, to be stored.
  static constexpr uint32_t ConstantWord(Tag tag) { return 513 + static_cast<uint32_t>(tag); }
  static constexpr bool IsConstantWord(uint32_t word) { return word >= 513; }
  static constexpr Tag ConstantOf(uint32_t word) { return static_cast<Tag>(word - 513); }
  static constexpr uint32_t kWordCount = 513 + 16;
  // A scratch register: 0..7 for x0..x7, 8..15 for d16..d23.
  using Place = uint8_t;
  static constexpr Place kNowhere = 0xff;
  struct Entry {
    uint16_t word;
    Place place;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct Snapshot {
    uint8_t count = 0;
    std::array<Entry, 16> entries;
    bool Has(const Entry& entry) const {
      return std::find(entries.begin(), entries.begin() + count, entry) != entries.begin() + count;
    }
  };

  Residents() { index_.fill(kNone); }

  static bool IsX(Place p) { return p < kXs; }
  static X AsX(Place p) { return X(p); }
  static D AsD(Place p) { return D(p - kXs + kFirstD); }
  static Place PlaceOf(X x) { return x.code < kXs ? static_cast<Place>(x.code) : kNowhere; }
  static Place PlaceOf(D d) { return d.code >= kFirstD && d.code < kFirstD + kDs ? static_cast<Place>(d.code - kFirstD + kXs) : kNowhere; }

  // Places found or given since stay untouched until the next op begins.
  void BeginOp() {
    pinned_ = 0;
    cold_x_ = 13;
    cold_d_ = 3;
  }
  // The place of a word in an x (or d) register, or kNowhere.
  Place FindX(uint32_t word) {
    const Place place = PlaceNow(word);
    return place < kXs ? Pin(place) : kNowhere;
  }
  Place FindD(uint32_t word) {
    const Place place = PlaceNow(word);
    return place >= kXs && place != kNowhere ? Pin(place) : kNowhere;
  }
  X NewX() {
    if (keeping_) return AsX(New(&next_x_, 0, kXs));
    cold_x_ = cold_x_ == 13 ? 9 : cold_x_ + 2;
    return X(cold_x_);
  }
  D NewD() {
    if (keeping_) return AsD(New(&next_d_, kXs, kXs + kDs));
    cold_d_ = (cold_d_ + 1) % 4;
    return D(cold_d_);
  }

  // The word now also is in the register; nothing if that is none of ours.
  void Keep(uint32_t word, Place place) {
    Drop(word);
    if (place == kNowhere || !keeping_) return;
    if (now_.count == now_.entries.size()) Drop(now_.entries[0].word);
    index_[word] = now_.count;
    now_.entries[now_.count++] = {static_cast<uint16_t>(word), place};
    Share(place);
  }
  void Drop(uint32_t word) {
    const uint8_t index = index_[word];
    if (index == kNone) return;
    const Place place = now_.entries[index].place;
    if (--shares_[place] == 0) used_ &= ~(1u << place);
    const Entry last = now_.entries[--now_.count];
    now_.entries[index] = last;
    index_[last.word] = index;
    index_[word] = kNone;
  }
  void DropRegister(uint32_t reg) {
    Drop(PayloadWord(reg));
    Drop(TagWord(reg));
  }
  // Drops the word if another one has the same place: no two words are the same by an op's every way.
  void DropShared(uint32_t word) {
    const Place place = PlaceNow(word);
    if (place != kNowhere && shares_[place] > 1) Drop(word);
  }
  void Clear() {
    for (size_t i = 0; i < now_.count; ++i) index_[now_.entries[i].word] = kNone;
    now_.count = 0;
    shares_.fill(0);
    used_ = 0;
  }
  // Code out of line finds what the hot path had when it branched there, until it clobbers that.
  void Recall(const Snapshot& before) {
    Clear();
    now_ = before;
    for (uint8_t i = 0; i < now_.count; ++i) {
      index_[now_.entries[i].word] = i;
      Share(now_.entries[i].place);
    }
  }
  const Snapshot& now() const { return now_; }
  bool keeping() const { return keeping_; }
  // Not in code out of line: other code runs after it.
  void set_keeping(bool on) {
    Clear();
    keeping_ = on;
  }

 private:
  static constexpr uint32_t kXs = 8, kDs = 8, kFirstD = 16;

  Place PlaceNow(uint32_t word) const { return index_[word] == kNone ? kNowhere : now_.entries[index_[word]].place; }
  void Share(Place place) {
    ++shares_[place];
    used_ |= 1u << place;
  }
  Place Pin(Place p) {
    pinned_ |= 1u << p;
    return p;
  }
  Place New(Place* next, Place begin, Place end) {
    uint32_t used = pinned_ | used_;
    const uint32_t all = (1u << end) - (1u << begin);
    if ((used & all) == all) used = pinned_;  // one of the copies must go
    Place p;
    do {
      p = *next;
      *next = p + 1u == end ? begin : static_cast<Place>(p + 1);
    } while ((used >> p & 1) != 0);
    for (size_t i = now_.count; shares_[p] != 0; --i) {
      if (now_.entries[i - 1].place == p) Drop(now_.entries[i - 1].word);
    }
    return Pin(p);
  }

  static constexpr uint8_t kNone = 0xff;
  std::array<uint8_t, kWordCount> index_;  // by word: in now_.entries, or kNone
  Snapshot now_;
  uint32_t pinned_ = 0;  // places
  std::array<uint8_t, kXs + kDs> shares_{};  // by place: entries that have it
  uint32_t used_ = 0;                        // places that have any
  Place next_x_ = 0, next_d_ = kXs;
  uint32_t cold_x_ = 13, cold_d_ = 3;  // given last
  bool keeping_ = true;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_RESIDENTS_H_
