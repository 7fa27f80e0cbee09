// gsub and split.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lib_common.h"
#include "runtime/lib_re.h"
#include "runtime/lib_string.h"

namespace perilune::vm {
namespace {

// ---- Replacement strings: %0 to %9, %{name}, %{number}, %%.

struct Piece {
  std::string_view text;  // goes first
  size_t group;           // kNoGroup: only the text
};
constexpr size_t kNoGroup = SIZE_MAX;

// The group that a reference names; false: an error was raised. As in string.gsub, %1 is the whole match if there are no groups.
bool FindGroup(NativeFrame& f, const Regex& regex, std::string_view name, size_t* group) {
  const bool is_number = !name.empty() && name.size() < 7 && name.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_number) {
    *group = 0;
    for (const char c : name) *group = *group * 10 + static_cast<size_t>(c - '0');
    if (*group == 1 && regex.group_count() == 0) *group = 0;
    if (*group <= regex.group_count()) return true;
    return f.Error("invalid capture index %" + std::string(name) + " in replacement string"), false;
  }
  const auto& names = regex.group_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (name.empty() || found == names.end()) {
    return f.Error("no group named '" + std::string(name) + "' in the pattern"), false;
  }
  *group = static_cast<size_t>(found - names.begin()) + 1;
  return true;
}

bool ParseReplacement(NativeFrame& f, const Regex& regex, std::string_view text, std::vector<Piece>* out) {
  for (;;) {
    const size_t percent = text.find('%');
    if (percent == std::string_view::npos) break;
    const std::string_view rest = text.substr(percent + 1);
    if (rest.starts_with('%')) {
      out->push_back({text.substr(0, percent + 1), kNoGroup});
      text = rest.substr(1);
      continue;
    }
    const size_t close = rest.starts_with('{') ? rest.find('}') : std::string_view::npos;
    std::string_view name;
    if (close != std::string_view::npos) {
      name = rest.substr(1, close - 1);
    } else if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
      name = rest.substr(0, 1);
    } else {
      return f.Error("invalid use of '%' in replacement string"), false;
    }
    size_t group;
    if (!FindGroup(f, regex, name, &group)) return false;
    out->push_back({text.substr(0, percent), group});
    text = rest.substr(close == std::string_view::npos ? 1 : close + 1);
  }
  out->push_back({text, kNoGroup});
  return true;
}

// How many groups a replacement needs to be fetched.
size_t GroupsNeeded(const std::vector<Piece>& pieces) {
  size_t needed = 1;
  for (const Piece& piece : pieces) {
    if (piece.group != kNoGroup) needed = std::max(needed, piece.group + 1);
  }
  return needed;
}

void AppendPieces(const std::vector<Piece>& pieces, const ReGroups& groups, Buffer* out) {
  for (const Piece& piece : pieces) {
    out->Append(piece.text);
    if (piece.group != kNoGroup) out->Append(groups[piece.group]);
  }
}

// What a table or function gives for a match. False: an error was raised.
bool ComputeReplacement(NativeFrame& f, const ReGroups& groups, Value* result) {
  const Value replacement = f[3];
  const size_t first = FirstGroup(groups);
  if (replacement.IsTable()) return f.vm.Index(replacement, CaptureToValue(f.vm, groups[first]), result);
  absl::InlinedVector<Value, 16> captures;
  for (size_t i = first; i < groups.size(); ++i) captures.push_back(CaptureToValue(f.vm, groups[i]));
  return f.vm.Call(replacement, captures, result);
}

template <bool kModule>
NativeResult Gsub(NativeFrame& f) {
  ReCall call;
  int64_t limit;
  if (!ReadReCall<kModule>(f, &call)) return kRaised;
  const Value kind = f[3];
  const bool computed = kind.IsTable() || kind.IsFunction();
  if (!computed && !IsStringOrNumber(kind)) return f.TypeError(3, "string/function/table");
  if (!f.OptInteger(4, INT64_MAX, &limit)) return kRaised;
  std::vector<Piece> pieces;
  if (!computed) {
    std::string_view text;
    if (!f.CheckString(3, &text) || !ParseReplacement(f, *call.regex, text, &pieces)) return kRaised;
  }
  ReScanner scanner(*call.regex, call.subject, 0, computed ? call.regex->group_count() + 1 : GroupsNeeded(pieces));
  Buffer out(f.vm);
  size_t copied = 0;  // what precedes it is in `out`
  int64_t count = 0;
  for (; count < limit && scanner.Next(); ++count) {
    Value result = Value::Nil();
    if (!f.vm.CheckPoll() || (computed && !ComputeReplacement(f, scanner.groups(), &result))) return kRaised;
    if (computed && !result.IsTruthy()) continue;
    out.Append(call.subject.substr(copied, scanner.begin() - copied));
    if (!computed) {
      AppendPieces(pieces, scanner.groups(), &out);
    } else if (!AppendReplacement(f, result, &out)) {
      return kRaised;
    }
    if (out.failed()) return out.ReturnFrom(f);
    copied = scanner.end();
  }
  if (copied == 0 && out.size() == 0) return f.Return(f[call.subject_argument], Value::Integer(count));
  out.Append(call.subject.substr(copied));
  const NativeResult made = out.ReturnFrom(f);
  return made.raised() ? made : f.Return(f.vm.top[-1], Value::Integer(count));
}

template <bool kModule>
NativeResult Split(NativeFrame& f) {
  ReCall call;
  int64_t limit;
  if (!ReadReCall<kModule>(f, &call) || !f.OptInteger(3, INT64_MAX, &limit)) return kRaised;
  if (limit < 1) return f.ArgError(3, "limit must be positive");
  Table* pieces = f.vm.NewTable();
  int64_t count = 1;
  f.Push(Value::Of(pieces));
  const auto add = [&](std::string_view piece) {
    const String* s = f.vm.TryNewString(piece);
    return s != nullptr ? RawSetInteger(f.vm, pieces, count, Value::Of(s)) : f.vm.RaiseMemoryError();
  };
  ReScanner scanner(*call.regex, call.subject, 0, 1);
  size_t begin = 0;  // of the next piece
  while (count < limit && scanner.Next()) {
    if (!f.vm.CheckPoll()) return kRaised;
    // An empty match separates characters, not the ends from nothing.
    if (scanner.begin() == scanner.end() && (scanner.begin() == 0 || scanner.end() == call.subject.size())) continue;
    if (!add(call.subject.substr(begin, scanner.begin() - begin))) return kRaised;
    begin = scanner.end();
    ++count;
  }
  if (!add(call.subject.substr(begin))) return kRaised;
  return f.Return(Value::Of(pieces));
}

}  // namespace

const ReEntry kReReplaceEntries[] = {
    {"gsub", Gsub<false>, Gsub<true>},
    {"split", Split<false>, Split<true>},
    {nullptr, nullptr, nullptr},
};

}  // namespace perilune::vm
