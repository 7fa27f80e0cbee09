// Code publisher: the one place where machine code becomes executable by other
// threads, and the only file with cache maintenance and barriers in it.
//
// [DOC] Code publication
//
// AArch64 keeps instruction caches coherent with nothing, and a thread that
// loads a new code pointer may still run what it fetched from there earlier.
// So no instruction is ever rewritten where another thread may run it, and new
// code becomes reachable in one order only, that of publication_protocol.def:
// words, data lines cleaned, instruction lines invalidated, this thread's and
// every other thread's pipeline emptied, and then the slot. Publish() executes
// that table's rows up to the slot.
//
// Types hold the order. Publish() takes a batch of spans that are Writable
// through all steps but the last; only a Publication, which only Publish()
// makes after them, holds Executable spans with entry points, and only it has
// Install().
//
//   std::vector<PublicationRequest> batch;
//   batch.push_back({std::move(span), *assembler.Finish()});
//   ASSIGN_OR_RETURN(Publication p, publisher.Publish(absl::MakeSpan(batch)));
//   target->entry = p.span(0).entry();
//   target->code = p.TakeSpan(0);
//   p.Install(proto->slot, target);
//
// Batch: barriers and the other threads cost the same for one function as for
// fifty.
//
// The target record must be immutable once installed, and be found through the
// slot alone. Install() is a release store; its partner is the reader's load of
// the slot, an acquire or one whose address depends on it. A pointer read from
// one slot may be stored in others by anyone, with release order.
//
// Cache geometry. CTR_EL0 is read on every call: cores of one machine differ.
// IDC = 1 makes dc cvau needless and DIC = 1 ic ivau; an option turns their use
// off. Nothing makes the events of this and other threads needless.
//
// Failures. Where code cannot run (x86-64) Publish() says kUnimplemented. If
// the strategy says so too, the fallback strategy takes over for good. Other
// errors leave the spans Writable with their caller, who may retry or drop
// them; nothing was installed.
//
// Thread-safe: several compile threads may publish at once.

#ifndef PERILUNE_JIT_CODE_PUBLISHER_H_
#define PERILUNE_JIT_CODE_PUBLISHER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/code_memory.h"
#include "jit/code_span.h"
#include "jit/code_sync.h"
#include "jit/code_system.h"
#include "jit/publication_protocol.h"
#include "runtime/monotonic_clock.h"

namespace perilune::vm::jit {

// What the steps do to a machine. The native one is the processor; tests put a
// model or a recorder here, which also works where A64 code cannot run.
class CacheMaintenance {
 public:
  virtual ~CacheMaintenance() = default;
  // CTR_EL0: IminLine in bits 3:0 and DminLine in 19:16 (log2 of words), IDC
  // in bit 28, DIC in bit 29.
  virtual uint64_t ReadCacheType() = 0;
  // One operation for each of the `lines` lines of `line_bytes` from `first`.
  virtual void CleanDataLines(uintptr_t first, size_t lines,
                              size_t line_bytes) = 0;
  virtual void InvalidateInstructionLines(uintptr_t first, size_t lines,
                                          size_t line_bytes) = 0;
  virtual void DataBarrier() = 0;
  virtual void SynchronizeContext() = 0;
};

// The processor's own, or null where this is not AArch64.
CacheMaintenance* NativeCacheMaintenance();

// For tests: steps to leave out, to show that the tests notice.
struct PublicationFaults {
  bool skip_clean_data = false;
  bool skip_complete_clean = false;
  bool skip_invalidate_instructions = false;
  bool skip_complete_invalidate = false;
  bool skip_synchronize_self = false;
  bool skip_synchronize_others = false;
};

struct CodePublisherOptions {
  // Leave out what IDC and DIC say is needless.
  bool trust_cache_type = true;
  // Hash words at publication and compare at release.
#ifdef NDEBUG
  bool verify_hash = false;
#else
  bool verify_hash = true;
#endif
  CacheMaintenance* maintenance = NativeCacheMaintenance();
  CodeSystem* system = NativeCodeSystem();  // for what CTR_EL0 is taken to say
  PublicationFaults faults = {};
};

// Empties the calling thread's pipeline; nothing where machine code cannot run.
void SynchronizeThisContext();

// Sums since the publisher was made; times in nanoseconds.
struct PublicationStats {
  uint64_t publications = 0;  // spans, not batches
  uint64_t batches = 0;
  // Batches of 1, of 2-3, of 4-7... spans; the last of all that are larger.
  std::array<uint64_t, 8> batch_sizes = {};
  uint64_t bytes = 0;
  uint64_t data_lines_cleaned = 0;
  uint64_t instruction_lines_invalidated = 0;
  uint64_t syncs = 0;      // completed; membarrier calls with that strategy
  uint64_t fallbacks = 0;  // from the first strategy to the second: 0 or 1
  uint64_t failures = 0;   // batches that were not published
  uint64_t installs = 0;
  uint64_t releases = 0;
  uint64_t copy_ns = 0;
  uint64_t maintain_ns = 0;
  uint64_t sync_ns = 0;
  uint64_t install_ns = 0;
};

struct PublicationRequest {
  CodeSpan<Writable> span;
  // At most the span's size; the rest of the span stays udf #0.
  absl::Span<const uint32_t> words;
};

// When publication of a batch began, its words were copied, it was through
// kSynchronizeSelf, and through kAwaitOthers; on MonotonicNs().
struct PublicationTimes {
  uint64_t started = 0;
  uint64_t copied = 0;
  uint64_t maintained = 0;
  uint64_t synchronized = 0;
};

class CodePublisher;

// Proof that a batch went through all steps but kInstall.
class Publication {
 public:
  Publication(Publication&&) = default;
  // No assignment: it would drop spans.
  Publication& operator=(Publication&&) = delete;

  // In the order of the requests.
  size_t size() const { return spans_.size(); }
  const CodeSpan<Executable>& span(size_t i) const { return spans_[i]; }
  // Moves the span to its owner, which releases it one day.
  CodeSpan<Executable> TakeSpan(size_t i) { return std::move(spans_[i]); }
  const PublicationTimes& times() const { return times_; }
  // Whoever had an event since the request for this epoch may run the code; 0:
  // everyone had.
  CodeEpoch epoch() const { return epoch_; }

  // kInstall. `target` and all it leads to must be complete and not change.
  template <typename P>
  void Install(std::atomic<P>& slot, std::type_identity_t<P> target);

  // The same, unless the slot no longer holds `expected`. True if installed.
  template <typename P>
  [[nodiscard]] bool InstallIf(std::atomic<P>& slot,
                               std::type_identity_t<P> expected,
                               std::type_identity_t<P> target);

 private:
  friend class CodePublisher;
  explicit Publication(CodePublisher* publisher) : publisher_(publisher) {}

  CodePublisher* publisher_;
  std::vector<CodeSpan<Executable>> spans_;
  PublicationTimes times_;
  CodeEpoch epoch_ = 0;
};

class CodePublisher {
 public:
  // `fallback` takes over when `sync` is not implemented here; it must know all
  // threads from the start. Both outlive the publisher.
  explicit CodePublisher(CodeSync* sync, CodeSync* fallback = nullptr,
                         const CodePublisherOptions& options = {});
  CodePublisher(const CodePublisher&) = delete;
  CodePublisher& operator=(const CodePublisher&) = delete;

  // Publishes all requests or none. On success the requests' spans are moved
  // into the Publication; on failure they stay where they are.
  // kInvalidArgument: words do not fit, or a span is empty.
  // kUnimplemented: code cannot run or be synchronised here.
  absl::StatusOr<Publication> Publish(absl::Span<PublicationRequest> requests);

  // Ends a span. Every slot that led there must have been changed, and every
  // thread must have left it since (and not be about to return into it). The
  // bytes become udf #0 and are reused as late as possible, and only through a
  // full publication. kDataLoss: somebody wrote to it after publication; its
  // memory is then never reused.
  absl::Status Release(CodeSpan<Executable> span);

  // Makes a copy executable that has taken the place of published code, in a
  // child of fork(), which has no other thread.
  void RefreshCopy(uintptr_t address, size_t bytes);

  PublicationStats stats() const;
  // The strategy in force, and why the first one is not, if so.
  CodeSync& sync() const;
  std::string DescribeSync() const;

 private:
  friend class Publication;

  // Relaxed throughout: each is a sum of its own, ordered with nothing.
  using Counter = std::atomic<uint64_t>;
  struct Counters {
    Counter publications{0}, batches{0}, bytes{0}, data_lines{0},
        instruction_lines{0}, syncs{0}, fallbacks{0}, failures{0}, installs{0},
        releases{0}, copy_ns{0}, maintain_ns{0}, sync_ns{0}, install_ns{0};
    std::array<Counter, std::tuple_size_v<decltype(PublicationStats::batch_sizes)>> batch_sizes{};
  };
  static void Count(Counter& counter, uint64_t n) {
    counter.fetch_add(n, std::memory_order_relaxed);
  }
  absl::Status Check(absl::Span<const PublicationRequest> requests) const;
  // Who was asked at kRequestOthers, for kAwaitOthers.
  struct AskedSync {
    CodeSync* sync = nullptr;
    CodeEpoch epoch = 0;
  };
  absl::Status Execute(PublicationStep step, uint64_t cache_type,
                       absl::Span<const PublicationRequest> requests,
                       AskedSync& asked);
  absl::Status CopyWords(absl::Span<const PublicationRequest> requests);
  void CleanData(uint64_t cache_type,
                 absl::Span<const PublicationRequest> requests);
  void InvalidateInstructions(uint64_t cache_type,
                              absl::Span<const PublicationRequest> requests);
  absl::Status RequestOthers(AskedSync& asked);
  absl::Status AwaitOthers(const AskedSync& asked);
  Counter& TimeOf(PublicationStep step);
  absl::Status SynchronizeOthers();
  // Adds to the step's time what it took, and notes when it was over.
  void CountTime(PublicationStep step, uint64_t start, uint64_t end,
                 PublicationTimes& times);

  const CodePublisherOptions options_;
  CodeSync* const first_sync_;
  CodeSync* const fallback_;
  // Whether fallback_ is in force; set once.
  std::atomic<bool> fell_back_{false};
  Counters counters_;
};

template <typename P>
void Publication::Install(std::atomic<P>& slot,
                          std::type_identity_t<P> target) {
  static_assert(std::atomic<P>::is_always_lock_free);
  const uint64_t start = MonotonicNs();
  // Release: partner is the reader's load of the slot, through which it finds
  // the target's fields. Readers' fetches are ordered by kAwaitOthers, not by this.
  slot.store(target, std::memory_order_release);
  CodePublisher::Count(publisher_->counters_.installs, 1);
  CodePublisher::Count(publisher_->counters_.install_ns,
                       MonotonicNs() - start);
}

template <typename P>
bool Publication::InstallIf(std::atomic<P>& slot,
                            std::type_identity_t<P> expected,
                            std::type_identity_t<P> target) {
  static_assert(std::atomic<P>::is_always_lock_free);
  // Release on success, as in Install(). Relaxed on failure: nothing is read
  // through the value found.
  const bool installed = slot.compare_exchange_strong(
      expected, target, std::memory_order_release, std::memory_order_relaxed);
  if (installed) CodePublisher::Count(publisher_->counters_.installs, 1);
  return installed;
}

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_PUBLISHER_H_
