// Loads, upvalues, closures, concatenation, jumps and loops.

#include <cstring>
#include <optional>

#include "lang/number.h"
#include "runtime/arithmetic.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/number_text.h"
#include "runtime/semantics.h"

namespace perilune::vm {

Transfer SemanticMove(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::MoveOperands::Decode(pc);
  base[o.dst] = base[o.src];
  return kNext;
}
Transfer SemanticLoadNil(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LoadNilOperands::Decode(pc);
  for (uint32_t i = 0; i < o.count; ++i) base[o.first + i] = Value::Nil();
  return kNext;
}
Transfer SemanticLoadFalse(Isolate*, Value* base, const lang::Word* pc, Value*) {
  base[lang::LoadFalseOperands::Decode(pc).dst] = Value::Boolean(false);
  return kNext;
}
Transfer SemanticLoadTrue(Isolate*, Value* base, const lang::Word* pc, Value*) {
  base[lang::LoadTrueOperands::Decode(pc).dst] = Value::Boolean(true);
  return kNext;
}
Transfer SemanticLoadInt(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LoadIntOperands::Decode(pc);
  base[o.dst] = Value::Integer(o.value);
  return kNext;
}
Transfer SemanticLoadFloat(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LoadFloatOperands::Decode(pc);
  base[o.dst] = Value::Float(o.value);
  return kNext;
}
Transfer SemanticLoadK(Isolate*, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::LoadKOperands::Decode(pc);
  base[o.dst] = k[o.k];
  return kNext;
}
Transfer SemanticLoadKX(Isolate*, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::LoadKXOperands::Decode(pc);
  base[o.dst] = k[o.k];
  return kNext;
}

Transfer SemanticClosure(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::ClosureOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  LuaFunction* parent = FunctionOf(base).lua_function();
  ProtoInstance* instance = vm->ChildInstance(ProtoInstance::FromConstants(k), o.child);
  const auto& upvalues = instance->proto->upvalues;
  LuaFunction* f = vm->NewLuaFunction(instance, upvalues.size());
  Upvalue** to = f->upvalues;
  for (const lang::UpvalueInfo& u : upvalues) *to++ = u.from_parent_register ? FindUpvalue(*vm, base + u.index) : parent->upvalues[u.index];
  base[o.dst] = Value::Of(f);
  return vm->CheckMemory() ? kNext : Unwind(vm);
}

Transfer SemanticGetUpval(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::GetUpvalOperands::Decode(pc);
  base[o.dst] = *FunctionOf(base).lua_function()->upvalues[o.index]->location;
  return kNext;
}
Transfer SemanticSetUpval(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::SetUpvalOperands::Decode(pc);
  *FunctionOf(base).lua_function()->upvalues[o.index]->location = base[o.src];
  return kNext;
}

// R[first] = R[first] .. … .. R[first+count-1], right to left as far as strings and numbers go at once; a metamethod takes the last two
// and the loop goes on when it has returned (FinishOp calls ContinueConcat).
Transfer ContinueConcat(Isolate* vm, Value* base, const lang::Word* pc, uint32_t first, uint32_t count) {
  vm->base = base;
  vm->pc = pc;
  while (count > 1) {
    Value* last = base + first + count - 1;
    const auto is_text = [](const Value& v) { return v.IsString() || v.IsNumber(); };
    if (!is_text(last[0]) || !is_text(last[-1])) {
      Value method = vm->Metamethod(last[-1], Event::kConcat);
      if (method.IsNil()) method = vm->Metamethod(last[0], Event::kConcat);
      if (method.IsNil()) {
        RaiseConcatError(vm, last - 1, last);
        return Unwind(vm);
      }
      return CallMetamethod(vm, base, pc, method, {last[-1], last[0]}, count - 1);
    }
    uint32_t n = 0;
    size_t length = 0;
    char digits[64];
    while (n < count && is_text(last[-static_cast<int>(n)])) {
      Value& v = last[-static_cast<int>(n)];
      if (!v.IsString()) v = Value::Of(vm->NewString(NumberText(v, digits)));
      length += v.string()->length;
      ++n;
    }
    char small[String::kMaxShortString];
    String* result = nullptr;
    if (length > String::kMaxShortString) {
      result = vm->TryNewLongString(length);
      if (result == nullptr) {
        vm->RaiseMemoryError();
        return Unwind(vm);
      }
    }
    char* p = result != nullptr ? result->data : small;
    for (uint32_t i = n; i-- > 0;) {
      const String* s = last[-static_cast<int>(i)].string();
      std::memcpy(p, s->data, s->length);
      p += s->length;
    }
    if (result == nullptr) result = vm->NewString({small, length});
    last[1 - static_cast<int>(n)] = Value::Of(result);
    count -= n - 1;
  }
  return vm->CheckMemory() ? kNext : Unwind(vm);
}

namespace {

// Copies a string's bytes, and some more up to a multiple of kCopyUnit, which its cell has.
constexpr size_t kCopyUnit = 16;
inline char* CopyBytes(char* to, const String* s) {
  const char* from = s->data;
  char* const end = to + s->length;
  for (char* p = to; p < end; p += kCopyUnit, from += kCopyUnit) std::memcpy(p, from, kCopyUnit);
  return end;
}
static_assert(sizeof(String) % kCopyUnit == 0 && Heap::CellSizeFor(1) % kCopyUnit == 0);

// The concatenation of strings and numbers alone, where it is not long; else null. No pieces become strings of their own.
String* ConcatShort(Isolate* vm, const Value* from, uint32_t count) {
  constexpr size_t kMaxLength = 480;
  char buffer[kMaxLength + kCopyUnit];
  char* p = buffer;
  for (const Value* v = from; v != from + count; ++v) {
    const auto room = static_cast<size_t>(buffer + kMaxLength - p);
    if (v->IsString()) {
      if (v->string()->length > room) return nullptr;
      p = CopyBytes(p, v->string());
    } else {
      if (!v->IsNumber() || room < lang::kNumberBufferSize) return nullptr;
      p = WriteNumber(*v, p);
    }
  }
  return vm->NewString({buffer, static_cast<size_t>(p - buffer)});
}

}  // namespace

Transfer SemanticConcat(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::ConcatOperands::Decode(pc);
  if (const String* s = ConcatShort(vm, base + o.first, o.count)) [[likely]] {
    base[o.first] = Value::Of(s);
    if (!vm->heap().exhausted()) [[likely]] return kNext;
    vm->base = base;
    vm->pc = pc;
    return vm->CheckMemory() ? kNext : Unwind(vm);
  }
  return ContinueConcat(vm, base, pc, o.first, o.count);
}

Transfer SemanticJump(Isolate*, Value* base, const lang::Word*, Value*) { return Branch(true, base); }

namespace {

// A taken back-edge: polls. The loop's variables are set already, for nothing else in the frame outlives a poll.
Transfer BranchBack(Isolate* vm, Value* base, const lang::Word* pc) {
  vm->base = base;
  vm->pc = pc;
  if (vm->poll.load(std::memory_order_relaxed) == 0) return Branch(true, base);
  const Transfer leave = PollFromMachineCode(vm);
  return leave.target != nullptr ? leave : Branch(true, vm->base);
}

}  // namespace

Transfer SemanticLoopJump(Isolate* vm, Value* base, const lang::Word* pc, Value*) { return BranchBack(vm, base, pc); }

namespace {

// Whether `v` is a number, once a string that stands for one is replaced by it: loops convert strings as arithmetic does.
bool ToLoopNumber(Value* v) {
  if (v->IsString()) {
    if (const std::optional<Value> number = TextToNumber(v->string()->view())) *v = *number;
  }
  return v->IsNumber();
}

}  // namespace

Transfer SemanticForPrep(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  Value* r = base + lang::ForPrepOperands::Decode(pc).base;
  vm->base = base;
  vm->pc = pc;
  if (r[0].IsInteger() && r[2].IsInteger()) {
    if (r[2].integer == 0) {
      vm->RaiseRuntimeError("'for' step is zero");
      return Unwind(vm);
    }
    bool skip;
    uint64_t count;
    if (!ToLoopNumber(&r[1]) || !PrepareIntegerLoop(r[0].integer, r[1], r[2].integer, &skip, &count)) {
      RaiseForError(vm, r[1], "limit");
      return Unwind(vm);
    }
    if (skip) return Branch(true, base);
    r[1] = Value::Integer(static_cast<int64_t>(count));
    r[3] = r[0];
    return Branch(false, base);
  }
  static constexpr struct {
    int index;
    const char* what;
  } kParts[] = {{1, "limit"}, {2, "step"}, {0, "initial value"}};
  for (const auto& part : kParts) {
    if (!ToLoopNumber(&r[part.index])) {
      RaiseForError(vm, r[part.index], part.what);
      return Unwind(vm);
    }
  }
  const double init = r[0].AsDouble(), limit = r[1].AsDouble(), step = r[2].AsDouble();
  if (step == 0) {
    vm->RaiseRuntimeError("'for' step is zero");
    return Unwind(vm);
  }
  if (step > 0 ? limit < init : init < limit) return Branch(true, base);
  r[0] = r[3] = Value::Float(init);
  r[1] = Value::Float(limit);
  r[2] = Value::Float(step);
  return Branch(false, base);
}

Transfer SemanticForLoop(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  vm->base = base;  // where machine code and the generic handler find it again
  Value* r = base + lang::ForLoopOperands::Decode(pc).base;
  if (r[2].IsInteger()) {
    if (r[1].bits == 0) return Branch(false, base);
    --r[1].bits;
    r[0].integer = WrapAdd(r[0].integer, r[2].integer);
  } else {
    const double next = r[0].number + r[2].number;
    if (!(r[2].number > 0 ? next <= r[1].number : r[1].number <= next)) return Branch(false, base);
    r[0].number = next;
  }
  r[3] = r[0];
  return BranchBack(vm, base, pc);
}

Transfer SemanticTForPrep(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TForPrepOperands::Decode(pc);
  vm->base = base;
  vm->pc = pc;
  if (!MarkToBeClosed(vm, base + o.base + 3)) return Unwind(vm);
  return Branch(true, base);
}

Transfer SemanticTForLoop(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  vm->base = base;
  Value* r = base + lang::TForLoopOperands::Decode(pc).base;
  if (r[4].IsNil()) return Branch(false, base);
  r[2] = r[4];
  return BranchBack(vm, base, pc);
}

}  // namespace perilune::vm
