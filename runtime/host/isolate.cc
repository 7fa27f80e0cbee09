#include "runtime/host/isolate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "runtime/collector.h"
#include "runtime/coroutine.h"
#include "runtime/frame_layout.h"
#include "runtime/host/watchdog.h"
#include "runtime/library.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune {
namespace {

constexpr std::string_view kTracebackUrl = "perilune/traceback";

void Open(vm::Isolate& vm, const Libraries& libraries, const RegexLimits& regex) {
  if (libraries.base) vm::OpenBase(vm);
  if (libraries.package) vm::OpenPackage(vm);
  if (libraries.coroutine) vm::OpenCoroutine(vm);
  if (libraries.string) vm::OpenString(vm);
  if (libraries.utf8) vm::OpenUtf8(vm);
  if (libraries.table) vm::OpenTable(vm);
  if (libraries.math) vm::OpenMath(vm);
  if (libraries.io) vm::OpenIo(vm);
  if (libraries.os) vm::OpenOs(vm);
  if (libraries.debug) vm::OpenDebug(vm);
  if (libraries.re) vm::OpenRe(vm, regex);
  if (libraries.base && !libraries.load) {
    for (const char* name : {"load", "loadfile", "dofile", "collectgarbage"}) {
      vm.globals()->SetString(vm.heap(), vm.NewString(name), vm::Value::Nil());
    }
  }
}

}  // namespace

detail::ClassRegistry& detail::ClassesOf(vm::Isolate& vm) { return static_cast<Isolate*>(vm.host)->classes_; }

Isolate::Isolate(Engine& engine, const IsolateOptions& options) : engine_(engine), options_(options), vm_(engine.impl()) {
  vm_.host = this;
  vm_.heap().set_max_bytes(options.max_memory);
  vm_.heap().set_pause_percent(options.gc_pause_percent);
  if (options.max_stack != 0) vm_.max_stack = std::clamp(options.max_stack, 2 * vm::kInitialStack, vm::kMaxStack);
  Open(vm_, options.libraries, options.regex);
}

// Finalizers run now, so that they have the limits. Parts that hold values may end after the virtual machine.
Isolate::~Isolate() {
  RunLimited([this] { return vm::FinalizeAll(vm_), true; });
}

absl::StatusOr<Value> Isolate::Global(std::string_view name) {
  vm::Value v = vm::Value::Of(vm_.globals());
  const bool found = RunLimited([&] {
    for (std::string_view part : absl::StrSplit(name, '.')) {
      if (!vm_.Index(v, vm::Value::Of(vm_.NewString(part)), &v)) return false;
    }
    return true;
  });
  if (!found) return TakeError();
  return Value(&vm_, v);
}

absl::Status Isolate::CollectGarbage() {
  return RunLimited([this] { return vm_.CollectGarbage(), true; }) ? absl::OkStatus() : TakeError();
}

vm::Value Isolate::MainFunction(const Module& module) {
  return vm::Value::Of(vm_.NewMainFunction(module.impl(), vm::Value::Of(vm_.globals())));
}

bool Isolate::RunLimited(absl::FunctionRef<bool()> call) {
  if (vm_.native_depth != 0) return call();
  bool ok;
  {
    const Watchdog::Scope watch(engine_.watchdog(), vm_, options_.deadline);
    if (options_.max_instructions != 0) vm_.LimitInstructions(options_.max_instructions);
    ok = call();
    if (options_.max_instructions != 0) {
      instructions_ = options_.max_instructions - vm_.instructions_left;
      vm_.UnlimitInstructions();
    }
  }
  // Stopped where the error could not get here (in a finalizer), or too late to matter: then that stop is used up.
  if (ok && vm_.stopping) return false;
  if (ok) vm_.TakeStop();
  return ok;
}

// Message handler of calls from the host, where the error happened: it makes the text, which may take a metamethod, and leaves the error as it is.
vm::NativeResult Isolate::NoteError(vm::NativeFrame& frame) {
  auto& lua = *static_cast<Isolate*>(frame.vm.host);
  const vm::Value error = frame[1];
  lua.traceback_ = frame.vm.Traceback(frame.vm.coroutine, nullptr, 1);
  lua.error_text_.clear();
  vm::String* text;
  if (!error.IsString() && (error.IsNumber() || !frame.vm.Metamethod(error, vm::Event::kToString).IsNil())) {
    if (!frame.vm.ToDisplayString(error, &text)) return vm::kRaised;
    lua.error_text_ = text->view();
  }
  return frame.Return(error);
}

absl::Status Isolate::CallValues(const vm::Value& function, absl::Span<const vm::Value> args, uint32_t* count) {
  const auto top = vm_.top - vm_.coroutine->stack;
  const vm::Value handler = vm::Value::Of(vm_.NewNative("traceback", &NoteError));
  if (RunLimited([&] { return vm_.CallProtected(function, args, handler, count); })) return absl::OkStatus();
  vm_.top = vm_.coroutine->stack + top;  // without the results of a call that was stopped too late
  return TakeError();
}

absl::Status Isolate::TakeError() {
  if (vm_.stopping) {
    // An inner call leaves the stop to the outermost one: the function that made it is to be left, too.
    const vm::StopReason reason = vm_.native_depth == 0 ? vm_.TakeStop() : vm_.stop_reason();
    error_ = Value();
    error_text_.clear();
    traceback_.clear();
    switch (reason) {
      case vm::StopReason::kDeadline: return absl::DeadlineExceededError("the script ran past its deadline");
      case vm::StopReason::kInstructions: return absl::ResourceExhaustedError("the script used up its budget of instructions");
      default: return absl::CancelledError("the script was interrupted");
    }
  }
  const vm::Value error = vm_.error;
  error_ = Value(&vm_, error);
  std::string message = std::exchange(error_text_, {});
  if (error.IsString()) {
    message = error.string()->view();
  } else if (message.empty()) {
    message = absl::StrCat("(error object is a ", vm::TypeName(error.tag), " value)");
  }
  const bool exhausted = vm_.is_memory_error(error) || vm_.is_overflow(error);
  absl::Status status = exhausted ? absl::ResourceExhaustedError(message) : absl::UnknownError(message);
  status.SetPayload(kTracebackUrl, absl::Cord(std::exchange(traceback_, {})));
  return status;
}

IsolateStats Isolate::stats() {
  return {.memory_in_use = memory_in_use(), .collections = vm_.heap().collections(), .instructions = instructions_, .coroutines = vm_.coroutines.size()};
}

std::string Traceback(const absl::Status& status) {
  const std::optional<absl::Cord> traceback = status.GetPayload(kTracebackUrl);
  return traceback ? std::string(*traceback) : std::string();
}

}  // namespace perilune
