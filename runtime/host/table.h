// Tables and functions as the host holds them: handles, with the rules of Value, that of threads included.
//
//   perilune::Table t = isolate.NewTable();
//   RETURN_IF_ERROR(t.Set("name", "Ada"));
//   absl::StatusOr<std::string> name = t.Get<std::string>("name");
//   for (const auto& [key, value] : t) …            // raw entries, in no particular order; do not add keys meanwhile
//   for (const Value& v : t.elements()) …           // t[1], t[2], … t[#t]
//   absl::StatusOr<int64_t> sum = f.Call<int64_t>(1, 2);

#ifndef PERILUNE_RUNTIME_HOST_TABLE_H_
#define PERILUNE_RUNTIME_HOST_TABLE_H_

#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/host/value.h"

namespace perilune {

class Table {
 public:
  // Invalid until assigned to.
  Table() = default;
  // Requires v.is_table().
  explicit Table(Value v) : value_(std::move(v)) {}

  const Value& value() const { return value_; }
  operator const Value&() const { return value_; }  // NOLINT: a table is a value

  // With metamethods, which may fail. kInvalidArgument if the value does not fit T.
  template <typename T = Value, typename K>
  absl::StatusOr<T> Get(const K& key) const;
  template <typename K, typename V>
  absl::Status Set(const K& key, V&& value) const;
  // Without metamethods.
  template <typename K>
  absl::StatusOr<Value> RawGet(const K& key) const;
  // An error for a key that no table can have: nil or NaN.
  template <typename K, typename V>
  absl::Status RawSet(const K& key, V&& value) const;

  // A border, as `#` without metamethods.
  int64_t length() const;
  // Sets t[#t + 1].
  template <typename V>
  absl::Status Append(V&& value) const;
  // Null for none.
  void SetMetatable(const Table* metatable) const;

  // ---- Ranges.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::pair<Value, Value>;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = const value_type&;

    Iterator() = default;  // the end
    explicit Iterator(const Table* table) : table_(table) { ++*this; }
    reference operator*() const { return entry_; }
    pointer operator->() const { return &entry_; }
    Iterator& operator++();
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.table_ == b.table_; }

   private:
    const Table* table_ = nullptr;  // null at the end
    value_type entry_;
  };
  Iterator begin() const { return Iterator(this); }
  Iterator end() const { return Iterator(); }

  class Elements {
   public:
    class Iterator {
     public:
      using iterator_category = std::input_iterator_tag;
      using value_type = Value;
      using difference_type = std::ptrdiff_t;
      using pointer = const Value*;
      using reference = Value;

      Iterator(const Table* table, int64_t i) : table_(table), i_(i) {}
      Value operator*() const;
      Iterator& operator++() {
        ++i_;
        return *this;
      }
      friend bool operator==(const Iterator& a, const Iterator& b) { return a.i_ == b.i_; }

     private:
      const Table* table_;
      int64_t i_;
    };
    explicit Elements(const Table* table) : table_(table), end_(table->length() + 1) {}
    Iterator begin() const { return {table_, 1}; }
    Iterator end() const { return {table_, end_}; }

   private:
    const Table* table_;
    int64_t end_;
  };
  // The elements from 1 to the length that the table has now. The handle must outlive the range.
  Elements elements() const { return Elements(this); }

 private:
  Value value_;
};

class Function {
 public:
  // Invalid until assigned to.
  Function() = default;
  // Requires v.is_function().
  explicit Function(Value v) : value_(std::move(v)) {}

  const Value& value() const { return value_; }
  operator const Value&() const { return value_; }  // NOLINT: a function is a value

  // As Isolate::Call.
  template <typename... R, typename... A>
  auto Call(A&&... args) const;

 private:
  Value value_;
};

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_HOST_TABLE_H_
