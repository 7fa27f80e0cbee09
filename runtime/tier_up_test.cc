// Tier-up with a native tier whose "machine code" is the interpreter: budgets, records and the first call through a new target, on any machine.

#include "runtime/tier_up.h"

#include <memory>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/monotonic_clock.h"
#include "runtime/native_tier.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {
namespace {

// Compiles nothing until told to; what it then installs is entered like machine code.
class FakeTier final : public NativeTier {
 public:
  void Request(const std::shared_ptr<Module>&, ProtoSlots* function) override { requests.push_back(function); }
  void Drain() override {}

  void Install(ProtoSlots& function) {
    auto target = std::make_unique<CallTarget>(CallTarget{&function, reinterpret_cast<const void*>(&EnterInterpreter), nullptr, Tier::kNative});
    auto first = std::make_unique<CallTarget>(*target);
    first->entry = reinterpret_cast<const void*>(&EnterMachineCodeFirst);
    first->next = target.get();
    for (int stage = 1; stage <= static_cast<int>(TierStage::kInstalled); ++stage) {
      function.tier_record.Mark(static_cast<TierStage>(stage), MonotonicNs());
    }
    function.target = first.get();
    function.state = CompileState::kCompiled;
    targets.push_back(std::move(target));
    targets.push_back(std::move(first));
  }

  std::vector<ProtoSlots*> requests;
  std::vector<std::unique_ptr<CallTarget>> targets;
};

class TierUpTest : public ::testing::Test {
 protected:
  // Runs a chunk that ends with `return f`, and gives that function.
  LuaFunction* Define(std::string_view source) {
    auto module = engine_.Load(source, "=test");
    EXPECT_TRUE(module.ok()) << module.status();
    Value f;
    EXPECT_TRUE(vm_.Call(Value::Of(vm_.NewMainFunction(*module, Value::Of(vm_.globals()))), {}, &f));
    return f.lua_function();
  }
  void CallTimes(LuaFunction* f, int n) {
    for (int i = 0; i < n; ++i) {
      Value result;
      ASSERT_TRUE(vm_.Call(Value::Of(f), {}, &result));
      ASSERT_EQ(result.integer, 42);
    }
  }

  FakeTier tier_;
  Engine engine_{Tuning{.words_factor = 0, .min_budget = 10 * kCallCost}};
  struct SetTier {
    SetTier(Engine& engine, FakeTier* tier) { engine.set_native_tier(tier); }
  } set_tier_{engine_, &tier_};
  Isolate vm_{engine_};
};

TEST_F(TierUpTest, BudgetRunsOutOnce) {
  LuaFunction* f = Define("return function() return 42 end");
  TierUpState s = InspectTierUp(engine_, *f);
  EXPECT_EQ(s.budget, 40);
  EXPECT_EQ(s.budget_left, 40);
  EXPECT_EQ(s.state, CompileState::kCold);
  EXPECT_FALSE(s.times.reached(TierStage::kHot));

  CallTimes(f, 10);
  s = InspectTierUp(engine_, *f);
  EXPECT_EQ(s.interpreted_calls, 10u);
  EXPECT_EQ(s.budget_left, 0);
  EXPECT_TRUE(tier_.requests.empty());

  CallTimes(f, 1);
  ASSERT_EQ(tier_.requests.size(), 1u);
  EXPECT_EQ(tier_.requests[0], f->slots);
  s = InspectTierUp(engine_, *f);
  EXPECT_EQ(s.state, CompileState::kQueued);
  EXPECT_FALSE(s.budget_left.has_value());
  EXPECT_GE(s.times[TierStage::kHot], engine_.started_ns());
  EXPECT_FALSE(s.times.reached(TierStage::kStarted));

  CallTimes(f, 1000);
  EXPECT_EQ(tier_.requests.size(), 1u);
}

TEST_F(TierUpTest, FirstCallIsNotedAndThenNothingStandsBetween) {
  LuaFunction* f = Define("return function() return 42 end");
  CallTimes(f, 11);
  tier_.Install(*f->slots);
  TierUpState s = InspectTierUp(engine_, *f);
  EXPECT_EQ(s.tier, Tier::kNative);
  EXPECT_TRUE(s.times.reached(TierStage::kInstalled));
  EXPECT_FALSE(s.times.reached(TierStage::kUsed));
  EXPECT_EQ(f->slots->target.load(), tier_.targets[1].get());

  CallTimes(f, 1);
  s = InspectTierUp(engine_, *f);
  EXPECT_GE(s.times[TierStage::kUsed], s.times[TierStage::kInstalled]);
  EXPECT_EQ(s.times.Between(TierStage::kHot, TierStage::kUsed), s.times[TierStage::kUsed] - s.times[TierStage::kHot]);
  EXPECT_EQ(f->slots->target.load(), tier_.targets[0].get());

  CallTimes(f, 100);
  EXPECT_EQ(InspectTierUp(engine_, *f).times[TierStage::kUsed], s.times[TierStage::kUsed]);
}

// A target that is replaced by another than its successor, as when code is taken away, stays replaced.
TEST_F(TierUpTest, FirstCallKeepsAnotherTarget) {
  LuaFunction* f = Define("return function() return 42 end");
  tier_.Install(*f->slots);
  f->slots->target = &f->slots->interpreter;
  EXPECT_EQ(FirstCall(*f->slots), &f->slots->interpreter);
  EXPECT_EQ(f->slots->target.load(), &f->slots->interpreter);
}

TEST(TierRecordTest, StagesAndANewBeginning) {
  TierRecord record;
  EXPECT_FALSE(record.times().reached(TierStage::kHot));
  record.Begin();
  const uint64_t hot = record.times()[TierStage::kHot];
  record.Mark(TierStage::kStarted, hot + 5);
  record.Mark(TierStage::kCompiled, hot + 12);
  const TierTimes times = record.times();
  EXPECT_EQ(times.Took(TierStage::kStarted), 5u);
  EXPECT_EQ(times.Took(TierStage::kCompiled), 7u);
  EXPECT_EQ(times.Took(TierStage::kCopied), 0u);
  EXPECT_EQ(times.Between(TierStage::kHot, TierStage::kCompiled), 12u);
  record.MarkUsed();
  EXPECT_TRUE(record.times().reached(TierStage::kUsed));
  record.Begin();
  EXPECT_FALSE(record.times().reached(TierStage::kStarted));
  EXPECT_FALSE(record.times().reached(TierStage::kUsed));
  EXPECT_GE(record.times()[TierStage::kHot], hot);
}

}  // namespace
}  // namespace perilune::vm
