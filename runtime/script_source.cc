#include "runtime/script_source.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "lang/binary_chunk.h"

namespace perilune::vm {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status Failure(const char* what, const char* path) {
  const int error = errno;
  return absl::Status(absl::ErrnoToStatusCode(error), absl::StrCat("cannot ", what, " ", path == nullptr ? "stdin" : path, ": ", std::strerror(error)));
}

// All that is left of `file`. False: errno says why.
bool ReadAll(std::FILE* file, std::string* text) {
  char buffer[16384];
  for (;;) {
    const size_t got = std::fread(buffer, 1, sizeof buffer, file);
    text->append(buffer, got);
    if (got < sizeof buffer) return std::ferror(file) == 0;
  }
}

// The text without byte order mark and first '#' line.
std::string_view SkipShebang(std::string_view text) {
  if (absl::StartsWith(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!absl::StartsWith(text, "#")) return text;
  text.remove_prefix(std::min(text.find('\n'), text.size()));
  if (text.size() > 1 && text[1] == lang::kBinaryChunkMark) text.remove_prefix(1);  // it has no lines to count
  return text;
}

}  // namespace

absl::StatusOr<ScriptSource> ReadScript(const char* path) {
  ScriptSource source;
  source.name = path == nullptr ? "=stdin" : absl::StrCat("@", path);
  std::FILE* file = path == nullptr ? stdin : std::fopen(path, "re");
  if (file == nullptr) return Failure("open", path);
  const bool complete = ReadAll(file, &source.text);
  const int error = errno;
  if (path != nullptr) std::fclose(file);
  errno = error;
  if (!complete) return Failure("read", path);
  const std::string_view text = SkipShebang(source.text);
  source.text.erase(0, source.text.size() - text.size());
  return source;
}

}  // namespace perilune::vm
