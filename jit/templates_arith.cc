// Templates: arithmetic and bitwise operations.
//
// Operands of unknown type: one of the two cases, both integers or both floats, stands inline, chosen by hints; the other out of line; anything
// else is the semantic call. Operands of known types need no checks, and then the result's type is known too.

#include <bit>

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

bool IsNumber(Known k) { return k == Known::kInteger || k == Known::kFloat; }

}  // namespace

Known BaselineCompiler::TypeOf(Operand o) const {
  if (!o.is_constant) return facts_.known(o.index);
  return std::holds_alternative<int64_t>(ConstantAt(o.index)) ? Known::kInteger : Known::kFloat;
}

Known BaselineCompiler::HintOf(Operand o) const { return o.is_constant ? TypeOf(o) : facts_.hint(o.index); }

void BaselineCompiler::LoadInt(X x, Operand o) {
  int64_t value;
  if (o.is_constant) {
    a_.Mov(x, static_cast<uint64_t>(std::get<int64_t>(ConstantAt(o.index))));
  } else if (facts_.IntegerConstant(o.index, &value)) {
    a_.Mov(x, static_cast<uint64_t>(value));
  } else {
    LoadPayload(x, o.index);
  }
}

void BaselineCompiler::LoadDouble(D d, Operand o, Known type) {
  if (o.is_constant) {
    const lang::Constant& c = ConstantAt(o.index);
    const double value = type == Known::kInteger ? static_cast<double>(std::get<int64_t>(c)) : std::get<double>(c);
    a_.Fmov(d, value, X(16));
  } else if (type == Known::kInteger) {
    LoadPayload(X(16), o.index);
    a_.scvtf(d, X(16));
  } else {
    LoadPayload(d, o.index);
  }
}

void BaselineCompiler::IntArith(ArithOp op, X d, X n, X m, Label& slow) {
  Label done;
  switch (op) {
    case ArithOp::kAdd: a_.add(d, n, m); break;
    case ArithOp::kSub: a_.sub(d, n, m); break;
    case ArithOp::kMul: a_.mul(d, n, m); break;
    default:  // kMod, kIDiv: rounds towards minus infinity; a zero divisor raises
      a_.Cbz(m, slow);
      a_.sdiv(X(14), n, m);
      a_.msub(X(15), X(14), m, n);
      a_.eor(X(16), X(15), m);
      if (op == ArithOp::kIDiv) a_.mov(d, X(14));
      else a_.mov(d, X(15));
      a_.cbz(X(15), done);
      a_.tbz(X(16), 63, done);
      if (op == ArithOp::kIDiv) a_.sub(d, X(14), 1);
      else a_.add(d, X(15), m);
      a_.Bind(done);
      break;
  }
}

void BaselineCompiler::FloatArith(ArithOp op, D d, D n, D m) {
  switch (op) {
    case ArithOp::kAdd: a_.fadd(d, n, m); break;
    case ArithOp::kSub: a_.fsub(d, n, m); break;
    case ArithOp::kMul: a_.fmul(d, n, m); break;
    case ArithOp::kDiv: a_.fdiv(d, n, m); break;
    case ArithOp::kPow: a_.fmul(d, n, n); break;  // only x^2
    default:
      a_.fdiv(d, n, m);
      a_.frintm(d, d);
      break;
  }
}

void BaselineCompiler::CheckOperands(bool integers, Operand lhs, Operand rhs, Label& other) {
  const uint32_t tag = static_cast<uint32_t>(integers ? Tag::kInteger : Tag::kFloat);
  const bool check_left = TypeOf(lhs) == Known::kNothing;
  const bool check_right = TypeOf(rhs) == Known::kNothing && (rhs.index != lhs.index || rhs.is_constant);
  if (check_left) LoadTag(W(10), lhs.index);
  if (check_right) LoadTag(W(12), rhs.index);
  if (check_left) {
    a_.cmp(W(10), tag);
    if (check_right) a_.ccmp(W(12), tag, 0, Cond::kEq);
    a_.B(Cond::kNe, other);
  } else if (check_right) {
    a_.cmp(W(12), tag);
    a_.B(Cond::kNe, other);
  }
}

void BaselineCompiler::ComputeAndStore(bool integers, ArithOp op, uint8_t dst, Operand lhs, Operand rhs, Label& slow) {
  const bool in_place = !lhs.is_constant && lhs.index == dst;  // then the checked tag is the result's
  const bool some_float = TypeOf(lhs) == Known::kFloat || (TypeOf(rhs) == Known::kFloat && op != ArithOp::kPow);
  if (integers && !some_float && op != ArithOp::kDiv && op != ArithOp::kPow) {
    LoadInt(X(9), lhs);
    int64_t value;
    const bool constant = rhs.is_constant ? (value = std::get<int64_t>(ConstantAt(rhs.index)), true)
                                          : facts_.IntegerConstant(rhs.index, &value);
    if (constant && op == ArithOp::kAdd && value >= -4095 && value <= 4095) {
      if (value >= 0) a_.add(X(9), X(9), static_cast<uint32_t>(value));
      else a_.sub(X(9), X(9), static_cast<uint32_t>(-value));
    } else if (constant && op == ArithOp::kSub && value >= -4095 && value <= 4095) {
      if (value >= 0) a_.sub(X(9), X(9), static_cast<uint32_t>(value));
      else a_.add(X(9), X(9), static_cast<uint32_t>(-value));
    } else {
      LoadInt(X(11), rhs);
      IntArith(op, X(13), X(9), X(11), slow);
      if (in_place) return StorePayload(X(13), dst);
      return StoreTyped(X(13), Known::kInteger, dst);
    }
    if (in_place) return StorePayload(X(9), dst);
    return StoreTyped(X(9), Known::kInteger, dst);
  }
  const Known fallback = integers ? Known::kInteger : Known::kFloat;
  const Known left = TypeOf(lhs) == Known::kNothing ? fallback : TypeOf(lhs);
  const Known right = TypeOf(rhs) == Known::kNothing ? fallback : TypeOf(rhs);
  LoadDouble(D(0), lhs, left);
  const bool same = !rhs.is_constant && !lhs.is_constant && lhs.index == rhs.index;
  if (!same && op != ArithOp::kPow) LoadDouble(D(1), rhs, right);
  FloatArith(op, D(0), D(0), same ? D(0) : D(1));
  if (in_place && left == Known::kFloat) return StorePayload(D(0), dst);
  StoreTyped(D(0), Known::kFloat, dst);
}

void BaselineCompiler::Arith(uint32_t pc, ArithOp op, uint8_t dst, Operand lhs, Operand rhs) {
  const Known left = TypeOf(lhs), right = TypeOf(rhs);
  const auto unknown_or_number = [](Known k) { return k == Known::kNothing || IsNumber(k); };
  const bool square = op == ArithOp::kPow && rhs.is_constant && RhsIsTwo(rhs);
  const bool float_mod = op == ArithOp::kMod && (left == Known::kFloat || right == Known::kFloat);
  if ((op == ArithOp::kPow && !square) || float_mod || !unknown_or_number(left) || !unknown_or_number(right)) return Generic(pc);

  const bool always_float = op == ArithOp::kDiv || op == ArithOp::kPow;
  const bool some_float = left == Known::kFloat || (right == Known::kFloat && !square);
  Cold& c = AddCold(&BaselineCompiler::ColdArith);
  c.pc = pc;
  c.lhs = lhs;
  c.rhs = rhs;
  c.dst = dst;
  c.extra = static_cast<uint32_t>(op);
  if (IsNumber(left) && IsNumber(right)) {
    // Both types are known: no checks. Only an integer division can still raise.
    const bool integers = !some_float && !always_float;
    ComputeAndStore(integers, op, dst, lhs, rhs, c.slow);
    a_.Bind(c.join);
    c.integers = integers;  // only c.slow is reachable
    const bool raises = integers && (op == ArithOp::kMod || op == ArithOp::kIDiv);
    if (!raises) --cold_used_;
    return;
  }
  bool floats = some_float;
  if (!floats) {
    const Known hl = HintOf(lhs), hr = square ? Known::kNothing : HintOf(rhs);
    floats = hl == Known::kFloat || hr == Known::kFloat || (always_float && hl != Known::kInteger && hr != Known::kInteger);
  }
  if (op == ArithOp::kMod) floats = false;
  CheckOperands(!floats, lhs, rhs, c.entry);
  ComputeAndStore(!floats, op, dst, lhs, rhs, c.slow);
  a_.Bind(c.join);
  c.integers = floats;  // the other case goes out of line
  facts_.Hint(dst, floats || always_float ? Known::kFloat : Known::kInteger);
}

void BaselineCompiler::ColdArith(Cold& c) {
  const auto op = static_cast<ArithOp>(c.extra);
  const bool possible = op != ArithOp::kMod || c.integers;
  if (c.entry.used() && possible) {
    CheckOperands(c.integers, c.lhs, c.rhs, c.slow);
    ComputeAndStore(c.integers, op, c.dst, c.lhs, c.rhs, c.slow);
    a_.b(c.join);
  }
  a_.Bind(c.slow);
  ColdSemantic(c);
}

bool BaselineCompiler::RhsIsTwo(Operand rhs) const {
  const lang::Constant& c = ConstantAt(rhs.index);
  if (const auto* i = std::get_if<int64_t>(&c)) return *i == 2;
  const auto* d = std::get_if<double>(&c);
  return d != nullptr && *d == 2.0;
}

void BaselineCompiler::Bitwise(uint32_t pc, ArithOp op, uint8_t dst, Operand lhs, Operand rhs) {
  const Known left = TypeOf(lhs), right = TypeOf(rhs);
  const auto possible = [](Known k) { return k == Known::kNothing || k == Known::kInteger; };
  if (!possible(left) || !possible(right)) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckOperands(true, lhs, rhs, c.entry);
  LoadInt(X(9), lhs);
  LoadInt(X(11), rhs);
  switch (op) {
    case ArithOp::kBAnd: a_.and_(X(9), X(9), X(11)); break;
    case ArithOp::kBOr: a_.orr(X(9), X(9), X(11)); break;
    case ArithOp::kBXor: a_.eor(X(9), X(9), X(11)); break;
    default:
      a_.cmp(X(11), 63);  // other distances, negative ones too, go the long way
      a_.B(Cond::kHi, c.entry);
      if (op == ArithOp::kShl) a_.lsl(X(9), X(9), X(11));
      else a_.lsr(X(9), X(9), X(11));
      break;
  }
  StoreTyped(X(9), Known::kInteger, dst);
  a_.Bind(c.join);
  facts_.Hint(dst, Known::kInteger);
}

void BaselineCompiler::Negate(uint32_t pc) {
  const auto o = lang::UnmOperands::Decode(&proto_->code[pc]);
  const Operand src{o.src, false};
  const Known type = TypeOf(src);
  if (type == Known::kInteger) {
    LoadPayload(X(9), o.src);
    a_.neg(X(9), X(9));
    return StoreTyped(X(9), Known::kInteger, o.dst);
  }
  if (type == Known::kFloat) {
    LoadPayload(D(0), o.src);
    a_.fneg(D(0), D(0));
    return StoreTyped(D(0), Known::kFloat, o.dst);
  }
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  Label floats, store;
  LoadPair(X(9), X(10), o.src);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kFloat));
  a_.b(Cond::kEq, floats);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.B(Cond::kNe, c.entry);
  a_.neg(X(9), X(9));
  a_.b(store);
  a_.Bind(floats);
  a_.eor(X(9), X(9), uint64_t{1} << 63);
  a_.Bind(store);
  StorePair(X(9), X(10), o.dst);
  a_.Bind(c.join);
  facts_.Hint(o.dst, facts_.hint(o.src));
}

void BaselineCompiler::BitNot(uint32_t pc) {
  const auto o = lang::BNotOperands::Decode(&proto_->code[pc]);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  LoadPair(X(9), X(10), o.src);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.B(Cond::kNe, c.entry);
  a_.mvn(X(9), X(9));
  StorePair(X(9), X(10), o.dst);
  a_.Bind(c.join);
  facts_.Hint(o.dst, Known::kInteger);
}

}  // namespace perilune::vm::jit
