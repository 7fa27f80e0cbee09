#include "repl/version.h"

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"

namespace perilune::vm::repl {
namespace {

#if defined(__aarch64__)
constexpr std::string_view kProcessor = "AArch64";
#elif defined(__x86_64__)
constexpr std::string_view kProcessor = "x86-64";
#else
constexpr std::string_view kProcessor = "another";
#endif

#if defined(NDEBUG)
constexpr std::string_view kAssertions = "off";
#else
constexpr std::string_view kAssertions = "on";
#endif

// Bytes of the cache line whose size CTR_EL0 has, as the logarithm of its words, at bit `shift`.
uint64_t LineBytes(uint64_t cache_type, int shift) {
  return uint64_t{4} << (cache_type >> shift & 15);
}

std::string DescribeCaches(uint64_t cache_type) {
  const bool idc = (cache_type >> 28 & 1) != 0;
  const bool dic = (cache_type >> 29 & 1) != 0;
  return absl::StrCat("data lines of ", LineBytes(cache_type, 16), " bytes, ",
                      idc ? "not cleaned (IDC)" : "cleaned", "; instruction lines of ",
                      LineBytes(cache_type, 0), " bytes, ",
                      dic ? "not invalidated (DIC)" : "invalidated");
}

}  // namespace

std::string VerboseVersion(const jit::BaselineTierOptions& options) {
  std::string text =
      absl::StrCat(kVersionLine, "  processor     ", kProcessor,
                   "\n  compiler      " __VERSION__ "\n  assertions    ", kAssertions, "\n");
  const absl::StatusOr<std::unique_ptr<jit::BaselineTier>> tier =
      jit::BaselineTier::Create(options);
  if (!tier.ok()) {
    absl::StrAppend(&text, "  machine code  none: ", tier.status().message(), "\n");
    return text;
  }
  const jit::BaselineTierStats stats = (*tier)->stats();
  absl::StrAppend(&text, "  machine code  yes, unless --jit=off\n  code sync     ", stats.sync, "\n  code memory   ", stats.memory, ", ",
                  options.memory.reservation_bytes >> 20, " MiB reserved\n");
  if (jit::CacheMaintenance* caches = jit::NativeCacheMaintenance()) {
    absl::StrAppend(&text, "  code caches   ", DescribeCaches(caches->ReadCacheType()), "\n");
  }
  return text;
}

}  // namespace perilune::vm::repl
