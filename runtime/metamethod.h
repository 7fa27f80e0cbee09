// The events that metamethods handle (manual §2.4). The first eight may be cached as absent in a metatable's flags.

#ifndef PERILUNE_RUNTIME_METAMETHOD_H_
#define PERILUNE_RUNTIME_METAMETHOD_H_

#include <cstddef>
#include <cstdint>

namespace perilune::vm {

#define PERILUNE_EVENTS(E)                                                                                                  \
  E(Index, "__index") E(NewIndex, "__newindex") E(Gc, "__gc") E(Mode, "__mode") E(Len, "__len") E(Eq, "__eq")               \
  E(Call, "__call") E(Close, "__close") E(Add, "__add") E(Sub, "__sub") E(Mul, "__mul") E(Mod, "__mod") E(Pow, "__pow")     \
  E(Div, "__div") E(IDiv, "__idiv") E(BAnd, "__band") E(BOr, "__bor") E(BXor, "__bxor") E(Shl, "__shl") E(Shr, "__shr")     \
  E(Unm, "__unm") E(BNot, "__bnot") E(Lt, "__lt") E(Le, "__le") E(Concat, "__concat") E(Name, "__name")                     \
  E(ToString, "__tostring") E(Metatable, "__metatable") E(Pairs, "__pairs")

enum class Event : uint8_t {
#define E(name, text) k##name,
  PERILUNE_EVENTS(E)
#undef E
};

inline constexpr size_t kEventCount = 0
#define E(name, text) +1
    PERILUNE_EVENTS(E)
#undef E
    ;
inline constexpr size_t kCachedEvents = 8;

// The binary and unary arithmetic and bitwise operations, in the order of their opcodes and events.
enum class ArithOp : uint8_t { kAdd, kSub, kMul, kMod, kPow, kDiv, kIDiv, kBAnd, kBOr, kBXor, kShl, kShr, kUnm, kBNot };

inline Event EventOf(ArithOp op) { return static_cast<Event>(static_cast<uint8_t>(Event::kAdd) + static_cast<uint8_t>(op)); }

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_METAMETHOD_H_
