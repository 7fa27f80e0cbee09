#include "repl/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"

namespace perilune::vm::repl {
namespace {

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view NearestName(std::string_view name, absl::Span<const std::string_view> names) {
  constexpr size_t kNear = 2;
  constexpr size_t kShortest = 4;  // shorter ones are near to nothing
  if (name.size() < kShortest) return "";
  std::string_view nearest;
  size_t least = kNear + 1;
  for (const std::string_view candidate : names) {
    const size_t distance = absl::StartsWith(candidate, name) ? 0 : EditDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace perilune::vm::repl
