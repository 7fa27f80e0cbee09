#include "jit/jump_tables.h"

#include <algorithm>
#include <atomic>
#include <memory>

namespace perilune::vm::jit {

JumpIndex::~JumpIndex() {
  if (tables_ != nullptr) tables_->GiveBack(function_);
}

uint32_t JumpTables::FunctionsOf(size_t cache_bytes) {
  // A table is 64 KiB at most, and no smaller than a few batches of the compiler.
  constexpr size_t kTypicalFunction = 2048, kFewest = 64, kMost = 4096;
  return static_cast<uint32_t>(std::clamp(cache_bytes / kTypicalFunction, kFewest, kMost));
}

JumpTables::JumpTables(const CodeThreads* threads, uint32_t functions) : threads_(threads), functions_(functions) {
  for (uint32_t i = functions; i > 0; --i) free_.push_back(i - 1);
}

void JumpTables::SetStubs(uintptr_t adopt_entry, uintptr_t adopt_exact) {
  stubs_[0] = reinterpret_cast<const void*>(adopt_entry);
  stubs_[1] = reinterpret_cast<const void*>(adopt_exact);
}

void JumpTables::Reset(CodeThread& thread, uint32_t function) const {
  // relaxed: whoever must see it has come by in a round after it
  for (uint32_t i = 0; i < 2; ++i) thread.jumps[2 * function + i].store(stubs_[i], std::memory_order_relaxed);
}

void JumpTables::AddThread(CodeThread& thread) const {
  thread.jumps = std::make_unique<std::atomic<const void*>[]>(jumps());
  for (uint32_t i = 0; i < functions_; ++i) Reset(thread, i);
}

JumpIndex JumpTables::Take() {
  absl::MutexLock lock(&mutex_);
  if (free_.empty()) return {};
  const uint32_t function = free_.back();
  free_.pop_back();
  return JumpIndex(this, function);
}

void JumpTables::GiveBack(uint32_t function) {
  threads_->ForEach([&](CodeThread& thread) { Reset(thread, function); });
  absl::MutexLock lock(&mutex_);
  reset_.push_back(function);
}

absl::StatusOr<bool> JumpTables::Recycle(absl::FunctionRef<absl::Status()> round) {
  std::vector<uint32_t> recycled;
  {
    absl::MutexLock lock(&mutex_);
    recycled.swap(reset_);
  }
  if (recycled.empty()) return false;
  const absl::Status status = round();
  absl::MutexLock lock(&mutex_);
  std::vector<uint32_t>& to = status.ok() ? free_ : reset_;
  to.insert(to.end(), recycled.begin(), recycled.end());
  if (!status.ok()) return status;
  return true;
}

}  // namespace perilune::vm::jit
