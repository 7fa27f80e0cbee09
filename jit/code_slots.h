// What is done with slots and call sites, apart from the records that they lead to.
//
// [DOC] Slots and call sites. A function's slot leads to its target; a call site to a target that a thread found in the slot of its callee and linked
// there, so that later calls go straight. To take a target away, the slot changes first, then, after a round in which no thread can have kept what it
// loaded from it, the call sites; and after another round nobody has the target from anywhere (code_reclaimer.h). Words are atomics of pointers, or
// whatever else has their operations: tests/publication/reclaim_interleaving_test.cc runs this very code under every interleaving.

#ifndef PERILUNE_JIT_CODE_SLOTS_H_
#define PERILUNE_JIT_CODE_SLOTS_H_

#include <atomic>

namespace perilune::vm::jit::slots {

// By the tier: the slot leads to `elsewhere`, which was there from the start.
template <typename Word, typename Target>
void Unpublish(Word& slot, Target elsewhere) {
  slot.store(elsewhere, std::memory_order_release);  // release: as all stores of slots
}

// By a thread: what the slot leads to now.
template <typename Word>
auto Load(const Word& slot) {
  return slot.load(std::memory_order_acquire);  // partner: Publication::Install, Unpublish
}

// By a thread, between two polls: links the site, if `replaceable` says so of what it has, to the target it has loaded. True if it did.
template <typename Word, typename Target, typename Replaceable>
bool Link(Word& site, Target target, Replaceable replaceable) {
  auto linked = site.load(std::memory_order_relaxed);  // relaxed: compared, and replaced only if unchanged
  if (linked == target || !replaceable(linked)) return false;
  // release: partner of the call site's load, whose dependent loads see the target's fields. relaxed on failure: another thread linked it, which is as
  // good.
  return site.compare_exchange_strong(linked, target, std::memory_order_release, std::memory_order_relaxed);
}

// By the tier, after a round since Unpublish: the site is `unlinked`, if `retired` says so of what it leads to.
template <typename Word, typename Target, typename Retired>
void Unlink(Word& site, Target unlinked, Retired retired) {
  // relaxed: what it leads to is compared only with functions that live; a retired target is still there
  auto linked = site.load(std::memory_order_relaxed);
  if (!retired(linked)) return;
  // release: as all stores of slots. It fails if another thread linked the site anew.
  site.compare_exchange_strong(linked, unlinked, std::memory_order_release, std::memory_order_relaxed);
}

}  // namespace perilune::vm::jit::slots

#endif  // PERILUNE_JIT_CODE_SLOTS_H_
