// Arithmetic, bitwise operations and length.

#include "runtime/arithmetic.h"
#include "runtime/debug_info.h"
#include "runtime/semantics.h"

namespace perilune::vm {
namespace {

bool IsBitwise(ArithOp op) {
  return (op >= ArithOp::kBAnd && op <= ArithOp::kShr) || op == ArithOp::kBNot;
}

// Numbers only. kCall: not applicable to these operands.
Outcome NumberArith(Isolate* vm, ArithOp op, const Value& a, const Value& b, Value* out) {
  if (IsBitwise(op)) {
    int64_t x, y;
    if (!NumberToInteger(a, &x) || !NumberToInteger(b, &y)) return Outcome::kCall;
    int64_t r = 0;
    switch (op) {
      case ArithOp::kBAnd: r = x & y; break;
      case ArithOp::kBOr: r = x | y; break;
      case ArithOp::kBXor: r = x ^ y; break;
      case ArithOp::kShl: r = ShiftLeft(x, y); break;
      case ArithOp::kShr: r = ShiftRight(x, y); break;
      default: r = ~x; break;
    }
    *out = Value::Integer(r);
    return Outcome::kDone;
  }
  if (!a.IsNumber() || !b.IsNumber()) return Outcome::kCall;
  if (a.IsInteger() && b.IsInteger()) {
    const int64_t x = a.integer, y = b.integer;
    switch (op) {
      case ArithOp::kAdd: *out = Value::Integer(WrapAdd(x, y)); return Outcome::kDone;
      case ArithOp::kSub: *out = Value::Integer(WrapSub(x, y)); return Outcome::kDone;
      case ArithOp::kMul: *out = Value::Integer(WrapMul(x, y)); return Outcome::kDone;
      case ArithOp::kUnm: *out = Value::Integer(WrapSub(0, x)); return Outcome::kDone;
      case ArithOp::kIDiv:
        if (y == 0) return vm->RaiseRuntimeError("attempt to divide by zero"), Outcome::kRaised;
        *out = Value::Integer(FloorDiv(x, y));
        return Outcome::kDone;
      case ArithOp::kMod:
        if (y == 0) return vm->RaiseRuntimeError("attempt to perform 'n%0'"), Outcome::kRaised;
        *out = Value::Integer(FloorMod(x, y));
        return Outcome::kDone;
      default: break;
    }
  }
  const double x = a.AsDouble(), y = b.AsDouble();
  double r = 0;
  switch (op) {
    case ArithOp::kAdd: r = x + y; break;
    case ArithOp::kSub: r = x - y; break;
    case ArithOp::kMul: r = x * y; break;
    case ArithOp::kDiv: r = x / y; break;
    case ArithOp::kMod: r = FloorMod(x, y); break;
    case ArithOp::kPow: r = Power(x, y); break;
    case ArithOp::kIDiv: r = std::floor(x / y); break;
    default: r = -x; break;
  }
  *out = Value::Float(r);
  return Outcome::kDone;
}

Transfer DoArith(Isolate* vm, Value* base, const lang::Word* pc, ArithOp op, uint8_t dst, const Value* a, const Value* b) {
  vm->base = base;
  vm->pc = pc;
  Value out, method;
  switch (FindArith(vm, op, a, b, &out, &method)) {
    case Outcome::kDone:
      base[dst] = out;
      return kNext;
    case Outcome::kCall:
      return CallMetamethod(vm, base, pc, method, {*a, *b});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

}  // namespace

Outcome FindArith(Isolate* vm, ArithOp op, const Value* a, const Value* b, Value* out, Value* method) {
  const Outcome done = NumberArith(vm, op, *a, *b, out);
  if (done != Outcome::kCall) return done;
  *method = vm->Metamethod(*a, EventOf(op));
  if (method->IsNil()) *method = vm->Metamethod(*b, EventOf(op));
  if (!method->IsNil()) return Outcome::kCall;
  if (IsBitwise(op)) {
    if (a->IsNumber() && b->IsNumber()) {
      RaiseToIntegerError(vm, a, b);
    } else {
      RaiseOperandError(vm, a, b, "perform bitwise operation on");
    }
  } else {
    RaiseOperandError(vm, a, b, "perform arithmetic on");
  }
  return Outcome::kRaised;
}

#define ARITH(name)                                                                                             \
  Transfer Semantic##name(Isolate* vm, Value* base, const lang::Word* pc, [[maybe_unused]] Value* k) {          \
    const auto o = lang::name##Operands::Decode(pc);                                                            \
    return DoArith(vm, base, pc, ArithOp::k##name, o.dst, &base[o.lhs], &base[o.rhs]);                          \
  }                                                                                                             \
  Transfer Semantic##name##K(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {                        \
    const auto o = lang::name##KOperands::Decode(pc);                                                           \
    return DoArith(vm, base, pc, ArithOp::k##name, o.dst, &base[o.lhs], &k[o.rhs]);                             \
  }
ARITH(Add)
ARITH(Sub)
ARITH(Mul)
ARITH(Mod)
ARITH(Pow)
ARITH(Div)
ARITH(IDiv)
ARITH(BAnd)
ARITH(BOr)
ARITH(BXor)
ARITH(Shl)
ARITH(Shr)
#undef ARITH

Transfer SemanticUnm(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::UnmOperands::Decode(pc);
  return DoArith(vm, base, pc, ArithOp::kUnm, o.dst, &base[o.src], &base[o.src]);
}

Transfer SemanticBNot(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::BNotOperands::Decode(pc);
  return DoArith(vm, base, pc, ArithOp::kBNot, o.dst, &base[o.src], &base[o.src]);
}

Outcome FindLength(Isolate* vm, const Value* v, Value* out, Value* method) {
  if (v->IsString()) return *out = Value::Integer(static_cast<int64_t>(v->string()->length)), Outcome::kDone;
  *method = vm->Metamethod(*v, Event::kLen);
  if (!method->IsNil()) return Outcome::kCall;
  if (v->IsTable()) return *out = Value::Integer(v->table()->Length()), Outcome::kDone;
  RaiseTypeError(vm, v, "get length of");
  return Outcome::kRaised;
}

Transfer SemanticLen(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LenOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  Value out, method;
  switch (FindLength(vm, &base[o.src], &out, &method)) {
    case Outcome::kDone:
      base[o.dst] = out;
      return kNext;
    case Outcome::kCall:
      return CallMetamethod(vm, base, pc, method, {base[o.src], base[o.src]});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

}  // namespace perilune::vm
