// Values as interactive mode shows them: like Lua source where there is such, tables with what is in them.
//
//   {1, 2, "three", name = "x", [2.5] = {…}}
//
// A table that fits into a line stands in one, others take a line per entry. Positional entries come first, then names in
// alphabetical order, then other keys. A table inside itself is shown as <cycle: n up>. Text of a metatable's __tostring stands for
// the value; __name stands before a table's braces. No other metamethod is called.

#ifndef PERILUNE_REPL_VALUE_PRINTER_H_
#define PERILUNE_REPL_VALUE_PRINTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune::vm::repl {

struct PrintLimits {
  size_t width = 80;           // columns of a line that a table may fill
  size_t depth = 4;            // nested tables that are shown
  size_t entries = 64;         // of one table
  size_t string_bytes = 2000;  // of one string
  size_t total_bytes = 20000;  // about; what comes then is left out
};

// A string as Lua source in double quotes: control characters and bytes that are not UTF-8 as escapes. Of longer strings than `max_bytes` the
// beginning, and how many bytes there are.
std::string QuoteString(std::string_view string, size_t max_bytes);

class ValuePrinter {
 public:
  ValuePrinter(Isolate& vm, const PrintLimits& limits) : vm_(vm), limits_(limits) {}

  // May run Lua code (__tostring), whose errors are shown in the value's place; an interrupt makes that so, too. The value must be
  // reachable otherwise.
  std::string Print(const Value& value);

 private:
  struct Entry {
    Value key;  // nil: positional
    Value value;
  };

  std::string PrintValue(const Value& value, size_t indent);
  std::string PrintTable(Table* table, size_t indent);
  std::string PrintEntry(const Entry& entry, size_t indent);
  std::string PrintByMetamethod(const Value& value);
  std::string PrintFunction(const Value& value);
  // The entries to be shown, and how many there are.
  std::vector<Entry> EntriesOf(Table* table, size_t* count);
  bool IsFull() const { return used_ > limits_.total_bytes; }

  Isolate& vm_;
  const PrintLimits limits_;
  std::vector<const Table*> path_;  // tables around the value
  size_t used_ = 0;                 // bytes printed so far, about
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_VALUE_PRINTER_H_
