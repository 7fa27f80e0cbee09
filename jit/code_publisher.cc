// The publication steps. See publication_protocol.def for their order and what
// each is for.

#include "jit/code_publisher.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "jit/code_span.h"
#include "jit/code_sync.h"

namespace perilune::vm::jit {
namespace {

constexpr uint64_t kIdc = uint64_t{1} << 28;
constexpr uint64_t kDic = uint64_t{1} << 29;

size_t InstructionLineBytes(uint64_t cache_type) {
  return size_t{4} << (cache_type & 0xf);
}
size_t DataLineBytes(uint64_t cache_type) {
  return size_t{4} << ((cache_type >> 16) & 0xf);
}

// The lines that [address, address + size) touches.
struct Lines {
  Lines(uintptr_t address, size_t size, size_t line_bytes)
      : first(address & ~(line_bytes - 1)),
        count((address + size - first + line_bytes - 1) / line_bytes) {}
  uintptr_t first;
  size_t count;
};

// FNV-1a over whole words; never 0, which stands for "not hashed".
uint64_t HashWords(const uint32_t* words, size_t bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < bytes / 4; ++i) {
    hash = (hash ^ words[i]) * 0x100000001b3;
  }
  return hash != 0 ? hash : 1;
}

#if defined(__aarch64__)

// The memory clobbers keep the compiler from moving stores of code words
// across a step; the processor is kept by the instructions themselves.
class NativeMaintenance final : public CacheMaintenance {
 public:
  uint64_t ReadCacheType() override {
    uint64_t value;
    // Volatile: the thread may have moved to another kind of core.
    asm volatile("mrs %0, ctr_el0" : "=r"(value));
    return value;
  }
  void CleanDataLines(uintptr_t first, size_t lines,
                      size_t line_bytes) override {
    for (size_t i = 0; i < lines; ++i) {
      asm volatile("dc cvau, %0" ::"r"(first + i * line_bytes) : "memory");
    }
  }
  void InvalidateInstructionLines(uintptr_t first, size_t lines,
                                  size_t line_bytes) override {
    for (size_t i = 0; i < lines; ++i) {
      asm volatile("ic ivau, %0" ::"r"(first + i * line_bytes) : "memory");
    }
  }
  void DataBarrier() override { asm volatile("dsb ish" ::: "memory"); }
  void SynchronizeContext() override { asm volatile("isb" ::: "memory"); }
};

#endif

}  // namespace

CacheMaintenance* NativeCacheMaintenance() {
#if defined(__aarch64__)
  static NativeMaintenance native;
  return &native;
#else
  return nullptr;
#endif
}

void SynchronizeThisContext() {
  if (CacheMaintenance* native = NativeCacheMaintenance()) {
    native->SynchronizeContext();
  }
}

CodePublisher::CodePublisher(CodeSync* sync, CodeSync* fallback,
                             const CodePublisherOptions& options)
    : options_(options), first_sync_(sync), fallback_(fallback) {
  assert(sync != nullptr);
}

CodeSync& CodePublisher::sync() const {
  // seq_cst: partner is the exchange in RequestOthers(). A thread that begins to
  // run, having said so, finds the strategy that will ask it.
  return fell_back_.load(std::memory_order_seq_cst) ? *fallback_ : *first_sync_;
}

std::string CodePublisher::DescribeSync() const {
  const CodeSync& now = sync();
  if (&now == first_sync_) return std::string(now.name());
  return absl::StrCat(now.name(), " (", first_sync_->name(),
                      " is not available)");
}

absl::Status CodePublisher::Check(
    absl::Span<const PublicationRequest> requests) const {
  if (options_.maintenance == nullptr) {
    return absl::UnimplementedError("running machine code needs AArch64");
  }
  for (const PublicationRequest& request : requests) {
    if (request.span.empty()) {
      return absl::InvalidArgumentError("publication of an empty span");
    }
    if (request.words.size() * 4 > request.span.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("publication of ", request.words.size() * 4,
                       " bytes in a span of ", request.span.size()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Publication> CodePublisher::Publish(
    absl::Span<PublicationRequest> requests) {
  absl::Status status = Check(requests);
  uint64_t cache_type = 0;
  AskedSync asked;
  if (status.ok()) cache_type = options_.system->CacheType(options_.maintenance->ReadCacheType());
  PublicationTimes times;
  uint64_t start = times.started = MonotonicNs();
  for (const PublicationStep step : kPublicationProtocol) {
    if (!status.ok() || step == PublicationStep::kInstall) break;
    status = Execute(step, cache_type, requests, asked);
    const uint64_t end = MonotonicNs();
    CountTime(step, start, end, times);
    start = end;
  }
  if (!status.ok()) {
    Count(counters_.failures, 1);
    return status;
  }

  Publication publication(this);
  publication.times_ = times;
  if (asked.sync != nullptr) publication.epoch_ = asked.sync->EpochOfCode(asked.epoch);
  publication.spans_.reserve(requests.size());
  uint64_t bytes = 0;
  for (PublicationRequest& request : requests) {
    bytes += request.words.size() * 4;
    const uint64_t hash = options_.verify_hash
                              ? HashWords(request.span.rx_, request.span.size())
                              : 0;
    request.span.memory_->MarkPublished(request.span);
    publication.spans_.push_back(
        CodeSpan<Executable>(std::move(request.span), hash));
  }
  Count(counters_.batches, 1);
  if (!requests.empty()) {
    const auto log2 = static_cast<size_t>(std::bit_width(requests.size())) - 1;
    Count(counters_.batch_sizes[std::min(log2, counters_.batch_sizes.size() - 1)], 1);
  }
  Count(counters_.publications, requests.size());
  Count(counters_.bytes, bytes);
  return publication;
}

absl::Status CodePublisher::Execute(
    PublicationStep step, uint64_t cache_type,
    absl::Span<const PublicationRequest> requests, AskedSync& asked) {
  const PublicationFaults& faults = options_.faults;
  CacheMaintenance& maintenance = *options_.maintenance;
  switch (step) {
    case PublicationStep::kCopyWords:
      return CopyWords(requests);
    case PublicationStep::kCleanData:
      if (!faults.skip_clean_data) CleanData(cache_type, requests);
      break;
    case PublicationStep::kCompleteClean:
      if (!faults.skip_complete_clean) maintenance.DataBarrier();
      break;
    case PublicationStep::kInvalidateInstructions:
      if (!faults.skip_invalidate_instructions) {
        InvalidateInstructions(cache_type, requests);
      }
      break;
    case PublicationStep::kCompleteInvalidate:
      if (!faults.skip_complete_invalidate) maintenance.DataBarrier();
      break;
    case PublicationStep::kSynchronizeSelf:
      if (!faults.skip_synchronize_self) maintenance.SynchronizeContext();
      break;
    case PublicationStep::kRequestOthers:
      if (!faults.skip_synchronize_others) return RequestOthers(asked);
      break;
    case PublicationStep::kAwaitOthers:
      if (!faults.skip_synchronize_others) return AwaitOthers(asked);
      break;
    case PublicationStep::kInstall:
      break;  // by Publication::Install()
  }
  return absl::OkStatus();
}

void CodePublisher::CountTime(PublicationStep step, uint64_t start,
                              uint64_t end, PublicationTimes& times) {
  switch (step) {
    case PublicationStep::kCopyWords:
      Count(counters_.copy_ns, end - start);
      times.copied = end;
      break;
    case PublicationStep::kCleanData:
    case PublicationStep::kCompleteClean:
    case PublicationStep::kInvalidateInstructions:
    case PublicationStep::kCompleteInvalidate:
    case PublicationStep::kSynchronizeSelf:
      Count(counters_.maintain_ns, end - start);
      times.maintained = end;
      break;
    case PublicationStep::kRequestOthers:
    case PublicationStep::kAwaitOthers:
      Count(counters_.sync_ns, end - start);
      times.synchronized = end;
      break;
    case PublicationStep::kInstall:
      break;  // counted by Publication::Install()
  }
}

absl::Status CodePublisher::CopyWords(
    absl::Span<const PublicationRequest> requests) {
  for (const PublicationRequest& request : requests) {
    absl::Status writable = request.span.memory_->Unseal(request.span);
    if (!writable.ok()) return writable;
    const size_t bytes = request.words.size() * 4;
    if (bytes != 0) std::memcpy(request.span.rw_, request.words.data(), bytes);
    // A retry may bring fewer words than the attempt before it.
    std::memset(request.span.rw_ + request.words.size(), 0,
                request.span.size() - bytes);
  }
  for (const PublicationRequest& request : requests) {
    absl::Status executable = request.span.memory_->Seal(request.span);
    if (!executable.ok()) return executable;
  }
  return absl::OkStatus();
}

void CodePublisher::CleanData(uint64_t cache_type,
                              absl::Span<const PublicationRequest> requests) {
  if (options_.trust_cache_type && (cache_type & kIdc) != 0) return;
  const size_t line_bytes = DataLineBytes(cache_type);
  for (const PublicationRequest& request : requests) {
    const Lines lines(reinterpret_cast<uintptr_t>(request.span.rw_),
                      request.span.size(), line_bytes);
    options_.maintenance->CleanDataLines(lines.first, lines.count, line_bytes);
    Count(counters_.data_lines, lines.count);
  }
}

void CodePublisher::InvalidateInstructions(
    uint64_t cache_type, absl::Span<const PublicationRequest> requests) {
  if (options_.trust_cache_type && (cache_type & kDic) != 0) return;
  const size_t line_bytes = InstructionLineBytes(cache_type);
  for (const PublicationRequest& request : requests) {
    const Lines lines(request.span.address(), request.span.size(), line_bytes);
    options_.maintenance->InvalidateInstructionLines(lines.first, lines.count,
                                                     line_bytes);
    Count(counters_.instruction_lines, lines.count);
  }
}

absl::Status CodePublisher::RequestOthers(AskedSync& asked) {
  // Acquire: partner is the exchange below.
  const bool fell_back = fell_back_.load(std::memory_order_acquire);
  asked.sync = fell_back ? fallback_ : first_sync_;
  absl::StatusOr<CodeEpoch> epoch = asked.sync->Request();
  if (absl::IsUnimplemented(epoch.status()) && !fell_back &&
      fallback_ != nullptr) {
    // seq_cst: partner is the load in sync().
    if (!fell_back_.exchange(true, std::memory_order_seq_cst)) {
      Count(counters_.fallbacks, 1);
    }
    asked.sync = fallback_;
    epoch = asked.sync->Request();
  }
  if (epoch.ok()) asked.epoch = *epoch;
  return epoch.status();
}

absl::Status CodePublisher::AwaitOthers(const AskedSync& asked) {
  const absl::Status status = asked.sync->Wait(asked.epoch);
  if (status.ok()) Count(counters_.syncs, 1);
  return status;
}

absl::Status CodePublisher::Release(CodeSpan<Executable> span) {
  if (span.empty()) return absl::OkStatus();
  Count(counters_.releases, 1);
  if (span.hash_ != 0 && span.hash_ != HashWords(span.rx_, span.size())) {
    // The span is leaked: who wrote once may write again.
    return absl::DataLossError(absl::StrCat("machine code at ",
                                            absl::Hex(span.address()),
                                            " changed after it was published"));
  }
  span.memory_->Free(span);
  return absl::OkStatus();
}

void CodePublisher::RefreshCopy(uintptr_t address, size_t bytes) {
  if (bytes == 0) return;
  CacheMaintenance& maintenance = *options_.maintenance;
  const uint64_t cache_type = options_.system->CacheType(maintenance.ReadCacheType());
  const Lines data(address, bytes, DataLineBytes(cache_type));
  maintenance.CleanDataLines(data.first, data.count, DataLineBytes(cache_type));
  maintenance.DataBarrier();
  const Lines instructions(address, bytes, InstructionLineBytes(cache_type));
  maintenance.InvalidateInstructionLines(instructions.first, instructions.count, InstructionLineBytes(cache_type));
  maintenance.DataBarrier();
  maintenance.SynchronizeContext();
}

PublicationStats CodePublisher::stats() const {
  const auto get = [](const Counter& counter) {
    return counter.load(std::memory_order_relaxed);  // see Counters
  };
  PublicationStats s;
  s.publications = get(counters_.publications);
  s.batches = get(counters_.batches);
  std::ranges::transform(counters_.batch_sizes, s.batch_sizes.begin(), get);
  s.bytes = get(counters_.bytes);
  s.data_lines_cleaned = get(counters_.data_lines);
  s.instruction_lines_invalidated = get(counters_.instruction_lines);
  s.syncs = get(counters_.syncs);
  s.fallbacks = get(counters_.fallbacks);
  s.failures = get(counters_.failures);
  s.installs = get(counters_.installs);
  s.releases = get(counters_.releases);
  s.copy_ns = get(counters_.copy_ns);
  s.maintain_ns = get(counters_.maintain_ns);
  s.sync_ns = get(counters_.sync_ns);
  s.install_ns = get(counters_.install_ns);
  return s;
}

}  // namespace perilune::vm::jit
