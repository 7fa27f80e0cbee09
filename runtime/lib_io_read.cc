// Reading from files: the formats of read and lines.

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/lib_io.h"
#include "runtime/lib_os.h"
#include "runtime/number_text.h"

namespace perilune::vm {
namespace {

// Most formats that an iterator of lines may keep.
constexpr uint32_t kMaxFormats = 250;
// Longest text that is read as a number.
constexpr size_t kMaxNumeral = 200;
// Most bytes that are read between polls.
constexpr size_t kMaxBlock = size_t{1} << 20;

// For functions that read without locking.
class FileLock {
 public:
  explicit FileLock(std::FILE* file) : file_(file) { flockfile(file_); }
  ~FileLock() { funlockfile(file_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::FILE* const file_;
};

// Each Read function stores what it read, or nil when there was nothing to read.

enum class LinePart : uint8_t { kSome, kEnd, kEndOfFile };

// Reads up to the end of the line, without it, as far as `part` has room. fgets is much faster than getc, but does not say how much it read if there are
// NULs: `part` is full of newlines before, so that the first one is followed by the final NUL if it was read, and else is what follows that NUL.
template <size_t kSize>
LinePart ReadPart(std::FILE* file, char (&part)[kSize], size_t* length) {
  std::memset(part, '\n', kSize);
  *length = 0;
  if (std::fgets(part, kSize, file) == nullptr) return LinePart::kEndOfFile;
  const auto* end = static_cast<const char*>(std::memchr(part, '\n', kSize));
  *length = end == nullptr ? kSize - 1 : static_cast<size_t>(end - part);
  if (end == nullptr) return LinePart::kSome;
  if (end + 1 < part + kSize && end[1] == '\0') return LinePart::kEnd;
  --*length;
  return LinePart::kEndOfFile;
}

// False: an error was raised.
bool ReadLine(Isolate& vm, std::FILE* file, bool keep_end, Value* out) {
  Buffer line(vm);
  LinePart read;
  do {
    if (!vm.CheckPoll()) return false;
    char part[256];
    size_t n;
    {
      const BlockingScope blocking(vm);
      read = ReadPart(file, part, &n);
    }
    line.Append(part, n);
  } while (read == LinePart::kSome);
  if (line.failed()) return vm.RaiseMemoryError();
  *out = Value::Nil();
  if (read == LinePart::kEndOfFile && line.size() == 0) return true;
  if (read == LinePart::kEnd && keep_end) line.Append('\n');
  const String* s = vm.TryNewString(line.view());
  if (s == nullptr) return vm.RaiseMemoryError();
  *out = Value::Of(s);
  return true;
}

// Appends up to `limit` bytes. False: an error was raised.
bool ReadBytes(NativeFrame& f, std::FILE* file, size_t limit, Buffer* out) {
  size_t block = Buffer::kInlineSize;
  while (limit > 0) {
    const size_t wanted = std::min(limit, block);
    char* to = out->Reserve(wanted);
    if (out->failed()) return f.vm.RaiseMemoryError();
    if (!f.vm.CheckPoll()) return false;
    size_t n;
    {
      const BlockingScope blocking(f.vm);
      n = std::fread(to, 1, wanted, file);
    }
    out->Commit(n);
    limit -= n;
    if (n < wanted) return true;
    block = std::min(std::max(block, out->size() / 2), kMaxBlock);
  }
  return true;
}

// Reads up to `limit` bytes; nil instead of none if `nil_at_end`. False: an error was raised.
bool ReadBlock(NativeFrame& f, std::FILE* file, size_t limit, bool nil_at_end, Value* out) {
  Buffer bytes(f.vm);
  if (!ReadBytes(f, file, limit, &bytes)) return false;
  *out = Value::Nil();
  if (bytes.size() == 0 && nil_at_end) return true;
  const String* s = f.vm.TryNewString(bytes.view());
  if (s == nullptr) return f.vm.RaiseMemoryError();
  *out = Value::Of(s);
  return true;
}

// The empty string unless the file is at its end.
void TestEnd(Isolate& vm, std::FILE* file, Value* out) {
  int c;
  {
    const BlockingScope blocking(vm);
    c = std::getc(file);
  }
  if (c != EOF) std::ungetc(c, file);
  *out = c == EOF ? Value::Nil() : Value::Of(vm.NewString(""));
}

// Reads the longest text that could begin a numeral, one character ahead.
class NumeralReader {
 public:
  explicit NumeralReader(std::FILE* file) : file_(file), lock_(file) {}
  NumeralReader(const NumeralReader&) = delete;
  NumeralReader& operator=(const NumeralReader&) = delete;

  std::string_view Read() {
    do {
      c_ = getc_unlocked(file_);
    } while (c_ == ' ' || (c_ >= '\t' && c_ <= '\r'));
    bool hex = false;
    size_t digits = 0;
    Accept('-', '+');
    if (Accept('0', '0')) {
      if (Accept('x', 'X')) {
        hex = true;
      } else {
        digits = 1;
      }
    }
    digits += AcceptDigits(hex);
    if (Accept('.', '.')) digits += AcceptDigits(hex);
    if (digits > 0 && (hex ? Accept('p', 'P') : Accept('e', 'E'))) {
      Accept('-', '+');
      AcceptDigits(false);
    }
    std::ungetc(c_, file_);
    return too_long_ ? std::string_view() : std::string_view(text_, size_);
  }

 private:
  bool Next() {
    if (size_ >= kMaxNumeral) {
      too_long_ = true;
      return false;
    }
    text_[size_++] = static_cast<char>(c_);
    c_ = getc_unlocked(file_);
    return true;
  }
  bool Accept(char a, char b) { return (c_ == a || c_ == b) && Next(); }
  size_t AcceptDigits(bool hex) {
    size_t n = 0;
    while (((c_ >= '0' && c_ <= '9') ||
            (hex && ((c_ >= 'a' && c_ <= 'f') || (c_ >= 'A' && c_ <= 'F')))) &&
           Next())
      ++n;
    return n;
  }

  std::FILE* file_;
  const FileLock lock_;
  int c_ = EOF;
  size_t size_ = 0;
  bool too_long_ = false;
  char text_[kMaxNumeral];
};

void ReadNumber(Isolate& vm, std::FILE* file, Value* out) {
  const BlockingScope blocking(vm);
  const auto number = TextToNumber(NumeralReader(file).Read());
  *out = number ? *number : Value::Nil();
}

// Carries out the format in argument n. False: an error was raised.
bool ReadFormat(NativeFrame& f, std::FILE* file, uint32_t n, Value* out) {
  if (f[n].IsNumber()) {
    int64_t count;
    if (!f.CheckInteger(n, &count)) return false;
    if (count < 0) return f.Throw(Value::Of(f.vm.NewString("not enough memory"))), false;  // a size beyond all limits
    if (count != 0) return ReadBlock(f, file, static_cast<size_t>(count), true, out);
    TestEnd(f.vm, file, out);
    return true;
  }
  std::string_view format;
  if (!f.CheckString(n, &format)) return false;
  if (format.starts_with('*')) format.remove_prefix(1);  // as older versions wrote it
  switch (format.empty() ? '\0' : format[0]) {
    case 'n':
      ReadNumber(f.vm, file, out);
      return true;
    case 'l':
      return ReadLine(f.vm, file, false, out);
    case 'L':
      return ReadLine(f.vm, file, true, out);
    case 'a':
      return ReadBlock(f, file, SIZE_MAX, false, out);
    default:
      f.ArgError(n, "invalid format");
      return false;
  }
}

// The iterator of lines. Upvalues: the file, whether to close it at the end, then the formats.
NativeResult NextLine(NativeFrame& f) {
  NativeFunction* self = f.callee();
  FileHandle* handle = HandleOf(self->upvalues[0]);
  if (handle->is_closed()) return f.Error("file is already closed");
  // The formats become the arguments that follow the first, as they would be of file:read.
  const uint32_t formats = self->aux - 2;
  if (!f.CheckStack(formats + kMinNativeStack, "too many arguments")) return kRaised;
  f.vm.top = f.vm.base;
  f.Push(self->upvalues[0]);
  for (uint32_t i = 0; i < formats; ++i) f.Push(self->upvalues[2 + i]);
  f.count = 1 + formats;
  const NativeResult result = ReadFormats(f, handle->file, 2);
  if (result.raised()) return result;
  const Value* results = f.vm.top - result.count;
  if (result.count > 0 && results[0].IsTruthy()) return result;
  if (result.count > 1) {  // nil and a message: a real error
    const Value message = results[1];
    return f.Error(message.IsString() ? message.string()->view() : std::string_view());
  }
  if (self->upvalues[1].IsTruthy()) CloseQuietly(handle);
  return f.Return(Value::Nil());
}

}  // namespace

NativeResult ReadFormats(NativeFrame& f, std::FILE* file, uint32_t first) {
  std::clearerr(file);
  errno = 0;
  uint32_t pushed = 0;
  Value v = Value::Nil();
  if (f.count < first) {
    if (!ReadLine(f.vm, file, false, &v)) return kRaised;
    f.Push(v);
    pushed = 1;
  } else {
    if (!f.CheckStack(f.count - first + kMinNativeStack, "too many arguments")) return kRaised;
    for (uint32_t n = first; n <= f.count; ++n) {
      if (!ReadFormat(f, file, n, &v)) return kRaised;
      f.Push(v);
      ++pushed;
      if (v.IsNil()) break;  // after a failure nothing more is read
    }
  }
  if (std::ferror(file) != 0) return ReturnFileResult(f, false, nullptr);
  return f.ReturnPushed(pushed);
}

bool NewLineIterator(NativeFrame& f, const Value& file_value, uint32_t first, bool close,
                     Value* out) {
  const uint32_t formats = f.count < first ? 0 : f.count - first + 1;
  if (formats > kMaxFormats) {
    f.ArgError(kMaxFormats + 2, "too many arguments");
    return false;
  }
  std::vector<Value> upvalues = {file_value, Value::Boolean(close)};
  for (uint32_t i = 0; i < formats; ++i) upvalues.push_back(f[first + i]);
  *out = Value::Of(f.vm.NewNative("lines_iterator", NextLine, upvalues));
  return true;
}

NativeResult FileRead(NativeFrame& f) {
  std::FILE* file;
  if (!CheckOpenFile(f, &file)) return kRaised;
  return ReadFormats(f, file, 2);
}

NativeResult FileLines(NativeFrame& f) {
  std::FILE* file;
  Value iterator;
  if (!CheckOpenFile(f, &file) || !NewLineIterator(f, f[1], 2, false, &iterator)) return kRaised;
  return f.Return(iterator);
}

}  // namespace perilune::vm
