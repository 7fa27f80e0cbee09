#include "jit/code_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_fork.h"
#include "jit/code_span.h"

namespace perilune::vm::jit {
namespace {

// So that one `b` crosses the whole reservation; see CodeMemoryOptions.
constexpr size_t kMaxReservation = size_t{128} << 20;

size_t RoundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

absl::Status Refused(const char* what, int error) {
  return absl::UnavailableError(
      absl::StrCat("code memory: ", what, " refused: ", std::strerror(error)));
}

struct Views {
  void* rw;
  void* rx;
};

absl::StatusOr<Views> MapTwice(CodeSystem& system, size_t size) {
  const int fd = system.CreateMemory(size);
  if (fd < 0) return Refused("memfd", -fd);
  void* const rw = system.Map(fd, size, PROT_READ | PROT_WRITE);
  const int rw_error = errno;
  void* const rx = system.Map(fd, size, PROT_READ | PROT_EXEC);
  const int rx_error = errno;
  close(fd);  // the mappings keep the memory
  if (rw == MAP_FAILED || rx == MAP_FAILED) {
    if (rw != MAP_FAILED) munmap(rw, size);
    if (rx != MAP_FAILED) munmap(rx, size);
    return rw == MAP_FAILED ? Refused("writable view", rw_error)
                            : Refused("executable view", rx_error);
  }
  // A child that could write would change this process's code. Where the
  // kernel does not know the advice, fork() is no worse than for other memory.
  (void)madvise(rw, size, MADV_DONTFORK);
  return Views{rw, rx};
}

absl::StatusOr<Views> MapOnce(CodeSystem& system, size_t size) {
  void* const memory = system.Map(-1, size, PROT_READ | PROT_WRITE);
  if (memory == MAP_FAILED) return Refused("writable memory", errno);
  // Learn early whether pages may become executable.
  int error = system.Protect(memory, size, PROT_READ | PROT_EXEC);
  if (error == 0) error = system.Protect(memory, size, PROT_READ | PROT_WRITE);
  if (error == 0) return Views{memory, memory};
  munmap(memory, size);
  return Refused("executable memory", error);
}

}  // namespace

std::optional<CodeMemoryPolicy> ParseCodeMemoryPolicy(absl::string_view name) {
  for (const CodeMemoryPolicy policy :
       {CodeMemoryPolicy::kDual, CodeMemoryPolicy::kMprotect}) {
    if (name == CodeMemoryPolicyName(policy)) return policy;
  }
  return std::nullopt;
}

absl::string_view CodeMemoryPolicyName(CodeMemoryPolicy policy) {
  return policy == CodeMemoryPolicy::kDual ? "dual" : "mprotect";
}

absl::StatusOr<std::unique_ptr<CodeMemory>> CodeMemory::Create(
    const CodeMemoryOptions& options) {
  if (options.reservation_bytes == 0 ||
      options.reservation_bytes > kMaxReservation) {
    return absl::InvalidArgumentError(
        absl::StrCat("code memory: reservation of ", options.reservation_bytes,
                     " bytes is not in 1..", kMaxReservation));
  }
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t size = RoundUp(options.reservation_bytes, page);
  const bool dual = options.policy == CodeMemoryPolicy::kDual;
  const absl::StatusOr<Views> views = dual ? MapTwice(*options.system, size)
                                           : MapOnce(*options.system, size);
  if (!views.ok()) return views.status();
  const size_t unit = dual ? kLineBytes : page;
  const size_t capacity = std::min(size, options.limit_bytes) / unit * unit;
  return std::unique_ptr<CodeMemory>(new CodeMemory(
      options.policy, options.system, static_cast<uint8_t*>(views->rw),
      static_cast<uint8_t*>(views->rx), size, capacity, unit));
}

CodeMemory::~CodeMemory() {
  if (frozen_) return;  // where the RW view was, others' memory may be
  munmap(rw_, reservation_);
  if (rx_ != rw_) munmap(rx_, reservation_);
}

CodeSpan<Writable> CodeMemory::MakeSpan(Range range) {
  return CodeSpan<Writable>(
      this, reinterpret_cast<uint32_t*>(rw_ + range.offset),
      reinterpret_cast<const uint32_t*>(rx_ + range.offset), range.size);
}

absl::StatusOr<CodeSpan<Writable>> CodeMemory::Allocate(size_t bytes,
                                                        CodeBatch* batch) {
  if (bytes == 0) return absl::InvalidArgumentError("code memory: empty span");
  if (bytes > capacity_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("code memory: ", bytes, " bytes are more than the ",
                     capacity_, " there are"));
  }
  const size_t size = RoundUp(bytes, kLineBytes);
  absl::MutexLock lock(&mutex_);
  const bool shares = batch != nullptr && policy_ == CodeMemoryPolicy::kMprotect;
  if (shares && batch->memory_ == this && size <= batch->end_ - batch->next_ &&
      !BlockAt(batch->next_)->second.sealed) {
    ++BlockAt(batch->next_)->second.users;
    batch->next_ += size;
    return MakeSpan({batch->next_ - size, size});
  }
  const Range range = TakeRange(RoundUp(size, unit_));
  if (range.size == 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("code memory: full, no ", size, " bytes in one piece; ",
                     live_, " of ", capacity_, " are live"));
  }
  live_ += range.size;
  blocks_[range.offset] = {.size = range.size, .users = shares ? 2u : 1u};
  if (!shares) return MakeSpan(range);
  Close(*batch);
  batch->memory_ = this;
  batch->next_ = range.offset + size;
  batch->end_ = range.offset + range.size;
  return MakeSpan({range.offset, size});
}

CodeBatch::~CodeBatch() {
  if (memory_ == nullptr) return;
  absl::MutexLock lock(&memory_->mutex_);
  memory_->Close(*this);
}

void CodeMemory::Close(CodeBatch& batch) {
  if (batch.memory_ == this) Leave(BlockAt(batch.end_ - 1));
  batch.memory_ = nullptr;
}

CodeMemory::Range CodeMemory::TakeRange(size_t size) {
  if (size <= capacity_ - used_) {
    used_ += size;
    return {used_ - size, size};
  }
  // Bumping is over; what is left of that region merges with its neighbour.
  if (used_ != capacity_) AddFree({used_, capacity_ - used_});
  used_ = capacity_;
  Range range = TakeFree(size);
  while (range.size == 0 && !quarantine_.empty()) {
    quarantined_ -= quarantine_.front().size;
    AddFree(quarantine_.front());
    quarantine_.pop_front();
    range = TakeFree(size);
  }
  return range;
}

CodeMemory::Range CodeMemory::TakeFree(size_t size) {
  for (auto it = free_.begin(); it != free_.end(); ++it) {
    if (it->second < size) continue;
    const Range taken = {it->first, size};
    const Range rest = {it->first + size, it->second - size};
    free_.erase(it);
    if (rest.size != 0) free_.emplace(rest.offset, rest.size);
    return taken;
  }
  return {0, 0};
}

void CodeMemory::AddFree(Range range) {
  auto next = free_.lower_bound(range.offset);
  if (next != free_.end() && range.offset + range.size == next->first) {
    range.size += next->second;
    next = free_.erase(next);
  }
  if (next != free_.begin()) {
    auto previous = std::prev(next);
    if (previous->first + previous->second == range.offset) {
      previous->second += range.size;
      return;
    }
  }
  free_.emplace(range.offset, range.size);
}

CodeMemory::BlockIterator CodeMemory::BlockOf(const CodeSpanBase& span) {
  return BlockAt(
      static_cast<size_t>(reinterpret_cast<uint8_t*>(span.rw_) - rw_));
}

CodeMemory::BlockIterator CodeMemory::BlockAt(size_t offset) {
  return std::prev(blocks_.upper_bound(offset));
}

absl::Status CodeMemory::Flip(size_t offset, Block& block, bool sealed) {
  if (policy_ == CodeMemoryPolicy::kDual || block.sealed == sealed) {
    return absl::OkStatus();
  }
  const int error =
      system_->Protect(rw_ + offset, block.size,
                       PROT_READ | (sealed ? PROT_EXEC : PROT_WRITE));
  if (error != 0) return Refused(sealed ? "execution" : "writing", error);
  block.sealed = sealed;
  return absl::OkStatus();
}

absl::Status CodeMemory::Unseal(const CodeSpanBase& span) {
  absl::MutexLock lock(&mutex_);
  const auto block = BlockOf(span);
  if (block->second.published) {
    return absl::FailedPreconditionError("code memory: the block is in use");
  }
  return Flip(block->first, block->second, false);
}

absl::Status CodeMemory::Seal(const CodeSpanBase& span) {
  absl::MutexLock lock(&mutex_);
  const auto block = BlockOf(span);
  return Flip(block->first, block->second, true);
}

void CodeMemory::MarkPublished(const CodeSpanBase& span) {
  absl::MutexLock lock(&mutex_);
  BlockOf(span)->second.published = true;
}

void CodeMemory::Free(CodeSpanBase& span) {
  if (frozen_) return span.Clear();
  absl::MutexLock lock(&mutex_);
  const BlockIterator block = BlockOf(span);
  span.Clear();
  Leave(block);
}

void CodeMemory::Leave(BlockIterator it) {
  Block& block = it->second;
  if (--block.users != 0) return;
  live_ -= block.size;
  // Where the kernel does not let go of what is executable, the block is lost.
  if (!shared_ && Flip(it->first, block, false).ok()) {
    const Range range = {it->first, block.size};
    std::memset(rw_ + range.offset, 0, range.size);
    if (block.published) {
      quarantined_ += range.size;
      quarantine_.push_back(range);
    } else {
      AddFree(range);
    }
  }
  blocks_.erase(it);
}

CodeMemory::Usage CodeMemory::usage() const {
  absl::MutexLock lock(&mutex_);
  return {capacity_, live_, quarantined_, capacity_ - live_ - quarantined_};
}

void CodeMemory::BeforeFork() {
  mutex_.Lock();
  if (policy_ != CodeMemoryPolicy::kDual || frozen_) return;  // the memory is this process's own
  copy_ = system_->Map(-1, reservation_, PROT_READ | PROT_WRITE);
  if (copy_ == MAP_FAILED) {
    copy_ = nullptr;
    shared_ = true;
  } else {
    std::memcpy(copy_, rx_, used_);
  }
}

void CodeMemory::AfterForkInParent() {
  if (copy_ != nullptr) munmap(copy_, reservation_);
  copy_ = nullptr;
  mutex_.Unlock();
}

size_t CodeMemory::AfterForkInChild() {
  frozen_ = true;
  const size_t copied = copy_ != nullptr ? used_ : 0;
  if (copy_ != nullptr) {
    // What was written once is never writable again. The view changes at once.
    const bool moved = system_->Protect(copy_, reservation_, PROT_READ | PROT_EXEC) == 0 &&
                       mremap(copy_, reservation_, reservation_, MREMAP_MAYMOVE | MREMAP_FIXED, rx_) == rx_;
    // This process could run what its parent writes, and cannot be kept from it.
    if (!moved) std::abort();
    copy_ = nullptr;
  }
  UnlockInChild(mutex_);
  return copied;
}

CodeSpan<Writable>::~CodeSpan() {
  if (memory_ != nullptr) memory_->Free(*this);
}

}  // namespace perilune::vm::jit
