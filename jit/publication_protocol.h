// The vocabulary of publication_protocol.def, and that table as data.
//
// A *program* is what one party does; a *strategy* is how other threads get their context synchronisation event (see
// code_sync.h); a step is an *operation* on an *object*.

#ifndef PERILUNE_JIT_PUBLICATION_PROTOCOL_H_
#define PERILUNE_JIT_PUBLICATION_PROTOCOL_H_

#include <array>
#include <cstdint>

namespace perilune::vm::jit::protocol {

enum class Program : uint8_t { kPublish, kAnswer, kPark, kUnpark, kAdopt, kCall, kRetire, kRecycle, kLeave };

// Bits, so that a row can name several.
using Strategies = uint8_t;
inline constexpr Strategies kMembarrier = 1, kEpoch = 2, kSignal = 4, kPrivate = 8, kNoStrategy = 16;
inline constexpr Strategies kHandshake = kMembarrier | kEpoch | kSignal;
inline constexpr Strategies kParking = kEpoch | kSignal;  // those that do not wait for parked threads
inline constexpr Strategies kEvery = kHandshake | kPrivate | kNoStrategy;

// In AArch64 terms:
enum class Operation : uint8_t {
  kWrite,                   // str: the new value
  kPublish,                 // stlr: the new value, for others to find
  kRetract,                 // stlr: a value that leads elsewhere
  kErase,                   // str: udf #0
  kRead,                    // ldr
  kCheck,                   // ldar, cbz: the rest of the program only if the object is set
  kCheckClear,              // ldr, cbnz: the rest of the program only if the object is clear
  kBranch,                  // br: the rest of the program only if what was read last leads there
  kAwait,                   // ldar, cbz: again until the object is set
  kRun,                     // blr: to what was read
  kCleanData,               // dc cvau
  kInvalidateInstructions,  // ic ivau
  kDataBarrier,             // dsb ish
  kSynchronizeContext,      // isb, or an exception's entry or return
};

enum class Object : uint8_t {
  kNone,
  kCode,             // the words of the span; written by their RW address, invalidated and run by their RX address
  kSlot,             // leads to the code
  kOwn,              // one for each thread: its way to the code; clear: it leads to the stub
  kRequest,          // membarrier: the kernel's interrupt; epoch: the global epoch; signal: that it was sent
  kAcknowledgement,  // one for each thread; the publisher waits for all
  kRunning,          // one for each thread: clear while parked, which counts as acknowledged
  kRound,            // which grace period has begun
  kVisited,          // one for each thread: the newest round in which it was outside
};

struct Step {
  Program program;
  Strategies strategies;
  const char* name;
  Operation operation;
  Object object;
  const char* why;
};

inline constexpr Step kSteps[] = {
#define PERILUNE_PROTOCOL_STEP(program, strategies, step, operation, object, why) \
  {Program::k##program, k##strategies, #step, Operation::k##operation, Object::k##object, why},
#include "jit/publication_protocol.def"
};

}  // namespace perilune::vm::jit::protocol

namespace perilune::vm::jit {

// The steps that the publisher takes, and their order.
enum class PublicationStep : uint8_t {
#define PERILUNE_PUBLISH_STEP(strategies, step, operation, object, why) k##step,
#include "jit/publication_protocol.def"
};

inline constexpr std::array kPublicationProtocol = {
#define PERILUNE_PUBLISH_STEP(strategies, step, operation, object, why) PublicationStep::k##step,
#include "jit/publication_protocol.def"
};
static_assert(kPublicationProtocol.back() == PublicationStep::kInstall);

// As in the table: "CopyWords" and so on.
constexpr const char* StepName(PublicationStep step) {
  switch (step) {
#define PERILUNE_PUBLISH_STEP(strategies, step, operation, object, why) \
  case PublicationStep::k##step:                                        \
    return #step;
#include "jit/publication_protocol.def"
  }
  return "";
}

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_PUBLICATION_PROTOCOL_H_
