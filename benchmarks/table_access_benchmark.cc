// Access by name, by what the inline caches of its sites have to do (runtime/inline_cache.h): the cell's own entry, its chain entry, neither because the
// site sees many shapes; and elements. Interpreted and in machine code. Time is per access, with an even share of a loop over kUnrolled of them.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "benchmark/benchmark.h"
#include "benchmarks/jit_engine.h"
#include "runtime/library.h"

namespace perilune::vm::benchmarks {
namespace {

constexpr int kUnrolled = 48;
constexpr int kRounds = 50;

struct Case {
  const char* name;
  const char* object;   // how one is made
  const char* access;   // one statement, on the object o; # is the statement's number modulo 4, plus 1
};

// Objects of one shape, or of twenty: & is the object's number, which makes other names. All have x, or get along a chain of so many tables.
constexpr char kOne[] = "objects[&] = {w = 0, x = 1, y = 2}\n";
constexpr char kMany[] = "objects[&] = {k& = 0, x = 1, y = 2}\n";
constexpr char kChain1[] = "objects[&] = setmetatable({x = 1}, a)\n";
constexpr char kChain2[] = "objects[&] = setmetatable({x = 1}, b)\n";
constexpr char kChain3[] = "objects[&] = setmetatable({x = 1}, c)\n";
constexpr char kManyChain[] = "objects[&] = setmetatable({k& = 1}, b)\n";
constexpr char kList[] = "objects[&] = {1, 2, 3, 4}\n";
constexpr int kObjects = 20;

constexpr Case kCases[] = {
    {"local", kOne, "v = o\n"},  // what the rest of the statement costs
    {"own", kOne, "v = o.x\n"},
    {"own_absent", kOne, "v = o.absent\n"},
    {"own_store", kOne, "o.x = i\n"},
    {"many_own", kMany, "v = o.x\n"},
    {"many_own_absent", kMany, "v = o.absent\n"},
    {"many_own_store", kMany, "o.x = i\n"},
    {"global", kOne, "v = x\n"},
    {"global_absent", kOne, "v = absent\n"},
    {"element", kList, "v = o[#]\n"},
    {"element_absent", kList, "v = o[#00]\n"},
    {"chain_1", kChain1, "v = o.get\n"},
    {"chain_2", kChain2, "v = o.get\n"},
    {"chain_3", kChain3, "v = o.get\n"},
    {"chain_absent", kChain2, "v = o.absent\n"},
    {"many_chain", kManyChain, "v = o.get\n"},
    {"function", kChain2, "call(o)\n"},  // a method's call without its lookup
    {"method", kChain2, "o:call()\n"},
    {"many_method", kManyChain, "o:call()\n"},
};

// The accesses of a round are to the same object, those of the next to another.
std::string Source(const Case& c) {
  std::string text =
      "local function call(self) end\nx = 1\nlocal a = {get = 1, call = call} a.__index = a\nlocal b = setmetatable({}, a) b.__index = b\n"
      "local c = setmetatable({}, b) c.__index = c\nlocal objects = {}\n";
  for (int i = 1; i <= kObjects; ++i) absl::StrAppend(&text, absl::StrReplaceAll(c.object, {{"&", absl::StrCat(i)}}));
  absl::StrAppend(&text, "local function run(n)\nlocal v\nfor i = 1, n do\nlocal o = objects[i % #objects + 1]\n");
  for (int i = 0; i < kUnrolled; ++i) absl::StrAppend(&text, absl::StrReplaceAll(c.access, {{"#", absl::StrCat(i % 4 + 1)}}));
  return absl::StrCat(text, "end\nreturn v\nend\nrun(100)\nreturn run\n");
}

void Access(benchmark::State& state, const Case& c, bool native) {
  if (native && !HaveMachineCode()) return state.SkipWithError(kNeedsAArch64);
  std::unique_ptr<JitEngine> jit;
  Engine interpreting;
  if (native) {
    auto created = JitEngine::Create({.tuning = {.compile_at_first_call = true}});
    if (!created.ok()) return state.SkipWithError(created.status().ToString().c_str());
    jit = *std::move(created);
  }
  Isolate vm(native ? jit->engine() : interpreting);
  OpenLibraries(vm);
  const absl::StatusOr<LuaFunction*> run = Define(vm, Source(c));
  if (!run.ok()) return state.SkipWithError(run.status().ToString().c_str());
  const std::array args = {Value::Integer(kRounds)};
  for (auto _ : state) {
    Value result;
    if (absl::Status status = Run(vm, *run, args, &result); !status.ok()) return state.SkipWithError(status.ToString().c_str());
  }
  state.counters["time/access"] =
      benchmark::Counter(kUnrolled * kRounds, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

const bool kRegistered = [] {
  for (const bool native : {false, true}) {
    for (const Case& c : kCases) {
      benchmark::RegisterBenchmark(absl::StrCat("Access/", c.name, native ? "/native" : "/interpreter").c_str(),
                                   [=](benchmark::State& state) { Access(state, c, native); })
          ->Unit(benchmark::kMicrosecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace perilune::vm::benchmarks
