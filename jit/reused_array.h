// An array that the compiler fills anew for each function: clearing it keeps its memory, so that in the long run nothing is allocated, and
// appending inlines to a comparison and a store, with nothing that makes the caller save registers.

#ifndef PERILUNE_JIT_REUSED_ARRAY_H_
#define PERILUNE_JIT_REUSED_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"

namespace perilune::vm::jit {

// Rare work: its callers need not expect it to change registers, and keep their common case free of saving them.
#define PERILUNE_RARE ABSL_ATTRIBUTE_NOINLINE ABSL_ATTRIBUTE_COLD __attribute__((preserve_most))

template <typename T>
class ReusedArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  uint32_t size() const { return static_cast<uint32_t>(end_ - data_.get()); }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T& back() { return end_[-1]; }
  T* begin() { return data_.get(); }
  T* end() { return end_; }
  const T* begin() const { return data_.get(); }
  const T* end() const { return end_; }

  void clear() { end_ = data_.get(); }
  void push_back(T value) {
    if (ABSL_PREDICT_FALSE(end_ == limit_)) Grow(1);
    *end_++ = std::move(value);
  }
  void pop_back() { --end_; }
  // Where so many more elements can be written; they belong to the array after Extend.
  T* Room(uint32_t count) {
    if (ABSL_PREDICT_FALSE(static_cast<size_t>(limit_ - end_) < count)) Grow(count);
    return end_;
  }
  void Extend(uint32_t count) { end_ += count; }
  void ExtendTo(T* end) { end_ = end; }
  // So many elements, of what value they may be.
  void ResizeUninitialized(uint32_t size) {
    clear();
    end_ = Room(size) + size;
  }

 private:
  PERILUNE_RARE void Grow(uint32_t count) {
    const size_t capacity = std::max(size_t{size()} + count, 2 * static_cast<size_t>(limit_ - data_.get()) + 16);
    auto grown = std::make_unique<T[]>(capacity);
    T* const end = std::move(begin(), end_, grown.get());
    data_ = std::move(grown);
    end_ = end;
    limit_ = data_.get() + capacity;
  }

  std::unique_ptr<T[]> data_;
  T* end_ = nullptr;
  T* limit_ = nullptr;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_REUSED_ARRAY_H_
