// Values that the host holds: roots of an isolate's collector, apart from the Lua stack. Confined to the isolate's thread. The table is shared with
// the handles (by a count), so that one which outlives the isolate can still be destroyed.

#ifndef PERILUNE_RUNTIME_HANDLES_H_
#define PERILUNE_RUNTIME_HANDLES_H_

#include <cstdint>
#include <vector>

#include "runtime/value.h"

namespace perilune::vm {

class HandleTable {
 public:
  HandleTable() = default;
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;

  // Keeps `v` alive until Remove() of the index that this answers.
  uint32_t Add(const Value& v) {
    if (free_ == kNone) {
      values_.push_back(v);
      return static_cast<uint32_t>(values_.size() - 1);
    }
    const uint32_t index = free_;
    free_ = static_cast<uint32_t>(values_[index].bits);
    values_[index] = v;
    return index;
  }
  void Remove(uint32_t index) {
    values_[index] = Value::Nil();
    values_[index].bits = free_;
    free_ = index;
  }

  void Ref() { ++count_; }
  void Unref() {
    if (--count_ == 0) delete this;
  }

  template <typename F>
  void ForEach(F visit) const {
    for (const Value& v : values_) visit(v);
  }

 private:
  ~HandleTable() = default;

  static constexpr uint32_t kNone = UINT32_MAX;
  std::vector<Value> values_;  // a free entry is nil, with the index of the next one as its bits
  uint32_t free_ = kNone;
  uint64_t count_ = 1;  // the isolate and each handle
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_HANDLES_H_
