#include "jit/code_system.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace perilune::vm::jit {
namespace {

// From <linux/memfd.h> of newer kernels: says that executable mappings are meant, where the default would forbid them.
constexpr unsigned kMfdExec = 0x10;

class KernelCodeSystem final : public CodeSystem {
 public:
  int Membarrier(int command) override { return syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno; }

  int CreateMemory(size_t size) override {
    const auto create = [](unsigned flags) { return static_cast<int>(syscall(SYS_memfd_create, "perilune-code", flags | MFD_CLOEXEC)); };
    int fd = create(kMfdExec);
    if (fd < 0 && errno == EINVAL) fd = create(0);
    if (fd < 0) return -errno;
    if (ftruncate(fd, static_cast<off_t>(size)) == 0) return fd;
    const int error = errno;
    close(fd);
    return -error;
  }

  void* Map(int fd, size_t size, int protection) override {
    return mmap(nullptr, size, protection, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
  }

  int Protect(void* address, size_t size, int protection) override { return mprotect(address, size, protection) == 0 ? 0 : errno; }

  uint64_t CacheType(uint64_t value) override { return value; }
};

constexpr std::pair<std::string_view, int> kErrors[] = {
    {"EPERM", EPERM}, {"EACCES", EACCES}, {"ENOMEM", ENOMEM}, {"ENOSYS", ENOSYS}, {"EINVAL", EINVAL}};
constexpr std::pair<std::string_view, int CodeFaults::*> kFaults[] = {{"membarrier", &CodeFaults::membarrier},
                                                                     {"memfd", &CodeFaults::memfd},
                                                                     {"write", &CodeFaults::write},
                                                                     {"exec", &CodeFaults::exec},
                                                                     {"protect", &CodeFaults::protect}};

template <typename Pairs>
auto Find(const Pairs& pairs, std::string_view name) {
  return std::ranges::find_if(pairs, [name](const auto& p) { return p.first == name; });
}

}  // namespace

CodeSystem* NativeCodeSystem() {
  static KernelCodeSystem kernel;
  return &kernel;
}

absl::StatusOr<CodeFaults> ParseCodeFaults(std::string_view text) {
  CodeFaults faults;
  for (const std::string_view item : absl::StrSplit(text, ',')) {
    const std::pair<std::string_view, std::string_view> fault = absl::StrSplit(item, absl::MaxSplits('=', 1));
    const auto* const call = Find(kFaults, fault.first);
    const auto* const error = Find(kErrors, fault.second);
    if (call != std::end(kFaults) && error != std::end(kErrors)) {
      faults.*call->second = error->second;
    } else if (fault.first != "line" || !absl::SimpleAtoi(fault.second, &faults.cache_line) || !std::has_single_bit(faults.cache_line) ||
               faults.cache_line < 16 || faults.cache_line > 2048) {
      return absl::InvalidArgumentError(absl::StrCat("no fault '", item, "'"));
    }
  }
  return faults;
}

int FaultyCodeSystem::Membarrier(int command) {
  return faults_.membarrier != 0 ? faults_.membarrier : NativeCodeSystem()->Membarrier(command);
}

int FaultyCodeSystem::CreateMemory(size_t size) { return faults_.memfd != 0 ? -faults_.memfd : NativeCodeSystem()->CreateMemory(size); }

void* FaultyCodeSystem::Map(int fd, size_t size, int protection) {
  const int error = (protection & PROT_EXEC) != 0 ? faults_.exec : (protection & PROT_WRITE) != 0 ? faults_.write : 0;
  if (error == 0) return NativeCodeSystem()->Map(fd, size, protection);
  errno = error;
  return MAP_FAILED;
}

int FaultyCodeSystem::Protect(void* address, size_t size, int protection) {
  if (faults_.protect != 0) return faults_.protect;
  if ((protection & PROT_EXEC) != 0 && faults_.exec != 0) return faults_.exec;
  return NativeCodeSystem()->Protect(address, size, protection);
}

uint64_t FaultyCodeSystem::CacheType(uint64_t value) {
  if (faults_.cache_line == 0) return value;
  const auto log2_words = static_cast<uint64_t>(std::countr_zero(faults_.cache_line)) - 2;
  constexpr uint64_t kIdcAndDic = uint64_t{3} << 28, kLine = 0xf;
  const uint64_t instructions = std::min(value & kLine, log2_words);
  const uint64_t data = std::min(value >> 16 & kLine, log2_words);
  return (value & ~(kIdcAndDic | kLine | kLine << 16)) | instructions | data << 16;
}

}  // namespace perilune::vm::jit
