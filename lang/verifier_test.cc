// Each rule of [DOC] Bytecode invariants rejects a Proto that only that rule forbids.

#include "lang/verifier.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "lang/bytecode.h"
#include "lang/compile_test_util.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

// A copy that tests may damage. Nested functions are copied, too.
Proto Copy(const Proto& proto) {
  Proto copy;
  copy.code = proto.code;
  copy.lines = proto.lines;
  copy.constants = proto.constants;
  for (const auto& child : proto.children)
    copy.children.push_back(std::make_unique<Proto>(Copy(*child)));
  copy.upvalues = proto.upvalues;
  copy.locals = proto.locals;
  copy.source = proto.source;
  copy.call_site_count = proto.call_site_count;
  copy.loop_count = proto.loop_count;
  copy.cell_count = proto.cell_count;
  copy.num_params = proto.num_params;
  copy.is_vararg = proto.is_vararg;
  copy.max_stack = proto.max_stack;
  return copy;
}

Proto Compiled(std::string_view source) { return Copy(*CompileOrDie(source)); }

// Where the first instruction `op` is.
size_t Find(const Proto& proto, Op op) {
  for (size_t pc = 0; pc < proto.code.size(); pc += InstructionWords(OpOf(proto.code[pc]))) {
    if (OpOf(proto.code[pc]) == op) return pc;
  }
  ADD_FAILURE() << "no " << OpName(op);
  return 0;
}

// Changes operands of the first instruction of their kind.
template <typename Operands, typename Change>
Proto Damaged(std::string_view source, Change change) {
  Proto proto = Compiled(source);
  const size_t pc = Find(proto, Operands::kOp);
  Operands operands = Operands::Decode(&proto.code[pc]);
  change(operands);
  operands.Encode(&proto.code[pc]);
  return proto;
}

void ExpectRejected(const Proto& proto, std::string_view problem) {
  const absl::Status status = Verify(proto);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_NE(std::string(status.message()).find(problem), std::string::npos)
      << status << "\nexpected: " << problem;
}

template <typename Operands, typename Change>
void ExpectRejected(std::string_view source, std::string_view problem, Change change) {
  ExpectRejected(Damaged<Operands>(source, change), problem);
}

TEST(VerifierTest, Operands) {
  ExpectRejected<MoveOperands>("local a = 1; local b = a", "dst=9 is out of bounds",
                               [](auto& o) { o.dst = 9; });
  ExpectRejected<MoveOperands>("local a = 1; local b = a", "src=9 is out of bounds",
                               [](auto& o) { o.src = 9; });
  ExpectRejected<GetTabUpOperands>("x = y", "env=1 is out of bounds", [](auto& o) { o.env = 1; });
  ExpectRejected<GetTabUpOperands>("x = y", "key=2 is out of bounds", [](auto& o) { o.key = 2; });
  ExpectRejected<LoadKOperands>("x = 'a'", "k=2 is out of bounds", [](auto& o) { o.k = 2; });
  ExpectRejected<ClosureOperands>("x = function() end", "child=1 is out of bounds",
                                  [](auto& o) { o.child = 1; });
  ExpectRejected<LoopJumpOperands>("while x do end", "loop=1 is out of bounds",
                                   [](auto& o) { o.loop = 1; });
  ExpectRejected<CallOperands>("f()", "site=1 is out of bounds", [](auto& o) { o.site = 1; });
  ExpectRejected<CallOperands>("f() f()", "call site used twice", [](auto& o) { o.site = 1; });
  ExpectRejected<TestOperands>("if x then y() end", "when=2 is out of bounds",
                               [](auto& o) { o.when = 2; });
  ExpectRejected<ReturnOperands>("return", "flags=7 is out of bounds",
                                 [](auto& o) { o.flags = 7; });
  EXPECT_TRUE(
      Verify(Damaged<LoopJumpOperands>("while x do end", [](auto& o) { o.loop = kNoLoop; })).ok());
}

TEST(VerifierTest, UnusedColumns) {
  Proto proto = Compiled("local a = 1; local b = a");
  proto.code[Find(proto, Op::kMove)] |= Word{1} << 24;
  ExpectRejected(proto, "unused column is not zero");
}

TEST(VerifierTest, ConstantTypes) {
  Proto proto = Compiled("local a = x; local b = a + 1; local c = a < 2; local d = a == 'y'");
  proto.constants[GetTabUpOperands::Decode(&proto.code[Find(proto, Op::kGetTabUp)]).key] =
      int64_t{1};
  ExpectRejected(proto, "key is not a string");
  proto = Compiled("local a; local b = a + 1");
  proto.constants[0] = "1";
  ExpectRejected(proto, "constant is not a number");
  proto = Compiled("local a; local b = a < 1");
  proto.constants[0] = true;
  ExpectRejected(proto, "constant is not a number");
  proto = Compiled("local a; local b = a == 1");
  proto.constants[0] = std::monostate();
  EXPECT_TRUE(Verify(proto).ok());
}

TEST(VerifierTest, Instructions) {
  Proto proto = Compiled("x = y");
  proto.code[0] = static_cast<Word>(kOpCount);
  ExpectRejected(proto, "unknown op");

  proto = Compiled("f()");
  proto.code.resize(Find(proto, Op::kCall) + 1);
  proto.lines.resize(proto.code.size());
  ExpectRejected(proto, "incomplete");

  proto = Compiled("x = y");
  proto.code.pop_back();
  proto.lines.pop_back();
  ExpectRejected(proto, "control runs off the end");

  proto = Compiled("x = y");
  proto.code.clear();
  proto.lines.clear();
  ExpectRejected(proto, "no code");
}

TEST(VerifierTest, Targets) {
  constexpr std::string_view kIf = "local a; if a then f() end";
  ExpectRejected<TestOperands>(kIf, "target is not an instruction",
                               [](auto& o) { o.target = 100; });
  ExpectRejected<TestOperands>(kIf, "target is not an instruction",
                               [](auto& o) { o.target = -100; });
  ExpectRejected<TestOperands>(kIf, "target is not an instruction",
                               [](auto& o) { o.target = 3; });  // inside the call
  ExpectRejected<TestOperands>(kIf, "wrong direction", [](auto& o) { o.target = -2; });
  ExpectRejected<LoopJumpOperands>("while x do end", "wrong direction",
                                   [](auto& o) { o.target = 0; });
}

TEST(VerifierTest, Cells) {
  ExpectRejected<GetTabUpOperands>("x = y", "cell=2 is out of bounds", [](auto& o) { o.cell = 2; });
  ExpectRejected<NewTableOperands>("local a = {}", "cell=1 is out of bounds", [](auto& o) { o.cell = 1; });
  ExpectRejected<GetTabUpOperands>("x = y", "cell used twice", [](auto& o) { o.cell = 1; });
  Proto proto = Damaged<NewTableOperands>("local a = {}", [](auto& o) { o.cell = kNoCell; });
  EXPECT_TRUE(Verify(proto).ok());
}

TEST(VerifierTest, RegisterGroups) {
  constexpr std::string_view kBeyond = "uses registers beyond max_stack";
  ExpectRejected<LoadNilOperands>("local a, b", kBeyond, [](auto& o) { o.count = 3; });
  ExpectRejected<LoadNilOperands>("local a, b", "count is 0", [](auto& o) { o.count = 0; });
  ExpectRejected<ConcatOperands>("local a; a = a .. a", kBeyond, [](auto& o) { o.count = 3; });
  ExpectRejected<ConcatOperands>("local a; a = a .. a", "count is below 2",
                                 [](auto& o) { o.count = 1; });
  ExpectRejected<SetListOperands>("local a = {1}", kBeyond, [](auto& o) { o.count = 3; });
  ExpectRejected<SelfOperands>("local a; a:b()", kBeyond, [](auto& o) { o.dst = 2; });
  ExpectRejected<CallOperands>("f(1)", kBeyond, [](auto& o) { o.args = 3; });
  ExpectRejected<CallOperands>("f()", kBeyond,
                               [](auto& o) { o.func = 1; });  // no place for the link
  ExpectRejected<CallOperands>("f()", kBeyond, [](auto& o) { o.results = 4; });
  ExpectRejected<TailCallOperands>("return f(1)", kBeyond, [](auto& o) { o.args = 3; });
  ExpectRejected<ReturnOperands>("return 1, 2", kBeyond, [](auto& o) { o.count = 4; });
  ExpectRejected<VarargOperands>("local a, b = ...", kBeyond, [](auto& o) { o.count = 4; });
  ExpectRejected<ForPrepOperands>("for i = 1, 2 do end", kBeyond, [](auto& o) { o.base = 1; });
  ExpectRejected<NewTableOperands>("local a = {}", "hash_bits is too large",
                                   [](auto& o) { o.size = ~0u; });
  // A generic loop needs room for the iterator's call, even with one variable.
  Proto proto = Compiled("for k in f do end");
  EXPECT_EQ(proto.max_stack, 8);
  proto.max_stack = 7;
  ExpectRejected(proto, kBeyond);
}

TEST(VerifierTest, Top) {
  ExpectRejected<CallOperands>("f(g())", "uses a top that is not set", [](auto& o) { o.args = 0; });
  ExpectRejected<ReturnOperands>("return 1, 2", "uses a top that is not set",
                                 [](auto& o) { o.count = 0; });
  ExpectRejected<CallOperands>("f() g()", "sets the top, but", [](auto& o) { o.results = 0; });
  ExpectRejected<VarargOperands>("local a = ...", "sets the top, but",
                                 [](auto& o) { o.count = 0; });
  ExpectRejected<ReturnOperands>("return ...", "set below its values",
                                 [](auto& o) { o.first = 1; });
  // A jump to the instruction that uses the top.
  Proto proto = Compiled("local a; if a then a = 1 end return ...");
  const size_t test = Find(proto, Op::kTest);
  proto.code[test + 1] = static_cast<Word>(Find(proto, Op::kReturn) - (test + 2));
  ExpectRejected(proto, "uses a top that is not set");
}

TEST(VerifierTest, Loops) {
  constexpr std::string_view kNumeric = "for i = 1, 2 do f() end g()";
  ExpectRejected<ForPrepOperands>(kNumeric, "no matching ForLoop", [](auto& o) { o.exit -= 2; });
  ExpectRejected<ForLoopOperands>(kNumeric, "no matching ForLoop", [](auto& o) { o.body += 2; });
  constexpr std::string_view kGeneric = "local a; for k in f do g() end";
  ExpectRejected<TForPrepOperands>(kGeneric, "no matching TForCall", [](auto& o) { o.call += 2; });
  ExpectRejected<TForCallOperands>(kGeneric, "no matching TForCall", [](auto& o) { o.base -= 1; });
  ExpectRejected<TForLoopOperands>(kGeneric, "no matching TForLoop", [](auto& o) { o.base -= 1; });
  ExpectRejected<TForLoopOperands>(kGeneric, "no matching TForPrep", [](auto& o) { o.body += 2; });
  ExpectRejected<TForCallOperands>(kGeneric, "results is 0", [](auto& o) { o.results = 0; });
}

TEST(VerifierTest, Returns) {
  ExpectRejected<ReturnOperands>("return", "kVarargFlag", [](auto& o) { o.flags = 0; });
  ExpectRejected<TailCallOperands>("return f()", "kVarargFlag",
                                   [](auto& o) { o.flags = kCloseFlag; });
  Proto proto = Compiled("local function f() return 1 end");
  proto.children[0]->is_vararg = true;
  ExpectRejected(proto, "in a vararg function");
  proto = Compiled("return ...");
  proto.is_vararg = false;
  ExpectRejected(proto, "function is not vararg");
}

TEST(VerifierTest, Header) {
  Proto proto = Compiled("x = y");
  proto.lines.pop_back();
  ExpectRejected(proto, "lines do not match code");
  proto = Compiled("x = y");
  proto.max_stack = 1;
  ExpectRejected(proto, "max_stack below 2");
  proto = Compiled("x = y");
  proto.num_params = 3;
  ExpectRejected(proto, "parameters beyond max_stack");
  proto = Compiled("x = y");
  proto.source = nullptr;
  ExpectRejected(proto, "no source name");
  proto = Compiled("local a; local function f() return a, x end");
  proto.children[0]->upvalues[0].index = 77;
  ExpectRejected(proto, "child's upvalue 'a' does not exist");
  proto.children[0]->upvalues[0].index = 0;
  proto.children[0]->upvalues[1].index = 1;
  ExpectRejected(proto, "child's upvalue '_ENV' does not exist");
  proto.children[0] = nullptr;
  ExpectRejected(proto, "missing child");
}

TEST(VerifierTest, DebugInformation) {
  Proto proto = Compiled("local a = 1; local b = 2");
  proto.locals[0].reg = 5;
  ExpectRejected(proto, "local beyond max_stack");
  proto = Compiled("local a = 1; local b = 2");
  proto.locals[0].end_pc = 50;
  ExpectRejected(proto, "local outside the code");
  proto = Compiled("local a = 1; local b = 2");
  std::swap(proto.locals[0], proto.locals[1]);
  ExpectRejected(proto, "locals out of order");
}

TEST(VerifierTest, NestedFunctions) {
  Proto proto = Compiled("local function f() local a = 1; return a end");
  proto.children[0]->code[0] |= Word{200} << 8;
  ExpectRejected(proto, "function at line");
}

}  // namespace
}  // namespace perilune::lang
