// The memory of one isolate: non-moving, segregated by size.
//
// Small objects live in blocks of 64 KiB, aligned to their size, each divided into cells of one size; larger ones are allocated singly.
//
//   block  | Block header | cell 0 | cell 1 | ...
//
// Each size has an area: adjacent cells that the next allocations take from its beginning, by a comparison and an addition (machine code does it, too).
// An empty area is refilled by a piece of a run of free cells. Runs are found by sweeping blocks lazily after a collection, or are new blocks; marking
// counts the objects in each block, and a block without any is free as a whole. So nothing is written into a free cell until it is allocated again; only
// when marking begins are the cells of areas and runs, and of blocks not swept by then, given the type kFree. Then the collector can ask of any address
// whether an object is there (FindObject), which is what lets it scan native stacks conservatively.
//
// The budget is charged for whole pieces, small ones when it is nearly used up.
//
// The heap knows nothing of what objects refer to; collector.h does. It is confined to its isolate.
//
// [DOC] Memory limits. All that a script makes its isolate hold is counted: objects, and what is owned outside of cells (Charge: Lua stacks, buffers,
// bytecode). It is limited by set_max_bytes and by the host, which may refuse memory. Then
//
// 1. large requests (TryAllocate, TryCharge) first have the owner collect on the spot; if that does not help they are refused, and whoever made
//    them must raise "not enough memory" at once, leaving everything as it was;
// 2. small requests are always granted: of a slack below the limit, or of a reserve that the host then gets back. From then on exhausted() is true, so
//    that the next poll collects and raises the error if that does not help. What one op or library function allocates without a look at
//    exhausted() or a poll must be bounded: allocating ops look, and loops of library functions call Isolate::CheckPoll.
//
// An error raised for 2 is handled in the rest of the slack (or of the reserve): exhausted() is true again when that is used up, too.
//
// What the C++ library refuses (operator new, for vectors and the like) takes the way of 2: the first heap installs a new-handler, unless the host has
// one. Only when the reserves of the thread's heap are used up does the process end, with a message.

#ifndef PERILUNE_RUNTIME_HEAP_H_
#define PERILUNE_RUNTIME_HEAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

#include "runtime/object.h"

namespace perilune::vm {

class InlineCaches;

class Heap {
 public:
  // What the heap asks of its owner.
  struct Owner {
    void* context;
    void (*on_pressure)(void* context);  // the allocation budget is used up: must only take note
    void (*collect)(void* context);      // must run a full cycle, if possible; called within TryAllocate and TryCharge only
  };
  explicit Heap(const Owner& owner);
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // A cell of at least `size` bytes (>= 16) with its header set; the rest is uninitialised. Never null. Sizes that a script can make large
  // belong to TryAllocate: the process ends with a message when the host refuses and the reserve is used up.
  void* Allocate(size_t size, ObjectType type) {
    if (size > kMaxSmall) [[unlikely]] return AllocateLarge(size, type);
    const size_t c = ClassOf(size);
    Area& area = areas_[c];
    Object* cell;
    if (area.next != area.end) [[likely]] {
      cell = reinterpret_cast<Object*>(area.next);
      area.next += CellSize(c);
    } else {
      cell = Refill(c);
    }
    Unpoison(cell, CellSize(c));
    const uint64_t header = header_ | static_cast<uint64_t>(type);
    std::memcpy(static_cast<void*>(cell), &header, sizeof header);
    if (OwnsMore(type)) BlockOf(cell)->has_owners = true;
    return cell;
  }
  // Like Allocate; null when there is not enough memory, even after a collection.
  void* TryAllocate(size_t size, ObjectType type) {
    if (size <= kMaxSmall) [[likely]] return Allocate(size, type);
    return TryAllocateLarge(size, type);
  }

  // Frees an object that nothing refers to, before any collection would find it.
  void Free(Object* object);

  // Counts memory that is owned outside of the heap; Discharge when it is freed. TryCharge may collect, and answers false when that much would exceed
  // the limit.
  void Charge(size_t bytes) {
    external_bytes_ += bytes;
    Spend(bytes);
  }
  [[nodiscard]] bool TryCharge(size_t bytes);
  // TryCharge for what will be allocated outside in pieces that cannot be refused one by one: also asks the host whether there is as much.
  [[nodiscard]] bool TryReserve(size_t bytes);
  void CollectNow() { owner_.collect(owner_.context); }
  void Discharge(size_t bytes) {
    external_bytes_ -= bytes;
    budget_ += static_cast<int64_t>(bytes);
  }

  // ---- Limits.
  // Bytes that may be in use; 0: no limit.
  void set_max_bytes(size_t bytes);
  size_t max_bytes() const { return max_bytes_; }
  // A small request went beyond the limit or was refused by the host, and no collection has helped since.
  bool exhausted() const { return exhausted_; }
  // To be called when the error is raised: lets its handlers have the rest of slack or reserve.
  void BeginGrace();
  // The host refused memory outside of the heap. The second gives it a reserve back, so that it can be asked again.
  void NoteShortage();
  void NoteRefusal();
  // The thread that calls this uses this heap from now on, until it is given to `next` (may be null). Answers the one before.
  static Heap* Enter(Heap* next) { return std::exchange(entered_, next); }

  // What depends on the layout of tables; set by the owner.
  InlineCaches& caches() const { return *caches_; }
  void set_caches(InlineCaches* caches) { caches_ = caches; }

  // ---- For the collector.
  uint8_t current_mark() const { return mark_; }
  bool IsMarked(const Object* o) const { return o->mark == mark_; }
  // Finishes the last sweep, then makes every object unmarked. Nothing may be allocated until EndMarking.
  void BeginMarking();
  // Marks `o`; false if it already was.
  bool Mark(Object* o) {
    if (o->mark == mark_) return false;
    o->mark = mark_;
    if ((o->gc_flags & kLargeFlag) != 0) [[unlikely]] {
      marked_large_bytes_ += LargeOf(o)->size;
    } else {
      ++BlockOf(o)->live;
    }
    return true;
  }
  // Calls visit(Object*) for each marked object.
  template <typename Visit>
  void ForEachMarked(Visit visit) {
    for (size_t c = 0; c < kClasses; ++c) {
      for (Block* b : classes_[c].blocks) {
        for (uint32_t i = 0; i < b->cell_count; ++i) {
          if (IsMarked(b->cell(i)) && !IsUnused(c, b->cell(i))) visit(b->cell(i));
        }
      }
    }
    for (Large* l : large_) {
      if (IsMarked(l->object())) visit(l->object());
    }
  }
  // The live object that `address` points to or into, or null.
  Object* FindObject(uintptr_t address) const;
  // Frees what is unmarked and sets the budget until the next collection; gives memory that is not needed then back to the host, or (not trim) leaves
  // that to the next cycle.
  void EndMarking(bool trim = false);
  // Lets the budget begin anew without a collection.
  void PostponeCollection();

  // ---- Statistics and tuning.
  // Bytes in use, counting garbage that is not collected yet.
  size_t bytes_in_use() const {
    size_t unused = 0;
    for (const Area& area : areas_) unused += static_cast<size_t>(area.end - area.next);
    return charged_bytes() - unused;
  }
  uint64_t collections() const { return collections_; }
  void set_pause_percent(uint32_t percent) { pause_percent_ = percent; }
  uint32_t pause_percent() const { return pause_percent_; }

  static constexpr size_t kBlockSize = size_t{64} << 10;
  static constexpr size_t kMaxSmall = 4096;
  // What a small object of this size takes up.
  static constexpr size_t CellSizeFor(size_t size) { return CellSize(ClassOf(size)); }

 private:
  friend struct Offsets;

  struct Area {
    char* next = nullptr;  // a whole number of cells
    char* end = nullptr;
  };
  struct Block {
    uint32_t cell_size;
    uint32_t cell_count;
    uint32_t size_class;
    uint32_t live;     // objects that the last marking found, or the current one has found so far
    char* swept;       // the first cell that is not swept yet
    bool has_owners;   // may hold objects with something to be done at their end
    Object* cell(uint32_t i) { return reinterpret_cast<Object*>(reinterpret_cast<char*>(this) + kBlockHeader + size_t{i} * cell_size); }
    char* begin() { return reinterpret_cast<char*>(cell(0)); }
    char* end() { return reinterpret_cast<char*>(cell(cell_count)); }
  };
  struct Large {
    size_t size;   // of the object
    size_t index;  // in large_
    Object* object() { return reinterpret_cast<Object*>(this + 1); }
  };
  // Some blocks, allocated together.
  struct Chunk {
    char* begin;
    bool mapped;  // else from malloc
  };
  struct SizeClass {
    char* run = nullptr;  // the free cells that the area will be refilled from next
    char* run_end = nullptr;
    Object* free = nullptr;  // single cells given back by Free
    std::vector<Block*> blocks;
    size_t next_to_sweep = 0;  // blocks before it are swept
  };
  static constexpr size_t kBlockHeader = 64;
  static constexpr size_t kFineClasses = 32;  // 16, 32, ... 512
  static constexpr std::array<size_t, 8> kCoarse = {640, 768, 1024, 1280, 1536, 2048, 3072, 4096};
  static constexpr size_t kClasses = kFineClasses + kCoarse.size();
  static constexpr uint8_t kLargeFlag = 2;  // Object::gc_flags

  static constexpr size_t ClassOf(size_t size) {
    if (size <= 16 * kFineClasses) return (size + 15) / 16 - 1;
    size_t c = 0;
    while (kCoarse[c] < size) ++c;
    return kFineClasses + c;
  }
  static constexpr size_t CellSize(size_t c) { return c < kFineClasses ? (c + 1) * 16 : kCoarse[c - kFineClasses]; }
  static Object*& NextFree(Object* cell) { return *reinterpret_cast<Object**>(reinterpret_cast<char*>(cell) + 8); }
  static Block* BlockOf(const Object* o) { return reinterpret_cast<Block*>(reinterpret_cast<uintptr_t>(o) & ~(kBlockSize - 1)); }
  static Large* LargeOf(const Object* o) { return reinterpret_cast<Large*>(const_cast<Object*>(o)) - 1; }
  static size_t SizeOf(const Object* o) { return (o->gc_flags & kLargeFlag) ? LargeOf(o)->size : BlockOf(o)->cell_size; }
  // Whether Destroy has something to do for objects of this type.
  static constexpr bool OwnsMore(ObjectType type) { return type == ObjectType::kUserdata || type == ObjectType::kProtoInstance; }
  static void MakeFree(Object* o) {
    o->type = ObjectType::kFree;
    o->mark = 0;
  }
  // Whether the cell waits to be allocated, in an area or a run.
  bool IsUnused(size_t c, const Object* o) const {
    const char* p = reinterpret_cast<const char*>(o);
    return o->type == ObjectType::kFree || (p >= areas_[c].next && p < areas_[c].end) || (p >= classes_[c].run && p < classes_[c].run_end);
  }
  // Under AddressSanitizer nobody may look into free cells (but at type and free list).
  static void Poison([[maybe_unused]] Object* cell, [[maybe_unused]] size_t size) {
    ASAN_POISON_MEMORY_REGION(reinterpret_cast<char*>(cell) + 16, size - 16);
  }
  static void Unpoison([[maybe_unused]] Object* cell, [[maybe_unused]] size_t size) { ASAN_UNPOISON_MEMORY_REGION(cell, size); }

  // Returns chunks without live objects to the host, but for some that will be wanted again. All blocks must be swept.
  void TrimChunks();
  Object* Refill(size_t c);
  bool FindRun(size_t c);
  Block* NewBlock(size_t c);
  bool NewChunk();
  static void FreeChunk(const Chunk& chunk);
  void DropUnused();
  void FreeDead(Block* block);
  void EndObjects(Block* block, bool all);
  void Release(Block* block);
  void* AllocateLarge(size_t size, ObjectType type);
  void* TryAllocateLarge(size_t size, ObjectType type);
  void* AddLarge(void* memory, size_t size, ObjectType type);
  void FreeLarge(Large* l);
  // What the budget was charged for: what is in use and the areas.
  size_t charged_bytes() const { return static_cast<size_t>(static_cast<int64_t>(live_bytes_) + budget_start_ - budget_); }
  void Spend(size_t bytes) {
    budget_ -= static_cast<int64_t>(bytes);
    if (budget_ < 0) Pressure();
  }
  void Pressure();
  // The budget until the next collection: `wanted`, or what is left of the limit.
  void SetBudget(int64_t wanted);
  bool Fits(size_t bytes) const { return max_bytes_ == 0 || charged_bytes() + bytes <= soft_limit(); }
  size_t soft_limit() const { return max_bytes_ - slack_; }
  size_t allowed() const { return grace_ ? max_bytes_ : soft_limit(); }
  void TakeReserves();
  bool GiveReserveBack();
  void Destroy(Object* o);

  Area areas_[kClasses];
  uint64_t header_ = uint64_t{1} << 8;  // the header of a new object, as a word, but for its type
  SizeClass classes_[kClasses];
  std::vector<Block*> free_blocks_;
  std::vector<Chunk> chunks_;
  std::vector<Large*> large_;
  mutable std::vector<Large*> large_by_address_;  // sorted, while marking
  struct BlockIndex;
  const std::unique_ptr<BlockIndex> blocks_;  // addresses of all blocks
  uint8_t mark_ = 1;
  int64_t budget_ = kMinBudget;
  int64_t budget_start_ = kMinBudget;
  size_t live_bytes_ = 0;  // in use when the budget began
  size_t marked_large_bytes_ = 0;
  size_t external_bytes_ = 0;
  size_t bytes_before_ = 0;  // in use when marking began
  size_t max_bytes_ = 0;   // 0: no limit
  size_t slack_ = 0;       // the part of it that only small requests are granted from
  bool exhausted_ = false;
  bool grace_ = false;     // the slack may be used without being exhausted
  bool refused_ = false;   // the host refused memory since the last collection
  void* reserves_[2] = {};  // memory kept back, never touched: the first for raising an error, the second for its handlers
  uint64_t collections_ = 0;
  uint32_t pause_percent_ = 200;
  const Owner owner_;
  InlineCaches* caches_ = nullptr;

  static constinit thread_local Heap* entered_;

  static constexpr int64_t kMinBudget = 2 << 20;
  static constexpr size_t kReserve = size_t{8} << 20;
  static constexpr size_t kPiece = 4096;  // of a run, for an area
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_HEAP_H_
