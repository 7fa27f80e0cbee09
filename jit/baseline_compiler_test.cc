// What the compiler's parts have no tests of: its options. Machine code itself is tested by tests/overlay and tests/golden.

#include "jit/baseline_compiler.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "jit/stubs.h"
#include "lang/bytecode.h"
#include "lang/proto.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm::jit {
namespace {

constexpr const char* kSource = R"(
local t, s = {}, 0
for i = 1, 10 do
  t[i] = i * 2
  s = s + t[i]
end
return function(x) return x.field, s, #x, tostring(x) .. s end
)";

std::vector<uint32_t> WordsOf(const CompiledCode& code) { return {code.words.begin(), code.words.end()}; }

TEST(BaselineCompilerTest, PcMapIsMadeByCompilingAgain) {
  Engine engine;
  const absl::StatusOr<std::shared_ptr<Module>> module = engine.Load(kSource, "=source");
  ASSERT_TRUE(module.ok()) << module.status();
  const StubAddresses stubs = StubAddresses::Symbolic();
  BaselineCompiler compiler;
  for (const auto& function : (*module)->functions()) {
    absl::StatusOr<CompiledCode> code = compiler.Compile(*function, stubs, {});
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_TRUE(code->pc_map.Entries().empty());
    const std::vector<uint32_t> words = WordsOf(*code);

    code = compiler.Compile(*function, stubs, {.pc_map = true});
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(WordsOf(*code), words);
    const std::vector<lang::Word>& bytecode = function->proto->code;
    std::optional<uint32_t> before;
    for (uint32_t pc = 0; pc < bytecode.size(); pc += lang::InstructionWords(lang::OpOf(bytecode[pc]))) {
      const std::optional<uint32_t> at = code->pc_map.NativeOf(pc);
      if (!at.has_value()) continue;  // no code of its own
      EXPECT_EQ(code->pc_map.BytecodeAt(*at), pc);
      if (before.has_value()) EXPECT_GT(*at, *before) << "hot paths are in order";
      before = at;
    }
    EXPECT_TRUE(before.has_value());
    for (const PcMap::Entry& entry : code->pc_map.Entries()) EXPECT_LT(entry.native_offset, code->literals);
  }
}

}  // namespace
}  // namespace perilune::vm::jit
