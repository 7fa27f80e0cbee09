// Inline caches: what the lookups of one instruction have found, so that the next can be answered by a comparison or two.
//
// Each instruction that names a field or method has a cell in the isolate's instance of its function, behind the constants (ProtoInstance). Handlers
// and machine code compare a table with the cell; what does not hit goes to the functions here, which fill cells.
//
//   Cell  +0  own        shape of tables that have the key themselves, in the node whose index is the upper 16 bits of `where`
//         +8  chain      shape of tables that do not have the key, while
//         +16 metatable  is their metatable; the value is at the address `where`, in a table found along __index. If own is a shape, too, then chain
//         +24 where      is OwnNil of it, and the value is there, at the lower 48 bits of `where`, when that in the table itself is nil
//
// [DOC] Inline caches.
// 1. kNoShape, which no table has, stands where there is no entry. A nil that is found is a miss, unless it is kAbsent or there is no metatable; so entries
//    need not go when values change.
// 2. An own entry says where, never what: it holds as long as tables have that shape.
// 3. A chain entry holds as long as the tables along the chain do not get other keys, other metatables or other __index values. They are marked
//    (Table::kInCachedChain), and whatever does such a thing to a marked table calls Flush, which empties all chain entries of the isolate.
//    Therefore no handler and no machine code stores under the name of a metamethod (String::kEventName), or over a nil in a marked table: those go
//    through Table::Set, and sets by such names have no entries.
// 4. A chain entry whose key is nowhere points to kAbsent.
// 5. Entries keep nothing alive: the collector empties those whose shape or metatable is gone.
// 6. Where a cell misses often, tables are searched for the key, and chains are looked up in a ChainCache that all sites share. Its entries are as chain
//    entries; the shape is OwnNil where the table has the key, with a nil.
// 7. A string's method is looked up as that of Isolate::string_methods, a userdata's as that of userdata_methods. Only a nil that comes of it may mean something else: an error, for the semantic
//    function to raise.
//
// Cells are private to their isolate, thus read and written without synchronisation.

#ifndef PERILUNE_RUNTIME_INLINE_CACHE_H_
#define PERILUNE_RUNTIME_INLINE_CACHE_H_

#include <cstdint>
#include <vector>

#include "runtime/heap.h"
#include "runtime/object.h"
#include "runtime/shape.h"
#include "runtime/table.h"
#include "runtime/value.h"

namespace perilune::vm {

class Isolate;

inline const Shape* const kNoShape = reinterpret_cast<const Shape*>(1);

struct Cell {
  const Shape* own;
  const Shape* chain;
  const Table* metatable;
  uint64_t where;

  bool HitsOwn(const Table* t) const { return t->shape == own; }
  bool HitsChain(const Table* t) const { return t->shape == chain && t->metatable == metatable; }
  bool HitsOwnNil(const Table* t) const { return OwnNil(t->shape) == chain && t->metatable == metatable; }
  Value* OwnValue(const Table* t) const { return &t->nodes[where >> kAddressBits].value; }
  const Value* ChainValue() const { return reinterpret_cast<const Value*>(where); }        // of a table that HitsChain
  const Value* OwnNilValue() const { return reinterpret_cast<const Value*>(where & kAddress); }  // of one that HitsOwnNil

  static constexpr int kAddressBits = 48;
  static constexpr uint64_t kAddress = (uint64_t{1} << kAddressBits) - 1;
  static const Shape* OwnNil(const Shape* shape) { return reinterpret_cast<const Shape*>(reinterpret_cast<uintptr_t>(shape) + kOwnNil); }
  static constexpr uintptr_t kOwnNil = 2;

  bool has_chain() const { return chain != kNoShape; }
  void ClearChain() {
    if (own == kNoShape) where = 0;
    chain = kNoShape;
    metatable = nullptr;
    where &= ~kAddress;
  }
  void Clear() { *this = {kNoShape, kNoShape, nullptr, 0}; }
};
static_assert(sizeof(Cell) == 32);

// The cell of a NewTable instruction. Now and then a table that is made there is looked at again when some more have been; if the last few looks found the
// same shape, tables are made with it: all nodes have their keys, and only the values are still nil.
struct SiteCell {
  const Shape* like;       // to make tables with, or null
  const Shape* candidate;  // what was found last, or null; not kept alive
  Table* last;             // to be looked at, or null; not kept alive
  uint16_t countdown;      // tables to make until the next look
  uint16_t interval;       // between looks
  uint8_t confirmations;   // looks that found `candidate` again
  uint8_t sparse;          // looks that found less than half of the keys in use
  bool in_use;             // it is in InlineCaches::sites_

  static SiteCell& Of(Cell& cell) { return reinterpret_cast<SiteCell&>(cell); }
};
static_assert(sizeof(SiteCell) == sizeof(Cell));

// What a cell's site has seen.
struct CellState {
  static constexpr int kManyBit = 4;

  uint8_t misses : 6;  // once 1 << kManyBit, the entry stays, for the site sees many kinds of tables: see 6. above
  bool in_own : 1;    // it is in InlineCaches::own_
  bool in_chain : 1;  // it is in InlineCaches::chain_

  bool many() const { return misses >> kManyBit != 0; }
};
static_assert(sizeof(CellState) == 1);

// The value of a key that is nowhere along a chain.
extern const Value kAbsent;

struct ChainEntry {
  const Shape* shape;  // null: none
  const Table* metatable;
  const String* key;
  const Value* value;
};

struct ChainCache {
  static constexpr size_t kSize = 256;
  static constexpr int kShapeShift = 4, kMetatableShift = 6;

  ChainEntry& At(const Shape* shape, const Table* metatable, const String* key) {
    const uintptr_t hash = (reinterpret_cast<uintptr_t>(shape) >> kShapeShift) + (reinterpret_cast<uintptr_t>(metatable) >> kMetatableShift) + key->hash();
    return entries[hash % kSize];
  }

  ChainEntry entries[kSize] = {};
};

class InlineCaches {
 public:
  InlineCaches(Isolate& vm, Heap& heap, ChainCache& chain_cache) : shapes_(heap), vm_(vm), chain_cache_(chain_cache) {}

  Shapes& shapes() { return shapes_; }

  // table[key] for the instruction with this cell. False: the semantic function has to look: a function or something other than a table is __index.
  bool Get(ProtoInstance* instance, uint32_t cell, Table* table, const String* key, Value* out);
  // table[key] = value. False: the semantic function has to do it: there may be a __newindex, or an error to be raised.
  bool Set(ProtoInstance* instance, uint32_t cell, Table* table, const String* key, const Value& value);

  // A table for the NewTable instruction with this cell: with the nodes that tables made there usually come to have, once that is known; else with
  // `node_count` empty ones. Null: there is not enough memory. May collect.
  Table* TryNewTable(ProtoInstance* instance, uint32_t cell, uint32_t array_size, uint32_t node_count);

  // A table that is marked kInCachedChain changes: see 3. above.
  void Flush();

  // ---- For the collector, which knows now what lives.
  void Purge(const Heap& heap);
  // Before that: keeps what live instances make tables from.
  template <typename Mark>
  void MarkBoilerplates(const Heap& heap, Mark mark) {
    for (const Place& p : sites_) {
      const SiteCell& site = SiteOf(p);
      if (heap.IsMarked(p.instance) && site.like != nullptr) mark(const_cast<Shape*>(site.like));
    }
  }

 private:
  struct Place {
    ProtoInstance* instance;
    uint32_t cell;
  };

  static SiteCell& SiteOf(const Place& p) { return reinterpret_cast<SiteCell&>(p.instance->cells[p.cell]); }
  // Takes note of what became of a table that was made at a site.
  void Observe(SiteCell& site, const Table* table);
  void Adopt(SiteCell& site, const Table* table);

  // The table's shape, or one that it gets now; null: it has none.
  const Shape* ShapeOf(Table* table);
  // Counts a miss. False: the cell is to be left as it is.
  bool Missed(const Place& place);
  void FillChainCache(const Shape* shape, const Table* table, const String* key, const Value* value);
  void ClearChainCache();
  void FillOwn(const Place& place, Table* table, const Value* value);
  void FillChain(const Place& place, Table* table, const Value* value);
  void MarkInChain(Table* table);
  // Where the key is along the chain of a table that does not have it. False: see Get. Marks the tables if asked to.
  bool FindAlongChain(const Table* table, const String* key, bool mark, const Value** value);
  // Whether no __newindex wants to know of a new field.
  bool MaySetNew(const Table* table) const;

  Shapes shapes_;
  Isolate& vm_;
  std::vector<Place> own_, chain_;     // cells that may have such entries
  std::vector<Place> sites_;           // SiteCells in use
  std::vector<Table*> in_chain_;       // tables marked kInCachedChain
  ChainCache& chain_cache_;
  bool chain_cache_used_ = false;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_INLINE_CACHE_H_
