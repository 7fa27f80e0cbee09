// The parts of the `re` library (docs/re.md): lib_re.cc opens it, compiles patterns and keeps them; lib_re_options.cc reads
// options; lib_re_match.cc finds one match or iterates over them; lib_re_replace.cc has gsub and split; lib_re_set.cc has sets.
//
// Most functions exist twice: pattern:match(subject, ...), and re.match(subject, pattern, ...), which takes a pattern or its text. A
// template parameter tells which; from argument 3 on there is no difference. Functions of the module have the state as upvalue.

#ifndef PERILUNE_RUNTIME_LIB_RE_H_
#define PERILUNE_RUNTIME_LIB_RE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "runtime/lib_buffer.h"
#include "runtime/library.h"
#include "runtime/native.h"
#include "runtime/re_engine.h"

namespace perilune::vm {

// The patterns used last, by their text; those with options are not in it.
class ReCache {
 public:
  explicit ReCache(size_t capacity) : capacity_(capacity) {}

  std::shared_ptr<const Regex> Find(std::string_view pattern);  // null if it is not there
  void Insert(std::shared_ptr<const Regex> regex);
  size_t capacity() const { return capacity_; }
  void set_capacity(size_t capacity);

 private:
  using Order = std::list<std::shared_ptr<const Regex>>;  // the one used last is first
  Order order_;
  absl::flat_hash_map<std::string_view, Order::iterator> index_;
  size_t capacity_;
};

// What an isolate's functions of the module share.
struct ReState {
  ReLimits limits;
  ReCache cache;
};
ReState* StateOf(NativeFrame& f);

// A userdata whose payload is a T, for which `type` stands; its metatable is registry[name].
template <typename T>
Userdata* NewReObject(Isolate& vm, T value, const void* type, std::string_view name);

// Reads options from argument n, which may be absent: flags or a table. `anchor` is null where that option does not exist. False: an
// error was raised.
[[nodiscard]] bool ReadReOptions(NativeFrame& f, uint32_t n, const ReLimits& limits, ReOptions* out, ReAnchor* anchor);

// Shares what was compiled, and counts its memory for the isolate's heap, which must outlive it.
template <typename T>
std::shared_ptr<const T> ShareCharged(Isolate& vm, std::unique_ptr<const T> compiled) {
  Heap* heap = &vm.heap();
  const size_t bytes = compiled->memory();
  heap->Charge(bytes);
  return std::shared_ptr<const T>(compiled.release(), [heap, bytes](const T* freed) {
    delete freed;
    heap->Discharge(bytes);
  });
}

// Compiles the pattern, or raises an error and answers null.
std::shared_ptr<const Regex> CompileOrRaise(NativeFrame& f, std::string_view pattern, const ReOptions& options, const ReLimits& limits);

// The pattern and the subject among the first two arguments.
struct ReCall {
  std::shared_ptr<const Regex> regex;
  std::string_view subject;
  uint32_t subject_argument;
};
[[nodiscard]] bool ReadReMethod(NativeFrame& f, ReCall* out);
[[nodiscard]] bool ReadReFunction(NativeFrame& f, ReCall* out);
template <bool kModule>
[[nodiscard]] bool ReadReCall(NativeFrame& f, ReCall* out) {
  return kModule ? ReadReFunction(f, out) : ReadReMethod(f, out);
}

using ReGroups = absl::InlinedVector<std::string_view, 16>;  // the whole match, then the captures

// Finds one match after the other. As in Lua's own gmatch, an empty match does not count where the last one ended.
class ReScanner {
 public:
  // `groups`: how many to fetch, at least 1.
  ReScanner(const Regex& regex, std::string_view subject, size_t from, size_t groups)
      : regex_(regex), subject_(subject), position_(from), groups_(groups) {}

  bool Next() { return Next(regex_, subject_, &position_, &last_end_, &groups_); }
  const ReGroups& groups() const { return groups_; }
  size_t begin() const { return static_cast<size_t>(groups_[0].data() - subject_.data()); }
  size_t end() const { return begin() + groups_[0].size(); }

  // The step itself, on a state that the caller keeps: *position is where to look on, *last_end where the last match ended.
  static constexpr size_t kNone = SIZE_MAX;
  static bool Next(const Regex& regex, std::string_view subject, size_t* position, size_t* last_end, ReGroups* groups);

 private:
  const Regex& regex_;
  const std::string_view subject_;
  size_t position_;
  size_t last_end_ = kNone;
  ReGroups groups_;
};

// A capture as a value: false if the group took no part.
inline Value CaptureToValue(Isolate& vm, std::string_view capture) {
  return capture.data() == nullptr ? Value::Boolean(false) : Value::Of(vm.NewString(capture));
}
// The first of groups that match and gsub pass on: the captures, or the whole match if there are none.
inline size_t FirstGroup(const ReGroups& groups) { return groups.size() > 1 ? 1 : 0; }

// {name, method, function of the module}; the last has no name.
struct ReEntry {
  const char* name;
  NativeFn method;
  NativeFn function;
};
extern const ReEntry kReMatchEntries[];    // lib_re_match.cc
extern const ReEntry kReReplaceEntries[];  // lib_re_replace.cc
NativeResult ReNewSet(NativeFrame& f);     // lib_re_set.cc
void OpenReSets(Isolate& vm);

template <typename T>
Userdata* NewReObject(Isolate& vm, T value, const void* type, std::string_view name) {
  static_assert(alignof(T) <= 16);
  Userdata* u = vm.NewUserdata(sizeof(T), type, [](void* payload) { static_cast<T*>(payload)->~T(); });
  new (u->payload) T(std::move(value));
  if (!name.empty()) vm.SetMetatable(Value::Of(u), vm.registry()->GetString(vm.NewString(name)).table());
  return u;
}
template <typename T>
T& PayloadOf(const Userdata* u) {
  return *std::launder(reinterpret_cast<T*>(const_cast<char*>(u->payload)));
}

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_RE_H_
