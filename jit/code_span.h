// Code spans: a piece of code memory whose type says what may be done with it.
//
// [DOC] Code span states
//
//   CodeMemory::Allocate()            CodePublisher::Publish()
//          │                                   │
//          ▼                                   ▼
//   CodeSpan<Writable> ───────────────► CodeSpan<Executable>
//     address to link for                 entry points to jump to
//     no entry point                      no way to write
//          │ destroyed                         │ CodePublisher::Release()
//          ▼                                   ▼
//     memory is free again              filled with udf #0, quarantined
//
// A span is owned by one object and only moves. Two rules follow from the
// types: no entry point exists before publication has finished, and no word
// changes afterwards (a debug build also hashes the words and checks them at
// release).
//
// An unpublished span returns its memory when destroyed; nobody can have jumped
// to it. A published one must be released by hand, after a grace period that
// proves no thread is inside or will return into it. One that is merely
// destroyed is leaked on purpose: leaking is safe, reuse would not be.
//
// The RW address never leaves this class: CodeMemory and CodePublisher see it.

#ifndef PERILUNE_JIT_CODE_SPAN_H_
#define PERILUNE_JIT_CODE_SPAN_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace perilune::vm::jit {

class CodeMemory;
class CodePublisher;

struct Writable {};
struct Executable {};

// What both states own: `size` bytes from `offset` of a CodeMemory, or nothing.
class CodeSpanBase {
 public:
  // The address at which the code will run, or runs.
  uintptr_t address() const { return reinterpret_cast<uintptr_t>(rx_); }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool Contains(uintptr_t pc) const { return pc - address() < size_; }

 protected:
  CodeSpanBase() = default;
  CodeSpanBase(CodeMemory* memory, uint32_t* rw, const uint32_t* rx,
               size_t size)
      : memory_(memory), rw_(rw), rx_(rx), size_(size) {}
  CodeSpanBase(CodeSpanBase&& other) noexcept { Swap(other); }
  CodeSpanBase& operator=(CodeSpanBase&&) = delete;
  ~CodeSpanBase() = default;

  void Swap(CodeSpanBase& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(rw_, other.rw_);
    std::swap(rx_, other.rx_);
    std::swap(size_, other.size_);
  }

  void Clear() {
    CodeSpanBase none;
    Swap(none);
  }

  friend class CodeMemory;
  friend class CodePublisher;

  CodeMemory* memory_ = nullptr;
  uint32_t* rw_ = nullptr;
  const uint32_t* rx_ = nullptr;
  size_t size_ = 0;
};

template <typename State>
class CodeSpan;

template <>
class CodeSpan<Writable> : public CodeSpanBase {
 public:
  CodeSpan() = default;
  CodeSpan(CodeSpan&&) noexcept = default;
  CodeSpan& operator=(CodeSpan&& other) noexcept {
    CodeSpan taken(std::move(other));
    Swap(taken);
    return *this;
  }
  // Returns the memory. The CodeMemory must outlive its spans.
  ~CodeSpan();

 private:
  friend class CodeMemory;
  using CodeSpanBase::CodeSpanBase;
};

template <>
class CodeSpan<Executable> : public CodeSpanBase {
 public:
  CodeSpan() = default;
  CodeSpan(CodeSpan&& other) noexcept = default;
  CodeSpan& operator=(CodeSpan&& other) noexcept {
    assert(empty() && "a published span must be released, not overwritten");
    Swap(other);
    std::swap(hash_, other.hash_);
    return *this;
  }

  // The instruction `offset` bytes into the code, to be called or jumped to
  // by threads of this process.
  const void* entry(uint32_t offset = 0) const {
    assert(offset < size_ && offset % 4 == 0);
    return rx_ + offset / 4;
  }

 private:
  friend class CodePublisher;
  // Only the publisher promotes a span.
  CodeSpan(CodeSpan<Writable>&& written, uint64_t hash)
      : CodeSpanBase(std::move(written)), hash_(hash) {}

  uint64_t hash_ = 0;  // of the words at publication; 0 if not verified
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_SPAN_H_
