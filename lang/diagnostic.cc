#include "lang/diagnostic.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "lang/limits.h"

namespace perilune::lang {
namespace {

constexpr std::string_view kEllipsis = "...";
constexpr std::string_view kStringPrefix = "[string \"";
constexpr std::string_view kStringSuffix = "\"]";

}  // namespace

std::string ChunkId(std::string_view chunk_name) {
  constexpr size_t kMaxLength = kMaxChunkIdSize - 1;
  // As in C, a zero ends the name.
  chunk_name = chunk_name.substr(0, chunk_name.find('\0'));
  if (absl::StartsWith(chunk_name, "=")) return std::string(chunk_name.substr(1, kMaxLength));
  if (absl::StartsWith(chunk_name, "@")) {
    const std::string_view file = chunk_name.substr(1);
    if (file.size() <= kMaxLength) return std::string(file);
    return absl::StrCat(kEllipsis, file.substr(file.size() - (kMaxLength - kEllipsis.size())));
  }
  constexpr size_t kMaxText =
      kMaxLength - kStringPrefix.size() - kEllipsis.size() - kStringSuffix.size();
  const std::string_view first_line = chunk_name.substr(0, chunk_name.find('\n'));
  // The reference leaves no room for the ellipsis to be dropped: a text of kMaxText bytes has one
  // too.
  const bool whole = first_line.size() == chunk_name.size() && chunk_name.size() < kMaxText;
  return absl::StrCat(kStringPrefix, first_line.substr(0, kMaxText), whole ? "" : kEllipsis,
                      kStringSuffix);
}

std::string AddPosition(std::string_view chunk_name, int32_t line, std::string_view message) {
  return absl::StrCat(ChunkId(chunk_name), ":", line, ": ", message);
}

bool IsIncompleteChunk(const absl::Status& status) {
  return absl::EndsWith(status.message(), "<eof>");
}

}  // namespace perilune::lang
