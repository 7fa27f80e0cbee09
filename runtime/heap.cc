#include "runtime/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "runtime/module.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

namespace perilune {
namespace {

constexpr size_t kChunkBlocks = 8;

// The leak checker does not look into mapped memory by itself: what only our objects refer to would count as lost when a program exits without
// ending its isolates (os.exit).
void TellLeakChecker([[maybe_unused]] void* chunk, [[maybe_unused]] bool mapped) {
#if __has_feature(address_sanitizer)
  if (mapped) {
    __lsan_register_root_region(chunk, kChunkBlocks * Heap::kBlockSize);
  } else {
    __lsan_unregister_root_region(chunk, kChunkBlocks * Heap::kBlockSize);
  }
#endif
}

[[noreturn]] void OutOfMemory() {
  std::fputs("perilune: the operating system refused memory\n", stderr);
  std::abort();
}

}  // namespace

Heap::~Heap() {
  for (SizeClass& sc : classes_) {
    for (Block* b : sc.blocks) {
      for (uint32_t i = 0; i < b->cell_count; ++i) {
        if (b->cell(i)->type != ObjectType::kFree) Destroy(b->cell(i));
      }
    }
  }
  for (Large* l : large_) {
    Destroy(l->object());
    std::free(l);
  }
  for (void* chunk : chunks_) {
    ASAN_UNPOISON_MEMORY_REGION(chunk, kChunkBlocks * kBlockSize);
    munmap(chunk, kChunkBlocks * kBlockSize);
  }
}

void Heap::Destroy(Object* o) {
  switch (o->type) {
    case ObjectType::kUserdata: {
      auto* u = static_cast<Userdata*>(o);
      if (u->destroy != nullptr) u->destroy(u->payload);
      break;
    }
    case ObjectType::kProtoInstance: {
      auto* p = static_cast<ProtoInstance*>(o);
      // relaxed: statistics
      p->slots->interpreted_calls.fetch_add(p->calls, std::memory_order_relaxed);
      p->slots->native_calls.fetch_add(p->native_calls, std::memory_order_relaxed);
      delete[] p->children;
      p->module.~shared_ptr();
      break;
    }
    default:
      break;  // coroutines are ended by the collector, everything else owns nothing
  }
}

Heap::Block* Heap::NewBlock(size_t c) {
  if (free_blocks_.empty()) {
    // Over-allocate by one block, keep the aligned part.
    const size_t want = (kChunkBlocks + 1) * kBlockSize;
    void* raw = mmap(nullptr, want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED) OutOfMemory();
    const uintptr_t begin = reinterpret_cast<uintptr_t>(raw);
    const uintptr_t aligned = (begin + kBlockSize - 1) & ~(kBlockSize - 1);
    if (aligned > begin) munmap(raw, aligned - begin);
    const uintptr_t end = aligned + kChunkBlocks * kBlockSize;
    if (begin + want > end) munmap(reinterpret_cast<void*>(end), begin + want - end);
    chunks_.push_back(reinterpret_cast<void*>(aligned));
    TellLeakChecker(chunks_.back(), true);
    for (size_t i = kChunkBlocks; i-- > 0;) free_blocks_.push_back(reinterpret_cast<Block*>(aligned + i * kBlockSize));
  }
  Block* b = free_blocks_.back();
  free_blocks_.pop_back();
  const size_t size = CellSize(c);
  const bool recut = b->cell_size != 0 && b->cell_size != size;  // not fresh, and its cells were free where other ones begin
  ASAN_UNPOISON_MEMORY_REGION(b, kBlockSize);
  b->cell_size = static_cast<uint32_t>(size);
  b->cell_count = static_cast<uint32_t>((kBlockSize - kBlockHeader) / size);
  if (recut) {
    for (uint32_t i = 0; i < b->cell_count; ++i) b->cell(i)->type = ObjectType::kFree;
  }
  b->size_class = static_cast<uint32_t>(c);
  b->swept = true;
  blocks_.insert(reinterpret_cast<uintptr_t>(b));
  return b;
}

Object* Heap::Refill(size_t c) {
  SizeClass& sc = classes_[c];
  while (sc.next_to_sweep < sc.blocks.size()) {
    Sweep(sc, sc.blocks[sc.next_to_sweep]);
    if (sc.free != nullptr) {
      Object* cell = sc.free;
      sc.free = NextFree(cell);
      return cell;
    }
  }
  Block* b = NewBlock(c);
  sc.blocks.push_back(b);
  sc.next_to_sweep = sc.blocks.size();
  char* first = reinterpret_cast<char*>(b->cell(0));
  sc.bump = first + sc.cell_size;
  sc.bump_end = first + size_t{b->cell_count} * sc.cell_size;
  return reinterpret_cast<Object*>(first);
}

// Sweeps the block at sc.next_to_sweep and steps over it; a block without live cells goes back to the pool.
void Heap::Sweep(SizeClass& sc, Block* block) {
  Object* free = sc.free;
  uint32_t live = 0;
  for (uint32_t i = block->cell_count; i-- > 0;) {
    Object* o = block->cell(i);
    if (o->type != ObjectType::kFree) {
      if (o->mark == mark_) {
        ++live;
        continue;
      }
      Destroy(o);
      o->type = ObjectType::kFree;
      Poison(o, block->cell_size);
    }
    NextFree(o) = free;
    free = o;
  }
  block->swept = true;
  if (live == 0) {
    blocks_.erase(reinterpret_cast<uintptr_t>(block));
    free_blocks_.push_back(block);
    sc.blocks[sc.next_to_sweep] = sc.blocks.back();
    sc.blocks.pop_back();
    return;
  }
  sc.free = free;
  ++sc.next_to_sweep;
}

void* Heap::AllocateLarge(size_t size, ObjectType type) {
  auto* l = static_cast<Large*>(std::malloc(sizeof(Large) + size));
  if (l == nullptr) OutOfMemory();
  l->size = size;
  l->index = large_.size();
  large_.push_back(l);
  budget_ -= static_cast<int64_t>(size);
  if (budget_ < 0) Pressure();
  InitHeader(l->object(), type, kLargeFlag);
  return l->object();
}

void Heap::FreeLarge(Large* l) {
  large_[l->index] = large_.back();
  large_[l->index]->index = l->index;
  large_.pop_back();
  std::free(l);
}

void Heap::Free(Object* object) {
  budget_ += static_cast<int64_t>(SizeOf(object));
  Destroy(object);
  if (object->gc_flags & kLargeFlag) {
    FreeLarge(LargeOf(object));
    return;
  }
  object->type = ObjectType::kFree;
  Block* b = BlockOf(object);
  Poison(object, b->cell_size);
  if (!b->swept) return;  // the sweep will find it
  SizeClass& sc = classes_[b->size_class];
  NextFree(object) = sc.free;
  sc.free = object;
}

void Heap::SweepAll() {
  for (SizeClass& sc : classes_) {
    while (sc.next_to_sweep < sc.blocks.size()) Sweep(sc, sc.blocks[sc.next_to_sweep]);
  }
}

void Heap::BeginMarking() {
  SweepAll();
  mark_ = mark_ == 1 ? 2 : 1;
  live_bytes_ = 0;
  large_by_address_ = large_;
  std::sort(large_by_address_.begin(), large_by_address_.end());
}

Object* Heap::FindObject(uintptr_t address) const {
  const uintptr_t base = address & ~(kBlockSize - 1);
  if (blocks_.contains(base)) {
    auto* b = reinterpret_cast<Block*>(base);
    if (address < base + kBlockHeader) return nullptr;
    const uint32_t i = static_cast<uint32_t>((address - base - kBlockHeader) / b->cell_size);
    if (i >= b->cell_count) return nullptr;
    Object* o = b->cell(i);
    return o->type == ObjectType::kFree ? nullptr : o;
  }
  auto it = std::upper_bound(large_by_address_.begin(), large_by_address_.end(), address,
                             [](uintptr_t a, Large* l) { return a < reinterpret_cast<uintptr_t>(l); });
  if (it == large_by_address_.begin()) return nullptr;
  Large* l = *--it;
  const uintptr_t object = reinterpret_cast<uintptr_t>(l->object());
  return address >= object && address < object + l->size ? l->object() : nullptr;
}

void Heap::EndMarking() {
  ++collections_;
  large_by_address_.clear();
  for (size_t i = large_.size(); i-- > 0;) {
    if (large_[i]->object()->mark == mark_) continue;
    Destroy(large_[i]->object());
    FreeLarge(large_[i]);
  }
  for (SizeClass& sc : classes_) {
    sc.free = nullptr;
    sc.bump = sc.bump_end = nullptr;
    sc.next_to_sweep = 0;
    for (Block* b : sc.blocks) b->swept = false;
  }
  live_bytes_ += external_bytes_;
  const uint64_t target = live_bytes_ / 100 * (pause_percent_ > 100 ? pause_percent_ - 100 : 1);
  budget_start_ = budget_ = std::max<int64_t>(kMinBudget, static_cast<int64_t>(target));
}

void Heap::Pressure() { on_pressure_(context_); }

}  // namespace perilune
