// Shapes (hidden classes): what tables with the same hash part have in common.
//
// [DOC] Shapes. All tables with one shape have node arrays of the same size with the same key at each position (table.h), so that where a key was found
// in one it is in all. Values differ, and may be nil. The layout follows from the size of the node array and the order of insertions, and so
// do shapes: an empty node array has the root shape of its size, and the insertion of a key leads from one shape to another.
//
//   root(4) --"x"--> Shape{x} --"y"--> Shape{x, y}         each keeps its parent alive, and is found from it in a hash table that keeps nothing alive
//
// 1. Only the insertion of a short string by an op with a constant key leads on, and only so many keys: a table that grows in other ways loses its
//    shape (Table::shape is null), for it is likely to be a dictionary.
// 2. A table without a shape that is looked up by constant keys (globals, libraries) gets a unique one, which means "the node array of this table, as it
//    is now" and is abandoned when that changes. Such a table may have keys of any type.
// 3. In a table with a shape a node belongs to its key even while the value is nil: no other key takes it, and the collector keeps the key if it is a string.
//
// Shapes are objects of an isolate's heap; an isolate has one Shapes.

#ifndef PERILUNE_RUNTIME_SHAPE_H_
#define PERILUNE_RUNTIME_SHAPE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "runtime/object.h"

namespace perilune::vm {

class Heap;
struct Node;

struct Shape : Object {
  static constexpr uint8_t kUnique = 1;     // flags: of a single table
  static constexpr uint8_t kAbandoned = 2;  // flags: of none any more

  Shape* parent;         // null: a root, or unique
  const String* key;     // what was inserted last; null like parent
  Shape* last_child;     // where the last insertion led; not kept alive
  uint32_t node_count;
  uint32_t key_count;
  // The nodes of a table with this shape, with nils for values, once tables are made from it; else null. Storage kept by this shape.
  Node* boilerplate;
  uint32_t last_free;    // Table::last_free of such a table

  bool is_unique() const { return (flags & kUnique) != 0; }
  bool is_abandoned() const { return (flags & kAbandoned) != 0; }
  // Whether a table with this shape has had `other`, with the same nodes.
  bool DescendsFrom(const Shape* other) const {
    const Shape* s = this;
    while (s != nullptr && s->key_count > other->key_count) s = s->parent;
    return s == other;
  }
};

class Shapes {
 public:
  // Tables with more keys have no shape, or a unique one.
  static constexpr uint32_t kMaxKeys = 40;

  explicit Shapes(Heap& heap);

  // The shape of an empty node array: of no nodes, or of a power of two.
  Shape* Root(uint32_t node_count);
  Shape* empty_root() const { return roots_[0]; }
  // The shape of a table with shape `parent` after the insertion of `key`, which must be short. Null: it has none.
  Shape* Child(Shape* parent, const String* key);
  Shape* NewUnique(uint32_t node_count);

  // ---- For the collector.
  template <typename Mark>
  void MarkRoots(Mark mark) {
    for (Shape* root : roots_) {
      if (root != nullptr) mark(root);
    }
  }
  // Forgets shapes that are not marked.
  void Purge();

 private:
  static constexpr uint32_t kMaxRoots = 8;  // larger node arrays have no root shape
  Shape* New(uint32_t node_count, uint8_t flags);
  Shape** Slot(const Shape* parent, const String* key);
  void Grow();

  Heap& heap_;
  std::array<Shape*, kMaxRoots> roots_ = {};
  std::vector<Shape*> children_;  // open addressing by (parent, key); a power of two
  uint32_t count_ = 0;
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_SHAPE_H_
