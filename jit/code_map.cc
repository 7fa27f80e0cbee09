#include "jit/code_map.h"

#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace perilune::vm::jit {
namespace {

// Seven bits a byte, least significant first; the top bit says "more". Answers
// what follows.
uint8_t* WriteVarint(uint8_t* p, uint32_t value) {
  for (; value >= 0x80; value >>= 7) *p++ = static_cast<uint8_t>(value | 0x80);
  *p++ = static_cast<uint8_t>(value);
  return p;
}
constexpr uint32_t kMaxEntryBytes = 10;

uint32_t ReadVarint(const uint8_t*& p) {
  uint32_t value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    const uint8_t byte = *p++;
    value |= uint32_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

}  // namespace

template <typename Visit>
void PcMap::ForEach(Visit visit) const {
  Entry entry = kStart;
  const uint8_t* p = bytes_.data();
  const uint8_t* const end = p + bytes_.size();
  while (p != end) {
    entry.native_offset += ReadVarint(p) * 4;
    entry.bytecode_index += UnZigZag(ReadVarint(p));
    if (!visit(entry)) return;
  }
}

std::optional<uint32_t> PcMap::BytecodeAt(uint32_t native_offset) const {
  std::optional<uint32_t> found;
  ForEach([&](const Entry& entry) {
    if (entry.native_offset > native_offset) return false;
    found = entry.bytecode_index;
    return true;
  });
  return found;
}

std::optional<uint32_t> PcMap::BytecodeOfReturnAddress(
    uint32_t native_offset) const {
  if (native_offset < 4) return std::nullopt;
  return BytecodeAt(native_offset - 4);
}

std::optional<uint32_t> PcMap::NativeOf(uint32_t bytecode_index) const {
  std::optional<uint32_t> found;
  ForEach([&](const Entry& entry) {
    if (entry.bytecode_index != bytecode_index) return true;
    found = entry.native_offset;
    return false;
  });
  return found;
}

std::vector<PcMap::Entry> PcMap::Entries() const {
  std::vector<Entry> entries;
  ForEach([&](const Entry& entry) {
    entries.push_back(entry);
    return true;
  });
  return entries;
}

void PcMapBuilder::EncodeLong(uint32_t native, uint32_t bytecode) {
  uint8_t* const p = bytes_.Room(kMaxEntryBytes);
  bytes_.ExtendTo(WriteVarint(WriteVarint(p, native), bytecode));
}

PcMap PcMapBuilder::Build() {
  if (newest_.bytecode_index != encoded_.bytecode_index) Encode(newest_);
  PcMap map;
  map.bytes_.assign(bytes_.begin(), bytes_.end());
  bytes_.clear();
  newest_ = kNoEntry;
  encoded_ = PcMap::kStart;
  return map;
}

absl::Status CodeMap::Add(std::shared_ptr<const CodeRecord> record) {
  if (record->size == 0) {
    return absl::InvalidArgumentError("code map: record without code");
  }
  absl::MutexLock lock(&mutex_);
  const auto next = records_.lower_bound(record->address);
  const bool overlaps_next =
      next != records_.end() && record->Contains(next->first);
  const bool overlaps_previous =
      next != records_.begin() &&
      std::prev(next)->second->Contains(record->address);
  if (overlaps_next || overlaps_previous) {
    return absl::AlreadyExistsError(absl::StrCat(
        "code map: ", absl::Hex(record->address), " is in use already"));
  }
  const uintptr_t address = record->address;
  records_.emplace_hint(next, address, std::move(record));
  return absl::OkStatus();
}

absl::Status CodeMap::Remove(uintptr_t address) {
  std::shared_ptr<const CodeRecord> removed;  // dies after the lock
  absl::MutexLock lock(&mutex_);
  const auto it = records_.find(address);
  if (it == records_.end()) {
    return absl::NotFoundError(
        absl::StrCat("code map: nothing begins at ", absl::Hex(address)));
  }
  removed = std::move(it->second);
  records_.erase(it);
  return absl::OkStatus();
}

std::shared_ptr<const CodeRecord> CodeMap::Find(uintptr_t pc) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto next = records_.upper_bound(pc);
  if (next == records_.begin()) return nullptr;
  const std::shared_ptr<const CodeRecord>& record = std::prev(next)->second;
  return record->Contains(pc) ? record : nullptr;
}

std::vector<std::shared_ptr<const CodeRecord>> CodeMap::Records() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::shared_ptr<const CodeRecord>> all;
  all.reserve(records_.size());
  for (const auto& [address, record] : records_) all.push_back(record);
  return all;
}

}  // namespace perilune::vm::jit
