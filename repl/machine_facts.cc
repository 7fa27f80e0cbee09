#include "repl/machine_facts.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "jit/code_publisher.h"
#include "jit/publication_experiments.h"

namespace perilune::vm::repl {
namespace {

#if defined(__aarch64__)
constexpr const char* kProcessor = "AArch64";
#elif defined(__x86_64__)
constexpr const char* kProcessor = "x86-64";
#else
constexpr const char* kProcessor = "another";
#endif

std::vector<CacheType> CacheTypes() {
  std::vector<CacheType> types;
  jit::CacheMaintenance* const maintenance = jit::NativeCacheMaintenance();
  if (maintenance == nullptr) return types;
  cpu_set_t before;
  CPU_ZERO(&before);
  const bool can_move = sched_getaffinity(0, sizeof(before), &before) == 0;
  const auto add = [&](int cpu) {
    const uint64_t value = maintenance->ReadCacheType();
    auto it = std::ranges::find(types, value, &CacheType::register_value);
    if (it == types.end()) it = types.insert(it, {.register_value = value, .cpus = {}});
    it->cpus.push_back(cpu);
  };
  for (int cpu = 0; can_move && cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &before)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (sched_setaffinity(0, sizeof(one), &one) == 0) add(cpu);
  }
  if (can_move) (void)sched_setaffinity(0, sizeof(before), &before);
  // Where threads cannot be moved, the processor at hand.
  if (types.empty()) add(std::max(0, sched_getcpu()));
  return types;
}

Probe Answer(std::string name, bool works, std::string detail = "") {
  if (!works && detail.empty()) detail = std::strerror(errno);
  return {std::move(name), works, std::move(detail)};
}

Probe MembarrierProbe() {
  const long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
  if (commands < 0) return Answer("membarrier", false);
  std::string detail;
  for (const auto& [bit, name] : {std::pair{MEMBARRIER_CMD_GLOBAL, "global"},
                                  std::pair{MEMBARRIER_CMD_PRIVATE_EXPEDITED, "private expedited"},
                                  std::pair{MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, "private expedited sync-core"}}) {
    if ((commands & bit) != 0) absl::StrAppend(&detail, detail.empty() ? "" : ", ", name);
  }
  return Answer("membarrier", true, std::move(detail));
}

Probe SyncCoreProbe() {
  const bool works = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0;
  return Answer("membarrier sync-core", works);
}

Probe ExecutableMemfdProbe(size_t page) {
  // From <linux/memfd.h> of newer kernels.
  constexpr unsigned kMfdExec = 0x10;
  long fd = syscall(SYS_memfd_create, "perilune-doctor", MFD_CLOEXEC | kMfdExec);
  if (fd < 0 && errno == EINVAL) fd = syscall(SYS_memfd_create, "perilune-doctor", MFD_CLOEXEC);
  const char* const name = "memfd, mapped writable and executable";
  if (fd < 0) return Answer(name, false);
  bool works = ftruncate(static_cast<int>(fd), static_cast<off_t>(page)) == 0;
  int error = errno;
  for (const int protection : {PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC}) {
    void* const view = works ? mmap(nullptr, page, protection, MAP_SHARED, static_cast<int>(fd), 0) : MAP_FAILED;
    if (view == MAP_FAILED) {
      if (works) error = errno;
      works = false;
    } else {
      munmap(view, page);
    }
  }
  close(static_cast<int>(fd));
  errno = error;
  return Answer(name, works);
}

// An anonymous page with one protection, then perhaps another.
Probe ProtectionProbe(const char* name, size_t page, int first, int second) {
  void* const memory = mmap(nullptr, page, first, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return Answer(name, false);
  const bool works = second == first || mprotect(memory, page, second) == 0;
  const int error = errno;
  munmap(memory, page);
  errno = error;
  return Answer(name, works);
}

}  // namespace

std::string CacheType::CpuText() const {
  std::string text;
  for (size_t i = 0; i < cpus.size();) {
    size_t end = i + 1;
    while (end < cpus.size() && cpus[end] == cpus[end - 1] + 1) ++end;
    absl::StrAppend(&text, text.empty() ? "" : ", ", cpus[i]);
    if (end - i > 1) absl::StrAppend(&text, "-", cpus[end - 1]);
    i = end;
  }
  return text;
}

MachineFacts GatherMachineFacts() {
  MachineFacts facts;
  facts.processor = kProcessor;
  utsname system;
  if (uname(&system) == 0) facts.kernel = absl::StrCat(system.sysname, " ", system.release);
  facts.emulated = jit::IsEmulatedProcessor();
  facts.page_bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  facts.cache_types = CacheTypes();
  const size_t page = facts.page_bytes;
  constexpr int kWrite = PROT_READ | PROT_WRITE;
  constexpr int kExecute = PROT_READ | PROT_EXEC;
  facts.probes = {
      MembarrierProbe(),
      SyncCoreProbe(),
      ExecutableMemfdProbe(page),
      ProtectionProbe("a page made executable after it was written", page, kWrite, kExecute),
      ProtectionProbe("a page writable and executable at once", page, kWrite | PROT_EXEC, kWrite | PROT_EXEC),
  };
  return facts;
}

}  // namespace perilune::vm::repl
