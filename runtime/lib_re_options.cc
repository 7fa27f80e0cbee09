// Options of patterns: a string of flags, which are those that a pattern can set for itself by (?flags), or a table that names them.

#include <iterator>
#include <string>
#include <string_view>

#include "runtime/lib_common.h"
#include "runtime/lib_re.h"

namespace perilune::vm {
namespace {

struct BooleanOption {
  std::string_view name;
  bool ReOptions::*field;
  char flag;  // 0: none
};
constexpr BooleanOption kBooleans[] = {
    {"case_insensitive", &ReOptions::case_insensitive, 'i'},
    {"multi_line", &ReOptions::multi_line, 'm'},
    {"dot_nl", &ReOptions::dot_nl, 's'},
    {"ungreedy", &ReOptions::ungreedy, 'U'},
    {"literal", &ReOptions::literal, 0},
    {"longest_match", &ReOptions::longest_match, 0},
    {"posix_syntax", &ReOptions::posix_syntax, 0},
    {"perl_classes", &ReOptions::perl_classes, 0},
    {"word_boundary", &ReOptions::word_boundary, 0},
    {"never_nl", &ReOptions::never_nl, 0},
    {"never_capture", &ReOptions::never_capture, 0},
    {"latin1", &ReOptions::latin1, 0},
};

bool ReadFlags(NativeFrame& f, uint32_t n, std::string_view flags, ReOptions* out) {
  for (const char c : flags) {
    const auto* option = std::begin(kBooleans);
    while (option != std::end(kBooleans) && (c == 0 || option->flag != c)) ++option;
    if (option == std::end(kBooleans)) return f.ArgError(n, "unknown flag '" + std::string(1, c) + "'"), false;
    out->*option->field = true;
  }
  return true;
}

bool ReadAnchor(NativeFrame& f, uint32_t n, const Value& value, ReAnchor* out) {
  const std::string_view text = value.IsString() ? value.string()->view() : std::string_view();
  if (text == "none") {
    *out = ReAnchor::kNone;
  } else if (text == "start") {
    *out = ReAnchor::kStart;
  } else if (text == "both") {
    *out = ReAnchor::kBoth;
  } else {
    return f.ArgError(n, "option 'anchor' must be 'none', 'start' or 'both'"), false;
  }
  return true;
}

bool ReadOption(NativeFrame& f, uint32_t n, std::string_view name, const Value& value, const ReLimits& limits, ReOptions* out,
                ReAnchor* anchor) {
  const std::string quoted = "option '" + std::string(name) + "'";
  for (const BooleanOption& option : kBooleans) {
    if (option.name != name) continue;
    if (!value.IsBoolean()) return f.ArgError(n, quoted + " must be a boolean"), false;
    out->*option.field = value.IsTruthy();
    return true;
  }
  if (name == "max_mem") {
    if (!value.IsInteger() || value.integer <= 0) return f.ArgError(n, quoted + " must be a positive integer"), false;
    if (value.integer > limits.max_mem) {
      return f.ArgError(n, quoted + " is beyond the limit of " + std::to_string(limits.max_mem) + " bytes"), false;
    }
    out->max_mem = value.integer;
    return true;
  }
  if (name == "anchor" && anchor != nullptr) return ReadAnchor(f, n, value, anchor);
  return f.ArgError(n, "unknown " + quoted), false;
}

// Options that RE2 would leave without effect.
bool CheckCombination(NativeFrame& f, uint32_t n, const ReOptions& options) {
  if (options.posix_syntax && options.ungreedy) return f.ArgError(n, "option 'ungreedy' does not go with 'posix_syntax'"), false;
  if (!options.posix_syntax && (options.perl_classes || options.word_boundary)) {
    const char* name = options.perl_classes ? "perl_classes" : "word_boundary";
    return f.ArgError(n, std::string("option '") + name + "' goes with 'posix_syntax' only"), false;
  }
  return true;
}

}  // namespace

bool ReadReOptions(NativeFrame& f, uint32_t n, const ReLimits& limits, ReOptions* out, ReAnchor* anchor) {
  out->max_mem = limits.max_mem;
  const Value given = f[n];
  if (given.IsNil()) return true;
  if (given.IsString()) return ReadFlags(f, n, given.string()->view(), out);
  if (!given.IsTable()) return f.TypeError(n, "string/table"), false;
  Value key = Value::Nil(), value;
  for (bool done = false;;) {
    if (given.table()->Next(key, &key, &value, &done) != KeyError::kNone || done) break;
    if (!key.IsString()) return f.ArgError(n, "names of options must be strings"), false;
    if (!ReadOption(f, n, key.string()->view(), value, limits, out, anchor)) return false;
  }
  return CheckCombination(f, n, *out);
}

}  // namespace perilune::vm
