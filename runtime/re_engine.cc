#include "runtime/re_engine.h"

#include <algorithm>
#include <utility>

#include "re2/re2.h"
#include "re2/set.h"

namespace perilune::vm {
namespace {

using re2::RE2;

// RE2 takes a budget whose third is 0 for none at all.
constexpr int64_t kLeastMemory = 16;
constexpr size_t kMaxShownPattern = 100;

// Length of the UTF-8 character at s[at], or 0 if there is none.
size_t CharacterLength(std::string_view s, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || length > s.size() - at) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  // Longer than need be, or beyond U+10FFFF.
  if ((lead == 0xE0 && byte(at + 1) < 0xA0) || (lead == 0xF0 && byte(at + 1) < 0x90) || (lead == 0xF4 && byte(at + 1) > 0x8F)) return 0;
  return length;
}

// If s[at] is inside of a UTF-8 character: where that ends; else `at`.
size_t EndOfSplitCharacter(std::string_view s, size_t at) {
  if (at >= s.size() || (static_cast<unsigned char>(s[at]) & 0xC0) != 0x80) return at;
  for (size_t back = 1; back <= 3 && back <= at; ++back) {
    const size_t length = CharacterLength(s, at - back);
    if (length > back) return at - back + length;
  }
  return at;
}

// For the estimates of memory. A unit is an instruction, or a byte of pattern: it takes part in the syntax tree, in two programs
// of 16 bytes an instruction, and in each state of the automata.
constexpr size_t kFixedMemory = 2048, kMemoryPerUnit = 160;

RE2::Options OptionsForRe2(const ReOptions& options) {
  RE2::Options out;
  out.set_log_errors(false);
  out.set_case_sensitive(!options.case_insensitive);
  out.set_dot_nl(options.dot_nl);
  out.set_literal(options.literal);
  out.set_longest_match(options.longest_match);
  out.set_posix_syntax(options.posix_syntax);
  out.set_perl_classes(options.perl_classes);
  out.set_word_boundary(options.word_boundary);
  out.set_one_line(!options.multi_line);
  out.set_never_nl(options.never_nl);
  out.set_never_capture(options.never_capture);
  out.set_encoding(options.latin1 ? RE2::Options::EncodingLatin1 : RE2::Options::EncodingUTF8);
  out.set_max_mem(std::max(options.max_mem, kLeastMemory));
  return out;
}

// What stands before the user's pattern for options that RE2 knows as syntax only.
std::string_view Prefix(const ReOptions& options) {
  if (options.literal || options.posix_syntax) return "";
  if (options.multi_line) return options.ungreedy ? "(?mU)" : "(?m)";
  return options.ungreedy ? "(?U)" : "";
}

std::string WithPrefix(std::string_view pattern, const ReOptions& options) { return std::string(Prefix(options)).append(pattern); }

// The offending text of an error, as the user wrote it: RE2 turns Latin-1 patterns into UTF-8 before it reads them.
std::string OffendingText(const RE2& failed) {
  if (failed.options().encoding() != RE2::Options::EncodingLatin1) return failed.error_arg();
  std::string out;
  for (const char c : failed.error_arg()) {
    if ((c & 0xC0) != 0x80) {
      out += c;
    } else if (!out.empty()) {
      out.back() = static_cast<char>((out.back() & 0x03) << 6 | (c & 0x3F));
    }
  }
  return out;
}

// Says what is wrong with a pattern that RE2 does not take, and where. RE2 tells the kind of error and the offending text, of
// which the place is not known; but as it reads from left to right, the error ends where the shortest beginning of the pattern
// does that fails in the same way.
class Diagnosis {
 public:
  Diagnosis(std::string_view pattern, const ReOptions& options, const RE2& failed)
      : prefix_(Prefix(options).size()), full_(WithPrefix(pattern, options)), options_(OptionsForRe2(options)), code_(failed.error_code()) {
    argument_ = OffendingText(failed);
    whole_ = code_ == RE2::ErrorMissingParen || code_ == RE2::ErrorUnexpectedParen;
    text_ = failed.error();
    text_.resize(text_.size() - failed.error_arg().size());
    options_.set_max_mem(kLeastMemory);  // beginnings that are right are not to be compiled
  }

  std::string Message(std::string_view what, int64_t max_mem) const {
    std::string out(what);
    if (code_ == RE2::ErrorPatternTooLarge) {
      return out.append(": too large for max_mem = ").append(std::to_string(max_mem)).append(" bytes");
    }
    out.append(" at offset ").append(std::to_string(Offset() - prefix_)).append(": ").append(text_);
    const std::string_view shown = std::string_view(argument_).substr(whole_ ? prefix_ : 0);
    out.append(shown.substr(0, kMaxShownPattern));
    return shown.size() > kMaxShownPattern ? out.append("...") : out;
  }

 private:
  bool FailsAlike(size_t size) const {
    const RE2 beginning(std::string_view(full_).substr(0, size), options_);
    return beginning.error_code() == code_ && (whole_ || OffendingText(beginning) == argument_);
  }

  size_t Offset() const {
    size_t end = full_.size();
    switch (code_) {
      case RE2::ErrorMissingParen:
        return end;
      case RE2::ErrorTrailingBackslash:
        return end - 1;
      case RE2::ErrorBadUTF8: {
        size_t at = 0;
        for (size_t length; at < end && (length = CharacterLength(full_, at)) != 0;) at += length;
        return at;
      }
      default:
        break;
    }
    if (FailsAlike(end - 1)) {
      size_t good = prefix_;
      --end;
      while (end - good > 1) {
        const size_t middle = good + (end - good) / 2;
        (FailsAlike(middle) ? end : good) = middle;
      }
    }
    if (whole_) return end - 1;  // an unexpected parenthesis
    // RE2 may have looked at some more bytes.
    const size_t found = full_.rfind(argument_, end - std::min(end, argument_.size()));
    return std::max(found == std::string::npos ? end : found, prefix_);
  }

  const size_t prefix_;
  const std::string full_;
  RE2::Options options_;
  const RE2::ErrorCode code_;
  std::string text_;      // of the error, up to the argument
  std::string argument_;  // the offending text
  bool whole_;            // which is the whole pattern
};

RE2::Anchor AnchorForRe2(ReAnchor anchor) {
  return anchor == ReAnchor::kNone ? RE2::UNANCHORED : anchor == ReAnchor::kStart ? RE2::ANCHOR_START : RE2::ANCHOR_BOTH;
}

}  // namespace

std::unique_ptr<const Regex> Regex::Compile(std::string_view pattern, const ReOptions& options, std::string_view what, std::string* error) {
  auto program = std::make_unique<RE2>(WithPrefix(pattern, options), OptionsForRe2(options));
  if (program->ok()) return std::make_unique<const Regex>(pattern, options, std::move(program));
  *error = Diagnosis(pattern, options, *program).Message(what, options.max_mem);
  return nullptr;
}

Regex::Regex(std::string_view pattern, const ReOptions& options, std::unique_ptr<RE2> program)
    : pattern_(pattern),
      options_(options),
      program_(std::move(program)),
      group_count_(static_cast<size_t>(program_->NumberOfCapturingGroups())),
      group_names_(group_count_) {
  for (const auto& [name, index] : program_->NamedCapturingGroups()) group_names_[static_cast<size_t>(index) - 1] = name;
}

Regex::~Regex() = default;

bool Regex::Match(std::string_view subject, size_t from, ReAnchor anchor, std::string_view* groups, size_t count) const {
  while (program_->Match(subject, from, subject.size(), AnchorForRe2(anchor), groups, static_cast<int>(count))) {
    if (!groups[0].empty() || options_.latin1) return true;
    const size_t at = static_cast<size_t>(groups[0].data() - subject.data());
    from = EndOfSplitCharacter(subject, at);
    if (from == at) return true;
    if (anchor != ReAnchor::kNone) return false;
  }
  return false;
}

bool Regex::Test(std::string_view subject, size_t from) const {
  if (!program_->Match(subject, from, subject.size(), RE2::UNANCHORED, nullptr, 0)) return false;
  // Only a pattern that matches the empty string can have matched inside of a character.
  if (options_.latin1 || !program_->Match("", 0, 0, RE2::ANCHOR_BOTH, nullptr, 0)) return true;
  std::string_view whole;
  return Match(subject, from, ReAnchor::kNone, &whole, 1);
}

size_t Regex::EndOfCharacter(std::string_view subject, size_t at) const {
  if (at >= subject.size() || options_.latin1) return at + 1;
  return at + std::max<size_t>(CharacterLength(subject, at), 1);
}

size_t Regex::memory() const {
  return kFixedMemory + kMemoryPerUnit * static_cast<size_t>(program_->ProgramSize());
}

struct RegexSet::Program {
  RE2::Set set;
};

RegexSet::RegexSet(const ReOptions& options, std::unique_ptr<Program> program, size_t size, size_t memory)
    : options_(options), program_(std::move(program)), size_(size), memory_(memory) {}

RegexSet::~RegexSet() = default;

std::unique_ptr<const RegexSet> RegexSet::Compile(const std::vector<std::string_view>& patterns, const ReOptions& options, ReAnchor anchor,
                                                  std::string* error) {
  std::unique_ptr<Program> program(new Program{RE2::Set(OptionsForRe2(options), AnchorForRe2(anchor))});
  size_t memory = kFixedMemory;
  for (size_t i = 0; i < patterns.size(); ++i) {
    memory += kMemoryPerUnit * patterns[i].size();
    if (program->set.Add(WithPrefix(patterns[i], options), nullptr) >= 0) continue;
    const RE2 failed(WithPrefix(patterns[i], options), OptionsForRe2(options));
    *error = Diagnosis(patterns[i], options, failed).Message("bad pattern #" + std::to_string(i + 1), options.max_mem);
    return nullptr;
  }
  if (!program->set.Compile()) {
    *error = "bad patterns: too large for max_mem = " + std::to_string(options.max_mem) + " bytes";
    return nullptr;
  }
  return std::unique_ptr<const RegexSet>(new RegexSet(options, std::move(program), patterns.size(), memory));
}

bool RegexSet::Match(std::string_view subject, std::vector<int>* indices) const {
  RE2::Set::ErrorInfo info{};
  if (!program_->set.Match(subject, indices, &info)) {
    indices->clear();
    return info.kind == RE2::Set::kNoError;
  }
  std::sort(indices->begin(), indices->end());
  return true;
}

bool RegexSet::Test(std::string_view subject, bool* any) const {
  RE2::Set::ErrorInfo info{};
  *any = program_->set.Match(subject, nullptr, &info);
  return info.kind == RE2::Set::kNoError;
}

std::string EscapeForRegex(std::string_view text) { return RE2::QuoteMeta(text); }

}  // namespace perilune::vm
