// Code memory: the pages that machine code lives in, and their allocator.
//
// [DOC] Code memory layout
//
// One memfd is mapped twice. Code is written through one view and runs in the
// other; no page is ever writable and executable at one address:
//
//              0            used_                     reservation
//   memfd      ├─span─┬free┬─span─┬────── untouched ──────┤
//   RW view    writable, not executable, not inherited by fork()
//   RX view    executable, not writable
//
// Spans begin and end on 64-byte lines, so no two share a line of the usual
// size. Allocation bumps `used_` while there is room, and only then reuses
// released memory, oldest first: an address is reused as late as possible.
// Untouched and released bytes read as `udf #0`, whose encoding is zero, so a
// stray jump traps instead of running leftovers.
//
// Released spans wait in a queue (the quarantine) until the bump region is
// used up; then they are merged with free neighbours, by age, until one fits.
//
// Limits. The reservation is address space; pages are taken as they are
// written. `limit_bytes` bounds live and quarantined code together with what
// fragmentation keeps. Kernel refusals (memfd or executable mappings forbidden
// by SELinux, seccomp or limits) and a full cache are statuses; nothing here
// is fatal, and the program runs on in the interpreter.
//
// After fork() the child has no RW view, and its RX view shows what the parent
// writes: a child must not run machine code unless it only goes on to exec.
//
// Thread-safe. Writing the words and making them visible is the publisher's.

#ifndef PERILUNE_JIT_CODE_MEMORY_H_
#define PERILUNE_JIT_CODE_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_span.h"

namespace perilune::vm::jit {

// For tests: makes the kernel seem to refuse.
struct CodeMemoryFaults {
  bool refuse_memfd = false;
  bool refuse_writable_view = false;
  bool refuse_executable_view = false;
};

struct CodeMemoryOptions {
  // Rounded up to whole pages. At most 128 MiB, so that any two pieces of code
  // reach each other with one branch.
  size_t reservation_bytes = size_t{64} << 20;
  // At most this much of the reservation is ever used.
  size_t limit_bytes = SIZE_MAX;
  CodeMemoryFaults faults = {};
};

class CodeMemory {
 public:
  struct Usage {
    size_t capacity;     // bytes that may be used at most
    size_t live;         // in writable and executable spans
    size_t quarantined;  // released, not reusable yet
    size_t free;         // untouched or reusable
  };

  // kUnavailable if the kernel refuses, kInvalidArgument for a bad size.
  static absl::StatusOr<std::unique_ptr<CodeMemory>> Create(
      const CodeMemoryOptions& options = {});

  CodeMemory(const CodeMemory&) = delete;
  CodeMemory& operator=(const CodeMemory&) = delete;
  // All spans must be gone or never be used again.
  ~CodeMemory();

  // A span of at least `bytes`. kResourceExhausted if none is left,
  // kInvalidArgument for zero.
  absl::StatusOr<CodeSpan<Writable>> Allocate(size_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Is this an address of the executable view?
  bool Contains(uintptr_t pc) const { return pc - base() < reservation_; }
  // Where the executable view begins.
  uintptr_t base() const { return reinterpret_cast<uintptr_t>(rx_); }

  Usage usage() const ABSL_LOCKS_EXCLUDED(mutex_);

  static constexpr size_t kLineBytes = 64;

 private:
  friend class CodeSpan<Writable>;
  friend class CodePublisher;

  struct Range {
    size_t offset;
    size_t size;
  };

  CodeMemory(uint8_t* rw, uint8_t* rx, size_t reservation, size_t capacity)
      : rw_(rw), rx_(rx), reservation_(reservation), capacity_(capacity) {}

  // Gives a span's memory back: at once, or by way of the quarantine.
  void FreeUnpublished(CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);
  void FreePublished(CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes the span's range, leaving it empty, and fills it with udf #0.
  Range TakeAndFill(CodeSpanBase& span);
  void AddFree(Range range) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // First fit by address among free ranges; size 0 if there is none.
  Range TakeFree(size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  CodeSpan<Writable> MakeSpan(Range range);

  uint8_t* const rw_;
  uint8_t* const rx_;
  const size_t reservation_;
  const size_t capacity_;

  mutable absl::Mutex mutex_;
  size_t used_ ABSL_GUARDED_BY(mutex_) = 0;  // bump pointer
  size_t live_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t quarantined_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Range> quarantine_ ABSL_GUARDED_BY(mutex_);   // oldest first
  std::map<size_t, size_t> free_ ABSL_GUARDED_BY(mutex_);  // offset -> size
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_MEMORY_H_
