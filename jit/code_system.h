// What publication and code memory ask of the operating system: the one seam at which tests make it refuse.
//
// NativeCodeSystem() is the kernel. FaultyCodeSystem makes chosen calls fail, or the cache type another, and passes the rest on; the hidden option
// --code-faults makes one, so that whole programs can be run on a system that refuses. Cache maintenance itself is CacheMaintenance
// (code_publisher.h), of which this file only knows the type register's value.
//
// Thread-safe.

#ifndef PERILUNE_JIT_CODE_SYSTEM_H_
#define PERILUNE_JIT_CODE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

namespace perilune::vm::jit {

class CodeSystem {
 public:
  virtual ~CodeSystem() = default;
  // membarrier(command): 0 or an errno value.
  virtual int Membarrier(int command) = 0;
  // A memfd of `size` bytes whose mappings may be executable; negative: an errno value.
  virtual int CreateMemory(size_t size) = 0;
  // mmap of the memfd, shared, or of anonymous private memory if `fd` is negative. MAP_FAILED, and errno.
  virtual void* Map(int fd, size_t size, int protection) = 0;
  // mprotect: 0 or an errno value.
  virtual int Protect(void* address, size_t size, int protection) = 0;
  // The value of CTR_EL0 to go by, which was read as `value`.
  virtual uint64_t CacheType(uint64_t value) = 0;
};

CodeSystem* NativeCodeSystem();

// Which calls fail, each by an errno value; 0: it does not.
struct CodeFaults {
  int membarrier = 0;
  int memfd = 0;
  int write = 0;    // mapping memory writable
  int exec = 0;     // mapping memory executable, or making it so
  int protect = 0;  // any change of protection
  // CTR_EL0 tells of lines of so many bytes at most, and that both caches need maintenance; 0: as it is. Larger lines than the machine has cannot be
  // pretended: operations would leave out most of them.
  uint32_t cache_line = 0;
};

// "membarrier=ENOSYS,memfd=EPERM,write=ENOMEM,exec=EACCES,protect=EACCES,line=2048": any of them, with the errno values EPERM, EACCES, ENOMEM,
// ENOSYS, EINVAL and powers of two from 16 to 2048. kInvalidArgument for others.
absl::StatusOr<CodeFaults> ParseCodeFaults(std::string_view text);

class FaultyCodeSystem final : public CodeSystem {
 public:
  explicit FaultyCodeSystem(const CodeFaults& faults) : faults_(faults) {}
  int Membarrier(int command) override;
  int CreateMemory(size_t size) override;
  void* Map(int fd, size_t size, int protection) override;
  int Protect(void* address, size_t size, int protection) override;
  uint64_t CacheType(uint64_t value) override;

 private:
  const CodeFaults faults_;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_SYSTEM_H_
