// The methods of files, except those that read, and the metatable that holds them all.

#include <stdio_ext.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/lib_io.h"
#include "runtime/lib_os.h"
#include "runtime/number_text.h"

namespace perilune::vm {
namespace {

constexpr char kFileType = 0;
constexpr std::string_view kMetatableName = "FILE*";

void DestroyHandle(void* payload) { CloseQuietly(static_cast<FileHandle*>(payload)); }

NativeResult FileWrite(NativeFrame& f) {
  std::FILE* file;
  if (!CheckOpenFile(f, &file)) return kRaised;
  return WriteArguments(f, file, f[1], 2);
}

NativeResult FileFlush(NativeFrame& f) {
  std::FILE* file;
  if (!CheckOpenFile(f, &file)) return kRaised;
  errno = 0;
  return ReturnFileResult(f, FlushFile(f.vm, file), nullptr);
}

NativeResult FileSeek(NativeFrame& f) {
  static constexpr const char* kNames[] = {"set", "cur", "end", nullptr};
  static constexpr int kModes[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  std::FILE* file;
  int mode;
  int64_t offset;
  if (!CheckOpenFile(f, &file) || !f.CheckOption(2, "cur", kNames, &mode) ||
      !f.OptInteger(3, 0, &offset))
    return kRaised;
  errno = 0;
  int failed;
  {
    const BlockingScope blocking(f.vm);  // it writes what is left
    failed = fseeko(file, static_cast<off_t>(offset), kModes[mode]);
  }
  if (failed != 0) return ReturnFileResult(f, false, nullptr);
  return f.Return(Value::Integer(ftello(file)));
}

NativeResult FileSetBuffering(NativeFrame& f) {
  static constexpr const char* kNames[] = {"no", "full", "line", nullptr};
  static constexpr int kModes[] = {_IONBF, _IOFBF, _IOLBF};
  std::FILE* file;
  int mode;
  int64_t size;
  if (!CheckOpenFile(f, &file) || !f.CheckOption(2, nullptr, kNames, &mode) ||
      !f.OptInteger(3, BUFSIZ, &size))
    return kRaised;
  errno = 0;
  return ReturnFileResult(
      f, std::setvbuf(file, nullptr, kModes[mode], static_cast<size_t>(size)) == 0, nullptr);
}

NativeResult FileToString(NativeFrame& f) {
  FileHandle* handle;
  if (!CheckHandle(f, 1, &handle)) return kRaised;
  if (handle->is_closed()) return f.Return("file (closed)");
  char text[40];
  const int n = std::snprintf(text, sizeof(text), "file (%p)", static_cast<void*>(handle->file));
  return f.Return(std::string_view(text, static_cast<size_t>(n)));
}

NativeResult FileCollect(NativeFrame& f) {
  FileHandle* handle;
  if (!CheckHandle(f, 1, &handle)) return kRaised;
  CloseQuietly(handle);
  return f.Return();
}

constexpr NativeEntry kMethods[] = {
    {"close", FileClose}, {"flush", FileFlush},          {"lines", FileLines}, {"read", FileRead},
    {"seek", FileSeek},   {"setvbuf", FileSetBuffering}, {"write", FileWrite}, {nullptr, nullptr},
};

constexpr NativeEntry kMetamethods[] = {
    {"__gc", FileCollect},
    {"__close", FileCollect},
    {"__tostring", FileToString},
    {nullptr, nullptr},
};

}  // namespace

FileHandle* HandleOf(const Value& v) {
  if (!v.IsUserdata() || v.userdata()->type_id != &kFileType) return nullptr;
  return reinterpret_cast<FileHandle*>(v.userdata()->payload);
}

bool CheckHandle(NativeFrame& f, uint32_t n, FileHandle** out) {
  *out = HandleOf(f[n]);
  if (*out != nullptr) return true;
  f.TypeError(n, kMetatableName);
  return false;
}

bool CheckOpenFile(NativeFrame& f, std::FILE** out) {
  FileHandle* handle;
  if (!CheckHandle(f, 1, &handle)) return false;
  if (handle->is_closed()) {
    f.Error("attempt to use a closed file");
    return false;
  }
  *out = handle->file;
  return true;
}

Userdata* NewFile(Isolate& vm, std::FILE* file, FileHandle::Kind kind) {
  Userdata* u = vm.NewUserdata(sizeof(FileHandle), &kFileType, DestroyHandle);
  auto* handle = reinterpret_cast<FileHandle*>(u->payload);
  handle->file = file;
  handle->kind = kind;
  vm.SetMetatable(Value::Of(u), GetField(vm, vm.registry(), kMetatableName).table());
  return u;
}

void CloseQuietly(FileHandle* handle) {
  const FileHandle::Kind kind = handle->kind;
  if (kind == FileHandle::Kind::kStandard) return;
  handle->kind = FileHandle::Kind::kClosed;
  if (kind == FileHandle::Kind::kFile) std::fclose(handle->file);
  if (kind == FileHandle::Kind::kPipe) pclose(handle->file);
}

NativeResult CloseFile(NativeFrame& f, FileHandle* handle) {
  const FileHandle::Kind kind = handle->kind;
  if (kind == FileHandle::Kind::kStandard) {
    return f.Return(Value::Nil(), Value::Of(f.vm.NewString("cannot close standard file")));
  }
  handle->kind = FileHandle::Kind::kClosed;
  errno = 0;
  int status;
  {
    const BlockingScope blocking(f.vm);  // it writes what is left, and waits for the process
    status = kind == FileHandle::Kind::kPipe ? pclose(handle->file) : std::fclose(handle->file);
  }
  return kind == FileHandle::Kind::kPipe ? ReturnExitStatus(f, status) : ReturnFileResult(f, status == 0, nullptr);
}

bool WriteBytes(Isolate& vm, std::FILE* file, std::string_view bytes) {
  std::optional<BlockingScope> blocking;
  // What the buffer takes goes no further.
  if (__flbf(file) != 0 || bytes.size() >= __fbufsize(file) - __fpending(file)) blocking.emplace(vm);
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
}

bool FlushFile(Isolate& vm, std::FILE* file) {
  const BlockingScope blocking(vm);
  return std::fflush(file) == 0;
}

namespace {

// Writes pieces to a file: as few times as their sizes allow.
class PieceWriter {
 public:
  PieceWriter(Isolate& vm, std::FILE* file) : vm_(vm), file_(file) {}

  void Add(std::string_view piece) {
    if (piece.size() > SmallBuffer::kSize - pending_.view().size()) Flush();
    if (piece.size() > SmallBuffer::kSize) {
      ok_ = WriteBytes(vm_, file_, piece) && ok_;
    } else {
      pending_.Append(piece);
    }
  }
  void Flush() {
    if (!pending_.view().empty()) ok_ = WriteBytes(vm_, file_, pending_.view()) && ok_;
    pending_.Clear();
  }
  bool ok() const { return ok_; }

 private:
  Isolate& vm_;
  std::FILE* const file_;
  bool ok_ = true;
  SmallBuffer pending_;
};

}  // namespace

NativeResult WriteArguments(NativeFrame& f, std::FILE* file, const Value& file_value,
                            uint32_t first) {
  errno = 0;
  if (f.count == first && f[first].IsString()) {
    if (WriteBytes(f.vm, file, f[first].string()->view())) return f.Return(file_value);
    return ReturnFileResult(f, false, nullptr);
  }
  PieceWriter writer(f.vm, file);
  for (uint32_t n = first; n <= f.count; ++n) {
    const Value v = f[n];
    if (v.IsInteger()) {
      char digits[lang::kNumberBufferSize];
      writer.Add(NumberText(v, digits));
    } else if (v.IsFloat()) {
      char text[32];
      const int length = std::snprintf(text, sizeof(text), "%.14g", v.number);  // like the reference: without the ".0" of tostring
      writer.Add({text, static_cast<size_t>(length)});
    } else if (v.IsString()) {
      writer.Add(v.string()->view());
    } else {
      writer.Flush();  // what comes before the error
      std::string_view s;
      if (!f.CheckString(n, &s)) return kRaised;
      writer.Add(s);
    }
  }
  writer.Flush();
  if (writer.ok()) return f.Return(file_value);
  return ReturnFileResult(f, false, nullptr);
}

NativeResult FileClose(NativeFrame& f) {
  std::FILE* file;
  if (!CheckOpenFile(f, &file)) return kRaised;
  return CloseFile(f, HandleOf(f[1]));
}

void OpenFileMetatable(Isolate& vm) {
  NewTypeMetatable(vm, kMetatableName, kMetamethods, kMethods);
}

}  // namespace perilune::vm
