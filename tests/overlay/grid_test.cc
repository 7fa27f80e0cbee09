// The overlay law on a grid (grid_case.h): for every op, whatever a template's code may depend on: what is known of operands and destination, which words of
// them are in scratch registers, constants, aliases, loops, guessed library functions. Each function runs with edge values as its semantic functions
// have it, by the interpreter's overlays, and, where it can run, as machine code, with and without checks of what the compiler believed. All must leave
// the same registers, or raise the same error at the same instruction.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "jit/baseline_compiler.h"
#include "jit/baseline_tier.h"
#include "jit/code_publisher.h"
#include "jit/stubs.h"
#include "lang/bytecode.h"
#include "lang/bytecode_printer.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/library.h"
#include "tests/overlay/grid_case.h"
#include "tests/overlay/grid_values.h"

namespace perilune::vm::overlay {
namespace {

// Tuples of values that a case runs with, where its operands have more.
constexpr size_t kMaxTuples = 12;
constexpr size_t kMaxTuplesOfArguments = 256;  // where the compiler knows nothing

enum class Mode { kSemantics, kInterpreter, kMachineCode, kVerified };
constexpr const char* kModeNames[] = {"semantics", "interpreter", "machine code", "machine code, verified"};

// An engine that runs cases in one way.
class Runner {
 public:
  explicit Runner(Mode mode) : mode_(mode), engine_(TuningFor(mode)) {
    if (mode >= Mode::kMachineCode) {
      auto tier = jit::BaselineTier::Create({.background = false, .verify_facts = mode == Mode::kVerified});
      EXPECT_TRUE(tier.ok()) << tier.status();
      if (!tier.ok()) return;
      tier_ = *std::move(tier);
      engine_.set_native_tier(tier_.get());
    }
    vm_ = std::make_unique<Isolate>(engine_);
    OpenLibraries(*vm_);
    PrepareValues(*vm_);
  }

  // One line for each tuple.
  std::vector<std::string> Run(const Case& c, const std::shared_ptr<const lang::Proto>& proto) {
    Isolate& vm = *vm_;
    LuaFunction* const function = vm.NewMainFunction(engine_.Add(proto), Value::Of(vm.globals()));
    const NativeFunction* const fill = vm.NewNative("fill", &Fill);
    const std::vector<size_t> choices = Choices(c);
    size_t tuples = 1;
    for (const size_t n : choices) tuples *= n;
    const size_t step = Step(c, tuples);
    std::vector<std::string> lines;
    for (size_t at = 0; at < tuples; at += step) {
      std::array<Value, kMaxArguments> arguments;
      arguments.fill(Value::Nil());
      size_t rest = at;
      for (size_t i = c.operands.size(); i-- > 0;) {
        const size_t choice = rest % choices[i];
        rest /= choices[i];
        if (c.operands[i].source == Source::kArgument) arguments[i] = ArgumentValue(vm, choice);
        arguments[kMaxOperands + i] = Value::Integer(static_cast<int64_t>(choice));
      }
      arguments[2 * kMaxOperands] = Value::Of(fill);
      function->upvalues[0]->closed = UpvalueFor(c, rest);
      size_t count = 2 * kMaxOperands + 1;
      if (TakesVarargs(c)) {
        arguments[count] = Value::Integer(100);
        arguments[count + 1] = Value::Float(200.5);
        count += at % 3;
      }
      lines.push_back(RunOnce(Value::Of(function), absl::MakeConstSpan(arguments).subspan(0, count), function->upvalues[0]));
    }
    if (mode_ >= Mode::kMachineCode) {
      EXPECT_GT(function->slots->compilations.load(), 0u) << c.Describe();
    }
    return lines;
  }

 private:
  static constexpr size_t kMaxArguments = 2 * kMaxOperands + 3;

  static Tuning TuningFor(Mode mode) {
    Tuning tuning;
    tuning.semantics_only = mode == Mode::kSemantics;
    tuning.compile_at_first_call = mode >= Mode::kMachineCode;
    return tuning;
  }

  // How many values each operand takes, and the upvalue as a last one.
  static std::vector<size_t> Choices(const Case& c) {
    std::vector<size_t> choices;
    for (const Operand& o : c.operands) {
      choices.push_back(o.source == Source::kArgument ? kArgumentValues : o.source == Source::kConstant ? 1 : ChoicesOf(o.type));
    }
    if (c.same && choices.size() > 1) choices[1] = 1;
    if (c.guess != Guess::kNone) {
      choices[0] = 1;
      choices.push_back(2);  // the right function or another
    } else if (UsesUpvalue(c.op)) {
      choices.push_back(kArgumentValues);
    }
    return choices;
  }
  // A prime, so that all choices come about in many combinations.
  static size_t Step(const Case& c, size_t tuples) {
    const bool plain = c.guess == Guess::kNone && !c.far && std::all_of(c.operands.begin(), c.operands.end(), [](const Operand& o) {
      return o.source == Source::kArgument && o.copies == Copies::kNone;
    });
    const size_t want = tuples / (plain ? kMaxTuplesOfArguments : kMaxTuples);
    if (want <= 1) return 1;
    const auto is_prime = [](size_t n) {
      for (size_t d = 2; d * d <= n; ++d) {
        if (n % d == 0) return false;
      }
      return true;
    };
    // No factor of a number of choices.
    size_t step = std::max<size_t>(want, 31);
    while (!is_prime(step)) ++step;
    return step;
  }

  Value UpvalueFor(const Case& c, size_t choice) {
    Isolate& vm = *vm_;
    const auto field = [&vm](const Value& t, std::string_view name) { return t.table()->GetString(vm.NewString(name)); };
    const Value globals = Value::Of(vm.globals());
    if (c.guess == Guess::kUpvalue) {
      if (choice % 2 == 1) return field(globals, "ALL");
      return field(c.library.empty() ? globals : field(globals, c.library), c.function);
    }
    if (c.guess != Guess::kNone) return choice % 2 == 1 ? field(globals, "FAKE") : globals;
    return UsesUpvalue(c.op) ? ArgumentValue(vm, choice % kArgumentValues) : globals;
  }

  std::string RunOnce(const Value& function, absl::Span<const Value> arguments, const Upvalue* upvalue) {
    Isolate& vm = *vm_;
    std::string line;
    uint32_t count = 0;
    if (vm.CallForAll(function, arguments, &count)) {
      for (uint32_t i = 0; i < count; ++i) {
        AppendValue(vm.top[static_cast<int64_t>(i) - count], arguments, &line);
        line.push_back(' ');
      }
      vm.top -= count;
    } else {
      absl::StrAppend(&line, "error ", vm.error.IsString() ? vm.error.string()->view() : "of another type");
    }
    line += "; ";
    for (size_t i = 0; i < kMaxOperands; ++i) {
      if (arguments[i].IsTable()) AppendValue(arguments[i], {}, &line);
    }
    if (!upvalue->closed.IsTable() || upvalue->closed.table() != vm.globals()) AppendValue(upvalue->closed, arguments, &line);
    const Value closed = vm.globals()->GetString(vm.NewString("CLOSED"));
    if (!closed.IsNil()) {
      AppendValue(closed, {}, &line);
      vm.globals()->SetString(vm.heap(), vm.NewString("CLOSED"), Value::Nil());
    }
    return line;
  }

  const Mode mode_;
  std::unique_ptr<jit::BaselineTier> tier_;
  Engine engine_;
  std::unique_ptr<Isolate> vm_;
};

// What machine code runs, to be said when it ends the process (wrong facts do so).
std::string running_case;
void SayCase(int signal) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, running_case.data(), running_case.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}
void SayCaseOnSignals() {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP}) std::signal(signal, &SayCase);
}

// Where machine code cannot run it can still be made.
void ExpectCompiles(const Case& c, const std::shared_ptr<const lang::Proto>& proto) {
  static jit::BaselineCompiler* const compiler = new jit::BaselineCompiler;
  static Engine* const engine = new Engine;
  const auto code = compiler->Compile(*engine->Add(proto)->main(), jit::StubAddresses::Symbolic(), {});
  EXPECT_TRUE(code.ok()) << code.status() << c.Describe();
}

bool ContainsOp(const lang::Proto& proto, lang::Op op) {
  for (size_t pc = 0; pc < proto.code.size(); pc += lang::InstructionWords(lang::OpOf(proto.code[pc]))) {
    if (lang::OpOf(proto.code[pc]) == op) return true;
  }
  return false;
}

void ExpectAgreement(std::string_view name, lang::Op op, const std::vector<Case>& cases) {
  std::vector<std::unique_ptr<Runner>> runners;
  std::vector<Mode> modes = {Mode::kSemantics, Mode::kInterpreter};
  if (jit::NativeCacheMaintenance() != nullptr) modes.insert(modes.end(), {Mode::kMachineCode, Mode::kVerified});
  for (const Mode mode : modes) runners.push_back(std::make_unique<Runner>(mode));
  SayCaseOnSignals();
  size_t functions = 0, tuples = 0, without_error = 0, failures = 0;
  for (const Case& c : cases) {
    const std::shared_ptr<const lang::Proto> proto = BuildCase(c);
    if (proto == nullptr) continue;
    ASSERT_TRUE(ContainsOp(*proto, op));
    ++functions;
    const std::vector<std::string> meaning = runners[0]->Run(c, proto);
    tuples += meaning.size();
    without_error += static_cast<size_t>(std::count_if(meaning.begin(), meaning.end(), [](const std::string& s) { return !s.starts_with("error"); }));
    running_case = c.Describe() + "\n";
    if (modes.back() < Mode::kMachineCode) ExpectCompiles(c, proto);
    for (size_t r = 1; r < runners.size(); ++r) {
      const std::vector<std::string> other = runners[r]->Run(c, proto);
      if (other == meaning) continue;
      const auto [a, b] = std::mismatch(meaning.begin(), meaning.end(), other.begin(), other.end());
      ADD_FAILURE() << kModeNames[static_cast<size_t>(modes[r])] << ", tuple " << a - meaning.begin() << " of " << c.Describe() << "\n" << *b
                    << "\nversus\n" << *a << "\n" << lang::PrintBytecode(*proto);
      if (++failures == 5) return;
    }
  }
  std::printf("%s: %zu functions, %zu tuples of values, %zu without an error\n", std::string(name).c_str(), functions, tuples, without_error);
  EXPECT_GT(functions, 0u) << "no case";
  EXPECT_GT(without_error, 0u);
}

// Every op of the table.
class EveryOp : public testing::TestWithParam<int> {};
TEST_P(EveryOp, Agrees) {
  const auto op = static_cast<lang::Op>(GetParam());
  ExpectAgreement(lang::OpName(op), op, CasesFor(op));
}
INSTANTIATE_TEST_SUITE_P(Grid, EveryOp, testing::Range(0, static_cast<int>(lang::kOpCount)), [](const testing::TestParamInfo<int>& info) {
  return std::string(lang::OpName(static_cast<lang::Op>(info.param)));
});

class EveryGuess : public testing::TestWithParam<LibraryFunction> {};
TEST_P(EveryGuess, Agrees) { ExpectAgreement(GetParam().function, lang::Op::kCall, CasesFor(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Grid, EveryGuess, testing::ValuesIn(GuessedFunctions()), [](const testing::TestParamInfo<LibraryFunction>& info) {
  return absl::StrCat(info.param.library, info.param.library.empty() ? "" : "_", info.param.function);
});

}  // namespace
}  // namespace perilune::vm::overlay
