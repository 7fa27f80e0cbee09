#include "jit/publication_experiments.h"

#include <sched.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jit/a64_assembler.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"

namespace perilune::vm::jit {
namespace {

using View = PublicationExperiment::View;
using Caller = PublicationExperiment::Caller;

constexpr PublicationSteps kMaintenance =
    StepBit(PublicationStep::kCleanData) | StepBit(PublicationStep::kCompleteClean) |
    StepBit(PublicationStep::kInvalidateInstructions) | StepBit(PublicationStep::kCompleteInvalidate) |
    StepBit(PublicationStep::kSynchronizeSelf);
constexpr PublicationSteps kOthers =
    StepBit(PublicationStep::kRequestOthers) | StepBit(PublicationStep::kAwaitOthers);

absl::Status Refused(const char* what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// One page with one function.
class Page {
 public:
  static absl::StatusOr<std::unique_ptr<Page>> Create(View view) {
    std::unique_ptr<Page> page(new Page(view));
    constexpr int kReadWrite = PROT_READ | PROT_WRITE;
    if (view == View::kProtect) {
      void* const memory = mmap(nullptr, page->size_, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) return Refused("mmap");
      page->rw_ = static_cast<uint32_t*>(memory);
      page->rx_ = page->rw_;
      return page;
    }
    const int fd = memfd_create("perilune-doctor", MFD_CLOEXEC);
    if (fd < 0) return Refused("memfd_create");
    void* rw = MAP_FAILED;
    void* rx = MAP_FAILED;
    if (ftruncate(fd, static_cast<off_t>(page->size_)) == 0) {
      rw = mmap(nullptr, page->size_, kReadWrite, MAP_SHARED, fd, 0);
      rx = mmap(nullptr, page->size_, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    }
    const absl::Status status = Refused("mapping a page twice");
    close(fd);
    if (rw != MAP_FAILED) page->rw_ = static_cast<uint32_t*>(rw);
    if (rx != MAP_FAILED) page->rx_ = static_cast<uint32_t*>(rx);
    if (rw == MAP_FAILED || rx == MAP_FAILED) return status;
    return page;
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() {
    if (rw_ != nullptr) munmap(rw_, size_);
    if (rx_ != nullptr && rx_ != rw_) munmap(rx_, size_);
  }

  // Makes the function return `number`.
  absl::Status Write(uint32_t number) {
    assembler_.Reset();
    assembler_.Mov(W(0), number);  // one instruction, the only one that changes
    assembler_.ret();
    const auto words = assembler_.Finish();
    if (!words.ok()) return words.status();
    if (view_ == View::kProtect && mprotect(rw_, size_, PROT_READ | PROT_WRITE) != 0) return Refused("mprotect");
    std::memcpy(rw_, words->data(), words->size() * sizeof(uint32_t));
    if (view_ == View::kProtect && mprotect(rw_, size_, PROT_READ | PROT_EXEC) != 0) return Refused("mprotect");
    return absl::OkStatus();
  }
  uint32_t Call() const { return std::bit_cast<uint32_t (*)()>(rx_)(); }

  uintptr_t rw() const { return reinterpret_cast<uintptr_t>(rw_); }
  uintptr_t rx() const { return reinterpret_cast<uintptr_t>(rx_); }

 private:
  explicit Page(View view) : view_(view), size_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {}

  const View view_;
  const size_t size_;
  uint32_t* rw_ = nullptr;
  uint32_t* rx_ = nullptr;
  Assembler assembler_;
};

// Takes the publication steps but those left out. The function is within one line of any size.
class Publisher {
 public:
  Publisher(Page* page, PublicationSteps left_out) : page_(page), left_out_(left_out) {}

  absl::Status Publish(uint32_t number) {
    CacheMaintenance& maintenance = *NativeCacheMaintenance();
    CodeEpoch epoch = 0;
    for (const PublicationStep step : kPublicationProtocol) {
      if ((left_out_ & StepBit(step)) != 0) continue;
      absl::Status status;
      switch (step) {
        case PublicationStep::kCopyWords:
          status = page_->Write(number);
          break;
        case PublicationStep::kCleanData:
          maintenance.CleanDataLines(page_->rw(), 1, 64);
          break;
        case PublicationStep::kCompleteClean:
        case PublicationStep::kCompleteInvalidate:
          maintenance.DataBarrier();
          break;
        case PublicationStep::kInvalidateInstructions:
          maintenance.InvalidateInstructionLines(page_->rx(), 1, 64);
          break;
        case PublicationStep::kSynchronizeSelf:
          maintenance.SynchronizeContext();
          break;
        case PublicationStep::kRequestOthers: {
          const absl::StatusOr<CodeEpoch> requested = sync_.Request();
          status = requested.status();
          if (status.ok()) epoch = *requested;
          break;
        }
        case PublicationStep::kAwaitOthers:
          status = sync_.Wait(epoch);
          break;
        case PublicationStep::kInstall:
          break;  // the caller's
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  Page* const page_;
  const PublicationSteps left_out_;
  MembarrierSync sync_;
};

// The thread that calls in its own time. It spins without system calls, which could be the events whose lack is looked for;
// only where it seems to keep its partner from the processor does it give way.
class OtherThread {
 public:
  OtherThread(const Page* page, bool isb) : page_(page), isb_(isb), thread_([this] { Run(); }) {}
  ~OtherThread() {
    // Release: partner of Run()'s acquire, as in Call().
    asked_.store(kStop, std::memory_order_release);
    thread_.join();
  }

  // Has the function called; returns what it gave.
  uint32_t Call() {
    const uint32_t ticket = ++ticket_;
    // Release: partner of Run()'s acquire. This is the protocol's slot.
    asked_.store(ticket, std::memory_order_release);
    AwaitChange(answered_, ticket - 1);
    return result_;
  }

 private:
  static constexpr uint32_t kStop = UINT32_MAX;

  // Spins until the word is not `old`; returns what it is.
  static uint32_t AwaitChange(const std::atomic<uint32_t>& word, uint32_t old) {
    constexpr uint32_t kPatience = 1 << 14;
    for (uint32_t spins = 0;; ++spins) {
      // Acquire: partner of the other side's release.
      const uint32_t now = word.load(std::memory_order_acquire);
      if (now != old) return now;
      if (spins > kPatience) sched_yield();
    }
  }

  void Run() {
    for (uint32_t ticket = 0;;) {
      ticket = AwaitChange(asked_, ticket);
      if (ticket == kStop) return;
      if (isb_) NativeCacheMaintenance()->SynchronizeContext();
      result_ = page_->Call();
      answered_.store(ticket, std::memory_order_release);  // partner: Call()
    }
  }

  const Page* const page_;
  const bool isb_;
  uint32_t ticket_ = 0;
  alignas(128) std::atomic<uint32_t> asked_{0};
  alignas(128) std::atomic<uint32_t> answered_{0};
  uint32_t result_ = 0;  // written before answered_
  std::thread thread_;
};

absl::Status Run(const PublicationExperimentOptions& options, PublicationExperiment& experiment) {
  auto page = Page::Create(experiment.view);
  if (!page.ok()) return page.status();
  // The first version is published with all maintenance, so that nothing older than it is ever run.
  if (absl::Status status = Publisher(page->get(), experiment.left_out & kOthers).Publish(0); !status.ok()) return status;
  Publisher publisher(page->get(), experiment.left_out);
  std::unique_ptr<OtherThread> other;
  if (experiment.caller == Caller::kOtherThread) other = std::make_unique<OtherThread>(page->get(), experiment.caller_isb);
  const auto call = [&] { return other != nullptr ? other->Call() : (*page)->Call(); };

  const auto end = std::chrono::steady_clock::now() + options.time_limit;
  for (uint32_t number = 1; experiment.trials < options.trials; ++number) {
    if (std::chrono::steady_clock::now() > end) return absl::DeadlineExceededError("time is up");
    for (int i = 0; i < 3; ++i) call();  // so that the old version is fetched
    constexpr uint32_t kNumbers = 1 << 16;
    if (absl::Status status = publisher.Publish(number % kNumbers); !status.ok()) return status;
    ++experiment.trials;
    experiment.stale += call() != number % kNumbers;
  }
  return absl::OkStatus();
}

std::vector<PublicationExperiment> AllExperiments(bool has_membarrier) {
  std::vector<PublicationExperiment> all;
  for (const View view : {View::kAlias, View::kProtect}) {
    for (const Caller caller : {Caller::kSameThread, Caller::kOtherThread}) {
      const bool other = caller == Caller::kOtherThread;
      // The thread itself needs nobody else.
      const PublicationSteps base = other && has_membarrier ? 0 : kOthers;
      for (const bool isb : {false, true}) {
        if (isb && !other) continue;
        const auto add = [&](PublicationSteps left_out) {
          all.push_back({.left_out = base | left_out, .view = view, .caller = caller, .caller_isb = isb, .problem = ""});
        };
        add(0);
        for (const PublicationStep step : kPublicationProtocol) {
          if ((kMaintenance & StepBit(step)) != 0) add(StepBit(step));
        }
        if (base == 0) add(kOthers);
        add(kMaintenance);
        if (base == 0) add(kMaintenance | kOthers);
      }
    }
  }
  return all;
}

}  // namespace

std::string PublicationExperiment::LeftOutText() const {
  PublicationSteps rest = left_out;
  // What a thread does for itself has no others to leave out.
  if (caller == Caller::kSameThread) rest &= ~kOthers;
  std::string text;
  const auto add = [&](PublicationSteps steps, std::string_view name) {
    if ((rest & steps) != steps || steps == 0) return;
    absl::StrAppend(&text, text.empty() ? "" : ", ", name);
    rest &= ~steps;
  };
  add(kMaintenance, "all maintenance");
  add(kOthers, "membarrier");
  for (const PublicationStep step : kPublicationProtocol) add(StepBit(step), StepName(step));
  return text.empty() ? "nothing" : text;
}

std::string_view ViewName(View view) { return view == View::kAlias ? "alias" : "mprotect"; }
std::string_view CallerName(Caller caller) { return caller == Caller::kSameThread ? "same thread" : "other thread"; }

absl::StatusOr<std::vector<PublicationExperiment>> RunPublicationExperiments(const PublicationExperimentOptions& options) {
  if (NativeCacheMaintenance() == nullptr) return absl::UnimplementedError("running machine code needs AArch64");
  const bool has_membarrier = MembarrierSync().Register().ok();
  std::vector<PublicationExperiment> all = AllExperiments(has_membarrier);
  for (PublicationExperiment& experiment : all) {
    const absl::Status status = Run(options, experiment);
    if (!status.ok()) experiment.problem = std::string(status.message());
  }
  return all;
}

bool IsEmulatedProcessor() {
#if defined(__aarch64__)
  // The kernel answers for MIDR_EL1 only if it says so.
  constexpr unsigned long kHwcapCpuid = 1 << 11;
  if ((getauxval(AT_HWCAP) & kHwcapCpuid) == 0) return false;
  uint64_t midr;
  asm("mrs %0, midr_el1" : "=r"(midr));
  return (midr >> 24 & 0xff) == 0;
#else
  return false;
#endif
}

}  // namespace perilune::vm::jit
