// Finding matches: match, find, exec, their iterators, test and fullmatch.

#include <string_view>
#include <utility>

#include "runtime/lib_common.h"
#include "runtime/lib_re.h"
#include "runtime/lib_string.h"

namespace perilune::vm {
namespace {

// How a match is answered.
enum class Form {
  kMatch,  // captures, or the whole match if the pattern has none
  kFind,   // first and last position, captures
  kExec,   // tables of captures, first positions, last positions
};

// The offset that argument 3 stands for. *beyond: it is behind the subject's end, where nothing matches.
bool ReadInit(NativeFrame& f, std::string_view subject, size_t* from, bool* beyond) {
  int64_t position;
  if (!f.OptInteger(3, 1, &position)) return false;
  *from = StartPosition(position, subject.size()) - 1;
  *beyond = *from > subject.size();
  return true;
}

NativeResult ReturnTables(NativeFrame& f, const Regex& regex, std::string_view subject, const ReGroups& groups) {
  Isolate& vm = f.vm;
  const auto size = static_cast<uint32_t>(groups.size() - 1);
  Table* tables[] = {vm.TryNewTable(size, 1), vm.TryNewTable(size, 1), vm.TryNewTable(size, 1)};
  for (const Table* t : tables) {
    if (t == nullptr) return f.MemoryError();
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    Value values[] = {CaptureToValue(vm, groups[i]), Value::Boolean(false), Value::Boolean(false)};
    if (groups[i].data() != nullptr) {
      const int64_t begin = groups[i].data() - subject.data();
      values[1] = Value::Integer(begin + 1);
      values[2] = Value::Integer(begin + static_cast<int64_t>(groups[i].size()));
    }
    const std::string_view name = i == 0 ? std::string_view() : regex.group_names()[i - 1];
    for (size_t t = 0; t < std::size(tables); ++t) {
      if (!RawSetInteger(vm, tables[t], static_cast<int64_t>(i), values[t])) return kRaised;
      if (!name.empty()) SetField(vm, tables[t], name, values[t]);
    }
  }
  return f.Return(Value::Of(tables[0]), Value::Of(tables[1]), Value::Of(tables[2]));
}

template <Form kForm>
NativeResult ReturnMatch(NativeFrame& f, const Regex& regex, std::string_view subject, const ReGroups& groups) {
  if (kForm == Form::kExec) return ReturnTables(f, regex, subject, groups);
  const size_t first = kForm == Form::kMatch ? FirstGroup(groups) : 1;
  if (!f.CheckStack(groups.size() + 2, "too many captures")) return kRaised;
  uint32_t pushed = 0;
  if (kForm == Form::kFind) {
    const int64_t begin = groups[0].data() - subject.data();
    f.Push(Value::Integer(begin + 1));
    f.Push(Value::Integer(begin + static_cast<int64_t>(groups[0].size())));
    pushed = 2;
  }
  for (size_t i = first; i < groups.size(); ++i, ++pushed) f.Push(CaptureToValue(f.vm, groups[i]));
  return f.ReturnPushed(pushed);
}

template <bool kModule, Form kForm, ReAnchor kAnchor>
NativeResult MatchOnce(NativeFrame& f) {
  ReCall call;
  size_t from;
  bool beyond;
  if (!ReadReCall<kModule>(f, &call) || !ReadInit(f, call.subject, &from, &beyond)) return kRaised;
  if (beyond) return f.Return(Value::Nil());
  ReGroups groups(call.regex->group_count() + 1);
  if (!call.regex->Match(call.subject, from, kAnchor, groups.data(), groups.size())) return f.Return(Value::Nil());
  return ReturnMatch<kForm>(f, *call.regex, call.subject, groups);
}

template <bool kModule>
NativeResult Test(NativeFrame& f) {
  ReCall call;
  size_t from;
  bool beyond;
  if (!ReadReCall<kModule>(f, &call) || !ReadInit(f, call.subject, &from, &beyond)) return kRaised;
  return f.Return(Value::Boolean(!beyond && call.regex->Test(call.subject, from)));
}

// ---- Iterators: upvalues are the subject and a userdata with this.

struct Iteration {
  std::shared_ptr<const Regex> regex;
  std::string_view subject;
  size_t position;
  size_t last_end;
};
constexpr char kIterationType = 0;

template <Form kForm>
NativeResult IterateNext(NativeFrame& f) {
  auto& state = PayloadOf<Iteration>(f.callee()->upvalues[1].userdata());
  ReGroups groups(state.regex->group_count() + 1);
  if (!ReScanner::Next(*state.regex, state.subject, &state.position, &state.last_end, &groups)) return f.Return(Value::Nil());
  return ReturnMatch<kForm>(f, *state.regex, state.subject, groups);
}

template <bool kModule, Form kForm>
NativeResult Iterate(NativeFrame& f) {
  ReCall call;
  size_t from;
  bool beyond;
  if (!ReadReCall<kModule>(f, &call) || !ReadInit(f, call.subject, &from, &beyond)) return kRaised;
  Iteration state{std::move(call.regex), call.subject, beyond ? ReScanner::kNone : from, ReScanner::kNone};
  const Value upvalues[] = {f[call.subject_argument], Value::Of(NewReObject(f.vm, std::move(state), &kIterationType, ""))};
  return f.Return(Value::Of(f.vm.NewNative("re_iterator", IterateNext<kForm>, upvalues)));
}

template <Form kForm>
constexpr ReEntry Once(const char* name) {
  return {name, MatchOnce<false, kForm, ReAnchor::kNone>, MatchOnce<true, kForm, ReAnchor::kNone>};
}
template <Form kForm>
constexpr ReEntry Iterator(const char* name) {
  return {name, Iterate<false, kForm>, Iterate<true, kForm>};
}

}  // namespace

bool ReScanner::Next(const Regex& regex, std::string_view subject, size_t* position, size_t* last_end, ReGroups* groups) {
  while (*position <= subject.size()) {
    if (!regex.Match(subject, *position, ReAnchor::kNone, groups->data(), groups->size())) break;
    const std::string_view whole = (*groups)[0];
    const size_t begin = static_cast<size_t>(whole.data() - subject.data());
    if (whole.empty() && begin == *last_end) {
      *position = regex.EndOfCharacter(subject, begin);
      continue;
    }
    *position = *last_end = begin + whole.size();
    return true;
  }
  *position = kNone;
  return false;
}

const ReEntry kReMatchEntries[] = {
    Once<Form::kMatch>("match"),
    Once<Form::kFind>("find"),
    Once<Form::kExec>("exec"),
    Iterator<Form::kMatch>("gmatch"),
    Iterator<Form::kFind>("gfind"),
    Iterator<Form::kExec>("gexec"),
    {"fullmatch", MatchOnce<false, Form::kMatch, ReAnchor::kBoth>, MatchOnce<true, Form::kMatch, ReAnchor::kBoth>},
    {"test", Test<false>, Test<true>},
    {nullptr, nullptr, nullptr},
};

}  // namespace perilune::vm
