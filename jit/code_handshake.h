// The handshake between a publisher and the threads that run code, apart from what asks, waits and keeps the list of them.
//
// [DOC] Code handshake. Programs Publish, Answer, Park, Unpark, Retire and Leave of publication_protocol.def in terms of C++ atomics. The words are
// those of runtime/code_thread.h; here they are any words and threads with such members, so that tests/publication/interleaving_test.cc can run this
// very code under every interleaving.
//
//   publisher                                     thread
//   epoch = Raise(epoch word)                     BeginRunning, then CatchUp: before it may run code
//   wait until all that run are synchronized      CatchUp: when asked
//   slot.store(target, release)                   EndRunning: before it blocks outside, and when it ends
//
// It is Dekker's pattern: the publisher raises the epoch and then looks whether a thread runs; a thread says that it runs and then looks at the
// epoch. All four are sequentially consistent, so at least one sees the other.

#ifndef PERILUNE_JIT_CODE_HANDSHAKE_H_
#define PERILUNE_JIT_CODE_HANDSHAKE_H_

#include <atomic>
#include <cstdint>

namespace perilune::vm::jit::handshake {

// ---- The publisher.

template <typename Word>
uint64_t Raise(Word& epoch) {
  return epoch.fetch_add(1, std::memory_order_seq_cst) + 1;  // partner: CatchUp's load
}

template <typename Thread>
bool IsRunning(const Thread& thread) {
  return thread.running.load(std::memory_order_seq_cst);  // partner: BeginRunning
}

// Has the running thread had its event since `epoch` was raised?
template <typename Thread>
bool IsSynchronized(const Thread& thread, uint64_t epoch) {
  return thread.synchronized.load(std::memory_order_seq_cst) >= epoch;  // partner: CatchUp's store
}

// ---- The thread.

// CatchUp() must follow before the thread loads what leads to code.
template <typename Thread>
void BeginRunning(Thread& thread) {
  thread.running.store(true, std::memory_order_seq_cst);  // partner: IsRunning
}

template <typename Thread>
void EndRunning(Thread& thread) {
  thread.running.store(false, std::memory_order_seq_cst);  // partner: IsRunning
}

// `synchronize` is the event, `notify` wakes a publisher that waits. Epochs are never 0. Safe in a signal handler that interrupts it.
template <typename Word, typename Thread, typename Synchronize, typename Notify>
void CatchUp(const Word& epoch_word, Thread& thread, Synchronize synchronize, Notify notify) {
  for (;;) {
    const uint64_t epoch = epoch_word.load(std::memory_order_seq_cst);  // partner: Raise
    // relaxed: written by this thread only. The branch stays, whatever the compiler knows, as `synchronize` is opaque to it; it orders the event
    // behind the load.
    if (thread.synchronized.load(std::memory_order_relaxed) == epoch) return;
    synchronize();
    // A signal may have stored a newer one just before, so look again.
    thread.synchronized.store(epoch, std::memory_order_seq_cst);  // partner: IsSynchronized
    notify();
  }
}

// ---- Rounds, the grace periods of reclaim (code_reclaimer.h). The round is raised, and running threads are looked at, as for an epoch.

// Did the running thread come by in this round?
template <typename Thread>
bool HasVisited(const Thread& thread, uint64_t round) {
  return thread.visited.load(std::memory_order_seq_cst) >= round;  // partner: ComeBy's store
}

// By the thread itself, outside of code that it could not leave, and after BeginRunning(). If there was a round since it last came by, `leave` makes
// it go on elsewhere than in code that is being retired.
template <typename Word, typename Thread, typename Leave, typename Notify>
void ComeBy(const Word& round_word, Thread& thread, Leave leave, Notify notify) {
  const uint64_t round = round_word.load(std::memory_order_seq_cst);  // partner: Raise
  if (thread.visited.load(std::memory_order_relaxed) == round) return;  // relaxed: this thread's own
  leave();
  thread.visited.store(round, std::memory_order_seq_cst);  // partner: HasVisited
  notify();
}

// ---- Sleeping until a condition over the threads' words holds.
//
//   publisher                                 thread
//   waiting.store(true), seq_cst              word.store(...), seq_cst
//   condition? no: sleep                      waiting.load, seq_cst: wake
//
// Dekker again: no wake-up is lost. Superfluous ones only make the publisher look once more.

// `sleep` returns after a wake-up, or false when there is no more time. Returns whether the condition holds.
template <typename Flag, typename Condition, typename Sleep>
bool SleepUntil(Flag& waiting, Condition condition, Sleep sleep) {
  waiting.store(true, std::memory_order_seq_cst);  // partner: WakeSleeper
  bool holds;
  while (!(holds = condition())) {
    if (sleep()) continue;
    holds = condition();
    break;
  }
  // relaxed: a late wake-up is taken for a superfluous one by the next sleeper
  waiting.store(false, std::memory_order_relaxed);
  return holds;
}

// After a seq_cst store of what the condition is about.
template <typename Flag, typename Wake>
void WakeSleeper(const Flag& waiting, Wake wake) {
  if (waiting.load(std::memory_order_seq_cst)) wake();  // partner: SleepUntil
}

}  // namespace perilune::vm::jit::handshake

#endif  // PERILUNE_JIT_CODE_HANDSHAKE_H_
