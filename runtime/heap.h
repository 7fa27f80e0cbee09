// The memory of one isolate: non-moving, segregated by size.
//
// Small objects live in blocks of 64 KiB, aligned to their size, each divided into cells of one size; larger ones are allocated singly. A
// cell whose type byte is kFree is unallocated, so that the collector can ask of any address whether an object is there
// (FindObject), which is what lets it scan native stacks conservatively. After marking, blocks are swept lazily, when an allocation
// wants a cell of their size.
//
//   block  | Block header | cell 0 | cell 1 | ...            free cell: | type = 0 ... | next free |
//
// The heap knows nothing of what objects refer to; collector.h does. It is confined to its isolate.

#ifndef PERILUNE_RUNTIME_HEAP_H_
#define PERILUNE_RUNTIME_HEAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

#include "absl/container/flat_hash_set.h"
#include "runtime/object.h"

namespace perilune {

class Heap {
 public:
  // `on_pressure(context)` is called when the allocation budget is used up; it must only take note.
  Heap(void (*on_pressure)(void*), void* context) : on_pressure_(on_pressure), context_(context) {
    for (size_t c = 0; c < kClasses; ++c) classes_[c].cell_size = CellSize(c);
  }
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // A cell of at least `size` bytes (>= 16) with its header set; the rest is uninitialised. Never null: memory that the host refuses ends the
  // process with a message.
  void* Allocate(size_t size, ObjectType type) {
    if (size <= kMaxSmall) [[likely]] {
      const size_t c = ClassOf(size);
      SizeClass& sc = classes_[c];
      Object* cell = sc.free;
      if (cell != nullptr) {
        sc.free = NextFree(cell);
      } else if (sc.bump != sc.bump_end) {
        cell = reinterpret_cast<Object*>(sc.bump);
        sc.bump += sc.cell_size;
      } else {
        cell = Refill(c);
      }
      Unpoison(cell, sc.cell_size);
      budget_ -= static_cast<int64_t>(sc.cell_size);
      if (budget_ < 0) [[unlikely]] Pressure();
      InitHeader(cell, type, 0);
      return cell;
    }
    return AllocateLarge(size, type);
  }

  // Counts memory that is owned outside of the heap; Discharge when it is freed.
  void Charge(size_t bytes) {
    external_bytes_ += bytes;
    budget_ -= static_cast<int64_t>(bytes);
    if (budget_ < 0) Pressure();
  }
  void Discharge(size_t bytes) {
    external_bytes_ -= bytes;
    budget_ += static_cast<int64_t>(bytes);
  }

  // Frees an object that nothing refers to, before any collection would find it.
  void Free(Object* object);

  // ---- For the collector.
  uint8_t current_mark() const { return mark_; }
  bool IsMarked(const Object* o) const { return o->mark == mark_; }
  // Finishes the last sweep, then makes every object unmarked.
  void BeginMarking();
  // Marks `o`; false if it already was.
  bool Mark(Object* o) {
    if (o->mark == mark_) return false;
    o->mark = mark_;
    live_bytes_ += SizeOf(o);
    return true;
  }
  // The live object that `address` points to or into, or null.
  Object* FindObject(uintptr_t address) const;
  // Frees what is unmarked (lazily) and sets the budget until the next collection.
  void EndMarking();
  // Lets the budget begin anew without a collection.
  void PostponeCollection() {
    if (budget_ >= 0) return;
    budget_ += budget_start_;
    budget_start_ *= 2;
  }
  void SweepAll();

  // ---- Statistics and tuning.
  // Bytes in use, counting garbage that is not collected yet.
  size_t bytes_in_use() const { return static_cast<size_t>(static_cast<int64_t>(live_bytes_) + spent()); }
  uint64_t collections() const { return collections_; }
  void set_pause_percent(uint32_t percent) { pause_percent_ = percent; }
  uint32_t pause_percent() const { return pause_percent_; }

  static constexpr size_t kBlockSize = size_t{64} << 10;
  static constexpr size_t kMaxSmall = 4096;

 private:
  struct Block {
    uint32_t cell_size;
    uint32_t cell_count;
    uint32_t size_class;
    bool swept;
    Object* cell(uint32_t i) { return reinterpret_cast<Object*>(reinterpret_cast<char*>(this) + kBlockHeader + size_t{i} * cell_size); }
  };
  struct Large {
    size_t size;   // of the object
    size_t index;  // in large_
    Object* object() { return reinterpret_cast<Object*>(this + 1); }
  };
  struct SizeClass {
    Object* free = nullptr;
    char* bump = nullptr;  // cells never used so far, a whole number of them
    char* bump_end = nullptr;
    size_t cell_size = 0;
    std::vector<Block*> blocks;
    size_t next_to_sweep = 0;  // blocks before it are swept
  };
  static constexpr size_t kBlockHeader = 64;
  static constexpr size_t kFineClasses = 32;  // 16, 32, ... 512
  static constexpr std::array<size_t, 8> kCoarse = {640, 768, 1024, 1280, 1536, 2048, 3072, 4096};
  static constexpr size_t kClasses = kFineClasses + kCoarse.size();
  static constexpr uint8_t kLargeFlag = 2;  // Object::gc_flags

  static size_t ClassOf(size_t size) {
    if (size <= 16 * kFineClasses) return (size + 15) / 16 - 1;
    size_t c = 0;
    while (kCoarse[c] < size) ++c;
    return kFineClasses + c;
  }
  static size_t CellSize(size_t c) { return c < kFineClasses ? (c + 1) * 16 : kCoarse[c - kFineClasses]; }
  static Object*& NextFree(Object* cell) { return *reinterpret_cast<Object**>(reinterpret_cast<char*>(cell) + 8); }
  static Block* BlockOf(const Object* o) { return reinterpret_cast<Block*>(reinterpret_cast<uintptr_t>(o) & ~(kBlockSize - 1)); }
  static Large* LargeOf(const Object* o) { return reinterpret_cast<Large*>(const_cast<Object*>(o)) - 1; }
  static size_t SizeOf(const Object* o) { return (o->gc_flags & kLargeFlag) ? LargeOf(o)->size : BlockOf(o)->cell_size; }
  void InitHeader(Object* o, ObjectType type, uint8_t gc_flags) const {
    o->type = type;
    o->mark = mark_;
    o->flags = 0;
    o->gc_flags = gc_flags;
    o->aux = 0;
  }
  // Under AddressSanitizer nobody may look into free cells (but at type and free list).
  static void Poison([[maybe_unused]] Object* cell, [[maybe_unused]] size_t size) {
    ASAN_POISON_MEMORY_REGION(reinterpret_cast<char*>(cell) + 16, size - 16);
  }
  static void Unpoison([[maybe_unused]] Object* cell, [[maybe_unused]] size_t size) { ASAN_UNPOISON_MEMORY_REGION(cell, size); }
  int64_t spent() const { return budget_start_ - budget_; }

  Object* Refill(size_t c);
  Block* NewBlock(size_t c);
  void Sweep(SizeClass& sc, Block* block);
  void* AllocateLarge(size_t size, ObjectType type);
  void FreeLarge(Large* l);
  void Pressure();
  static void Destroy(Object* o);

  SizeClass classes_[kClasses];
  std::vector<Block*> free_blocks_;
  std::vector<void*> chunks_;  // of kChunkBlocks blocks each
  std::vector<Large*> large_;
  mutable std::vector<Large*> large_by_address_;  // sorted, while marking
  absl::flat_hash_set<uintptr_t> blocks_;
  uint8_t mark_ = 1;
  int64_t budget_ = kMinBudget;
  int64_t budget_start_ = kMinBudget;
  size_t live_bytes_ = 0;  // at the end of the last marking
  size_t external_bytes_ = 0;
  uint64_t collections_ = 0;
  uint32_t pause_percent_ = 200;
  void (*on_pressure_)(void*);
  void* context_;

  static constexpr int64_t kMinBudget = 1 << 20;
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HEAP_H_
