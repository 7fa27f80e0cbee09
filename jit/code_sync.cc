#include "jit/code_sync.h"

#include <linux/membarrier.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "jit/code_handshake.h"

namespace perilune::vm::jit {
namespace {

// As CodeSyncKind.
constexpr std::array<absl::string_view, 6> kKindNames = {
    "auto", "membarrier", "epoch", "signal", "private", "none"};

// Away from the first real-time signals, which debuggers and libraries take.
int SyncSignal() { return SIGRTMIN + 7; }

int32_t OsThread() {
  static thread_local const auto id = static_cast<int32_t>(syscall(SYS_gettid));
  return id;
}

absl::Status MembarrierError(const char* what, int error) {
  const std::string message =
      absl::StrCat("membarrier: ", what, ": ", std::strerror(error));
  // An old kernel, one built without it, or an architecture without the
  // sync-core flavour: it will not get better.
  if (error == ENOSYS || error == EINVAL) {
    return absl::UnimplementedError(message);
  }
  return absl::UnavailableError(message);
}

}  // namespace

std::optional<CodeSyncKind> ParseCodeSyncKind(absl::string_view name) {
  const auto found = std::ranges::find(kKindNames, name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<CodeSyncKind>(found - kKindNames.begin());
}

ChosenCodeSync ChooseCodeSync(CodeSyncKind kind, CodeThreads* threads,
                              SynchronizeContextFn synchronize,
                              MembarrierSync::SystemCall membarrier) {
  const auto epoch = [&] {
    return std::make_unique<EpochSync>(threads, synchronize);
  };
  switch (kind) {
    case CodeSyncKind::kAuto:
    case CodeSyncKind::kMembarrier: {
      auto sync = std::make_unique<MembarrierSync>(std::move(membarrier));
      const absl::Status status = sync->Register();
      if (status.ok()) return {std::move(sync), epoch(), ""};
      return {epoch(), nullptr, std::string(status.message())};
    }
    case CodeSyncKind::kSignal: {
      auto sync = SignalSync::Create(threads, synchronize);
      if (sync.ok()) return {*std::move(sync), nullptr, ""};
      return {epoch(), nullptr, std::string(sync.status().message())};
    }
    case CodeSyncKind::kEpoch:
      return {epoch(), nullptr, ""};
    case CodeSyncKind::kPrivate:
      return {std::make_unique<PrivateSync>(synchronize), nullptr, ""};
    case CodeSyncKind::kNone:
      break;
  }
  return {std::make_unique<NoSync>(), nullptr, ""};
}

void CodeSync::Unpark(CodeThread& thread) {
  handshake::BeginRunning(thread);
  OnUnpark(thread);
}

void CodeSync::Park(CodeThread& thread) {
  handshake::EndRunning(thread);
  OnParked();
}

absl::StatusOr<CodeEpoch> ImmediateCodeSync::Request() {
  if (absl::Status status = Broadcast(); !status.ok()) return status;
  // Relaxed suffices: the broadcast is over, and an epoch only reaches another
  // thread through this return value.
  return epoch_.fetch_add(1, std::memory_order_relaxed) + 1;
}

bool ImmediateCodeSync::Quiesced(CodeEpoch epoch) {
  // Relaxed: pairs with Request(), whose result the caller already has.
  return epoch <= epoch_.load(std::memory_order_relaxed);
}

absl::Status ImmediateCodeSync::Wait(CodeEpoch epoch) {
  if (Quiesced(epoch)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "code sync: this epoch was never requested");
}

int MembarrierSync::Kernel(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno;
}

MembarrierSync::MembarrierSync() : MembarrierSync(Kernel) {}

MembarrierSync::MembarrierSync(SystemCall system_call)
    : system_call_(std::move(system_call)) {}

absl::Status MembarrierSync::Register() {
  const int error =
      system_call_(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
  return error == 0 ? absl::OkStatus() : MembarrierError("register", error);
}

absl::Status MembarrierSync::Broadcast() {
  int error = system_call_(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
  if (error == EPERM) {
    if (absl::Status status = Register(); !status.ok()) return status;
    error = system_call_(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
  }
  if (error != 0) return MembarrierError("sync-core", error);
  barriers_.fetch_add(1, std::memory_order_relaxed);  // a statistic
  return absl::OkStatus();
}

absl::Status NoSync::Broadcast() { return absl::OkStatus(); }

absl::Status PrivateSync::Broadcast() { return absl::OkStatus(); }

void PrivateSync::OnUnpark(CodeThread& thread) {
  // relaxed: this thread's own. 0: it may be another OS thread than the one which adopted the code that its table leads to. What makes it know of the
  // isolate orders the event behind that.
  if (thread.synchronized.load(std::memory_order_relaxed) != 0) return;
  synchronize_();
  thread.synchronized.store(1, std::memory_order_relaxed);
}

// ---- Handshakes.

absl::StatusOr<CodeEpoch> HandshakeSync::Request() {
  const CodeEpoch epoch = handshake::Raise(epoch_);
  threads_->ForEach([&](CodeThread& thread) {
    if (&thread == CodeThread::Current()) {
      // relaxed: this thread's own store
      if (thread.running.load(std::memory_order_relaxed)) CatchUp(thread);
    } else if (handshake::IsRunning(thread)) {
      Ask(thread);
    }
  });
  return epoch;
}

bool HandshakeSync::Quiesced(CodeEpoch epoch) {
  return threads_->AllRunning([epoch](CodeThread& thread) {
    return handshake::IsSynchronized(thread, epoch);
  });
}

absl::Status HandshakeSync::Wait(CodeEpoch epoch) {
  if (epoch > epoch_.load(std::memory_order_relaxed)) {  // relaxed: the caller has it from Request()
    return absl::InvalidArgumentError(
        "code sync: this epoch was never requested");
  }
  if (acknowledgements_.Wait([&] { return Quiesced(epoch); },
                             kHandshakeLimit)) {
    return absl::OkStatus();
  }
  return absl::DeadlineExceededError(
      absl::StrCat("code sync: a thread did not answer (", name(), ")"));
}

void HandshakeSync::CatchUp(CodeThread& thread) {
  handshake::CatchUp(epoch_, thread, synchronize_, [this] { acknowledgements_.Notify(); });
}

CodeEpoch HandshakeSync::SynchronizedEpoch(const CodeThread& thread) const {
  return thread.synchronized.load(std::memory_order_relaxed);  // by the thread itself
}

absl::StatusOr<std::unique_ptr<SignalSync>> SignalSync::Create(
    CodeThreads* threads, SynchronizeContextFn synchronize) {
  struct sigaction before;
  if (sigaction(SyncSignal(), nullptr, &before) != 0 ||
      (before.sa_handler != SIG_DFL && before.sa_handler != &Handle)) {
    return absl::UnavailableError(
        absl::StrCat("signal ", SyncSignal(), " is in use"));
  }
  struct sigaction action = {};
  action.sa_handler = &Handle;
  action.sa_flags = SA_RESTART;
  if (sigaction(SyncSignal(), &action, nullptr) != 0) {
    return absl::UnavailableError(
        absl::StrCat("signal ", SyncSignal(), ": ", std::strerror(errno)));
  }
  return std::unique_ptr<SignalSync>(new SignalSync(threads, synchronize));
}

void SignalSync::OnUnpark(CodeThread& thread) {
  thread.sync = this;
  // relaxed: a publisher that sees the thread run, but not yet here, signals
  // some other thread, and this one catches up below
  thread.os_thread.store(OsThread(), std::memory_order_relaxed);
  CatchUp(thread);
}

void SignalSync::Ask(CodeThread& thread) {
  const int32_t id = thread.os_thread.load(std::memory_order_relaxed);
  // If it is gone it parked before, which Wait() will see. Where signals queue
  // up (EAGAIN) a poll is as good.
  if (syscall(SYS_tgkill, getpid(), id, SyncSignal()) != 0 && errno == EAGAIN) {
    thread.RequestPoll();
  }
}

void SignalSync::Handle(int) {
  const int saved = errno;
  CodeThread* const thread = CodeThread::Current();
  // A signal that comes late finds a thread which has parked meanwhile, or runs
  // another engine's isolate; both have nothing to acknowledge. relaxed: own stores.
  if (thread != nullptr && thread->sync != nullptr &&
      thread->running.load(std::memory_order_relaxed)) {
    static_cast<SignalSync*>(thread->sync)->CatchUp(*thread);
  }
  errno = saved;
}

}  // namespace perilune::vm::jit
