// The `re` library: regular expressions of linear time, over RE2. See lib_re.h for its parts and docs/re.md for what it offers.

#include "runtime/lib_re.h"

#include <string>
#include <string_view>
#include <utility>

#include "runtime/lib_common.h"

namespace perilune::vm {
namespace {

constexpr char kPatternType = 0;
constexpr char kStateType = 0;
constexpr char kPatternName[] = "re.pattern";

using PatternPointer = std::shared_ptr<const Regex>;

// Null if it is not a pattern.
const PatternPointer* PatternOf(const Value& v) {
  if (!v.IsUserdata() || v.userdata()->type_id != &kPatternType) return nullptr;
  return &PayloadOf<PatternPointer>(v.userdata());
}

bool CheckPattern(NativeFrame& f, uint32_t n, PatternPointer* out) {
  const PatternPointer* pattern = PatternOf(f[n]);
  if (pattern == nullptr) return f.TypeError(n, kPatternName), false;
  *out = *pattern;
  return true;
}

// ---- Functions of the module only.

NativeResult Compile(NativeFrame& f) {
  const ReLimits& limits = StateOf(f)->limits;
  std::string_view pattern;
  ReOptions options;
  if (!f.CheckString(1, &pattern) || !ReadReOptions(f, 2, limits, &options, nullptr)) return kRaised;
  PatternPointer regex = CompileOrRaise(f, pattern, options, limits);
  if (regex == nullptr) return kRaised;
  return f.Return(Value::Of(NewReObject(f.vm, std::move(regex), &kPatternType, kPatternName)));
}

NativeResult Escape(NativeFrame& f) {
  std::string_view text;
  if (!f.CheckString(1, &text)) return kRaised;
  return f.Return(EscapeForRegex(text));
}

NativeResult CacheSize(NativeFrame& f) {
  ReState* state = StateOf(f);
  const auto previous = static_cast<int64_t>(state->cache.capacity());
  int64_t size;
  if (!f.OptInteger(1, previous, &size)) return kRaised;
  if (size < 0 || size > state->limits.max_cache_size) {
    return f.ArgError(1, "must be from 0 to " + std::to_string(state->limits.max_cache_size));
  }
  state->cache.set_capacity(static_cast<size_t>(size));
  return f.Return(Value::Integer(previous));
}

// ---- Methods of patterns only.

NativeResult PatternSource(NativeFrame& f) {
  PatternPointer regex;
  if (!CheckPattern(f, 1, &regex)) return kRaised;
  return f.Return(regex->pattern());
}

NativeResult PatternGroups(NativeFrame& f) {
  PatternPointer regex;
  if (!CheckPattern(f, 1, &regex)) return kRaised;
  Table* names = f.vm.NewTable();
  for (size_t i = 0; i < regex->group_count(); ++i) {
    const std::string& name = regex->group_names()[i];
    if (!name.empty()) SetField(f.vm, names, name, Value::Integer(static_cast<int64_t>(i) + 1));
  }
  return f.Return(Value::Integer(static_cast<int64_t>(regex->group_count())), Value::Of(names));
}

NativeResult PatternToString(NativeFrame& f) {
  PatternPointer regex;
  if (!CheckPattern(f, 1, &regex)) return kRaised;
  const ReOptions& options = regex->options();
  std::string text = std::string(kPatternName).append(": /").append(regex->pattern()).append("/");
  if (options.case_insensitive) text += 'i';
  if (options.multi_line) text += 'm';
  if (options.dot_nl) text += 's';
  if (options.ungreedy) text += 'U';
  return f.Return(text);
}

constexpr NativeEntry kPatternMetamethods[] = {{"__tostring", PatternToString}, {nullptr, nullptr}};
constexpr NativeEntry kPatternMethods[] = {{"groups", PatternGroups}, {"source", PatternSource}, {nullptr, nullptr}};
constexpr NativeEntry kFunctions[] = {
    {"cache_size", CacheSize}, {"compile", Compile}, {"escape", Escape}, {"set", ReNewSet}, {nullptr, nullptr}};

// ---- Loading. The loader's upvalues are the limits, so that a script without the library pays for one function only.

NativeResult Load(NativeFrame& f) {
  const Value* given = f.callee()->upvalues;
  const ReLimits limits{given[0].integer, given[1].integer, given[2].integer, given[3].integer};
  NewTypeMetatable(f.vm, kPatternName, kPatternMetamethods, kPatternMethods);
  OpenReSets(f.vm);
  ReState state{limits, ReCache(static_cast<size_t>(limits.cache_size))};
  const Value upvalues[] = {Value::Of(NewReObject(f.vm, std::move(state), &kStateType, ""))};
  Table* library = f.vm.NewTable();
  for (const NativeEntry* e = kFunctions; e->name != nullptr; ++e) {
    SetField(f.vm, library, e->name, Value::Of(f.vm.NewNative(e->name, e->fn, upvalues)));
  }
  const Table* metatable = GetField(f.vm, f.vm.registry(), kPatternName).table();
  Table* methods = GetField(f.vm, metatable, "__index").table();
  for (const ReEntry* entries : {kReMatchEntries, kReReplaceEntries}) {
    for (const ReEntry* e = entries; e->name != nullptr; ++e) {
      SetField(f.vm, methods, e->name, Value::Of(f.vm.NewNative(e->name, e->method)));
      SetField(f.vm, library, e->name, Value::Of(f.vm.NewNative(e->name, e->function, upvalues)));
    }
  }
  return f.Return(Value::Of(library));
}

}  // namespace

// ---- The cache.

std::shared_ptr<const Regex> ReCache::Find(std::string_view pattern) {
  const auto found = index_.find(pattern);
  if (found == index_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return order_.front();
}

void ReCache::Insert(std::shared_ptr<const Regex> regex) {
  if (capacity_ == 0) return;
  order_.push_front(std::move(regex));
  index_[order_.front()->pattern()] = order_.begin();
  set_capacity(capacity_);
}

void ReCache::set_capacity(size_t capacity) {
  capacity_ = capacity;
  while (order_.size() > capacity) {
    index_.erase(order_.back()->pattern());
    order_.pop_back();
  }
}

// ---- Shared parts.

ReState* StateOf(NativeFrame& f) { return &PayloadOf<ReState>(f.callee()->upvalues[0].userdata()); }

std::shared_ptr<const Regex> CompileOrRaise(NativeFrame& f, std::string_view pattern, const ReOptions& options, const ReLimits& limits) {
  std::string error;
  if (pattern.size() > static_cast<size_t>(limits.max_pattern_length)) {
    f.Error("bad pattern: longer than " + std::to_string(limits.max_pattern_length) + " bytes");
    return nullptr;
  }
  std::unique_ptr<const Regex> regex = Regex::Compile(pattern, options, "bad pattern", &error);
  if (regex != nullptr) return ShareCharged(f.vm, std::move(regex));
  f.Error(error);
  return nullptr;
}

bool ReadReMethod(NativeFrame& f, ReCall* out) {
  out->subject_argument = 2;
  return CheckPattern(f, 1, &out->regex) && f.CheckString(2, &out->subject);
}

bool ReadReFunction(NativeFrame& f, ReCall* out) {
  out->subject_argument = 1;
  if (!f.CheckString(1, &out->subject)) return false;
  if (const PatternPointer* pattern = PatternOf(f[2])) {
    out->regex = *pattern;
    return true;
  }
  if (!IsStringOrNumber(f[2])) return f.TypeError(2, "string/re.pattern"), false;
  std::string_view text;
  if (!f.CheckString(2, &text)) return false;
  ReState* state = StateOf(f);
  out->regex = state->cache.Find(text);
  if (out->regex != nullptr) return true;
  ReOptions options;
  options.max_mem = state->limits.max_mem;
  out->regex = CompileOrRaise(f, text, options, state->limits);
  if (out->regex == nullptr) return false;
  state->cache.Insert(out->regex);
  return true;
}

void OpenRe(Isolate& vm, const ReLimits& limits) {
  const Value upvalues[] = {Value::Integer(limits.max_mem), Value::Integer(limits.max_pattern_length), Value::Integer(limits.cache_size),
                            Value::Integer(limits.max_cache_size)};
  const Value loader = Value::Of(vm.NewNative("re", Load, upvalues));
  const Value preload = GetField(vm, vm.registry(), "_PRELOAD");
  Value module;
  if (preload.IsTable()) {
    SetField(vm, preload.table(), "re", loader);
  } else if (vm.Call(loader, {}, &module)) {
    SetField(vm, vm.globals(), "re", module);
  }
}

}  // namespace perilune::vm
