// The isolate's interned strings: open addressing with linear probing, weak (the collector purges it).

#ifndef PERILUNE_RUNTIME_STRING_TABLE_H_
#define PERILUNE_RUNTIME_STRING_TABLE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/object.h"

namespace perilune {

// The hash of a string's bytes: the same in every isolate and every run.
uint32_t HashBytes(std::string_view bytes);

// A long string of `length` uninitialised bytes and a NUL.
String* AllocateLongString(Heap& heap, size_t length);

class StringTable {
 public:
  StringTable();
  // The short string with these bytes; bytes.size() <= String::kMaxShortString.
  String* Intern(Heap& heap, std::string_view bytes);
  // Drops the strings that are not marked.
  void Purge(const Heap& heap);

 private:
  void Rehash(uint32_t capacity);

  std::unique_ptr<String*[]> slots_;
  uint32_t mask_;
  uint32_t count_ = 0;
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_STRING_TABLE_H_
