#include "jit/baseline_tier.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "jit/code_slots.h"
#include "lang/diagnostic.h"
#include "runtime/monotonic_clock.h"
#include "runtime/return_handlers.h"
#include "runtime/tier_up.h"

namespace perilune::vm::jit {
namespace {

// Functions that the compile thread publishes at once: their barriers and the wait for other threads cost the same for all together.
constexpr size_t kMaxBatch = 16;

// So often a function may find no room, or its publication wait in vain for a thread that does not poll, and become hot again later.
constexpr uint32_t kMaxTimeouts = 3;

std::string NameOf(const ProtoSlots& function) {
  return absl::StrCat(lang::ChunkId(*function.proto->source), ":", function.proto->line_defined);
}

}  // namespace

// The published code of a function, owned by its module. When the module ends no isolate has a closure of it, hence no frame, hence no thread is in
// the code or will return into it, and the only slots that lead here are the module's own.
class BaselineTier::PublishedFunction {
 public:
  explicit PublishedFunction(BaselineTier* tier) : publisher_(tier->publisher_.get()), map_(&tier->code_map_), forked_(tier->forked_) {}
  ~PublishedFunction() {
    if (forked_) jump.Abandon();
    if (span.empty() || forked_) return;
    (void)map_->Remove(span.address());  // kNotFound cannot be: it was added before the code was installed
    // kDataLoss, somebody wrote to published code: the publisher then never reuses the memory, which is all that can be done.
    (void)publisher_->Release(std::move(span));
  }
  PublishedFunction(const PublishedFunction&) = delete;
  PublishedFunction& operator=(const PublishedFunction&) = delete;

  CodeSpan<Executable> span;
  JumpIndex jump;
  CallTarget exact;
  CallTarget target;
  CallTarget first;  // until the first call

 private:
  CodePublisher* const publisher_;
  CodeMap* const map_;
  const bool& forked_;
};

// A function on its way from the compiler to the publisher.
struct BaselineTier::Compiled {
  Job job;
  CodeSpan<Writable> span;
  JumpIndex jump;
  std::vector<uint32_t> words;  // linked for the span's address
  CompiledCode code;            // its words are gone
  uint64_t emit_ns;
};

absl::StatusOr<std::unique_ptr<BaselineTier>> BaselineTier::Create(const BaselineTierOptions& options) {
  std::unique_ptr<BaselineTier> tier(new BaselineTier(options));
  absl::Status status = tier->Init();
  if (!status.ok()) return status;
  return tier;
}

BaselineTier::BaselineTier(const BaselineTierOptions& options) : options_(options) {}

absl::Status BaselineTier::Init() {
  if (options_.publisher.maintenance == nullptr) {
    return absl::UnimplementedError("machine code runs on AArch64 only");
  }
  CodeMemoryOptions memory_options = options_.memory;
  memory_options.system = options_.system;
  absl::StatusOr<std::unique_ptr<CodeMemory>> memory = CodeMemory::Create(memory_options);
  if (absl::IsUnavailable(memory.status()) && memory_options.policy == CodeMemoryPolicy::kDual) {
    memory_reason_ = std::string(memory.status().message());
    memory_options.policy = CodeMemoryPolicy::kMprotect;
    memory = CodeMemory::Create(memory_options);
  }
  if (!memory.ok()) return memory.status();
  memory_ = *std::move(memory);
  sync_ = ChooseCodeSync(options_.sync, &threads_, &SynchronizeThisContext,
                         [system = options_.system](int command) { return system->Membarrier(command); });
  CodePublisherOptions publisher_options = options_.publisher;
  publisher_options.system = options_.system;
  publisher_ = std::make_unique<CodePublisher>(sync_.sync.get(), sync_.fallback.get(), publisher_options);
  // The stubs, which live as long as the tier.
  absl::MutexLock lock(&compile_mutex_);
  Assembler a;
  if (publisher_->sync().adopts()) jumps_ = std::make_unique<JumpTables>(&threads_, JumpTables::FunctionsOf(memory_->usage().capacity));
  const StubAddresses offsets = EmitStubs(a, jumps_ != nullptr ? jumps_->jumps() : 0);
  absl::StatusOr<absl::Span<const uint32_t>> words = a.Finish();
  if (!words.ok()) return words.status();
  absl::StatusOr<CodeSpan<Writable>> span = memory_->Allocate(words->size() * sizeof(uint32_t));
  if (!span.ok()) return span.status();
  std::vector<PublicationRequest> batch;
  batch.push_back({*std::move(span), *words});
  absl::StatusOr<Publication> published = publisher_->Publish(absl::MakeSpan(batch));
  if (!published.ok()) return published.status();
  stub_span_ = published->TakeSpan(0);
  stubs_ = offsets.At(stub_span_.address());
  if (jumps_ != nullptr) jumps_->SetStubs(stubs_.adopt_entry, stubs_.adopt_exact);
  AddForkObserver(this);
  return absl::OkStatus();
}

BaselineTier::~BaselineTier() {
  RemoveForkObserver(this);
  if (forked_) return;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
  if (!stub_span_.empty()) (void)publisher_->Release(std::move(stub_span_));  // the memory ends with the tier
}

void BaselineTier::Request(const std::shared_ptr<Module>& module, ProtoSlots* function) {
  if (forked_) return Refuse({module, function}, absl::FailedPreconditionError("forked"));
  if (!options_.background) {
    const BlockingScope parked(CodeThread::Current());  // other threads compile, too, and wait for this one
    Compile({{module, function}});
    return;
  }
  absl::MutexLock lock(&mutex_);
  queue_.push_back({module, function});
  if (!thread_.joinable()) thread_ = std::thread(&BaselineTier::Run, this);
}

void BaselineTier::Run() {
  for (;;) {
    std::vector<Job> jobs;
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      mutex_.Await(absl::Condition(
          +[](BaselineTier* t) ABSL_EXCLUSIVE_LOCKS_REQUIRED(t->mutex_) { return t->stop_ || !t->queue_.empty(); }, this));
      if (stop_) return;
      busy_ = true;
      const auto end = queue_.begin() + static_cast<ptrdiff_t>(std::min(queue_.size(), kMaxBatch));
      jobs.assign(std::move_iterator(queue_.begin()), std::move_iterator(end));
      queue_.erase(queue_.begin(), end);
    }
    Compile(jobs);
  }
}

void BaselineTier::AddThread(CodeThread& thread) {
  if (jumps_ != nullptr) jumps_->AddThread(thread);
  if (!forked_) threads_.Add(thread);
}

void BaselineTier::RemoveThread(CodeThread& thread) {
  if (forked_) return;
  threads_.Remove(thread);
  reclaimer_.Forget(thread);
}

void BaselineTier::OnUnpark(CodeThread& thread) {
  publisher_->sync().Unpark(thread);
  reclaimer_.OnUnpark(thread);
}

void BaselineTier::OnPark(CodeThread& thread) {
  reclaimer_.BeforePark(thread);
  publisher_->sync().Park(thread);
  reclaimer_.AfterPark();
}

void BaselineTier::OnPoll(CodeThread& thread) {
  publisher_->sync().OnPoll(thread);
  reclaimer_.OnPoll(thread);
}

void BaselineTier::Drain() {
  if (forked_) return;
  const BlockingScope parked(CodeThread::Current());  // the compile thread may wait for this one
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](BaselineTier* t) ABSL_EXCLUSIVE_LOCKS_REQUIRED(t->mutex_) { return t->queue_.empty() && !t->busy_; }, this));
}

void BaselineTier::Compile(absl::Span<const Job> jobs) {
  std::vector<Refusal> refused;
  {
    absl::MutexLock lock(&compile_mutex_);
    CodeBatch memory;
    std::vector<Compiled> batch;
    for (const Job& job : jobs) {
      absl::StatusOr<Compiled> compiled = CompileOne(job, memory);
      if (compiled.ok()) {
        batch.push_back(*std::move(compiled));
      } else {
        refused.emplace_back(job, compiled.status());
      }
    }
    for (auto& failure : PublishAll(absl::MakeSpan(batch))) refused.push_back(std::move(failure));
  }
  for (const auto& [job, why] : refused) Refuse(job, why);
}

void BaselineTier::Refuse(const Job& job, const absl::Status& why) {
  // relaxed: written by compilations only, of which there is one at a time
  const bool passes = absl::IsDeadlineExceeded(why) || absl::IsResourceExhausted(why);
  if (passes && job.function->timeouts.fetch_add(1, std::memory_order_relaxed) < kMaxTimeouts) {
    job.function->state.store(CompileState::kCold, std::memory_order_relaxed);  // it may become hot again
    return;
  }
  // The function stays in the interpreter, and says why. relaxed: both are hints and statistics.
  job.function->refusal.store(absl::IsResourceExhausted(why) ? "code cache full"
                              : absl::IsOutOfRange(why)      ? "function too large"
                              : forked_                      ? "compiled in the parent process only"
                                                             : "publication failed",
                              std::memory_order_relaxed);
  job.function->state.store(CompileState::kRefused, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  ++stats_.refused;
}

void BaselineTier::FillTargets(const ProtoSlots& function, const CompiledCode& code, CodeEpoch epoch, PublishedFunction& owner) {
  const auto fill = [&](CallTarget& target, uint32_t entry, uint32_t jump, uintptr_t by_table) {
    target.slots = &function;
    target.direct = owner.span.entry(entry);
    target.jump = jump;
    target.entry = owner.jump.empty() ? target.direct : reinterpret_cast<const void*>(by_table);
    target.tier = Tier::kNative;
    target.epoch = epoch;
  };
  if (code.has_exact_entry) {
    fill(owner.exact, code.exact_entry, owner.jump.exact(), stubs_.Jump(owner.jump.exact()));
    owner.target.exact = &owner.exact;
  }
  fill(owner.target, code.entry, owner.jump.entry(), stubs_.Jump(owner.jump.entry()));
  owner.first = owner.target;
  owner.first.entry = reinterpret_cast<const void*>(&EnterMachineCodeFirst);
  owner.first.next = &owner.target;
}

bool BaselineTier::MayEnter(const CodeThread& thread, const CallTarget& target) const {
  return publisher_->sync().SynchronizedEpoch(thread) >= target.epoch;
}

absl::StatusOr<BaselineTier::Compiled> BaselineTier::CompileOne(const Job& job, CodeBatch& batch) {
  ProtoSlots& function = *job.function;
  const uint64_t start = MonotonicNs();
  function.tier_record.Mark(TierStage::kStarted, start);
  absl::StatusOr<CompiledCode> code = compiler_.Compile(function, stubs_, {.count_calls = options_.count_calls, .verify_facts = options_.verify_facts});
  if (!code.ok()) return code.status();
  absl::StatusOr<CodeSpan<Writable>> span = Allocate(code->words.size() * sizeof(uint32_t), batch);
  if (!span.ok()) return span.status();
  if (absl::Status linked = compiler_.Link(span->address()); !linked.ok()) return linked;
  absl::StatusOr<JumpIndex> jump = TakeJump();
  if (!jump.ok()) return jump.status();
  Compiled result{job, *std::move(span), *std::move(jump), {code->words.begin(), code->words.end()}, *std::move(code), 0};
  const uint64_t end = MonotonicNs();
  function.tier_record.Mark(TierStage::kCompiled, end);
  result.emit_ns = end - start;
  return result;
}

std::vector<BaselineTier::Refusal> BaselineTier::PublishAll(absl::Span<Compiled> batch) {
  std::vector<Refusal> refused;
  if (batch.empty()) return refused;
  std::vector<PublicationRequest> requests;
  for (Compiled& compiled : batch) requests.push_back({std::move(compiled.span), compiled.words});
  absl::StatusOr<Publication> published = publisher_->Publish(absl::MakeSpan(requests));
  for (size_t i = 0; i < batch.size(); ++i) {
    absl::Status status = published.ok() ? Install(batch[i], *published, i) : published.status();
    if (!status.ok()) refused.emplace_back(batch[i].job, std::move(status));
  }
  return refused;
}

absl::Status BaselineTier::Install(Compiled& compiled, Publication& published, size_t index) {
  ProtoSlots& function = *compiled.job.function;
  function.tier_record.Mark(TierStage::kBatched, published.times().started);
  function.tier_record.Mark(TierStage::kCopied, published.times().copied);
  function.tier_record.Mark(TierStage::kMaintained, published.times().maintained);
  function.tier_record.Mark(TierStage::kSynchronized, published.times().synchronized);

  auto owner = std::make_shared<PublishedFunction>(this);
  owner->span = published.TakeSpan(index);
  owner->jump = std::move(compiled.jump);
  auto record = std::make_shared<CodeRecord>();
  record->address = owner->span.address();
  record->size = owner->span.size();
  record->name = NameOf(function);
  record->source = &function;
  if (absl::Status added = code_map_.Add(std::move(record)); !added.ok()) return added;

  FillTargets(function, compiled.code, published.epoch(), *owner);
  compiled.job.module->Keep(owner);
  Remember(compiled.job, owner);
  const std::vector<uint32_t>& loops = compiled.code.loops;
  for (size_t i = 0; i < loops.size(); ++i) published.Install(function.loops[i], owner->span.entry(loops[i]));
  published.Install(function.target, &owner->first);
  function.tier_record.Mark(TierStage::kInstalled, MonotonicNs());

  // relaxed: statistics
  const uint64_t bytes = compiled.words.size() * sizeof(uint32_t);
  function.state.store(CompileState::kCompiled, std::memory_order_relaxed);
  function.compilations.fetch_add(1, std::memory_order_relaxed);
  function.code_bytes.store(bytes, std::memory_order_relaxed);
  function.compile_ns.store(compiled.emit_ns, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  ++stats_.compiled;
  stats_.bytecodes += function.proto->code.size();
  stats_.code_bytes += bytes;
  stats_.compile_ns += compiled.emit_ns;
  return absl::OkStatus();
}

// ---- Eviction.

void BaselineTier::Remember(const Job& job, const std::shared_ptr<PublishedFunction>& code) {
  if (published_.size() >= prune_at_) {
    std::erase_if(published_, [](const Published& p) { return p.code.expired(); });
    prune_at_ = 2 * published_.size() + 64;
  }
  published_.push_back({job.module, job.function, code});
}

absl::StatusOr<CodeSpan<Writable>> BaselineTier::Allocate(size_t bytes, CodeBatch& batch) {
  // Even in an empty cache the stubs stay.
  if (bytes > memory_->usage().capacity - stub_span_.size()) return absl::OutOfRangeError("larger than the code cache");
  for (;;) {
    absl::StatusOr<CodeSpan<Writable>> span = memory_->Allocate(bytes, &batch);
    if (!absl::IsResourceExhausted(span.status())) return span;
    if (absl::Status evicted = Evict(bytes); !evicted.ok()) return evicted;
  }
}

absl::StatusOr<JumpIndex> BaselineTier::TakeJump() {
  if (jumps_ == nullptr) return JumpIndex();
  for (;;) {
    if (JumpIndex jump = jumps_->Take(); !jump.empty()) return jump;
    const absl::StatusOr<bool> recycled = jumps_->Recycle([this] { return reclaimer_.Round().status(); });
    if (!recycled.ok()) return recycled.status();
    if (*recycled) continue;
    if (absl::Status evicted = Evict(1); !evicted.ok()) return evicted;
  }
}

absl::Status BaselineTier::Evict(size_t bytes) {
  // Enough that the next functions find room, too: the wait for other threads costs the same for many.
  const size_t wanted = std::max(bytes, memory_->usage().capacity / 8);
  // Who is in which code just now?
  if (auto seen = reclaimer_.Round(); !seen.ok()) return seen.status();
  size_t taken = 0;
  for (const bool spare_seen : {true, false}) {
    for (size_t left = published_.size(); left != 0 && taken < wanted; --left) {
      Published oldest = std::move(published_.front());
      published_.pop_front();
      const std::shared_ptr<Module> module = oldest.module.lock();
      if (module == nullptr) continue;  // its code has gone with it
      if (oldest.function->seen.exchange(false, std::memory_order_relaxed) && spare_seen) {
        published_.push_back(std::move(oldest));
        continue;
      }
      taken += Retire(oldest, module);
    }
  }
  if (retired_.empty()) return absl::ResourceExhaustedError("code cache full");
  const size_t waiting = retired_.size();
  if (absl::Status reclaimed = Reclaim(); !reclaimed.ok()) return reclaimed;
  if (taken == 0 && retired_.size() == waiting) return absl::ResourceExhaustedError("code cache full of code that is running");
  return absl::OkStatus();
}

size_t BaselineTier::Retire(const Published& published, const std::shared_ptr<Module>& module) {
  const std::shared_ptr<PublishedFunction> code = published.code.lock();
  ProtoSlots& function = *published.function;
  // relaxed: before the round, which orders it
  function.retiring.store(true, std::memory_order_relaxed);
  for (uint32_t i = 0; i < function.proto->loop_count; ++i) slots::Unpublish(function.loops[i], nullptr);
  slots::Unpublish(function.target, &function.interpreter);
  module->Drop(code.get());
  retired_.push_back({module, &function, code});
  return code->span.size();
}

absl::Status BaselineTier::Discard(const ProtoSlots* function) {
  if (forked_) return absl::FailedPreconditionError("in a child of fork() code is not reclaimed");
  const BlockingScope parked(CodeThread::Current());
  absl::MutexLock lock(&compile_mutex_);
  const auto found = std::ranges::find_if(published_, [function](const Published& p) { return p.function == function; });
  if (found != published_.end()) {
    const Published published = std::move(*found);
    published_.erase(found);
    if (const std::shared_ptr<Module> module = published.module.lock()) Retire(published, module);
  }
  return Reclaim();
}

absl::Status BaselineTier::Reclaim() {
  if (retired_.empty()) return absl::OkStatus();
  // After this round nobody links a call site to a retired target, as nobody has one from the function's slot.
  if (auto round = reclaimer_.Round(); !round.ok()) return round.status();
  std::set<Module*> modules;
  for (const Retired& r : retired_) modules.insert(r.module.get());
  for (const Module* module : modules) {
    for (const auto& caller : module->functions()) {
      for (uint32_t i = 0; i < caller->proto->call_site_count; ++i) {
        slots::Unlink(caller->call_sites[i].target, &kUnlinked, [](const CallTarget* linked) {
          // relaxed: stored by this thread
          return linked->slots != nullptr && linked->slots->retiring.load(std::memory_order_relaxed);
        });
      }
    }
  }
  // After this one nobody has a target from a call site either, nobody is in the code, and nobody returns there but native code.
  const auto pinned = reclaimer_.Round();
  if (!pinned.ok()) return pinned.status();
  size_t evicted = 0;
  std::erase_if(retired_, [&](Retired& r) {
    if (pinned->contains(r.function)) return false;
    r.code.reset();
    r.function->retiring.store(false, std::memory_order_relaxed);  // relaxed: nobody is there to leave
    ReturnToInterpreter(*r.function);
    ++evicted;
    return true;
  });
  absl::MutexLock lock(&mutex_);
  stats_.evicted += evicted;
  return absl::OkStatus();
}

// ---- Forks. compile_mutex_ keeps slots and code memory from changing but by modules that end, which take the memory's.

void BaselineTier::BeforeFork() {
  compile_mutex_.Lock();
  mutex_.Lock();
  reclaimer_.BeforeFork();
  memory_->BeforeFork();
}

void BaselineTier::AfterForkInParent() {
  memory_->AfterForkInParent();
  reclaimer_.AfterForkInParent();
  mutex_.Unlock();
  compile_mutex_.Unlock();
}

void BaselineTier::AfterForkInChild() {
  publisher_->RefreshCopy(memory_->base(), memory_->AfterForkInChild());
  reclaimer_.AfterForkInChild();
  UnlockInChild(mutex_);
  UnlockInChild(compile_mutex_);
  if (forked_) return;
  forked_ = true;
  new (&thread_) std::thread;  // the other one does not run here, and cannot be joined
}

BaselineTierStats BaselineTier::stats() const {
  BaselineTierStats result;
  {
    absl::MutexLock lock(&mutex_);
    result = stats_;
  }
  result.rounds = reclaimer_.rounds();
  result.usage = memory_->usage();
  result.publication = publisher_->stats();
  result.sync = publisher_->DescribeSync();
  if (!sync_.reason.empty()) absl::StrAppend(&result.sync, " (", sync_.reason, ")");
  result.memory = std::string(CodeMemoryPolicyName(memory_->policy()));
  if (!memory_reason_.empty()) absl::StrAppend(&result.memory, " (", memory_reason_, ")");
  return result;
}

}  // namespace perilune::vm::jit
