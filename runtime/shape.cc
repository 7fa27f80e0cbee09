#include "runtime/shape.h"

#include <bit>

#include "runtime/heap.h"

namespace perilune::vm {
namespace {

constexpr size_t kInitialCapacity = 64;

size_t HashOf(const Shape* parent, const String* key) {
  return (reinterpret_cast<uintptr_t>(parent) >> 4) * 0x9e3779b97f4a7c15u ^ key->hash();
}

}  // namespace

Shapes::Shapes(Heap& heap) : heap_(heap), children_(kInitialCapacity) { roots_[0] = New(0, 0); }

Shape* Shapes::New(uint32_t node_count, uint8_t flags) {
  auto* s = static_cast<Shape*>(heap_.Allocate(sizeof(Shape), ObjectType::kShape));
  s->flags = flags;
  s->parent = nullptr;
  s->key = nullptr;
  s->last_child = nullptr;
  s->node_count = node_count;
  s->key_count = 0;
  s->boilerplate = nullptr;
  s->last_free = 0;
  return s;
}

Shape* Shapes::Root(uint32_t node_count) {
  const auto i = static_cast<uint32_t>(std::bit_width(node_count));
  if (i >= kMaxRoots) return nullptr;
  if (roots_[i] == nullptr) roots_[i] = New(node_count, 0);
  return roots_[i];
}

Shape* Shapes::NewUnique(uint32_t node_count) { return New(node_count, Shape::kUnique); }

// Where the child is, or belongs.
Shape** Shapes::Slot(const Shape* parent, const String* key) {
  const size_t mask = children_.size() - 1;
  size_t i = HashOf(parent, key) & mask;
  while (children_[i] != nullptr && (children_[i]->parent != parent || children_[i]->key != key)) i = (i + 1) & mask;
  return &children_[i];
}

Shape* Shapes::Child(Shape* parent, const String* key) {
  if (parent->last_child != nullptr && parent->last_child->key == key) return parent->last_child;
  if (parent->is_unique() || parent->key_count == kMaxKeys) return nullptr;
  Shape** slot = Slot(parent, key);
  if (*slot == nullptr) {
    if (2 * (count_ + 1) > children_.size()) {
      Grow();
      slot = Slot(parent, key);
    }
    Shape* child = New(parent->node_count, 0);
    child->parent = parent;
    child->key = key;
    child->key_count = parent->key_count + 1;
    *slot = child;
    ++count_;
  }
  return parent->last_child = *slot;
}

void Shapes::Grow() {
  std::vector<Shape*> old(children_.size() * 2);
  old.swap(children_);
  for (Shape* s : old) {
    if (s != nullptr) *Slot(s->parent, s->key) = s;
  }
}

void Shapes::Purge() {
  std::vector<Shape*> live;
  live.reserve(count_);
  for (Shape*& s : children_) {
    if (s != nullptr && heap_.IsMarked(s)) live.push_back(s);
    s = nullptr;
  }
  // A parent lives as long as its children; a live one must forget those that do not.
  const auto forget = [this](Shape* s) {
    if (s != nullptr && s->last_child != nullptr && !heap_.IsMarked(s->last_child)) s->last_child = nullptr;
  };
  for (Shape* root : roots_) forget(root);
  for (Shape* s : live) {
    forget(s);
    *Slot(s->parent, s->key) = s;
  }
  count_ = static_cast<uint32_t>(live.size());
}

}  // namespace perilune::vm
