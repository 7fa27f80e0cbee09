// "Did you mean": the nearest of some names.

#ifndef PERILUNE_REPL_SUGGESTION_H_
#define PERILUNE_REPL_SUGGESTION_H_

#include <string_view>

#include "absl/types/span.h"

namespace perilune::vm::repl {

// The one of `names` that `name` was meant to be: it begins with it, or at most two characters are inserted, removed or replaced
// (Levenshtein). Empty: there is none.
std::string_view NearestName(std::string_view name, absl::Span<const std::string_view> names);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_SUGGESTION_H_
