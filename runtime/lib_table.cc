// The table library, except sort (lib_table_sort.cc). Tables with metatables, and other objects
// with the metamethods that an operation needs, are accessed through their metamethods; plain
// tables directly.

#include "runtime/lib_table.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/arithmetic.h"
#include "runtime/lib_buffer.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"
#include "runtime/metamethod.h"
#include "runtime/number_text.h"

namespace perilune::vm {

bool CheckList(NativeFrame& f, uint32_t n, uint32_t operations) {
  const Value v = f[n];
  if (v.IsTable()) [[likely]]
    return true;
  const Table* metatable = f.IsNone(n) ? nullptr : f.vm.MetatableOf(v);
  if (metatable != nullptr &&
      (!(operations & kListRead) || !f.vm.MetamethodOf(metatable, Event::kIndex).IsNil()) &&
      (!(operations & kListWrite) || !f.vm.MetamethodOf(metatable, Event::kNewIndex).IsNil()) &&
      (!(operations & kListLength) || !f.vm.MetamethodOf(metatable, Event::kLen).IsNil())) {
    return true;
  }
  f.TypeError(n, "table");
  return false;
}

bool ListLength(NativeFrame& f, const Value& list, int64_t* out) {
  if (IsPlain(list)) [[likely]] {
    *out = list.table()->Length();
    return true;
  }
  Value length;
  if (!f.vm.Length(list, &length)) return false;
  if (length.IsInteger()) {
    *out = length.integer;
    return true;
  }
  if (length.IsString()) {
    if (const auto number = TextToNumber(length.string()->view())) length = *number;
  }
  if (NumberToInteger(length, out)) return true;
  f.Error("object length is not an integer");
  return false;
}

namespace {

// Elements that are moved without a poll.
constexpr int64_t kMaxAtOnce = int64_t{1} << 20;
constexpr int64_t kMaxInteger = std::numeric_limits<int64_t>::max();

// list[to] = list[from], and so on for `count` elements, upwards.
bool MoveUpwards(Isolate& vm, const Value& from_list, int64_t from, const Value& to_list,
                 int64_t to, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    Value v;
    if (!vm.CheckPoll() || !GetElement(vm, from_list, WrapAdd(from, i), &v) ||
        !SetElement(vm, to_list, WrapAdd(to, i), v))
      return false;
  }
  return true;
}

// Likewise, from the last element down.
bool MoveDownwards(Isolate& vm, const Value& from_list, int64_t from, const Value& to_list,
                   int64_t to, int64_t count) {
  for (int64_t i = count - 1; i >= 0; --i) {
    Value v;
    if (!vm.CheckPoll() || !GetElement(vm, from_list, WrapAdd(from, i), &v) ||
        !SetElement(vm, to_list, WrapAdd(to, i), v))
      return false;
  }
  return true;
}

// Whether elements [first, first + count) of a plain table are all in its array part.
bool InArray(const Table* t, int64_t first, int64_t count) {
  return first >= 1 && count >= 0 && first - 1 <= int64_t{t->array_size} &&
         count <= int64_t{t->array_size} - (first - 1);
}

// Moves elements at once if both places are in array parts of plain tables. Whether it did.
bool MoveInArrays(const Value& from_list, int64_t from, const Value& to_list, int64_t to,
                  int64_t count) {
  if (!IsPlain(from_list) || !IsPlain(to_list) || count > kMaxAtOnce) return false;
  const Table* source = from_list.table();
  const Table* target = to_list.table();
  if (!InArray(source, from, count) || !InArray(target, to, count)) return false;
  std::memmove(static_cast<void*>(target->array + (to - 1)), source->array + (from - 1),
               static_cast<size_t>(count) * sizeof(Value));
  return true;
}

// Moves `count` elements within one list by one place.
bool Shift(Isolate& vm, const Value& list, int64_t from, int64_t to, int64_t count) {
  if (count <= 0 || MoveInArrays(list, from, list, to, count)) return true;
  return to > from ? MoveDownwards(vm, list, from, list, to, count)
                   : MoveUpwards(vm, list, from, list, to, count);
}

NativeResult Insert(NativeFrame& f) {
  int64_t size;
  if (!CheckList(f, 1, kListRead | kListWrite | kListLength)) return kRaised;
  const Value list = f[1];
  if (!ListLength(f, list, &size)) return kRaised;
  const int64_t end = WrapAdd(size, 1);  // first empty element
  if (f.count == 2) return RaisedUnless(SetElement(f.vm, list, end, f[2]));
  if (f.count != 3) return f.Error("wrong number of arguments to 'insert'");
  int64_t position;
  if (!f.CheckInteger(2, &position)) return kRaised;
  if (static_cast<uint64_t>(position) - 1 >= static_cast<uint64_t>(end))
    return f.ArgError(2, "position out of bounds");
  if (position < end) {
    // The last element goes first, which makes room for the others.
    Value last;
    if (!GetElement(f.vm, list, size, &last) || !SetElement(f.vm, list, end, last)) return kRaised;
    if (!Shift(f.vm, list, position, position + 1, size - position)) return kRaised;
  }
  return RaisedUnless(SetElement(f.vm, list, position, f[3]));
}

// Behind the last element.
int32_t FastInsert(Isolate*, Value* args, uint64_t count) {
  if (count != 2 || !IsPlain(args[0])) return kDeclined;
  Table* t = args[0].table();
  const auto end = static_cast<uint64_t>(t->Length());
  if (end >= t->array_size) return kDeclined;
  t->array[end] = args[1];
  return 0;
}

// The last element.
int32_t FastRemove(Isolate*, Value* args, uint64_t count) {
  if (count != 1 || !IsPlain(args[0])) return kDeclined;
  Table* t = args[0].table();
  const uint64_t last = static_cast<uint64_t>(t->Length()) - 1;
  if (last >= t->array_size) return kDeclined;
  const Value removed = t->array[last];
  t->array[last] = Value::Nil();
  return FastReturn(args, removed);
}

NativeResult Remove(NativeFrame& f) {
  int64_t size, position;
  if (!CheckList(f, 1, kListRead | kListWrite | kListLength)) return kRaised;
  const Value list = f[1];
  if (!ListLength(f, list, &size) || !f.OptInteger(2, size, &position)) return kRaised;
  if (position != size && static_cast<uint64_t>(position) - 1 > static_cast<uint64_t>(size)) {
    return f.ArgError(1, "position out of bounds");
  }
  Value removed;
  if (!GetElement(f.vm, list, position, &removed)) return kRaised;
  if (position < size) {
    if (!Shift(f.vm, list, position + 1, position, size - position)) return kRaised;
    position = size;
  }
  if (!SetElement(f.vm, list, position, Value::Nil())) return kRaised;
  return f.Return(removed);
}

NativeResult Move(NativeFrame& f) {
  int64_t first, last, to;
  if (!f.CheckInteger(2, &first) || !f.CheckInteger(3, &last) || !f.CheckInteger(4, &to))
    return kRaised;
  const uint32_t target_arg = f.IsNoneOrNil(5) ? 1 : 5;
  if (!CheckList(f, 1, kListRead) || !CheckList(f, target_arg, kListWrite)) return kRaised;
  const Value from_list = f[1], to_list = f[target_arg];
  if (last >= first) {
    if (!(first > 0 || last < kMaxInteger + first))
      return f.ArgError(3, "too many elements to move");
    const int64_t count = last - first + 1;
    if (to > kMaxInteger - count + 1) return f.ArgError(4, "destination wrap around");
    bool upwards = to > last || to <= first;
    if (!upwards && target_arg != 1) {
      bool same;
      if (!f.vm.Equals(from_list, to_list, &same)) return kRaised;
      upwards = !same;
    }
    const bool ok = MoveInArrays(from_list, first, to_list, to, count) ||
                    (upwards ? MoveUpwards(f.vm, from_list, first, to_list, to, count)
                             : MoveDownwards(f.vm, from_list, first, to_list, to, count));
    if (!ok) return kRaised;
  }
  return f.Return(f[target_arg]);
}

// The common case of AddElement: a string in the array part, while nothing wants attention. False: it is something else.
[[gnu::always_inline]] inline bool AddString(Isolate& vm, const Table* list, int64_t i, Buffer* out) {
  if (list == nullptr || list->metatable != nullptr || static_cast<uint64_t>(i) - 1 >= list->array_size) return false;
  const Value& v = list->array[i - 1];
  if (!v.IsString() || out->failed() || vm.poll.load(std::memory_order_relaxed) != 0) return false;
  out->Append(v.string()->view());
  return true;
}

bool AddElement(NativeFrame& f, const Value& list, int64_t i, Buffer* out) {
  Value v;
  if (out->failed()) return f.vm.RaiseMemoryError();
  if (!f.vm.CheckPoll() || !GetElement(f.vm, list, i, &v)) return false;
  if (v.IsString()) {
    out->Append(v.string()->view());
    return true;
  }
  if (v.IsNumber()) {
    char text[lang::kNumberBufferSize];
    out->Append(NumberText(v, text));
    return true;
  }
  f.Error("invalid value (" + std::string(TypeName(v.tag)) + ") at index " + std::to_string(i) +
          " in table for 'concat'");
  return false;
}

NativeResult Concat(NativeFrame& f) {
  int64_t size, first, last;
  std::string_view separator;
  if (!CheckList(f, 1, kListRead | kListLength)) return kRaised;
  const Value list = f[1];
  if (!ListLength(f, list, &size) || !f.OptString(2, "", &separator)) return kRaised;
  if (!f.OptInteger(3, 1, &first) || !f.OptInteger(4, size, &last)) return kRaised;
  Buffer out(f.vm);
  if (first <= last) {
    const Table* table = list.IsTable() ? list.table() : nullptr;
    for (int64_t i = first; i < last; ++i) {
      if (!AddString(f.vm, table, i, &out) && !AddElement(f, list, i, &out)) return kRaised;
      out.Append(separator);
    }
    if (!AddElement(f, list, last, &out)) return kRaised;
  }
  return out.ReturnFrom(f);
}

// Of a list in an array part.
int32_t FastConcat(Isolate* vm, Value* args, uint64_t count) {
  if (count == 0 || count > 2 || !args[0].IsTable() || args[0].table()->metatable != nullptr) return kDeclined;
  std::string_view separator;
  if (count == 2 && !args[1].IsNil()) {
    if (!args[1].IsString()) return kDeclined;
    separator = args[1].string()->view();
  }
  Table* t = args[0].table();
  const int64_t size = t->Length();
  if (size > static_cast<int64_t>(std::min(t->array_size, static_cast<uint32_t>(SmallBuffer::kSize)))) return kDeclined;
  SmallBuffer out;
  for (int64_t i = 0; i < size; ++i) {
    if (i != 0) out.Append(separator);
    const Value& v = t->array[i];
    if (v.IsString()) {
      out.Append(v.string()->view());
    } else {
      char text[lang::kNumberBufferSize];
      if (!v.IsNumber() || !out.Append(NumberText(v, text))) return kDeclined;
    }
    if (out.failed()) return kDeclined;
  }
  return FastReturn(vm, args, out.view());
}

NativeResult Pack(NativeFrame& f) {
  Table* t = f.vm.TryNewTable(f.count, 1);
  if (t == nullptr) return f.MemoryError();
  for (uint32_t n = 1; n <= f.count; ++n) t->array[n - 1] = f[n];
  SetField(f.vm, t, "n", Value::Integer(f.count));
  return f.Return(Value::Of(t));
}

NativeResult Unpack(NativeFrame& f) {
  int64_t first, last;
  const Value list = f[1];
  if (!f.OptInteger(2, 1, &first)) return kRaised;
  if (f.IsNoneOrNil(3) ? !ListLength(f, list, &last) : !f.CheckInteger(3, &last)) return kRaised;
  if (first > last) return f.Return();
  const uint64_t n = static_cast<uint64_t>(last) - static_cast<uint64_t>(first);
  if (n >= kMaxResult || !f.vm.EnsureStack(n + 1)) return f.Error("too many results to unpack");
  if (IsPlain(list) && InArray(list.table(), first, last - first + 1)) {
    std::memcpy(static_cast<void*>(f.vm.top), list.table()->array + (first - 1),
                (n + 1) * sizeof(Value));
    f.vm.top += n + 1;
    return f.ReturnPushed(static_cast<uint32_t>(n + 1));
  }
  for (uint64_t i = 0; i <= n; ++i) {
    Value v;
    if (!f.vm.CheckPoll() || !GetElement(f.vm, list, static_cast<int64_t>(static_cast<uint64_t>(first) + i), &v))
      return kRaised;
    f.Push(v);
  }
  return f.ReturnPushed(static_cast<uint32_t>(n + 1));
}

int32_t FastUnpack(Isolate*, Value* args, uint64_t count) {
  if (count == 0 || !IsPlain(args[0])) return kDeclined;
  Table* t = args[0].table();
  if (count > 1 && (count != 3 || !args[1].IsInteger() || !args[2].IsInteger())) return kDeclined;
  const int64_t first = count == 1 ? 1 : args[1].integer;
  const int64_t last = count == 1 ? t->Length() : args[2].integer;
  if (first > last) return 0;
  const uint64_t n = static_cast<uint64_t>(last) - static_cast<uint64_t>(first) + 1;
  if (first < 1 || last > static_cast<int64_t>(t->array_size) || n > static_cast<uint64_t>(kMaxFastResults)) return kDeclined;
  std::memcpy(static_cast<void*>(args - kFrameHeader), t->array + (first - 1), n * sizeof(Value));
  return static_cast<int32_t>(n);
}

constexpr NativeEntry kFunctions[] = {
    {"concat", Concat, FastConcat},
    {"insert", Insert, FastInsert, Intrinsic::kInsert},
    {"move", Move},
    {"pack", Pack},
    {"remove", Remove, FastRemove},
    {"sort", TableSort},
    {"unpack", Unpack, FastUnpack},
    {nullptr, nullptr},
};

}  // namespace

void OpenTable(Isolate& vm) { NewLibrary(vm, "table", kFunctions); }

}  // namespace perilune::vm
