// Table access, with __index and __newindex.

#include <algorithm>

#include "runtime/debug_info.h"
#include "runtime/semantics.h"

namespace perilune::vm {
namespace {

// Chains of __index or __newindex longer than this are taken for loops, as in the reference.
constexpr int kMaxMetaLoop = 2000;

Transfer DoGet(Isolate* vm, Value* base, const lang::Word* pc, uint8_t dst, const Value* object, const Value& key) {
  vm->base = base;
  vm->pc = pc;
  Value out, method, receiver;
  switch (FindIndex(vm, object, key, &out, &method, &receiver)) {
    case Outcome::kDone:
      base[dst] = out;
      return kNext;
    case Outcome::kCall:
      return CallMetamethod(vm, base, pc, method, {receiver, key});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

Transfer DoSet(Isolate* vm, Value* base, const lang::Word* pc, const Value* object, const Value& key, const Value& value,
               KeyOrigin origin = KeyOrigin::kComputed) {
  vm->base = base;
  vm->pc = pc;
  if (object->IsTable() && object->table()->metatable == nullptr) return vm->RawSet(object->table(), key, value, origin) ? kNext : Unwind(vm);
  Value method, receiver;
  switch (FindSetIndex(vm, object, key, value, &method, &receiver, origin)) {
    case Outcome::kDone:
      return kNext;
    case Outcome::kCall:
      return CallMetamethod(vm, base, pc, method, {receiver, key, value});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

Value* UpvalueLocation(Value* base, uint8_t index) { return FunctionOf(base).lua_function()->upvalues[index]->location; }

}  // namespace

Outcome FindIndex(Isolate* vm, const Value* object, const Value& key, Value* out, Value* method, Value* receiver) {
  Value current = *object;
  for (int loop = 0; loop < kMaxMetaLoop; ++loop) {
    Value handler;
    if (current.IsTable()) {
      Table* t = current.table();
      *out = t->Get(key);
      if (!out->IsNil()) return Outcome::kDone;
      if (t->metatable == nullptr) return Outcome::kDone;
      handler = vm->MetamethodOf(t->metatable, Event::kIndex);
      if (handler.IsNil()) return Outcome::kDone;
    } else {
      handler = vm->Metamethod(current, Event::kIndex);
      if (handler.IsNil()) {
        RaiseIndexError(vm, loop == 0 ? object : &current, key);
        return Outcome::kRaised;
      }
    }
    if (handler.IsFunction()) {
      *method = handler;
      *receiver = current;
      return Outcome::kCall;
    }
    current = handler;
  }
  vm->RaiseRuntimeError("'__index' chain too long; possible loop");
  return Outcome::kRaised;
}

Outcome FindSetIndex(Isolate* vm, const Value* object, const Value& key, const Value& value, Value* method, Value* receiver,
                     KeyOrigin origin) {
  Value current = *object;
  for (int loop = 0; loop < kMaxMetaLoop; ++loop) {
    Value handler;
    if (current.IsTable()) {
      Table* t = current.table();
      Value* slot = t->Find(key);
      const bool cached = (t->aux & Table::kInCachedChain) != 0;  // Set looks after that
      if (slot != nullptr && !slot->IsNil() && !cached) return *slot = value, Outcome::kDone;
      const bool is_new = slot == nullptr || slot->IsNil();
      handler = !is_new || t->metatable == nullptr ? Value::Nil() : vm->MetamethodOf(t->metatable, Event::kNewIndex);
      if (handler.IsNil()) {
        if (slot == nullptr || cached) return vm->RawSet(t, key, value, origin) ? Outcome::kDone : Outcome::kRaised;
        t->flags = 0;
        *slot = value;
        return Outcome::kDone;
      }
    } else {
      handler = vm->Metamethod(current, Event::kNewIndex);
      if (handler.IsNil()) {
        RaiseIndexError(vm, loop == 0 ? object : &current, key);
        return Outcome::kRaised;
      }
    }
    if (handler.IsFunction()) {
      *method = handler;
      *receiver = current;
      return Outcome::kCall;
    }
    current = handler;
  }
  vm->RaiseRuntimeError("'__newindex' chain too long; possible loop");
  return Outcome::kRaised;
}

Transfer SemanticGetTabUp(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GetTabUpOperands::Decode(pc);
  return DoGet(vm, base, pc, o.dst, UpvalueLocation(base, o.env), k[o.key]);
}
Transfer SemanticSetTabUp(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SetTabUpOperands::Decode(pc);
  return DoSet(vm, base, pc, UpvalueLocation(base, o.env), k[o.key], base[o.value], KeyOrigin::kConstant);
}
Transfer SemanticGetTable(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::GetTableOperands::Decode(pc);
  return DoGet(vm, base, pc, o.dst, &base[o.table], base[o.key]);
}
Transfer SemanticGetInt(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::GetIntOperands::Decode(pc);
  return DoGet(vm, base, pc, o.dst, &base[o.table], Value::Integer(o.key));
}
Transfer SemanticGetField(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GetFieldOperands::Decode(pc);
  return DoGet(vm, base, pc, o.dst, &base[o.table], k[o.key]);
}
Transfer SemanticSetTable(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::SetTableOperands::Decode(pc);
  return DoSet(vm, base, pc, &base[o.table], base[o.key], base[o.value]);
}
Transfer SemanticSetInt(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::SetIntOperands::Decode(pc);
  return DoSet(vm, base, pc, &base[o.table], Value::Integer(o.key), base[o.value]);
}
Transfer SemanticSetField(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SetFieldOperands::Decode(pc);
  return DoSet(vm, base, pc, &base[o.table], k[o.key], base[o.value], KeyOrigin::kConstant);
}
Transfer SemanticSelf(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::SelfOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  const Value object = base[o.object];  // dst or dst+2 may be the object's own register
  Value out, method, receiver;
  switch (FindIndex(vm, &base[o.object], k[o.key], &out, &method, &receiver)) {
    case Outcome::kDone:
      base[o.dst] = out;
      base[o.dst + 2] = object;
      return kNext;
    case Outcome::kCall:
      base[o.dst + 2] = object;
      return CallMetamethod(vm, base, pc, method, {receiver, k[o.key]});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

Transfer SemanticNewTable(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::NewTableOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  const Table* t = vm->TryNewTable(lang::ArraySlots(o.size), lang::HashSlots(o.size));
  if (t == nullptr) {
    vm->RaiseMemoryError();
    return Unwind(vm);
  }
  base[o.dst] = Value::Of(t);
  return vm->CheckMemory() ? kNext : Unwind(vm);
}

Transfer SemanticSetList(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::SetListOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  if (!base[o.table].IsTable()) {  // debug.setlocal may have replaced it
    RaiseIndexError(vm, base + o.table, Value::Nil());
    return Unwind(vm);
  }
  Table* t = base[o.table].table();
  const uint32_t count =
      o.count == 0 ? static_cast<uint32_t>(vm->top - (base + o.table + 1)) : static_cast<uint32_t>(o.count - 1);
  const uint32_t last = o.skip + count;
  if (last > t->array_size) {
    vm->keep_top = o.count == 0;
    const bool grown = t->Resize(vm->heap(), last, t->node_count());
    vm->keep_top = false;
    if (!grown) {
      vm->RaiseMemoryError();
      return Unwind(vm);
    }
  }
  std::copy_n(base + o.table + 1, count, t->array + o.skip);
  return kNext;
}

}  // namespace perilune::vm
