// string.pack, packsize and unpack (manual §6.4.2).

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/lib_string.h"

namespace perilune::vm {
namespace {

// Largest integer, in bytes.
constexpr int kMaxIntegerSize = 16;
constexpr int kIntegerSize = 8;
constexpr int kMaxAlignment = 8;
constexpr bool kHostIsLittle = std::endian::native == std::endian::little;

enum class Option : uint8_t {
  kSigned,
  kUnsigned,
  kFloat,
  kDouble,
  kChars,       // fixed size
  kString,      // after its length
  kZeroString,  // before a zero
  kPadding,
  kPaddingAlign,
  kNone,  // a setting, or a space
};

// One option of a format, and what it takes in the data.
struct Item {
  Option option;
  int size;     // without strings' contents
  int padding;  // before it, for alignment
};

// Reads a format option by option.
class FormatReader {
 public:
  FormatReader(NativeFrame& f, std::string_view format)
      : f_(f), p_(format.data()), end_(p_ + format.size()) {}

  bool done() const { return p_ >= end_ || *p_ == '\0'; }
  bool little() const { return little_; }
  // The next option, when `total` bytes come before it. False: an error was raised.
  bool Next(uint64_t total, Item* item);

 private:
  bool ReadOption(Option* option, int* size);
  int ReadNumber(int fallback);
  bool ReadSize(int fallback, int* size);
  bool Integer(bool is_signed, int n, Option* option, int* size) {
    *option = is_signed ? Option::kSigned : Option::kUnsigned;
    *size = n;
    return true;
  }
  bool ArgError(std::string_view message) {
    f_.ArgError(1, message);
    return false;
  }

  NativeFrame& f_;
  const char* p_;
  const char* end_;
  bool little_ = kHostIsLittle;
  int max_alignment_ = 1;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A decimal number that fits an int; digits that would make it larger are left.
int FormatReader::ReadNumber(int fallback) {
  if (!IsDigit(*p_)) return fallback;
  constexpr int kLimit = (std::numeric_limits<int>::max() - 9) / 10;
  int n = 0;
  do {
    n = n * 10 + (*p_++ - '0');
  } while (IsDigit(*p_) && n <= kLimit);
  return n;
}

bool FormatReader::ReadSize(int fallback, int* size) {
  *size = ReadNumber(fallback);
  if (*size >= 1 && *size <= kMaxIntegerSize) return true;
  f_.Error("integral size (" + std::to_string(*size) + ") out of limits [1," +
           std::to_string(kMaxIntegerSize) + "]");
  return false;
}

bool FormatReader::ReadOption(Option* option, int* size) {
  const char c = *p_++;
  *size = 0;
  *option = Option::kNone;
  switch (c) {
    case 'b':
      return Integer(true, sizeof(char), option, size);
    case 'B':
      return Integer(false, sizeof(char), option, size);
    case 'h':
      return Integer(true, sizeof(short), option, size);
    case 'H':
      return Integer(false, sizeof(short), option, size);
    case 'l':
      return Integer(true, sizeof(long), option, size);
    case 'L':
      return Integer(false, sizeof(long), option, size);
    case 'j':
      return Integer(true, kIntegerSize, option, size);
    case 'J':
      return Integer(false, kIntegerSize, option, size);
    case 'T':
      return Integer(false, sizeof(size_t), option, size);
    case 'i':
    case 'I':
      *option = c == 'i' ? Option::kSigned : Option::kUnsigned;
      return ReadSize(sizeof(int), size);
    case 's':
      *option = Option::kString;
      return ReadSize(sizeof(size_t), size);
    case 'f':
      *option = Option::kFloat;
      *size = sizeof(float);
      return true;
    case 'd':
    case 'n':
      *option = Option::kDouble;
      *size = sizeof(double);
      return true;
    case 'c':
      *option = Option::kChars;
      *size = ReadNumber(-1);
      if (*size >= 0) return true;
      f_.Error("missing size for format option 'c'");
      return false;
    case 'z':
      *option = Option::kZeroString;
      return true;
    case 'x':
      *option = Option::kPadding;
      *size = 1;
      return true;
    case 'X':
      *option = Option::kPaddingAlign;
      return true;
    case ' ':
      return true;
    case '<':
      little_ = true;
      return true;
    case '>':
      little_ = false;
      return true;
    case '=':
      little_ = kHostIsLittle;
      return true;
    case '!':
      return ReadSize(kMaxAlignment, &max_alignment_);
    default:
      f_.Error("invalid format option '" + std::string(1, c) + "'");
      return false;
  }
}

bool FormatReader::Next(uint64_t total, Item* item) {
  if (!ReadOption(&item->option, &item->size)) return false;
  int alignment = item->size;
  if (item->option == Option::kPaddingAlign) {
    // Aligns as the option after it would be, which it consumes.
    Option next = Option::kNone;
    if (done()) return ArgError("invalid next option for option 'X'");
    if (!ReadOption(&next, &alignment)) return false;
    if (next == Option::kChars || alignment == 0)
      return ArgError("invalid next option for option 'X'");
  }
  item->padding = 0;
  if (alignment <= 1 || item->option == Option::kChars) return true;
  if (alignment > max_alignment_) alignment = max_alignment_;
  if ((alignment & (alignment - 1)) != 0)
    return ArgError("format asks for alignment not power of 2");
  const uint64_t mask = static_cast<uint64_t>(alignment) - 1;
  item->padding = static_cast<int>((static_cast<uint64_t>(alignment) - (total & mask)) & mask);
  return true;
}

// ---- Bytes.

void PackInteger(Buffer* out, uint64_t n, bool little, int size, bool negative) {
  char bytes[kMaxIntegerSize];
  for (int i = 0; i < size; ++i) {
    const char byte =
        i < kIntegerSize ? static_cast<char>(n >> (8 * i)) : static_cast<char>(negative ? -1 : 0);
    bytes[little ? i : size - 1 - i] = byte;
  }
  out->Append(bytes, static_cast<size_t>(size));
}

// Reads an integer. False: an error was raised.
bool UnpackInteger(NativeFrame& f, const char* data, bool little, int size, bool is_signed,
                   int64_t* out) {
  const auto byte_at = [=](int i) { return static_cast<uint8_t>(data[little ? i : size - 1 - i]); };
  uint64_t n = 0;
  for (int i = (size < kIntegerSize ? size : kIntegerSize) - 1; i >= 0; --i)
    n = n << 8 | byte_at(i);
  if (size < kIntegerSize) {
    if (is_signed) {
      const uint64_t sign = uint64_t{1} << (size * 8 - 1);
      n = (n ^ sign) - sign;
    }
  } else {
    const uint8_t extension = is_signed && static_cast<int64_t>(n) < 0 ? 0xff : 0;
    for (int i = kIntegerSize; i < size; ++i) {
      if (byte_at(i) == extension) continue;
      f.Error(std::to_string(size) + "-byte integer does not fit into Lua Integer");
      return false;
    }
  }
  *out = static_cast<int64_t>(n);
  return true;
}

template <typename T>
void PackFloat(Buffer* out, double d, bool little) {
  const T value = static_cast<T>(d);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  for (size_t i = 0; i < sizeof(T); ++i)
    out->Append(bytes[little == kHostIsLittle ? i : sizeof(T) - 1 - i]);
}

template <typename T>
Value UnpackFloat(const char* data, bool little) {
  char bytes[sizeof(T)];
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[i] = data[little == kHostIsLittle ? i : sizeof(T) - 1 - i];
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return Value::Float(static_cast<double>(value));
}

// Packs argument n. *total counts the bytes of string contents, too. False: an error was raised.
bool PackArgument(NativeFrame& f, uint32_t n, const Item& item, bool little, Buffer* out,
                  uint64_t* total) {
  const auto arg_error = [&](std::string_view message) {
    f.ArgError(n, message);
    return false;
  };
  const int bits = item.size * 8;
  std::string_view s;
  int64_t i;
  double d;
  switch (item.option) {
    case Option::kSigned:
      if (!f.CheckInteger(n, &i)) return false;
      if (item.size < kIntegerSize &&
          (i < -(int64_t{1} << (bits - 1)) || i >= int64_t{1} << (bits - 1))) {
        return arg_error("integer overflow");
      }
      PackInteger(out, static_cast<uint64_t>(i), little, item.size, i < 0);
      return true;
    case Option::kUnsigned:
      if (!f.CheckInteger(n, &i)) return false;
      if (item.size < kIntegerSize && static_cast<uint64_t>(i) >= uint64_t{1} << bits)
        return arg_error("unsigned overflow");
      PackInteger(out, static_cast<uint64_t>(i), little, item.size, false);
      return true;
    case Option::kFloat:
      if (!f.CheckNumber(n, &d)) return false;
      PackFloat<float>(out, d, little);
      return true;
    case Option::kDouble:
      if (!f.CheckNumber(n, &d)) return false;
      PackFloat<double>(out, d, little);
      return true;
    case Option::kChars:
      if (!f.CheckString(n, &s)) return false;
      if (s.size() > static_cast<size_t>(item.size))
        return arg_error("string longer than given size");
      out->Append(s);
      out->AppendFill('\0', static_cast<size_t>(item.size) - s.size());
      return true;
    case Option::kString:
      if (!f.CheckString(n, &s)) return false;
      if (item.size < kIntegerSize && s.size() >= uint64_t{1} << bits) {
        return arg_error("string length does not fit in given size");
      }
      PackInteger(out, s.size(), little, item.size, false);
      out->Append(s);
      *total += s.size();
      return true;
    case Option::kZeroString:
      if (!f.CheckString(n, &s)) return false;
      if (s.find('\0') != std::string_view::npos) return arg_error("string contains zeros");
      out->Append(s);
      out->Append('\0');
      *total += s.size() + 1;
      return true;
    default:
      return true;
  }
}

bool TakesArgument(Option option) { return option < Option::kPadding; }

}  // namespace

NativeResult StringPack(NativeFrame& f) {
  std::string_view format;
  if (!f.CheckString(1, &format)) return kRaised;
  // One missing argument is nil, as in the reference's messages.
  f.Push(Value::Nil());
  ++f.count;
  FormatReader reader(f, format);
  Buffer out(f.vm);
  uint64_t total = 0;
  uint32_t arg = 1;
  while (!reader.done()) {
    Item item;
    if (!reader.Next(total, &item)) return kRaised;
    total += static_cast<uint64_t>(item.padding) + static_cast<uint64_t>(item.size);
    out.AppendFill('\0', static_cast<size_t>(item.padding));
    if (item.option == Option::kPadding) out.Append('\0');
    if (TakesArgument(item.option) && !PackArgument(f, ++arg, item, reader.little(), &out, &total))
      return kRaised;
  }
  return out.ReturnFrom(f);
}

NativeResult StringPackSize(NativeFrame& f) {
  std::string_view format;
  if (!f.CheckString(1, &format)) return kRaised;
  FormatReader reader(f, format);
  uint64_t total = 0;
  while (!reader.done()) {
    Item item;
    if (!reader.Next(total, &item)) return kRaised;
    if (item.option == Option::kString || item.option == Option::kZeroString)
      return f.ArgError(1, "variable-length format");
    const uint64_t size = static_cast<uint64_t>(item.size) + static_cast<uint64_t>(item.padding);
    if (total > kMaxResult - size) return f.ArgError(1, "format result too large");
    total += size;
  }
  return f.Return(Value::Integer(static_cast<int64_t>(total)));
}

NativeResult StringUnpack(NativeFrame& f) {
  std::string_view format, data;
  int64_t start;
  if (!f.CheckString(1, &format) || !f.CheckString(2, &data) || !f.OptInteger(3, 1, &start))
    return kRaised;
  uint64_t position = StartPosition(start, data.size()) - 1;
  if (position > data.size()) return f.ArgError(3, "initial position out of string");
  FormatReader reader(f, format);
  uint32_t results = 0;
  while (!reader.done()) {
    Item item;
    if (!reader.Next(position, &item)) return kRaised;
    const uint64_t size = static_cast<uint64_t>(item.size);
    if (static_cast<uint64_t>(item.padding) + size > data.size() - position)
      return f.ArgError(2, "data string too short");
    position += static_cast<uint64_t>(item.padding);
    if (!f.CheckStack(kMinNativeStack, "too many results")) return kRaised;
    const char* from = data.data() + position;
    int64_t n;
    switch (item.option) {
      case Option::kSigned:
      case Option::kUnsigned:
        if (!UnpackInteger(f, from, reader.little(), item.size, item.option == Option::kSigned, &n))
          return kRaised;
        f.Push(Value::Integer(n));
        break;
      case Option::kFloat:
        f.Push(UnpackFloat<float>(from, reader.little()));
        break;
      case Option::kDouble:
        f.Push(UnpackFloat<double>(from, reader.little()));
        break;
      case Option::kChars:
        f.Push(Value::Of(f.vm.NewString({from, size})));
        break;
      case Option::kString: {
        if (!UnpackInteger(f, from, reader.little(), item.size, false, &n)) return kRaised;
        const uint64_t length = static_cast<uint64_t>(n);
        if (length > data.size() - position - size) return f.ArgError(2, "data string too short");
        f.Push(Value::Of(f.vm.NewString({from + size, length})));
        position += length;
        break;
      }
      case Option::kZeroString: {
        const size_t end = data.find('\0', position);
        if (end == std::string_view::npos) return f.ArgError(2, "unfinished string for format 'z'");
        f.Push(Value::Of(f.vm.NewString(data.substr(position, end - position))));
        position = end + 1;
        break;
      }
      default:
        break;
    }
    if (TakesArgument(item.option)) ++results;
    position += size;
  }
  f.Push(Value::Integer(static_cast<int64_t>(position) + 1));
  return f.ReturnPushed(results + 1);
}

}  // namespace perilune::vm
