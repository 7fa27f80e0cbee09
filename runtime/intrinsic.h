// The identities of library functions that the virtual machine knows (intrinsics.def).

#ifndef PERILUNE_RUNTIME_INTRINSIC_H_
#define PERILUNE_RUNTIME_INTRINSIC_H_

#include <cstdint>
#include <string_view>

namespace perilune::vm {

enum class Intrinsic : uint32_t {
  kNone,
#define INTRINSIC(name, library, function) k##name,
#include "runtime/intrinsics.def"
};

// The intrinsic that a function of this name may be; global: called as a global variable, else as a field, method or variable.
Intrinsic IntrinsicNamed(std::string_view name, bool global);
// Whether it may be called as a method of strings.
bool IsStringMethod(Intrinsic id);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_INTRINSIC_H_
