// table.sort: the reference's quicksort, with its choice of pivots, so that the sequence of
// comparisons, which a comparison function can observe, and the order of equal elements are the
// same. For each interval the pivot is the median of its first, middle and last element; the pivot
// then stands in the last place but one.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "runtime/arithmetic.h"
#include "runtime/lib_table.h"
#include "runtime/repeated_call.h"

namespace perilune::vm {
namespace {

// Larger intervals choose their pivot at random once a partition was badly unbalanced.
constexpr uint32_t kLargeInterval = 100;

uint32_t RandomPivotSeed() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return static_cast<uint32_t>(now) + static_cast<uint32_t>(static_cast<uint64_t>(now) >> 32);
}

// An element near the middle of the interval, away from its outer quarters.
uint32_t ChoosePivot(uint32_t low, uint32_t high, uint32_t random) {
  const uint32_t quarter = (high - low) / 4;
  return random % (quarter * 2) + (low + quarter);
}

class Sorter {
 public:
  Sorter(NativeFrame& f, const Value& list, const Value& order)
      : f_(f), list_(list), has_order_(!order.IsNil()), order_(f.vm, order) {}

  // Sorts the elements [low, high]. False: an error was raised.
  bool Sort(uint32_t low, uint32_t high, uint32_t random);

 private:
  bool Get(uint32_t i, Value* out) { return GetElement(f_.vm, list_, i, out); }
  bool Set(uint32_t i, const Value& v) { return SetElement(f_.vm, list_, i, v); }
  bool Set2(uint32_t i, const Value& v, uint32_t j, const Value& w) {
    return Set(i, v) && Set(j, w);
  }
  bool Less(const Value& a, const Value& b, bool* out);
  bool Partition(uint32_t low, uint32_t high, const Value& pivot, uint32_t* middle);
  bool BadOrder() {
    f_.Error("invalid order function for sorting");
    return false;
  }

  NativeFrame& f_;
  const Value list_;
  const bool has_order_;
  RepeatedCall order_;
};

[[gnu::always_inline]] inline bool Sorter::Less(const Value& a, const Value& b, bool* out) {
  if (!f_.vm.CheckPoll()) return false;
  if (!has_order_) return f_.vm.LessThan(a, b, out);
  const Value args[] = {a, b};
  Value result;
  if (!order_(args, &result)) return false;
  *out = result.IsTruthy();
  return true;
}

// Invariant: elements [low, i] <= pivot <= elements [j, high]; element high - 1 is the pivot.
bool Sorter::Partition(uint32_t low, uint32_t high, const Value& pivot, uint32_t* middle) {
  uint32_t i = low;
  uint32_t j = high - 1;
  for (;;) {
    Value left, right;
    bool less;
    for (;;) {
      if (!Get(++i, &left) || !Less(left, pivot, &less)) return false;
      if (!less) break;
      if (i == high - 1) return BadOrder();  // the pivot is less than itself
    }
    for (;;) {
      if (!Get(--j, &right) || !Less(pivot, right, &less)) return false;
      if (!less) break;
      if (j < i) return BadOrder();
    }
    if (j < i) {
      // The pivot goes between the halves.
      if (!Set2(high - 1, left, i, pivot)) return false;
      *middle = i;
      return true;
    }
    if (!Set2(i, right, j, left)) return false;
  }
}

bool Sorter::Sort(uint32_t low, uint32_t high, uint32_t random) {
  while (low < high) {
    Value a, b;
    bool less;
    if (!Get(low, &a) || !Get(high, &b) || !Less(b, a, &less)) return false;
    if (less && !Set2(low, b, high, a)) return false;
    if (high - low == 1) break;
    uint32_t p = high - low > kLargeInterval && random != 0 ? ChoosePivot(low, high, random)
                                                            : (low + high) / 2;
    if (!Get(p, &a) || !Get(low, &b) || !Less(a, b, &less)) return false;
    if (less) {
      if (!Set2(p, b, low, a)) return false;
    } else {
      if (!Get(high, &b) || !Less(b, a, &less)) return false;
      if (less && !Set2(p, b, high, a)) return false;
    }
    if (high - low == 2) break;
    Value pivot, neighbour;
    if (!Get(p, &pivot) || !Get(high - 1, &neighbour) || !Set2(p, neighbour, high - 1, pivot))
      return false;
    if (!Partition(low, high, pivot, &p)) return false;
    // The shorter half by recursion, so that its depth stays logarithmic; the longer one by the
    // loop.
    uint32_t shorter;
    if (p - low < high - p) {
      if (!Sort(low, p - 1, random)) return false;
      shorter = p - low;
      low = p + 1;
    } else {
      if (!Sort(p + 1, high, random)) return false;
      shorter = high - p;
      high = p - 1;
    }
    if ((high - low) / 128 > shorter) random = RandomPivotSeed();
  }
  return true;
}

// ---- Lists of one type without an order function: nothing sees the comparisons, and equal elements are the same, so that any algorithm will do.

// Longer lists would take long without a poll.
constexpr int64_t kMaxAtOnce = int64_t{1} << 18;

template <typename Accept, typename Less>
bool SortIf(Value* first, Value* last, Accept accept, Less less) {
  if (!std::all_of(first, last, accept)) return false;
  std::sort(first, last, less);
  return true;
}

bool SortAtOnce(Value* first, Value* last) {
  switch (first->tag) {
    case Tag::kInteger:
      return SortIf(
          first, last, [](const Value& v) { return v.IsInteger(); }, [](const Value& a, const Value& b) { return a.integer < b.integer; });
    case Tag::kFloat:  // but no NaNs, nor zeros, which may have signs
      return SortIf(
          first, last, [](const Value& v) { return v.IsFloat() && (v.number < 0 || v.number > 0); },
          [](const Value& a, const Value& b) { return a.number < b.number; });
    case Tag::kString:
      return SortIf(
          first, last, [](const Value& v) { return v.IsString() && v.string()->is_short(); },
          [](const Value& a, const Value& b) { return a.string()->view() < b.string()->view(); });
    default:
      return false;
  }
}

}  // namespace

NativeResult TableSort(NativeFrame& f) {
  int64_t size;
  if (!CheckList(f, 1, kListRead | kListWrite | kListLength) || !ListLength(f, f[1], &size))
    return kRaised;
  if (size > 1) {
    if (size >= static_cast<int64_t>(kMaxResult)) return f.ArgError(1, "array too big");
    if (!f.IsNoneOrNil(2) && !f.CheckFunction(2)) return kRaised;
    if (f.IsNoneOrNil(2) && IsPlain(f[1]) && size <= kMaxAtOnce && size <= static_cast<int64_t>(f[1].table()->array_size)) {
      Value* const array = f[1].table()->array;
      if (SortAtOnce(array, array + size)) return f.Return();
    }
    if (!Sorter(f, f[1], f[2]).Sort(1, static_cast<uint32_t>(size), 0)) return kRaised;
  }
  return f.Return();
}

}  // namespace perilune::vm
