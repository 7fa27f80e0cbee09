// Compile throughput: over all Lua scripts of the repository, and by function size. Emission needs no AArch64, so these figures are for any machine; what
// publication adds is in publication_benchmark.cc.
//
// A bytecode instruction is one word, or two if it has an operand that no field has room for (a jump's target, a call's site, a field's cell), as about
// half of them have. So time/instruction is what a bytecode costs to compile, time/word what a word of its memory does; bytes/... is the machine code alike.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "jit/a64_assembler.h"
#include "jit/baseline_compiler.h"
#include "jit/stubs.h"
#include "lang/bytecode.h"
#include "lang/proto.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm::benchmarks {
namespace {

// Where code is made to run, and the stubs that it calls: anywhere within a branch's reach.
constexpr uintptr_t kStubsAt = 0x10000000;
constexpr uintptr_t kCodeAt = 0x11000000;

// What scripts of the repository there are below the working directory, by path.
std::vector<std::string> ReadScripts() {
  std::vector<std::string> paths;
  for (const char* folder : {"benchmarks/scripts", "tests/language", "tests/library", "tests/programs"}) {
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator i(folder, error), end; i != end; i.increment(error)) {
      if (error) break;
      if (i->path().extension() == ".lua") paths.push_back(i->path().string());
    }
  }
  std::ranges::sort(paths);
  std::vector<std::string> sources;
  for (const std::string& path : paths) {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    sources.push_back(std::move(text).str());
    if (sources.back().starts_with('#')) sources.back().insert(0, "--");
  }
  return sources;
}

const std::vector<std::string>& Scripts() {
  static const auto& scripts = *new std::vector<std::string>(ReadScripts());
  return scripts;
}

// Modules of the sources that compile; some tests are of syntax errors.
std::vector<std::shared_ptr<Module>> LoadAll(Engine& engine, const std::vector<std::string>& sources) {
  std::vector<std::shared_ptr<Module>> modules;
  for (const std::string& source : sources) {
    if (auto module = engine.Load(source, "=script"); module.ok()) modules.push_back(*std::move(module));
  }
  return modules;
}

struct Bytecode {
  size_t instructions = 0, words = 0;
};

Bytecode CountBytecode(const std::vector<std::shared_ptr<Module>>& modules) {
  Bytecode sum;
  for (const auto& module : modules) {
    for (const auto& function : module->functions()) {
      const std::vector<lang::Word>& code = function->proto->code;
      sum.words += code.size();
      for (size_t pc = 0; pc < code.size(); pc += lang::InstructionWords(lang::OpOf(code[pc]))) ++sum.instructions;
    }
  }
  return sum;
}

// Seconds per one of `count`, which the reporter shows with a unit prefix.
benchmark::Counter TimePer(size_t count) {
  return benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void ReportTime(benchmark::State& state, const Bytecode& bytecode) {
  state.counters["instructions"] = static_cast<double>(bytecode.instructions);
  state.counters["words"] = static_cast<double>(bytecode.words);
  state.counters["time/instruction"] = TimePer(bytecode.instructions);
  state.counters["time/word"] = TimePer(bytecode.words);
}

// Compiles and links all functions: all that a compilation does until its words are copied to where they run. The counters are of one round.
void CompileModules(benchmark::State& state, const std::vector<std::shared_ptr<Module>>& modules) {
  jit::Assembler a;
  const jit::StubAddresses stubs = jit::EmitStubs(a).At(kStubsAt);
  jit::BaselineCompiler compiler;
  size_t bytes = 0, functions = 0;
  for (auto _ : state) {
    bytes = functions = 0;
    for (const auto& module : modules) {
      for (const auto& function : module->functions()) {
        const absl::StatusOr<jit::CompiledCode> code = compiler.Compile(*function, stubs, {});
        if (absl::Status status = code.ok() ? compiler.Link(kCodeAt) : code.status(); !status.ok()) {
          state.SkipWithError(status.ToString().c_str());
          return;
        }
        benchmark::DoNotOptimize(code->words.data());
        bytes += code->words.size() * sizeof(uint32_t);
        ++functions;
      }
    }
  }
  const Bytecode bytecode = CountBytecode(modules);
  state.counters["functions"] = static_cast<double>(functions);
  ReportTime(state, bytecode);
  state.counters["bytes/instruction"] = static_cast<double>(bytes) / static_cast<double>(bytecode.instructions);
  state.counters["bytes/word"] = static_cast<double>(bytes) / static_cast<double>(bytecode.words);
}

void CompileCorpus(benchmark::State& state) {
  if (Scripts().empty()) return state.SkipWithError("no scripts: run this in the workspace's top folder");
  Engine engine;
  CompileModules(state, LoadAll(engine, Scripts()));
}
BENCHMARK(CompileCorpus)->Unit(benchmark::kMillisecond);

// Source text to verified bytecode, for comparison.
void LoadCorpus(benchmark::State& state) {
  if (Scripts().empty()) return state.SkipWithError("no scripts: run this in the workspace's top folder");
  Engine engine;
  Bytecode bytecode;
  for (auto _ : state) {
    const std::vector<std::shared_ptr<Module>> modules = LoadAll(engine, Scripts());
    state.PauseTiming();
    bytecode = CountBytecode(modules);
    state.ResumeTiming();
  }
  ReportTime(state, bytecode);
}
BENCHMARK(LoadCorpus)->Unit(benchmark::kMillisecond);

void CompileFunction(benchmark::State& state) {
  Engine engine;
  const std::vector<std::string> sources = {SourceOfSize(static_cast<int>(state.range(0)))};
  CompileModules(state, LoadAll(engine, sources));
}
BENCHMARK(CompileFunction)->ArgName("words")->Arg(16)->Arg(64)->Arg(256)->Arg(1024)->Arg(4096)->Arg(16384)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perilune::vm::benchmarks
