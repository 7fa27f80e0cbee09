#include "runtime/string_table.h"

#include <bit>
#include <cstring>

namespace perilune {
namespace {

constexpr uint32_t kInitialCapacity = 256;

uint64_t Load(const char* p, size_t n) {
  uint64_t w = 0;
  std::memcpy(&w, p, n);
  return w;
}

}  // namespace

// Eight bytes a step, each mixed by a multiplication with an odd constant (the 64-bit golden ratio) and a rotation.
uint32_t HashBytes(std::string_view bytes) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  uint64_t h = bytes.size() * kMultiplier;
  const char* p = bytes.data();
  size_t n = bytes.size();
  for (; n >= 8; p += 8, n -= 8) h = (std::rotl(h, 23) ^ Load(p, 8)) * kMultiplier;
  if (n > 0) h = (std::rotl(h, 23) ^ Load(p, n)) * kMultiplier;
  h ^= h >> 32;
  h *= kMultiplier;
  return static_cast<uint32_t>(h >> 32);
}

String* AllocateLongString(Heap& heap, size_t length) {
  auto* s = static_cast<String*>(heap.Allocate(sizeof(String) + length + 1, ObjectType::kString));
  s->flags = String::kLong;
  s->length = length;
  s->data[length] = '\0';
  return s;
}

uint32_t StringHash(const String* s) {
  if ((s->flags & (String::kLong | String::kHashed)) == String::kLong) {
    auto* m = const_cast<String*>(s);  // caches; a String is confined to its isolate
    m->aux = HashBytes(s->view());
    m->flags |= String::kHashed;
  }
  return s->aux;
}

StringTable::StringTable() : slots_(new String*[kInitialCapacity]()), mask_(kInitialCapacity - 1) {}

String* StringTable::Intern(Heap& heap, std::string_view bytes) {
  const uint32_t hash = HashBytes(bytes);
  uint32_t i = hash & mask_;
  for (; slots_[i] != nullptr; i = (i + 1) & mask_) {
    String* s = slots_[i];
    if (s->aux == hash && s->view() == bytes) return s;
  }
  auto* s = static_cast<String*>(heap.Allocate(sizeof(String) + bytes.size() + 1, ObjectType::kString));
  s->aux = hash;
  s->length = bytes.size();
  if (!bytes.empty()) std::memcpy(s->data, bytes.data(), bytes.size());
  s->data[bytes.size()] = '\0';
  slots_[i] = s;
  if (++count_ > mask_ / 2) Rehash((mask_ + 1) * 2);
  return s;
}

void StringTable::Rehash(uint32_t capacity) {
  const uint32_t old_mask = mask_;
  std::unique_ptr<String*[]> old = std::move(slots_);
  slots_.reset(new String*[capacity]());
  mask_ = capacity - 1;
  for (uint32_t i = 0; i <= old_mask; ++i) {
    if (old[i] == nullptr) continue;
    uint32_t j = old[i]->aux & mask_;
    while (slots_[j] != nullptr) j = (j + 1) & mask_;
    slots_[j] = old[i];
  }
}

void StringTable::Purge(const Heap& heap) {
  count_ = 0;
  for (uint32_t i = 0; i <= mask_; ++i) {
    if (slots_[i] == nullptr) continue;
    if (heap.IsMarked(slots_[i])) {
      ++count_;
    } else {
      slots_[i] = nullptr;
    }
  }
  uint32_t capacity = mask_ + 1;
  while (capacity > kInitialCapacity && count_ < capacity / 8) capacity /= 2;
  Rehash(capacity);  // also closes the gaps that removal left in probe sequences
}

}  // namespace perilune
