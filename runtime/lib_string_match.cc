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

constexpr char kCacheType = 0;

int32_t FastGmatchNext(Isolate* vm, Value* args, uint64_t count);

// The isolate's patterns: the last upvalue of each function here.
PatternCache& CacheOf(const NativeFunction* callee) {
  return *std::launder(reinterpret_cast<PatternCache*>(callee->upvalues[callee->aux - 1].userdata()->payload));
}

lang::StopFlag StopFlagOf(Isolate& vm) { return {&vm.poll, kPollEnd}; }

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

bool IsPlain(std::string_view pattern) { return pattern.find_first_of(PatternProgram::kSpecials) == std::string_view::npos; }

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
  if (kFind && ((f.count >= 4 && f[4].IsTruthy()) || IsPlain(pattern))) {
    if (pattern.size() <= String::kMaxShortString) (void)CacheOf(f.callee()).Get(f[2].string(), true);  // for FastFindOrMatch
    const char* found;
    if (!FindPlain(f.vm, begin + init, begin + subject.size(), pattern, &found)) return kRaised;
    if (found == nullptr) return f.Return(Value::Nil());
    const int64_t start = found - begin;
    return f.Return(Value::Integer(start + 1),
                    Value::Integer(start + static_cast<int64_t>(pattern.size())));
  }
  const PatternCache::Ref program = CacheOf(f.callee()).Get(f[2].string(), true);
  if (!program) return f.MemoryError();
  PatternMatcher matcher(*program, subject, StopFlagOf(f.vm));
  const char* s = begin + init;
  const char* e = program->anchored() ? matcher.MatchAt(s) : matcher.Search(s, nullptr, &s);
  if (e == nullptr)
    return matcher.error() != nullptr ? MatchError(f, matcher) : f.Return(Value::Nil());
  if (!kFind) return PushCaptures(f, matcher, s, e, true);
  f.Push(Value::Integer(s - begin + 1));
  f.Push(Value::Integer(e - begin));
  const NativeResult captures = PushCaptures(f, matcher, s, e, false);
  return captures.raised() ? captures : NativeResult{captures.count + 2};
}

// ---- gmatch: the iterator's upvalues.

enum GmatchUpvalue { kSubject, kPattern, kNext /* where to search on */, kLastEnd /* of the previous match: an empty match there does not count */ };

NativeResult GmatchNext(NativeFrame& f) {
  Value* const state = f.callee()->upvalues;
  const std::string_view subject = state[kSubject].string()->view();
  if (state[kNext].bits > subject.size()) return f.Return();
  const PatternCache::Ref program = CacheOf(f.callee()).Get(state[kPattern].string(), false);
  if (!program) return f.MemoryError();
  PatternMatcher matcher(*program, subject, StopFlagOf(f.vm));
  const char* s;
  const char* const last_end = state[kLastEnd].IsNil() ? nullptr : subject.data() + state[kLastEnd].bits;
  const char* e = matcher.Search(subject.data() + state[kNext].bits, last_end, &s);
  if (e == nullptr) {
    if (matcher.error() != nullptr) return MatchError(f, matcher);
    return f.Return();
  }
  state[kNext] = state[kLastEnd] = Value::Integer(e - subject.data());
  return PushCaptures(f, matcher, s, e, true);
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
    Value captures[PatternProgram::kMaxCaptures];
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

// ---- The common cases (FastNative in object.h). What has an error is left to the ordinary call, which raises it.

// Subjects that are searched without a poll (matchers look for it), and the longest captures and results.
constexpr size_t kMaxSubject = size_t{1} << 18;
constexpr size_t kMaxFastSize = SmallBuffer::kSize;

Value FastString(Isolate* vm, const char* bytes, size_t size) {
  return Value::Of(size == 1 ? vm->ByteString(static_cast<uint8_t>(*bytes)) : vm->NewString({bytes, size}));
}

// The captures of the match [s, e) as results from args[-2 + before] on; of a pattern without any, the match itself if `whole`.
int32_t FastCaptures(Isolate* vm, PatternMatcher& matcher, const char* s, const char* e, bool whole, int32_t before, Value* args) {
  const int n = matcher.capture_count();
  if (n == 0) {
    if (!whole) return before;
    if (static_cast<size_t>(e - s) > kMaxFastSize) return kDeclined;
    return FastReturn(args, FastString(vm, s, static_cast<size_t>(e - s)));
  }
  if (n + before > kMaxFastResults) return kDeclined;
  PatternMatcher::Capture captures[kMaxFastResults];
  for (int i = 0; i < n; ++i) {
    if (!matcher.GetCapture(i, s, e, &captures[i]) || captures[i].size > kMaxFastSize) return kDeclined;
  }
  Value* result = args - kFrameHeader + before;
  for (int i = 0; i < n; ++i) {
    const PatternMatcher::Capture& c = captures[i];
    *result++ = c.is_position ? Value::Integer(c.data - matcher.subject_begin() + 1) : FastString(vm, c.data, c.size);
  }
  return n + before;
}

template <bool kFind>
int32_t FastFindOrMatch(Isolate* vm, Value* args, uint64_t count) {
  if (count < 2 || !args[0].IsString() || !args[1].IsString()) return kDeclined;
  const std::string_view subject = args[0].string()->view();
  uint64_t init = 0;
  if (count > 2 && !args[2].IsNil()) {
    if (!args[2].IsInteger()) return kDeclined;
    init = StartPosition(args[2].integer, subject.size()) - 1;
    if (init > subject.size()) return FastReturn(args, Value::Nil());
  }
  const char* const begin = subject.data();
  const char *s = begin + init, *e;
  int32_t before = 0;
  if (kFind && count > 3 && args[3].IsTruthy()) {
    const std::string_view needle = args[1].string()->view();
    if (subject.size() > kMaxSubject) return kDeclined;
    const size_t at = needle.size() == 1 ? subject.find(needle[0], init) : subject.find(needle, init);
    if (at == std::string_view::npos) return FastReturn(args, Value::Nil());
    args[-2] = Value::Integer(static_cast<int64_t>(at) + 1);
    args[-1] = Value::Integer(static_cast<int64_t>(at + needle.size()));
    return 2;
  }
  const PatternProgram* program = CacheOf(FunctionOf(args).native_function()).Find(args[1].string(), true);
  if (program == nullptr) return kDeclined;
  PatternMatcher matcher(*program, subject, StopFlagOf(*vm));
  e = program->anchored() ? matcher.MatchAt(s) : matcher.Search(s, nullptr, &s);
  if (e == nullptr) return matcher.error() != nullptr ? kDeclined : FastReturn(args, Value::Nil());
  if (kFind) before = 2;
  const int32_t results = FastCaptures(vm, matcher, s, e, !kFind, before, args);
  if (kFind && results >= 0) {
    args[-2] = Value::Integer(s - begin + 1);
    args[-1] = Value::Integer(e - begin);
  }
  return results;
}

int32_t FastGmatchNext(Isolate* vm, Value* args, uint64_t) {
  NativeFunction* callee = FunctionOf(args).native_function();
  Value* const state = callee->upvalues;
  const std::string_view subject = state[kSubject].string()->view();
  if (state[kNext].bits > subject.size()) return 0;
  const PatternProgram* program = CacheOf(callee).Find(state[kPattern].string(), false);
  if (program == nullptr) return kDeclined;
  PatternMatcher matcher(*program, subject, StopFlagOf(*vm));
  const char* s;
  const char* const last_end = state[kLastEnd].IsNil() ? nullptr : subject.data() + state[kLastEnd].bits;
  const char* e = matcher.Search(subject.data() + state[kNext].bits, last_end, &s);
  if (e == nullptr) return matcher.error() != nullptr ? kDeclined : 0;
  const int32_t results = FastCaptures(vm, matcher, s, e, true, 0, args);
  if (results >= 0) state[kNext] = state[kLastEnd] = Value::Integer(e - subject.data());
  return results;
}

bool AppendNumber(SmallBuffer* out, const Value& v) {
  char digits[lang::kNumberBufferSize];
  return out->Append(NumberText(v, digits));
}

// Appends what stands for the match [s, e). False: an error, or no room.
bool FastReplacement(PatternMatcher& matcher, std::string_view replacement, const char* s, const char* e, SmallBuffer* out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '%') {
      if (!out->Append(&replacement[i], 1)) return false;
      continue;
    }
    const char c = ++i < replacement.size() ? replacement[i] : '\0';
    PatternMatcher::Capture capture = {s, static_cast<size_t>(e - s), false};
    if (c == '%') {
      capture = {&replacement[i], 1, false};
    } else if (c != '0' && (c < '1' || c > '9' || !matcher.GetCapture(c - '1', s, e, &capture) || capture.is_position)) {
      return false;
    }
    if (!out->Append(capture.data, capture.size)) return false;
  }
  return true;
}

// The same with a table. *changed becomes true unless the match stays.
bool FastLookup(Isolate* vm, PatternMatcher& matcher, const Table* table, const char* s, const char* e, SmallBuffer* out, bool* changed) {
  PatternMatcher::Capture key;
  if (!matcher.GetCapture(0, s, e, &key) || key.size > String::kMaxShortString) return false;
  const Value found = key.is_position ? table->GetInteger(key.data - matcher.subject_begin() + 1) : table->GetShortString(vm->NewString({key.data, key.size}));
  if (!found.IsTruthy()) return out->Append(s, static_cast<size_t>(e - s));
  *changed = true;
  return found.IsString() ? out->Append(found.string()->view()) : found.IsNumber() && AppendNumber(out, found);
}

int32_t FastGsub(Isolate* vm, Value* args, uint64_t count) {
  if (count != 3 || !args[0].IsString() || !args[1].IsString()) return kDeclined;
  const std::string_view subject = args[0].string()->view();
  if (subject.size() > kMaxFastSize / 2) return kDeclined;
  const Table* table = args[2].IsTable() ? args[2].table() : nullptr;
  const bool computed = args[2].IsFunction() || (table != nullptr && table->metatable != nullptr);
  if (!computed && table == nullptr && !args[2].IsString()) return kDeclined;
  const PatternProgram* program = CacheOf(FunctionOf(args).native_function()).Find(args[1].string(), true);
  if (program == nullptr) return kDeclined;
  PatternMatcher matcher(*program, subject, StopFlagOf(*vm));
  SmallBuffer out;
  const char *rest = subject.data(), *last_end = nullptr;
  bool changed = false;
  int64_t matches = 0;
  for (;;) {
    const char* s = rest;
    const char* e = program->anchored() ? matcher.MatchAt(s) : matcher.Search(s, last_end, &s);
    if (e == nullptr) break;
    if (computed) return kDeclined;
    ++matches;
    if (!out.Append(rest, static_cast<size_t>(s - rest))) return kDeclined;
    if (table != nullptr) {
      if (!FastLookup(vm, matcher, table, s, e, &out, &changed)) return kDeclined;
    } else {
      if (!FastReplacement(matcher, args[2].string()->view(), s, e, &out)) return kDeclined;
      changed = true;
    }
    rest = last_end = e;
    if (program->anchored()) break;
  }
  if (matcher.error() != nullptr || !out.Append(rest, static_cast<size_t>(matcher.subject_end() - rest))) return kDeclined;
  args[-2] = changed ? FastString(vm, out.view().data(), out.view().size()) : args[0];
  args[-1] = Value::Integer(matches);
  return 2;
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
  const Value upvalues[] = {f[1], f[2], Value::Integer(static_cast<int64_t>(init)), Value::Nil(), f.callee()->upvalues[0]};
  return f.Return(Value::Of(f.vm.NewNative("gmatch_iterator", GmatchNext, upvalues, FastGmatchNext)));
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
  const PatternCache::Ref program = CacheOf(f.callee()).Get(f[2].string(), true);
  if (!program) return f.MemoryError();
  const bool anchored = program->anchored();

  PatternMatcher matcher(*program, subject, StopFlagOf(f.vm));
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

void AddMatchFunctions(Isolate& vm, Table* library) {
  static constexpr NativeEntry kFunctions[] = {
      {"find", StringFind, FastFindOrMatch<true>},
      {"gmatch", StringGmatch},
      {"gsub", StringGsub, FastGsub},
      {"match", StringMatch, FastFindOrMatch<false>},
  };
  Userdata* cache = vm.NewUserdata(sizeof(PatternCache), &kCacheType, [](void* payload) { static_cast<PatternCache*>(payload)->~PatternCache(); });
  new (cache->payload) PatternCache(vm.heap());
  const Value upvalues[] = {Value::Of(cache)};
  for (const NativeEntry& e : kFunctions) SetField(vm, library, e.name, Value::Of(vm.NewNative(e.name, e.fn, upvalues, e.fast)));
}

}  // namespace perilune::vm
