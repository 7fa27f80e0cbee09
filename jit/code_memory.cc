#include "jit/code_memory.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_span.h"

namespace perilune::vm::jit {
namespace {

// So that one `b` crosses the whole reservation; see CodeMemoryOptions.
constexpr size_t kMaxReservation = size_t{128} << 20;

// From <linux/memfd.h> of newer kernels: says that executable mappings are
// meant, where the default would forbid them.
constexpr unsigned kMfdExec = 0x10;

size_t RoundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

absl::Status Refused(const char* what, int error) {
  return absl::UnavailableError(
      absl::StrCat("code memory: ", what, " refused: ", std::strerror(error)));
}

// -1 and errno on failure.
int CreateMemfd() {
  const auto create = [](unsigned flags) {
    return static_cast<int>(
        syscall(SYS_memfd_create, "perilune-code", flags | MFD_CLOEXEC));
  };
  const int fd = create(kMfdExec);
  return fd < 0 && errno == EINVAL ? create(0) : fd;
}

// MAP_FAILED and errno on failure.
void* MapView(int fd, size_t size, int protection, bool refuse) {
  if (refuse) {
    errno = EACCES;
    return MAP_FAILED;
  }
  return mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<CodeMemory>> CodeMemory::Create(
    const CodeMemoryOptions& options) {
  if (options.reservation_bytes == 0 ||
      options.reservation_bytes > kMaxReservation) {
    return absl::InvalidArgumentError(
        absl::StrCat("code memory: reservation of ", options.reservation_bytes,
                     " bytes is not in 1..", kMaxReservation));
  }
  const size_t size = RoundUp(options.reservation_bytes,
                              static_cast<size_t>(sysconf(_SC_PAGESIZE)));

  const int fd =
      options.faults.refuse_memfd ? (errno = EPERM, -1) : CreateMemfd();
  if (fd < 0) return Refused("memfd", errno);
  if (ftruncate(fd, static_cast<off_t>(size)) != 0) {
    const int error = errno;
    close(fd);
    return Refused("size", error);
  }
  void* const rw = MapView(fd, size, PROT_READ | PROT_WRITE,
                           options.faults.refuse_writable_view);
  const int rw_error = errno;
  void* const rx = MapView(fd, size, PROT_READ | PROT_EXEC,
                           options.faults.refuse_executable_view);
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
  const size_t capacity =
      std::min(size, options.limit_bytes) / kLineBytes * kLineBytes;
  return std::unique_ptr<CodeMemory>(new CodeMemory(
      static_cast<uint8_t*>(rw), static_cast<uint8_t*>(rx), size, capacity));
}

CodeMemory::~CodeMemory() {
  munmap(rw_, reservation_);
  munmap(rx_, reservation_);
}

CodeSpan<Writable> CodeMemory::MakeSpan(Range range) {
  return CodeSpan<Writable>(
      this, reinterpret_cast<uint32_t*>(rw_ + range.offset),
      reinterpret_cast<const uint32_t*>(rx_ + range.offset), range.size);
}

absl::StatusOr<CodeSpan<Writable>> CodeMemory::Allocate(size_t bytes) {
  if (bytes == 0) return absl::InvalidArgumentError("code memory: empty span");
  if (bytes > capacity_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("code memory: ", bytes, " bytes are more than the ",
                     capacity_, " there are"));
  }
  const size_t size = RoundUp(bytes, kLineBytes);
  absl::MutexLock lock(&mutex_);
  Range range = {used_, size};
  if (size <= capacity_ - used_) {
    used_ += size;
  } else {
    // Bumping is over; what is left of that region merges with its neighbour.
    if (used_ != capacity_) AddFree({used_, capacity_ - used_});
    used_ = capacity_;
    range = TakeFree(size);
    while (range.size == 0 && !quarantine_.empty()) {
      quarantined_ -= quarantine_.front().size;
      AddFree(quarantine_.front());
      quarantine_.pop_front();
      range = TakeFree(size);
    }
  }
  if (range.size == 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("code memory: full, no ", size, " bytes in one piece; ",
                     live_, " of ", capacity_, " are live"));
  }
  live_ += size;
  return MakeSpan(range);
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

CodeMemory::Range CodeMemory::TakeAndFill(CodeSpanBase& span) {
  const Range range = {
      static_cast<size_t>(reinterpret_cast<uint8_t*>(span.rw_) - rw_),
      span.size_};
  std::memset(span.rw_, 0, range.size);
  span.Clear();
  return range;
}

void CodeMemory::FreeUnpublished(CodeSpanBase& span) {
  const Range range = TakeAndFill(span);
  absl::MutexLock lock(&mutex_);
  live_ -= range.size;
  AddFree(range);
}

void CodeMemory::FreePublished(CodeSpanBase& span) {
  const Range range = TakeAndFill(span);
  absl::MutexLock lock(&mutex_);
  live_ -= range.size;
  quarantined_ += range.size;
  quarantine_.push_back(range);
}

CodeMemory::Usage CodeMemory::usage() const {
  absl::MutexLock lock(&mutex_);
  return {capacity_, live_, quarantined_, capacity_ - live_ - quarantined_};
}

CodeSpan<Writable>::~CodeSpan() {
  if (memory_ != nullptr) memory_->FreeUnpublished(*this);
}

}  // namespace perilune::vm::jit
