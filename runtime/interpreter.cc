#include "runtime/interpreter.h"

#include <cmath>

#include "runtime/arithmetic.h"
#include "runtime/handler_macros.h"
#include "runtime/hooks.h"
#include "runtime/interpreter_frames.h"
#include "runtime/module.h"
#include "runtime/return_handlers.h"
#include "runtime/semantics.h"
#include "runtime/tier_up.h"

namespace perilune::vm {
namespace {

using lang::Op;

// Fields of the instruction in `word`.
#define A ((word >> 8) & 0xff)
#define B ((word >> 16) & 0xff)
#define C ((word >> 24) & 0xff)
#define BX ((word >> 16) & 0xffff)
#define SBX (static_cast<int16_t>(word >> 16))

// ---- The generic overlay: runs an op by its semantic function alone.

template <Op kOp>
HANDLER(Generic) {
  const Transfer t = kSemantics[static_cast<size_t>(kOp)](vm, base, pc, k);
  if (t.target != nullptr) FOLLOW(t);
  if constexpr (lang::HasTrait(kOp, lang::Trait::kBackEdge)) {
    base = vm->base;  // a poll may have moved the stack
    if (t.base != nullptr) pc += static_cast<int32_t>(pc[1]);
  } else if constexpr (lang::HasTrait(kOp, lang::Trait::kBranch) || lang::HasTrait(kOp, lang::Trait::kJump)) {
    if (t.base != nullptr) pc += static_cast<int32_t>(pc[1]);
  } else if (t.base != nullptr) {
    base = t.base;
  }
  NEXT(lang::InstructionWords(kOp));
}

#define GENERIC(name) TAIL(Generic<Op::k##name>)

// ---- The same for ops with a cell: tries it and fills it first.

template <Op kOp>
HANDLER(Cached) {
  const Transfer t = kSlowPaths[static_cast<size_t>(kOp)](vm, base, pc, k);
  if (t.target != nullptr) FOLLOW(t);
  NEXT(lang::InstructionWords(kOp));
}

#define CACHED(name) TAIL(Cached<Op::k##name>)

// ---- Loads and upvalues.

HANDLER(OpMove) {
  base[A] = base[B];
  NEXT(1);
}
HANDLER(OpLoadNil) {
  Value* r = base + A;
  for (uint64_t n = B; n > 0; --n) *r++ = Value::Nil();
  NEXT(1);
}
HANDLER(OpLoadFalse) {
  base[A] = Value::Boolean(false);
  NEXT(1);
}
HANDLER(OpLoadTrue) {
  base[A] = Value::Boolean(true);
  NEXT(1);
}
HANDLER(OpLoadInt) {
  base[A] = Value::Integer(SBX);
  NEXT(1);
}
HANDLER(OpLoadFloat) {
  base[A] = Value::Float(SBX);
  NEXT(1);
}
HANDLER(OpLoadK) {
  base[A] = k[BX];
  NEXT(1);
}
HANDLER(OpGetUpval) {
  base[A] = *FunctionOf(base).lua_function()->upvalues[B]->location;
  NEXT(1);
}
HANDLER(OpSetUpval) {
  *FunctionOf(base).lua_function()->upvalues[B]->location = base[A];
  NEXT(1);
}

// ---- Fields by name, where the cell knows the table. A nil goes the long way, where there is a metatable that may want to know.

#define CELL() (ProtoInstance::FromConstants(k)->cells[pc[1]])
#define SEES_MANY() (ProtoInstance::FromConstants(k)->states()[pc[1]].many())

#define GET_FIELD(name, table_value)                                        \
  const Value& object = table_value;                                       \
  if (!object.IsTable()) [[unlikely]] GENERIC(name);                        \
  const Table* t = object.table();                                         \
  const Cell& cell = CELL();                                               \
  Value v;                                                                 \
  if (cell.HitsOwn(t)) [[likely]] {                                         \
    v = *cell.OwnValue(t);                                                  \
    if (v.IsNil() && t->metatable != nullptr) [[unlikely]] CACHED(name);    \
  } else if (cell.HitsChain(t)) {                                          \
    v = *cell.ChainValue();                                                 \
    if (v.IsNil()) CACHED(name);                                            \
  } else {                                                                 \
    if (!SEES_MANY()) CACHED(name);                                         \
    v = t->GetShortString(k[C].string());                                  \
    if (v.IsNil()) CACHED(name);                                            \
  }                                                                        \
  base[A] = v

#define SET_FIELD(name, table_value, key, value)                                 \
  const Value& object = table_value;                                       \
  if (!object.IsTable()) [[unlikely]] GENERIC(name);                        \
  Table* t = object.table();                                               \
  const Cell& cell = CELL();                                               \
  Value* slot;                                                             \
  if (cell.HitsOwn(t)) [[likely]] {                                         \
    slot = cell.OwnValue(t);                                                \
    if (slot->IsNil()) [[unlikely]] CACHED(name);                           \
  } else {                                                                 \
    if (!SEES_MANY()) CACHED(name);                                         \
    slot = t->FindShortString(key.string());                               \
    if (slot == nullptr || slot->IsNil()) CACHED(name);                     \
  }                                                                                                    \
  *slot = value

HANDLER(OpNewTable) { CACHED(NewTable); }
HANDLER(OpGetTabUp) {
  GET_FIELD(GetTabUp, *FunctionOf(base).lua_function()->upvalues[B]->location);
  NEXT(2);
}
HANDLER(OpSetTabUp) {
  SET_FIELD(SetTabUp, *FunctionOf(base).lua_function()->upvalues[B]->location, k[C], base[A]);
  NEXT(2);
}
HANDLER(OpGetField) {
  GET_FIELD(GetField, base[B]);
  NEXT(2);
}
HANDLER(OpSetField) {
  SET_FIELD(SetField, base[A], k[B], base[C]);
  NEXT(2);
}
// ---- Elements. A nil found where there is a metatable goes the long way.

HANDLER(OpGetTable) {
  const Value& object = base[B];
  const Value& key = base[C];
  if (!object.IsTable()) [[unlikely]] GENERIC(GetTable);
  const Table* t = object.table();
  Value v;
  if (key.IsInteger()) [[likely]] {
    const uint64_t i = key.bits - 1;
    if (i < t->array_size) [[likely]] {
      v = t->array[i];
    } else {
      v = t->GetIntegerFromHash(key.integer);
    }
  } else if (key.IsString() && key.string()->is_short()) {
    v = t->GetShortString(key.string());
  } else {
    GENERIC(GetTable);
  }
  if (v.IsNil() && t->metatable != nullptr) [[unlikely]] GENERIC(GetTable);
  base[A] = v;
  NEXT(1);
}
HANDLER(OpSetTable) {
  const Value& object = base[A];
  const Value& key = base[B];
  if (!object.IsTable()) [[unlikely]] GENERIC(SetTable);
  Table* t = object.table();
  Value* slot;
  if (key.IsInteger()) [[likely]] {
    const uint64_t i = key.bits - 1;
    if (i < t->array_size) [[likely]] {
      slot = &t->array[i];
    } else {
      slot = t->FindIntegerInHash(key.integer);
      if (slot == nullptr) [[unlikely]] GENERIC(SetTable);
    }
    if (slot->IsNil() && t->metatable != nullptr) [[unlikely]] GENERIC(SetTable);
  } else if (key.IsString() && key.string()->is_short()) {
    if (key.string()->is_event_name()) [[unlikely]] GENERIC(SetTable);  // inline_cache.h, 3.
    slot = t->FindShortString(key.string());
    if (slot == nullptr || slot->IsNil()) [[unlikely]] GENERIC(SetTable);
  } else {
    GENERIC(SetTable);
  }
  *slot = base[C];
  NEXT(1);
}
HANDLER(OpGetInt) {
  const Value& object = base[B];
  if (!object.IsTable()) [[unlikely]] GENERIC(GetInt);
  const Table* t = object.table();
  const uint64_t i = C - 1;
  if (i >= t->array_size) [[unlikely]] GENERIC(GetInt);
  const Value v = t->array[i];
  if (v.IsNil() && t->metatable != nullptr) [[unlikely]] GENERIC(GetInt);
  base[A] = v;
  NEXT(1);
}
HANDLER(OpSetInt) {
  const Value& object = base[A];
  if (!object.IsTable()) [[unlikely]] GENERIC(SetInt);
  Table* t = object.table();
  const uint64_t i = B - 1;
  if (i >= t->array_size) [[unlikely]] GENERIC(SetInt);
  Value* slot = &t->array[i];
  if (slot->IsNil() && t->metatable != nullptr) [[unlikely]] GENERIC(SetInt);
  *slot = base[C];
  NEXT(1);
}
HANDLER(OpSelf) {
  const Value object = base[B];
  const Table* t;
  if (object.IsTable()) [[likely]] {
    t = object.table();
  } else if (object.IsString()) {
    t = vm->string_methods;
  } else {
    GENERIC(Self);
  }
  const Cell& cell = CELL();
  Value v;
  if (cell.HitsChain(t)) [[likely]] {
    v = *cell.ChainValue();
  } else {
    if (!cell.HitsOwn(t)) CACHED(Self);
    v = *cell.OwnValue(t);
  }
  if (v.IsNil()) CACHED(Self);
  base[A] = v;
  base[A + 2] = object;
  NEXT(2);
}

// ---- Arithmetic.

// Integers for which `excluded` holds go the long way: division by zero, which raises the error.
#define ARITH_OVERLAY(name, rhs, excluded, int_expression, float_expression) \
  {                                                                          \
    const Value& x = base[B];                                                \
    const Value& y = rhs;                                                    \
    Value& r = base[A];                                                      \
    if (x.IsInteger() && y.IsInteger()) {                                    \
      const int64_t a = x.integer, b = y.integer;                            \
      if (excluded) [[unlikely]] GENERIC(name);                              \
      r = Value::Integer(int_expression);                                    \
      NEXT(1);                                                               \
    }                                                                        \
    if (x.IsFloat() && y.IsFloat()) {                                        \
      const double a = x.number, b = y.number;                               \
      r = Value::Float(float_expression);                                    \
      NEXT(1);                                                               \
    }                                                                        \
    GENERIC(name);                                                           \
  }

#define ARITH(name, excluded, int_expression, float_expression)                                \
  HANDLER(Op##name) ARITH_OVERLAY(name, base[C], excluded, int_expression, float_expression)  \
  HANDLER(Op##name##K) ARITH_OVERLAY(name##K, k[C], excluded, int_expression, float_expression)

ARITH(Add, false, WrapAdd(a, b), a + b)
ARITH(Sub, false, WrapSub(a, b), a - b)
ARITH(Mul, false, WrapMul(a, b), a * b)
ARITH(Mod, b == 0, FloorMod(a, b), FloorMod(a, b))
ARITH(IDiv, b == 0, FloorDiv(a, b), std::floor(a / b))

#define DIV_OVERLAY(name, rhs)                                               \
  {                                                                          \
    const Value& x = base[B];                                                \
    const Value& y = rhs;                                                    \
    if (!x.IsNumber() || !y.IsNumber()) [[unlikely]] GENERIC(name);          \
    base[A] = Value::Float(x.AsDouble() / y.AsDouble());                     \
    NEXT(1);                                                                 \
  }
HANDLER(OpDiv) DIV_OVERLAY(Div, base[C])
HANDLER(OpDivK) DIV_OVERLAY(DivK, k[C])

#define BITWISE_OVERLAY(name, rhs, expression)                               \
  {                                                                          \
    const Value& x = base[B];                                                \
    const Value& y = rhs;                                                    \
    if (!x.IsInteger() || !y.IsInteger()) [[unlikely]] GENERIC(name);        \
    const int64_t a = x.integer, b = y.integer;                              \
    base[A] = Value::Integer(expression);                                    \
    NEXT(1);                                                                 \
  }
#define BITWISE(name, expression)                                            \
  HANDLER(Op##name) BITWISE_OVERLAY(name, base[C], expression)               \
  HANDLER(Op##name##K) BITWISE_OVERLAY(name##K, k[C], expression)

BITWISE(BAnd, a & b)
BITWISE(BOr, a | b)
BITWISE(BXor, a ^ b)
BITWISE(Shl, ShiftLeft(a, b))
BITWISE(Shr, ShiftRight(a, b))

HANDLER(OpUnm) {
  const Value& x = base[B];
  if (x.IsInteger()) {
    base[A] = Value::Integer(WrapSub(0, x.integer));
  } else if (x.IsFloat()) {
    base[A] = Value::Float(-x.number);
  } else {
    GENERIC(Unm);
  }
  NEXT(1);
}
HANDLER(OpNot) {
  base[A] = Value::Boolean(!base[B].IsTruthy());
  NEXT(1);
}
HANDLER(OpLen) {
  const Value& x = base[B];
  if (x.IsTable() && x.table()->metatable == nullptr) {
    base[A] = Value::Integer(x.table()->Length());
  } else if (x.IsString()) {
    base[A] = Value::Integer(static_cast<int64_t>(x.string()->length));
  } else {
    GENERIC(Len);
  }
  NEXT(1);
}

// ---- Jumps and comparisons.

#define JUMP()                                       \
  do {                                               \
    pc += static_cast<int32_t>(pc[1]);               \
    NEXT(2);                                         \
  } while (false)
#define JUMP_IF(condition)  \
  do {                      \
    if (condition) JUMP();  \
    NEXT(2);                \
  } while (false)

HANDLER(OpJump) { JUMP(); }
HANDLER(OpTest) { JUMP_IF(base[A].IsTruthy() == (B != 0)); }
HANDLER(OpTestSet) {
  const Value v = base[B];
  if (v.IsTruthy() != (C != 0)) NEXT(2);
  base[A] = v;
  JUMP();
}
HANDLER(OpEq) {
  const Value &x = base[A], &y = base[B];
  if (x.tag == y.tag && x.tag != Tag::kFloat && x.bits == y.bits) JUMP_IF(C != 0);
  if (x.tag == y.tag && x.IsInteger()) JUMP_IF(C == 0);
  GENERIC(Eq);
}
HANDLER(OpEqK) {
  const Value &x = base[A], &y = k[B];
  if (x.tag != y.tag && !(x.IsNumber() && y.IsNumber())) JUMP_IF(C == 0);
  if (x.tag == y.tag && x.tag <= Tag::kTrue) JUMP_IF(C != 0);
  if (x.tag == y.tag && x.tag != Tag::kFloat && x.bits == y.bits) JUMP_IF(C != 0);
  if (x.IsInteger() && y.IsInteger()) JUMP_IF(C == 0);
  GENERIC(EqK);
}
#define COMPARE(name, lhs, rhs, op)                                                   \
  HANDLER(Op##name) {                                                                 \
    const Value &x = lhs, &y = rhs;                                                   \
    if (x.IsInteger() && y.IsInteger()) JUMP_IF((x.integer op y.integer) == (C != 0)); \
    if (x.IsFloat() && y.IsFloat()) JUMP_IF((x.number op y.number) == (C != 0));       \
    GENERIC(name);                                                                    \
  }
COMPARE(Lt, base[A], base[B], <)
COMPARE(Le, base[A], base[B], <=)
COMPARE(LtK, base[A], k[B], <)
COMPARE(LeK, base[A], k[B], <=)
COMPARE(GtK, base[A], k[B], >)
COMPARE(GeK, base[A], k[B], >=)

// ---- Loops. At a back-edge pc already is the loop's head.

// The back-edge's slow part: the budget is used up, or a poll is wanted. word: the loop's number.
HANDLER(SlowBackEdge) {
  const void* entry;
  if (!BackEdge(vm, base, pc, k, static_cast<uint32_t>(word), &entry)) FOLLOW(Unwind(vm));
  base = vm->base;
  dispatch = vm->dispatch;  // a poll may have turned hooks on or off
  if (entry != nullptr && !vm->watching) TAIL(reinterpret_cast<Handler>(const_cast<void*>(entry)));
  DISPATCH();
}

#define BACK_EDGE()                                                                               \
  do {                                                                                            \
    ProtoInstance* instance = ProtoInstance::FromConstants(k);                                    \
    pc += 2 + static_cast<int32_t>(pc[1]);                                                        \
    if (--instance->hotness < 0 || vm->poll.load(std::memory_order_relaxed) != 0) [[unlikely]] { \
      word = BX;                                                                                  \
      TAIL(SlowBackEdge);                                                                         \
    }                                                                                             \
    DISPATCH();                                                                                   \
  } while (false)

HANDLER(OpLoopJump) { BACK_EDGE(); }
HANDLER(OpForLoop) {
  Value* r = base + A;
  if (r[2].IsInteger()) {
    const uint64_t count = r[1].bits;
    if (count == 0) NEXT(2);
    r[1].bits = count - 1;
    const int64_t i = WrapAdd(r[0].integer, r[2].integer);
    r[0].integer = i;
    r[3] = Value::Integer(i);
  } else {
    const double next = r[0].number + r[2].number;
    if (!(r[2].number > 0 ? next <= r[1].number : r[1].number <= next)) NEXT(2);
    r[0].number = next;
    r[3] = Value::Float(next);
  }
  BACK_EDGE();
}
HANDLER(OpTForLoop) {
  Value* r = base + A;
  if (r[4].IsNil()) NEXT(2);
  r[2] = r[4];
  BACK_EDGE();
}

// ---- Calls and returns.

// The number of arguments of the call in `word`, whose function is at f.
#define ARGUMENT_COUNT(f) (B != 0 ? B - 1 : static_cast<uint64_t>(vm->top - ((f) + kFrameHeader)))
// The function at f enters its frame.
#define LINK_CALL(f)                                                                           \
  LinkOf((f) + kFrameHeader) = {&ReturnToCall,                                                 \
      FrameLink::Position(static_cast<uint32_t>(pc - ProtoInstance::FromConstants(k)->code), A + kFrameHeader)}

// relaxed: a poll may be noticed a call later
#define MAY_CALL_FAST(native) ((native)->fast != nullptr && vm->poll.load(std::memory_order_relaxed) == 0)

HANDLER(CallNative) {
  Value* f = base + A;
  const NativeFunction* native = f->native_function();
  uint64_t nargs = ARGUMENT_COUNT(f);
  if (MAY_CALL_FAST(native)) [[likely]] {
    const int32_t count = native->fast(vm, f + kFrameHeader, nargs);
    if (count >= 0) [[likely]] {
      f = base + A;
      const auto results = static_cast<uint64_t>(count);
      const uint64_t wanted = C;  // plus one; 0: all
      if (wanted == 2) [[likely]] {
        if (results == 0) f[0] = Value::Nil();
      } else if (wanted == 0) {
        vm->top = f + results;
      } else {
        for (uint64_t i = results; i + 1 < wanted; ++i) f[i] = Value::Nil();
      }
      NEXT(2);
    }
    f = base + A;
    nargs = ARGUMENT_COUNT(f);
  }
  LINK_CALL(f);
  vm->base = base;
  vm->pc = pc;
  const void* entry = f->native_function()->entry;
  base = f + kFrameHeader;
  word = nargs;
  TAIL(reinterpret_cast<Handler>(const_cast<void*>(entry)));
}

HANDLER(OpCall) {
  Value* f = base + A;
  if (!f->IsLuaFunction()) [[unlikely]] {
    if (f->IsNativeFunction()) TAIL(CallNative);
    GENERIC(Call);
  }
  const uint64_t nargs = ARGUMENT_COUNT(f);
  LINK_CALL(f);
  const LuaFunction* function = f->lua_function();
  k = function->k;
  // acquire: partner of the native tier's release store of a published target
  const void* entry = function->slots->target.load(std::memory_order_acquire)->entry;
  base = f + kFrameHeader;
  word = nargs;
  TAIL(reinterpret_cast<Handler>(const_cast<void*>(entry)));
}
HANDLER(OpTForCall) {
  Value* r = base + A;
  if (!r->IsNativeFunction() || !MAY_CALL_FAST(r->native_function())) GENERIC(TForCall);
  // pairs: the nil that could be a variable to close keeps the position.
  if (r->native_function()->intrinsic == Intrinsic::kNext && r[1].IsTable() && r[3].IsNil() &&
      r[1].table()->NextAt(&r[3].bits, r[2], &r[4], &r[5])) {
    for (uint64_t i = 2; i < B; ++i) r[4 + i] = Value::Nil();
    NEXT(2);
  }
  r[4] = r[0];
  r[6] = r[1];
  r[7] = r[2];
  const int32_t count = r->native_function()->fast(vm, r + 6, 2);
  if (count < 0) [[unlikely]] GENERIC(TForCall);
  r = base + A;
  for (uint64_t i = static_cast<uint64_t>(count); i < B; ++i) r[4 + i] = Value::Nil();
  NEXT(2);
}

HANDLER(OpReturn0) {
  const FrameLink link = LinkOf(base);
  pc = reinterpret_cast<const lang::Word*>(link.position);
  word = 0;
  TAIL(link.resume);
}
HANDLER(OpReturn1) {
  const FrameLink link = LinkOf(base);
  base[-2] = base[A];
  pc = reinterpret_cast<const lang::Word*>(link.position);
  word = 1;
  TAIL(link.resume);
}

// ---- The dispatch table: an overlay where there is one, else the generic handler.

template <Op kOp>
struct Overlay {
  static constexpr Handler kHandler = &Generic<kOp>;
};
#define OVERLAY(name)                               \
  template <>                                       \
  struct Overlay<Op::k##name> {                     \
    static constexpr Handler kHandler = &Op##name;  \
  };
OVERLAY(Move) OVERLAY(LoadNil) OVERLAY(LoadFalse) OVERLAY(LoadTrue) OVERLAY(LoadInt) OVERLAY(LoadFloat) OVERLAY(LoadK)
OVERLAY(GetUpval) OVERLAY(SetUpval) OVERLAY(GetTabUp) OVERLAY(SetTabUp) OVERLAY(GetTable) OVERLAY(GetInt) OVERLAY(GetField)
OVERLAY(NewTable) OVERLAY(SetTable) OVERLAY(SetInt) OVERLAY(SetField) OVERLAY(Self)
OVERLAY(Add) OVERLAY(Sub) OVERLAY(Mul) OVERLAY(Mod) OVERLAY(Div) OVERLAY(IDiv) OVERLAY(BAnd) OVERLAY(BOr) OVERLAY(BXor)
OVERLAY(Shl) OVERLAY(Shr) OVERLAY(AddK) OVERLAY(SubK) OVERLAY(MulK) OVERLAY(ModK) OVERLAY(DivK) OVERLAY(IDivK) OVERLAY(BAndK)
OVERLAY(BOrK) OVERLAY(BXorK) OVERLAY(ShlK) OVERLAY(ShrK) OVERLAY(Unm) OVERLAY(Not) OVERLAY(Len)
OVERLAY(Jump) OVERLAY(LoopJump) OVERLAY(Test) OVERLAY(TestSet) OVERLAY(Eq) OVERLAY(Lt) OVERLAY(Le) OVERLAY(EqK) OVERLAY(LtK)
OVERLAY(LeK) OVERLAY(GtK) OVERLAY(GeK) OVERLAY(ForLoop) OVERLAY(TForLoop) OVERLAY(TForCall) OVERLAY(Call) OVERLAY(Return0) OVERLAY(Return1)
OVERLAY(TailCall) OVERLAY(Return) OVERLAY(Vararg) OVERLAY(Close) OVERLAY(SetList)
#undef OVERLAY

// ---- Watched instructions: each is looked at, then carried out by its plain handler.

#define PLAIN() TAIL(vm->plain_dispatch[word & 0xff])

// What all watched handlers begin with.
#define LOOK_AT_INSTRUCTION()                           \
  do {                                                  \
    dispatch = vm->dispatch;                            \
    if (!vm->watching) PLAIN();                         \
    vm->base = base;                                    \
    vm->pc = pc;                                        \
    if (!WatchInstruction(vm)) FOLLOW(Unwind(vm));      \
    base = vm->base;                                    \
    dispatch = vm->dispatch; /* a hook may have ended hooking */ \
  } while (false)

// The results are about to leave the frame; `first` is their first register.
#define LOOK_AT_RETURN(first, count)                                        \
  do {                                                                      \
    if (!vm->hooking) PLAIN();                                              \
    if (!HookReturn(vm, base + (first), count)) FOLLOW(Unwind(vm));         \
    base = vm->base;                                                        \
    dispatch = vm->dispatch;                                                \
  } while (false)

HANDLER(WatchedOp) {
  LOOK_AT_INSTRUCTION();
  PLAIN();
}
// With variables to close, the return is ContinueReturn's to tell.
HANDLER(WatchedReturn) {
  LOOK_AT_INSTRUCTION();
  if ((C & lang::kCloseFlag) == 0) LOOK_AT_RETURN(A, B != 0 ? B - 1 : static_cast<uint64_t>(vm->top - (base + A)));
  PLAIN();
}
HANDLER(WatchedReturn0) {
  LOOK_AT_INSTRUCTION();
  LOOK_AT_RETURN(0, 0);
  PLAIN();
}
HANDLER(WatchedReturn1) {
  LOOK_AT_INSTRUCTION();
  LOOK_AT_RETURN(A, 1);
  PLAIN();
}

template <Op kOp>
constexpr Handler kWatched = kOp == Op::kReturn    ? &WatchedReturn
                            : kOp == Op::kReturn0 ? &WatchedReturn0
                            : kOp == Op::kReturn1 ? &WatchedReturn1
                                                  : &WatchedOp;

}  // namespace

const Handler kWatchedHandlers[] = {
#define OP(name, a, b, c, x, traits) kWatched<Op::k##name>,
#include "lang/opcodes.def"
#undef OP
};

const Handler kHandlers[] = {
#define OP(name, a, b, c, x, traits) Overlay<Op::k##name>::kHandler,
#include "lang/opcodes.def"
#undef OP
};

const Handler kSemanticHandlers[] = {
#define OP(name, a, b, c, x, traits) &Generic<Op::k##name>,
#include "lang/opcodes.def"
#undef OP
};

}  // namespace perilune::vm
