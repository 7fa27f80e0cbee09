// Machine code that comes and goes while threads run it: a code cache too small for the program, so that functions are published, retired and their
// addresses used again all the time, in every strategy of code synchronisation and policy of code memory. Every result is checked. Then the same with
// a step of publication left out, which must be noticed; modules that end; loops, finalizers and coroutines that stand in code which is taken away;
// systems that refuse.
//
// PERILUNE_STRESS_CALLS=10000000 sets the number of calls of each stress test (200,000 otherwise).

#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jit/baseline_tier.h"
#include "jit/code_memory.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"
#include "jit/code_system.h"
#include "jit/publication_experiments.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/library.h"
#include "runtime/load.h"
#include "runtime/native.h"

namespace perilune::vm {
namespace {

using jit::CodeMemoryPolicy;
using jit::CodeSyncKind;

constexpr Tuning kHasty = {.words_factor = 0, .min_budget = 40};

// Stubs and some functions, no more.
constexpr size_t kSmallCache = 32 << 10;

int64_t StressCalls() {
  const char* value = std::getenv("PERILUNE_STRESS_CALLS");
  return value != nullptr ? std::atoll(value) : 200'000;
}

// An engine with a native tier.
class Rig {
 public:
  explicit Rig(const jit::BaselineTierOptions& options, const Tuning& tuning = kHasty) : engine_(tuning) {
    auto tier = jit::BaselineTier::Create(options);
    EXPECT_TRUE(tier.ok()) << tier.status();
    if (!tier.ok()) return;
    tier_ = *std::move(tier);
    engine_.set_native_tier(tier_.get());
  }

  Engine& engine() { return engine_; }
  jit::BaselineTier& tier() { return *tier_; }
  jit::BaselineTierStats Stats() {
    tier_->Drain();
    return tier_->stats();
  }

  std::shared_ptr<Module> Load(const std::string& source) {
    auto module = engine_.Load(source, "=module");
    EXPECT_TRUE(module.ok()) << module.status();
    return *std::move(module);
  }

  // Runs the module in an isolate of the calling thread's own. The integer it returns, or -1 (and the message).
  int64_t Run(const std::shared_ptr<Module>& module, int64_t argument, std::string* message) {
    Isolate vm(engine_);
    OpenLibraries(vm);
    const Value main = Value::Of(vm.NewMainFunction(module, Value::Of(vm.globals())));
    Value result;
    if (!vm.Call(main, {Value::Integer(argument)}, &result)) {
      *message = vm.error.IsString() ? vm.error.string()->view() : "an error without a message";
      return -1;
    }
    return result.IsInteger() ? result.integer : -1;
  }
  int64_t Run(const std::string& source, int64_t argument = 0) {
    std::string message;
    const int64_t result = Run(Load(source), argument, &message);
    EXPECT_EQ(message, "");
    return result;
  }

 private:
  std::unique_ptr<jit::BaselineTier> tier_;
  Engine engine_;
};

jit::BaselineTierOptions SmallCache(CodeSyncKind sync, CodeMemoryPolicy memory, bool background) {
  return {.background = background, .memory = {.policy = memory, .limit_bytes = kSmallCache}, .sync = sync};
}

// ---- Tier flips.

constexpr int kFunctions = 150;

// Functions whose code differs: each is six operations. The program calls them at random in bursts, `...` calls in all, and compares with what a
// table of closures gives. It returns 1 as soon as one call gives something else.
std::string FlipSource() {
  static constexpr const char* kOps[] = {"+", "-", "*", "~", "|", "&"};
  std::string source = "local f, digits = {}, {}\n";
  for (int i = 0; i < kFunctions; ++i) {
    std::string body = "s", digits;
    for (int j = 0, rest = i * 311; j < 6; ++j, rest /= 6) {
      body = absl::StrCat("(", body, " ", kOps[rest % 6], " (a + ", j, "))");
      absl::StrAppend(&digits, rest % 6 + 1, ", ");
    }
    absl::StrAppend(&source, "f[", i + 1, "] = function(a, s) for i = 1, 2 do s = ", body, " end return s end\n",
                    "digits[", i + 1, "] = {", digits, "}\n");
  }
  return source + R"(
local ops = {function(x, y) return x + y end, function(x, y) return x - y end, function(x, y) return x * y end,
             function(x, y) return x ~ y end, function(x, y) return x | y end, function(x, y) return x & y end}
local want = {}
for i = 1, #f do
  want[i] = {}
  for a = 1, 8 do
    local s = 5
    for _ = 1, 2 do for j = 1, 6 do s = ops[digits[i][j]](s, a + j - 1) end end
    want[i][a] = s
  end
end
local calls, seed = ..., math.random(1 << 30)
while calls > 0 do
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  local i = (seed >> 8) % #f + 1
  local g, w = f[i], want[i]
  for n = 1, 200 do
    local a = n & 7
    if a ~= 0 and g(a, 5) ~= w[a] then return 1 end
  end
  calls = calls - 200
end
return 0
)";
}

struct FlipResult {
  int64_t wrong = 0;  // threads that had a wrong result, or an error
  jit::BaselineTierStats stats;
};

FlipResult Flip(const jit::BaselineTierOptions& options, int threads, int64_t calls) {
  Rig rig(options);
  const std::shared_ptr<Module> module = rig.Load(FlipSource());
  std::atomic<int64_t> wrong{0};
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&] {
      std::string message;
      const int64_t result = rig.Run(module, calls / threads, &message);
      if (result != 0) wrong.fetch_add(1, std::memory_order_relaxed);  // joined before it is read
    });
  }
  for (std::thread& thread : running) thread.join();
  return {wrong.load(std::memory_order_relaxed), rig.Stats()};
}

class ReclaimTest : public testing::Test {
 protected:
  void SetUp() override {
    if (jit::NativeCacheMaintenance() == nullptr) GTEST_SKIP() << "machine code runs on AArch64 only";
  }
};

class FlipTest : public ReclaimTest, public testing::WithParamInterface<std::tuple<CodeSyncKind, CodeMemoryPolicy>> {};

TEST_P(FlipTest, ResultsAreRight) {
  const auto& [sync, memory] = GetParam();
  for (const bool background : {true, false}) {
    const FlipResult result = Flip(SmallCache(sync, memory, background), 4, StressCalls() / 2);
    EXPECT_EQ(result.wrong, 0);
    EXPECT_GT(result.stats.evicted, 0u);
    EXPECT_LE(result.stats.usage.live, kSmallCache);
    EXPECT_EQ(result.stats.publication.fallbacks, 0u) << result.stats.sync;
  }
}

std::string NameOfFlip(const testing::TestParamInfo<FlipTest::ParamType>& test) {
  static constexpr std::array kNames = {"Auto", "Membarrier", "Epoch", "Signal", "Private", "None"};
  const auto& [sync, memory] = test.param;
  return absl::StrCat(kNames[static_cast<size_t>(sync)], memory == CodeMemoryPolicy::kDual ? "Dual" : "Mprotect");
}

INSTANTIATE_TEST_SUITE_P(All, FlipTest,
                         testing::Combine(testing::Values(CodeSyncKind::kMembarrier, CodeSyncKind::kEpoch, CodeSyncKind::kSignal,
                                                          CodeSyncKind::kPrivate),
                                          testing::Values(CodeMemoryPolicy::kDual, CodeMemoryPolicy::kMprotect)),
                         NameOfFlip);

// Whether the flips go wrong, or the process that makes them dies of them or hangs.
bool FlipFails(const jit::BaselineTierOptions& options) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(Flip(options, 2, 200'000).wrong == 0 ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status != 0;
}

TEST_F(ReclaimTest, WithoutIcIvauItFails) {
  jit::BaselineTierOptions options = SmallCache(CodeSyncKind::kNone, CodeMemoryPolicy::kDual, false);
  if (jit::IsEmulatedProcessor() && FlipFails(options)) GTEST_SKIP() << "this QEMU (before 8.1) ignores ic ivau for code that was written through another mapping";
  options.publisher.faults.skip_invalidate_instructions = true;
  const bool fails = FlipFails(options);
  if (!jit::IsEmulatedProcessor() && !fails) GTEST_SKIP() << "this core did not show the missing ic ivau";
  EXPECT_TRUE(fails);
}

// ---- Modules that end.

class ModulesTest : public ReclaimTest, public testing::WithParamInterface<CodeSyncKind> {};
INSTANTIATE_TEST_SUITE_P(All, ModulesTest, testing::Values(CodeSyncKind::kAuto, CodeSyncKind::kPrivate),
                         [](const auto& test) { return test.param == CodeSyncKind::kAuto ? "Auto" : "Private"; });

TEST_P(ModulesTest, TenThousandInOneMebibyte) {
  constexpr size_t kCache = size_t{1} << 20;
  Rig rig({.background = false, .memory = {.limit_bytes = kCache}, .sync = GetParam()});
  Isolate vm(rig.engine());
  OpenLibraries(vm);
  size_t early = 0;
  for (int i = 1; i <= 10'000; ++i) {
    const std::string source = absl::StrCat("local function twice(x) return x + x + ", i,
                                            " end\nlocal s = 0\nfor i = 1, 60 do s = s + twice(i) end\nreturn s");
    auto main = Load(vm, source, "=module", Value::Of(vm.globals()));
    ASSERT_TRUE(main.ok()) << main.status();
    Value result;
    ASSERT_TRUE(vm.Call(Value::Of(*main), {}, &result));
    ASSERT_EQ(result.integer, 3660 + 60 * i);
    if (i % 500 != 0) continue;
    vm.CollectGarbage();
    EXPECT_LE(rig.tier().stats().usage.live, kCache);
    EXPECT_LT(rig.engine().Modules().size(), 1500u);  // those of the turns since, and what is not yet swept
    if (i == 2000) early = mallinfo2().uordblks;
  }
  EXPECT_LT(mallinfo2().uordblks, early + (size_t{1} << 20)) << "memory is not flat";
  vm.CollectGarbage();
  vm.CollectGarbage();  // sweeps what the other left to be swept
  const jit::BaselineTierStats stats = rig.Stats();
  EXPECT_GE(stats.compiled, 10'000u);
  EXPECT_EQ(stats.refused, 0u);
  EXPECT_GT(stats.code_bytes, kCache) << "addresses were to be used again";
  EXPECT_LT(stats.usage.live, kCache / 8) << "modules end, and their code with them";
}

// ---- Code that is taken away where something stands in it.

// Makes `count` functions hot, which needs more room than there is.
constexpr char kCrowd[] = R"(
local function crowd(count)
  for i = 1, count do
    local f = load("local s = ... for i = 1, 100 do s = s * 3 + i - " .. i .. " if s > 1e6 then s = s // 7 end end return s")
    for _ = 1, 3 do f(i) end
  end
end
)";

class StandingTest : public ReclaimTest, public testing::WithParamInterface<bool> {
 protected:
  jit::BaselineTierOptions options_ = SmallCache(CodeSyncKind::kEpoch, CodeMemoryPolicy::kDual, /*background=*/GetParam());
};

INSTANTIATE_TEST_SUITE_P(All, StandingTest, testing::Bool(), [](const auto& test) { return test.param ? "Background" : "InTheRequestingThread"; });

TEST_P(StandingTest, CallersOfWhatTakesTheirCodeGoOn) {
  Rig rig(options_);
  EXPECT_EQ(rig.Run(std::string(kCrowd) + R"(
local calls = 0
local function leaf(n) calls = calls + 1 if calls % 101 == 0 then crowd(60) end return n end
local function down(n) if n == 0 then return leaf(50) end local x = down(n - 1) return x + 1 end
local function more(n, ...) local a, b = ... local t = {leaf(n)} for _, v in ipairs(t) do a = a + v end return a + select("#", ...) end
local mt = {__index = function(_, k) return leaf(k) end, __add = function(a, b) return leaf(b) end}
local object = setmetatable({}, mt)
local sum = 0
for i = 1, 500 do sum = sum + down(3) - 53 + more(i, 1, 2) - i - 3 + object[i] - i + (object + i) - i end
return sum
)"), 0);
  EXPECT_GT(rig.Stats().evicted, 0u);
}

TEST_P(StandingTest, CoroutinesGoOnAfterTheirCodeHasGone) {
  Rig rig(options_);
  EXPECT_EQ(rig.Run(std::string(kCrowd) + R"(
local function inner(n) local x = coroutine.yield(n) return x + 1 end
local function body(n) local sum = 0 for i = 1, 200 do sum = sum + inner(i) - i - 1 end return sum end
local threads, wrong = {}, 0
for i = 1, 20 do threads[i] = coroutine.create(body) end
for step = 1, 201 do
  for i = 1, 20 do
    local ok, value = coroutine.resume(threads[i], step - 1)
    if not ok or value ~= (step <= 200 and step or 0) then wrong = wrong + 1 end
  end
  if step % 40 == 0 then crowd(120) end
end
return wrong
)"), 0);
  EXPECT_GT(rig.Stats().evicted, 0u);
}

TEST_P(StandingTest, FinalizersPinTheCodeThatTheyInterrupt) {
  Rig rig(options_);
  EXPECT_EQ(rig.Run(std::string(kCrowd) + R"(
local finalized = 0
local function spawn() setmetatable({}, {__gc = function() finalized = finalized + 1 if finalized % 2000 == 0 then crowd(60) end end}) end
local function loop(n) local sum = 0 for i = 1, n do spawn() local t = {i, i} sum = sum + t[1] - t[2] + #t end return sum end
local sum = 0
for i = 1, 40 do sum = sum + loop(1000) - 2000 end
collectgarbage()
return finalized > 10000 and sum or -1
)"), 0);
  EXPECT_GT(rig.Stats().evicted, 0u);
}

TEST_P(StandingTest, ALoopLeavesCodeThatIsRetired) {
  Rig rig(options_);
  const std::shared_ptr<Module> loop = rig.Load("local n, x = ..., 0 while x < n do x = x + 1 end return x");
  ProtoSlots& slots = *loop->main();
  Isolate vm(rig.engine());
  std::thread looping([&] {
    OpenLibraries(vm);
    Value value;
    // Longer than any test; it is stopped.
    const Value main = Value::Of(vm.NewMainFunction(loop, Value::Of(vm.globals())));
    EXPECT_FALSE(vm.Call(main, {Value::Integer(INT64_MAX)}, &value));
    EXPECT_EQ(vm.TakeStop(), StopReason::kDeadline);
  });
  while (slots.compilations.load() == 0) std::this_thread::yield();
  for (uint32_t i = 1; i <= 20; ++i) {
    const absl::Status discarded = rig.tier().Discard(&slots);
    ASSERT_TRUE(discarded.ok()) << discarded;
    EXPECT_EQ(slots.evictions.load(), i);
    // It turns on in the interpreter, and gets hot again.
    while (slots.compilations.load() == i) std::this_thread::yield();
  }
  vm.RequestStop(StopReason::kDeadline);
  looping.join();
}

// A thread writes more than a pipe holds, until what it called from was taken away and is gone.
TEST_P(StandingTest, NobodyWaitsForAThreadThatWrites) {
  for (const char* write : {"file:write(text)", "file:setvbuf('no') file:write(text)", "file:write('x') file:setvbuf('full') file:write(text) file:flush()"}) {
    SCOPED_TRACE(write);
    Rig rig(options_);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const std::shared_ptr<Module> writer = rig.Load(absl::StrCat(R"(
local file = io.open("/dev/fd/" .. ..., "w")
local text = string.rep("x", 1 << 20)
local function write(really) if really then )", write, R"( end return 1 end
local sum = 0
for i = 1, 200 do sum = sum + write(i == 200) end
file:close()
return sum)"));
    int64_t result = 0;
    std::string message;
    std::thread writing([&] { result = rig.Run(writer, ends[1], &message); });
    char byte;
    ASSERT_EQ(read(ends[0], &byte, 1), 1);  // from here on it is in the midst of it
    rig.tier().Drain();
    const uint64_t evicted = rig.Stats().evicted;
    for (const auto& function : writer->functions()) {
      const absl::Status discarded = rig.tier().Discard(function.get());
      EXPECT_TRUE(discarded.ok()) << discarded;
    }
    EXPECT_GT(rig.Stats().evicted, evicted);
    close(ends[1]);
    std::string rest(1 << 16, ' ');
    while (read(ends[0], rest.data(), rest.size()) > 0) {
    }
    writing.join();
    close(ends[0]);
    EXPECT_EQ(result, 200) << message;
  }
}

TEST_P(StandingTest, ThreadsStartAndEndMeanwhile) {
  Rig rig(options_);
  const std::shared_ptr<Module> module = rig.Load(FlipSource());
  std::vector<std::thread> threads(4);
  std::atomic<int64_t> wrong{0};
  for (size_t i = 0; i < 40; ++i) {
    std::thread& thread = threads[i % threads.size()];
    if (thread.joinable()) thread.join();
    thread = std::thread([&] {
      std::string message;
      wrong.fetch_add(rig.Run(module, 4000, &message), std::memory_order_relaxed);  // joined before it is read
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(std::memory_order_relaxed), 0);
}

TEST_P(StandingTest, TheHostForksMeanwhile) {
  Rig rig(options_);
  const std::shared_ptr<Module> module = rig.Load(FlipSource());
  std::atomic<bool> over{false};
  std::string message;
  int64_t wrong = -1;
  std::thread running([&] {
    wrong = rig.Run(module, 100'000, &message);
    over.store(true, std::memory_order_release);  // partner: the loop below
  });
  int children = 0;
  do {
    const pid_t child = fork();
    if (child == 0) _exit(7);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(WEXITSTATUS(status), 7);
    ++children;
  } while (!over.load(std::memory_order_acquire));
  running.join();
  EXPECT_EQ(message, "");
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(children, 0);
}

// The host forks in the midst of a script, called from machine code. The parent goes on to use the addresses of all its machine code again, and only
// then the child runs on in that code, makes isolates, loads scripts and ends all of it.
int ForkAndRunOn(const jit::BaselineTierOptions& options) {
  static pid_t child;
  static int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  auto rig = std::make_unique<Rig>(options);
  std::shared_ptr<Module> module = rig->Load(FlipSource());
  std::string message;
  EXPECT_EQ(rig->Run(module, 20'000, &message), 0) << message;
  auto vm = std::make_unique<Isolate>(rig->engine());
  OpenLibraries(*vm);
  vm->globals()->SetString(vm->heap(), vm->NewString("fork"), Value::Of(vm->NewNative("fork", [](NativeFrame& f) {
    const BlockingScope outside(f.vm);
    child = fork();
    char byte;
    if (child == 0) EXPECT_EQ(read(ends[0], &byte, 1), 1);
    return f.Return();
  })));
  std::shared_ptr<Module> main = rig->Load(R"(
local yielded = coroutine.wrap(function() local n = 0 while true do n = n + 1 coroutine.yield(n) end end)
local function step(i, n) if i == n then fork() end return yielded() - i end
local sum = 0
for i = 1, 400 do sum = sum + step(i, ...) end
return sum)");
  Value result;
  const bool ok = vm->Call(Value::Of(vm->NewMainFunction(main, Value::Of(vm->globals()))), {Value::Integer(200)}, &result);
  bool right = ok && result.IsInteger() && result.integer == 0;
  if (child != 0) {
    for (const auto& loaded : rig->engine().Modules()) {
      for (const auto& function : loaded->functions()) right = rig->tier().Discard(function.get()).ok() && right;
    }
  }
  right = rig->Run(FlipSource(), 20'000) == 0 && rig->Run(module, 20'000, &message) == 0 && right;
  if (child != 0) {
    EXPECT_GT(rig->Stats().evicted, 0u);
    EXPECT_EQ(write(ends[1], "x", 1), 1);
    EXPECT_TRUE(right) << message;
  }
  vm.reset();
  module = main = nullptr;
  rig.reset();
  if (child == 0) _exit(right && !testing::Test::HasFailure() ? 0 : 1);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  close(ends[0]);
  close(ends[1]);
  return status;
}

TEST_P(StandingTest, AForkedHostRunsOnInBothProcesses) {
  for (const CodeSyncKind sync : {CodeSyncKind::kMembarrier, CodeSyncKind::kEpoch, CodeSyncKind::kSignal, CodeSyncKind::kPrivate}) {
    for (const CodeMemoryPolicy memory : {CodeMemoryPolicy::kDual, CodeMemoryPolicy::kMprotect}) {
      EXPECT_EQ(ForkAndRunOn(SmallCache(sync, memory, GetParam())), 0);
    }
  }
}

TEST_P(StandingTest, AForkedHostRunsOnWithoutMemoryForACopy) {
  class NoCopies final : public jit::CodeSystem {
   public:
    int Membarrier(int command) override { return jit::NativeCodeSystem()->Membarrier(command); }
    int CreateMemory(size_t size) override { return jit::NativeCodeSystem()->CreateMemory(size); }
    void* Map(int fd, size_t size, int protection) override {
      if (fd >= 0) return jit::NativeCodeSystem()->Map(fd, size, protection);
      errno = ENOMEM;
      return MAP_FAILED;
    }
    int Protect(void* address, size_t size, int protection) override { return jit::NativeCodeSystem()->Protect(address, size, protection); }
    uint64_t CacheType(uint64_t value) override { return value; }
  };
  NoCopies system;
  jit::BaselineTierOptions options = SmallCache(CodeSyncKind::kAuto, CodeMemoryPolicy::kDual, GetParam());
  options.system = &system;
  EXPECT_EQ(ForkAndRunOn(options), 0);
}

// ---- Systems that refuse.

struct Fault {
  const char* text;    // as --code-faults
  const char* sync;    // what DescribeSync begins with
  const char* memory;  // of the policy; null: there is no machine code
};

constexpr Fault kFaults[] = {
    {"membarrier=EPERM", "epoch (membarrier: register: ", "dual"},
    {"membarrier=EINVAL", "epoch (membarrier: register: ", "dual"},
    {"membarrier=ENOSYS", "epoch (membarrier: register: ", "dual"},
    {"memfd=EPERM", "membarrier", "mprotect (code memory: memfd refused: "},
    {"memfd=ENOSYS,membarrier=ENOSYS", "epoch (membarrier: register: ", "mprotect (code memory: memfd refused: "},
    {"line=16", "membarrier", "dual"},
    {"line=64", "membarrier", "dual"},
    {"line=128", "membarrier", "dual"},
    {"line=2048", "membarrier", "dual"},
    {"exec=EACCES", "", nullptr},
    {"write=ENOMEM", "", nullptr},
    {"memfd=EPERM,protect=EACCES", "", nullptr},
};

TEST_F(ReclaimTest, FaultsLeadToNamedFallbacks) {
  for (const Fault& fault : kFaults) {
    SCOPED_TRACE(fault.text);
    jit::FaultyCodeSystem system(*jit::ParseCodeFaults(fault.text));
    jit::BaselineTierOptions options = SmallCache(CodeSyncKind::kAuto, CodeMemoryPolicy::kDual, true);
    options.system = &system;
    if (fault.memory == nullptr) {
      EXPECT_TRUE(absl::IsUnavailable(jit::BaselineTier::Create(options).status()));
      continue;
    }
    const FlipResult result = Flip(options, 2, 20'000);
    EXPECT_EQ(result.wrong, 0);
    EXPECT_EQ(result.stats.sync.find(fault.sync), 0u) << result.stats.sync;
    EXPECT_EQ(result.stats.memory.find(fault.memory), 0u) << result.stats.memory;
  }
}

TEST_F(ReclaimTest, AFunctionLargerThanTheCacheIsInterpreted) {
  Rig rig(SmallCache(CodeSyncKind::kAuto, CodeMemoryPolicy::kDual, false));
  std::string body;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&body, "t.x", i, " = t.y", i, " + ", i, "\n");
  EXPECT_EQ(rig.Run(absl::StrCat("local t = setmetatable({}, {__index = function() return 1 end})\nlocal function f()\n", body,
                                 "return t.x1 end\nlocal s = 0\nfor i = 1, 200 do s = s + f() end return s")),
            400);
  const jit::BaselineTierStats stats = rig.Stats();
  EXPECT_EQ(stats.refused, 1u);
}

}  // namespace
}  // namespace perilune::vm
