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

bool BaselineCompiler::IntegerConstant(Operand o, int64_t* value) const {
  if (!o.is_constant) return facts_.IntegerConstant(o.index, value);
  *value = std::get<int64_t>(ConstantAt(o.index));
  return true;
}

X BaselineCompiler::UseInteger(Operand o) {
  int64_t value;
  const bool constant = IntegerConstant(o, &value);
  if (!constant || (!o.is_constant && residents_.FindX(Residents::PayloadWord(o.index)) != Residents::kNowhere)) return UsePayload(o.index);
  const X x = residents_.NewX();
  a_.Mov(x, static_cast<uint64_t>(value));
  if (!o.is_constant) KeepLoaded(Residents::PayloadWord(o.index), Residents::PlaceOf(x));
  return x;
}

D BaselineCompiler::UseDouble(Operand o, Known type) {
  if (type != Known::kInteger && !o.is_constant) return UseDouble(o.index);
  const D d = residents_.NewD();
  if (o.is_constant) {
    const lang::Constant& c = ConstantAt(o.index);
    a_.Fmov(d, type == Known::kInteger ? static_cast<double>(std::get<int64_t>(c)) : std::get<double>(c), X(16));
  } else {
    a_.scvtf(d, UsePayload(o.index));
  }
  return d;
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
      a_.cbz(X(15), done);
      a_.tbz(X(16), 63, done);
      if (op == ArithOp::kIDiv) a_.sub(X(14), X(14), 1);
      else a_.add(X(15), X(15), m);
      a_.Bind(done);
      a_.mov(d, op == ArithOp::kIDiv ? X(14) : X(15));  // m may be the same register
      break;
  }
}

// With a constant on the right, where that is shorter; false: there is nothing of the kind.
bool BaselineCompiler::IntArithConstant(ArithOp op, X d, X n, int64_t value) {
  const bool small = value >= -4095 && value <= 4095;
  if ((op == ArithOp::kAdd || op == ArithOp::kSub) && small) {
    if (op == ArithOp::kSub) value = -value;
    if (value >= 0) a_.add(d, n, static_cast<uint32_t>(value));
    else a_.sub(d, n, static_cast<uint32_t>(-value));
    return true;
  }
  if ((op != ArithOp::kMod && op != ArithOp::kIDiv) || value <= 0) return false;
  const auto divisor = static_cast<uint64_t>(value);
  if (std::has_single_bit(divisor) && divisor > 1) {  // both round towards minus infinity
    if (op == ArithOp::kIDiv) a_.asr(d, n, static_cast<uint32_t>(std::countr_zero(divisor)));
    else a_.and_(d, n, divisor - 1);
    return true;
  }
  a_.Mov(X(16), divisor);
  a_.sdiv(X(14), n, X(16));
  a_.msub(X(15), X(14), X(16), n);
  if (op == ArithOp::kIDiv) return a_.add(d, X(14), Asr(X(15), 63)), true;
  a_.and_(X(16), X(16), Asr(X(15), 63));
  a_.add(d, X(15), X(16));
  return true;
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
  W left(10), right(12);
  if (check_left) left = UseTag(lhs.index, left, integers);
  if (check_right) right = UseTag(rhs.index, right, integers);
  if (check_left) {
    a_.cmp(left, tag);
    if (check_right) a_.ccmp(right, tag, 0, Cond::kEq);
    a_.B(Cond::kNe, other);
  } else if (check_right) {
    a_.cmp(right, tag);
    a_.B(Cond::kNe, other);
  }
}

void BaselineCompiler::ComputeAndStore(bool integers, ArithOp op, uint8_t dst, Operand lhs, Operand rhs, Label& slow) {
  const bool in_place = !lhs.is_constant && lhs.index == dst;  // then the checked tag is the result's
  const bool some_float = TypeOf(lhs) == Known::kFloat || (TypeOf(rhs) == Known::kFloat && op != ArithOp::kPow);
  if (integers && !some_float && op != ArithOp::kDiv && op != ArithOp::kPow) {
    const X left = UseInteger(lhs);
    int64_t value;
    const bool constant = IntegerConstant(rhs, &value);
    const X result = residents_.NewXFor(Residents::PayloadWord(dst));
    if (!constant || !IntArithConstant(op, result, left, value)) IntArith(op, result, left, UseInteger(rhs), slow);
    if (in_place) return StorePayload(result, dst);
    const Residents::Place tag = CheckedTag(lhs, rhs);
    return tag == Residents::kNowhere ? StoreTyped(result, Known::kInteger, dst) : StorePair(result, Residents::AsX(tag), dst);
  }
  const Known fallback = integers ? Known::kInteger : Known::kFloat;
  const Known left = TypeOf(lhs) == Known::kNothing ? fallback : TypeOf(lhs);
  const Known right = TypeOf(rhs) == Known::kNothing ? fallback : TypeOf(rhs);
  const D n = UseDouble(lhs, left);
  const bool same = !rhs.is_constant && !lhs.is_constant && lhs.index == rhs.index;
  const D m = same || op == ArithOp::kPow ? n : UseDouble(rhs, right);
  const D result = residents_.NewDFor(Residents::PayloadWord(dst));
  FloatArith(op, result, n, m);
  if (in_place && left == Known::kFloat) return StorePayload(result, dst);
  const Residents::Place tag = integers ? Residents::kNowhere : CheckedTag(lhs, rhs);
  if (tag == Residents::kNowhere) return StoreTyped(result, Known::kFloat, dst);
  StorePayload(result, dst);
  StoreTag(Residents::AsX(tag), dst);
}

// Where the tag is that CheckOperands has compared; it is the result's.
Residents::Place BaselineCompiler::CheckedTag(Operand lhs, Operand rhs) {
  for (const Operand& o : {lhs, rhs}) {
    if (TypeOf(o) == Known::kNothing) return residents_.FindX(Residents::TagWord(o.index));
  }
  return Residents::kNowhere;
}

// Whether the next instruction adds an integer to what this one gives.
bool BaselineCompiler::CountsNext(uint32_t pc, uint8_t dst) const {
  const lang::Word next = proto_->code[pc + 1];
  return (lang::OpOf(next) == lang::Op::kAddK || lang::OpOf(next) == lang::Op::kSubK) && lang::FieldB(next) == dst &&
         std::holds_alternative<int64_t>(ConstantAt(lang::FieldC(next)));
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
    Join(c);
    c.integers = integers;  // only c.slow is reachable
    if (!c.slow.used()) --cold_used_;
    return;
  }
  bool floats = some_float;
  if (!floats) {
    const Known hl = HintOf(lhs), hr = square ? Known::kNothing : HintOf(rhs);
    floats = hl == Known::kFloat || hr == Known::kFloat ||
             ((always_float || (floats_likely_ && !CountsNext(pc, dst))) && hl != Known::kInteger && hr != Known::kInteger);
  }
  if (op == ArithOp::kMod) floats = false;
  CheckOperands(!floats, lhs, rhs, c.entry);
  c.before = residents_.now();
  ComputeAndStore(!floats, op, dst, lhs, rhs, c.slow);
  Join(c);
  c.integers = floats;  // the other case goes out of line
  facts_.Hint(dst, floats || always_float ? Known::kFloat : Known::kInteger);
}

// Operands of other types than the hot path's: the other case; then any numbers, as floats; then the semantic call.
void BaselineCompiler::ColdArith(Cold& c) {
  const auto op = static_cast<ArithOp>(c.extra);
  const bool always_float = op == ArithOp::kDiv || op == ArithOp::kPow;
  if (c.entry.used()) {
    const bool possible = c.integers ? !always_float && TypeOf(c.lhs) != Known::kFloat && TypeOf(c.rhs) != Known::kFloat : op != ArithOp::kMod;
    Label others;
    if (possible) {
      residents_.Recall(c.before);
      CheckOperands(c.integers, c.lhs, c.rhs, op == ArithOp::kMod ? c.slow : others);
      ComputeAndStore(c.integers, op, c.dst, c.lhs, c.rhs, c.slow);
      RejoinAfter(c, c.dst);
      residents_.Clear();
    }
    a_.Bind(others);
    if (op != ArithOp::kMod) {
      LoadUnknown(X(9), X(10), c.lhs);
      LoadUnknown(X(11), X(12), c.rhs);
      a_.BlTo(stubs_->to_doubles);
      a_.Cbz(W(10), c.slow);
      FloatArith(op, D(0), D(0), D(1));
      StoreTyped(D(0), Known::kFloat, c.dst);
      RejoinAfter(c, c.dst);
    }
  }
  a_.Bind(c.slow);
  ColdSemantic(c);
}

void BaselineCompiler::LoadUnknown(X payload, X tag, Operand o) {
  if (!o.is_constant) return LoadPair(payload, tag, o.index);
  const lang::Constant& k = ConstantAt(o.index);
  if (const auto* i = std::get_if<int64_t>(&k)) {
    a_.Mov(payload, static_cast<uint64_t>(*i));
  } else {
    a_.Mov(payload, std::bit_cast<uint64_t>(std::get<double>(k)));
  }
  a_.Mov(tag.w(), static_cast<uint32_t>(TypeOf(o) == Known::kInteger ? Tag::kInteger : Tag::kFloat));
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
  const X left_value = UseInteger(lhs);
  const X result = residents_.NewXFor(Residents::PayloadWord(dst));
  int64_t value;
  const bool constant = IntegerConstant(rhs, &value);
  const bool shifts = op == ArithOp::kShl || op == ArithOp::kShr;
  if (constant && shifts && value >= 0 && value <= 63) {
    if (op == ArithOp::kShl) a_.lsl(result, left_value, static_cast<uint32_t>(value));
    else a_.lsr(result, left_value, static_cast<uint32_t>(value));
  } else {
    BitwiseRegisters(op, result, left_value, UseInteger(rhs), c.entry);
  }
  StoreTyped(result, Known::kInteger, dst);
  Join(c);
  if (!c.entry.used()) --cold_used_;
  facts_.Hint(dst, Known::kInteger);
}

void BaselineCompiler::BitwiseRegisters(ArithOp op, X d, X n, X m, Label& other) {
  switch (op) {
    case ArithOp::kBAnd: return a_.and_(d, n, m);
    case ArithOp::kBOr: return a_.orr(d, n, m);
    case ArithOp::kBXor: return a_.eor(d, n, m);
    default:
      a_.cmp(m, 63);  // other distances, negative ones too, go the long way
      a_.B(Cond::kHi, other);
      if (op == ArithOp::kShl) a_.lsl(d, n, m);
      else a_.lsr(d, n, m);
  }
}

void BaselineCompiler::Negate(uint32_t pc) {
  const auto o = lang::UnmOperands::Decode(&proto_->code[pc]);
  const Operand src{o.src, false};
  const Known type = TypeOf(src);
  if (type == Known::kInteger) {
    const X value = UsePayload(o.src), result = residents_.NewX();
    a_.neg(result, value);
    return StoreTyped(result, Known::kInteger, o.dst);
  }
  if (type == Known::kFloat) {
    const D value = UseDouble(o.src), result = residents_.NewD();
    a_.fneg(result, value);
    return StoreTyped(result, Known::kFloat, o.dst);
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
  Join(c);
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
  Join(c);
  facts_.Hint(o.dst, Known::kInteger);
}

}  // namespace perilune::vm::jit
