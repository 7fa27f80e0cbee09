// The coroutine library, and pcall and xpcall: functions that switch or protect frames are handlers of the virtual machine
// (return_handlers.h); the rest is ordinary native code.

#include "runtime/calls.h"
#include "runtime/coroutine.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/native.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

bool CheckCoroutine(NativeFrame& f, Coroutine** out) {
  if (!f[1].IsCoroutine()) {
    f.TypeError(1, "thread");
    return false;
  }
  *out = f[1].coroutine();
  return true;
}

NativeResult Create(NativeFrame& f) {
  if (!f.CheckFunction(1)) return kRaised;
  return f.Return(Value::Of(NewCoroutine(f.vm, f[1])));
}

NativeResult Wrap(NativeFrame& f) {
  if (!f.CheckFunction(1)) return kRaised;
  return f.Return(Value::Of(f.vm.NewHandlerFunction("wrap", &EnterWrapped, {Value::Of(NewCoroutine(f.vm, f[1]))})));
}

int32_t FastCreate(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsFunction()) return kDeclined;
  return FastReturn(args, Value::Of(NewCoroutine(*vm, args[0])));
}

int32_t FastWrap(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsFunction()) return kDeclined;
  return FastReturn(args, Value::Of(vm->NewHandlerFunction("wrap", &EnterWrapped, {Value::Of(NewCoroutine(*vm, args[0]))})));
}

const char* StatusName(CoroutineStatus status) {
  switch (status) {
    case CoroutineStatus::kSuspended: return "suspended";
    case CoroutineStatus::kRunning: return "running";
    case CoroutineStatus::kNormal: return "normal";
    case CoroutineStatus::kDead: break;
  }
  return "dead";
}

NativeResult Status(NativeFrame& f) {
  Coroutine* co;
  if (!CheckCoroutine(f, &co)) return kRaised;
  return f.Return(StatusName(co->status));
}

int32_t FastStatus(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || !args[0].IsCoroutine()) return kDeclined;
  return FastReturn(vm, args, StatusName(args[0].coroutine()->status));
}

NativeResult Running(NativeFrame& f) {
  return f.Return(Value::Of(f.vm.coroutine), Value::Boolean(f.vm.coroutine == f.vm.main_coroutine()));
}

NativeResult IsYieldable(NativeFrame& f) {
  Coroutine* co = f.vm.coroutine;
  if (!f.IsNone(1) && !CheckCoroutine(f, &co)) return kRaised;
  // Only running code can be in native code that it could not leave.
  const bool inside_native = co == f.vm.coroutine && co->native_depth != f.vm.native_depth;
  return f.Return(Value::Boolean(co != f.vm.main_coroutine() && !inside_native));
}

NativeResult Close(NativeFrame& f) {
  Coroutine* co;
  if (!CheckCoroutine(f, &co)) return kRaised;
  if (co->status != CoroutineStatus::kSuspended && co->status != CoroutineStatus::kDead) {
    return f.Error(std::string("cannot close a ") + StatusName(co->status) + " coroutine");
  }
  if (CloseCoroutine(&f.vm, co)) return f.Return(Value::Boolean(true));
  return f.Return(Value::Boolean(false), f.vm.error);
}

void AddHandler(Isolate& vm, Table* library, const char* name, Handler entry) {
  SetField(vm, library, name, Value::Of(vm.NewHandlerFunction(name, entry)));
}

}  // namespace

void OpenCoroutine(Isolate& vm) {
  static constexpr NativeEntry kFunctions[] = {
      {"create", &Create, &FastCreate}, {"wrap", &Wrap, &FastWrap},     {"status", &Status, &FastStatus}, {"running", &Running},
      {"isyieldable", &IsYieldable},    {"close", &Close},              {nullptr, nullptr},
  };
  Table* library = NewLibrary(vm, "coroutine", kFunctions);
  AddHandler(vm, library, "resume", &EnterResume);
  AddHandler(vm, library, "yield", &EnterYield);
  AddHandler(vm, vm.globals(), "pcall", &EnterPcall);
  AddHandler(vm, vm.globals(), "xpcall", &EnterXpcall);
}

}  // namespace perilune::vm
