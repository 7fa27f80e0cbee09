#include "jit/baseline_compiler.h"

#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

using lang::Op;

// The farthest slot that ldp and stp reach.
constexpr uint32_t kMaxPairReg = 31;

Tag TagOf(Known type) {
  switch (type) {
    case Known::kInteger: return Tag::kInteger;
    case Known::kFloat: return Tag::kFloat;
    case Known::kString: return Tag::kString;
    case Known::kTable: return Tag::kTable;
    case Known::kLuaFunction: return Tag::kLuaFunction;
    default: return Tag::kNil;
  }
}

int64_t Slot(uint32_t reg) { return int64_t{reg} * 16; }

}  // namespace

// ---- Driver.

absl::StatusOr<CompiledCode> BaselineCompiler::Compile(const ProtoSlots& function, const StubAddresses& stubs,
                                                       const CompilerOptions& options) {
  slots_ = &function;
  proto_ = function.proto;
  stubs_ = &stubs;
  absl::Status status = CompileOnce(Branches::kShort, options);
  if (absl::IsOutOfRange(status)) status = CompileOnce(Branches::kFar, options);
  if (!status.ok()) return status;
  return std::move(code_);
}

absl::Status BaselineCompiler::CompileOnce(Branches branches, const CompilerOptions& options) {
  const auto words = static_cast<uint32_t>(proto_->code.size());
  a_.Reset(branches);
  a_.set_comments_enabled(options.comments);
  labels_.clear();
  labels_.resize(words + 1);
  loop_step_.assign(words, 0);
  cold_used_ = 0;
  literals_.clear();
  facts_.Reset(*proto_);
  code_ = CompiledCode{};
  code_.loops.assign(proto_->loop_count, 0);
  EmitEntry(options);
  bool falls_through = true;
  for (uint32_t pc = 0; pc < words; pc += static_cast<uint32_t>(lang::InstructionWords(lang::OpOf(proto_->code[pc])))) {
    const Op op = lang::OpOf(proto_->code[pc]);
    if (facts_.IsTarget(pc)) facts_.EnterTarget(pc, falls_through);
    a_.Bind(labels_[pc]);
    pc_map_.Add(a_.offset(), pc);
    a_.Comment("[", pc, "] line ", proto_->lines[pc], ": ", lang::OpName(op));
    const Known result = facts_.ResultOf(pc);
    EmitOp(pc);
    facts_.Commit(pc, result);
    falls_through = !lang::HasTrait(op, lang::Trait::kJump) && !lang::HasTrait(op, lang::Trait::kEnds);
  }
  EmitCold();
  a_.Align(8);
  for (auto& [label, value] : literals_) {
    a_.Bind(label);
    a_.Data64(value);
  }
  absl::StatusOr<absl::Span<const uint32_t>> code = a_.Finish();
  code_.pc_map = pc_map_.Build();
  if (!code.ok()) return code.status();
  code_.words = *code;
  for (uint32_t pc = 0; pc < words; pc += static_cast<uint32_t>(lang::InstructionWords(lang::OpOf(proto_->code[pc])))) {
    if (!lang::HasTrait(lang::OpOf(proto_->code[pc]), lang::Trait::kBackEdge)) continue;
    const uint16_t loop = lang::FieldBx(proto_->code[pc]);
    if (loop != lang::kNoLoop) code_.loops[loop] = labels_[lang::TargetOf(proto_->code.data(), pc)].offset();
  }
  return absl::OkStatus();
}

void BaselineCompiler::EmitEntry(const CompilerOptions& options) {
  Label checked, body, slow;
  const uint32_t params = proto_->num_params;
  if (!proto_->is_vararg) {
    a_.Comment("exact entry");
    code_.has_exact_entry = true;
    code_.exact_entry = a_.offset();
    a_.stp(lr, kLink, Mem(kBase, -16));
    a_.Bind(checked);
    a_.ldr(X(9), Mem(kVm, Offsets::kStackLimit));
    a_.cmp(kBase, X(9));
    a_.b(Cond::kHi, slow);
    a_.Bind(body);
    if (options.count_calls) {
      a_.ldur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
      a_.add(X(9), X(9), 1);
      a_.stur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
    }
    Label start;
    a_.b(start);
    a_.Comment("entry: link stored, any number of arguments");
    code_.entry = a_.offset();
    a_.cmp(kWord.w(), params);
    a_.b(Cond::kEq, checked);
    a_.Mov(kPcIndex, params);
    // fill_params counts w25 up, so the slow entry below sees the full number
    a_.BlTo(stubs_->fill_params);
    a_.b(checked);
    a_.Bind(slow);
    a_.Mov(kWord.w(), params);
    a_.BlTo(stubs_->enter_slow);
    a_.b(body);
    a_.Bind(start);
    return;
  }
  a_.Comment("entry: link stored, any number of arguments");
  code_.entry = a_.offset();
  a_.ldr(X(9), Mem(kVm, Offsets::kStackLimit));
  a_.cmp(kBase, X(9));
  a_.b(Cond::kLs, body);
  a_.BlTo(stubs_->enter_slow);
  a_.Bind(body);
  a_.Mov(W(9), params);
  a_.BlTo(stubs_->adjust_varargs);
  if (options.count_calls) {
    a_.ldur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
    a_.add(X(9), X(9), 1);
    a_.stur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
  }
}

BaselineCompiler::Cold& BaselineCompiler::AddCold(void (BaselineCompiler::*emit)(Cold&)) {
  if (cold_used_ == cold_.size()) cold_.push_back(std::make_unique<Cold>());
  Cold& c = *cold_[cold_used_++];
  c.entry = Label();
  c.join = Label();
  c.slow = Label();
  c.done = Label();
  c.emit = emit;
  return c;
}

void BaselineCompiler::EmitCold() {
  facts_.ForgetAll();  // each part stands elsewhere in the function
  for (size_t i = 0; i < cold_used_; ++i) {  // cold parts may add more
    Cold& c = *cold_[i];
    a_.Bind(c.entry);
    pc_map_.Add(a_.offset(), c.pc);
    a_.Comment("[", c.pc, "] out of line");
    (this->*c.emit)(c);
  }
}

void BaselineCompiler::EmitOp(uint32_t pc) {
  const lang::Word* at = &proto_->code[pc];
  const lang::Word w = *at;
  const uint8_t a = lang::FieldA(w), b = lang::FieldB(w), c = lang::FieldC(w);
  const Operand rb{b, false}, rc{c, false}, kc{c, true}, ra{a, false}, kb{b, true};
  switch (lang::OpOf(w)) {
    case Op::kMove: return Move(pc);
    case Op::kLoadNil: return LoadNil(pc);
    case Op::kLoadFalse:
    case Op::kLoadTrue:
      a_.Mov(X(10), static_cast<uint64_t>(lang::OpOf(w) == Op::kLoadTrue ? Tag::kTrue : Tag::kFalse));
      return StorePair(xzr, X(10), a);
    case Op::kLoadInt: return LoadInteger(a, lang::FieldSBx(w));
    case Op::kLoadFloat: return LoadFloat(a, lang::FieldSBx(w));
    case Op::kLoadK: return LoadConstant(a, lang::FieldBx(w));
    case Op::kLoadKX: return LoadConstant(a, at[1]);
    case Op::kGetUpval: return GetUpval(pc);
    case Op::kSetUpval: return SetUpval(pc);
    case Op::kGetTabUp: return GetTabUp(pc);
    case Op::kSetTabUp: return SetTabUp(pc);
    case Op::kGetField: return GetField(pc);
    case Op::kSetField: return SetField(pc);
    case Op::kSelf: return Self(pc);
    case Op::kNewTable: return NewTable(pc);
    case Op::kGetTable: return GetElement(pc, a, b, c, 0);
    case Op::kGetInt: return GetElement(pc, a, b, -1, c);
    case Op::kSetTable: return SetElement(pc, a, b, 0, c);
    case Op::kSetInt: return SetElement(pc, a, -1, b, c);
#define ARITH(name)                                                        \
  case Op::k##name: return Arith(pc, ArithOp::k##name, a, rb, rc);         \
  case Op::k##name##K: return Arith(pc, ArithOp::k##name, a, rb, kc);
    ARITH(Add) ARITH(Sub) ARITH(Mul) ARITH(Mod) ARITH(Pow) ARITH(Div) ARITH(IDiv)
#undef ARITH
#define BITWISE(name)                                                      \
  case Op::k##name: return Bitwise(pc, ArithOp::k##name, a, rb, rc);       \
  case Op::k##name##K: return Bitwise(pc, ArithOp::k##name, a, rb, kc);
    BITWISE(BAnd) BITWISE(BOr) BITWISE(BXor) BITWISE(Shl) BITWISE(Shr)
#undef BITWISE
    case Op::kUnm: return Negate(pc);
    case Op::kBNot: return BitNot(pc);
    case Op::kNot: return Not(pc);
    case Op::kJump: return Jump(pc);
    case Op::kLoopJump: return LoopJump(pc);
    case Op::kTest: return Test(pc);
    case Op::kTestSet: return TestSet(pc);
    case Op::kEq: return Equal(pc);
    case Op::kEqK: return EqualConstant(pc);
    case Op::kLt: return CompareBranch(pc, Compare::kLt, ra, rb, c != 0);
    case Op::kLe: return CompareBranch(pc, Compare::kLe, ra, rb, c != 0);
    case Op::kLtK: return CompareBranch(pc, Compare::kLt, ra, kb, c != 0);
    case Op::kLeK: return CompareBranch(pc, Compare::kLe, ra, kb, c != 0);
    case Op::kGtK: return CompareBranch(pc, Compare::kGt, ra, kb, c != 0);
    case Op::kGeK: return CompareBranch(pc, Compare::kGe, ra, kb, c != 0);
    case Op::kForPrep: return ForPrep(pc);
    case Op::kForLoop: return ForLoop(pc);
    case Op::kTForPrep: return TForPrep(pc);
    case Op::kTForCall: return TForCall(pc);
    case Op::kTForLoop: return TForLoop(pc);
    case Op::kCall: return Call(pc);
    case Op::kTailCall: return TailCall(pc);
    case Op::kReturn: return Return(pc);
    case Op::kReturn0: return ReturnValues(0, 0);
    case Op::kReturn1: return ReturnValues(a, 1);
    case Op::kVararg: return Vararg(pc);
    case Op::kClose: return Close(pc);
    case Op::kClosure: return Closure(pc);
    case Op::kSetList: return SetList(pc);
    case Op::kLen: return Length(pc);
    default: return Generic(pc);
  }
}

// ---- Frame access.

void BaselineCompiler::LoadPair(X payload, X tag, uint32_t reg) {
  if (reg <= kMaxPairReg) {
    a_.ldp(payload, tag, Mem(kBase, Slot(reg)));
  } else {
    a_.ldr(payload, Mem(kBase, Slot(reg)));
    a_.ldr(tag, Mem(kBase, Slot(reg) + 8));
  }
}
void BaselineCompiler::StorePair(X payload, X tag, uint32_t reg) {
  if (reg <= kMaxPairReg) {
    a_.stp(payload, tag, Mem(kBase, Slot(reg)));
  } else {
    a_.str(payload, Mem(kBase, Slot(reg)));
    a_.str(tag, Mem(kBase, Slot(reg) + 8));
  }
}
void BaselineCompiler::LoadConstantPair(X payload, X tag, uint32_t k) {
  if (k <= kMaxPairReg) {
    a_.ldp(payload, tag, Mem(kK, Slot(k)));
  } else {
    a_.Ldr(payload, Mem(kK, Slot(k)), X(16));
    a_.Ldr(tag, Mem(kK, Slot(k) + 8), X(16));
  }
}
void BaselineCompiler::LoadPayload(X x, uint32_t reg) { a_.ldr(x, Mem(kBase, Slot(reg))); }
void BaselineCompiler::LoadPayload(D d, uint32_t reg) { a_.ldr(d, Mem(kBase, Slot(reg))); }
void BaselineCompiler::StorePayload(X x, uint32_t reg) { a_.str(x, Mem(kBase, Slot(reg))); }
void BaselineCompiler::StorePayload(D d, uint32_t reg) { a_.str(d, Mem(kBase, Slot(reg))); }
void BaselineCompiler::LoadTag(W w, uint32_t reg) { a_.ldr(w, Mem(kBase, Slot(reg) + 8)); }

void BaselineCompiler::StoreTag(Known type, uint32_t reg) {
  if (facts_.known(reg) == type) return;
  a_.Mov(X(16), static_cast<uint64_t>(TagOf(type)));
  a_.str(X(16), Mem(kBase, Slot(reg) + 8));
}
void BaselineCompiler::StoreTyped(X payload, Known type, uint32_t reg) {
  if (facts_.known(reg) == type) return StorePayload(payload, reg);
  a_.Mov(X(16), static_cast<uint64_t>(TagOf(type)));
  StorePair(payload, X(16), reg);
}
void BaselineCompiler::StoreTyped(D payload, Known type, uint32_t reg) {
  StorePayload(payload, reg);
  StoreTag(type, reg);
}

// ---- Semantic calls.

void BaselineCompiler::SemanticCall(uint32_t pc) {
  a_.Mov(kPcIndex, pc);
  a_.BlTo(stubs_->semantic[static_cast<size_t>(lang::OpOf(proto_->code[pc]))]);
}

void BaselineCompiler::ColdSemantic(Cold& c) {
  SemanticCall(c.pc);
  a_.b(c.join);
}

void BaselineCompiler::ColdSemanticBranch(Cold& c) {
  SemanticCall(c.pc);
  a_.Cbnz(X(0), TargetLabel(c.pc));
  a_.b(c.join);
}

Label& BaselineCompiler::TargetLabel(uint32_t pc) { return labels_[lang::TargetOf(proto_->code.data(), pc)]; }

void BaselineCompiler::Generic(uint32_t pc) {
  const Op op = lang::OpOf(proto_->code[pc]);
  SemanticCall(pc);
  if (lang::HasTrait(op, lang::Trait::kBranch) || lang::HasTrait(op, lang::Trait::kJump)) a_.Cbnz(X(0), TargetLabel(pc));
}

}  // namespace perilune::vm::jit
