#include "runtime/isolate.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/calls.h"
#include "runtime/collector.h"
#include "runtime/coroutine.h"
#include "runtime/debug_info.h"
#include "runtime/engine.h"
#include "runtime/hooks.h"
#include "runtime/interpreter.h"
#include "runtime/number_text.h"
#include "runtime/return_handlers.h"
#include "runtime/semantics.h"
#include "runtime/tier_up.h"

namespace perilune::vm {
namespace {

constexpr const char* kEventTexts[] = {
#define E(name, text) text,
    PERILUNE_EVENTS(E)
#undef E
};

// A collection wherever the program stands. Finalizers wait for the next poll.
void CollectNow(Isolate& vm) {
  Collect(vm, NativeRoots::kAll, /*trim=*/true);
  if (!vm.to_finalize.empty()) vm.RequestPoll(kPollFinalize);
}

}  // namespace

const char* TypeName(Tag tag) {
  switch (tag) {
    case Tag::kNil: return "nil";
    case Tag::kFalse:
    case Tag::kTrue: return "boolean";
    case Tag::kInteger:
    case Tag::kFloat: return "number";
    case Tag::kString: return "string";
    case Tag::kTable: return "table";
    case Tag::kLuaFunction:
    case Tag::kNativeFunction: return "function";
    case Tag::kLightUserdata:
    case Tag::kUserdata: return "userdata";
    case Tag::kCoroutine: return "thread";
    default: return "no value";
  }
}

Isolate::Isolate(Engine& engine)
    : stack_limit(nullptr),
      dispatch(engine.tuning().semantics_only ? kSemanticHandlers : kHandlers),
      heap_({.context = this,
             .on_pressure = [](void* vm) { static_cast<Isolate*>(vm)->RequestPoll(kPollCollect); },
             .collect = [](void* vm) { CollectNow(*static_cast<Isolate*>(vm)); }}),
      plain_dispatch(dispatch),
      code_thread(this, [](CodeThread* t) { t->isolate->RequestPoll(kPollCode); }),
      engine_(engine),
      native_tier_(engine.native_tier()),
      caches_(*this, heap_, chain_cache),
      strings_(heap_) {
  heap_.set_caches(&caches_);
  empty_root = caches_.shapes().empty_root();
  if (native_tier_ != nullptr) native_tier_->AddThread(code_thread);
  empty_shape = caches_.shapes().empty_root();
  main_coroutine_ = NewMainCoroutine(*this);
  SwitchTo(*this, main_coroutine_);
  base = main_coroutine_->base;
  top = main_coroutine_->top;
  for (size_t i = 0; i < kEventCount; ++i) {
    event_names_[i] = NewString(kEventTexts[i]);
    event_names_[i]->flags |= String::kEventName;
  }
  for (size_t t = 0; t < std::size(type_names); ++t) type_names[t] = NewString(TypeName(static_cast<Tag>(t)));
  memory_error_ = NewString("not enough memory");
  string_methods = NewTable();
  userdata_methods = NewTable();
  globals_ = NewTable();
  registry_ = NewTable();
  (void)registry_->Set(heap_, Value::Integer(1), Value::Of(main_coroutine_));
  (void)registry_->Set(heap_, Value::Integer(2), Value::Of(globals_));
  pcall_ = NewHandlerFunction("pcall", &EnterPcall);
  xpcall_ = NewHandlerFunction("xpcall", &EnterXpcall);
  pcall_->flags = xpcall_->flags = NativeFunction::kInternal;
  if (engine.tuning().collect_every_polls != 0) RequestPoll(kPollStress);
}

Isolate::~Isolate() {
  FinalizeAll(*this);
  if (native_tier_ != nullptr) native_tier_->RemoveThread(code_thread);
  for (Coroutine* co : coroutines) FreeCoroutineStack(heap_, co);
  FreeSpareStacks(*this);
  handles_->Unref();
}

// ---- Values.

String* Isolate::NewLongString(std::string_view bytes) {
  String* s = AllocateLongString(heap_, bytes.size());
  std::memcpy(s->data, bytes.data(), bytes.size());
  return s;
}

String* Isolate::NewByteString(uint8_t byte) {
  const char c = static_cast<char>(byte);
  return NewString({&c, 1});
}

String* Isolate::TryNewString(std::string_view bytes) {
  if (bytes.size() <= String::kMaxShortString) return strings_.Intern(heap_, bytes);
  String* s = TryAllocateLongString(heap_, bytes.size());
  if (s != nullptr) std::memcpy(s->data, bytes.data(), bytes.size());
  return s;
}

String* Isolate::TryNewLongString(size_t length) { return TryAllocateLongString(heap_, length); }

Table* Isolate::TryNewTable(uint32_t array_size, uint32_t hash_entries) {
  return Table::TryNew(heap_, array_size, hash_entries == 0 ? 0 : std::bit_ceil(hash_entries));
}

NativeFunction* Isolate::NewNative(const char* name, NativeFn fn, absl::Span<const Value> upvalues, FastNative fast) {
  NativeFunction* f = NewHandlerFunction(name, &EnterNative, upvalues);
  f->fast = fast;
  f->fn = fn;
  return f;
}

NativeFunction* Isolate::NewHandlerFunction(const char* name, Handler entry, absl::Span<const Value> upvalues) {
  auto* f = static_cast<NativeFunction*>(
      heap_.Allocate(sizeof(NativeFunction) + upvalues.size() * sizeof(Value), ObjectType::kNativeFunction));
  f->entry = reinterpret_cast<const void*>(entry);
  f->fast = nullptr;
  f->fn = nullptr;
  f->name = name;
  f->intrinsic = Intrinsic::kNone;
  f->reserved = 0;
  f->aux = static_cast<uint32_t>(upvalues.size());
  std::copy(upvalues.begin(), upvalues.end(), f->upvalues);
  return f;
}

Userdata* Isolate::NewUserdata(size_t size, const void* type_id, void (*destroy)(void*)) {
  auto* u = static_cast<Userdata*>(heap_.Allocate(sizeof(Userdata) + size, ObjectType::kUserdata));
  u->metatable = nullptr;
  u->destroy = destroy;
  u->type_id = type_id;
  u->size = size;
  u->user_value = Value::Nil();
  return u;
}

Upvalue* Isolate::NewClosedUpvalue(const Value& v) {
  auto* u = static_cast<Upvalue*>(heap_.Allocate(sizeof(Upvalue), ObjectType::kUpvalue));
  u->location = &u->closed;
  u->closed = v;
  u->next_open = nullptr;
  return u;
}

LuaFunction* Isolate::NewLuaFunction(ProtoInstance* instance, size_t upvalues) {
  auto* f = static_cast<LuaFunction*>(
      heap_.Allocate(sizeof(LuaFunction) + upvalues * sizeof(Upvalue*), ObjectType::kLuaFunction));
  f->k = instance->k;
  f->slots = instance->slots;
  f->aux = static_cast<uint32_t>(upvalues);
  return f;
}

LuaFunction* Isolate::NewMainFunction(std::shared_ptr<Module> module, const Value& env) {
  ProtoSlots* slots = module->main();
  ProtoInstance* instance = NewInstance(std::move(module), slots);
  const size_t upvalues = instance->proto->upvalues.size();
  LuaFunction* f = NewLuaFunction(instance, upvalues);
  for (size_t i = 0; i < upvalues; ++i) f->upvalues[i] = NewClosedUpvalue(i == 0 ? env : Value::Nil());
  return f;
}

ProtoInstance* Isolate::NewInstance(std::shared_ptr<Module> module, ProtoSlots* slots) {
  const lang::Proto* proto = slots->proto;
  const size_t constants = proto->constants.size(), cells = proto->cell_count;
  auto* p = static_cast<ProtoInstance*>(
      heap_.Allocate(ProtoInstance::kConstantsOffset + constants * sizeof(Value) + cells * (sizeof(Cell) + sizeof(CellState)), ObjectType::kProtoInstance));
  p->proto = proto;
  p->slots = slots;
  p->code = proto->code.data();
  p->cells = reinterpret_cast<Cell*>(p->k + constants);
  for (size_t i = 0; i < cells; ++i) p->cells[i].Clear();
  std::memset(p->states(), 0, cells * sizeof(CellState));
  p->children = new ProtoInstance*[proto->children.size()]();
  new (&p->module) std::shared_ptr<Module>(std::move(module));
  p->charged = slots == p->module->main() ? p->module->MemoryBytes() : 0;
  heap_.Charge(p->charged);
  p->calls = 0;
  p->native_calls = 0;
  p->hotness = InitialHotness(engine_, *proto);
  p->num_params = proto->num_params;
  p->is_vararg = proto->is_vararg;
  p->max_stack = proto->max_stack;
  p->locals_written = false;
  for (size_t i = 0; i < constants; ++i) {
    const lang::Constant& c = proto->constants[i];
    if (const auto* b = std::get_if<bool>(&c)) {
      p->k[i] = Value::Boolean(*b);
    } else if (const auto* n = std::get_if<int64_t>(&c)) {
      p->k[i] = Value::Integer(*n);
    } else if (const auto* d = std::get_if<double>(&c)) {
      p->k[i] = Value::Float(*d);
    } else if (const auto* s = std::get_if<std::string>(&c)) {
      p->k[i] = Value::Of(NewString(*s));
    } else {
      p->k[i] = Value::Nil();
    }
  }
  return p;
}

ProtoInstance* Isolate::ChildInstance(ProtoInstance* parent, uint32_t child) {
  ProtoInstance*& instance = parent->children[child];
  if (instance == nullptr) instance = NewInstance(parent->module, parent->slots->children[child]);
  return instance;
}

// ---- Metatables.

Table* Isolate::MetatableOf(const Value& v) const {
  if (v.IsTable()) return v.table()->metatable;
  if (v.IsUserdata()) return v.userdata()->metatable;
  return type_metatables_[static_cast<size_t>(v.tag)];
}

void Isolate::SetTypeMetatable(Tag tag, Table* metatable) {
  const char* name = TypeName(tag);
  for (uint64_t t = 0; t <= static_cast<uint64_t>(Tag::kCoroutine); ++t) {
    const Tag other = static_cast<Tag>(t);
    if (other != Tag::kTable && other != Tag::kUserdata && std::strcmp(TypeName(other), name) == 0) type_metatables_[t] = metatable;
  }
  if (tag == Tag::kString) string_methods->metatable = metatable;
}

void Isolate::SetMetatable(const Value& object, Table* metatable) {
  if (object.IsTable()) {
    Table* t = object.table();
    if ((t->aux & Table::kInCachedChain) != 0) caches_.Flush();
    t->metatable = metatable;
  } else if (object.IsUserdata()) {
    object.userdata()->metatable = metatable;
  } else {
    SetTypeMetatable(object.tag, metatable);
    return;
  }
  Object* o = object.object;
  if (metatable != nullptr && !closing && (o->gc_flags & kHasFinalizer) == 0 && !MetamethodOf(metatable, Event::kGc).IsNil()) {
    o->gc_flags |= kHasFinalizer;
    finalizable.push_back(o);
  }
}

Value Isolate::MetamethodOf(const Table* metatable, Event event) const {
  const auto e = static_cast<uint32_t>(event);
  if (e < kCachedEvents && (metatable->flags & (1u << e)) != 0) return Value::Nil();
  const Value v = metatable->GetShortString(event_names_[e]);
  if (v.IsNil() && e < kCachedEvents) const_cast<Table*>(metatable)->flags |= static_cast<uint8_t>(1u << e);
  return v;
}

Value Isolate::Metamethod(const Value& v, Event event) const {
  const Table* metatable = MetatableOf(v);
  return metatable == nullptr ? Value::Nil() : MetamethodOf(metatable, event);
}

// ---- Operations with metamethods.

bool Isolate::Index(const Value& object, const Value& key, Value* out) {
  Value method, receiver;
  switch (FindIndex(this, &object, key, out, &method, &receiver)) {
    case Outcome::kDone: return true;
    case Outcome::kCall: return Call(method, {receiver, key}, out);
    case Outcome::kRaised: break;
  }
  return false;
}

bool Isolate::SetIndex(const Value& object, const Value& key, const Value& value) {
  Value method, receiver;
  switch (FindSetIndex(this, &object, key, value, &method, &receiver)) {
    case Outcome::kDone: return true;
    case Outcome::kCall: return Call(method, {receiver, key, value}, &receiver);
    case Outcome::kRaised: break;
  }
  return false;
}

namespace {

template <Outcome (*kFind)(Isolate*, const Value&, const Value&, bool*, Value*)>
bool Compare(Isolate* vm, const Value& a, const Value& b, bool* out) {
  Value method, result;
  switch (kFind(vm, a, b, out, &method)) {
    case Outcome::kDone: return true;
    case Outcome::kCall:
      if (!(*out ? vm->Call(method, {b, a}, &result) : vm->Call(method, {a, b}, &result))) return false;
      *out = result.IsTruthy() != *out;
      return true;
    case Outcome::kRaised: break;
  }
  return false;
}

}  // namespace

bool Isolate::Equals(const Value& a, const Value& b, bool* out) { return Compare<FindEquals>(this, a, b, out); }
bool Isolate::LessThan(const Value& a, const Value& b, bool* out) { return Compare<FindLessThan>(this, a, b, out); }
bool Isolate::LessEqual(const Value& a, const Value& b, bool* out) { return Compare<FindLessEqual>(this, a, b, out); }

bool Isolate::RawSet(Table* table, const Value& key, const Value& value, KeyOrigin origin) {
  switch (table->Set(heap_, key, value, origin)) {
    case KeyError::kNone: return true;
    case KeyError::kNil: return RaiseRuntimeError("table index is nil");
    case KeyError::kNaN: return RaiseRuntimeError("table index is NaN");
    case KeyError::kMemory: return RaiseMemoryError();
    case KeyError::kNotFound:
    case KeyError::kOverflow: break;
  }
  return RaiseRuntimeError("table overflow");
}

bool Isolate::Length(const Value& v, Value* out) {
  Value method;
  switch (FindLength(this, &v, out, &method)) {
    case Outcome::kDone: return true;
    case Outcome::kCall: return Call(method, {v, v}, out);
    case Outcome::kRaised: break;
  }
  return false;
}

bool Isolate::Arith(ArithOp op, const Value& a, const Value& b, Value* out) {
  Value method;
  switch (FindArith(this, op, &a, &b, out, &method)) {
    case Outcome::kDone: return true;
    case Outcome::kCall: return Call(method, {a, b}, out);
    case Outcome::kRaised: break;
  }
  return false;
}

bool Isolate::ToDisplayString(const Value& v, String** out) {
  const Value method = Metamethod(v, Event::kToString);
  if (!method.IsNil()) {
    Value result;
    if (!Call(method, {v}, &result)) return false;
    if (result.IsNumber()) return ToDisplayString(result, out);
    if (!result.IsString()) return RaiseError("'__tostring' must return a string");
    *out = result.string();
    return true;
  }
  char buffer[64];
  switch (v.tag) {
    case Tag::kInteger:
    case Tag::kFloat:
      *out = NewString(NumberText(v, buffer));
      return true;
    case Tag::kString:
      *out = v.string();
      return true;
    case Tag::kFalse:
    case Tag::kTrue:
    case Tag::kNil:
      *out = NewString(v.IsNil() ? "nil" : v.IsTruthy() ? "true" : "false");
      return true;
    default: {
      const Value name = Metamethod(v, Event::kName);
      std::snprintf(buffer, sizeof buffer, ": %p", v.pointer);
      *out = NewString(std::string(name.IsString() ? name.string()->view() : TypeName(v.tag)) + buffer);
      return true;
    }
  }
}

// ---- Stack, polls, collection, loading.

bool Isolate::EnsureStack(size_t n) {
  if (static_cast<size_t>(top - coroutine->stack) + n > kMaxNativeValues) return false;
  if (top + n <= coroutine->limit()) return true;
  return GrowStack(*this, static_cast<size_t>(top - base) + n);
}

// The order of the two stores against those of SetStackLimit matters: whichever thread is later sees the other's.
void Isolate::RequestPoll(PollReason reason) {
  poll.fetch_or(reason, std::memory_order_seq_cst);
  stack_limit.store(nullptr, std::memory_order_seq_cst);  // partner: SetStackLimit
}

void Isolate::ResetStackLimit() {
  SetStackLimit(coroutine->limit());
}

void Isolate::RequestStop(StopReason reason) {
  StopReason none = StopReason::kNone;
  stop_.compare_exchange_strong(none, reason, std::memory_order_relaxed);  // RequestPoll orders it before the poll
  RequestPoll(kPollStop);
}

bool Isolate::RaiseStop() {
  stopping = true;
  return RaiseRuntimeError("stopped by the host");
}

StopReason Isolate::TakeStop() {
  stopping = false;
  poll.fetch_and(~uint32_t{kPollStop}, std::memory_order_relaxed);
  return stop_.exchange(StopReason::kNone, std::memory_order_relaxed);
}

bool Isolate::RelieveMemory() {
  CollectNow(*this);
  return !heap_.exhausted() || RaiseMemoryError();
}

// The loops of native functions count as instructions by their polls.
bool Isolate::PollInNative() {
  if (counting && !CountInstruction()) return false;
  return PollAnywhere(this, NativeRoots::kAll);
}

bool Isolate::RaiseMemoryError() {
  heap_.BeginGrace();
  Raise(Value::Of(memory_error_));
  unhandled = true;
  return false;
}

bool Isolate::RaiseOverflow(std::string_view message) {
  RaiseRuntimeError(message);
  NoteOverflow(error);
  return false;
}

void Isolate::LimitInstructions(uint64_t budget) {
  instructions_left = budget;
  counting = true;
  ChangeWatching(this);
}

void Isolate::UnlimitInstructions() {
  counting = false;
  ChangeWatching(this);
}

void Isolate::CollectGarbage() {
  if (finalizing) return;
  Collect(*this, NativeRoots::kAll);
  RunFinalizers(*this);
}

void Isolate::CountCalls() {
  heap_.ForEachMarked([](Object* o) {
    if (o->type != ObjectType::kProtoInstance) return;
    auto* p = static_cast<ProtoInstance*>(o);
    // relaxed: statistics
    p->slots->interpreted_calls.fetch_add(std::exchange(p->calls, 0), std::memory_order_relaxed);
    p->slots->native_calls.fetch_add(std::exchange(p->native_calls, 0), std::memory_order_relaxed);
  });
}

void Isolate::Warn(std::string_view message) {
  if (!warnings_on) return;
  std::fflush(stdout);
  std::fprintf(stderr, "Lua warning: %.*s\n", static_cast<int>(message.size()), message.data());
}

}  // namespace perilune::vm
