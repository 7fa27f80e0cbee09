// Compile throughput, in time and machine code per bytecode word: over all Lua scripts of the repository, and by function size. Emission needs no AArch64,
// so these figures are for any machine; what publication adds is in publication_benchmark.cc.

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

size_t Bytecodes(const std::vector<std::shared_ptr<Module>>& modules) {
  size_t words = 0;
  for (const auto& module : modules) {
    for (const auto& function : module->functions()) words += function->proto->code.size();
  }
  return words;
}

// Seconds per bytecode word, which the reporter shows with a unit prefix.
benchmark::Counter PerBytecode(size_t words) {
  return benchmark::Counter(static_cast<double>(words), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// Compiles and links all functions; the counters are of one round.
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
  const size_t words = Bytecodes(modules);
  state.counters["functions"] = static_cast<double>(functions);
  state.counters["bytecodes"] = static_cast<double>(words);
  state.counters["time/bytecode"] = PerBytecode(words);
  state.counters["bytes/bytecode"] = static_cast<double>(bytes) / static_cast<double>(words);
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
  size_t words = 0;
  for (auto _ : state) {
    const std::vector<std::shared_ptr<Module>> modules = LoadAll(engine, Scripts());
    state.PauseTiming();
    words = Bytecodes(modules);
    state.ResumeTiming();
  }
  state.counters["bytecodes"] = static_cast<double>(words);
  state.counters["time/bytecode"] = PerBytecode(words);
}
BENCHMARK(LoadCorpus)->Unit(benchmark::kMillisecond);

void CompileFunction(benchmark::State& state) {
  Engine engine;
  const std::vector<std::string> sources = {SourceOfSize(static_cast<int>(state.range(0)))};
  CompileModules(state, LoadAll(engine, sources));
}
BENCHMARK(CompileFunction)->ArgName("bytecodes")->Arg(16)->Arg(64)->Arg(256)->Arg(1024)->Arg(4096)->Arg(16384)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perilune::vm::benchmarks
