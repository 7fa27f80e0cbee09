#include "jit/code_sync.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace perilune::vm::jit {
namespace {

int KernelMembarrier(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno;
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

MembarrierSync::MembarrierSync() : MembarrierSync(KernelMembarrier) {}

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

}  // namespace perilune::vm::jit
