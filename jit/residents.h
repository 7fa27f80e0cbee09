// Which words of the frame are still in scratch registers while the compiler walks a basic block, so that they need not be loaded again.
//
// [DOC] Residents
//   The frame is always up to date; a resident is a copy. Word 2r is the payload of register r, word 2r + 1 its tag, kClosureWord the running function.
//   Copies live in x0..x7 and d16..d23, which templates get from NewX and NewD only. They end
//   - where the word is written (the compiler's Store functions see to that), and where the scratch register is given to something else;
//   - at branch targets, and at whatever clobbers scratch registers, calls above all;
//   - where no instruction to come in the block reads the word (BaselineCompiler::Scan);
//   - not where code out of line joins again: it loads again what the hot path keeps there (BaselineCompiler::Join, Rejoin).
//   Code out of line keeps nothing and is given x9, x11, x13, d0..d3 instead, so that what does not call leaves the copies as they are.
//
// [DOC] Homes
//   Words that an innermost loop reads often have a home while the loop runs: one of x19, x27, x28, d8..d15, which C++ keeps. At each instruction in the
//   loop, and out of line of it, the home is a copy of the word: whatever writes the word writes its home (BaselineCompiler's Store functions), and what
//   has run other Lua code, or the op's semantic function, loads all homes again. Ways into the loop load them (its head's label); loops that are
//   entered elsewhere, or that call, have none.

#ifndef PERILUNE_JIT_RESIDENTS_H_
#define PERILUNE_JIT_RESIDENTS_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "jit/a64_operands.h"
#include "jit/reused_array.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

class Residents {
 public:
  static constexpr uint32_t PayloadWord(uint32_t reg) { return 2 * reg; }
  static constexpr uint32_t TagWord(uint32_t reg) { return 2 * reg + 1; }
  // From here on to twice that: registers that are none; they have no copies.
  static constexpr uint32_t kNoRegister = 256;
  static constexpr uint32_t kClosureWord = 4 * kNoRegister;
  // Not in the frame: a tag itself, to be stored.
  static constexpr uint32_t ConstantWord(Tag tag) { return kClosureWord + 1 + static_cast<uint32_t>(tag); }
  static constexpr bool IsConstantWord(uint32_t word) { return word > kClosureWord; }
  static constexpr Tag ConstantOf(uint32_t word) { return static_cast<Tag>(word - kClosureWord - 1); }
  static constexpr uint32_t kWordCount = kClosureWord + 1 + 16;
  // A register: its number, and kFirstD more if it is a d register. x0..x7 and d16..d23 are scratch registers, the others homes.
  using Place = uint8_t;
  static constexpr Place kFirstD = 32;
  static constexpr std::array<Place, 3> kHomeXs = {19, 27, 28};
  static constexpr std::array<Place, 8> kHomeDs = {kFirstD + 8, kFirstD + 9, kFirstD + 10, kFirstD + 11, kFirstD + 12, kFirstD + 13, kFirstD + 14, kFirstD + 15};
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

  // The homes of a loop.
  struct Homes {
    uint8_t count = 0;
    std::array<Entry, kHomeXs.size() + kHomeDs.size()> entries;
  };

  Residents() {
    index_.fill(kNone);
    home_.fill(kNowhere);
  }

  static bool IsX(Place p) { return p < kFirstD; }
  static X AsX(Place p) { return X(p); }
  static D AsD(Place p) { return D(uint32_t{p} - kFirstD); }
  // Of scratch registers; homes are no place for copies of other words.
  static Place PlaceOf(X x) { return x.code < kScratchXs ? static_cast<Place>(x.code) : kNowhere; }
  static Place PlaceOf(D d) { return d.code - kFirstScratchD < kScratchDs ? static_cast<Place>(d.code + kFirstD) : kNowhere; }

  // Whether these are both words of a register, in x registers.
  static bool AreWordsOfPair(const Entry& payload, const Entry& tag) {
    return payload.word % 2 == 0 && tag.word == payload.word + 1 && payload.word < kClosureWord && IsX(payload.place) && IsX(tag.place) &&
           payload.place != tag.place;
  }

  // Places found or given since stay untouched until the next op begins. `unwanted`: a register of which nothing that the op stores is to be kept, if
  // any.
  void BeginOp(uint32_t unwanted = kNoRegister) {
    unwanted_ = unwanted;
    pinned_ = given_ = 0;
    cold_x_ = 13;
    cold_d_ = 3;
  }
  // Whether any word of the register may have a place.
  bool HasAny(uint32_t reg) const { return CopiesOf(reg) != kNone || homes_ != nullptr; }
  // The place of a word in an x (or d) register, or kNowhere.
  Place FindX(uint32_t word) {
    if (IsX(home_[word])) return home_[word];
    const Place place = PlaceNow(word);
    return IsX(place) ? Pin(place) : kNowhere;
  }
  Place FindD(uint32_t word) {
    if (HasHomeD(word)) return home_[word];
    const Place place = PlaceNow(word);
    return !IsX(place) && place != kNowhere ? Pin(place) : kNowhere;
  }
  // The places that were given to something else or new since the op began.
  uint64_t given() const { return given_; }
  bool has_homes() const { return homes_ != nullptr; }
  // The word's home in the present loop, or kNowhere.
  Place HomeOf(uint32_t word) const { return home_[word]; }
  // The present loop is the one with these homes, or null.
  void SetHomes(const Homes* homes) {
    if (homes == homes_) return;
    if (homes_ != nullptr) {
      for (size_t i = 0; i < homes_->count; ++i) home_[homes_->entries[i].word] = kNowhere;
    }
    homes_ = homes;
    if (homes_ == nullptr) return;
    for (size_t i = 0; i < homes_->count; ++i) home_[homes_->entries[i].word] = homes_->entries[i].place;
  }
  X NewX() {
    if (keeping_) return AsX(New<kAllXs>(&later_xs_));
    cold_x_ = cold_x_ == 13 ? 9 : cold_x_ + 2;
    return X(cold_x_);
  }
  D NewD() {
    if (keeping_) return AsD(New<kAllDs>(&later_ds_));
    cold_d_ = (cold_d_ + 1) % 4;
    return D(cold_d_);
  }
  // A register for the word's new value: best its home.
  X NewXFor(uint32_t word) { return IsX(home_[word]) ? AsX(home_[word]) : NewX(); }
  D NewDFor(uint32_t word) { return HasHomeD(word) ? AsD(home_[word]) : NewD(); }

  // The word now also is in the register; nothing if that is none of ours.
  void Keep(uint32_t word, Place place) {
    Drop(word);
    if (place == kNowhere || !keeping_) return;
    if (now_.count == now_.entries.size()) DropFirst();
    Append(now_.count, word, place);
    ++now_.count;
  }
  // The same for both words of a register.
  void KeepPair(uint32_t reg, Place payload, Place tag) {
    const uint32_t count = now_.count;
    if (((CopiesOf(reg) != kNone) | (payload == kNowhere) | (tag == kNowhere) | (count + 2 > now_.entries.size()) | !keeping_) != 0) {
      return KeepEach(reg, payload, tag);
    }
    Append(count, PayloadWord(reg), payload);
    Append(count + 1, TagWord(reg), tag);
    now_.count = static_cast<uint8_t>(count + 2);
  }
  // The same for what was just stored.
  void KeepStored(uint32_t reg, Place payload, Place tag) { KeepsStored(reg) ? KeepPair(reg, payload, tag) : DropRegister(reg); }
  void KeepStored(uint32_t reg, uint32_t word, Place place) { Keep(word, KeepsStored(reg) ? place : kNowhere); }
  void Drop(uint32_t word) {
    const uint8_t index = index_[word];
    if (index == kNone) return;
    const Place place = now_.entries[index].place;
    --shares_[place];
    used_ &= ~(uint64_t{shares_[place] == 0} << place);
    // Member by member, as entries are written: a processor is slow to load as one what was just stored as two.
    const Entry& last = now_.entries[--now_.count];
    index_[last.word] = index;
    now_.entries[index].word = last.word;
    now_.entries[index].place = last.place;
    index_[word] = kNone;
  }
  void DropRegister(uint32_t reg) {
    if (CopiesOf(reg) != kNone) DropBoth(reg);
  }
  // Most often none of them has copies.
  void DropRegisters(uint32_t r, uint32_t s, uint32_t t) {
    if ((CopiesOf(r) & CopiesOf(s) & CopiesOf(t)) != kNone) DropEach(r, s, t);
  }
  // Drops the word if another one has the same place: no two words are the same by an op's every way.
  void DropShared(uint32_t word) {
    const Place place = PlaceNow(word);
    if (place != kNowhere && shares_[place] > 1) Drop(word);
  }
  void Clear() {
    const size_t count = now_.count;
    if (count == 0) return;
    for (size_t i = 0; i < count; ++i) index_[now_.entries[i].word] = kNone;
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
  // A function's code begins: places are given from the first on, so that the same function always has the same code.
  void BeginFunction() {
    Clear();
    keeping_ = true;
    later_xs_ = later_ds_ = ~uint64_t{0};
  }
  // Code out of line begins, which keeps nothing: other code runs after it.
  void EndKeeping() {
    Clear();
    keeping_ = false;
  }

 private:
  static constexpr uint32_t kScratchXs = 8, kScratchDs = 8, kFirstScratchD = 16;
  static constexpr uint64_t kAllXs = (uint64_t{1} << kScratchXs) - 1;
  static constexpr uint64_t kAllDs = ((uint64_t{1} << kScratchDs) - 1) << (kFirstD + kFirstScratchD);

  bool HasHomeD(uint32_t word) const { return !IsX(home_[word]) && home_[word] != kNowhere; }
  ABSL_ATTRIBUTE_NOINLINE void KeepEach(uint32_t reg, Place payload, Place tag) {
    Keep(PayloadWord(reg), payload);
    Keep(TagWord(reg), tag);
  }
  void Append(uint32_t index, uint32_t word, Place place) {
    index_[word] = static_cast<uint8_t>(index);
    now_.entries[index] = {static_cast<uint16_t>(word), place};
    Share(place);
  }

  ABSL_ATTRIBUTE_NOINLINE void DropEach(uint32_t r, uint32_t s, uint32_t t) {
    DropRegister(r);
    DropRegister(s);
    DropRegister(t);
  }
  ABSL_ATTRIBUTE_NOINLINE void DropBoth(uint32_t reg) {
    Drop(PayloadWord(reg));
    Drop(TagWord(reg));
  }
  // kNone if the register has none.
  uint8_t CopiesOf(uint32_t reg) const { return index_[PayloadWord(reg)] & index_[TagWord(reg)]; }
  bool KeepsStored(uint32_t reg) const { return keeping_ && reg != unwanted_; }
  Place PlaceNow(uint32_t word) const { return index_[word] == kNone ? kNowhere : now_.entries[index_[word]].place; }
  void Share(Place place) {
    ++shares_[place];
    used_ |= uint64_t{1} << place;
  }
  Place Pin(Place p) {
    pinned_ |= uint64_t{1} << p;
    return p;
  }
  // The next of these places, in turn, that is not pinned and, if there is one, has no copies. `later`: the places behind the one that was given last.
  template <uint64_t kAll>
  Place New(uint64_t* later) {
    uint64_t free = kAll & ~(pinned_ | used_);
    if (free == 0) free = kAll & ~pinned_;  // one of the copies must go
    if ((free & *later) != 0) free &= *later;
    const uint64_t first = free & (0 - free);
    *later = 0 - 2 * first;
    const auto p = static_cast<Place>(std::countr_zero(first));
    if ((used_ & first) != 0) DropCopies(p);
    given_ |= first;
    pinned_ |= first;
    return p;
  }
  PERILUNE_RARE void DropFirst() { Drop(now_.entries[0].word); }
  PERILUNE_RARE void DropCopies(Place p) {
    for (size_t i = now_.count; shares_[p] != 0; --i) {
      if (now_.entries[i - 1].place == p) Drop(now_.entries[i - 1].word);
    }
  }

  static constexpr uint8_t kNone = 0xff;
  std::array<uint8_t, kWordCount> index_;  // by word: in now_.entries, or kNone
  std::array<Place, kWordCount> home_;
  const Homes* homes_ = nullptr;
  Snapshot now_;
  uint32_t unwanted_ = kNoRegister;
  uint64_t pinned_ = 0, given_ = 0;  // places
  std::array<uint8_t, kFirstD + kFirstScratchD + kScratchDs> shares_{};  // by place: entries that have it
  uint64_t used_ = 0;                                                    // places that have any
  uint64_t later_xs_ = ~uint64_t{0}, later_ds_ = ~uint64_t{0};
  uint32_t cold_x_ = 13, cold_d_ = 3;  // given last
  bool keeping_ = true;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_RESIDENTS_H_
