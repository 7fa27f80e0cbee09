#include "repl/history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace perilune::vm::repl {
namespace {

absl::Status Failure(std::string_view what, const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

std::string Escaped(std::string_view entry) { return absl::StrReplaceAll(entry, {{"\\", "\\\\"}, {"\n", "\\n"}}); }
std::string Unescaped(std::string_view line) { return absl::StrReplaceAll(line, {{"\\\\", "\\"}, {"\\n", "\n"}}); }

// Makes the folder of `path`, and those above it.
void MakeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0700);  // what is wrong shows when the file is opened
  }
}

// At most so many bytes from the end of the file, without a line that began before them. False: errno says why.
bool ReadEnd(const std::string& path, size_t max_bytes, std::string* text) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return errno == ENOENT;
  char buffer[65536];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, file)) {
    text->append(buffer, got);
    if (text->size() > 2 * max_bytes) text->erase(0, text->size() - max_bytes);
  }
  const bool ok = std::ferror(file) == 0;
  std::fclose(file);
  if (text->size() > max_bytes) text->erase(0, text->find('\n', text->size() - max_bytes));
  return ok;
}

}  // namespace

std::string HistoryPath() {
  if (const char* path = std::getenv("PERILUNE_HISTORY")) return path;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/') return absl::StrCat(state, "/perilune/history");
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? absl::StrCat(home, "/.perilune_history") : "";
}

absl::Status History::Load() {
  entries_.clear();
  if (path_.empty()) return absl::OkStatus();
  std::string text;
  if (!ReadEnd(path_, kMaxFileBytes, &text)) return Failure("read", path_);
  for (const std::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) entries_.push_back(Unescaped(line));
  if (entries_.size() > kMaxEntries) entries_.erase(entries_.begin(), entries_.end() - kMaxEntries);
  return absl::OkStatus();
}

absl::Status History::Add(std::string_view entry) {
  const std::string text(entry);
  if (text.empty() || (!entries_.empty() && entries_.back() == text)) return absl::OkStatus();
  std::vector<std::string> mine = std::move(entries_);
  const absl::Status loaded = Load();  // what other sessions have written by now
  if (path_.empty() || !loaded.ok()) entries_ = std::move(mine);
  if (entries_.empty() || entries_.back() != text) entries_.push_back(text);
  if (entries_.size() > kMaxEntries) entries_.erase(entries_.begin());
  return !loaded.ok() || path_.empty() ? loaded : Save();
}

absl::Status History::Save() const {
  MakeFolders(path_);
  const std::string temporary = absl::StrCat(path_, ".", getpid());
  const int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::FILE* file = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
  if (file == nullptr) return Failure("write", path_);
  size_t first = entries_.size();
  for (size_t bytes = 0; first > 0 && (bytes += Escaped(entries_[first - 1]).size() + 1) <= kMaxFileBytes;) --first;
  for (size_t i = first; i < entries_.size(); ++i) std::fputs(absl::StrCat(Escaped(entries_[i]), "\n").c_str(), file);
  const bool written = std::ferror(file) == 0;
  if (std::fclose(file) == 0 && written && std::rename(temporary.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  const absl::Status failure = Failure("write", path_);
  unlink(temporary.c_str());
  return failure;
}

}  // namespace perilune::vm::repl
