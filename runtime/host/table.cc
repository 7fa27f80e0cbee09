#include "runtime/host/table.h"

#include "runtime/table.h"

namespace perilune {

int64_t Table::length() const { return value_.raw().table()->Length(); }

void Table::SetMetatable(const Table* metatable) const {
  value_.isolate()->SetMetatable(value_.raw(), metatable == nullptr ? nullptr : metatable->value().raw().table());
}

Table::Iterator& Table::Iterator::operator++() {
  vm::Isolate* vm = table_->value_.isolate();
  vm::Value key, value;
  bool done = false;
  // The key came from the table; it can only be missing if the table was changed meanwhile, which ends the traversal.
  if (table_->value_.raw().table()->Next(entry_.first.raw(), &key, &value, &done) != vm::KeyError::kNone || done) {
    table_ = nullptr;
    entry_ = {};
    return *this;
  }
  entry_ = {Value(vm, key), Value(vm, value)};
  return *this;
}

Value Table::Elements::Iterator::operator*() const { return Value(table_->value_.isolate(), table_->value_.raw().table()->GetInteger(i_)); }

}  // namespace perilune
