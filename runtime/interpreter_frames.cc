#include "runtime/interpreter_frames.h"

#include "lang/bytecode.h"
#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/handler_macros.h"
#include "runtime/interpreter.h"
#include "runtime/isolate.h"
#include "runtime/module.h"

namespace perilune::vm {
namespace {

using lang::Op;

// The whole op, by its semantic function.
#define GENERIC(name) TAIL(kSemanticHandlers[static_cast<size_t>(Op::k##name)])

// The number of values from `first` on that a CountOrTop says.
uint64_t CountOrTop(const Isolate* vm, const Value* first, uint64_t count) {
  return count != 0 ? count - 1 : static_cast<uint64_t>(vm->top - first);
}

[[gnu::always_inline]] inline void Copy(Value* to, const Value* from, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) to[i] = from[i];
}

// How far the frame at `base` stands above where its caller put it.
uint64_t Lift(const Value* base, const Value* k, bool vararg) {
  return vararg ? ExtraArgs(base) + ProtoInstance::FromConstants(const_cast<Value*>(k))->num_params + 3 : 0;
}

// Whether a closing return has anything to close.
bool HasOpen(const Isolate* vm, const Value* base) {
  const Coroutine* co = vm->coroutine;
  return !co->to_be_closed.empty() || (co->open_upvalues != nullptr && co->open_upvalues->location >= base);
}

}  // namespace

NO_CALLS HANDLER(OpTailCall) {
  const auto o = lang::TailCallOperands::Decode(pc);
  Value* f = base + o.func;
  if (!f->IsLuaFunction()) [[unlikely]] GENERIC(TailCall);
  if ((o.flags & lang::kCloseFlag) && HasOpen(vm, base)) GENERIC(TailCall);
  const uint64_t nargs = CountOrTop(vm, f + kFrameHeader, o.args);
  const uint64_t lift = Lift(base, k, (o.flags & lang::kVarargFlag) != 0);
  FrameLink link = LinkOf(base).Lowered(lift);
  link.position |= FrameLink::kTail;
  const LuaFunction* function = f->lua_function();
  base -= lift;
  FunctionOf(base) = *f;
  LinkOf(base) = link;
  Copy(base, f + kFrameHeader, nargs);
  k = function->k;
  word = nargs;
  // acquire: partner of the native tier's release store of a published target
  TAIL(reinterpret_cast<Handler>(const_cast<void*>(function->slots->target.load(std::memory_order_acquire)->entry)));
}

NO_CALLS HANDLER(OpReturn) {
  const auto o = lang::ReturnOperands::Decode(pc);
  // Where __close or a return hook may be called.
  if ((o.flags & lang::kCloseFlag) && (vm->hooking || HasOpen(vm, base))) GENERIC(Return);
  const Value* results = base + o.first;
  const uint64_t count = CountOrTop(vm, results, o.count);
  const uint64_t lift = Lift(base, k, (o.flags & lang::kVarargFlag) != 0);
  const FrameLink link = LinkOf(base).Lowered(lift);
  base -= lift;
  Copy(base - kFrameHeader, results, count);
  pc = reinterpret_cast<const lang::Word*>(link.position);
  word = count;
  TAIL(link.resume);
}

NO_CALLS HANDLER(OpVararg) {
  const auto o = lang::VarargOperands::Decode(pc);
  const uint64_t extra = ExtraArgs(base);
  Value* to = base + o.first;
  const Value* from = base - 3 - extra;
  if (o.count == 0) {
    if (to + extra + 1 > vm->coroutine->limit()) [[unlikely]] GENERIC(Vararg);
    vm->top = to + extra;
    Copy(to, from, extra);
  } else {
    const uint64_t wanted = o.count - 1u;
    for (uint64_t i = 0; i < wanted; ++i) to[i] = i < extra ? from[i] : Value::Nil();
  }
  NEXT(1);
}

NO_CALLS HANDLER(OpClose) {
  const auto o = lang::CloseOperands::Decode(pc);
  Coroutine* co = vm->coroutine;
  if (!co->to_be_closed.empty()) GENERIC(Close);
  while (co->open_upvalues != nullptr && co->open_upvalues->location >= base + o.first) {
    Upvalue* u = co->open_upvalues;
    co->open_upvalues = u->next_open;
    u->closed = *u->location;
    u->location = &u->closed;
  }
  NEXT(1);
}

NO_CALLS HANDLER(OpSetList) {
  const auto o = lang::SetListOperands::Decode(pc);
  const Value* table = base + o.table;
  if (!table->IsTable()) [[unlikely]] GENERIC(SetList);
  Table* t = table->table();
  const uint64_t count = CountOrTop(vm, table + 1, o.count);
  if (o.skip + count > t->array_size) [[unlikely]] GENERIC(SetList);
  Copy(t->array + o.skip, table + 1, count);
  NEXT(2);
}

}  // namespace perilune::vm
