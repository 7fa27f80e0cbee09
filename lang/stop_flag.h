// How long work is told from outside to end.

#ifndef PERILUNE_LANG_STOP_FLAG_H_
#define PERILUNE_LANG_STOP_FLAG_H_

#include <atomic>
#include <cstdint>

namespace perilune::lang {

// Set when any of `bits` is set in `word`, which other threads may do. Without a word it never is.
struct StopFlag {
  const std::atomic<uint32_t>* word = nullptr;
  uint32_t bits = 0;

  // relaxed: nothing else is read on the strength of it
  bool is_set() const {
    return word != nullptr && (word->load(std::memory_order_relaxed) & bits) != 0;
  }
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_STOP_FLAG_H_
