// The lines entered in interactive mode, kept in a file from session to session.
//
// The file is $PERILUNE_HISTORY, or perilune/history in $XDG_STATE_HOME, or .perilune_history in $HOME: a line per entry, with \n and \\ for line
// ends and backslashes inside of it. An empty $PERILUNE_HISTORY means that nothing is kept.

#ifndef PERILUNE_REPL_HISTORY_H_
#define PERILUNE_REPL_HISTORY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace perilune::vm::repl {

// The file's path; empty: there is to be none.
std::string HistoryPath();

class History {
 public:
  static constexpr size_t kMaxEntries = 1000;
  static constexpr size_t kMaxFileBytes = size_t{1} << 20;  // of older entries, what fits

  explicit History(std::string path) : path_(std::move(path)) {}

  // Reads the file; a missing one is empty.
  absl::Status Load();
  // Adds an entry, unless it is empty or the last one again, and writes the file anew, entries that other sessions have added
  // included. The file is replaced in one step, and is the user's alone to read.
  absl::Status Add(std::string_view entry);

  const std::vector<std::string>& entries() const { return entries_; }

 private:
  absl::Status Save() const;

  const std::string path_;
  std::vector<std::string> entries_;  // the newest last
};

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_HISTORY_H_
