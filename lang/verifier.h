// The verifier: decides whether a Proto is one that the interpreter and the compiler to machine
// code may run without checks.
//
// [DOC] Bytecode invariants. In every Proto that Verify accepts
//   - each instruction is complete, of a known op, and its unused columns are zero; the last one
//     never continues behind itself
//   - each operand is in the bounds of its kind: registers below max_stack, also for the groups of
//     registers that an op uses beyond the ones it names; constants of the type that the op
//     expects; upvalues, children, call sites, loops that exist
//   - a jump arrives at the start of an instruction; only ops that poll (kBackEdge) jump backwards,
//     and they do nothing else
//   - each call site is used by one instruction
//   - an instruction that takes its values "up to the top" directly follows, on the only way to it,
//     one that sets the top
//   - ForPrep and ForLoop come in pairs on the same base, so do TForPrep, TForCall and TForLoop
//   - Return says kVarargFlag exactly in vararg functions; Return0, Return1 occur only in others
//   - tables are made no larger than the code can fill them
//   - debug information is complete: one line per word, locals in order
// The same holds for all nested functions, and their upvalues exist in the function around them.
//
// The compiler only makes such Protos: a violation is a bug of ours, never a user's error.

#ifndef PERILUNE_LANG_VERIFIER_H_
#define PERILUNE_LANG_VERIFIER_H_

#include "absl/status/status.h"
#include "lang/proto.h"

namespace perilune::lang {

// OK, or kInternal with the first violated rule and its place.
absl::Status Verify(const Proto& proto);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_VERIFIER_H_
