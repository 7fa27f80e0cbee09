// Regular expressions as the `re` library sees them. Behind this stands RE2 (https://github.com/google/re2, syntax:
// re2/doc/syntax.txt); only re_engine.cc includes its headers.
//
// RE2 matches in time linear in the subject, whatever the pattern, and in memory bounded by ReOptions::max_mem. It cannot be
// interrupted while it looks for one match.
//
// All positions here are offsets in bytes, from 0.

#ifndef PERILUNE_RUNTIME_RE_ENGINE_H_
#define PERILUNE_RUNTIME_RE_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace perilune::vm {

// Flags are false by default; docs/re.md says what they mean.
struct ReOptions {
  bool case_insensitive = false;
  bool multi_line = false;
  bool dot_nl = false;
  bool ungreedy = false;
  bool literal = false;
  bool longest_match = false;
  bool posix_syntax = false;
  bool perl_classes = false;
  bool word_boundary = false;
  bool never_nl = false;
  bool never_capture = false;
  bool latin1 = false;
  int64_t max_mem = 0;  // bytes, positive
};

enum class ReAnchor : uint8_t { kNone, kStart, kBoth };

// A compiled pattern. Immutable.
class Regex {
 public:
  // Null: *error says why, as in "bad pattern at offset 3: missing ): (ab". `what` is the message's beginning, "bad pattern".
  static std::unique_ptr<const Regex> Compile(std::string_view pattern, const ReOptions& options, std::string_view what, std::string* error);

  // Use Compile.
  Regex(std::string_view pattern, const ReOptions& options, std::unique_ptr<re2::RE2> program);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // Looks for the leftmost match that begins at `from` (<= the subject's size) or behind. Stores the whole match and then the
  // captures in groups[0, count); of a group that took no part, data() is null. What precedes `from` is context for ^, \b and the
  // like. An empty match inside of a UTF-8 character does not count. The subject's data() must not be null.
  bool Match(std::string_view subject, size_t from, ReAnchor anchor, std::string_view* groups, size_t count) const;
  // Is there a match? Quicker than Match.
  bool Test(std::string_view subject, size_t from) const;
  // Where the character at `at` ends: the next byte in Latin-1 and in what is not UTF-8.
  size_t EndOfCharacter(std::string_view subject, size_t at) const;

  const std::string& pattern() const { return pattern_; }
  const ReOptions& options() const { return options_; }
  size_t group_count() const { return group_count_; }
  // The name of group i + 1 is group_names()[i]; empty if it has none, or if a group
  // before it has the same.
  const std::vector<std::string>& group_names() const { return group_names_; }
  // Estimated size of program and automata for ordinary subjects, in bytes.
  size_t memory() const;

 private:
  const std::string pattern_;
  const ReOptions options_;
  const std::unique_ptr<re2::RE2> program_;
  size_t group_count_;
  std::vector<std::string> group_names_;
};

// Patterns that are looked for all at once.
class RegexSet {
 public:
  // Null: *error says why.
  static std::unique_ptr<const RegexSet> Compile(const std::vector<std::string_view>& patterns, const ReOptions& options, ReAnchor anchor,
                                                 std::string* error);
  ~RegexSet();
  RegexSet(const RegexSet&) = delete;
  RegexSet& operator=(const RegexSet&) = delete;

  size_t size() const { return size_; }
  // Stores the indices of the patterns that match, in ascending order. False: out of memory (ReOptions::max_mem).
  bool Match(std::string_view subject, std::vector<int>* indices) const;
  // Likewise, for whether any matches.
  bool Test(std::string_view subject, bool* any) const;
  const ReOptions& options() const { return options_; }
  size_t memory() const { return memory_; }  // as of Regex

 private:
  struct Program;
  RegexSet(const ReOptions& options, std::unique_ptr<Program> program, size_t size, size_t memory);

  const ReOptions options_;
  const std::unique_ptr<Program> program_;
  const size_t size_;
  const size_t memory_;
};

// A pattern that matches `text` and nothing else.
std::string EscapeForRegex(std::string_view text);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_RE_ENGINE_H_
