// Code memory: the pages that machine code lives in, and their allocator.
//
// [DOC] Code memory layout
//
// Two policies keep every page from being writable and executable at one
// address. `dual`: one memfd is mapped twice, and code is written through one
// view while it runs in the other:
//
//              0            used_                     reservation
//   memfd      ├─span─┬free┬─span─┬────── untouched ──────┤
//   RW view    writable, not executable, not inherited by fork()
//   RX view    executable, not writable
//
// `mprotect`: one private mapping, whose pages are flipped. A batch of spans
// that are published together is a block of whole pages of its own, so that a
// page in which a thread runs never loses its permission to:
//
//   ├─block: span span span··┬─block: span···┬──── untouched ────┤
//   writable from Allocate() to Seal(), then executable until the last
//   span of the block is freed, then writable again
//
// With `dual` each span is a block of its own. Spans begin and end on 64-byte
// lines, so no two share a line of the usual size. Allocation bumps `used_`
// while there is room, and only then reuses released blocks, oldest first: an
// address is reused as late as possible. Untouched and released bytes read as
// `udf #0`, whose encoding is zero, so a stray jump traps instead of running
// leftovers.
//
// Released blocks wait in a queue (the quarantine) until the bump region is
// used up; then they are merged with free neighbours, by age, until one fits.
//
// Limits. The reservation is address space; pages are taken as they are
// written. `limit_bytes` bounds live and quarantined code together with what
// fragmentation keeps. Kernel refusals (memfd or executable mappings forbidden
// by SELinux, seccomp or limits) and a full cache are statuses; nothing here
// is fatal, and the program runs on in the interpreter.
//
// After fork() the child of a `dual` process has no RW view, and a copy in the
// place of the RX view; see [DOC] Fork in code_fork.h. With both policies its
// memory is frozen: it is executed, and neither written nor freed.
//
// Thread-safe. Writing the words and making them visible is the publisher's.

#ifndef PERILUNE_JIT_CODE_MEMORY_H_
#define PERILUNE_JIT_CODE_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "jit/code_span.h"
#include "jit/code_system.h"

namespace perilune::vm::jit {

enum class CodeMemoryPolicy : uint8_t { kDual, kMprotect };

// Of --code-memory=NAME; nothing for others.
std::optional<CodeMemoryPolicy> ParseCodeMemoryPolicy(absl::string_view name);
absl::string_view CodeMemoryPolicyName(CodeMemoryPolicy policy);

struct CodeMemoryOptions {
  CodeMemoryPolicy policy = CodeMemoryPolicy::kDual;
  // Rounded up to whole pages. At most 128 MiB, so that any two pieces of code
  // reach each other with one branch.
  size_t reservation_bytes = size_t{64} << 20;
  // At most this much of the reservation is ever used.
  size_t limit_bytes = SIZE_MAX;
  CodeSystem* system = NativeCodeSystem();
};

class CodeMemory;

// Spans that are going to be published together: where the next one may be put.
// One thread's; may go before they do.
class CodeBatch {
 public:
  CodeBatch() = default;
  ~CodeBatch();
  CodeBatch(const CodeBatch&) = delete;
  CodeBatch& operator=(const CodeBatch&) = delete;

 private:
  friend class CodeMemory;
  CodeMemory* memory_ = nullptr;  // null: no page is open
  size_t next_ = 0;
  size_t end_ = 0;
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

  // A span of at least `bytes`. Spans of a `batch` may share pages and so must
  // be published together. kResourceExhausted if none is left, kInvalidArgument
  // for zero.
  absl::StatusOr<CodeSpan<Writable>> Allocate(size_t bytes,
                                              CodeBatch* batch = nullptr)
      ABSL_LOCKS_EXCLUDED(mutex_);
  CodeMemoryPolicy policy() const { return policy_; }

  // Is this an address of the executable view?
  bool Contains(uintptr_t pc) const { return pc - base() < reservation_; }
  // Where the executable view begins.
  uintptr_t base() const { return reinterpret_cast<uintptr_t>(rx_); }

  Usage usage() const ABSL_LOCKS_EXCLUDED(mutex_);

  // ---- As a ForkObserver's. Nobody may be about to publish. InChild answers how
  // many bytes from base() on the publisher is to make executable.
  void BeforeFork() ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex_);
  void AfterForkInParent() ABSL_UNLOCK_FUNCTION(mutex_);
  size_t AfterForkInChild() ABSL_UNLOCK_FUNCTION(mutex_);

  static constexpr size_t kLineBytes = 64;

 private:
  friend class CodeBatch;
  friend class CodeSpan<Writable>;
  friend class CodePublisher;

  struct Range {
    size_t offset;
    size_t size;
  };

  // Spans that are allocated, sealed and freed together.
  struct Block {
    size_t size = 0;
    size_t users = 0;     // spans that are not freed yet, and an open batch
    bool sealed = false;  // kMprotect: executable, no longer writable
    bool published = false;  // a span of it was: it goes into quarantine
  };

  CodeMemory(CodeMemoryPolicy policy, CodeSystem* system, uint8_t* rw,
             uint8_t* rx, size_t reservation, size_t capacity, size_t unit)
      : policy_(policy),
        system_(system),
        rw_(rw),
        rx_(rx),
        reservation_(reservation),
        capacity_(capacity),
        unit_(unit) {}

  // For the publisher: the span's words may be written from here on, and its
  // block's from then on be executed. Once sealed a block is unsealed only if
  // it was not published, for a retry. kUnavailable: the kernel refuses.
  absl::Status Unseal(const CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Seal(const CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);

  // For the publisher: the span's block has been promoted.
  void MarkPublished(const CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);
  // Gives a span's memory back, once the whole block is: filled with udf #0, at
  // once or, if it was published, by way of the quarantine. Leaves it empty.
  void Free(CodeSpanBase& span) ABSL_LOCKS_EXCLUDED(mutex_);
  using BlockIterator = std::map<size_t, Block>::iterator;
  BlockIterator BlockOf(const CodeSpanBase& span)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  BlockIterator BlockAt(size_t offset) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // One user less; the last one frees the block.
  void Leave(BlockIterator block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Close(CodeBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Flip(size_t offset, Block& block, bool sealed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A range for a new block, from wherever there is one; size 0: there is none.
  Range TakeRange(size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddFree(Range range) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // First fit by address among free ranges; size 0 if there is none.
  Range TakeFree(size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  CodeSpan<Writable> MakeSpan(Range range);

  const CodeMemoryPolicy policy_;
  CodeSystem* const system_;
  uint8_t* const rw_;
  uint8_t* const rx_;  // kMprotect: the same
  const size_t reservation_;
  const size_t capacity_;
  const size_t unit_;  // blocks are multiples of it

  mutable absl::Mutex mutex_;
  size_t used_ ABSL_GUARDED_BY(mutex_) = 0;  // bump pointer
  size_t live_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t quarantined_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Range> quarantine_ ABSL_GUARDED_BY(mutex_);   // oldest first
  std::map<size_t, size_t> free_ ABSL_GUARDED_BY(mutex_);  // offset -> size
  std::map<size_t, Block> blocks_ ABSL_GUARDED_BY(mutex_);  // by offset
  void* copy_ ABSL_GUARDED_BY(mutex_) = nullptr;  // of what is used, while the host forks
  // A child without a copy of its own shares this memory: what is freed is lost.
  bool shared_ ABSL_GUARDED_BY(mutex_) = false;
  // This is a child. Written when it has one thread.
  bool frozen_ = false;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_MEMORY_H_
