// When a function went through each stage on its way from the interpreter to machine code.
//
//   hot ──queue── started ──compile── compiled ──batch── batched ──copy── copied ──maintain── maintained ──sync── synchronized
//       ──install── installed ──first use── used
//
// [DOC] Tier records. Writers: the thread whose call made the function hot (kHot), the one that compiles it (kStarted to kInstalled), the first to
// run its machine code (kUsed). Observer: anyone, at any time. A stage that is seen implies that the earlier ones are, by release and acquire,
// with one exception: code may be used before its last slot is stored, hence before kInstalled. A second compilation begins anew.

#ifndef PERILUNE_RUNTIME_TIER_RECORD_H_
#define PERILUNE_RUNTIME_TIER_RECORD_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/monotonic_clock.h"

namespace perilune::vm {

// Named after what was done when the time was taken.
enum class TierStage : uint8_t {
  kHot,           // the budget was used up, compilation requested
  kStarted,       // taken from the queue
  kCompiled,      // the words are there
  kBatched,       // so are those of the functions that are published together with this one
  kCopied,        // they are in code memory
  kMaintained,    // caches are cleaned and invalidated (dc, dsb, ic, dsb, isb)
  kSynchronized,  // every other thread fetches anew
  kInstalled,     // the slots lead there
  kUsed,          // a thread went there
};
inline constexpr size_t kTierStages = 9;

// What the time before each stage is called; empty for kHot.
inline constexpr std::array<std::string_view, kTierStages> kTierStageNames = {"",         "queue", "compile", "batch",    "copy",
                                                                              "maintain", "sync",  "install", "first use"};

// A snapshot of a record.
struct TierTimes {
  std::array<uint64_t, kTierStages> at{};  // MonotonicNs(); 0: not yet

  uint64_t operator[](TierStage stage) const { return at[static_cast<size_t>(stage)]; }
  bool reached(TierStage stage) const { return (*this)[stage] != 0; }
  // Nanoseconds from the stage before; 0 if one of the two was not reached, or if this one came first.
  uint64_t Took(TierStage stage) const {
    if (stage == TierStage::kHot) return 0;
    return Between(static_cast<TierStage>(static_cast<size_t>(stage) - 1), stage);
  }
  // The same for any two stages.
  uint64_t Between(TierStage from, TierStage to) const {
    return reached(from) && (*this)[to] > (*this)[from] ? (*this)[to] - (*this)[from] : 0;
  }
};

class TierRecord {
 public:
  void Begin() {
    // relaxed: readers that see half of this see a mixture of two compilations, in a statistic
    for (size_t i = 1; i < kTierStages; ++i) at_[i].store(0, std::memory_order_relaxed);
    Mark(TierStage::kHot, MonotonicNs());
  }
  void Mark(TierStage stage, uint64_t at) {
    // release: partner is the acquire in times()
    at_[static_cast<size_t>(stage)].store(at, std::memory_order_release);
  }
  // kUsed, by whoever comes first; costs a load otherwise.
  void MarkUsed() {
    std::atomic<uint64_t>& used = at_[static_cast<size_t>(TierStage::kUsed)];
    uint64_t expected = 0;
    // relaxed: only a first look
    if (used.load(std::memory_order_relaxed) != 0) return;
    // release: as in Mark(). relaxed on failure: another was first
    used.compare_exchange_strong(expected, MonotonicNs(), std::memory_order_release, std::memory_order_relaxed);
  }
  TierTimes times() const {
    TierTimes times;
    // acquire: partner is the release in Mark(); from the last stage back, so that one seen brings those before it
    for (size_t i = kTierStages; i-- > 0;) times.at[i] = at_[i].load(std::memory_order_acquire);
    return times;
  }

 private:
  std::array<std::atomic<uint64_t>, kTierStages> at_{};
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_TIER_RECORD_H_
