// The overlay law: what an op means stands once, in its semantic function; the interpreter's handler and the machine code template must agree with it.
//
// Each case is a snippet that compiles to certain ops. It runs over a grid of edge values three times: interpreted by semantic functions alone, by
// the interpreter with its overlays, and as machine code compiled at the first call (where that runs). The three logs, of values bit by bit and
// error messages, must be equal. A last test makes sure that no op is missing from the cases.

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "jit/baseline_tier.h"
#include "jit/code_publisher.h"
#include "lang/bytecode.h"
#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/library.h"
#include "runtime/load.h"

namespace perilune::vm {
namespace {

// Functions of two arguments; the grid supplies them.
constexpr const char* kBinary[] = {"+", "-", "*", "%", "^", "/", "//", "&", "|", "~", "<<", ">>", "..",
                                   "==", "~=", "<", "<=", ">", ">="};
// Constant operands: small and large, of both kinds, and those that have templates of their own.
constexpr const char* kConstants[] = {"0", "1", "2", "-1", "3", "63", "64", "5000", "9007199254740993", "0.5", "2.0", "-0.0", "1e300"};
// What else each op can meet.
constexpr const char* kOther[] = {
    "return -a", "return ~a", "return not a", "return #a", "return a and b", "return a or b", "return not a == b",
    "local x = a; local y = x; x = b; return x, y",
    "local x, y, z; return x, y, z", "return true, false, nil", "return 7, -7, 70000, 1.0, -3.0, 1e100, 'k', ('k'):rep(50)",
    "local t = {a, b; n = a}; return t[1], t[2], t.n, t.m, #t",
    "local t = {}; t[1] = a; t[2] = b; t[3] = 'x'; return t[1], t[2], t[3], t[4], t[0]",
    "local t = {1, 2, 3}; t[a] = b; return t[1], t[2], t[3], t[a]",
    "local t = {x = 1}; t.x = a; t.y = b; return t.x, t.y, t.z",
    "return a[b]", "a[b] = 1; return a[b]", "return a.x", "a.x = b; return a.x", "return a[1]", "a[1] = b; return a[1]", "a[200] = b; return a[200]",
    "return a:x(b)", "return a(b)", "return (a(b))", "local r = {a(b)}; return #r, r[1]",
    "G = a; local g = G; G = nil; return g, G",
    "local u = a; local function f() return u end; local function s(v) u = v end; s(b); return f(), u",
    "local fs = {}; for i = 1, 3 do fs[i] = function() i = i + 1; return i end end; return fs[1](), fs[1](), fs[2]()",
    "local n = 0; for i = a, b do n = n + 1; if n > 5 then break end end; return n",
    "local n, l = 0; for i = 1, b do n = n + 1; l = i; if n > 5 then break end end; return n, l",
    "local n, l = 0; for i = a, 10, 3 do n = n + 1; l = i; if n > 5 then break end end; return n, l",
    "local n, l = 0; for i = 5, a, -1 do n = n + 1; l = i; if n > 7 then break end end; return n, l",
    "local n = 0; for i = 1, 3, b do n = n + 1; if n > 5 then break end end; return n",
    "local n = 0; for i = 1.0, 3 do n = n + i end; return n",
    "local n = 0; for i = 1, 4 do local j = i; i = a; n = n + j end; return n",
    "local s = ''; for k, v in pairs({a, b, 3}) do s = s .. k end; return s",
    "local s = 0; for i, v in ipairs({1, 2, 3}) do s = s + v end; return s",
    "local s = 0; for x in function(_, c) if c < 3 then return c + 1 end end, nil, 0 do s = s + x end; return s",
    "for k in a do return k end", "for k in next, a do return true end",
    "local i = 0; while i < 10 do i = i + 1; if i == 5 then goto out end end ::out:: return i",
    "local i = 0; repeat local j = i; i = i + 1 until j >= 5; return i",
    "local i = 10; ::top:: i = i - 1; if i > 3 then goto top end; return i",
    "local function f(...) return select('#', ...), ... end; return f(a, b, nil)",
    "local function f(x, ...) local y, z = ...; return x, y, z end; return f(a, b)",
    "local function f(...) local t = {...}; return #t, (...) end; return f(a, b, 3)",
    "local function f(x, y, z) return z, y, x end; return f(a), f(a, b), f(a, b, 3), f(1, 2, 3, 4)",
    "local function f() end; local x, y = f(); return x, y, (f())",
    "local function f(n) if n == 0 then return a end; return f(n - 1) end; return f(300)",
    "local function f(n) if n == 0 then return 0 end; return 1 + f(n - 1) end; return f(300)",
    "local function f() return 1, 2, 3, 4, 5, 6 end; local p, q, r = f(); return p, q, r, f()",
    "return pcall(error, a)", "return pcall(function() local x <close> = b; return a end)",
    "local log = ''; do local x <close> = setmetatable({}, {__close = function() log = log .. 'c' end}); log = log .. 'b' end; return log",
    "local log = ''; local function f() local x <close> = setmetatable({}, {__close = function() log = log .. 'c' end}); return a end; return f(), log",
    "return a == nil, a == true, a == false, a == 1, a == 1.5, a == 'abc', a == ('x'):rep(60), a ~= 0",
    "if a then return 1 elseif b then return 2 else return 3 end", "return a < b and 'lt' or a == b and 'eq' or 'other'",
    "local x = 1; x = x + 1; x = x * 2.5; x = x - a; return x",
    "local x = 2; return x + a, x * b, a - x, x // a, x % b", "local x = 2.5; return x + a, x * b, a - x, x / a, x < a, a <= x",
    "local s = 0; for i = 1, 20 do s = s + i * 2; if i % 3 == 0 then s = s - a end end; return s",
};

// Runs in Lua: applies f to the grid and logs results so that different bits give different text.
constexpr const char* kDriver = R"(
local meta = {}
for _, event in ipairs {"add", "sub", "mul", "mod", "pow", "div", "idiv", "band", "bor", "bxor", "shl", "shr", "concat", "unm", "bnot",
                        "index", "call", "len"} do
  meta["__" .. event] = function(p, q) return event end
end
meta.__eq = function() return true end
meta.__lt = function() return true end
meta.__le = function() return false end
meta.__newindex = function(t, k, v) rawset(t, "set", true) end
local function grid()
  return {nil, true, false, 0, 1, -1, 2, 3, 63, 64, -64, 100, 5000, math.maxinteger, math.mininteger, 2^53, (2^53 + 1) // 1, 9007199254740993,
          0.0, -0.0, 0.5, -1.5, 2.0, 3.0, 1e308, -1e308, 1/0, -1/0, 0/0, 2^63, -2^63, "", "abc", "10", "0x10", "1e1", ("long"):rep(20),
          {}, {10, 20, 30, x = "field"}, setmetatable({}, meta), setmetatable({}, {__index = {x = 5, [1] = 6}}), print,
          function(v) return v, v end, n = 43}
end
local values = grid()
local function show(v)
  local t = math.type(v)
  if t == "float" then return string.format("%a", v) elseif t then return t .. v end
  if type(v) == "string" then return "'" .. v .. "'" end
  if type(v) == "table" or type(v) == "function" then
    for i = 1, values.n do if rawequal(values[i], v) then return type(v) .. i end end
    return type(v)
  end
  return tostring(v)
end
local log = {}
local function record(...)
  local r = {}
  for i = 1, select("#", ...) do r[i] = show((select(i, ...))) end
  log[#log + 1] = table.concat(r, " ")
end
for i = 1, values.n do
  for j = 1, values.n, STRIDE do
    values = grid()
    record(i, j, pcall(f, values[i], values[j]))
  end
end
return table.concat(log, "\n")
)";

enum class Kind { kSemantics, kInterpreter, kMachineCode };

std::string Run(Kind kind, const std::string& body, int stride) {
  const std::string source = "local function f(a, b)\n" + body + "\nend\nlocal STRIDE = " + std::to_string(stride) + "\n" + kDriver;
  Tuning tuning;
  tuning.semantics_only = kind == Kind::kSemantics;
  tuning.compile_at_first_call = kind == Kind::kMachineCode;
  std::unique_ptr<jit::BaselineTier> tier;
  Engine engine(tuning);
  if (kind == Kind::kMachineCode) {
    auto created = jit::BaselineTier::Create({.background = false});
    EXPECT_TRUE(created.ok()) << created.status();
    if (!created.ok()) return "";
    tier = *std::move(created);
    engine.set_native_tier(tier.get());
  }
  Isolate vm(engine);
  OpenLibraries(vm);
  auto function = Load(vm, source, "=case", Value::Of(vm.globals()));
  EXPECT_TRUE(function.ok()) << function.status() << "\n" << source;
  if (!function.ok()) return "";
  Value log;
  const bool ok = vm.Call(Value::Of(*function), {}, &log);
  EXPECT_TRUE(ok) << (vm.error.IsString() ? vm.error.string()->view() : "no message");
  if (tier != nullptr) {
    EXPECT_GT(tier->stats().compiled, 0u);
    EXPECT_EQ(tier->stats().refused, 0u);
  }
  return ok && log.IsString() ? std::string(log.string()->view()) : "";
}

bool MachineCodeRuns() { return jit::NativeCacheMaintenance() != nullptr; }

// The first line in which two logs differ.
std::string Difference(const std::string& a, const std::string& b) {
  size_t line = 0, i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) {
    if (a[i] == '\n') line = i + 1;
    ++i;
  }
  return a.substr(line, a.find('\n', line) - line) + "\nversus\n" + b.substr(line, b.find('\n', line) - line);
}

void ExpectAgreement(const std::string& body, int stride) {
  SCOPED_TRACE(body);
  const std::string meaning = Run(Kind::kSemantics, body, stride);
  ASSERT_FALSE(meaning.empty());
  const std::string interpreted = Run(Kind::kInterpreter, body, stride);
  EXPECT_TRUE(interpreted == meaning) << "interpreter: " << Difference(interpreted, meaning);
  if (!MachineCodeRuns()) return;
  const std::string native = Run(Kind::kMachineCode, body, stride);
  EXPECT_TRUE(native == meaning) << "machine code: " << Difference(native, meaning);
}

std::vector<std::string> BinaryBodies(const std::string& op) {
  std::vector<std::string> bodies;
  // A result, a branch on it, and in place.
  bodies.push_back("local r = a " + op + " b; return r");
  bodies.push_back("if a " + op + " b then return 1 else return 2 end");
  bodies.push_back("if not (a " + op + " b) then return 1 else return 2 end");
  bodies.push_back("a = a " + op + " b; return a");
  bodies.push_back("return a " + op + " a");
  return bodies;
}

std::vector<std::string> ConstantBodies(const std::string& op) {
  std::vector<std::string> bodies;
  for (const char* k : kConstants) {
    const std::string constant(k);
    bodies.push_back("local r = a " + op + " " + constant + "; return r");
    bodies.push_back("local r = " + constant + " " + op + " a; return r");
    bodies.push_back("if a " + op + " " + constant + " then return 1 else return 2 end");
    bodies.push_back("local k = " + constant + "; if k " + op + " a then return a " + op + " k else return k " + op + " a end");
  }
  return bodies;
}

class BinaryOps : public testing::TestWithParam<const char*> {};
TEST_P(BinaryOps, Registers) {
  for (const std::string& body : BinaryBodies(GetParam())) ExpectAgreement(body, 1);
}
TEST_P(BinaryOps, Constants) {
  // The second argument is not used: one column of the grid is enough.
  for (const std::string& body : ConstantBodies(GetParam())) ExpectAgreement(body, 43);
}
INSTANTIATE_TEST_SUITE_P(All, BinaryOps, testing::ValuesIn(kBinary));

TEST(OverlayLaw, OtherOps) {
  for (const char* body : kOther) ExpectAgreement(body, 1);
}

void CollectOps(const lang::Proto& proto, std::bitset<lang::kOpCount>& seen) {
  for (size_t pc = 0; pc < proto.code.size(); pc += lang::InstructionWords(lang::OpOf(proto.code[pc]))) {
    seen.set(static_cast<size_t>(lang::OpOf(proto.code[pc])));
  }
  for (const auto& child : proto.children) CollectOps(*child, seen);
}

TEST(OverlayLaw, CasesCoverEveryOp) {
  std::vector<std::string> bodies(std::begin(kOther), std::end(kOther));
  for (const char* op : kBinary) {
    for (const std::string& body : BinaryBodies(op)) bodies.push_back(body);
    for (const std::string& body : ConstantBodies(op)) bodies.push_back(body);
  }
  Engine engine;
  std::bitset<lang::kOpCount> seen;
  for (const std::string& body : bodies) {
    auto module = engine.Load("local function f(a, b)\n" + body + "\nend", "=case");
    ASSERT_TRUE(module.ok()) << module.status() << "\n" << body;
    CollectOps(*(*module)->main()->proto, seen);
  }
  for (size_t op = 0; op < lang::kOpCount; ++op) {
    const auto named = static_cast<lang::Op>(op);
    if (named == lang::Op::kLoadKX) continue;  // needs 65,536 constants: LargeFunctions below
    EXPECT_TRUE(seen[op]) << lang::OpName(named);
  }
}

TEST(OverlayLaw, LargeFunctions) {
  // More constants than 16 bits index, and registers beyond what ldp reaches.
  std::string body = "local t = {";
  for (int i = 0; i < 66000; ++i) body += std::to_string(i) + ".25,";
  body += "}; return t[1], t[65000], t[66000]";
  Engine engine;
  std::bitset<lang::kOpCount> seen;
  auto module = engine.Load("local function f(a, b)\n" + body + "\nend", "=case");
  ASSERT_TRUE(module.ok()) << module.status();
  CollectOps(*(*module)->main()->proto, seen);
  EXPECT_TRUE(seen[static_cast<size_t>(lang::Op::kLoadKX)]);
  const std::string call = "local f0 = function()\n" + body + "\nend\nif a == true and b == true then return f0() end";
  ExpectAgreement(call, 43);
  std::string registers = "local l0 = a";
  for (int i = 1; i < 150; ++i) registers += "; local l" + std::to_string(i) + " = l" + std::to_string(i - 1);
  registers += "; l149 = l149 .. 'x'; local m = l140 == l20; l100 = 5; l101 = l100 + 1; l102 = -l101; return l149, m, l101, l102, #l130, l120[1]";
  ExpectAgreement(registers, 43);
}

}  // namespace
}  // namespace perilune::vm
