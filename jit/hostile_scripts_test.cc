// Scripts that want to run for ever, to have all memory, or to break the stack. Each must end with the status of the limit that it meets, in every tier, and leave
// an engine and an isolate that work on.

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "perilune/perilune.h"

namespace perilune {
namespace {

using ::testing::HasSubstr;

// The limit that a script is given. One each, so that which one it meets is no race.
enum class Limit : uint8_t { kDeadline, kMemory, kStack, kInstructions };

struct Hostile {
  std::string_view name;
  Limit limit;
  std::string_view source;
  std::string_view message = "";  // part of what the status says; "": as the limit has it
};

constexpr std::string_view kNoMemory = "not enough memory";
constexpr std::string_view kOverflow = "stack overflow";

constexpr Hostile kScripts[] = {
    // ---- Loops of each kind.
    {"While", Limit::kDeadline, "while true do end"},
    {"Repeat", Limit::kDeadline, "repeat local x = 1 until x == 2"},
    {"Goto", Limit::kDeadline, "::again:: goto again"},
    {"NumericFor", Limit::kDeadline, "for i = 1, math.maxinteger do end"},
    {"FloatFor", Limit::kDeadline, "for i = 1.0, math.huge do end"},
    {"GenericFor", Limit::kDeadline, "for i in function() return 1 end do end"},
    {"NextFor", Limit::kDeadline, "while true do for k, v in pairs({1, 2, a = 3}) do end end"},
    {"TailCall", Limit::kDeadline, "local function f() return f() end f()"},
    {"TailCallOfNative", Limit::kDeadline, "local function f() return pcall(function() end), 1 end while true do f() end"},
    {"Coroutines", Limit::kDeadline, "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end"},
    {"LoopInCoroutine", Limit::kDeadline, "coroutine.wrap(function() while true do end end)()"},
    {"StringBuffers", Limit::kDeadline, "while true do local s = '' for i = 1, 100 do s = s .. i end end"},

    // ---- Those who would rather not hear of it.
    {"Pcall", Limit::kDeadline, "while true do pcall(function() while true do end end) end"},
    {"Xpcall", Limit::kDeadline, "while true do xpcall(function() while true do end end, function() while true do end end) end"},
    {"CoroutinePcall", Limit::kDeadline, "while true do coroutine.resume(coroutine.create(function() while true do end end)) end"},
    {"Close", Limit::kDeadline, "local t <close> = setmetatable({}, {__close = function() while true do end end}) while true do end"},
    {"CloseOfCoroutine", Limit::kDeadline,
     "local co = coroutine.create(function() local t <close> = setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end)"
     " coroutine.resume(co) coroutine.close(co)"},
    {"Finalizer", Limit::kDeadline,
     "for i = 1, 10 do setmetatable({}, {__gc = function() while true do end end}) end local t while true do t = {t} t = {} end"},
    {"ErrorObject", Limit::kDeadline, "error(setmetatable({}, {__tostring = function() while true do end end}))"},
    {"MessageHandler", Limit::kDeadline, "xpcall(error, function() while true do end end)"},

    // ---- Inside of library functions, and of what they call.
    {"Sort", Limit::kDeadline, "table.sort({3, 2, 1}, function() while true do end end)"},
    {"Gsub", Limit::kDeadline, "(('x'):rep(100)):gsub('x', function() repeat until false end)"},
    {"IndexFunction", Limit::kDeadline, "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x"},
    {"Iterator", Limit::kDeadline, "table.concat(setmetatable({}, {__len = function() while true do end end}))"},
    {"Load", Limit::kDeadline, "while true do load('return ' .. ('('):rep(50) .. '1' .. (')'):rep(50))() end"},
    {"LoadReader", Limit::kDeadline, "load(function() return 'x = 1 ' end)"},
    {"TableMove", Limit::kDeadline, "table.move({}, 1, math.maxinteger - 1, 2)"},
    {"TableInsert", Limit::kDeadline,
     "table.insert(setmetatable({}, {__len = function() return math.maxinteger - 1 end, __index = function() return 1 end}), 1, 2)"},
    {"TableConcat", Limit::kDeadline, "table.concat(setmetatable({}, {__len = function() return math.maxinteger end, __index = function() return '' end}))"},
    {"Catastrophe", Limit::kDeadline, "return ('a'):rep(100):find(('a*'):rep(50) .. 'b')"},
    {"CatastropheInGmatch", Limit::kDeadline, "for w in ('a'):rep(100):gmatch(('a-'):rep(50) .. 'b') do end"},
    {"CatastropheInGsub", Limit::kDeadline, "return ('a'):rep(200):gsub(('.-'):rep(60) .. 'b', '')"},
    {"QuadraticPattern", Limit::kDeadline, "local s = ('a'):rep(1 << 20) while true do s:find('.-b') end"},
    {"Rep", Limit::kDeadline, "while true do local s = ('x'):rep(1 << 26) end"},
    {"Upper", Limit::kDeadline, "local s = ('x'):rep(1 << 26) while true do s:upper():lower():reverse() end"},
    {"Format", Limit::kDeadline, "local s = ('x'):rep(1 << 24) while true do string.format('%s%q', s, s) end"},
    {"Utf8", Limit::kDeadline, "local s = ('x'):rep(1 << 24) while true do utf8.len(s) end"},
    {"Re", Limit::kDeadline, "local s = ('a'):rep(1 << 16) while true do re.match(s, '(a*)*b') end"},

    // ---- Memory.
    {"DoublingString", Limit::kMemory, "local s = 'x' while true do s = s .. s end"},
    {"LongString", Limit::kMemory, "return ('x'):rep(1 << 30)"},
    {"LongStringBySeparator", Limit::kMemory, "return ('x'):rep(1 << 20, (','):rep(1 << 10))"},
    {"GrowingGsub", Limit::kMemory, "local s = ('x'):rep(1000) while true do s = s:gsub('x', 'xxxxxxxxxx') end"},
    {"Concat", Limit::kMemory, "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1 << 16) end return table.concat(t)"},
    {"Tables", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i] = {} end"},
    {"LinkedTables", Limit::kMemory, "local t = {} while true do t = {t} end"},
    {"Array", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i] = i end"},
    {"Keys", Limit::kMemory, "local t = {} for i = 1, math.huge do t['key' .. i] = true end"},
    {"FloatKeys", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i + 0.5] = true end"},
    {"Pack", Limit::kMemory, "local function f(...) return f(..., {...}) end while true do f(1) end"},
    {"Coroutines", Limit::kMemory, "local t = {} while true do t[#t + 1] = coroutine.create(print) end"},
    {"SuspendedCoroutines", Limit::kMemory,
     "local t = {} while true do local co = coroutine.wrap(function() coroutine.yield() end) co() t[#t + 1] = co end"},
    {"Closures", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i] = function() return t, i end end"},
    {"Globals", Limit::kMemory, "local _ENV, huge = {}, math.huge for i = 1, huge do _ENV['g' .. i] = i end"},
    {"Chunks", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i] = load('local x = ' .. i .. ' return function() return x end')() end"},
    {"BigChunk", Limit::kMemory, "return load('return {' .. ('1,'):rep(1 << 24) .. '}')", kNoMemory},
    {"Patterns", Limit::kMemory, "local t = {} for i = 1, math.huge do t[i] = re.compile('a{1,100}' .. i) end"},
    {"Upvalues", Limit::kMemory, "local f = function() end while true do local g = f f = function() return g end end"},

    // ---- The stack, and calls nested in one another.
    {"Recursion", Limit::kStack, "local function f() return 1 + f() end return f()"},
    {"RecursionOfMany", Limit::kStack, "local f, g function f(a, b, c) return (g(a, b, c, 1)) end function g(...) return (f(...)) end return f()"},
    {"RecursionByIndex", Limit::kStack, "local t = {} setmetatable(t, {__index = function(_, k) return t[k .. 'x'] end}) return t.x"},
    {"RecursionByNewIndex", Limit::kStack, "local t = {} setmetatable(t, {__newindex = function(_, k, v) t[k] = v end}) t.x = 1"},
    {"RecursionByArithmetic", Limit::kStack, "local t = {} setmetatable(t, {__add = function(a, b) return a + b end}) return t + t"},
    {"RecursionByConcat", Limit::kStack, "local t = {} setmetatable(t, {__concat = function(a, b) return a .. b end}) return t .. t"},
    {"RecursionByEquality", Limit::kStack,
     "local m = {} m.__eq = function(a, b) return a == b end return setmetatable({}, m) == setmetatable({}, m)"},
    {"RecursionByCall", Limit::kStack, "local t = {} setmetatable(t, {__call = function(self) return 1 + self() end}) return t()"},
    {"RecursionByToString", Limit::kStack, "local t = {} setmetatable(t, {__tostring = function(t) return 'x' .. tostring(t) end}) return tostring(t)"},
    {"RecursionByPcall", Limit::kStack, "local function f() local ok, e = pcall(f) if not ok then error(e, 0) end end f()"},
    {"RecursionBySort", Limit::kStack, "local function f() table.sort({1, 2, 3}, f) end f()"},
    {"RecursionByGsub", Limit::kStack, "local function f(s) return (s:gsub('.', f)) end f('x')"},
    {"RecursionByCoroutine", Limit::kStack, "local function f() local ok, e = coroutine.resume(coroutine.create(f)) if not ok then error(e, 0) end end f()"},
    {"RecursionByClose", Limit::kStack,
     "local function f() local t <close> = setmetatable({}, {__close = f}) end f()"},
    {"ManyResults", Limit::kStack, "local function f(n, ...) return (f(n, n, ...)) end f(1)"},

    // ---- Instructions.
    {"Loop", Limit::kInstructions, "while true do end"},
    {"Calls", Limit::kInstructions, "local function f() end while true do f() end"},
    {"Caught", Limit::kInstructions, "while true do pcall(error) end"},
    {"InCoroutine", Limit::kInstructions, "while true do coroutine.wrap(function() for i = 1, 1e9 do end end)() end"},
    {"InSort", Limit::kInstructions, "local t = {} for i = 1, 1000 do t[i] = i end while true do table.sort(t, function(a, b) return a > b end) end"},
    {"InMetamethod", Limit::kInstructions, "local t = setmetatable({}, {__index = function(t, k) return k end}) local i = 0 while true do i = t[i] + 1 end"},
    {"InFinalizer", Limit::kInstructions, "for i = 1, 10 do setmetatable({}, {__gc = function() while true do end end}) end while true do local t = {} end"},
    {"InLibraryLoop", Limit::kInstructions, "table.move({}, 1, math.maxinteger - 1, 2)"},
};

IsolateOptions Limited(Limit limit) {
  IsolateOptions options;
  options.libraries = Libraries::Untrusted();
  options.libraries.load = true;
  switch (limit) {
    case Limit::kDeadline:
      options.deadline = absl::Milliseconds(50);
      options.max_memory = size_t{256} << 20;  // more than any of those needs
      break;
    case Limit::kMemory: options.max_memory = size_t{16} << 20; break;
    case Limit::kStack: options.max_stack = 100'000; break;
    case Limit::kInstructions: options.max_instructions = 200'000; break;
  }
  return options;
}

void ExpectStopped(Engine& engine, const Hostile& script) {
  SCOPED_TRACE(script.source);
  Isolate lua(engine, Limited(script.limit));
  const absl::Status status = lua.RunString(script.source, "=hostile");
  const bool deadline = script.limit == Limit::kDeadline;
  EXPECT_EQ(status.code(), deadline ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kResourceExhausted) << status;
  if (!deadline) {
    constexpr std::string_view kMessages[] = {"", kNoMemory, kOverflow, "budget of instructions"};
    const std::string_view expected = script.message.empty() ? kMessages[static_cast<size_t>(script.limit)] : script.message;
    EXPECT_THAT(std::string(status.message()), HasSubstr(expected));
  }
  // Finalizers that never end may be still to come; they meet the limits again. All else has all the time it needs.
  const bool haunted = script.name.find("Finalizer") != std::string_view::npos;
  if (!haunted) lua.set_deadline(absl::InfiniteDuration());
  for (int i = 0; i < 2; ++i) {
    const auto after = lua.RunString<int>("local n = 0 for i = 1, 100 do n = n + #('x'):rep(i) end return n");
    EXPECT_TRUE(haunted || (after.ok() && *after == 5050)) << after.status();
    const absl::Status collected = lua.CollectGarbage();
    EXPECT_TRUE(haunted || collected.ok()) << collected;
  }
}

class HostileScriptsTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileScriptsTest, AreStopped) {
  for (const Jit jit : {Jit::kOff, Jit::kBackground, Jit::kEager}) {
    Engine engine({.jit = jit});
    ExpectStopped(engine, GetParam());
    Isolate other(engine);
    EXPECT_EQ(other.RunString<int>("return 6 * 7").value(), 42);
  }
}

std::string NameOf(const ::testing::TestParamInfo<Hostile>& script) {
  constexpr const char* kLimits[] = {"Deadline", "Memory", "Stack", "Instructions"};
  return std::string(kLimits[static_cast<size_t>(script.param.limit)]) + std::string(script.param.name);
}
INSTANTIATE_TEST_SUITE_P(All, HostileScriptsTest, ::testing::ValuesIn(kScripts), NameOf);

// All of them at once, on one engine.
TEST(HostileScriptsTogetherTest, TheEngineWorksOn) {
  Engine engine;
  std::vector<std::thread> threads;
  for (size_t first = 0; first < 4; ++first) {
    threads.emplace_back([&engine, first] {
      for (size_t i = first; i < std::size(kScripts); i += 4) ExpectStopped(engine, kScripts[i]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  Isolate lua(engine);
  EXPECT_EQ(lua.RunString<int>("return 6 * 7").value(), 42);
}

// What a script leaves behind may run when the isolate ends, or when the host reads a value; that is limited, too.
TEST(HostileValuesTest, AreLimited) {
  Engine engine;
  Isolate lua(engine);
  ASSERT_TRUE(lua.RunString(R"(
      loop = function() while true do end end
      trap = setmetatable({}, {__index = loop, __newindex = loop})
      last = setmetatable({}, {__gc = loop}))").ok());
  const Table trap = *lua.Global("trap")->As<Table>();
  lua.set_deadline(absl::Milliseconds(30));
  EXPECT_EQ(lua.Global("trap.x").status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(trap.Get<int>("x").status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(trap.Set("x", 1).code(), absl::StatusCode::kDeadlineExceeded);
  lua.set_deadline(absl::InfiniteDuration());
  EXPECT_TRUE(lua.RunString("last = nil").ok());
  lua.set_deadline(absl::Milliseconds(30));
  EXPECT_EQ(lua.CollectGarbage().code(), absl::StatusCode::kDeadlineExceeded);
  // The isolate's end is limited likewise.
  lua.set_deadline(absl::InfiniteDuration());
  EXPECT_TRUE(lua.RunString("last = setmetatable({}, {__gc = loop})").ok());
  lua.set_deadline(absl::Milliseconds(30));
}

// The number is the script's own, whatever the machine and the tier.
TEST(InstructionBudgetTest, CountsTheSameInEveryTier) {
  uint64_t counted = 0;
  for (const Jit jit : {Jit::kOff, Jit::kBackground, Jit::kEager}) {
    Engine engine({.jit = jit});
    IsolateOptions options;
    options.max_instructions = 1'000'000;
    Isolate lua(engine, options);
    ASSERT_TRUE(lua.RunString("local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(12)").ok());
    const uint64_t once = lua.stats().instructions;
    if (counted == 0) counted = once;
    EXPECT_EQ(once, counted);
    lua.set_max_instructions(once);
    EXPECT_TRUE(lua.RunString("local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(12)").ok());
    lua.set_max_instructions(once - 1);
    EXPECT_EQ(lua.RunString("local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(12)").code(),
              absl::StatusCode::kResourceExhausted);
    // Without a budget it is as fast as ever.
    lua.set_max_instructions(0);
    EXPECT_EQ(lua.RunString<int>("local n = 0 for i = 1, 100000 do n = n + 1 end return n").value(), 100000);
  }
}

}  // namespace
}  // namespace perilune
