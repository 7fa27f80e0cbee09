#include "runtime/host/isolate.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "runtime/host/watchdog.h"
#include "runtime/library.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune {
namespace {

constexpr std::string_view kTracebackUrl = "perilune/traceback";

// Message handler of calls from the host: notes the traceback, and leaves the error as it is.
vm::NativeResult NoteTraceback(vm::NativeFrame& frame) {
  auto* traceback = static_cast<std::string*>(frame.callee()->upvalues[0].pointer);
  *traceback = frame.vm.Traceback(frame.vm.coroutine, nullptr, 1);
  return frame.Return(frame[1]);
}

void Open(vm::Isolate& vm, const Libraries& libraries) {
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
  Open(vm_, options.libraries);
}

// The parts that hold values go before the virtual machine, which is the last member.
Isolate::~Isolate() = default;

absl::StatusOr<Value> Isolate::Global(std::string_view name) {
  vm::Value v = vm::Value::Of(vm_.globals());
  for (std::string_view part : absl::StrSplit(name, '.')) {
    const vm::Value key = vm::Value::Of(vm_.NewString(part));
    if (!vm_.Index(v, key, &v)) return TakeError();
  }
  return Value(&vm_, v);
}

vm::Value Isolate::MainFunction(const Module& module) {
  return vm::Value::Of(vm_.NewMainFunction(module.impl(), vm::Value::Of(vm_.globals())));
}

absl::Status Isolate::CallValues(const vm::Value& function, absl::Span<const vm::Value> args, uint32_t* count) {
  const bool outermost = vm_.native_depth == 0;
  const vm::Value noted = vm::Value::LightUserdata(&traceback_);
  const vm::Value handler = vm::Value::Of(vm_.NewNative("traceback", &NoteTraceback, {&noted, 1}));
  const Watchdog::Scope watch(engine_.watchdog(), vm_, outermost ? options_.deadline : absl::InfiniteDuration());
  if (vm_.CallProtected(function, args, handler, count)) {
    if (!outermost || vm_.stop_reason() == vm::StopReason::kNone) return absl::OkStatus();
    // Stopped too late to matter, or where the error could not get here (in a finalizer); an interrupt is used up all the same.
    if (!vm_.stopping) return vm_.TakeStop(), absl::OkStatus();
    PopResults(*count);
  }
  return TakeError();
}

absl::Status Isolate::TakeError() {
  if (vm_.stopping) {
    // An inner call leaves the stop to the outermost one: the function that made it is to be left, too.
    const vm::StopReason reason = vm_.native_depth == 0 ? vm_.TakeStop() : vm_.stop_reason();
    error_ = Value();
    if (reason == vm::StopReason::kDeadline) return absl::DeadlineExceededError("the script ran past its deadline");
    return absl::CancelledError("the script was interrupted");
  }
  const vm::Value error = vm_.error;
  error_ = Value(&vm_, error);
  std::string message;
  vm::String* text;
  if (error.IsString()) {
    message = error.string()->view();
  } else if ((error.IsNumber() || !vm_.Metamethod(error, vm::Event::kToString).IsNil()) && vm_.ToDisplayString(error, &text)) {
    message = text->view();
  } else {
    message = absl::StrCat("(error object is a ", vm::TypeName(error.tag), " value)");
  }
  absl::Status status = message == "not enough memory" ? absl::ResourceExhaustedError(message) : absl::UnknownError(message);
  status.SetPayload(kTracebackUrl, absl::Cord(traceback_));
  traceback_.clear();
  return status;
}

std::string Traceback(const absl::Status& status) {
  const std::optional<absl::Cord> traceback = status.GetPayload(kTracebackUrl);
  return traceback ? std::string(*traceback) : std::string();
}

}  // namespace perilune
