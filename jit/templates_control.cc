// Templates: comparisons, jumps, loops.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

bool IsNumber(Known k) { return k == Known::kInteger || k == Known::kFloat; }

}  // namespace

// ---- Comparisons.

void BaselineCompiler::EmitCompare(bool integers, Compare op, Operand lhs, Operand rhs, bool when, Label& target) {
  static constexpr Cond kIntegers[] = {Cond::kLt, Cond::kLe, Cond::kGt, Cond::kGe};
  // After fcmp these are false for unordered operands, and their inverses true, as comparisons with NaN want it.
  static constexpr Cond kFloats[] = {Cond::kMi, Cond::kLs, Cond::kGt, Cond::kGe};
  Cond cond;
  if (integers) {
    const X left = UseInteger(lhs);
    int64_t value;
    const bool constant = IntegerConstant(rhs, &value);
    if (constant && value >= 0 && value <= 4095) {
      a_.cmp(left, static_cast<uint32_t>(value));
    } else {
      a_.cmp(left, UseInteger(rhs));
    }
    cond = kIntegers[static_cast<size_t>(op)];
  } else {
    const D left = UseDouble(lhs, TypeOf(lhs) == Known::kNothing ? Known::kFloat : TypeOf(lhs));
    const D right = UseDouble(rhs, TypeOf(rhs) == Known::kNothing ? Known::kFloat : TypeOf(rhs));
    a_.fcmp(left, right);
    cond = kFloats[static_cast<size_t>(op)];
  }
  a_.B(when ? cond : Invert(cond), target);
}

void BaselineCompiler::CompareBranch(uint32_t pc, Compare op, Operand lhs, Operand rhs, bool when) {
  const Known left = TypeOf(lhs), right = TypeOf(rhs);
  const auto usable = [](Known k) { return k == Known::kNothing || IsNumber(k); };
  // An integer against a float: exact only in C++, but for integers that a double holds.
  const bool mixed = left != right && IsNumber(left) && IsNumber(right) && !SmallIntegerConstant(rhs);
  if (!usable(left) || !usable(right) || mixed) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdCompare);
  c.pc = pc;
  c.lhs = lhs;
  c.rhs = rhs;
  c.dst = static_cast<uint8_t>(op);
  c.extra = when;
  bool floats = left == Known::kFloat || right == Known::kFloat;
  if (!floats && left == Known::kNothing && (right == Known::kNothing || SmallIntegerConstant(rhs))) {
    const Known hl = HintOf(lhs), hr = HintOf(rhs);
    floats = hl == Known::kFloat || (right == Known::kNothing && hr == Known::kFloat) ||
             (floats_likely_ && hl != Known::kInteger && hr != Known::kInteger);
  }
  CheckOperands(!floats, lhs, rhs, c.entry);
  c.before = residents_.now();
  EmitCompare(!floats, op, lhs, rhs, when, TargetLabel(pc));
  Join(c);
  c.integers = floats;
}

// A constant integer that a double holds exactly, so that floats may be compared with it.
bool BaselineCompiler::SmallIntegerConstant(Operand o) const {
  if (!o.is_constant) return false;
  const auto* i = std::get_if<int64_t>(&ConstantAt(o.index));
  return i != nullptr && *i >= -(int64_t{1} << 53) && *i <= (int64_t{1} << 53);
}

void BaselineCompiler::ColdCompare(Cold& c) {
  const bool impossible = (c.integers && TypeOf(c.rhs) == Known::kFloat) ||
                          (!c.integers && TypeOf(c.rhs) == Known::kInteger && !SmallIntegerConstant(c.rhs));
  if (c.entry.used() && !impossible) {
    residents_.Recall(c.before);
    CheckOperands(c.integers, c.lhs, c.rhs, c.slow);
    EmitCompare(c.integers, static_cast<Compare>(c.dst), c.lhs, c.rhs, c.extra != 0, TargetLabel(c.pc));
    RejoinAfter(c, -1);
    residents_.Clear();
  }
  a_.Bind(c.slow);
  ColdSemanticBranch(c);
}

void BaselineCompiler::Equal(uint32_t pc) {
  const auto o = lang::EqOperands::Decode(&proto_->code[pc]);
  const Operand lhs{o.lhs, false}, rhs{o.rhs, false};
  const auto maybe_integer = [](Known k) { return k == Known::kNothing || k == Known::kInteger; };
  Cold& c = AddCold(&BaselineCompiler::ColdEqual);
  c.pc = pc;
  c.lhs = lhs;
  c.rhs = rhs;
  c.extra = o.when;
  const bool integers = maybe_integer(TypeOf(lhs)) && maybe_integer(TypeOf(rhs)) && (HintOf(lhs) == Known::kInteger || HintOf(rhs) == Known::kInteger);
  if (integers) {
    CheckOperands(true, lhs, rhs, c.entry);
    c.before = residents_.now();
    a_.cmp(UseInteger(lhs), UseInteger(rhs));
    a_.B(o.when ? Cond::kEq : Cond::kNe, TargetLabel(pc));
    return Join(c);
  }
  // The same object, or not.
  const Pair left = UsePair(o.lhs), right = UsePair(o.rhs);
  c.before = residents_.now();
  a_.cmp(left.tag.w(), right.tag.w());
  a_.ccmp(left.payload, right.payload, 0, Cond::kEq);
  a_.B(Cond::kNe, c.entry);
  a_.cmp(left.tag.w(), static_cast<uint32_t>(Tag::kFloat));
  a_.B(Cond::kEq, c.entry);
  if (o.when) a_.b(TargetLabel(pc));
  Join(c);
}

void BaselineCompiler::ColdEqual(Cold& c) {
  Label different;
  const auto go_on = [&](bool equal) {
    if (equal == (c.extra != 0)) a_.b(TargetLabel(c.pc));
    else RejoinAfter(c, -1);
  };
  LoadPair(X(9), X(10), c.lhs.index);
  LoadPair(X(11), X(12), c.rhs.index);
  a_.BlTo(stubs_->equal_values);
  a_.cmp(W(8), 1);
  a_.B(Cond::kHi, c.slow);
  a_.b(Cond::kNe, different);
  go_on(true);
  a_.Bind(different);
  go_on(false);
  a_.Bind(c.slow);
  ColdSemanticBranch(c);
}

void BaselineCompiler::EqualConstant(uint32_t pc) {
  const auto o = lang::EqKOperands::Decode(&proto_->code[pc]);
  const lang::Constant& k = ConstantAt(o.rhs);
  const Cond jump = o.when ? Cond::kEq : Cond::kNe;
  if (std::holds_alternative<std::monostate>(k) || std::holds_alternative<bool>(k)) {
    const Tag tag = std::holds_alternative<bool>(k) ? (std::get<bool>(k) ? Tag::kTrue : Tag::kFalse) : Tag::kNil;
    a_.cmp(UseTag(o.lhs, W(10)), static_cast<uint32_t>(tag));
    a_.B(jump, TargetLabel(pc));
    return;
  }
  if (IsShortString(o.rhs)) {
    const Pair value = UsePair(o.lhs);
    a_.Ldr(X(11), Mem(UseK(), int64_t{o.rhs} * 16), X(16));
    a_.cmp(value.payload, X(11));
    a_.ccmp(value.tag.w(), static_cast<uint32_t>(Tag::kString), 0, Cond::kEq);
    a_.B(jump, TargetLabel(pc));
    return;
  }
  if (const auto* i = std::get_if<int64_t>(&k); i != nullptr && (facts_.known(o.lhs) == Known::kNothing || facts_.known(o.lhs) == Known::kInteger)) {
    Cold& c = AddCold(&BaselineCompiler::ColdSemanticBranch);
    c.pc = pc;
    const Operand lhs{o.lhs, false};
    CheckOperands(true, lhs, lhs, c.entry);
    a_.Cmp(UseInteger(lhs), *i, X(16));
    a_.B(jump, TargetLabel(pc));
    Join(c);
    return;
  }
  Generic(pc);
}

void BaselineCompiler::Test(uint32_t pc) {
  const auto o = lang::TestOperands::Decode(&proto_->code[pc]);
  a_.cmp(UseTag(o.src, W(10)), static_cast<uint32_t>(Tag::kFalse));
  a_.B(o.when ? Cond::kHi : Cond::kLs, TargetLabel(pc));
}

void BaselineCompiler::TestSet(uint32_t pc) {
  const auto o = lang::TestSetOperands::Decode(&proto_->code[pc]);
  Label skip;
  const Pair value = UsePair(o.src);
  a_.cmp(value.tag.w(), static_cast<uint32_t>(Tag::kFalse));
  a_.b(o.when ? Cond::kLs : Cond::kHi, skip);
  EmitStorePair(value.payload, value.tag, o.dst);
  a_.b(TargetLabel(pc));
  a_.Bind(skip);
}

// ---- Jumps.

void BaselineCompiler::Jump(uint32_t pc) { a_.b(TargetLabel(pc)); }

void BaselineCompiler::LoopJump(uint32_t pc) { PollAndJump(pc); }

void BaselineCompiler::PollAndJump(uint32_t pc) {
  Cold& c = AddCold(&BaselineCompiler::ColdPoll);
  c.pc = pc;
  a_.ldr(W(12), Mem(kVm, Offsets::kPoll));
  a_.Cbz(W(12), TargetLabel(pc));
  a_.b(c.entry);
}

void BaselineCompiler::ColdPoll(Cold& c) {
  a_.Mov(kPcIndex, c.pc);
  a_.BlTo(stubs_->poll);
  LoadHomes();
  a_.b(TargetLabel(c.pc));
}

// ---- Numeric loops.

void BaselineCompiler::ForPrep(uint32_t pc) {
  const auto o = lang::ForPrepOperands::Decode(&proto_->code[pc]);
  const uint32_t r = o.base;
  // Its ForLoop stands in front of the exit.
  const size_t loop = lang::TargetOf(proto_->code.data(), pc) - lang::InstructionWords(lang::Op::kForLoop);
  int64_t step = 0;
  const bool constant_step = facts_.IntegerConstant(r + 2, &step) && step != 0;
  const Known init = facts_.known(r);
  loop_step_[loop] = constant_step ? step : 0;
  if (constant_step && step == 1 && (init == Known::kInteger || init == Known::kNothing)) {
    Cold& c = AddCold(&BaselineCompiler::ColdSemanticBranch);
    c.pc = pc;
    const Operand from{static_cast<uint8_t>(r), false}, to{static_cast<uint8_t>(r + 1), false};
    CheckOperands(true, from, to, c.entry);
    if (facts_.known(r + 1) != Known::kNothing && facts_.known(r + 1) != Known::kInteger) a_.b(c.entry);
    const X first = UseInteger(from), last = UseInteger(to), count = residents_.NewX();
    a_.cmp(first, last);
    a_.B(Cond::kGt, TargetLabel(pc));
    a_.sub(count, last, first);
    StorePayload(count, r + 1);
    StoreTyped(first, Known::kInteger, r + 3);
    Join(c);
  } else {
    SemanticCall(pc);
    a_.Cbnz(X(0), TargetLabel(pc));
  }
}

void BaselineCompiler::ForLoop(uint32_t pc) {
  const auto o = lang::ForLoopOperands::Decode(&proto_->code[pc]);
  const uint32_t r = o.base;
  const bool certain = facts_.known(r + 2) == Known::kInteger;
  Label exit;
  Cold* c = nullptr;
  if (!certain) {
    c = &AddCold(&BaselineCompiler::ColdForLoop);
    c->pc = pc;
    LoadTag(W(10), r + 2);
    a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
    a_.B(Cond::kNe, c->entry);
  }
  const X count = UsePayload(r + 1), less = residents_.NewXFor(Residents::PayloadWord(r + 1));
  const X index = UsePayload(loop_ != nullptr && loop_->control_kept ? r + 3 : r), next = residents_.NewXFor(Residents::PayloadWord(r + 3));
  a_.cbz(count, exit);
  a_.sub(less, count, 1);
  StorePayload(less, r + 1);
  const int64_t step = loop_step_[pc];
  if (step > 0 && step <= 4095) {
    a_.add(next, index, static_cast<uint32_t>(step));
  } else {
    a_.add(next, index, UsePayload(r + 2));
  }
  StorePayload(next, r);
  if (certain) {
    StoreTyped(next, Known::kInteger, r + 3);
  } else {
    StorePair(next, X(10), r + 3);
  }
  PollAndJump(pc);
  a_.Bind(exit);
  if (c != nullptr) a_.Bind(c->join);
}

void BaselineCompiler::ColdForLoop(Cold& c) {
  SemanticCall(c.pc);
  a_.ldr(kBase, Mem(kVm, Offsets::kBase));  // its poll may have moved the stack
  LoadHomes();
  a_.Cbnz(X(0), TargetLabel(c.pc));
  a_.b(c.join);
}

// ---- Generic loops.

void BaselineCompiler::TForPrep(uint32_t pc) {
  const auto o = lang::TForPrepOperands::Decode(&proto_->code[pc]);
  Cold& c = AddCold(&BaselineCompiler::ColdSemanticBranch);
  c.pc = pc;
  LoadTag(W(10), o.base + 3u);
  a_.Cbnz(W(10), c.entry);
  a_.Bind(c.join);
  a_.b(TargetLabel(pc));
}

void BaselineCompiler::TForCall(uint32_t pc) {
  if (!LibraryLoop(pc)) OrdinaryTForCall(pc);
}

void BaselineCompiler::OrdinaryTForCall(uint32_t pc) {
  const auto o = lang::TForCallOperands::Decode(&proto_->code[pc]);
  const uint32_t r = o.base;
  LoadPair(X(9), X(8), r);
  LoadPair(X(12), X(13), r + 1);
  LoadPair(X(14), X(15), r + 2);
  StorePair(X(9), X(8), r + 4);
  StorePair(X(12), X(13), r + 6);
  StorePair(X(14), X(15), r + 7);
  a_.Mov(kWord.w(), 2);
  StubCall(pc, r + 4, o.results + 1u);
}

void BaselineCompiler::TForLoop(uint32_t pc) {
  const auto o = lang::TForLoopOperands::Decode(&proto_->code[pc]);
  Label exit;
  LoadPair(X(9), X(10), o.base + 4u);
  a_.cbz(W(10), exit);
  StorePair(X(9), X(10), o.base + 2u);
  PollAndJump(pc);
  a_.Bind(exit);
}

}  // namespace perilune::vm::jit
