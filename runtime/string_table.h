// The isolate's interned strings: open addressing with linear probing, weak (the collector purges it).

#ifndef PERILUNE_RUNTIME_STRING_TABLE_H_
#define PERILUNE_RUNTIME_STRING_TABLE_H_

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/object.h"

namespace perilune::vm {

// The hash of a string's bytes: the same in every isolate and every run.
uint32_t HashBytes(std::string_view bytes);

// A long string of `length` uninitialised bytes and a NUL; the second is null when there is not enough memory.
String* AllocateLongString(Heap& heap, size_t length);
String* TryAllocateLongString(Heap& heap, size_t length);

class StringTable {
 public:
  // The slots are charged to `heap`, which all functions must be given.
  explicit StringTable(Heap& heap);
  // The short string with these bytes; bytes.size() <= String::kMaxShortString.
  String* Intern(Heap& heap, std::string_view bytes);
  // Drops the strings that are not marked.
  void Purge(Heap& heap);

 private:
  // The parts of Intern for at most 8 bytes that are not there yet, to be put into a free slot; and for more.
  [[gnu::noinline]] String* AddFew(Heap& heap, uint64_t word, size_t length, uint32_t hash, uint32_t slot);
  [[gnu::noinline]] String* InternMany(Heap& heap, std::string_view bytes);
  void Add(Heap& heap, String* s, uint32_t slot);
  void Rehash(Heap& heap, uint32_t capacity);
  void CloseGaps();

  struct FreeSlots {
    void operator()(String** slots) const { std::free(slots); }
  };
  using Slots = std::unique_ptr<String*[], FreeSlots>;
  // Null: the host refuses.
  static Slots TryNewSlots(uint32_t capacity) { return Slots(static_cast<String**>(std::calloc(capacity, sizeof(String*)))); }

  Slots slots_;
  uint32_t mask_;
  uint32_t count_ = 0;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_STRING_TABLE_H_
