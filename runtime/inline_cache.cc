#include "runtime/inline_cache.h"

#include "runtime/isolate.h"

namespace perilune::vm {

const Value kAbsent = Value::Nil();

namespace {

// Looks that must have found the same shape again before tables are made with it; the largest such; tables between two looks, in the end.
constexpr uint8_t kConfirmations = 2, kMaxSparse = 3;
constexpr uint32_t kMaxBoilerplateNodes = 32;
constexpr uint16_t kMaxInterval = 10'000;
// Longer chains are followed by the semantic functions.
constexpr int kMaxChain = 16;
// So many unique shapes a table gets at once when it is looked up, if it keeps growing; then each after twice as many lookups as the one before.
constexpr uint32_t kFreePromotions = 4;

// Table::aux.
constexpr uint32_t kPromotionsShift = 8, kPromotionsMask = 0xff, kLookupsShift = 16;

}  // namespace

const Shape* InlineCaches::ShapeOf(Table* table) {
  if (table->shape != nullptr) return table->shape;
  if (!table->has_nodes()) return table->shape = shapes_.empty_root();
  const uint32_t promotions = table->aux >> kPromotionsShift & kPromotionsMask;
  const uint32_t lookups = (table->aux >> kLookupsShift) + 1;
  const uint32_t wanted = promotions < kFreePromotions ? 1 : promotions < kFreePromotions + 12 ? 1u << (promotions - kFreePromotions) : 1u << 12;
  if (lookups < wanted) {
    table->aux += 1u << kLookupsShift;
    return nullptr;
  }
  table->aux = (table->aux & ((1u << kPromotionsShift) - 1)) | (promotions < kPromotionsMask ? promotions + 1 : promotions) << kPromotionsShift;
  return table->shape = shapes_.NewUnique(table->node_count());
}

bool InlineCaches::Missed(const Place& place) {
  CellState& state = place.instance->states()[place.cell];
  if (state.many()) return false;
  const Cell& cell = place.instance->cells[place.cell];
  // Entries for what is no more, and empty ones, do not count. What runs once gets no entry.
  const bool first = state.misses == 0;
  if (first || cell.chain != kNoShape || (cell.own != kNoShape && !cell.own->is_abandoned())) ++state.misses;
  return !first;
}

void InlineCaches::FillOwn(const Place& place, Table* table, const Value* value) {
  if (!Missed(place)) return;
  const Shape* shape = ShapeOf(table);
  // A node begins with its value.
  const auto index = static_cast<uint64_t>(reinterpret_cast<const Node*>(value) - table->nodes);
  if (shape == nullptr || index > UINT16_MAX) return;
  place.instance->cells[place.cell] = {shape, kNoShape, nullptr, index << Cell::kAddressBits};
  CellState& state = place.instance->states()[place.cell];
  if (!state.in_own) own_.push_back(place);
  state.in_own = true;
}

void InlineCaches::FillChain(const Place& place, Table* table, const Value* value) {
  const Shape* shape = ShapeOf(table);
  if (shape == nullptr) return;
  Cell& cell = place.instance->cells[place.cell];
  const auto address = reinterpret_cast<uint64_t>(value);
  if (shape == cell.own) {
    cell = {shape, Cell::OwnNil(shape), table->metatable, (cell.where & ~Cell::kAddress) | address};
  } else {
    cell = {kNoShape, shape, table->metatable, address};
  }
  CellState& state = place.instance->states()[place.cell];
  if (!state.in_chain) chain_.push_back(place);
  state.in_chain = true;
}

void InlineCaches::MarkInChain(Table* table) {
  if ((table->aux & Table::kInCachedChain) != 0) return;
  table->aux |= Table::kInCachedChain;
  in_chain_.push_back(table);
}

void InlineCaches::Flush() {
  for (Table* t : in_chain_) t->aux &= ~Table::kInCachedChain;
  in_chain_.clear();
  for (const Place& p : chain_) {
    p.instance->states()[p.cell].in_chain = false;
    Cell& c = p.instance->cells[p.cell];
    if (c.has_chain()) c.ClearChain();
  }
  chain_.clear();
  ClearChainCache();
}

bool InlineCaches::FindAlongChain(const Table* table, const String* key, bool mark, const Value** value) {
  const Table* t = table;
  for (int i = 0; i < kMaxChain; ++i) {
    Table* metatable = t->metatable;
    if (mark && t != table) MarkInChain(const_cast<Table*>(t));
    if (metatable == nullptr) return *value = &kAbsent, true;
    if (mark) MarkInChain(metatable);
    const Value index = vm_.MetamethodOf(metatable, Event::kIndex);
    if (index.IsNil()) return *value = &kAbsent, true;
    if (!index.IsTable()) return false;
    t = index.table();
    const Value* found = const_cast<Table*>(t)->FindShortString(key);
    if (found != nullptr && !found->IsNil()) {
      if (mark) MarkInChain(const_cast<Table*>(t));
      return *value = found, true;
    }
  }
  return false;
}

bool InlineCaches::Get(ProtoInstance* instance, uint32_t index, Table* table, const String* key, Value* out) {
  const Cell& cell = instance->cells[index];
  const Place place{instance, index};
  const auto found = [out](const Value* value) {
    if (value->IsNil() && value != &kAbsent) return false;
    *out = *value;
    return true;
  };
  if (cell.HitsChain(table) && found(cell.ChainValue())) return true;
  const bool hit = cell.HitsOwn(table);
  const Value* own = hit ? cell.OwnValue(table) : table->FindShortString(key);
  if (own != nullptr && (!own->IsNil() || table->metatable == nullptr)) {
    if (!hit) FillOwn(place, table, own);
    return *out = *own, true;
  }
  // The chain has to answer.
  if (hit && cell.HitsOwnNil(table) && found(cell.OwnNilValue())) return true;
  const Shape* many = nullptr;  // for the chain cache
  bool fill = false;
  if (instance->states()[index].many() && table->shape != nullptr) {
    many = own == nullptr ? table->shape : Cell::OwnNil(table->shape);
    const ChainEntry& entry = chain_cache_.At(many, table->metatable, key);
    if (entry.shape == many && entry.metatable == table->metatable && entry.key == key && found(entry.value)) return true;
  } else if (own == nullptr) {
    fill = Missed(place);
  } else {
    // Only a cell that knows where the nil is can say more.
    if (!hit) FillOwn(place, table, own);
    fill = cell.HitsOwn(table) && (!cell.has_chain() || Missed(place));
  }
  const Value* value;
  if (!FindAlongChain(table, key, fill || many != nullptr, &value)) return false;
  if (fill) FillChain(place, table, value);
  if (many != nullptr) FillChainCache(many, table, key, value);
  *out = *value;
  return true;
}

void InlineCaches::FillChainCache(const Shape* shape, const Table* table, const String* key, const Value* value) {
  chain_cache_.At(shape, table->metatable, key) = {shape, table->metatable, key, value};
  chain_cache_used_ = true;
}

void InlineCaches::ClearChainCache() {
  if (!chain_cache_used_) return;
  for (ChainEntry& e : chain_cache_.entries) e = {};
  chain_cache_used_ = false;
}

bool InlineCaches::MaySetNew(const Table* table) const {
  return table->metatable == nullptr || vm_.MetamethodOf(table->metatable, Event::kNewIndex).IsNil();
}

bool InlineCaches::Set(ProtoInstance* instance, uint32_t index, Table* table, const String* key, const Value& value) {
  const Cell& cell = instance->cells[index];
  if (key->is_event_name()) return false;
  Value* slot;
  if (cell.HitsOwn(table)) {
    slot = cell.OwnValue(table);
  } else {
    slot = table->FindShortString(key);
    if (slot != nullptr) FillOwn({instance, index}, table, slot);
  }
  if (slot == nullptr || slot->IsNil()) {
    if (!MaySetNew(table)) return false;
    if (slot == nullptr && value.IsNil()) return table->ReserveNode(vm_.heap(), key), true;
    if (slot == nullptr || (table->aux & Table::kInCachedChain) != 0) {
      return table->Set(vm_.heap(), Value::Of(key), value, KeyOrigin::kConstant) == KeyError::kNone;
    }
  }
  *slot = value;
  return true;
}

void InlineCaches::Observe(SiteCell& site, const Table* table) {
  const Shape* shape = table->shape;
  if (shape == nullptr || shape->is_unique() || shape->key_count == 0 || shape->node_count > kMaxBoilerplateNodes) {
    site.confirmations = 0;
    return;
  }
  if (shape == site.like) {
    uint32_t used = 0;
    for (uint32_t i = 0; i <= table->node_mask; ++i) used += !table->nodes[i].value.IsNil();
    if (2 * used < shape->key_count && ++site.sparse == kMaxSparse) {
      site.like = site.candidate = nullptr;
      site.sparse = 0;
      return;
    }
  }
  if (shape == site.candidate) {
    if (site.confirmations < UINT8_MAX) ++site.confirmations;
    return;
  }
  // One that is still being filled says nothing against a larger candidate.
  if (site.candidate != nullptr && site.candidate->DescendsFrom(shape)) return;
  site.candidate = shape;
  site.confirmations = 0;
}

void InlineCaches::Adopt(SiteCell& site, const Table* table) {
  if (site.confirmations < kConfirmations || site.candidate == nullptr || site.candidate == site.like) return;
  auto* shape = const_cast<Shape*>(site.candidate);
  if (shape->boilerplate == nullptr) {
    if (table->shape != shape) return;
    Node* nodes = table->TryCopyNodes(vm_.heap());
    if (nodes == nullptr) return;
    shape->boilerplate = nodes;
    shape->last_free = table->last_free;
  }
  site.like = shape;
}

Table* InlineCaches::TryNewTable(ProtoInstance* instance, uint32_t cell, uint32_t array_size, uint32_t node_count) {
  SiteCell& site = SiteCell::Of(instance->cells[cell]);
  if (!site.in_use) {
    site = {nullptr, nullptr, nullptr, 1, 1, 0, 0, true};
    sites_.push_back({instance, cell});
  }
  if (--site.countdown != 0) return Table::TryNew(vm_.heap(), array_size, node_count, site.like);
  if (site.last != nullptr) {
    Observe(site, site.last);
    Adopt(site, site.last);
  }
  Table* t = Table::TryNew(vm_.heap(), array_size, node_count, site.like);
  site.last = t;
  if (site.interval < kMaxInterval) site.interval = static_cast<uint16_t>(site.interval + (site.interval + 1) / 2);
  site.countdown = site.interval;
  return t;
}

void InlineCaches::Purge(const Heap& heap) {
  std::erase_if(sites_, [this, &heap](const Place& p) {
    if (!heap.IsMarked(p.instance)) return true;
    SiteCell& site = SiteOf(p);
    if (site.last != nullptr && !heap.IsMarked(site.last)) {
      Observe(site, site.last);
      site.last = nullptr;
    }
    if (site.candidate != nullptr && !heap.IsMarked(site.candidate)) site.candidate = nullptr;
    return false;
  });
  for (const Table* t : in_chain_) {
    if (!heap.IsMarked(t)) {
      Flush();
      break;
    }
  }
  std::erase_if(own_, [&heap](const Place& p) {
    if (!heap.IsMarked(p.instance)) return true;
    Cell& c = p.instance->cells[p.cell];
    if (c.own != kNoShape && heap.IsMarked(c.own)) return false;
    if (c.own != kNoShape) c.Clear();
    p.instance->states()[p.cell].in_own = false;
    return true;
  });
  std::erase_if(chain_, [&heap](const Place& p) {
    if (!heap.IsMarked(p.instance)) return true;
    Cell& c = p.instance->cells[p.cell];
    const bool shape_lives = c.own != kNoShape || (c.has_chain() && heap.IsMarked(c.chain));  // the own one was looked at above
    if (c.has_chain() && shape_lives && (c.metatable == nullptr || heap.IsMarked(c.metatable))) return false;
    if (c.has_chain()) c.ClearChain();
    p.instance->states()[p.cell].in_chain = false;
    return true;
  });
  ClearChainCache();
  shapes_.Purge();
}

}  // namespace perilune::vm
