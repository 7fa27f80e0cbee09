#include "runtime/string_table.h"

#include <bit>
#include <cstring>
#include <utility>

namespace perilune::vm {
namespace {

constexpr uint32_t kInitialCapacity = 256;

template <typename T>
uint64_t Load(const char* p) {
  T w;
  std::memcpy(&w, p, sizeof(w));
  return w;
}

// Up to 8 bytes as a word: the same for the same bytes. Loads may overlap.
uint64_t LoadFew(const char* p, size_t n) {
  if (n >= 4) return Load<uint32_t>(p) << 32 | Load<uint32_t>(p + n - 4);
  return n == 0 ? 0 : Load<uint8_t>(p) << 16 | Load<uint8_t>(p + n / 2) << 8 | Load<uint8_t>(p + n - 1);
}

bool SameBytes(const char* a, const char* b, size_t n) {
  if (n < 8) return LoadFew(a, n) == LoadFew(b, n);
  for (size_t i = 0; i + 8 < n; i += 8) {
    if (Load<uint64_t>(a + i) != Load<uint64_t>(b + i)) return false;
  }
  return Load<uint64_t>(a + n - 8) == Load<uint64_t>(b + n - 8);
}

}  // namespace

// Eight bytes a step, each mixed by a multiplication with an odd constant (the 64-bit golden ratio) and a rotation.
uint32_t HashBytes(std::string_view bytes) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  uint64_t h = bytes.size() * kMultiplier;
  const char* p = bytes.data();
  const size_t n = bytes.size();
  if (n < 8) {
    h = (std::rotl(h, 23) ^ LoadFew(p, n)) * kMultiplier;
  } else {
    for (size_t i = 0; i + 8 < n; i += 8) h = (std::rotl(h, 23) ^ Load<uint64_t>(p + i)) * kMultiplier;
    h = (std::rotl(h, 23) ^ Load<uint64_t>(p + n - 8)) * kMultiplier;
  }
  h ^= h >> 32;
  h *= kMultiplier;
  return static_cast<uint32_t>(h >> 32);
}

namespace {

String* InitLongString(void* memory, size_t length) {
  auto* s = static_cast<String*>(memory);
  if (s == nullptr) return nullptr;
  s->flags = String::kLong;
  s->length = length;
  s->data[length] = '\0';
  return s;
}

}  // namespace

String* AllocateLongString(Heap& heap, size_t length) {
  return InitLongString(heap.Allocate(sizeof(String) + length + 1, ObjectType::kString), length);
}

String* TryAllocateLongString(Heap& heap, size_t length) {
  return InitLongString(heap.TryAllocate(sizeof(String) + length + 1, ObjectType::kString), length);
}

uint32_t StringHash(const String* s) {
  if ((s->flags & (String::kLong | String::kHashed)) == String::kLong) {
    auto* m = const_cast<String*>(s);  // caches; a String is confined to its isolate
    m->aux = HashBytes(s->view());
    m->flags |= String::kHashed;
  }
  return s->aux;
}

StringTable::StringTable(Heap& heap) : slots_(TryNewSlots(kInitialCapacity)), mask_(kInitialCapacity - 1) {
  while (slots_ == nullptr) {
    heap.NoteRefusal();
    slots_ = TryNewSlots(kInitialCapacity);
  }
  heap.Charge(kInitialCapacity * sizeof(String*));
}

String* StringTable::Intern(Heap& heap, std::string_view bytes) {
  const uint32_t hash = HashBytes(bytes);
  uint32_t i = hash & mask_;
  for (; slots_[i] != nullptr; i = (i + 1) & mask_) {
    String* s = slots_[i];
    if (s->aux == hash && s->length == bytes.size() && SameBytes(s->data, bytes.data(), bytes.size())) return s;
  }
  auto* s = static_cast<String*>(heap.Allocate(sizeof(String) + bytes.size() + 1, ObjectType::kString));
  s->aux = hash;
  s->length = bytes.size();
  if (!bytes.empty()) std::memcpy(s->data, bytes.data(), bytes.size());
  s->data[bytes.size()] = '\0';
  slots_[i] = s;
  if (++count_ > mask_ / 2) Rehash(heap, (mask_ + 1) * 2);
  return s;
}

void StringTable::Rehash(Heap& heap, uint32_t capacity) {
  Slots fresh = TryNewSlots(capacity);
  if (fresh == nullptr) {
    // The host refuses memory: the table gets slower until the next collection, and must grow only when few slots are left.
    heap.NoteShortage();
    if (count_ < mask_ - mask_ / 8) return;
    while (fresh == nullptr) {
      heap.NoteRefusal();
      fresh = TryNewSlots(capacity);
    }
  }
  const uint32_t old_mask = mask_;
  const Slots old = std::exchange(slots_, std::move(fresh));
  heap.Charge(size_t{capacity} * sizeof(String*));
  heap.Discharge((size_t{old_mask} + 1) * sizeof(String*));
  mask_ = capacity - 1;
  for (uint32_t i = 0; i <= old_mask; ++i) {
    if (old[i] == nullptr) continue;
    uint32_t j = old[i]->aux & mask_;
    while (slots_[j] != nullptr) j = (j + 1) & mask_;
    slots_[j] = old[i];
  }
}

void StringTable::Purge(Heap& heap) {
  count_ = 0;
  bool gaps = false;
  for (uint32_t i = 0; i <= mask_; ++i) {
    if (slots_[i] == nullptr) continue;
    if (heap.IsMarked(slots_[i])) {
      ++count_;
    } else {
      slots_[i] = nullptr;
      gaps = true;
    }
  }
  uint32_t capacity = mask_ + 1;
  while (capacity > kInitialCapacity && count_ < capacity / 8) capacity /= 2;
  if (gaps) CloseGaps();
  if (capacity <= mask_) Rehash(heap, capacity);
}

// After removals a string may stand behind a gap, where probing would not reach it.
void StringTable::CloseGaps() {
  // From behind any gap on, each string moves to the first free slot of its probe sequence, which is not behind its place.
  uint32_t start = 0;
  while (slots_[start] != nullptr) ++start;
  for (uint32_t n = 0; n < mask_; ++n) {
    const uint32_t i = (start + 1 + n) & mask_;
    String* s = slots_[i];
    if (s == nullptr) continue;
    slots_[i] = nullptr;
    uint32_t j = s->aux & mask_;
    while (slots_[j] != nullptr) j = (j + 1) & mask_;
    slots_[j] = s;
  }
}

}  // namespace perilune::vm
