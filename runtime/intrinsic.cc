#include "runtime/intrinsic.h"

#include <array>
#include <cstddef>

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

// The names by hash: an index in kNamed plus one, or 0. A name that hashes to a place in use has the next that is free.
constexpr size_t kPlaces = 256;
constexpr size_t HashOf(std::string_view name) {
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(name[i])); };
  return (byte(0) + byte(name.size() / 2) * 5 + byte(name.size() - 1) * 19 + name.size()) % kPlaces;
}
constexpr auto kPlaceOf = [] {
  std::array<uint8_t, kPlaces> places{};
  for (size_t i = 0; i < std::size(kNamed); ++i) {
    if (kNamed[i].function.empty()) continue;
    size_t at = HashOf(kNamed[i].function);
    while (places[at] != 0) at = (at + 1) % kPlaces;
    places[at] = static_cast<uint8_t>(i + 1);
  }
  return places;
}();
static_assert(std::size(kNamed) < kPlaces / 2);

}  // namespace

Intrinsic IntrinsicNamed(std::string_view name, bool global) {
  if (name.empty()) return Intrinsic::kNone;
  for (size_t at = HashOf(name); kPlaceOf[at] != 0; at = (at + 1) % kPlaces) {
    const Named& n = kNamed[kPlaceOf[at] - 1];
    if (n.function == name && (!global || n.library.empty())) return n.id;
  }
  return Intrinsic::kNone;
}

bool IsStringMethod(Intrinsic id) { return id != Intrinsic::kNone && kNamed[static_cast<size_t>(id) - 1].library == "string"; }

}  // namespace perilune::vm
