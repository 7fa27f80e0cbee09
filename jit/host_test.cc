// The interface of C++ hosts.

#include <cstdint>
#include <future>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "perilune/perilune.h"

namespace perilune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class HostTest : public ::testing::Test {
 protected:
  // The message of the error that `source` ends with, or "".
  std::string ErrorOf(std::string_view source) { return std::string(lua_.RunString(source, "=test").message()); }

  Engine engine_;
  Isolate lua_{engine_};
};

TEST_F(HostTest, ResultsHaveTheTypesAskedFor) {
  EXPECT_TRUE(lua_.RunString("x = 1").ok());
  EXPECT_EQ(lua_.RunString<int64_t>("return x").value(), 1);
  EXPECT_EQ(lua_.RunString<std::string>("return 'a' .. 1").value(), "a1");
  const auto three = lua_.RunString<int, std::string, bool>("return 7, 'b', true, 'dropped'");
  EXPECT_EQ(three.value(), std::make_tuple(7, "b", true));
  EXPECT_EQ(lua_.RunString<std::vector<Value>>("return 1, nil, 3")->size(), 3u);
  EXPECT_THAT(*lua_.RunString<std::vector<int>>("return {5, 6, 7}"), ElementsAre(5, 6, 7));
  EXPECT_THAT((*lua_.RunString<std::map<std::string, double>>("return {a = 1, b = 2.5}")), ElementsAre(Pair("a", 1), Pair("b", 2.5)));
  EXPECT_FALSE(lua_.RunString<std::optional<int>>("return nil")->has_value());
}

TEST_F(HostTest, IntegersAreExact) {
  ASSERT_TRUE(lua_.RunString("function id(x) return x end").ok());
  for (const int64_t i : {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), int64_t{1} << 53 | 1}) {
    EXPECT_EQ(lua_.Call<int64_t>("id", i).value(), i);
  }
  EXPECT_EQ(lua_.Call<uint64_t>("id", ~uint64_t{0}).value(), ~uint64_t{0});
}

TEST_F(HostTest, MisfitsAreErrors) {
  const absl::Status status = lua_.RunString<std::string>("return 3").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "string expected, got number");
  EXPECT_EQ(lua_.RunString<int8_t>("return 200").status().message(), "number out of range");
  EXPECT_EQ(lua_.RunString<int>("return 1.5").status().message(), "number has no integer representation");
}

TEST_F(HostTest, ErrorsHaveMessageTracebackAndValue) {
  const absl::Status syntax = lua_.RunString("x = = 1", "@file.lua");
  EXPECT_EQ(syntax.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(syntax.message(), "file.lua:1: unexpected symbol near '='");

  const absl::Status status = lua_.RunString("local function f() local t = nil; t.x = 1 end\nf() return 1", "=test");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(status.message(), "test:1: attempt to index a nil value (local 't')");
  EXPECT_THAT(Traceback(status), HasSubstr("test:2: in main chunk"));

  EXPECT_EQ(ErrorOf("error({code = 7})"), "(error object is a table value)");
  EXPECT_EQ(lua_.error().As<Table>()->Get<int>("code").value(), 7);
  EXPECT_EQ(lua_.Call("nosuch").message(), "attempt to call a nil value");
}

TEST_F(HostTest, BoundFunctionsCheckTheirArguments) {
  lua_.Bind("add", [](int a, double b) { return a + b; });
  lua_.Bind("count", [](Arguments all) { return all.size(); });
  lua_.Bind("maybe", [](std::optional<int> i) -> absl::StatusOr<std::tuple<int, std::string>> {
    if (!i) return absl::NotFoundError("nothing there");
    return std::make_tuple(*i, "found");
  });
  EXPECT_EQ(lua_.RunString<double>("return add(1, 2.5)").value(), 3.5);
  EXPECT_EQ(lua_.RunString<int>("return count(nil, nil)").value(), 2);
  EXPECT_EQ(lua_.RunString<std::string>("return select(2, maybe(1))").value(), "found");
  EXPECT_EQ(ErrorOf("add('1', 2)"), "test:1: bad argument #1 to 'add' (number expected, got string)");
  EXPECT_EQ(ErrorOf("add(1)"), "test:1: bad argument #2 to 'add' (number expected, got no value)");
  EXPECT_EQ(ErrorOf("add(1 << 40, 1)"), "test:1: bad argument #1 to 'add' (number out of range)");
  EXPECT_EQ(ErrorOf("\nmaybe()"), "test:2: nothing there");
}

TEST_F(HostTest, BoundFunctionsMayCallLua) {
  lua_.Bind("twice", [](Isolate& lua, Function f, Value x) -> absl::StatusOr<Value> {
    absl::StatusOr<Value> once = lua.Call<Value>(f, x);
    if (!once.ok()) return once;
    return lua.Call<Value>(f, *once);
  });
  EXPECT_EQ(lua_.RunString<int>("return twice(function(x) return x * 3 end, 5)").value(), 45);
  EXPECT_THAT(ErrorOf("twice(error, 'inner')"), HasSubstr("inner"));
}

struct Account {
  Account(std::string who, int64_t amount) : owner(std::move(who)), cents(amount) { ++alive; }
  Account(const Account& other) : owner(other.owner), limit(other.limit), cents(other.cents) { ++alive; }
  ~Account() { --alive; }
  absl::Status Deposit(int64_t n) {
    if (n <= 0) return absl::InvalidArgumentError("nothing to deposit");
    cents += n;
    return absl::OkStatus();
  }
  int64_t balance() const { return cents; }

  std::string owner;
  int limit = 3;
  int64_t cents;
  static inline int alive = 0;
};

void BindAccount(Isolate& lua) {
  lua.Class<Account>("Account")
      .Constructor<std::string, int64_t>()
      .Method("deposit", &Account::Deposit)
      .Method("transfer",
              [](Account& from, Account& to, int64_t n) {
                from.cents -= n;
                to.cents += n;
              })
      .Property("balance", &Account::balance)
      .Property("owner", &Account::owner)
      .Property("limit", &Account::limit)
      .Metamethod("__tostring", [](const Account& a) { return "account of " + a.owner; });
}

TEST_F(HostTest, ClassesHaveMethodsAndProperties) {
  BindAccount(lua_);
  ASSERT_TRUE(lua_.RunString("a, b = Account('Ada', 10), Account.new('Bob', 5)").ok());
  EXPECT_EQ(lua_.RunString<int>("a:deposit(5) a:transfer(b, 3) return a.balance").value(), 12);
  EXPECT_EQ(lua_.RunString<std::string>("a.owner = 'Eve' return tostring(a)").value(), "account of Eve");
  EXPECT_TRUE(lua_.RunString<bool>("return a == a and a ~= b and a.nope == nil").value());
  EXPECT_EQ(ErrorOf("a:deposit(0)"), "test:1: nothing to deposit");
  EXPECT_EQ(ErrorOf("a.balance = 3"), "test:1: property 'balance' is read-only");
  EXPECT_EQ(ErrorOf("a.colour = 3"), "test:1: no property 'colour' to assign to");
  EXPECT_EQ(ErrorOf("a.deposit()"), "test:1: bad argument #1 to 'deposit' (Account expected, got no value)");
  EXPECT_EQ(ErrorOf("a.deposit({}, 1)"), "test:1: bad argument #1 to 'deposit' (Account expected, got table)");
  EXPECT_EQ(ErrorOf("a:transfer({}, 1)"), "test:1: bad argument #1 to 'transfer' (Account expected, got table)");
}

TEST(HostLifetimeTest, ObjectsLiveAsLongAsSomethingRefersToThem) {
  Engine engine;
  auto shared = std::make_shared<Account>("host", 1);
  Value kept;
  {
    Isolate lua(engine);
    BindAccount(lua);
    ASSERT_TRUE(lua.RunString("for i = 1, 100 do Account('x', i) end").ok());
    Account local("local", 2);
    ASSERT_TRUE(lua.RunString("shared, pointer = nil").ok());
    ASSERT_TRUE(lua.globals().Set("shared", shared).ok());
    ASSERT_TRUE(lua.globals().Set("pointer", &local).ok());
    EXPECT_EQ(lua.RunString<int>("shared:deposit(4) return shared.balance + pointer.balance").value(), 7);
    EXPECT_EQ(shared.use_count(), 2);
    kept = *lua.NewValue("a string that the handle keeps");
  }
  EXPECT_EQ(Account::alive, 1);
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(HostTest, HandlesKeepValuesAlive) {
  const Value s = *lua_.RunString<Value>("return ('x'):rep(1000)");
  const Function f = *lua_.RunString<Function>("local n = 0 return function() n = n + 1 return n end");
  for (int i = 1; i <= 3; ++i) {
    (void)lua_.CollectGarbage();
    EXPECT_EQ(f.Call<int>().value(), i);
  }
  EXPECT_EQ(s.string_view(), std::string(1000, 'x'));
}

TEST_F(HostTest, TablesAreRanges) {
  Table t = *lua_.RunString<Table>("return setmetatable({10, 20, x = 'y'}, {__index = function(_, k) return k .. '!' end})");
  EXPECT_EQ(t.Get<std::string>("nope").value(), "nope!");
  EXPECT_TRUE(t.RawGet("nope")->is_nil());
  EXPECT_TRUE(t.Append(30).ok());
  std::vector<int64_t> elements;
  for (const Value& v : t.elements()) elements.push_back(*v.As<int64_t>());
  EXPECT_THAT(elements, ElementsAre(10, 20, 30));
  int entries = 0;
  for (const auto& [key, value] : t) {
    ++entries;
    if (key.is_string()) EXPECT_EQ(value.string_view(), "y");
  }
  EXPECT_EQ(entries, 4);
  EXPECT_EQ(t.RawSet(nullptr, 1).message(), "table index is nil");
}

// Nothing that a script does keeps it from being stopped, and the isolate works on.
TEST_F(HostTest, StoppedScriptsCatchNothing) {
  for (const char* source : {
           "while true do end",
           "while true do pcall(function() while true do end end) end",
           "local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end",
           "local function f() return f() end f()",
           "local t <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
           "setmetatable({}, {__gc = function() while true do end end}) collectgarbage() while true do end",
           "xpcall(function() while true do end end, function() while true do end end)",
           "table.sort({3, 2, 1}, function() while true do end end)",
           "('x'):gsub('x', function() repeat until false end)",
       }) {
    lua_.set_deadline(absl::Milliseconds(20));
    EXPECT_EQ(lua_.RunString(source).code(), absl::StatusCode::kDeadlineExceeded) << source;
    lua_.set_deadline(absl::InfiniteDuration());
    EXPECT_EQ(lua_.RunString<int>("return 1 + 1").value(), 2) << source;
  }
}

TEST_F(HostTest, InterruptComesFromAnyThread) {
  lua_.Bind("interrupt_me", [](Isolate& lua) { std::thread([&lua] { lua.Interrupt(); }).join(); });
  EXPECT_EQ(lua_.RunString("interrupt_me() while true do end").code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(lua_.RunString("return").ok());
  // One that comes early ends the next call.
  lua_.Interrupt();
  EXPECT_EQ(lua_.RunString("while true do end").code(), absl::StatusCode::kCancelled);
}

TEST(HostLibrariesTest, UntrustedCodeReachesNothing) {
  Engine engine;
  Isolate lua(engine, {.libraries = Libraries::Untrusted()});
  for (const char* name : {"io", "os", "require", "package", "debug", "load", "loadfile", "dofile", "collectgarbage"}) {
    EXPECT_TRUE(lua.Global(name)->is_nil()) << name;
  }
  EXPECT_EQ(lua.RunString<int>("return math.max(1, #string.rep('x', 3))").value(), 3);
}

TEST(HostMemoryTest, TheLimitIsAnErrorThatLeavesAUsableIsolate) {
  Engine engine;
  Isolate lua(engine, {.max_memory = size_t{8} << 20});
  for (const char* source : {
           "local t = {} for i = 1, math.huge do t[i] = {} end",
           "local s = 'x' while true do s = s .. s end",
           "return ('x'):rep(1 << 30)",
           "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
           "local function f() return f end local t = {} for i = 1, math.huge do t[i] = function() return t, i end end",
       }) {
    EXPECT_EQ(lua.RunString(source).ToString(absl::StatusToStringMode::kWithNoExtraData), "RESOURCE_EXHAUSTED: not enough memory") << source;
    EXPECT_EQ(lua.RunString<int>("return #('x'):rep(1000)").value(), 1000) << source;
  }
  EXPECT_EQ(lua.NewValue(std::string(size_t{20} << 20, 'x')).status().code(), absl::StatusCode::kResourceExhausted);
}

// Many isolates on many threads share one module, whose functions are compiled once.
TEST(HostThreadsTest, IsolatesShareCode) {
  constexpr int kThreads = 8, kIsolates = 1000;
  Engine engine({.budget_per_bytecode = 0, .min_budget = 1});  // the second call is hot
  const absl::StatusOr<Module> module = engine.Load(R"(
      local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
      function work() return fib(7) end)", "=shared");
  ASSERT_TRUE(module.ok());
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kIsolates; ++i) {
        Isolate lua(engine);
        for (int n = 0; n < 3; ++n) {
          ASSERT_TRUE(lua.Run(*module).ok());
          ASSERT_EQ(lua.Call<int>("work").value(), 13);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  engine.WaitForCompilation();
  const EngineStats stats = engine.stats();
  EXPECT_EQ(stats.modules, 1u);
  EXPECT_EQ(stats.functions, 3u);
  EXPECT_EQ(stats.functions_refused, 0u);
  EXPECT_EQ(stats.functions_compiled, stats.native_tier.starts_with("none") ? 0u : 3u) << stats.native_tier;
}

// With threads that acknowledge one by one, one in a host's function is waited for by nobody, and runs Lua code from there all the same.
TEST(HostThreadsTest, PublishersDoNotWaitForHostFunctions) {
  for (const CodeSync sync : {CodeSync::kEpoch, CodeSync::kSignal}) {
    Engine engine({.jit = Jit::kEager, .code_sync = sync});
    Isolate outside(engine);
    std::promise<void> entered, leave;
    outside.Bind("stay", [&](Isolate& lua, int64_t n) {
      if (n != 100) return n;
      entered.set_value();
      leave.get_future().wait();
      return *lua.RunString<int64_t>("local s = 0 for i = 1, 100 do s = s + i end return s // 50 - 1");  // 100
    });
    int64_t sum = 0;
    std::thread host([&] { sum = *outside.RunString<int64_t>("local s = 0 for i = 1, 200 do s = s + stay(i) end return s"); });
    entered.get_future().wait();
    const uint64_t before = engine.stats().functions_compiled;
    Isolate inside(engine);
    EXPECT_EQ(*inside.RunString<int64_t>("local function f(x) return x + 1 end local s = 0 for i = 1, 100 do s = f(s) end return s"), 100);
    const EngineStats stats = engine.stats();
    if (stats.native_tier.starts_with("none")) {
      EXPECT_EQ(stats.functions_compiled, 0u);
    } else {
      EXPECT_EQ(stats.functions_compiled, before + 2) << stats.native_tier;
    }
    leave.set_value();
    host.join();
    EXPECT_EQ(sum, 20100);
  }
}

}  // namespace
}  // namespace perilune
