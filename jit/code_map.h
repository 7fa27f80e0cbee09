// Code map: from an address in machine code to what it was compiled from.
//
// [DOC] Code map
//
// PcMap is the table of one function: pairs (native offset, bytecode index) in
// the order of native offsets. An entry covers the code from its offset to the
// next entry's. Out-of-line code comes later in the same table, so one bytecode
// index may have several entries; the first is its hot path.
//
//   bytes   [Δnative/4 as varint][Δbytecode, zigzag, as varint] ...
//
// Usually that is two bytes an entry. Lookup decodes from the start: profiles
// can wait a microsecond. The table would be a tenth of the code, and nothing
// that runs needs it (frames know their position), so published code has none:
// it is made when a function is compiled for it (CompilerOptions::pc_map).
//
// CodeMap is the registry of an engine: address -> record of published code.
// It is written by compile threads and read by any thread (errors, profiles,
// debuggers). Readers share a lock and leave with a reference, so a record
// lives on while it is being read even if its code is released. It takes locks,
// so it must not be used in a signal handler.
//
// Adding: after publication, before the code is installed in a slot, so that
// every pc a thread can have is found. Removing: after the grace period, before
// CodePublisher::Release(), so that reuse never finds an old record.

#ifndef PERILUNE_JIT_CODE_MAP_H_
#define PERILUNE_JIT_CODE_MAP_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "jit/reused_array.h"

namespace perilune::vm::jit {

// Immutable; made by PcMapBuilder.
class PcMap {
 public:
  struct Entry {
    uint32_t native_offset;  // bytes, a multiple of 4
    uint32_t bytecode_index;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  PcMap() = default;

  // The bytecode whose code is at `native_offset`; nothing before the first
  // entry (prologues).
  std::optional<uint32_t> BytecodeAt(uint32_t native_offset) const;
  // The same for a return address, which is one instruction past its call and
  // may already belong to the next bytecode.
  std::optional<uint32_t> BytecodeOfReturnAddress(uint32_t native_offset) const;
  // Where the code of `bytecode_index` begins (its hot path).
  std::optional<uint32_t> NativeOf(uint32_t bytecode_index) const;

  std::vector<Entry> Entries() const;
  size_t size_bytes() const { return bytes_.size(); }

 private:
  friend class PcMapBuilder;
  // What the first entry's differences are from.
  static constexpr Entry kStart = {0, ~uint32_t{0}};
  // Small magnitudes of either sign to small numbers, and back. Differences of
  // indices are modulo 2^32.
  static constexpr uint32_t ZigZag(uint32_t delta) {
    return (delta << 1) ^ (0u - (delta >> 31));
  }
  static constexpr uint32_t UnZigZag(uint32_t code) {
    return (code >> 1) ^ (0u - (code & 1));
  }

  // Calls visit(entry) until it returns false.
  template <typename Visit>
  void ForEach(Visit visit) const;

  std::vector<uint8_t> bytes_;
};

// Encodes entries as code is emitted. Reusable, like the assembler.
class PcMapBuilder {
 public:
  // Offsets must not decrease. A second entry at one offset replaces the first,
  // whose bytecode emitted nothing; one that repeats the bytecode index of the
  // entry before adds nothing.
  void Add(uint32_t native_offset, uint32_t bytecode_index) {
    assert(native_offset % 4 == 0);
    if (native_offset != newest_.native_offset) {
      if (newest_.bytecode_index != encoded_.bytecode_index) Encode(newest_);
      newest_.native_offset = native_offset;
    }
    newest_.bytecode_index = bytecode_index;
  }

  // The finished table; the builder is empty again.
  PcMap Build();

 private:
  static constexpr PcMap::Entry kNoEntry = {~uint32_t{0},
                                            PcMap::kStart.bytecode_index};

  void Encode(const PcMap::Entry& entry) {
    assert(entry.native_offset >= encoded_.native_offset);
    const uint32_t native = (entry.native_offset - encoded_.native_offset) / 4;
    const uint32_t bytecode =
        PcMap::ZigZag(entry.bytecode_index - encoded_.bytecode_index);
    // Member by member, as entries are written: a processor is slow to load as
    // one what was just stored as two.
    encoded_.native_offset = entry.native_offset;
    encoded_.bytecode_index = entry.bytecode_index;
    if (ABSL_PREDICT_FALSE((native | bytecode) >= 0x80)) {
      return EncodeLong(native, bytecode);
    }
    uint8_t* const p = bytes_.Room(2);
    p[0] = static_cast<uint8_t>(native);
    p[1] = static_cast<uint8_t>(bytecode);
    bytes_.Extend(2);
  }
  PERILUNE_RARE void EncodeLong(uint32_t native, uint32_t bytecode);

  PcMap::Entry newest_ = kNoEntry;  // may be replaced still
  PcMap::Entry encoded_ = PcMap::kStart;
  ReusedArray<uint8_t> bytes_;
};

// One piece of published code. Immutable.
struct CodeRecord {
  uintptr_t address = 0;
  size_t size = 0;
  std::string name;              // for dumps and profiles
  const void* source = nullptr;  // the owner's: which function this is

  bool Contains(uintptr_t pc) const { return pc - address < size; }
};

class CodeMap {
 public:
  // kAlreadyExists if the range overlaps a record's, kInvalidArgument if empty.
  absl::Status Add(std::shared_ptr<const CodeRecord> record)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // kNotFound if no record begins there.
  absl::Status Remove(uintptr_t address) ABSL_LOCKS_EXCLUDED(mutex_);

  // The record whose code contains `pc`, or null.
  std::shared_ptr<const CodeRecord> Find(uintptr_t pc) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // All records, by address.
  std::vector<std::shared_ptr<const CodeRecord>> Records() const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::map<uintptr_t, std::shared_ptr<const CodeRecord>> records_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_MAP_H_
