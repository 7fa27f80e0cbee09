#include "runtime/table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#include "runtime/heap.h"
#include "runtime/inline_cache.h"

namespace perilune::vm {

const Node kEmptyNode = {Value::Nil(), 0, static_cast<uint32_t>(Tag::kNil), 0};

namespace {

constexpr uint32_t kMaxArrayBits = 27;
constexpr uint32_t kMaxHashBits = 26;

uint32_t Mix(uint64_t x) { return static_cast<uint32_t>((x * 0x9e3779b97f4a7c15u) >> 32); }

uint32_t HashOf(const Value& key) {
  switch (key.tag) {
    case Tag::kString:
      return StringHash(key.string());
    case Tag::kFalse:
    case Tag::kTrue:
      return static_cast<uint32_t>(key.tag);
    case Tag::kInteger:
      return Table::HashOfInteger(key.integer);
    case Tag::kFloat:
      return Mix(key.bits ^ key.bits >> 32);  // a float's low bits are mostly zeros, and a product spreads upwards only
    default:
      return Mix(key.bits >> 4);
  }
}

// Raw equality of a normalised key with a node's key.
bool KeyEquals(const Node& n, const Value& key) {
  if (n.key_tag != static_cast<uint32_t>(key.tag)) return false;
  if (key.tag == Tag::kFloat) return std::bit_cast<double>(n.key_bits) == key.number;
  if (key.tag == Tag::kFalse || key.tag == Tag::kTrue) return true;
  if (n.key_bits == key.bits) return true;
  if (key.tag != Tag::kString) return false;
  const String* s = key.string();
  if (s->is_short()) return false;
  auto* t = reinterpret_cast<const String*>(n.key_bits);
  return !t->is_short() && s->view() == t->view();
}

// Float keys with integral values become integers.
Value Normalize(const Value& key) {
  int64_t i;
  if (key.IsFloat() && FloatToInteger(key.number, &i)) return Value::Integer(i);
  return key;
}

const Node* FindNode(const Table* t, const Value& key) {
  const Node* n = &t->nodes[HashOf(key) & t->node_mask];
  for (;;) {
    if (KeyEquals(*n, key)) return n;
    if (n->next == 0) return nullptr;
    n += n->next;
  }
}

// The payload of a storage object of this many bytes, or null.
void* TryAllocateStorage(Heap& heap, size_t bytes) {
  void* storage = heap.TryAllocate(kStorageHeader + bytes, ObjectType::kStorage);
  return storage == nullptr ? nullptr : static_cast<char*>(storage) + kStorageHeader;
}

void FreeStorage(Heap& heap, void* payload) {
  heap.Free(reinterpret_cast<Object*>(static_cast<char*>(payload) - kStorageHeader));
}

}  // namespace

bool FloatToInteger(double d, int64_t* out) {
  if (!(d >= -0x1p63 && d < 0x1p63)) return false;
  const int64_t i = static_cast<int64_t>(d);
  if (static_cast<double>(i) != d) return false;
  *out = i;
  return true;
}

Value Table::Get(const Value& key) const {
  switch (key.tag) {
    case Tag::kString:
      if (key.string()->is_short()) return GetShortString(key.string());
      break;
    case Tag::kInteger:
      return GetInteger(key.integer);
    case Tag::kNil:
      return Value::Nil();
    case Tag::kFloat: {
      int64_t i;
      if (FloatToInteger(key.number, &i)) return GetInteger(i);
      break;
    }
    default:
      break;
  }
  const Node* n = FindNode(this, key);
  return n == nullptr ? Value::Nil() : n->value;
}

Value* Table::FindInteger(int64_t key) {
  const uint64_t i = static_cast<uint64_t>(key) - 1;
  if (i < array_size) return &array[i];
  return FindIntegerInHash(key);
}

Value* Table::FindShortString(const String* key) {
  Node* n = &nodes[key->hash() & node_mask];
  for (;;) {
    if (n->key_bits == reinterpret_cast<uint64_t>(key) && n->key_tag == static_cast<uint32_t>(Tag::kString)) return &n->value;
    if (n->next == 0) return nullptr;
    n += n->next;
  }
}

Value* Table::Find(const Value& raw_key) {
  const Value key = Normalize(raw_key);
  if (key.IsNil()) return nullptr;
  if (key.IsInteger()) return FindInteger(key.integer);
  const Node* n = FindNode(this, key);
  return n == nullptr ? nullptr : const_cast<Value*>(&n->value);
}

namespace {

uint32_t CeilLog2(uint32_t x) { return x <= 1 ? 0 : 32 - static_cast<uint32_t>(std::countl_zero(x - 1)); }

// Counts, for each b, the integer keys in (2^(b-1), 2^b], as the reference's computesizes wants them.
struct KeyCensus {
  uint32_t bins[kMaxArrayBits + 1] = {};
  uint32_t integers = 0;
  uint32_t total = 0;

  void Add(const Value& key) {
    ++total;
    if (key.IsInteger() && key.integer >= 1 && key.integer <= (int64_t{1} << kMaxArrayBits)) {
      ++bins[CeilLog2(static_cast<uint32_t>(key.integer))];
      ++integers;
    }
  }
  // The keys 1..size whose values are not nil.
  void AddArray(const Value* array, uint32_t size) {
    uint32_t begin = 0;
    for (uint32_t b = 0; begin < size; ++b) {
      const uint32_t end = static_cast<uint32_t>(std::min(uint64_t{1} << b, uint64_t{size}));
      uint32_t used = 0;
      for (uint32_t i = begin; i < end; ++i) used += array[i].IsNil() ? 0 : 1;
      bins[b] += used;
      integers += used;
      total += used;
      begin = end;
    }
  }
  // The largest n such that more than half of 1..n are in use; *in_array is how many that is.
  uint32_t BestArraySize(uint32_t* in_array) const {
    uint32_t sum = 0, best = 0;
    *in_array = 0;
    uint64_t power = 1;
    for (uint32_t b = 0; b <= kMaxArrayBits && integers > power / 2; ++b, power *= 2) {
      sum += bins[b];
      if (sum > power / 2) {
        best = static_cast<uint32_t>(power);
        *in_array = sum;
      }
    }
    return best;
  }
};

size_t NodeCountFor(uint32_t entries) { return entries == 0 ? 0 : size_t{1} << CeilLog2(entries); }

// Gives the table `count` free nodes at `nodes`.
void SetNodes(Table* t, Node* nodes, size_t count) {
  if (count == 0) {
    t->nodes = const_cast<Node*>(&kEmptyNode);
    t->node_mask = 0;
    t->last_free = 0;
    return;
  }
  t->nodes = nodes;
  for (size_t i = 0; i < count; ++i) nodes[i] = kEmptyNode;
  t->node_mask = static_cast<uint32_t>(count - 1);
  t->last_free = static_cast<uint32_t>(count);  // all slots at or above it are in use
}

Node* FreeSlot(Table* t) {
  if (!t->has_nodes()) return nullptr;
  while (t->last_free > 0) {
    Node* n = &t->nodes[--t->last_free];
    if (n->key_tag == static_cast<uint32_t>(Tag::kNil)) return n;
  }
  return nullptr;
}

void SetKey(Node* n, const Value& key) {
  n->key_bits = key.bits;
  n->key_tag = static_cast<uint32_t>(key.tag);
}

// The hash that placed a node's key; a dead key hashes by its type no longer known, so it is never asked for one (see InsertNew).
uint32_t MainPosition(const Table* t, const Node* n) { return HashOf(n->key()) & t->node_mask; }

// Inserts a key that is not in the table, which must be normalised. False: no free slot. Where there is a shape, removed entries keep their nodes.
bool InsertNew(Table* t, const Value& key, const Value& value) {
  Node* mp = &t->nodes[HashOf(key) & t->node_mask];
  if (!mp->value.IsNil() || !t->has_nodes() || (t->shape != nullptr && mp->key_tag != static_cast<uint32_t>(Tag::kNil))) {
    Node* free = FreeSlot(t);
    if (free == nullptr) return false;
    Node* other = &t->nodes[MainPosition(t, mp)];
    if (other != mp) {
      // The colliding node is out of its main position: move it to the free slot.
      while (other + other->next != mp) other += other->next;
      other->next = static_cast<int32_t>(free - other);
      *free = *mp;
      if (mp->next != 0) {
        free->next = mp->next + static_cast<int32_t>(mp - free);
        mp->next = 0;
      }
      mp->value = Value::Nil();
    } else {
      free->next = mp->next != 0 ? static_cast<int32_t>((mp + mp->next) - free) : 0;
      mp->next = static_cast<int32_t>(free - mp);
      mp = free;
    }
  }
  SetKey(mp, key);
  mp->value = value;
  return true;
}

}  // namespace

Table* Table::TryNew(Heap& heap, uint32_t array_size, uint32_t node_count, const Shape* like) {
  if (like != nullptr) node_count = like->node_count;
  // All that can fail or collect comes first.
  Node* nodes = nullptr;
  if (node_count != 0) {
    nodes = static_cast<Node*>(TryAllocateStorage(heap, node_count * sizeof(Node)));
    if (nodes == nullptr) return nullptr;
  }
  Value* array = nullptr;
  if (array_size != 0) {
    array = static_cast<Value*>(TryAllocateStorage(heap, size_t{array_size} * sizeof(Value)));
    if (array == nullptr) {
      if (nodes != nullptr) FreeStorage(heap, nodes);
      return nullptr;
    }
    std::fill_n(array, array_size, Value::Nil());
  }
  auto* t = static_cast<Table*>(heap.Allocate(sizeof(Table), ObjectType::kTable));
  t->metatable = nullptr;
  t->array = array;
  t->array_size = array_size;
  t->length_hint = array_size;
  if (like == nullptr) {
    SetNodes(t, nodes, node_count);
    t->shape = heap.caches().shapes().Root(node_count);
    return t;
  }
  std::memcpy(static_cast<void*>(nodes), like->boilerplate, node_count * sizeof(Node));
  t->nodes = nodes;
  t->node_mask = node_count - 1;
  t->last_free = like->last_free;
  t->shape = like;
  return t;
}

Node* Table::TryCopyNodes(Heap& heap) const {
  auto* copy = static_cast<Node*>(TryAllocateStorage(heap, node_count() * sizeof(Node)));
  if (copy == nullptr) return nullptr;
  std::memcpy(static_cast<void*>(copy), nodes, node_count() * sizeof(Node));
  for (uint32_t i = 0; i < node_count(); ++i) copy[i].value = Value::Nil();
  return copy;
}

bool Table::Resize(Heap& heap, uint32_t new_array_size, uint32_t hash_entries) {
  // All that can fail or collect comes first; a collection sees the new storage on the native stack.
  const size_t new_count = NodeCountFor(hash_entries);
  Node* new_nodes = nullptr;
  if (new_count != 0) {
    new_nodes = static_cast<Node*>(TryAllocateStorage(heap, new_count * sizeof(Node)));
    if (new_nodes == nullptr) return false;
  }
  Value* new_array = nullptr;
  if (new_array_size != 0 && new_array_size != array_size) {
    new_array = static_cast<Value*>(TryAllocateStorage(heap, size_t{new_array_size} * sizeof(Value)));
    if (new_array == nullptr) {
      if (new_nodes != nullptr) FreeStorage(heap, new_nodes);
      return false;
    }
  }

  BeginChange(heap);
  Node* old_nodes = nodes;
  const uint32_t old_count = node_count();
  Value* old_array = array;
  const uint32_t old_size = array_size;
  SetNodes(this, new_nodes, new_count);
  if (shape != nullptr) shape = heap.caches().shapes().Root(static_cast<uint32_t>(new_count));
  if (new_array_size != old_size) {
    array = new_array;
    const uint32_t keep = std::min(old_size, new_array_size);
    if (keep > 0) std::memcpy(static_cast<void*>(array), old_array, size_t{keep} * sizeof(Value));
    for (uint32_t i = keep; i < new_array_size; ++i) array[i] = Value::Nil();
    array_size = new_array_size;
    length_hint = new_array_size;
    for (uint32_t i = new_array_size; i < old_size; ++i) {  // what no longer fits goes to the hash part
      if (!old_array[i].IsNil()) Reinsert(heap, Value::Integer(int64_t{i} + 1), old_array[i]);
    }
    if (old_array != nullptr) FreeStorage(heap, old_array);
  }
  for (uint32_t i = old_count; i-- > 0;) {
    const Node& n = old_nodes[i];
    if (!n.value.IsNil()) Reinsert(heap, n.key(), n.value);
  }
  if (old_nodes != &kEmptyNode) FreeStorage(heap, old_nodes);
  return true;
}

// Puts an entry of the old parts into the new ones, which have room for it.
void Table::Reinsert(Heap& heap, const Value& key, const Value& value) {
  const uint64_t i = key.IsInteger() ? key.bits - 1 : UINT64_MAX;
  if (i < array_size) {
    array[i] = value;
  } else {
    const bool inserted = InsertNew(this, key, value);
    assert(inserted);
    (void)inserted;
    ShapeAfter(heap, key);
  }
}

namespace {

// Grows the table so that `extra` fits, moving keys between its parts as their density says.
KeyError Rehash(Table* t, Heap& heap, const Value& extra) {
  KeyCensus census;
  census.AddArray(t->array, t->array_size);
  for (uint32_t i = 0; i < t->node_count(); ++i) {
    if (!t->nodes[i].value.IsNil()) census.Add(t->nodes[i].key());
  }
  census.Add(extra);
  uint32_t in_array;
  const uint32_t array_size = census.BestArraySize(&in_array);
  const uint32_t entries = census.total - in_array;
  if (entries > (uint32_t{1} << kMaxHashBits)) return KeyError::kOverflow;
  return t->Resize(heap, array_size, entries) ? KeyError::kNone : KeyError::kMemory;
}

}  // namespace

void Table::BeginChange(Heap& heap) {
  if ((aux & kInCachedChain) != 0) heap.caches().Flush();
  if (shape != nullptr && shape->is_unique()) {
    const_cast<Shape*>(shape)->flags |= Shape::kAbandoned;
    shape = nullptr;
  }
}

void Table::ShapeAfter(Heap& heap, const Value& key) {
  if (shape == nullptr) return;
  const bool is_name = key.IsString() && key.string()->is_short();
  shape = is_name ? heap.caches().shapes().Child(const_cast<Shape*>(shape), key.string()) : nullptr;
}

// The key after those of an array part that is full and all there is: then Rehash would double it, and so does this. False: it is for Set to see.
bool Table::TryAppend(Heap& heap, const Value& value) {
  const uint32_t size = array_size;
  if (has_nodes() || value.IsNil() || (size & (size - 1)) != 0 || size >= uint32_t{1} << (kMaxArrayBits - 1)) return false;
  for (uint32_t i = size; i-- > 0;) {
    if (array[i].IsNil()) return false;
  }
  const uint32_t new_size = size == 0 ? 1 : 2 * size;
  auto* grown = static_cast<Value*>(TryAllocateStorage(heap, size_t{new_size} * sizeof(Value)));
  if (grown == nullptr) return false;
  BeginChange(heap);
  shape = nullptr;
  grown[size] = value;
  if (size != 0) {
    std::memcpy(static_cast<void*>(grown), array, size_t{size} * sizeof(Value));
    FreeStorage(heap, array);
  }
  for (uint32_t i = size + 1; i < new_size; ++i) grown[i] = Value::Nil();
  array = grown;
  array_size = new_size;
  length_hint = size + 1;
  return true;
}

KeyError Table::Set(Heap& heap, const Value& raw_key, const Value& value, KeyOrigin origin) {
  if (raw_key.IsInteger() && raw_key.bits - 1 == array_size && TryAppend(heap, value)) return KeyError::kNone;
  return SetAnywhere(heap, raw_key, value, origin);
}

KeyError Table::SetAnywhere(Heap& heap, const Value& raw_key, const Value& value, KeyOrigin origin) {
  if (raw_key.IsNil()) return KeyError::kNil;
  const Value key = Normalize(raw_key);
  if (Value* slot = Find(key)) {
    if ((aux & kInCachedChain) != 0 && (slot->IsNil() || (key.IsString() && key.string()->is_event_name()))) heap.caches().Flush();
    if (slot->IsNil()) flags = 0;  // as a new key, below
    *slot = value;
    return KeyError::kNone;
  }
  if (key.IsFloat() && key.number != key.number) return KeyError::kNaN;
  if (value.IsNil()) return KeyError::kNone;
  flags = 0;  // a new key may be a metamethod's name
  BeginChange(heap);
  if (origin == KeyOrigin::kComputed) shape = nullptr;
  while (!InsertNew(this, key, value)) {
    if (const KeyError error = Rehash(this, heap, key); error != KeyError::kNone) return error;
    if (key.IsInteger()) {
      const uint64_t i = key.bits - 1;
      if (i < array_size) {
        array[i] = value;
        return KeyError::kNone;
      }
    }
  }
  ShapeAfter(heap, key);
  return KeyError::kNone;
}

void Table::ReserveNode(Heap& heap, const String* key) {
  if (shape == nullptr || shape->is_unique() || (aux & kInCachedChain) != 0) return;
  if (InsertNew(this, Value::Of(key), Value::Nil())) ShapeAfter(heap, Value::Of(key));
}

void Table::SetString(Heap& heap, const String* key, const Value& value) { (void)Set(heap, Value::Of(key), value); }

namespace {

// A border in (low, high): array[low-1] is not nil (or low is 0), array[high-1] is.
uint32_t ArrayBorder(const Value* array, uint32_t low, uint32_t high) {
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (array[middle - 1].IsNil()) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return low;
}

// A border above `present`, whose key is in use (or 0), looking in the hash part by doubling.
int64_t HashBorder(const Table* t, uint64_t present) {
  uint64_t low = present;
  uint64_t high = present == 0 ? 1 : present;
  constexpr uint64_t kMax = INT64_MAX;
  do {
    low = high;
    if (high <= kMax / 2) {
      high *= 2;
    } else {
      high = kMax;
      if (t->GetInteger(static_cast<int64_t>(high)).IsNil()) break;
      return static_cast<int64_t>(high);
    }
  } while (!t->GetInteger(static_cast<int64_t>(high)).IsNil());
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    if (t->GetInteger(static_cast<int64_t>(middle)).IsNil()) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return static_cast<int64_t>(low);
}

}  // namespace

int64_t Table::Length() {
  // length_hint is where the last border in the array part was found, so that appending and popping find the next one at once.
  const uint32_t limit = length_hint;
  if (limit > 0 && array[limit - 1].IsNil()) {
    if (limit >= 2 && !array[limit - 2].IsNil()) return length_hint = limit - 1;
    return length_hint = ArrayBorder(array, 0, limit);
  }
  if (limit < array_size) {
    if (array[limit].IsNil()) return limit;
    if (limit + 1 < array_size && array[limit + 1].IsNil()) return length_hint = limit + 1;
    if (array[array_size - 1].IsNil()) return length_hint = ArrayBorder(array, limit + 1, array_size);
    length_hint = array_size;
  }
  if (!has_nodes() || GetIntegerFromHash(int64_t{array_size} + 1).IsNil()) return array_size;
  return HashBorder(this, uint64_t{array_size} + 1);
}

KeyError Table::Next(const Value& raw_key, Value* next_key, Value* next_value, bool* done) const {
  uint32_t i = 0;  // traversal index: the array part, then the nodes
  *done = false;
  if (!raw_key.IsNil()) {
    const Value key = Normalize(raw_key);
    const uint64_t a = key.IsInteger() ? key.bits - 1 : UINT64_MAX;
    if (a < array_size) {
      i = static_cast<uint32_t>(a) + 1;
    } else {
      const Node* n = nullptr;
      if (has_nodes()) {
        n = FindNode(this, key);
        if (n == nullptr && key.IsCollectable()) {
          // The entry may have been removed and its key collected since.
          for (uint32_t j = 0; j <= node_mask && n == nullptr; ++j) {
            if (nodes[j].key_tag == static_cast<uint32_t>(Tag::kDeadKey) && nodes[j].key_bits == key.bits) n = &nodes[j];
          }
        }
      }
      if (n == nullptr) return KeyError::kNotFound;
      i = array_size + static_cast<uint32_t>(n - nodes) + 1;
    }
  }
  for (; i < array_size; ++i) {
    if (array[i].IsNil()) continue;
    *next_key = Value::Integer(int64_t{i} + 1);
    *next_value = array[i];
    return KeyError::kNone;
  }
  for (uint32_t j = i - array_size; j < node_count(); ++j) {
    if (nodes[j].value.IsNil()) continue;
    *next_key = nodes[j].key();
    *next_value = nodes[j].value;
    return KeyError::kNone;
  }
  *done = true;
  return KeyError::kNone;
}

bool Table::NextAt(uint64_t* position, const Value& key, Value* next_key, Value* next_value) const {
  uint64_t i = *position;  // entries passed: of the array part, then of the nodes
  if (i == 0) {
    if (!key.IsNil()) return false;
  } else if (i <= array_size) {
    if (!key.IsInteger() || key.bits != i) return false;
  } else {
    const uint64_t j = i - array_size - 1;
    if (key.IsNil() || j > node_mask || nodes[j].key_bits != key.bits || nodes[j].key_tag != static_cast<uint32_t>(key.tag)) return false;
  }
  for (; i < array_size; ++i) {
    if (array[i].IsNil()) continue;
    *position = i + 1;
    *next_key = Value::Integer(static_cast<int64_t>(i) + 1);
    *next_value = array[i];
    return true;
  }
  for (uint64_t j = i - array_size; j <= node_mask; ++j) {
    if (nodes[j].value.IsNil()) continue;
    *position = uint64_t{array_size} + j + 1;
    *next_key = nodes[j].key();
    *next_value = nodes[j].value;
    return true;
  }
  *next_key = *next_value = Value::Nil();
  return true;
}

}  // namespace perilune::vm
