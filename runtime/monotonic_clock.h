// The clock of statistics.

#ifndef PERILUNE_RUNTIME_MONOTONIC_CLOCK_H_
#define PERILUNE_RUNTIME_MONOTONIC_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace perilune::vm {

// Nanoseconds since some moment before the program began; never goes back, and is never 0 in practice.
inline uint64_t MonotonicNs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_MONOTONIC_CLOCK_H_
