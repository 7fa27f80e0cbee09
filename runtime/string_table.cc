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

// At most 8 bytes as a word, filled up with zeros, as they stand in memory. Loads may overlap.
uint64_t LoadFew(const char* p, size_t n) {
  if (n >= 8) return Load<uint64_t>(p);
  if (n >= 4) return Load<uint32_t>(p) | Load<uint32_t>(p + n - 4) << (8 * (n - 4));
  if (n == 0) return 0;
  return Load<uint8_t>(p) | Load<uint8_t>(p + n / 2) << (8 * (n / 2)) | Load<uint8_t>(p + n - 1) << (8 * (n - 1));
}
static_assert(std::endian::native == std::endian::little);

// Of more than 8 bytes.
bool SameBytes(const char* a, const char* b, size_t n) {
  for (size_t i = 0; i + 8 < n; i += 8) {
    if (Load<uint64_t>(a + i) != Load<uint64_t>(b + i)) return false;
  }
  return Load<uint64_t>(a + n - 8) == Load<uint64_t>(b + n - 8);
}

// The 64-bit golden ratio, odd. A product's upper bits depend on all of the factor's lower ones.
constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;

uint32_t HashWord(uint64_t w) { return static_cast<uint32_t>((w ^ w >> 32) * kMultiplier >> 32); }

// Eight bytes a step, each mixed by a multiplication and a rotation.
uint32_t HashMany(const char* p, size_t n) {
  uint64_t h = n;
  for (size_t i = 0; i + 8 < n; i += 8) h = (std::rotl(h, 23) ^ Load<uint64_t>(p + i)) * kMultiplier;
  return HashWord(std::rotl(h, 23) ^ Load<uint64_t>(p + n - 8));
}

}  // namespace

uint32_t HashBytes(std::string_view bytes) {
  return bytes.size() <= 8 ? HashWord(LoadFew(bytes.data(), bytes.size())) : HashMany(bytes.data(), bytes.size());
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

// The bytes of a string of at most 8 are followed by zeros up to kFewBytes, so that one comparison of words is enough.
String* StringTable::Intern(Heap& heap, std::string_view bytes) {
  if (bytes.size() > 8) return InternMany(heap, bytes);
  const uint64_t word = LoadFew(bytes.data(), bytes.size());
  const uint32_t hash = HashWord(word);
  uint32_t i = hash & mask_;
  for (; slots_[i] != nullptr; i = (i + 1) & mask_) {
    String* s = slots_[i];
    if (s->length == bytes.size() && Load<uint64_t>(s->data) == word) return s;
  }
  return AddFew(heap, word, bytes.size(), hash, i);
}

String* StringTable::AddFew(Heap& heap, uint64_t word, size_t length, uint32_t hash, uint32_t slot) {
  constexpr size_t kFewBytes = 16;
  auto* s = static_cast<String*>(heap.Allocate(sizeof(String) + kFewBytes, ObjectType::kString));
  s->aux = hash;
  s->length = length;
  const uint64_t words[] = {word, 0};
  static_assert(sizeof(words) == kFewBytes);
  std::memcpy(s->data, words, kFewBytes);
  Add(heap, s, slot);
  return s;
}

String* StringTable::InternMany(Heap& heap, std::string_view bytes) {
  const char* const data = bytes.data();
  const size_t n = bytes.size();
  const uint32_t hash = HashMany(data, n);
  uint32_t slot = hash & mask_;
  for (; slots_[slot] != nullptr; slot = (slot + 1) & mask_) {
    String* s = slots_[slot];
    if (s->aux == hash && s->length == n && SameBytes(s->data, data, n)) return s;
  }
  auto* s = static_cast<String*>(heap.Allocate(sizeof(String) + n + 1, ObjectType::kString));
  s->aux = hash;
  s->length = n;
  for (size_t i = 0; i + 8 < n; i += 8) std::memcpy(s->data + i, data + i, 8);
  std::memcpy(s->data + n - 8, data + n - 8, 8);
  s->data[n] = '\0';
  Add(heap, s, slot);
  return s;
}

void StringTable::Add(Heap& heap, String* s, uint32_t slot) {
  slots_[slot] = s;
  if (++count_ > mask_ / 2) Rehash(heap, (mask_ + 1) * 2);
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
