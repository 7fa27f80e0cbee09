// The string library's pattern functions: find, match, gmatch, gsub.

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/lib_string.h"
#include "runtime/number_text.h"
#include "runtime/pattern_matcher.h"

namespace perilune::vm {
namespace {

bool HasSpecials(std::string_view pattern) {
  for (const char c : pattern) {
    switch (c) {
      case '^':
      case '$':
      case '*':
      case '+':
      case '?':
      case '.':
      case '(':
      case '[':
      case '%':
      case '-':
        return true;
      default:
        break;
    }
  }
  return false;
}

lang::StopFlag StopFlagOf(NativeFrame& f) { return {&f.vm.poll, kPollEnd}; }

// Raises the matcher's error.
NativeResult MatchError(NativeFrame& f, const PatternMatcher& matcher) {
  if (matcher.interrupted() && !f.vm.CheckPoll()) return kRaised;
  return f.Error(matcher.error());
}

// The value of capture `index` of the match [s, e). False: an error was raised.
bool CaptureValue(NativeFrame& f, PatternMatcher& matcher, int index, const char* s, const char* e,
                  Value* out) {
  PatternMatcher::Capture capture;
  if (!matcher.GetCapture(index, s, e, &capture)) {
    MatchError(f, matcher);
    return false;
  }
  if (capture.is_position) {
    *out = Value::Integer(capture.data - matcher.subject_begin() + 1);
    return true;
  }
  const String* text = f.vm.TryNewString({capture.data, capture.size});
  if (text == nullptr) return f.vm.RaiseMemoryError();
  *out = Value::Of(text);
  return true;
}

// Pushes all captures; of a pattern without any, the whole match if `whole`. Their number, or
// kRaised.
NativeResult PushCaptures(NativeFrame& f, PatternMatcher& matcher, const char* s, const char* e,
                          bool whole) {
  const int n = matcher.capture_count() == 0 && whole ? 1 : matcher.capture_count();
  for (int i = 0; i < n; ++i) {
    Value v;
    if (!CaptureValue(f, matcher, i, s, e, &v)) return kRaised;
    f.Push(v);
  }
  return {n};
}

// The first occurrence of `needle` in [begin, end), or null. False: an error was raised.
bool FindPlain(Isolate& vm, const char* begin, const char* end, std::string_view needle, const char** out) {
  constexpr size_t kStarts = size_t{1} << 20;  // places tried between polls
  *out = begin;
  if (needle.empty()) return true;
  *out = nullptr;
  while (static_cast<size_t>(end - begin) >= needle.size()) {
    const size_t starts = std::min(static_cast<size_t>(end - begin) - needle.size() + 1, kStarts);
    // Up to a first byte that is rare, memchr is much faster than memmem.
    auto* first = static_cast<const char*>(std::memchr(begin, needle[0], starts));
    if (first != nullptr && needle.size() > 1) {
      const size_t size = static_cast<size_t>(begin - first) + starts + needle.size() - 1;
      first = static_cast<const char*>(memmem(first, size, needle.data(), needle.size()));
    }
    *out = first;
    if (first != nullptr) return true;
    begin += starts;
    if (!vm.CheckPoll()) return false;
  }
  return true;
}

template <bool kFind>
NativeResult FindOrMatch(NativeFrame& f) {
  std::string_view subject, pattern;
  int64_t position;
  if (!f.CheckString(1, &subject) || !f.CheckString(2, &pattern) || !f.OptInteger(3, 1, &position))
    return kRaised;
  const uint64_t init = StartPosition(position, subject.size()) - 1;
  if (init > subject.size()) return f.Return(Value::Nil());
  const char* const begin = subject.data();
  if (kFind && ((f.count >= 4 && f[4].IsTruthy()) || !HasSpecials(pattern))) {
    const char* found;
    if (!FindPlain(f.vm, begin + init, begin + subject.size(), pattern, &found)) return kRaised;
    if (found == nullptr) return f.Return(Value::Nil());
    const int64_t start = found - begin;
    return f.Return(Value::Integer(start + 1),
                    Value::Integer(start + static_cast<int64_t>(pattern.size())));
  }
  const bool anchored = !pattern.empty() && pattern[0] == '^';
  if (anchored) pattern.remove_prefix(1);
  PatternMatcher matcher(subject, pattern, StopFlagOf(f));
  const char* s = begin + init;
  const char* e = anchored ? matcher.MatchAt(s) : matcher.Search(s, nullptr, &s);
  if (e == nullptr)
    return matcher.error() != nullptr ? MatchError(f, matcher) : f.Return(Value::Nil());
  if (!kFind) return PushCaptures(f, matcher, s, e, true);
  f.Push(Value::Integer(s - begin + 1));
  f.Push(Value::Integer(e - begin));
  const NativeResult captures = PushCaptures(f, matcher, s, e, false);
  return captures.raised() ? captures : NativeResult{captures.count + 2};
}

// ---- gmatch: the iterator keeps the strings and a userdata with this.

struct GmatchState {
  PatternMatcher matcher;
  const char* next;      // where to search on
  const char* last_end;  // of the previous match: an empty match there does not count
};
static_assert(std::is_trivially_destructible_v<GmatchState>);
constexpr char kGmatchType = 0;

NativeResult GmatchNext(NativeFrame& f) {
  GmatchState* state =
      std::launder(reinterpret_cast<GmatchState*>(f.callee()->upvalues[2].userdata()->payload));
  if (state->next > state->matcher.subject_end()) return f.Return();
  const char* s;
  const char* e = state->matcher.Search(state->next, state->last_end, &s);
  if (e == nullptr) {
    if (state->matcher.error() != nullptr) return MatchError(f, state->matcher);
    return f.Return();
  }
  state->next = state->last_end = e;
  return PushCaptures(f, state->matcher, s, e, true);
}

// ---- gsub.

// Appends the replacement string with its %0..%9 filled in.
bool AddReplacement(NativeFrame& f, PatternMatcher& matcher, std::string_view replacement,
                    const char* s, const char* e, Buffer* out) {
  const char* p = replacement.data();
  const char* const end = p + replacement.size();
  for (;;) {
    const void* percent = std::memchr(p, '%', static_cast<size_t>(end - p));
    if (percent == nullptr) break;
    const char* q = static_cast<const char*>(percent);
    out->Append(p, static_cast<size_t>(q - p));
    const char c = q[1];  // at the end, the NUL
    p = q + 2;
    if (c == '%') {
      out->Append('%');
    } else if (c == '0') {
      out->Append(s, static_cast<size_t>(e - s));
    } else if (c >= '1' && c <= '9') {
      PatternMatcher::Capture capture;
      if (!matcher.GetCapture(c - '1', s, e, &capture)) return MatchError(f, matcher), false;
      if (capture.is_position) {
        char digits[lang::kNumberBufferSize];
        out->Append(NumberText(Value::Integer(capture.data - matcher.subject_begin() + 1), digits));
      } else {
        out->Append(capture.data, capture.size);
      }
    } else {
      return f.Error("invalid use of '%' in replacement string"), false;
    }
  }
  out->Append(p, static_cast<size_t>(end - p));
  return true;
}

// Appends what replaces the match [s, e) when argument 3 is a table or function. *changed becomes
// true unless the match stays.
bool AddComputed(NativeFrame& f, PatternMatcher& matcher, const char* s, const char* e, Buffer* out,
                 bool* changed) {
  const Value replacement = f[3];
  Value result;
  if (replacement.IsTable()) {
    Value key;
    if (!CaptureValue(f, matcher, 0, s, e, &key)) return false;
    const Table* table = replacement.table();
    if (table->metatable == nullptr) {
      result = table->Get(key);
    } else if (!f.vm.Index(replacement, key, &result)) {
      return false;
    }
  } else {
    Value captures[PatternMatcher::kMaxCaptures];
    const int n = matcher.capture_count() == 0 ? 1 : matcher.capture_count();
    for (int i = 0; i < n; ++i) {
      if (!CaptureValue(f, matcher, i, s, e, &captures[i])) return false;
    }
    if (!f.vm.Call(replacement, {captures, static_cast<size_t>(n)}, &result)) return false;
  }
  if (!result.IsTruthy()) {
    out->Append(s, static_cast<size_t>(e - s));
    return true;
  }
  *changed = true;
  return AppendReplacement(f, result, out);
}

}  // namespace

bool AppendReplacement(NativeFrame& f, const Value& value, Buffer* out) {
  if (value.IsString()) {
    out->Append(value.string()->view());
  } else if (value.IsNumber()) {
    char digits[lang::kNumberBufferSize];
    out->Append(NumberText(value, digits));
  } else {
    f.Error("invalid replacement value (a " + std::string(TypeName(value.tag)) + ")");
    return false;
  }
  return true;
}

NativeResult StringFind(NativeFrame& f) { return FindOrMatch<true>(f); }
NativeResult StringMatch(NativeFrame& f) { return FindOrMatch<false>(f); }

NativeResult StringGmatch(NativeFrame& f) {
  std::string_view subject, pattern;
  int64_t position;
  if (!f.CheckString(1, &subject) || !f.CheckString(2, &pattern) || !f.OptInteger(3, 1, &position))
    return kRaised;
  uint64_t init = StartPosition(position, subject.size()) - 1;
  if (init > subject.size()) init = subject.size() + 1;  // behind the end: no match at all
  Userdata* holder = f.vm.NewUserdata(sizeof(GmatchState), &kGmatchType, nullptr);
  new (holder->payload)
      GmatchState{PatternMatcher(subject, pattern, StopFlagOf(f)), subject.data() + init, nullptr};
  const Value upvalues[] = {f[1], f[2], Value::Of(holder)};
  return f.Return(Value::Of(f.vm.NewNative("gmatch_iterator", GmatchNext, upvalues)));
}

NativeResult StringGsub(NativeFrame& f) {
  std::string_view subject, pattern, replacement;
  int64_t limit;
  if (!f.CheckString(1, &subject) || !f.CheckString(2, &pattern)) return kRaised;
  const Value kind = f[3];
  if (!IsStringOrNumber(kind) && !kind.IsTable() && !kind.IsFunction())
    return f.TypeError(3, "string/function/table");
  if (!f.OptInteger(4, static_cast<int64_t>(subject.size()) + 1, &limit)) return kRaised;
  const bool computed = kind.IsTable() || kind.IsFunction();
  if (!computed && !f.CheckString(3, &replacement)) return kRaised;
  const bool verbatim = !computed && replacement.find('%') == std::string_view::npos;
  const bool anchored = !pattern.empty() && pattern[0] == '^';
  if (anchored) pattern.remove_prefix(1);

  PatternMatcher matcher(subject, pattern, StopFlagOf(f));
  Buffer out(f.vm);
  const char* rest = subject.data();  // not copied to `out` yet
  const char* last_end = nullptr;
  bool changed = false;
  int64_t count = 0;
  while (count < limit) {
    const char* s = rest;
    const char* e = anchored ? matcher.MatchAt(s) : matcher.Search(s, last_end, &s);
    if (e == nullptr) {
      if (matcher.error() != nullptr) return MatchError(f, matcher);
      break;
    }
    ++count;
    if (!f.vm.CheckPoll()) return kRaised;
    if (out.failed()) return f.MemoryError();
    out.Append(rest, static_cast<size_t>(s - rest));
    if (verbatim) {
      out.Append(replacement);
      changed = true;
    } else if (computed) {
      if (!AddComputed(f, matcher, s, e, &out, &changed)) return kRaised;
    } else {
      if (!AddReplacement(f, matcher, replacement, s, e, &out)) return kRaised;
      changed = true;
    }
    rest = last_end = e;
    if (anchored) break;
  }
  Value result = f[1];
  if (changed) {
    out.Append(rest, static_cast<size_t>(matcher.subject_end() - rest));
    const NativeResult made = out.ReturnFrom(f);
    if (made.raised()) return made;
    result = f.vm.top[-1];
  }
  return f.Return(result, Value::Integer(count));
}

}  // namespace perilune::vm
