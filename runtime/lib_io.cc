// The input and output library: opening files, and the functions that use the default ones.

#include "runtime/lib_io.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "runtime/lib_common.h"
#include "runtime/lib_os.h"
#include "runtime/library.h"

namespace perilune::vm {
namespace {

// Where the registry keeps the default files.
constexpr std::string_view kInput = "_IO_input";
constexpr std::string_view kOutput = "_IO_output";

// "r", "w" or "a", then perhaps '+', then perhaps 'b'.
bool IsValidMode(const char* c_mode) {
  std::string_view mode = c_mode;
  if (mode.empty() || (mode[0] != 'r' && mode[0] != 'w' && mode[0] != 'a')) return false;
  mode.remove_prefix(1);
  if (mode.starts_with('+')) mode.remove_prefix(1);
  return mode.find_first_not_of('b') == std::string_view::npos;
}

// Opening a pipe waits for whoever opens its other end.
std::FILE* OpenPath(Isolate& vm, const char* name, const char* mode) {
  const BlockingScope blocking(vm);
  errno = 0;
  return std::fopen(name, mode);
}

NativeResult Open(NativeFrame& f) {
  std::string_view name, mode;
  if (!f.CheckString(1, &name) || !f.OptString(2, "r", &mode)) return kRaised;
  if (!IsValidMode(mode.data())) return f.ArgError(2, "invalid mode");
  std::FILE* file = OpenPath(f.vm, name.data(), mode.data());
  if (file == nullptr) return ReturnFileResult(f, false, name.data());
  return f.Return(Value::Of(NewFile(f.vm, file, FileHandle::Kind::kFile)));
}

NativeResult OpenPipe(NativeFrame& f) {
  std::string_view command, mode;
  if (!f.CheckString(1, &command) || !f.OptString(2, "r", &mode)) return kRaised;
  mode = mode.data();  // as for fopen, up to a zero
  if (mode != "r" && mode != "w") return f.ArgError(2, "invalid mode");
  std::FILE* file;
  {
    const BlockingScope blocking(f.vm);  // it writes what is left in other files
    std::fflush(nullptr);
    errno = 0;
    file = popen(command.data(), mode.data());
  }
  if (file == nullptr) return ReturnFileResult(f, false, command.data());
  return f.Return(Value::Of(NewFile(f.vm, file, FileHandle::Kind::kPipe)));
}

NativeResult OpenTemporary(NativeFrame& f) {
  errno = 0;
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return ReturnFileResult(f, false, nullptr);
  return f.Return(Value::Of(NewFile(f.vm, file, FileHandle::Kind::kFile)));
}

// Opens the file named by argument 1, or raises an error.
bool OpenOrRaise(NativeFrame& f, const char* mode, Value* out) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return false;
  std::FILE* file = OpenPath(f.vm, name.data(), mode);
  if (file == nullptr) {
    const char* reason = std::strerror(errno);
    f.Error("cannot open file '" + std::string(name) + "' (" + reason + ")");
    return false;
  }
  *out = Value::Of(NewFile(f.vm, file, FileHandle::Kind::kFile));
  return true;
}

// The default input or output, which must be open.
bool DefaultFile(NativeFrame& f, std::string_view which, Value* value, std::FILE** file) {
  *value = GetField(f.vm, f.vm.registry(), which);
  const FileHandle* handle = HandleOf(*value);
  if (handle->is_closed()) {
    f.Error("default " + std::string(which.substr(4)) + " file is closed");
    return false;
  }
  *file = handle->file;
  return true;
}

// io.input and io.output.
NativeResult SelectDefault(NativeFrame& f, std::string_view which, const char* mode) {
  if (!f.IsNoneOrNil(1)) {
    Value file = f[1];
    if (IsStringOrNumber(file)) {
      if (!OpenOrRaise(f, mode, &file)) return kRaised;
    } else {
      std::FILE* open;
      if (!CheckOpenFile(f, &open)) return kRaised;
    }
    SetField(f.vm, f.vm.registry(), which, file);
  }
  return f.Return(GetField(f.vm, f.vm.registry(), which));
}

NativeResult Input(NativeFrame& f) { return SelectDefault(f, kInput, "r"); }
NativeResult Output(NativeFrame& f) { return SelectDefault(f, kOutput, "w"); }

NativeResult Read(NativeFrame& f) {
  Value value;
  std::FILE* file;
  if (!DefaultFile(f, kInput, &value, &file)) return kRaised;
  return ReadFormats(f, file, 1);
}

// The upvalue is the registry's key for the default output, as a string that need not be made anew
// at each call.
NativeResult Write(NativeFrame& f) {
  const Value value = f.vm.registry()->GetShortString(f.callee()->upvalues[0].string());
  const FileHandle* handle = HandleOf(value);
  if (handle->is_closed()) return f.Error("default output file is closed");
  return WriteArguments(f, handle->file, value, 1);
}

NativeResult Flush(NativeFrame& f) {
  Value value;
  std::FILE* file;
  if (!DefaultFile(f, kOutput, &value, &file)) return kRaised;
  errno = 0;
  return ReturnFileResult(f, FlushFile(f.vm, file), nullptr);
}

NativeResult Close(NativeFrame& f) {
  if (!f.IsNone(1)) return FileClose(f);
  FileHandle* handle = HandleOf(GetField(f.vm, f.vm.registry(), kOutput));
  if (handle->is_closed()) return f.Error("attempt to use a closed file");
  return CloseFile(f, handle);
}

NativeResult Lines(NativeFrame& f) {
  const bool named = !f.IsNoneOrNil(1);
  Value file, iterator;
  if (named) {
    if (!OpenOrRaise(f, "r", &file)) return kRaised;
  } else {
    file = GetField(f.vm, f.vm.registry(), kInput);
    if (HandleOf(file)->is_closed()) return f.Error("attempt to use a closed file");
  }
  if (!NewLineIterator(f, file, 2, named, &iterator)) return kRaised;
  if (!named) return f.Return(iterator);
  // A file that was opened here is also the loop's variable to be closed.
  f.Push(iterator);
  f.Push(Value::Nil());
  f.Push(Value::Nil());
  f.Push(file);
  return f.ReturnPushed(4);
}

NativeResult Type(NativeFrame& f) {
  if (!f.CheckAny(1)) return kRaised;
  const FileHandle* handle = HandleOf(f[1]);
  if (handle == nullptr) return f.Return(Value::Nil());
  return f.Return(std::string_view(handle->is_closed() ? "closed file" : "file"));
}

constexpr NativeEntry kFunctions[] = {
    {"close", Close}, {"flush", Flush},   {"input", Input},    {"lines", Lines}, {"open", Open},
    {"output", Output}, {"popen", OpenPipe}, {"read", Read},   {"tmpfile", OpenTemporary},
    {"type", Type},     {nullptr, nullptr},
};

Value AddStandardFile(Isolate& vm, Table* library, const char* name, std::FILE* file) {
  const Value v = Value::Of(NewFile(vm, file, FileHandle::Kind::kStandard));
  SetField(vm, library, name, v);
  return v;
}

}  // namespace

void OpenIo(Isolate& vm) {
  OpenFileMetatable(vm);
  Table* library = NewLibrary(vm, "io", kFunctions);
  const Value output_key[] = {Value::Of(vm.NewString(kOutput))};
  SetField(vm, library, "write", Value::Of(vm.NewNative("write", Write, output_key)));
  SetField(vm, vm.registry(), kInput, AddStandardFile(vm, library, "stdin", stdin));
  SetField(vm, vm.registry(), kOutput, AddStandardFile(vm, library, "stdout", stdout));
  AddStandardFile(vm, library, "stderr", stderr);
}

}  // namespace perilune::vm
