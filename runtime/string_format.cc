// A conversion specification is read into a Spec (flags, width, precision). Common ones are carried
// out here; what is left goes to the C library's printf with the specification's own text, which
// therefore defines all the rest.

#include "runtime/string_format.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "lang/number.h"
#include "runtime/number_text.h"

namespace perilune::vm {
namespace {

// Longest result of a conversion, apart from strings: '%.99f' of the largest float has 99 + 309
// digits.
constexpr size_t kMaxItem = 440;
static_assert(kMaxItem <= SmallBuffer::kReserve);
// A specification's text, from the '%' to the conversion, must be shorter than this.
constexpr size_t kMaxSpec = 22;

constexpr std::string_view kFlagsFloat = "-+#0 ";
constexpr std::string_view kFlagsHex = "-#0";
constexpr std::string_view kFlagsInteger = "-+0 ";
constexpr std::string_view kFlagsUnsigned = "-0";
constexpr std::string_view kFlagsText = "-";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Spec {
  char text[kMaxSpec + 4];  // "%...c", with room for a length modifier
  size_t size;
  bool left = false;  // the flag '-'
  bool zero = false;  // the flag '0'
  bool other_flags = false;
  int width = 0;
  int precision = -1;

  char conversion() const { return text[size - 1]; }
  bool plain() const { return size == 2; }
  // Puts `modifier` before the conversion character.
  const char* WithModifier(const char* modifier) {
    const char c = conversion();
    const size_t n = std::strlen(modifier);
    std::memcpy(text + size - 1, modifier, n);
    text[size - 1 + n] = c;
    text[size + n] = '\0';
    return text;
  }
};

// '%.Nf' of a number whose rounded decimals fit a double's mantissa well; else null. The product with a power of ten is off by less than
// 2^-kCertainBits, so what is farther from a half is rounded rightly.
char* FormatFixed(double d, int precision, char* at) {
  constexpr double kPowers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
  constexpr int kCertainBits = 12;
  if (precision >= static_cast<int>(std::size(kPowers))) return nullptr;
  const double scaled = std::fabs(d) * kPowers[precision];
  if (!(scaled < 0x1p40)) return nullptr;  // whose mantissa has 52 bits
  auto whole = static_cast<uint64_t>(scaled);
  const double rest = scaled - static_cast<double>(whole);
  if (std::fabs(rest - 0.5) < 2.0 / (1 << kCertainBits)) return nullptr;
  if (rest > 0.5) ++whole;
  const auto power = static_cast<uint64_t>(kPowers[precision]);
  if (std::signbit(d)) *at++ = '-';
  at = lang::FormatInteger(static_cast<int64_t>(whole / power), at);
  if (precision == 0) return at;
  *at++ = '.';
  uint64_t decimals = whole % power;
  for (int i = precision; i-- > 0; decimals /= 10) at[i] = static_cast<char>('0' + decimals % 10);
  return at + precision;
}

// '%.Ng' of a number with few digits; else null.
char* FormatGeneral(double d, int precision, char* at) {
  constexpr int kShortDigits = 13;  // of a short decimal, at most
  constexpr int kMaxDigits = std::numeric_limits<double>::digits10;  // more would show that it is only near to the decimal
  char* end = precision >= kShortDigits && precision <= kMaxDigits ? lang::FormatShortDecimal(d, at) : nullptr;
  if (end != nullptr && end[-1] == '0') end -= 2;  // the only decimal
  return end;
}

// The arguments of a fast native (object.h). What would raise an error, or needs more than the memory of a string, only answers false.
struct FastFrame {
  Isolate& vm;
  const Value* args;
  uint64_t count;

  Value operator[](uint32_t n) const { return args[n - 1]; }
  bool CheckInteger(uint32_t n, int64_t* out) const {
    *out = args[n - 1].integer;
    return args[n - 1].IsInteger();
  }
  bool CheckNumber(uint32_t n, double* out) const {
    if (!args[n - 1].IsNumber()) return false;
    *out = args[n - 1].AsDouble();
    return true;
  }
  bool CheckString(uint32_t n, std::string_view* out) const {
    if (n > count || !args[n - 1].IsString()) return false;
    *out = args[n - 1].string()->view();
    return true;
  }
  bool ArgError(uint32_t, std::string_view) const { return false; }
  bool Error(std::string_view) const { return false; }
};

bool HasToString(Isolate& vm, const Value& v) { return !vm.Metamethod(v, Event::kToString).IsNil(); }

bool DisplayString(NativeFrame& f, const Value& v, String** out) { return f.vm.ToDisplayString(v, out); }
bool DisplayString(FastFrame& f, const Value& v, String** out) {
  if (!v.IsString() || HasToString(f.vm, v)) return false;
  *out = v.string();
  return true;
}

// Frame and Out: NativeFrame and Buffer, or FastFrame and SmallBuffer.
template <typename Frame, typename Out>
class Formatter {
 public:
  Formatter(Frame& f, Out* out) : f_(f), out_(*out) {}
  bool Run();

 private:
  bool ReadSpec(const char** p, const char* end, Spec* spec);
  bool Validate(Spec* spec, std::string_view flags, bool precision);
  bool Convert(Spec* spec, uint32_t arg);
  bool AddInteger(Spec* spec, uint32_t arg, std::string_view flags);
  bool AddFloat(Spec* spec, uint32_t arg);
  bool AddText(Spec* spec, uint32_t arg);
  bool AddPointer(Spec* spec, uint32_t arg);
  bool AddLiteral(uint32_t arg);
  void AddQuoted(std::string_view s);
  void AddPadded(std::string_view body, const Spec& spec);
  template <typename T>
  void Print(const char* format, T value) {
    char* to = out_.Reserve(kMaxItem);
    out_.Commit(static_cast<size_t>(std::snprintf(to, kMaxItem, format, value)));
  }
  bool Error(std::string_view message) {
    f_.Error(message);
    return false;
  }

  Frame& f_;
  Out& out_;
};

// Reads up to the conversion character; *p is then behind it.
template <typename Frame, typename Out>
bool Formatter<Frame, Out>::ReadSpec(const char** p, const char* end, Spec* spec) {
  const char* q = *p;
  while (q < end && *q != '\0' && std::strchr("-+#0 123456789.", *q) != nullptr) ++q;
  const size_t length = static_cast<size_t>(q - *p) + 1;
  if (length >= kMaxSpec) return Error("invalid format (too long)");
  spec->text[0] = '%';
  std::memcpy(spec->text + 1, *p, length);  // a format that ends here has its NUL as conversion
  spec->size = length + 1;
  spec->text[spec->size] = '\0';
  *p = q + 1;
  return true;
}

// Checks the text against what the conversion allows, and takes it apart.
template <typename Frame, typename Out>
bool Formatter<Frame, Out>::Validate(Spec* spec, std::string_view flags, bool precision) {
  if (spec->plain()) return true;
  const char* p = spec->text + 1;
  for (; *p != '\0' && flags.find(*p) != std::string_view::npos; ++p) {
    if (*p == '-') {
      spec->left = true;
    } else if (*p == '0') {
      spec->zero = true;
    } else {
      spec->other_flags = true;
    }
  }
  const auto two_digits = [&p] {
    int n = 0;
    for (int i = 0; i < 2 && IsDigit(*p); ++i) n = n * 10 + (*p++ - '0');
    return n;
  };
  if (*p != '0') {
    spec->width = two_digits();
    if (*p == '.' && precision) {
      ++p;
      spec->precision = two_digits();
    }
  }
  if (p == spec->text + spec->size - 1) return true;
  return Error("invalid conversion specification: '" + std::string(spec->text) + "'");
}

template <typename Frame, typename Out>
void Formatter<Frame, Out>::AddPadded(std::string_view body, const Spec& spec) {
  const size_t width = static_cast<size_t>(spec.width);
  const size_t padding = width > body.size() ? width - body.size() : 0;
  if (!spec.left) out_.AppendFill(' ', padding);
  out_.Append(body);
  if (spec.left) out_.AppendFill(' ', padding);
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::AddInteger(Spec* spec, uint32_t arg, std::string_view flags) {
  int64_t n;
  if (!f_.CheckInteger(arg, &n) || !Validate(spec, flags, true)) return false;
  const char conversion = spec->conversion();
  if (spec->other_flags || spec->precision >= 0 || (spec->left && spec->zero) ||
      conversion == 'o') {
    Print(spec->WithModifier("ll"), static_cast<long long>(n));
    return true;
  }
  const bool is_signed = conversion == 'd' || conversion == 'i';
  char digits[lang::kNumberBufferSize];
  char* const end = is_signed ? lang::FormatInteger(n, digits)
                              : std::to_chars(digits, digits + sizeof(digits),
                                              static_cast<uint64_t>(n), conversion == 'u' ? 10 : 16)
                                    .ptr;
  if (conversion == 'X') {
    for (char* p = digits; p != end; ++p) *p = static_cast<char>(*p >= 'a' ? *p - 'a' + 'A' : *p);
  }
  std::string_view body(digits, static_cast<size_t>(end - digits));
  if (!spec->zero) {
    AddPadded(body, *spec);
    return true;
  }
  const size_t width = static_cast<size_t>(spec->width);
  const size_t zeros = width > body.size() ? width - body.size() : 0;
  if (body[0] == '-') {
    out_.Append('-');
    body.remove_prefix(1);
  }
  out_.AppendFill('0', zeros);
  out_.Append(body);
  return true;
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::AddFloat(Spec* spec, uint32_t arg) {
  double d;
  if (!f_.CheckNumber(arg, &d) || !Validate(spec, kFlagsFloat, true)) return false;
  const char conversion = spec->conversion();
  if (!spec->zero && !spec->other_flags && std::isfinite(d) &&
      (conversion == 'f' || conversion == 'g')) {
    char digits[kMaxItem];
    const int precision = spec->precision < 0 ? 6 : spec->precision;
    if (char* end = conversion == 'f' ? FormatFixed(d, precision, digits) : FormatGeneral(d, precision, digits)) {
      AddPadded({digits, static_cast<size_t>(end - digits)}, *spec);
      return true;
    }
    const auto form = conversion == 'f' ? std::chars_format::fixed : std::chars_format::general;
    const std::to_chars_result r =
        std::to_chars(digits, digits + sizeof(digits), d, form, precision);
    AddPadded({digits, static_cast<size_t>(r.ptr - digits)}, *spec);
    return true;
  }
  Print(spec->text, d);
  return true;
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::AddText(Spec* spec, uint32_t arg) {
  const Value v = f_[arg];
  std::string_view text;
  char number[lang::kNumberBufferSize];
  if (v.IsNumber() && !HasToString(f_.vm, v)) {
    text = NumberText(v, number);
  } else {
    String* s;
    if (!DisplayString(f_, v, &s)) return false;
    text = s->view();
  }
  if (spec->plain()) {
    out_.Append(text);
    return true;
  }
  if (std::memchr(text.data(), '\0', text.size()) != nullptr) {
    f_.ArgError(arg, "string contains zeros");
    return false;
  }
  if (!Validate(spec, kFlagsText, true)) return false;
  if (spec->precision >= 0) text = text.substr(0, static_cast<size_t>(spec->precision));
  AddPadded(text, *spec);
  return true;
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::AddPointer(Spec* spec, uint32_t arg) {
  if (!Validate(spec, kFlagsText, false)) return false;
  const Value v = f_[arg];
  char text[24] = "(null)";
  if ((v.IsCollectable() || v.tag == Tag::kLightUserdata) && v.pointer != nullptr)
    std::snprintf(text, sizeof(text), "%p", v.pointer);
  AddPadded(text, *spec);
  return true;
}

template <typename Frame, typename Out>
void Formatter<Frame, Out>::AddQuoted(std::string_view s) {
  out_.Append('"');
  for (size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (c == '"' || c == '\\' || c == '\n') {
      out_.Append('\\');
      out_.Append(c);
    } else if (static_cast<uint8_t>(c) < ' ' || c == 127) {
      // Three digits when the next character would be taken for one of them.
      const bool pad = i + 1 < s.size() && IsDigit(s[i + 1]);
      Print(pad ? "\\%03d" : "\\%d", static_cast<int>(static_cast<uint8_t>(c)));
    } else {
      out_.Append(c);
    }
  }
  out_.Append('"');
}

// '%q': text that the Lua parser reads back as the same value.
template <typename Frame, typename Out>
bool Formatter<Frame, Out>::AddLiteral(uint32_t arg) {
  const Value v = f_[arg];
  switch (v.tag) {
    case Tag::kString:
      AddQuoted(v.string()->view());
      return true;
    case Tag::kInteger:
      if (v.integer == std::numeric_limits<int64_t>::min()) {
        out_.Append("0x8000000000000000");  // its decimal form would be read as a float
      } else {
        Print("%lld", static_cast<long long>(v.integer));
      }
      return true;
    case Tag::kFloat:
      if (std::isnan(v.number)) {
        out_.Append("(0/0)");
      } else if (std::isinf(v.number)) {
        out_.Append(v.number > 0 ? "1e9999" : "-1e9999");
      } else {
        Print("%a", v.number);  // hexadecimal keeps all bits
      }
      return true;
    case Tag::kNil:
      out_.Append("nil");
      return true;
    case Tag::kFalse:
    case Tag::kTrue:
      out_.Append(v.tag == Tag::kTrue ? "true" : "false");
      return true;
    default:
      f_.ArgError(arg, "value has no literal form");
      return false;
  }
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::Convert(Spec* spec, uint32_t arg) {
  switch (spec->conversion()) {
    case 'd':
    case 'i':
      return AddInteger(spec, arg, kFlagsInteger);
    case 'u':
      return AddInteger(spec, arg, kFlagsUnsigned);
    case 'o':
    case 'x':
    case 'X':
      return AddInteger(spec, arg, kFlagsHex);
    case 'c': {
      if (!Validate(spec, kFlagsText, false)) return false;
      int64_t code;
      if (!f_.CheckInteger(arg, &code)) return false;
      const char c = static_cast<char>(code);
      AddPadded({&c, 1}, *spec);
      return true;
    }
    case 'a':
    case 'A': {
      if (!Validate(spec, kFlagsFloat, true)) return false;
      double d;
      if (!f_.CheckNumber(arg, &d)) return false;
      Print(spec->text, d);
      return true;
    }
    case 'f':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      return AddFloat(spec, arg);
    case 's':
      return AddText(spec, arg);
    case 'p':
      return AddPointer(spec, arg);
    case 'q':
      if (!spec->plain()) return Error("specifier '%q' cannot have modifiers");
      return AddLiteral(arg);
    default:
      return Error("invalid conversion '" + std::string(spec->text) + "' to 'format'");
  }
}

template <typename Frame, typename Out>
bool Formatter<Frame, Out>::Run() {
  std::string_view format;
  if (!f_.CheckString(1, &format)) return false;
  const char* p = format.data();
  const char* const end = p + format.size();
  uint32_t arg = 1;
  while (p < end) {
    const void* percent = std::memchr(p, '%', static_cast<size_t>(end - p));
    if (percent == nullptr) break;
    const char* q = static_cast<const char*>(percent);
    out_.Append(p, static_cast<size_t>(q - p));
    p = q + 1;
    if (*p == '%') {
      out_.Append('%');
      ++p;
      continue;
    }
    if (++arg > f_.count) {
      f_.ArgError(arg, "no value");
      return false;
    }
    Spec spec;
    if (!ReadSpec(&p, end, &spec) || !Convert(&spec, arg)) return false;
  }
  if (p < end) out_.Append(p, static_cast<size_t>(end - p));
  return true;
}

}  // namespace

bool FormatString(NativeFrame& f, Buffer* out) { return Formatter(f, out).Run(); }

int32_t FastFormat(Isolate* vm, Value* args, uint64_t count) {
  FastFrame f{*vm, args, count};
  SmallBuffer out;
  if (!Formatter(f, &out).Run() || out.failed()) return kDeclined;
  return FastReturn(vm, args, out.view());
}

}  // namespace perilune::vm
