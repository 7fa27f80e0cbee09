// Named access: a field that is found at once, one that is found further on, one that is not there, and methods along chains of __index; by sites that
// see one kind of object or several; interpreted and in machine code. Time is per access, with an even share of a loop over kUnrolled of them.

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
  const char* prelude;  // defines what the accesses use
  const char* access;   // one statement; # is its number modulo 4, plus 1
};

// Objects o1 to o4 that have the same fields in the same order, and four that share only x.
constexpr char kSame[] = "local function new() return {w = 0, x = 1, y = 2, z = 3} end\nlocal o1, o2, o3, o4 = new(), new(), new(), new()\n";
constexpr char kDifferent[] = "local o1, o2, o3, o4 = {x = 1}, {a = 1, x = 2}, {a = 1, b = 2, x = 3, c = 4, d = 5}, {e = 1, f = 2, g = 3, x = 4}\n";
constexpr char kChain[] =
    "local a = {get = 1} a.__index = a\nlocal b = setmetatable({}, a) b.__index = b\nlocal c = setmetatable({}, b) c.__index = c\n"
    "local o1, o2, o3 = setmetatable({x = 1}, a), setmetatable({x = 1}, b), setmetatable({x = 1}, c)\n";

constexpr Case kCases[] = {
    {"local", "local x = 1\n", "v = x\n"},  // what the rest of the statement costs
    {"field_hit", kSame, "v = o1.x\n"},
    {"field_hit_other_objects", kSame, "v = o#.x\n"},
    {"field_hit_other_kinds", kDifferent, "v = o#.x\n"},
    {"field_miss", kSame, "v = o1.absent\n"},
    {"field_store", kSame, "o1.x = i\n"},
    {"field_store_other_kinds", kDifferent, "o#.x = i\n"},
    {"index_chain_1", kChain, "v = o1.get\n"},
    {"index_chain_2", kChain, "v = o2.get\n"},
    {"index_chain_3", kChain, "v = o3.get\n"},
    {"index_chain_miss", kChain, "v = o3.absent\n"},
    {"global_hit", "x = 1\n", "v = x\n"},
    {"global_miss", "", "v = absent\n"},
    {"element_hit", "local o1 = {1, 2, 3, 4}\n", "v = o1[#]\n"},
    {"element_miss", "local o1 = {1, 2, 3, 4}\n", "v = o1[#00]\n"},
};

std::string Source(const Case& c) {
  std::string body;
  for (int i = 0; i < kUnrolled; ++i) absl::StrAppend(&body, absl::StrReplaceAll(c.access, {{"#", absl::StrCat(i % 4 + 1)}}));
  return absl::StrCat(c.prelude, "local function run(n)\nlocal v\nfor i = 1, n do\n", body, "end\nreturn v\nend\nrun(2)\nreturn run\n");
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
