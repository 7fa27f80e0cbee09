// Threads that share code while it changes under them: several isolates run the functions of one module, as fast as they can, from before its first
// compilation until after the last slot was linked; then the module ends, its code is released, and the next one is published, in the end, at
// the same addresses. Every result is checked. Where machine code does not run, the same goes through the interpreter alone.

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "jit/baseline_tier.h"
#include "jit/code_publisher.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/library.h"

namespace perilune::vm {
namespace {

constexpr int kThreads = 4;
constexpr int kModules = 40;

// Calls, loops, upvalues, tables, errors and a generic for, hot at different times. VERSION makes each module's results its own.
std::string Source(int version) {
  return "local VERSION = " + std::to_string(version) + R"(
local function add(x, y) return x + y + VERSION end
local function sum(n) local s = 0 for i = 1, n do s = add(s, i) end return s end
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local function poly(f, x) return f(x, x) end
local function sub(x, y) return x - y - VERSION end
local function count(t) local n = 0 for _, v in ipairs(t) do n = n + v end return n end
local function fail(x) if x == 13 then error("unlucky " .. VERSION, 0) end return x end
for round = 1, 60 do
  assert(sum(50) == 1275 + 50 * VERSION)
  assert(fib(11) == 89)
  assert(poly(add, round) == 2 * round + VERSION)
  assert(poly(sub, round) == -VERSION)
  assert(count{1, 2, round} == 3 + round)
  local ok, message = pcall(fail, round % 14)
  assert(ok == (round % 14 ~= 13))
  assert(ok or message == "unlucky " .. VERSION)
end
return VERSION
)";
}

// A compiled function went through all stages, in order; it is used at once where the thread that asked for it waits.
void CheckTimes(const ProtoSlots& function, bool background) {
  const TierTimes times = function.tier_record.times();
  if (function.compilations.load(std::memory_order_relaxed) == 0) {
    EXPECT_FALSE(times.reached(TierStage::kInstalled));
    return;
  }
  for (auto stage = TierStage::kStarted; stage <= TierStage::kInstalled; stage = static_cast<TierStage>(static_cast<int>(stage) + 1)) {
    EXPECT_GE(times[stage], times[static_cast<TierStage>(static_cast<int>(stage) - 1)]);
  }
  if (!background) EXPECT_TRUE(times.reached(TierStage::kUsed));
  if (times.reached(TierStage::kUsed)) EXPECT_GT(times[TierStage::kUsed], times[TierStage::kSynchronized]);
}

void RunAll(const jit::BaselineTierOptions* options) {
  std::unique_ptr<jit::BaselineTier> tier;
  Tuning tuning;
  tuning.min_budget = 40;
  tuning.words_factor = 2;
  Engine engine(tuning);
  if (options != nullptr) {
    auto created = jit::BaselineTier::Create(*options);
    ASSERT_TRUE(created.ok()) << created.status();
    tier = *std::move(created);
    engine.set_native_tier(tier.get());
  }
  std::atomic<int> failures{0};
  for (int version = 1; version <= kModules; ++version) {
    auto module = engine.Load(Source(version), "=module");
    ASSERT_TRUE(module.ok()) << module.status();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&engine, &failures, module = *module, version] {
        Isolate vm(engine);
        OpenLibraries(vm);
        Value result;
        LuaFunction* main = vm.NewMainFunction(module, Value::Of(vm.globals()));
        const bool ok = vm.Call(Value::Of(main), {}, &result);
        if (!ok) ADD_FAILURE() << (vm.error.IsString() ? vm.error.string()->view() : "no message");
        if (!ok || !result.IsInteger() || result.integer != version) failures.fetch_add(1, std::memory_order_relaxed);
      });
    }
    for (std::thread& t : threads) t.join();
    if (tier != nullptr) {
      tier->Drain();
      for (const auto& f : (*module)->functions()) {
        EXPECT_LE(f->compilations.load(std::memory_order_relaxed), 1u);
        CheckTimes(*f, options->background);
      }
    }
  }
  EXPECT_EQ(failures.load(std::memory_order_relaxed), 0);
  if (tier == nullptr) return;
  const jit::BaselineTierStats stats = tier->stats();
  EXPECT_GT(stats.compiled, static_cast<uint64_t>(kModules));
  EXPECT_GT(engine.slots_relinked.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(stats.publication.failures, 0u);
}

TEST(TierSwitch, Interpreted) { RunAll(nullptr); }

TEST(TierSwitch, Background) {
  if (jit::NativeCacheMaintenance() == nullptr) GTEST_SKIP() << "machine code runs on AArch64 only";
  // A cache so small that addresses are soon used again.
  const jit::BaselineTierOptions options = {.background = true, .memory = {.reservation_bytes = 64 << 10}};
  RunAll(&options);
}

TEST(TierSwitch, InTheRequestingThread) {
  if (jit::NativeCacheMaintenance() == nullptr) GTEST_SKIP() << "machine code runs on AArch64 only";
  const jit::BaselineTierOptions options = {.background = false, .memory = {.reservation_bytes = 64 << 10}};
  RunAll(&options);
}

}  // namespace
}  // namespace perilune::vm
