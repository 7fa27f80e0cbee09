// What each op means: Semantic<Op>(vm, base, pc, k), one per op of opcodes.def, complete with metamethods and errors. The interpreter's handlers
// (interpreter.cc) and machine code templates are overlays for the common cases that leave everything else to these; an op
// without an overlay runs through them alone.
//
// pc is the instruction itself. The functions store base and pc in the isolate before anything that can raise, allocate or call.
// See Transfer in handler.h for the answer.

#ifndef PERILUNE_RUNTIME_SEMANTICS_H_
#define PERILUNE_RUNTIME_SEMANTICS_H_

#include "lang/bytecode.h"
#include "runtime/calls.h"
#include "runtime/handler.h"
#include "runtime/isolate.h"
#include "runtime/metamethod.h"
#include "runtime/value.h"

namespace perilune::vm {

using SemanticFn = Transfer (*)(Isolate* vm, Value* base, const lang::Word* pc, Value* k);

#define OP(name, a, b, c, x, traits) Transfer Semantic##name(Isolate* vm, Value* base, const lang::Word* pc, Value* k);
#include "lang/opcodes.def"
#undef OP

// By opcode.
extern const SemanticFn kSemantics[];

// By opcode: where overlays leave an op to. Those of ops with a cell try it, fill it, and go on to the semantic function when that does not help; the rest are
// the semantic functions.
extern const SemanticFn kSlowPaths[];

// The answer of a branching op.
inline Transfer Branch(bool taken, Value* base) { return {nullptr, taken ? base : nullptr}; }

// ---- Parts that the library needs too. Each finds the result or the metamethod to call, and leaves calling to its caller.
enum class Outcome : uint8_t { kDone, kCall, kRaised };

// object[key]: *out is the value, or kCall: call *method(*receiver, key). Raising needs the operand's own address (a register or upvalue) to name
// the variable.
Outcome FindIndex(Isolate* vm, const Value* object, const Value& key, Value* out, Value* method, Value* receiver);
// object[key] = value: done, or kCall: call *method(*receiver, key, value).
Outcome FindSetIndex(Isolate* vm, const Value* object, const Value& key, const Value& value, Value* method, Value* receiver,
                     KeyOrigin origin = KeyOrigin::kComputed);
// a op b for any operands; kCall: *method(a, b).
Outcome FindArith(Isolate* vm, ArithOp op, const Value* a, const Value* b, Value* out, Value* method);
// #v; kCall: *method(v).
Outcome FindLength(Isolate* vm, const Value* v, Value* out, Value* method);
// Comparisons; kCall: the result is that of *method(a, b), or, when *out is set, the opposite of *method(b, a): the reference as distributions build
// it (LUA_COMPAT_LT_LE) takes a <= b without __le for not (b < a).
Outcome FindEquals(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method);
Outcome FindLessThan(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method);
Outcome FindLessEqual(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_SEMANTICS_H_
