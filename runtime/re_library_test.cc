// What hosts see of the `re` library: limits, interruption, memory. What scripts see is tested in tests/library/re.

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/library.h"
#include "runtime/load.h"
#include "runtime/native.h"

namespace perilune::vm {
namespace {

class ReLibraryTest : public testing::Test {
 protected:
  ReLibraryTest() { OpenLibraries(vm_); }

  // The script's result, or its error, as a string.
  std::string Run(std::string_view source) {
    const auto main = Load(vm_, source, "=test", Value::Of(vm_.globals()));
    if (!main.ok()) return std::string(main.status().message());
    Value result;
    if (!vm_.Call(Value::Of(*main), {}, &result)) result = vm_.error;
    String* text;
    return vm_.ToDisplayString(result, &text) ? std::string(text->view()) : "no string";
  }

  Engine engine_;
  Isolate vm_{engine_};
};

TEST_F(ReLibraryTest, HasDefaultLimits) {
  EXPECT_EQ(Run("return require('re').cache_size()"), "64");
  EXPECT_EQ(Run("return require('re').compile('(a)', {max_mem = 8 << 20}):match('a')"), "a");
}

TEST_F(ReLibraryTest, HostSetsLimits) {
  OpenRe(vm_, {.max_mem = 20000, .max_pattern_length = 100, .cache_size = 3, .max_cache_size = 5});
  EXPECT_EQ(Run("return require('re').cache_size(5)"), "3");
  EXPECT_EQ(Run("return require('re').cache_size(6)"), "test:1: bad argument #1 to 'cache_size' (must be from 0 to 5)");
  EXPECT_EQ(Run("return require('re').test('a', ('a'):rep(101))"), "test:1: bad pattern: longer than 100 bytes");
  EXPECT_EQ(Run("return require('re').test('a', '\\\\pL{1000}')"), "test:1: bad pattern: too large for max_mem = 20000 bytes");
  EXPECT_EQ(Run("return require('re').compile('a', {max_mem = 20001})"),
            "test:1: bad argument #2 to 'compile' (option 'max_mem' is beyond the limit of 20000 bytes)");
  EXPECT_EQ(Run("return require('re').match('abc', 'b.')"), "bc");
}

TEST_F(ReLibraryTest, IsInterruptedBetweenMatches) {
  const NativeFn interrupt = [](NativeFrame& f) {
    f.vm.RequestPoll(kPollInterrupt);
    return f.Return();
  };
  vm_.globals()->SetString(vm_.heap(), vm_.NewString("interrupt"), Value::Of(vm_.NewNative("interrupt", interrupt)));
  EXPECT_EQ(Run("return require('re').gsub('aaaa', 'a', interrupt)"), "test:1: interrupted!");
  EXPECT_EQ(Run("return require('re').gsub('aaaa', 'a', 'b')"), "bbbb");
}

TEST_F(ReLibraryTest, PatternsCountAsMemoryWhileTheyLive) {
  EXPECT_EQ(Run("re = require 're'; kept = {}"), "nil");
  vm_.CollectGarbage();
  const size_t before = vm_.heap().bytes_in_use();
  EXPECT_EQ(Run("for i = 1, 100 do kept[i] = re.compile('a{500}' .. i) end"), "nil");
  EXPECT_GT(vm_.heap().bytes_in_use(), before + 100 * 500 * 16);
  EXPECT_EQ(Run("kept = nil"), "nil");
  vm_.CollectGarbage();
  EXPECT_LT(vm_.heap().bytes_in_use(), before + 100 * 500);
}

}  // namespace
}  // namespace perilune::vm
