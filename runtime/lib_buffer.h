// A byte buffer that library functions build their results in: it starts inside the C++ frame and
// moves to the host's heap when it outgrows that, which is charged to the isolate and may collect.
// Appending never fails visibly; when there is not enough memory, or the script is to end while much
// is copied, the contents are dropped and the buffer remembers (failed()), so that only the end of the
// work needs a check.

#ifndef PERILUNE_RUNTIME_LIB_BUFFER_H_
#define PERILUNE_RUNTIME_LIB_BUFFER_H_

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/isolate.h"
#include "runtime/native.h"

namespace perilune::vm {

// What a fast native (object.h) builds its result in. Once something has had no room, failed().
class SmallBuffer {
 public:
  static constexpr size_t kSize = 1000;

  bool Append(const char* from, size_t n) {
    if (n > kSize - size_) [[unlikely]]
      return !(failed_ = true);
    std::memcpy(bytes_ + size_, from, n);
    size_ += n;
    return true;
  }
  bool Append(std::string_view s) { return s.empty() || Append(s.data(), s.size()); }
  bool Append(char c) { return Append(&c, 1); }
  bool AppendFill(char c, size_t n) {
    if (n > kSize - size_) return !(failed_ = true);
    std::memset(bytes_ + size_, c, n);
    size_ += n;
    return true;
  }
  // Room for n bytes at the end, at most kReserve; Commit says how many were written.
  static constexpr size_t kReserve = 512;
  char* Reserve(size_t) { return bytes_ + size_; }
  void Commit(size_t n) {
    size_ += n;
    if (size_ <= kSize) return;
    failed_ = true;
    size_ = 0;
  }

  void Clear() { size_ = 0; }
  bool failed() const { return failed_; }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  size_t size_ = 0;
  bool failed_ = false;
  char bytes_[kSize + kReserve];
};

class Buffer {
 public:
  // Bytes that fit without touching the heap.
  static constexpr size_t kInlineSize = 1024;

  explicit Buffer(Isolate& vm) : vm_(vm), heap_(vm.heap()) {}
  ~Buffer() {
    if (data_ == inline_) return;
    heap_.Discharge(capacity_);
    std::free(data_);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void Append(char c) {
    if (size_ == capacity_) [[unlikely]]
      Grow(1);
    data_[size_++] = c;
  }
  void Append(std::string_view bytes) { Append(bytes.data(), bytes.size()); }
  void Append(const char* bytes, size_t n) {
    if (n > capacity_ - size_) [[unlikely]] {
      if (!Grow(n)) return;
    }
    if (n > kBlock) [[unlikely]]
      return CopyMuch(bytes, n);
    if (n != 0) std::memcpy(data_ + size_, bytes, n);
    size_ += n;
  }
  void AppendFill(char c, size_t n) {
    if (n > capacity_ - size_ && !Grow(n)) return;
    std::memset(data_ + size_, c, n);
    size_ += n;
  }

  // Room for n bytes at the end; Commit says how many were written. If n > kInlineSize, only when
  // failed() is false.
  char* Reserve(size_t n) {
    if (n > capacity_ - size_) [[unlikely]]
      Grow(n);
    return data_ + size_;
  }
  void Commit(size_t n) { size_ += n; }

  // Shortens the contents.
  void Truncate(size_t size) { size_ = size; }
  void Clear() { size_ = 0; }

  std::string_view view() const { return {data_, size_}; }
  const char* data() const { return data_; }
  size_t size() const { return size_; }
  bool failed() const { return failed_; }

  // Makes the contents the one result of `f`, or raises what went wrong.
  NativeResult ReturnFrom(NativeFrame& f) const {
    if (failed_ || size_ > kBlock) [[unlikely]]
      return ReturnMuch(f);
    return f.Return(view());
  }

 private:
  // Bytes that are copied between looks at the isolate's poll.
  static constexpr size_t kBlock = size_t{1} << 20;

  // Appends bytes that there is room for.
  void CopyMuch(const char* bytes, size_t n);
  NativeResult ReturnMuch(NativeFrame& f) const;
  void Fail() {
    failed_ = true;
    size_ = 0;
  }
  // Makes room for n more bytes. After a refusal the buffer is empty, so there is room for
  // kInlineSize bytes in any case.
  bool Grow(size_t n) {
    const size_t wanted =
        capacity_ + capacity_ / 2 > size_ + n ? capacity_ + capacity_ / 2 : size_ + n;
    const size_t capacity = wanted < 2 * kInlineSize ? 2 * kInlineSize : wanted;
    char* grown = TryResize(capacity);
    if (grown == nullptr) {
      Fail();
      return false;
    }
    if (data_ == inline_) std::memcpy(grown, inline_, size_);
    data_ = grown;
    capacity_ = capacity;
    return true;
  }

  // The memory at `data_` enlarged, or new one if that is inline_; null: not enough.
  char* TryResize(size_t capacity) {
    const size_t more = data_ == inline_ ? capacity : capacity - capacity_;
    if (!heap_.TryCharge(more)) return nullptr;
    char* const old = data_ == inline_ ? nullptr : data_;
    void* grown = std::realloc(old, capacity);
    if (grown == nullptr) {
      heap_.CollectNow();
      grown = std::realloc(old, capacity);
      if (grown == nullptr) heap_.Discharge(more);
    }
    return static_cast<char*>(grown);
  }

  Isolate& vm_;
  Heap& heap_;
  char* data_ = inline_;
  size_t size_ = 0;
  size_t capacity_ = kInlineSize;
  bool failed_ = false;
  char inline_[kInlineSize];
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_BUFFER_H_
