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
  uint32_t size() const { return size_; }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  T* begin() { return data_.get(); }
  T* end() { return data_.get() + size_; }
  const T* begin() const { return data_.get(); }
  const T* end() const { return data_.get() + size_; }

  void clear() { size_ = 0; }
  void push_back(T value) {
    *Room(1) = std::move(value);
    ++size_;
  }
  void pop_back() { --size_; }
  // Where so many more elements can be written; they belong to the array after Extend.
  T* Room(uint32_t count) {
    if (ABSL_PREDICT_FALSE(capacity_ - size_ < count)) Grow(count);
    return data_.get() + size_;
  }
  void Extend(uint32_t count) { size_ += count; }
  void ExtendTo(const T* end) { size_ = static_cast<uint32_t>(end - data_.get()); }
  // So many elements, of what value they may be.
  void ResizeUninitialized(uint32_t size) {
    size_ = 0;
    Room(size);
    size_ = size;
  }

 private:
  PERILUNE_RARE void Grow(uint32_t count) {
    const uint32_t capacity = std::max(size_ + count, 2 * capacity_ + 16);
    auto grown = std::make_unique<T[]>(capacity);
    std::move(begin(), end(), grown.get());
    data_ = std::move(grown);
    capacity_ = capacity;
  }

  std::unique_ptr<T[]> data_;
  uint32_t size_ = 0, capacity_ = 0;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_REUSED_ARRAY_H_
