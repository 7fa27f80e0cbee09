// Lua tables: an array part for keys 1..array_size and a hash part with chained scatter and Brent's variation, sized by powers of two
// as in the reference implementation (Ierusalimschy, de Figueiredo, Celes: The Implementation of Lua 5.0, section 4).
//
//   Table  +0  header (flags: bit e set = metamethod e is known to be absent, when this table is used as a metatable)
//          +8  metatable
//          +16 shape: what is known of nodes (shape.h), or null
//          +24 array ------> Value[array_size]
//          +32 array_size | length_hint
//          +40 nodes ------> Node[node_mask + 1], or the one shared empty node
//          +48 node_mask  | last_free
//
// None of the functions here calls a metamethod; semantics_table.h does. A Table is confined to its isolate.

#ifndef PERILUNE_RUNTIME_TABLE_H_
#define PERILUNE_RUNTIME_TABLE_H_

#include <cstdint>

#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm {

class Heap;
struct Shape;

struct Node {
  Value value;
  uint64_t key_bits;
  uint32_t key_tag;
  int32_t next;  // distance in nodes to the next of this chain; 0 ends it

  Value key() const {
    Value v;
    v.bits = key_bits;
    v.tag = static_cast<Tag>(key_tag);
    return v;
  }
};
static_assert(sizeof(Node) == 32);

// What Set and Next found wrong with a key.
enum class KeyError : uint8_t { kNone, kNil, kNaN, kNotFound, kOverflow, kMemory };

// Array and node storage follows an Object header and padding.
inline constexpr size_t kStorageHeader = 16;

// Whether a key is written in the program, so that tables which get it may have a shape.
enum class KeyOrigin : uint8_t { kComputed, kConstant };

struct Table : Object {
  // Bits of aux; the rest is for InlineCaches to count in.
  static constexpr uint32_t kInCachedChain = 1;  // a cached lookup leads through this table (inline_cache.h)

  Table* metatable;
  const Shape* shape;
  Value* array;
  uint32_t array_size;
  uint32_t length_hint;
  Node* nodes;
  uint32_t node_mask;
  uint32_t last_free;

  // An empty table with so many array slots and nodes (0 or a power of two); or, if `like` is not null, with the nodes of its boilerplate. Null: there is not
  // enough memory. May collect.
  static Table* TryNew(Heap& heap, uint32_t array_size, uint32_t node_count, const Shape* like = nullptr);
  // Storage for a shape: this table's nodes, with nils for values. Null: there is not enough memory. May collect.
  Node* TryCopyNodes(Heap& heap) const;

  // The value at `key`, or nil. Float keys with integral values are the integer keys.
  Value Get(const Value& key) const;
  Value GetInteger(int64_t key) const {
    const uint64_t i = static_cast<uint64_t>(key) - 1;
    if (i < array_size) return array[i];
    return GetIntegerFromHash(key);
  }
  // For keys that are not in the array part.
  Value GetIntegerFromHash(int64_t key) const {
    const Value* v = const_cast<Table*>(this)->FindIntegerInHash(key);
    return v == nullptr ? Value::Nil() : *v;
  }
  Value GetString(const String* key) const { return key->is_short() ? GetShortString(key) : Get(Value::Of(key)); }
  // `key` must be short (interned).
  Value GetShortString(const String* key) const {
    const Node* n = &nodes[key->hash() & node_mask];
    for (;;) {
      if (n->key_bits == reinterpret_cast<uint64_t>(key) && n->key_tag == static_cast<uint32_t>(Tag::kString)) return n->value;
      if (n->next == 0) return Value::Nil();
      n += n->next;
    }
  }

  // Pointer to the slot of an existing key (its value may be nil), or null. Valid until the next insertion.
  Value* Find(const Value& key);
  Value* FindInteger(int64_t key);
  Value* FindIntegerInHash(int64_t key) {
    Node* n = &nodes[HashOfInteger(key) & node_mask];
    for (;;) {
      if (n->key_bits == static_cast<uint64_t>(key) && n->key_tag == static_cast<uint32_t>(Tag::kInteger)) return &n->value;
      if (n->next == 0) return nullptr;
      n += n->next;
    }
  }
  static uint32_t HashOfInteger(int64_t key) { return static_cast<uint32_t>(key) ^ static_cast<uint32_t>(static_cast<uint64_t>(key) >> 32); }
  Value* FindShortString(const String* key);

  // Raw assignment; inserts, growing by rehash when there is no free slot. Answers kNil or kNaN for keys that no table can hold and
  // kOverflow or kMemory when the table cannot grow; making it grow may collect.
  [[nodiscard]] KeyError Set(Heap& heap, const Value& key, const Value& value, KeyOrigin origin = KeyOrigin::kComputed);
  // For tables of our own, which are small. `key` must be short.
  void SetString(Heap& heap, const String* key, const Value& value);

  // The value at `key`, which must be short and is not in the table, is to be nil. A table with a shape gives it a node if one is free, so that tables
  // which are made in the same way have the same shape, whichever of their values are nil.
  void ReserveNode(Heap& heap, const String* key);

  // A border: `#t` without metamethods.
  int64_t Length();

  // The entry after `key` in traversal order (nil: the first). False at the end. kNotFound for a key that is not in the table.
  KeyError Next(const Value& key, Value* next_key, Value* next_value, bool* done) const;

  // The same for a traversal that remembers where it is: `position` is 0 at first. False: that does not tell where `key` is, so that Next must.
  bool NextAt(uint64_t* position, const Value& key, Value* next_key, Value* next_value) const;

  // Makes room for this many array slots and hash entries. May collect. False: there is not enough memory; the table is as before.
  [[nodiscard]] bool Resize(Heap& heap, uint32_t new_array_size, uint32_t hash_entries);

  bool has_nodes() const;
  uint32_t node_count() const { return has_nodes() ? node_mask + 1 : 0; }

 private:
  void Reinsert(Heap& heap, const Value& key, const Value& value);
  // Before the nodes change: empties caches that depend on them, and abandons a unique shape.
  void BeginChange(Heap& heap);
  bool TryAppend(Heap& heap, const Value& value);
  KeyError SetAnywhere(Heap& heap, const Value& key, const Value& value, KeyOrigin origin);
  // After `key` was inserted into a table that had a shape until then.
  void ShapeAfter(Heap& heap, const Value& key);
};

// The node that all tables without a hash part point to. Never written.
extern const Node kEmptyNode;
inline bool Table::has_nodes() const { return nodes != &kEmptyNode; }

// The hash of any string, computed at first use for long ones.
uint32_t StringHash(const String* s);

// If `d` has an exact int64 value, stores it.
bool FloatToInteger(double d, int64_t* out);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_TABLE_H_
