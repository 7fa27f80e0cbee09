// load, loadfile and dofile, of source text and of what string.dump has made.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lang/binary_chunk.h"
#include "runtime/lib_base.h"
#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/load.h"
#include "runtime/script_source.h"

namespace perilune::vm {
namespace {

// Compiles `source` if `mode` allows its kind. False: *message says why not.
bool Compile(Isolate& vm, std::string_view source, std::string_view chunk_name,
             std::string_view mode, const Value& env, LuaFunction** function,
             std::string* message) {
  const bool binary = source.starts_with(lang::kBinaryChunkMark);
  const char* kind = binary ? "binary" : "text";
  if (mode.find(kind[0]) == std::string_view::npos) {
    message->assign("attempt to load a ")
        .append(kind)
        .append(" chunk (mode is '")
        .append(mode)
        .append("')");
    return false;
  }
  absl::StatusOr<LuaFunction*> loaded = Load(vm, source, chunk_name, env);
  if (!loaded.ok()) {
    *message = std::string(loaded.status().message());
    return false;
  }
  *function = *loaded;
  return true;
}

NativeResult ReturnLoaded(NativeFrame& f, bool ok, LuaFunction* function,
                          std::string_view message) {
  if (ok) return f.Return(Value::Of(function));
  if (!f.vm.CheckPoll()) return kRaised;  // an interrupt, which is no error of the chunk
  return f.Return(Value::Nil(), Value::Of(f.vm.NewString(message)));
}

// Concatenates what the reader function in argument 1 returns until nil, nothing or an empty
// string. False: it failed and *error says how.
bool ReadPieces(NativeFrame& f, Buffer* source, Value* error) {
  Isolate& vm = f.vm;
  for (;;) {
    uint32_t count;
    if (!vm.CallForAll(f[1], {}, &count)) {  // load reports the error, so that it ends here
      vm.unhandled = false;
      *error = vm.error;
      return false;
    }
    const Value piece = count == 0 ? Value::Nil() : vm.top[-static_cast<int64_t>(count)];
    vm.top -= count;
    if (piece.IsNil()) return true;
    if (!IsStringOrNumber(piece)) {
      vm.RaiseError("reader function must return a string");
      *error = vm.error;
      return false;
    }
    String* s;
    if (!vm.ToDisplayString(piece, &s)) {
      *error = vm.error;
      return false;
    }
    if (s->length == 0) return true;
    source->Append(s->view());
    if (source->failed()) {
      vm.RaiseMemoryError();
      *error = vm.error;
      return false;
    }
  }
}

}  // namespace

bool CompileFile(Isolate& vm, const char* name, std::string_view mode, const Value& env,
                 LuaFunction** function, std::string* message) {
  const absl::StatusOr<ScriptSource> source = [&] {
    const BlockingScope blocking(vm);
    return ReadScript(name);
  }();
  if (!source.ok()) return message->assign(source.status().message()), false;
  return Compile(vm, source->text, source->name, mode, env, function, message);
}

NativeResult BaseLoad(NativeFrame& f) {
  std::string_view mode;
  if (!f.OptString(3, "bt", &mode)) return kRaised;
  const Value env = f.IsNone(4) ? Value::Of(f.vm.globals()) : f[4];
  LuaFunction* function = nullptr;
  std::string message;
  std::string_view chunk_name;
  if (IsStringOrNumber(f[1])) {
    std::string_view source;
    if (!f.CheckString(1, &source) || !f.OptString(2, source, &chunk_name)) return kRaised;
    const bool ok = Compile(f.vm, source, chunk_name, mode, env, &function, &message);
    return ReturnLoaded(f, ok, function, message);
  }
  if (!f.OptString(2, "=(load)", &chunk_name) || !f.CheckFunction(1)) return kRaised;
  Buffer source(f.vm);
  Value error;
  if (!ReadPieces(f, &source, &error)) {
    f.vm.unhandled = false;
    return f.Return(Value::Nil(), error);
  }
  const bool ok = Compile(f.vm, source.view(), chunk_name, mode, env, &function, &message);
  return ReturnLoaded(f, ok, function, message);
}

NativeResult BaseLoadFile(NativeFrame& f) {
  std::string_view name, mode;
  if (!f.OptString(1, "", &name) || !f.OptString(2, "bt", &mode)) return kRaised;
  const Value env = f.IsNone(3) ? Value::Of(f.vm.globals()) : f[3];
  LuaFunction* function = nullptr;
  std::string message;
  const bool ok =
      CompileFile(f.vm, f.IsNoneOrNil(1) ? nullptr : name.data(), mode, env, &function, &message);
  return ReturnLoaded(f, ok, function, message);
}

NativeResult BaseDoFile(NativeFrame& f) {
  std::string_view name;
  if (!f.OptString(1, "", &name)) return kRaised;
  LuaFunction* function = nullptr;
  std::string message;
  if (!CompileFile(f.vm, f.IsNoneOrNil(1) ? nullptr : name.data(), "bt", Value::Of(f.vm.globals()),
                   &function, &message)) {
    return f.Throw(Value::Of(f.vm.NewString(message)));
  }
  f.Push(Value::Of(function));
  return f.Call(0, 0);
}

}  // namespace perilune::vm
