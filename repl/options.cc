#include "repl/options.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "repl/suggestion.h"

namespace perilune::vm::repl {
namespace {

constexpr std::array<std::string_view, 4> kJitModes = {"off", "sync", "background", "eager"};
constexpr std::array<std::string_view, 3> kDumps = {"ast", "bytecode", "asm"};
constexpr std::array<std::string_view, 3> kStresses = {"gc", "generic", "facts"};

// Stores a long option's value; false if it is not a valid one.
using Apply = bool (*)(std::string_view value, Options& options);

template <size_t n>
std::optional<size_t> IndexOf(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<size_t>(found - names.begin());
}

bool ApplyJit(std::string_view value, Options& options) {
  const std::optional<size_t> index = IndexOf(kJitModes, value);
  if (index) options.jit = static_cast<JitMode>(*index);
  return index.has_value();
}

bool ApplyCodeSync(std::string_view value, Options& options) {
  const std::optional<jit::CodeSyncKind> kind = jit::ParseCodeSyncKind(value);
  if (kind) options.code_sync = *kind;
  return kind.has_value();
}

bool ApplyDump(std::string_view value, Options& options) {
  const std::optional<size_t> index = IndexOf(kDumps, value);
  if (index) options.dump = static_cast<Dump>(*index + 1);
  return index.has_value();
}

bool ApplyStress(std::string_view value, Options& options) {
  const std::optional<size_t> index = IndexOf(kStresses, value);
  if (index) options.stress = static_cast<Stress>(*index + 1);
  return index.has_value();
}

bool ApplyThreads(std::string_view value, Options& options) {
  return absl::SimpleAtoi(value, &options.threads) && options.threads >= 1 &&
         options.threads <= kMaxThreads;
}

// Bytes, or with K, M or G behind the number multiples of 1024.
bool ParseSize(std::string_view value, uint64_t least, uint64_t most, uint64_t* size) {
  constexpr std::string_view kUnits = "KMG";
  int shift = 0;
  if (!value.empty()) {
    if (const size_t unit = kUnits.find(value.back()); unit != std::string_view::npos) {
      shift = 10 * (static_cast<int>(unit) + 1);
      value.remove_suffix(1);
    }
  }
  uint64_t number;
  const bool digits = std::ranges::all_of(value, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  if (!digits || !absl::SimpleAtoi(value, &number)) return false;
  *size = number << shift;
  return number <= most >> shift && *size >= least;
}

bool ApplyMaxMemory(std::string_view value, Options& options) {
  return ParseSize(value, kMinMemory, kMaxMemory, &options.max_memory);
}

bool ApplyCodeCache(std::string_view value, Options& options) {
  return ParseSize(value, kMinCodeCache, kMaxCodeCache, &options.code_cache);
}

bool ApplyCodeMemory(std::string_view value, Options& options) {
  const std::optional<jit::CodeMemoryPolicy> policy = jit::ParseCodeMemoryPolicy(value);
  if (policy) options.code_memory = *policy;
  return policy.has_value();
}

bool ApplyCodeFaults(std::string_view value, Options& options) {
  const absl::StatusOr<jit::CodeFaults> faults = jit::ParseCodeFaults(value);
  if (faults.ok()) options.code_faults = *faults;
  return faults.ok();
}

template <bool Options::* kMember>
bool Set(std::string_view, Options& options) {
  return options.*kMember = true;
}

struct LongOption {
  std::string_view name;
  Apply apply;
  std::string_view values;  // what may follow; empty: the option takes no value
};

constexpr LongOption kLongOptions[] = {
    {"--code-cache", ApplyCodeCache, "a number of bytes from 32K to 64M, with K or M for multiples of 1024"},
    {"--code-faults", ApplyCodeFaults, "faults such as membarrier=ENOSYS,exec=EACCES"},
    {"--code-memory", ApplyCodeMemory, "dual or mprotect"},
    {"--code-sync", ApplyCodeSync, "auto, membarrier, epoch, signal, private or none"},
    {"--dump", ApplyDump, "ast, bytecode or asm"},
    {"--help", Set<&Options::help>, ""},
    {"--jit", ApplyJit, "off, sync, background or eager"},
    {"--max-memory", ApplyMaxMemory, "a number of bytes, at least 1M, with K, M or G for multiples of 1024"},
    {"--stats", Set<&Options::stats>, ""},
    {"--stress", ApplyStress, "gc, generic or facts"},
    {"--threads", ApplyThreads, "a number from 1 to 1024"},
    {"--verbose", Set<&Options::verbose>, ""},
    {"--version", Set<&Options::version>, ""},
};
static_assert(kMaxThreads == 1024 && kMinMemory == 1 << 20 && kMinCodeCache == 32 << 10 && kMaxCodeCache == 64 << 20,
              "the texts above say so");

// The long option that `name` was meant to be, or empty.
std::string_view NearestLongOption(std::string_view name) {
  std::vector<std::string_view> names;
  for (const LongOption& option : kLongOptions) names.push_back(option.name);
  return NearestName(name, names);
}

absl::Status Unrecognized(std::string_view argument) {
  const std::string_view name = argument.substr(0, argument.find('='));
  const std::string_view nearest = NearestLongOption(name);
  if (nearest.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("unrecognized option '", argument, "'"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unrecognized option '", argument, "' (did you mean '", nearest, "'?)"));
}

absl::Status NeedsArgument(std::string_view option) {
  return absl::InvalidArgumentError(absl::StrCat("'", option, "' needs argument"));
}

// Reads one option after another.
class Parser {
 public:
  explicit Parser(absl::Span<const char* const> arguments) : arguments_(arguments) {}

  absl::StatusOr<Options> Parse() {
    while (index_ < arguments_.size()) {
      const std::string_view argument = arguments_[index_];
      if (!absl::StartsWith(argument, "-") || argument == "-") {
        options_.script_is_stdin = argument == "-";
        break;
      }
      ++index_;
      if (argument == "--") break;
      absl::Status status =
          absl::StartsWith(argument, "--") ? ParseLong(argument) : ParseShort(argument);
      if (!status.ok()) return status;
    }
    if (index_ < arguments_.size()) options_.script = static_cast<int>(index_);
    if (absl::Status status = CheckTogether(); !status.ok()) return status;
    return std::move(options_);
  }

 private:
  absl::Status ParseShort(std::string_view argument) {
    switch (argument[1]) {
      case 'e':
        return ParseAction(Action::Kind::kExecute, argument);
      case 'l':
        return ParseAction(Action::Kind::kRequire, argument);
      default:
        break;
    }
    if (argument == "-W") {
      options_.actions.push_back({Action::Kind::kWarnings, ""});
    } else if (argument == "-E") {
      options_.ignore_environment = true;
    } else if (argument == "-i") {
      options_.interactive = options_.print_version = true;
    } else if (argument == "-v") {
      options_.print_version = true;
    } else {
      return Unrecognized(argument);
    }
    return absl::OkStatus();
  }

  absl::Status ParseAction(Action::Kind kind, std::string_view argument) {
    std::string_view text = argument.substr(2);
    if (text.empty()) {
      if (index_ == arguments_.size() || arguments_[index_][0] == '-') {
        return NeedsArgument(argument);
      }
      text = arguments_[index_++];
    }
    options_.actions.push_back({kind, text});
    return absl::OkStatus();
  }

  absl::Status ParseLong(std::string_view argument) {
    const size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const auto* option = std::ranges::find_if(
        kLongOptions, [name](const LongOption& candidate) { return candidate.name == name; });
    if (option == std::end(kLongOptions)) return Unrecognized(argument);
    std::string_view value;
    if (equals != std::string_view::npos) {
      if (option->values.empty()) {
        return absl::InvalidArgumentError(absl::StrCat("'", name, "' takes no value"));
      }
      value = argument.substr(equals + 1);
    } else if (!option->values.empty()) {
      if (index_ == arguments_.size() || arguments_[index_][0] == '-') return NeedsArgument(name);
      value = arguments_[index_++];
    }
    if (option->apply(value, options_)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("'", name, "' cannot be '", value, "': it takes ", option->values));
  }

  absl::Status CheckTogether() const {
    if (options_.verbose && !options_.version) {
      return absl::InvalidArgumentError("'--verbose' needs '--version'");
    }
    if (options_.threads > 1 && options_.interactive) {
      return absl::InvalidArgumentError("'-i' needs a single thread");
    }
    return absl::OkStatus();
  }

  const absl::Span<const char* const> arguments_;
  size_t index_ = 1;  // of the next argument
  Options options_;
};

}  // namespace

std::string_view JitModeName(JitMode mode) { return kJitModes[static_cast<size_t>(mode)]; }

bool Options::reads_stdin() const {
  const bool executes = std::ranges::any_of(
      actions, [](const Action& action) { return action.kind == Action::Kind::kExecute; });
  return script == 0 && !executes && !print_version;
}

absl::StatusOr<Options> ParseOptions(absl::Span<const char* const> arguments) {
  return Parser(arguments).Parse();
}

std::string_view UsageText() {
  return R"(usage: perilune [options] [script [args]]
Available options are:
  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin
  --help    print all options
)";
}

std::string_view HelpText() {
  return R"(usage: perilune [options] [script [args]]
       perilune doctor [--json] [--trials=N]

Runs a Lua 5.4 script. Without a script, -e, -i or -v it reads one from
standard input, or, if that is a terminal, is interactive.

Running
  -e STAT           execute the string STAT
  -l MOD            require library MOD into global MOD
  -l G=MOD          require library MOD into global G
  -i                enter interactive mode after executing the script
  -E                ignore environment variables
  -W                turn warnings on
  --                stop handling options
  -                 stop handling options and execute standard input
  --max-memory=SIZE limit each Lua state's memory to SIZE bytes (K, M and G
                    multiply by 1024)
  --threads=N       run everything on N threads, each with a Lua state of its
                    own; they share the compiled code

Machine code (AArch64; elsewhere everything is interpreted)
  --jit=off         never compile to machine code
  --jit=sync        compile functions when they are hot; the program waits
  --jit=background  compile them on another thread (the default)
  --jit=eager       compile functions at their first call; the program waits
  --code-sync=WAY   how other threads learn of new code: membarrier, epoch,
                    signal, private, none (for tests), or auto (the default)
  --code-memory=WAY how code memory is never writable and executable at once:
                    dual (two mappings; the default) or mprotect (flipped)
  --code-cache=SIZE limit machine code to so many bytes (K and M multiply by
                    1024); functions used least recently make room

Looking inside
  --stats           after the run, print statistics of functions and machine
                    code on standard error
  --dump=ast        print the syntax tree instead of running
  --dump=bytecode   print the bytecode instead of running
  --dump=asm        print the machine code instead of running, on any machine
  --stress=gc       collect garbage all the time, for tests
  --stress=generic  interpret operations by their general cases, for tests
  --stress=facts    let machine code check what it relies on, for tests

Information
  -v                print the version, then go on
  --version         print the version, and end
  --verbose         with --version: also print what this machine and this
                    build offer
  --help            print this text
  doctor            tell what this machine is like for machine code: caches,
                    kernel, and what happens when publication leaves out steps

The exit status is 0, or 1 after an error, or what the script gives os.exit.
Ctrl-C interrupts the script with an error; a second one ends the program.
In interactive mode, :help tells more.
)";
}

}  // namespace perilune::vm::repl
