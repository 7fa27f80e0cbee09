// re.set: many patterns looked for at once.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lib_common.h"
#include "runtime/lib_re.h"

namespace perilune::vm {
namespace {

constexpr char kSetType = 0;
constexpr char kSetName[] = "re.set";

using SetPointer = std::shared_ptr<const RegexSet>;

bool CheckSet(NativeFrame& f, const RegexSet** out) {
  const Value v = f[1];
  if (!v.IsUserdata() || v.userdata()->type_id != &kSetType) return f.TypeError(1, kSetName), false;
  *out = PayloadOf<SetPointer>(v.userdata()).get();
  return true;
}

NativeResult OutOfMemory(NativeFrame& f, const RegexSet& set) {
  return f.Error("re.set needs more than max_mem = " + std::to_string(set.options().max_mem) + " bytes for this subject");
}

NativeResult SetMatch(NativeFrame& f) {
  const RegexSet* set;
  std::string_view subject;
  if (!CheckSet(f, &set) || !f.CheckString(2, &subject)) return kRaised;
  std::vector<int> indices;
  if (!set->Match(subject, &indices)) return OutOfMemory(f, *set);
  if (indices.empty()) return f.Return(Value::Nil());
  Table* list = f.vm.TryNewTable(static_cast<uint32_t>(indices.size()), 0);
  if (list == nullptr) return f.MemoryError();
  for (size_t i = 0; i < indices.size(); ++i) list->array[i] = Value::Integer(indices[i] + 1);
  return f.Return(Value::Of(list));
}

NativeResult SetTest(NativeFrame& f) {
  const RegexSet* set;
  std::string_view subject;
  bool any;
  if (!CheckSet(f, &set) || !f.CheckString(2, &subject)) return kRaised;
  if (!set->Test(subject, &any)) return OutOfMemory(f, *set);
  return f.Return(Value::Boolean(any));
}

NativeResult SetLength(NativeFrame& f) {
  const RegexSet* set;
  if (!CheckSet(f, &set)) return kRaised;
  return f.Return(Value::Integer(static_cast<int64_t>(set->size())));
}

NativeResult SetToString(NativeFrame& f) {
  const RegexSet* set;
  if (!CheckSet(f, &set)) return kRaised;
  return f.Return(std::string(kSetName) + ": " + std::to_string(set->size()) + (set->size() == 1 ? " pattern" : " patterns"));
}

constexpr NativeEntry kMetamethods[] = {{"__len", SetLength}, {"__tostring", SetToString}, {nullptr, nullptr}};
constexpr NativeEntry kMethods[] = {{"match", SetMatch}, {"test", SetTest}, {nullptr, nullptr}};

}  // namespace

NativeResult ReNewSet(NativeFrame& f) {
  const ReLimits& limits = StateOf(f)->limits;
  Table* list;
  ReOptions options;
  ReAnchor anchor = ReAnchor::kNone;
  if (!f.CheckTable(1, &list) || !ReadReOptions(f, 2, limits, &options, &anchor)) return kRaised;
  // The list's strings stay alive by it: nothing here runs Lua code.
  std::vector<std::string_view> patterns;
  size_t length = 0;
  for (int64_t i = 1, n = list->Length(); i <= n; ++i) {
    const Value v = list->GetInteger(i);
    if (!v.IsString()) {
      return f.ArgError(1, "pattern #" + std::to_string(i) + " is not a string (a " + TypeName(v.tag) + " value)");
    }
    patterns.push_back(v.string()->view());
    length += patterns.back().size();
  }
  if (length > static_cast<size_t>(limits.max_pattern_length)) {
    return f.Error("bad patterns: together longer than " + std::to_string(limits.max_pattern_length) + " bytes");
  }
  std::string error;
  std::unique_ptr<const RegexSet> set = RegexSet::Compile(patterns, options, anchor, &error);
  if (set == nullptr) return f.Error(error);
  return f.Return(Value::Of(NewReObject(f.vm, ShareCharged(f.vm, std::move(set)), &kSetType, kSetName)));
}

void OpenReSets(Isolate& vm) { NewTypeMetatable(vm, kSetName, kMetamethods, kMethods); }

}  // namespace perilune::vm
