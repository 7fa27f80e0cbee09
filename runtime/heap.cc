#include "runtime/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "runtime/module.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

namespace perilune::vm {
namespace {

constexpr size_t kChunkBlocks = 8;
constexpr size_t kChunkSize = kChunkBlocks * Heap::kBlockSize;
// A collection under pressure must leave this part of memory free, or the next ones would follow each other at every step.
constexpr size_t kWorthwhile = 32;

// The leak checker does not look into mapped memory by itself: what only our objects refer to would count as lost when a program exits without
// ending its isolates (os.exit).
void TellLeakChecker([[maybe_unused]] void* chunk, [[maybe_unused]] bool mapped) {
#if __has_feature(address_sanitizer)
  if (mapped) {
    __lsan_register_root_region(chunk, kChunkSize);
  } else {
    __lsan_unregister_root_region(chunk, kChunkSize);
  }
#endif
}

// Nobody can handle this any more.
[[noreturn]] void OutOfMemory() {
  std::fputs("perilune: not enough memory\n", stderr);
  std::_Exit(EXIT_FAILURE);
}

void* MapPages(size_t bytes, int protection) {
  void* pages = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return pages == MAP_FAILED ? nullptr : pages;
}

}  // namespace

struct Heap::BlockIndex : absl::flat_hash_set<uintptr_t> {};

constinit thread_local Heap* Heap::entered_ = nullptr;

Heap::Heap(const Owner& owner) : blocks_(new BlockIndex), owner_(owner) {
  static const bool installed = [] {
    if (std::get_new_handler() == nullptr) {
      std::set_new_handler([] {
        if (entered_ == nullptr) OutOfMemory();
        entered_->NoteRefusal();
      });
    }
    return true;
  }();
  static_cast<void>(installed);
  TakeReserves();
}

Heap::~Heap() {
  DropUnused();
  for (SizeClass& sc : classes_) {
    for (Block* b : sc.blocks) EndObjects(b, /*all=*/true);
  }
  for (Large* l : large_) {
    Destroy(l->object());
    std::free(l);
  }
  while (GiveReserveBack()) {
  }
  for (const Chunk& chunk : chunks_) FreeChunk(chunk);
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
      Discharge(p->charged);
      delete[] p->children;
      p->module.~shared_ptr();
      break;
    }
    default:
      break;  // coroutines are ended by the collector, everything else owns nothing
  }
}

// A chunk of zeros; false: the host refuses.
bool Heap::NewChunk() {
  // Over-allocate by one block, keep the aligned part.
  const size_t want = kChunkSize + kBlockSize;
  void* raw = MapPages(want, PROT_READ | PROT_WRITE);
  if (raw != nullptr) {
    const uintptr_t begin = reinterpret_cast<uintptr_t>(raw);
    const uintptr_t aligned = (begin + kBlockSize - 1) & ~(kBlockSize - 1);
    if (aligned > begin) munmap(raw, aligned - begin);
    const uintptr_t end = aligned + kChunkSize;
    if (begin + want > end) munmap(reinterpret_cast<void*>(end), begin + want - end);
    chunks_.push_back({reinterpret_cast<char*>(aligned), true});
    TellLeakChecker(chunks_.back().begin, true);
  } else {
    // Freed large objects may be left with malloc.
    raw = std::aligned_alloc(kBlockSize, kChunkSize);
    if (raw == nullptr) return false;
    std::memset(raw, 0, kChunkSize);
    chunks_.push_back({static_cast<char*>(raw), false});
  }
  for (size_t i = kChunkBlocks; i-- > 0;) free_blocks_.push_back(reinterpret_cast<Block*>(chunks_.back().begin + i * kBlockSize));
  return true;
}

void Heap::FreeChunk(const Chunk& chunk) {
  ASAN_UNPOISON_MEMORY_REGION(chunk.begin, kChunkSize);
  if (chunk.mapped) {
    TellLeakChecker(chunk.begin, false);
    munmap(chunk.begin, kChunkSize);
  } else {
    std::free(chunk.begin);
  }
}

Heap::Block* Heap::NewBlock(size_t c) {
  while (free_blocks_.empty() && !NewChunk()) NoteRefusal();
  Block* b = free_blocks_.back();
  free_blocks_.pop_back();
  const size_t size = CellSize(c);
  ASAN_UNPOISON_MEMORY_REGION(b, kBlockSize);
  b->cell_size = static_cast<uint32_t>(size);
  b->cell_count = static_cast<uint32_t>((kBlockSize - kBlockHeader) / size);
  b->size_class = static_cast<uint32_t>(c);
  b->live = 0;
  b->swept = b->end();
  b->has_owners = false;
  blocks_->insert(reinterpret_cast<uintptr_t>(b));
  return b;
}

void Heap::TrimChunks() {
  const size_t spare = blocks_->size() / 2 + kChunkBlocks;
  if (free_blocks_.size() <= spare) return;
  absl::flat_hash_map<uintptr_t, size_t> free_in_chunk;  // by the chunk's address
  std::ranges::sort(chunks_, {}, &Chunk::begin);
  const auto chunk_of = [this](Block* b) {
    return reinterpret_cast<uintptr_t>((std::ranges::upper_bound(chunks_, reinterpret_cast<char*>(b), {}, &Chunk::begin) - 1)->begin);
  };
  for (Block* b : free_blocks_) ++free_in_chunk[chunk_of(b)];
  size_t excess = free_blocks_.size() - spare;
  absl::erase_if(free_in_chunk, [&excess](const auto& entry) {
    if (entry.second < kChunkBlocks || excess < kChunkBlocks) return true;
    excess -= kChunkBlocks;
    return false;
  });
  std::erase_if(free_blocks_, [&](Block* b) { return free_in_chunk.contains(chunk_of(b)); });
  std::erase_if(chunks_, [&](const Chunk& chunk) {
    if (!free_in_chunk.contains(reinterpret_cast<uintptr_t>(chunk.begin))) return false;
    FreeChunk(chunk);
    return true;
  });
}

// Gives the size's area cells and takes the first.
Object* Heap::Refill(size_t c) {
  SizeClass& sc = classes_[c];
  Area& area = areas_[c];
  const size_t size = CellSize(c);
  size_t piece = size;
  char* cell;
  if (sc.free != nullptr) {
    cell = reinterpret_cast<char*>(sc.free);
    sc.free = NextFree(sc.free);
  } else {
    if (sc.run == sc.run_end && !FindRun(c)) {
      Block* b = NewBlock(c);
      sc.blocks.push_back(b);
      sc.next_to_sweep = sc.blocks.size();
      sc.run = b->begin();
      sc.run_end = b->end();
    }
    cell = sc.run;
    const auto affordable = static_cast<size_t>(std::max<int64_t>(budget_, 0));
    piece = std::max(std::min({kPiece, affordable, static_cast<size_t>(sc.run_end - cell)}) / size, size_t{1}) * size;
    sc.run += piece;
  }
  area = {cell + size, cell + piece};
  Spend(piece);
  return reinterpret_cast<Object*>(cell);
}

// Looks for free cells in the blocks that are not swept yet.
bool Heap::FindRun(size_t c) {
  SizeClass& sc = classes_[c];
  for (; sc.next_to_sweep < sc.blocks.size(); ++sc.next_to_sweep) {
    Block* b = sc.blocks[sc.next_to_sweep];
    const size_t size = b->cell_size;
    char* const end = b->end();
    const auto is_live = [mark = mark_](char* cell) { return reinterpret_cast<Object*>(cell)->mark == mark; };
    char* p = b->swept;
    while (p != end && is_live(p)) p += size;
    sc.run = p;
    while (p != end && !is_live(p)) {
      Poison(reinterpret_cast<Object*>(p), size);
      p += size;
    }
    sc.run_end = b->swept = p;
    if (sc.run != p) return true;
  }
  return false;
}

// Makes the cells that wait to be allocated, and the dead objects that were not swept, free ones for the next sweep to find.
void Heap::DropUnused() {
  for (size_t c = 0; c < kClasses; ++c) {
    SizeClass& sc = classes_[c];
    Area& area = areas_[c];
    const size_t size = CellSize(c);
    budget_ += area.end - area.next;
    for (char* p = area.next; p != area.end; p += size) MakeFree(reinterpret_cast<Object*>(p));
    for (char* p = sc.run; p != sc.run_end; p += size) MakeFree(reinterpret_cast<Object*>(p));
    area = {};
    sc.run = sc.run_end = nullptr;
    sc.free = nullptr;
    for (; sc.next_to_sweep < sc.blocks.size(); ++sc.next_to_sweep) FreeDead(sc.blocks[sc.next_to_sweep]);
  }
}

void Heap::FreeDead(Block* b) {
  char* const end = b->end();
  for (char* p = b->swept; p != end; p += b->cell_size) {
    auto* o = reinterpret_cast<Object*>(p);
    if (o->mark == mark_) continue;
    MakeFree(o);
    Poison(o, b->cell_size);
  }
  b->swept = end;
}

// Does what is to be done at the end of the block's dead objects, or of all.
void Heap::EndObjects(Block* b, bool all) {
  if (!b->has_owners) return;
  for (uint32_t i = 0; i < b->cell_count; ++i) {
    Object* o = b->cell(i);
    if (!all && o->mark == mark_) continue;
    Destroy(o);
    MakeFree(o);
  }
}

// Gives a block without objects back to the pool.
void Heap::Release(Block* b) {
  blocks_->erase(reinterpret_cast<uintptr_t>(b));
  ASAN_POISON_MEMORY_REGION(b->begin(), kBlockSize - kBlockHeader);
  free_blocks_.push_back(b);
}

void* Heap::AddLarge(void* memory, size_t size, ObjectType type) {
  auto* l = static_cast<Large*>(memory);
  l->size = size;
  l->index = large_.size();
  large_.push_back(l);
  Spend(size);
  const uint64_t header = header_ | static_cast<uint64_t>(type);
  std::memcpy(static_cast<void*>(l->object()), &header, sizeof header);
  l->object()->gc_flags = kLargeFlag;
  return l->object();
}

void* Heap::AllocateLarge(size_t size, ObjectType type) {
  void* memory;
  while ((memory = std::malloc(sizeof(Large) + size)) == nullptr) NoteRefusal();
  return AddLarge(memory, size, type);
}

void* Heap::TryAllocateLarge(size_t size, ObjectType type) {
  void* memory = Fits(size) ? std::malloc(sizeof(Large) + size) : nullptr;
  if (memory == nullptr) {
    owner_.collect(owner_.context);
    if (Fits(size)) memory = std::malloc(sizeof(Large) + size);
    if (memory == nullptr) return nullptr;
  }
  return AddLarge(memory, size, type);
}

bool Heap::TryCharge(size_t bytes) {
  if (!Fits(bytes)) {
    owner_.collect(owner_.context);
    if (!Fits(bytes)) return false;
  }
  Charge(bytes);
  return true;
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
  MakeFree(object);
  Block* b = BlockOf(object);
  Poison(object, b->cell_size);
  if (reinterpret_cast<char*>(object) >= b->swept) return;  // the sweep will find it
  SizeClass& sc = classes_[b->size_class];
  NextFree(object) = sc.free;
  sc.free = object;
}

void Heap::BeginMarking() {
  DropUnused();
  TrimChunks();
  mark_ = mark_ == 1 ? 2 : 1;
  header_ = uint64_t{mark_} << 8;
  bytes_before_ = bytes_in_use();
  marked_large_bytes_ = 0;
  for (SizeClass& sc : classes_) {
    for (Block* b : sc.blocks) b->live = 0;
  }
  large_by_address_ = large_;
  std::sort(large_by_address_.begin(), large_by_address_.end());
}

Object* Heap::FindObject(uintptr_t address) const {
  const uintptr_t base = address & ~(kBlockSize - 1);
  if (blocks_->contains(base)) {
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

void Heap::EndMarking(bool trim) {
  ++collections_;
  const size_t before = bytes_before_;
  large_by_address_.clear();
  for (size_t i = large_.size(); i-- > 0;) {
    if (large_[i]->object()->mark == mark_) continue;
    Destroy(large_[i]->object());
    FreeLarge(large_[i]);
  }
  live_bytes_ = marked_large_bytes_;
  for (SizeClass& sc : classes_) {
    std::erase_if(sc.blocks, [this](Block* b) {
      EndObjects(b, /*all=*/false);
      if (b->live == 0) return Release(b), true;
      b->swept = b->begin();
      live_bytes_ += size_t{b->live} * b->cell_size;
      return false;
    });
    sc.next_to_sweep = 0;
  }
  if (trim) TrimChunks();
  live_bytes_ += external_bytes_;
  const bool freed_little = before < live_bytes_ + live_bytes_ / 8;
  const uint64_t target = live_bytes_ / 100 * (pause_percent_ > 100 ? pause_percent_ - 100 : 1);
  if (max_bytes_ == 0 || live_bytes_ <= soft_limit()) grace_ = false;
  budget_start_ = budget_ = 0;
  TakeReserves();
  // With the second reserve gone there is nothing left for small requests. Else a program may go on if the next collection is not near.
  exhausted_ = reserves_[1] == nullptr || (refused_ && freed_little) ||
               (max_bytes_ != 0 && live_bytes_ > (grace_ ? max_bytes_ : soft_limit() - slack_));
  refused_ = false;
  SetBudget(std::max<int64_t>(kMinBudget, static_cast<int64_t>(target)));
}

void Heap::SetBudget(int64_t wanted) {
  live_bytes_ = charged_bytes();
  if (max_bytes_ != 0) wanted = std::min(wanted, std::max<int64_t>(0, static_cast<int64_t>(allowed()) - static_cast<int64_t>(live_bytes_)));
  budget_start_ = budget_ = wanted;
}

void Heap::PostponeCollection() {
  if (budget_ < 0) SetBudget(budget_start_ * 2);
}

void Heap::Pressure() {
  if (max_bytes_ != 0 && charged_bytes() > allowed()) exhausted_ = true;
  owner_.on_pressure(owner_.context);
}

bool Heap::TryReserve(size_t bytes) {
  if (!TryCharge(bytes)) return false;
  if (bytes < kReserve) return true;
  void* pages = MapPages(bytes, PROT_NONE);
  if (pages == nullptr) {
    CollectNow();
    pages = MapPages(bytes, PROT_NONE);
  }
  if (pages == nullptr) {
    Discharge(bytes);
    return false;
  }
  munmap(pages, bytes);
  return true;
}

// ---- Limits.

void Heap::set_max_bytes(size_t bytes) {
  max_bytes_ = bytes;
  slack_ = bytes / kWorthwhile;
  SetBudget(budget_);
}

void Heap::BeginGrace() {
  grace_ = true;
  if (reserves_[1] != nullptr && (max_bytes_ == 0 || charged_bytes() <= max_bytes_)) exhausted_ = false;
  SetBudget(kMinBudget);
}

void Heap::TakeReserves() {
  for (void*& reserve : reserves_) {
    if (reserve == nullptr) reserve = std::malloc(kReserve);
  }
}

bool Heap::GiveReserveBack() {
  for (void*& reserve : reserves_) {
    if (reserve == nullptr) continue;
    std::free(reserve);
    reserve = nullptr;
    return true;
  }
  return false;
}

void Heap::NoteRefusal() {
  if (!GiveReserveBack()) OutOfMemory();
  NoteShortage();
}

void Heap::NoteShortage() {
  refused_ = exhausted_ = true;
  owner_.on_pressure(owner_.context);
}

}  // namespace perilune::vm
