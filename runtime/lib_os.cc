// The operating system facilities (manual §6.9).

#include "runtime/lib_os.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/arithmetic.h"
#include "runtime/calls.h"
#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/number_text.h"

namespace perilune::vm {

NativeResult ReturnFileResult(NativeFrame& f, bool ok, const char* file_name) {
  const int error = errno;
  if (ok) return f.Return(Value::Boolean(true));
  std::string message;
  if (file_name != nullptr) message.append(file_name).append(": ");
  message += std::strerror(error);
  return f.Return(Value::Nil(), Value::Of(f.vm.NewString(message)), Value::Integer(error));
}

NativeResult ReturnExitStatus(NativeFrame& f, int status) {
  if (status == -1) return ReturnFileResult(f, false, nullptr);
  const char* how = "exit";
  if (WIFEXITED(status)) {
    status = WEXITSTATUS(status);
  } else if (WIFSIGNALED(status)) {
    status = WTERMSIG(status);
    how = "signal";
  }
  const bool ok = status == 0 && *how == 'e';
  return f.Return(ok ? Value::Boolean(true) : Value::Nil(), Value::Of(f.vm.NewString(how)),
                  Value::Integer(status));
}

namespace {

NativeResult Clock(NativeFrame& f) {
  return f.Return(
      Value::Float(static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC)));
}

NativeResult DiffTime(NativeFrame& f) {
  int64_t a, b;
  if (!f.CheckInteger(1, &a) || !f.CheckInteger(2, &b)) return kRaised;
  return f.Return(Value::Float(std::difftime(static_cast<time_t>(a), static_cast<time_t>(b))));
}

NativeResult Execute(NativeFrame& f) {
  if (f.IsNoneOrNil(1))
    return f.Return(Value::Boolean(std::system(nullptr) != 0));  // is there a shell?
  std::string_view command;
  if (!f.CheckString(1, &command)) return kRaised;
  errno = 0;
  int status;
  {
    const BlockingScope blocking(f.vm);
    status = std::system(command.data());
  }
  return ReturnExitStatus(f, status);
}

NativeResult Exit(NativeFrame& f) {
  int64_t status = EXIT_SUCCESS;
  if (f[1].IsBoolean()) {
    status = f[1].IsTruthy() ? EXIT_SUCCESS : EXIT_FAILURE;
  } else if (!f.OptInteger(1, EXIT_SUCCESS, &status)) {
    return kRaised;
  }
  if (f[2].IsTruthy()) CloseIsolate(&f.vm);
  // exit() flushes and closes what the C library has open. The isolate cannot be destroyed while it
  // runs this function.
  std::exit(static_cast<int>(status));
}

NativeResult GetEnv(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  const char* value = std::getenv(name.data());
  return value == nullptr ? f.Return(Value::Nil()) : f.Return(std::string_view(value));
}

NativeResult Remove(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  return ReturnFileResult(f, std::remove(name.data()) == 0, name.data());
}

NativeResult Rename(NativeFrame& f) {
  std::string_view from, to;
  if (!f.CheckString(1, &from) || !f.CheckString(2, &to)) return kRaised;
  return ReturnFileResult(f, std::rename(from.data(), to.data()) == 0, nullptr);
}

NativeResult TmpName(NativeFrame& f) {
  char name[] = "/tmp/lua_XXXXXX";
  const int file = mkstemp(name);
  if (file == -1) return f.Error("unable to generate a unique filename");
  close(file);
  return f.Return(std::string_view(name));
}

// Only the C locale: numbers, patterns and comparisons do not depend on the host's settings. It
// also goes by "" and "POSIX".
NativeResult SetLocale(NativeFrame& f) {
  static constexpr const char* kCategories[] = {"all",     "collate", "ctype", "monetary",
                                                "numeric", "time",    nullptr};
  std::string_view name;
  int category;
  if (!f.OptString(1, "C", &name) || !f.CheckOption(2, "all", kCategories, &category))
    return kRaised;
  if (!name.empty() && name != "C" && name != "POSIX") return f.Return(Value::Nil());
  return f.Return("C");
}

// ---- Time and date.

// Stores a broken-down time in the fields of a table, with metamethods. False: an error was raised.
bool SetAllFields(NativeFrame& f, Table* t, const std::tm& tm) {
  const auto set = [&](const char* key, const Value& value) {
    return f.vm.SetIndex(Value::Of(t), Value::Of(f.vm.NewString(key)), value);
  };
  const auto set_number = [&](const char* key, int64_t value) { return set(key, Value::Integer(value)); };
  return set_number("year", int64_t{tm.tm_year} + 1900) && set_number("month", int64_t{tm.tm_mon} + 1) && set_number("day", tm.tm_mday) &&
         set_number("hour", tm.tm_hour) && set_number("min", tm.tm_min) && set_number("sec", tm.tm_sec) &&
         set_number("yday", int64_t{tm.tm_yday} + 1) && set_number("wday", int64_t{tm.tm_wday} + 1) &&
         (tm.tm_isdst < 0 || set("isdst", Value::Boolean(tm.tm_isdst != 0)));
}

// Reads the integer field `key`, less `offset`, of argument 1. A fallback below 0 means that the
// field must be there.
bool GetDateField(NativeFrame& f, const char* key, int fallback, int64_t offset, int* out) {
  Value v;
  if (!f.vm.Index(f[1], Value::Of(f.vm.NewString(key)), &v)) return false;
  if (v.IsString()) {
    if (const auto number = TextToNumber(v.string()->view())) v = *number;
  }
  int64_t n;
  if (!NumberToInteger(v, &n)) {
    if (!v.IsNil()) return f.Error("field '" + std::string(key) + "' is not an integer"), false;
    if (fallback < 0)
      return f.Error("field '" + std::string(key) + "' missing in date table"), false;
    *out = fallback;
    return true;
  }
  constexpr int64_t kMin = std::numeric_limits<int>::min(), kMax = std::numeric_limits<int>::max();
  if (n >= 0 ? n - offset > kMax : n < kMin + offset)
    return f.Error("field '" + std::string(key) + "' is out-of-bound"), false;
  *out = static_cast<int>(n - offset);
  return true;
}

NativeResult Time(NativeFrame& f) {
  if (f.IsNoneOrNil(1)) return f.Return(Value::Integer(std::time(nullptr)));
  Table* t;
  if (!f.CheckTable(1, &t)) return kRaised;
  std::tm tm{};
  if (!GetDateField(f, "year", -1, 1900, &tm.tm_year) ||
      !GetDateField(f, "month", -1, 1, &tm.tm_mon) || !GetDateField(f, "day", -1, 0, &tm.tm_mday) ||
      !GetDateField(f, "hour", 12, 0, &tm.tm_hour) || !GetDateField(f, "min", 0, 0, &tm.tm_min) ||
      !GetDateField(f, "sec", 0, 0, &tm.tm_sec)) {
    return kRaised;
  }
  Value dst;
  if (!f.vm.Index(f[1], Value::Of(f.vm.NewString("isdst")), &dst)) return kRaised;
  tm.tm_isdst = dst.IsNil() ? -1 : dst.IsTruthy() ? 1 : 0;
  const time_t seconds = std::mktime(&tm);
  if (!SetAllFields(f, t, tm)) return kRaised;  // mktime has normalised them
  if (seconds == static_cast<time_t>(-1))
    return f.Error("time result cannot be represented in this installation");
  return f.Return(Value::Integer(seconds));
}

// The length of the conversion at the start of `rest` (behind its '%'), or 0 if C99 knows none.
size_t ConversionLength(std::string_view rest) {
  constexpr std::string_view kPlain = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
  constexpr std::string_view kAfterE = "cCxXyY";
  constexpr std::string_view kAfterO = "deHImMSuUVwWy";
  if (rest.empty()) return 0;
  if (kPlain.find(rest[0]) != std::string_view::npos) return 1;
  if (rest.size() < 2) return 0;
  if (rest[0] == 'E' && kAfterE.find(rest[1]) != std::string_view::npos) return 2;
  if (rest[0] == 'O' && kAfterO.find(rest[1]) != std::string_view::npos) return 2;
  return 0;
}

NativeResult Date(NativeFrame& f) {
  constexpr size_t kMaxConversion = 250;
  std::string_view format;
  int64_t time = 0;
  if (!f.OptString(1, "%c", &format)) return kRaised;
  if (!f.OptInteger(2, std::time(nullptr), &time)) return kRaised;
  const time_t seconds = static_cast<time_t>(time);
  std::tm storage{};
  const bool utc = format.starts_with('!');
  if (utc) format.remove_prefix(1);
  const std::tm* tm = utc ? gmtime_r(&seconds, &storage) : localtime_r(&seconds, &storage);
  if (tm == nullptr) return f.Error("date result cannot be represented in this installation");
  if (format.substr(0, format.find('\0')) == "*t") {
    Table* t = f.vm.NewTable();
    if (!SetAllFields(f, t, *tm)) return kRaised;
    return f.Return(Value::Of(t));
  }
  Buffer out(f.vm);
  while (!format.empty()) {
    if (format[0] != '%') {
      out.Append(format[0]);
      format.remove_prefix(1);
      continue;
    }
    format.remove_prefix(1);
    const size_t length = ConversionLength(format);
    if (length == 0) {
      return f.ArgError(1, "invalid conversion specifier '%" +
                               std::string(format.substr(0, format.find('\0'))) + "'");
    }
    char conversion[4] = {'%', format[0], length == 2 ? format[1] : '\0', '\0'};
    out.Commit(std::strftime(out.Reserve(kMaxConversion), kMaxConversion, conversion, tm));
    format.remove_prefix(length);
  }
  return out.ReturnFrom(f);
}

constexpr NativeEntry kFunctions[] = {
    {"clock", Clock},         {"date", Date},     {"difftime", DiffTime}, {"execute", Execute},
    {"exit", Exit},           {"getenv", GetEnv}, {"remove", Remove},     {"rename", Rename},
    {"setlocale", SetLocale}, {"time", Time},     {"tmpname", TmpName},   {nullptr, nullptr},
};

}  // namespace

void OpenOs(Isolate& vm) { NewLibrary(vm, "os", kFunctions); }

}  // namespace perilune::vm
