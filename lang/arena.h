// A bump allocator for objects that die together. It never runs destructors, so it holds trivially
// destructible types only: freeing an AST is freeing a few large blocks, however deep the tree is.

#ifndef PERILUNE_LANG_ARENA_H_
#define PERILUNE_LANG_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace perilune::lang {

// Owns what it hands out; everything lives until the arena dies. Not thread-safe. Movable: what was
// handed out stays where it is.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Returns a new T initialised as T{args...}.
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  // Returns a copy of the elements of `source`.
  template <typename T>
  std::span<T> CopySpan(std::span<const T> source) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (source.empty()) return {};
    void* memory = Allocate(source.size_bytes(), alignof(T));
    std::memcpy(memory, source.data(), source.size_bytes());
    return {static_cast<T*>(memory), source.size()};
  }

  // Returns a copy of `source`; not zero-terminated.
  std::string_view CopyString(std::string_view source) {
    const std::span<char> copy = CopySpan(std::span<const char>(source));
    return {copy.data(), copy.size()};
  }

 private:
  static constexpr size_t kMinBlockSize = 4096;
  static constexpr size_t kMaxBlockSize = size_t{1} << 20;

  void* Allocate(size_t size, size_t alignment) {
    // Blocks come from new[], aligned for every fundamental type, so offsets can be aligned alone.
    size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (blocks_.empty() || start + size > block_size_) {
      block_size_ = std::max(std::clamp(block_size_ * 2, kMinBlockSize, kMaxBlockSize), size);
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_size_));
      start = 0;
    }
    used_ = start + size;
    return blocks_.back().get() + start;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t block_size_ = 0;  // of blocks_.back()
  size_t used_ = 0;        // bytes of blocks_.back() handed out
};

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_ARENA_H_
