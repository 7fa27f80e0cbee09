// The slow paths of ops with a cell: what handlers and machine code call when their cell did not answer.

#include "runtime/inline_cache.h"
#include "runtime/semantics.h"

namespace perilune::vm {
namespace {

bool CachedGet(Isolate* vm, Value* k, const Value& object, uint8_t key, uint32_t cell, Value* out) {
  const String* name = k[key].string();
  return object.IsTable() && name->is_short() && vm->caches().Get(ProtoInstance::FromConstants(k), cell, object.table(), name, out);
}

bool CachedSet(Isolate* vm, Value* k, const Value& object, uint8_t key, uint32_t cell, const Value& value) {
  const String* name = k[key].string();
  return object.IsTable() && name->is_short() && vm->caches().Set(ProtoInstance::FromConstants(k), cell, object.table(), name, value);
}

const Value& Upvalue(const Value* base, uint8_t index) { return *FunctionOf(base).lua_function()->upvalues[index]->location; }

// Set may allocate.
void StoreState(Isolate* vm, Value* base, const lang::Word* pc) {
  vm->base = base;
  vm->pc = pc;
}

Transfer CachedGetTabUp(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GetTabUpOperands::Decode(pc);
  if (CachedGet(vm, k, Upvalue(base, o.env), o.key, o.cell, &base[o.dst])) return kNext;
  return SemanticGetTabUp(vm, base, pc, k);
}
Transfer CachedSetTabUp(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SetTabUpOperands::Decode(pc);
  StoreState(vm, base, pc);
  if (CachedSet(vm, k, Upvalue(base, o.env), o.key, o.cell, base[o.value])) return kNext;
  return SemanticSetTabUp(vm, base, pc, k);
}
Transfer CachedGetField(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GetFieldOperands::Decode(pc);
  if (CachedGet(vm, k, base[o.table], o.key, o.cell, &base[o.dst])) return kNext;
  return SemanticGetField(vm, base, pc, k);
}
Transfer CachedSetField(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SetFieldOperands::Decode(pc);
  StoreState(vm, base, pc);
  if (CachedSet(vm, k, base[o.table], o.key, o.cell, base[o.value])) return kNext;
  return SemanticSetField(vm, base, pc, k);
}
Transfer CachedSelf(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SelfOperands::Decode(pc);
  const Value object = base[o.object];  // dst or dst+2 may be the object's own register
  Value method, holder = object;
  if (object.IsString()) holder = Value::Of(vm->string_methods);
  if (object.IsUserdata()) {
    holder = Value::Of(vm->userdata_methods);
    vm->userdata_methods->metatable = object.userdata()->metatable;
  }
  const bool known = CachedGet(vm, k, holder, o.key, o.cell, &method);
  vm->userdata_methods->metatable = nullptr;
  if (!known || (!object.IsTable() && method.IsNil())) return SemanticSelf(vm, base, pc, k);
  base[o.dst] = method;
  base[o.dst + 2] = object;
  return kNext;
}

Transfer CachedNewTable(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::NewTableOperands::Decode(pc);
  if (o.cell == lang::kNoCell) return SemanticNewTable(vm, base, pc, k);
  StoreState(vm, base, pc);
  const Table* t = vm->caches().TryNewTable(ProtoInstance::FromConstants(k), o.cell, lang::ArraySlots(o.size), lang::HashSlots(o.size));
  if (t == nullptr) {
    vm->RaiseMemoryError();
    return Unwind(vm);
  }
  base[o.dst] = Value::Of(t);
  return vm->CheckMemory() ? kNext : Unwind(vm);
}

template <lang::Op kOp>
constexpr SemanticFn kSlowPath = nullptr;  // the semantic function
#define SLOW_PATH(name) \
  template <>           \
  constexpr SemanticFn kSlowPath<lang::Op::k##name> = &Cached##name;
SLOW_PATH(GetTabUp) SLOW_PATH(SetTabUp) SLOW_PATH(GetField) SLOW_PATH(SetField) SLOW_PATH(Self) SLOW_PATH(NewTable)
#undef SLOW_PATH

}  // namespace

const SemanticFn kSlowPaths[] = {
#define OP(name, a, b, c, x, traits) kSlowPath<lang::Op::k##name> != nullptr ? kSlowPath<lang::Op::k##name> : &Semantic##name,
#include "lang/opcodes.def"
#undef OP
};

}  // namespace perilune::vm
