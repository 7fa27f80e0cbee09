#include "runtime/intrinsic.h"

#include <algorithm>

namespace perilune::vm {
namespace {

struct Named {
  Intrinsic id;
  std::string_view library, function;
};
constexpr Named kNamed[] = {
#define INTRINSIC(name, library, function) {Intrinsic::k##name, library, function},
#include "runtime/intrinsics.def"
};
constexpr size_t kLongestName = std::ranges::max(kNamed, {}, [](const Named& n) { return n.function.size(); }).function.size();

}  // namespace

Intrinsic IntrinsicNamed(std::string_view name, bool global) {
  if (name.empty() || name.size() > kLongestName) return Intrinsic::kNone;
  for (const Named& n : kNamed) {
    if (n.function == name && (!global || n.library.empty())) return n.id;
  }
  return Intrinsic::kNone;
}

}  // namespace perilune::vm
