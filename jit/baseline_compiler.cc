#include "jit/baseline_compiler.h"

#include <algorithm>
#include <array>

#include "jit/op_shape.h"
#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

using lang::Op;

// The farthest slot that ldp and stp reach.
constexpr uint32_t kMaxPairReg = 31;

int64_t Slot(uint32_t reg) { return int64_t{reg} * 16; }

// What Scan asks of an op.
struct ScanRow {
  uint32_t a, b, c;  // to add to the column: 0 if it is a register whose reads and writes matter, else Residents::kNoRegister
  // What is counted up before and after the op, as no copy outlives that.
  uint32_t ends_before, ends_after;
  int32_t float_weight;  // what the op says of the function's numbers: 1 floats, -1 integers
  uint64_t reads_a;      // all ones if A is read, else 0
  uint8_t others;        // columns that are no registers
  bool float_constant;   // C is a constant that makes floats if it is one
};
constexpr auto kScanRows = [] {
  std::array<ScanRow, lang::kOpCount> rows{};
  for (size_t i = 0; i < lang::kOpCount; ++i) {
    const Op op = static_cast<Op>(i);
    const OpShape& shape = kOpShapes[i];
    const OpTemplate& row = kOpTemplates[i];
    const bool calls = op == Op::kCall;
    const auto column = [&](uint8_t bit) { return shape.keeps_residents && (shape.registers() & bit) != 0 ? 0 : Residents::kNoRegister; };
    rows[i] = {.a = calls ? 0 : column(OpShape::kA),  // the callee
               .b = column(OpShape::kB),
               .c = column(OpShape::kC),
               .ends_before = !shape.keeps_residents,
               .ends_after = calls || op == Op::kReturn1,
               .float_weight = row.has(OpTemplate::kFloats) - row.has(OpTemplate::kIntegers),
               .reads_a = calls || (shape.reads & OpShape::kA) != 0 ? ~uint64_t{0} : 0,
               .others = static_cast<uint8_t>(OpShape::kAll & ~shape.registers()),
               .float_constant = op >= Op::kAddK && op <= Op::kMulK};
  }
  return rows;
}();

}  // namespace

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
  notes_code_ = options.comments || options.pc_map;
  cold_used_ = 0;
  literals_.clear();
  std::fill_n(guess_.begin(), proto_->max_stack, Intrinsic::kNone);
  std::fill_n(loop_guess_.begin(), proto_->max_stack, Intrinsic::kNone);
  facts_.Reset(*proto_);
  loop_step_.ResizeUninitialized(facts_.has_loops() ? words : 0);
  residents_.BeginFunction();
  k_loaded_ = true;
  loops_used_ = specialised_used_ = 0;
  inner_labels_.clear();
  SetLoop(nullptr);
  code_ = CompiledCode{};
  code_.loops.assign(proto_->loop_count, 0);
  labels_.clear();
  for (uint32_t i = 0; i < facts_.target_count(); ++i) labels_.push_back(Label());
  Scan();
  EmitEntry(options);
  EmitInstructions(facts_.instructions(), /*entered=*/false, options.verify_facts);
  EmitGeneralLoops(options.verify_facts);
  EmitCold();
  a_.Align(8);
  code_.literals = a_.offset();
  for (Literal& literal : literals_) {
    a_.Reserve();
    a_.Bind(literal.label);
    a_.Data64(literal.value);
  }
  absl::StatusOr<absl::Span<const uint32_t>> code = a_.Finish();
  if (options.pc_map) code_.pc_map = pc_map_.Build();
  if (!code.ok()) return code.status();
  code_.words = *code;
  return absl::OkStatus();
}

// Here begins the hot path of an instruction, or the part c of one that stands out of line.
inline void BaselineCompiler::NoteCode(uint32_t pc, const Cold* c) {
  if (ABSL_PREDICT_FALSE(notes_code_)) AddNote(pc, c);
}
void BaselineCompiler::AddNote(uint32_t pc, const Cold* c) {
  pc_map_.Add(a_.offset(), pc);
  if (!a_.comments_enabled()) return;
  if (c != nullptr) CommentCold(*c);
  else CommentOp(pc);
}

inline void BaselineCompiler::EnterInstruction(const Instruction& i, bool falls_through) {
  if (loop_ != nullptr && i.pc > loop_->end) LeaveLoop(falls_through);
  k_loaded_ |= !falls_through;
  if (facts_.IsTarget(i.pc)) return EnterTarget(i.pc, falls_through);
  if (i.shape.wants_k & !k_loaded_) LoadK();
  NoteCode(i.pc, nullptr);
}

void BaselineCompiler::EnterTarget(uint32_t pc, bool falls_through) {
  UseK();
  const bool is_loop = facts_.EnterTarget(pc, falls_through);
  residents_.Clear();
  a_.Bind(LabelAt(pc));
  NoteCode(pc, nullptr);
  if (is_loop) EnterLoop(pc, true);
}

inline void BaselineCompiler::EmitOp(const Instruction& i) {
  const uint32_t pc = i.pc;
  const lang::Word w = i.word;
  const uint8_t a = lang::FieldA(w), b = lang::FieldB(w), c = lang::FieldC(w);
  const Operand rb{b, false}, rc{c, false}, kc{c, true}, ra{a, false}, kb{b, true};
  switch (lang::OpOf(w)) {
    case Op::kMove:
      guess_[a] = guess_[b];
      return Move(pc);
    case Op::kLoadNil: return LoadNil(pc);
    case Op::kLoadFalse:
    case Op::kLoadTrue:
      return LoadBoolean(a, lang::OpOf(w) == Op::kLoadTrue);
    case Op::kLoadInt: return LoadInteger(a, lang::FieldSBx(w));
    case Op::kLoadFloat: return LoadFloat(a, lang::FieldSBx(w));
    case Op::kLoadK: return LoadConstant(a, lang::FieldBx(w));
    case Op::kLoadKX: return LoadConstant(a, proto_->code[pc + 1]);
    case Op::kGetUpval:
      guess_[a] = IntrinsicNamed(proto_->upvalues[b].name, false);
      return GetUpval(pc);
    case Op::kSetUpval: return SetUpval(pc);
    case Op::kGetTabUp:
      guess_[a] = IntrinsicNamed(NameConstant(c), /*global=*/true);
      return GetTabUp(pc);
    case Op::kSetTabUp: return SetTabUp(pc);
    case Op::kGetField:
      guess_[a] = IntrinsicNamed(NameConstant(c), false);
      return GetField(pc);
    case Op::kSetField: return SetField(pc);
    case Op::kSelf:
      guess_[a] = IntrinsicNamed(NameConstant(c), false);
      return Self(pc);
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
    case Op::kNewTable: return NewTable(pc);
    case Op::kSetList: return SetList(pc);
    case Op::kLen: return Length(pc);
    default: return Generic(pc);
  }
}

// `entered`: the first one has been entered. Answers whether the last one continues with the next.
bool BaselineCompiler::EmitInstructions(absl::Span<const uint32_t> instructions, bool entered, bool verify_facts) {
  const lang::Word* const code = proto_->code.data();
  bool falls_through = true;
  for (const uint32_t pc : instructions) {
    a_.Reserve();
    const Instruction i = Instruction::At(code, pc);
    if (!entered) EnterInstruction(i, falls_through);
    entered = false;
    residents_.BeginOp(UnwantedA(pc, i.word));
    if (ABSL_PREDICT_FALSE(verify_facts)) VerifyFacts(pc);
    EmitOp(i);
    guess_[i.shape.forgets_callee ? lang::FieldA(i.word) : Residents::kNoRegister] = Intrinsic::kNone;
    if (i.shape.keeps_residents) DropUnwanted(pc, i.word);
    else residents_.Clear();
    facts_.Commit(i);
    if (i.shape.back_edge) NoteLoop(pc);
    falls_through = i.shape.falls_through;
  }
  return falls_through;
}

// The head of the loop that the instruction at `pc` closes is where other code enters it.
void BaselineCompiler::NoteLoop(uint32_t pc) {
  const uint16_t loop = lang::FieldBx(proto_->code[pc]);
  if (loop == lang::kNoLoop) return;
  const auto head = static_cast<uint32_t>(lang::TargetOf(proto_->code.data(), pc));
  code_.loops[loop] = labels_[facts_.TargetAt(head)].offset();  // before homes are loaded and types checked
}

// From the end to the beginning; there are no branches on what an instruction is, as nothing could predict them.
// Finds which operands are wanted later in their block: the numbers of blocks go on from function to function, so that none is there before it is read.
// And guesses, where nothing else is known: operands of unknown types are floats in functions that have more of what makes floats than of what wants
// integers.
void BaselineCompiler::Scan() {
  wanted_.ResizeUninitialized(static_cast<uint32_t>(proto_->code.size()));
  const lang::Word* const code = proto_->code.data();
  uint8_t* const wanted = wanted_.begin();
  const Facts::Targets targets = facts_.targets();
  uint64_t block = ++last_block_;
  int floats = 0;
  const absl::Span<const uint32_t> instructions = facts_.instructions();
  for (const uint32_t* at = instructions.end(); at != instructions.begin();) {
    const uint32_t pc = *--at;
    const lang::Word w = code[pc];
    const ScanRow& row = kScanRows[static_cast<size_t>(lang::OpOf(w))];
    uint64_t& a = last_read_[lang::FieldA(w) + row.a];
    uint64_t& b = last_read_[lang::FieldB(w) + row.b];
    uint64_t& c = last_read_[lang::FieldC(w) + row.c];
    block += row.ends_before;
    wanted[pc] = static_cast<uint8_t>(row.others | (a == block) * OpShape::kA | (b == block) * OpShape::kB | (c == block) * OpShape::kC);
    block += row.ends_after;
    a = block & row.reads_a;
    b = block;
    c = block;
    block += targets.Has(pc);
    floats += row.float_weight;
    if (row.float_constant && std::holds_alternative<double>(ConstantAt(lang::FieldC(w)))) ++floats;
  }
  last_block_ = block;
  floats_likely_ = floats > 0;
}

void BaselineCompiler::VerifyFacts(uint32_t pc) {
  Label wrong, right;
  const lang::Word w = proto_->code[pc];
  const lang::OpInfo& info = lang::Info(lang::OpOf(w));
  const auto verify_tag = [&](lang::Column column, uint32_t reg) {
    if (info.kind(column) != lang::OperandKind::kIn || facts_.known(reg) == Known::kNothing) return;
    a_.ldr(X(16), Mem(kBase, Slot(reg) + 8));
    if (facts_.known(reg) == Known::kBoolean) {
      a_.sub(X(16), X(16), static_cast<uint32_t>(Tag::kFalse));
      a_.cmp(X(16), 1);
      a_.b(Cond::kHi, wrong);
    } else {
      a_.cmp(X(16), static_cast<uint32_t>(TagOf(facts_.known(reg))));
      a_.b(Cond::kNe, wrong);
    }
  };
  verify_tag(lang::Column::kA, lang::FieldA(w));
  verify_tag(lang::Column::kB, lang::FieldB(w));
  verify_tag(lang::Column::kC, lang::FieldC(w));
  const auto verify_copy = [&](const Residents::Entry& entry) {
    const auto [word, place] = entry;
    if (word == Residents::kClosureWord) {
      a_.ldur(X(16), Mem(kBase, -32));
    } else if (Residents::IsConstantWord(word)) {
      a_.Mov(X(16), static_cast<uint64_t>(Residents::ConstantOf(word)));
    } else {
      a_.ldr(X(16), Mem(kBase, int64_t{word} * 8));
    }
    if (Residents::IsX(place)) {
      a_.cmp(X(16), Residents::AsX(place));
    } else {
      a_.fmov(X(17), Residents::AsD(place));
      a_.cmp(X(16), X(17));
    }
    a_.b(Cond::kNe, wrong);
  };
  for (size_t i = 0; i < residents_.now().count; ++i) verify_copy(residents_.now().entries[i]);
  for (size_t i = 0; loop_ != nullptr && i < loop_->homes.count; ++i) verify_copy(loop_->homes.entries[i]);
  if (k_loaded_) {
    a_.ldur(X(16), Mem(kBase, -32));
    a_.ldr(X(16), Mem(X(16), Offsets::kFunctionK));
    a_.cmp(X(16), kK);
    a_.b(Cond::kNe, wrong);
  }
  if (!wrong.used()) return;
  a_.b(right);
  a_.Bind(wrong);
  a_.ldur(kK, Mem(kBase, -32));
  a_.ldr(kK, Mem(kK, Offsets::kFunctionK));
  a_.Mov(kPcIndex, pc);
  a_.BlTo(stubs_->wrong_fact);
  a_.Bind(right);
}

// The exact entry leads into the body; the other one, and whoever finds the stack full, comes there from out of line.
void BaselineCompiler::EmitEntry(const CompilerOptions& options) {
  Cold& c = AddCold(&BaselineCompiler::ColdEntry);
  c.pc = 0;
  if (proto_->is_vararg) {
    a_.Comment("entry: link stored, any number of arguments");
    code_.entry = a_.offset();
  } else {
    a_.Comment("exact entry");
    code_.has_exact_entry = true;
    code_.exact_entry = a_.offset();
    a_.stp(lr, kLink, Mem(kBase, -16));
    a_.Bind(c.slow);  // where the stack is checked
  }
  a_.ldr(X(9), Mem(kVm, Offsets::kStackLimit));
  a_.cmp(kBase, X(9));
  a_.B(Cond::kHi, c.entry);
  a_.Bind(c.join);
  if (proto_->is_vararg) {
    a_.Mov(kPcIndex, proto_->num_params);
    a_.BlTo(stubs_->adjust_varargs);
  }
  if (options.count_calls) {
    a_.ldur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
    a_.add(X(9), X(9), 1);
    a_.stur(X(9), Mem(kK, Offsets::kNativeCallsFromK));
  }
}

void BaselineCompiler::ColdEntry(Cold& c) {
  if (!proto_->is_vararg) a_.Mov(kWord.w(), proto_->num_params);
  a_.BlTo(stubs_->enter_slow);
  a_.b(c.join);
  if (proto_->is_vararg) return;
  if (proto_->num_params == 0) {
    code_.entry = c.slow.offset();
    return;
  }
  a_.Comment("entry: link stored, any number of arguments");
  code_.entry = a_.offset();
  a_.cmp(kWord.w(), proto_->num_params);
  a_.b(Cond::kEq, c.slow);
  a_.Mov(kPcIndex, proto_->num_params);
  // It counts w25 up, so that enter_slow sees the full number.
  a_.BlTo(stubs_->fill_params);
  a_.b(c.slow);
}

void BaselineCompiler::MakeCold() { cold_.push_back(std::make_unique<Cold>()); }

BaselineCompiler::Cold& BaselineCompiler::AddCold(void (BaselineCompiler::*emit)(Cold&)) {
  if (cold_used_ == cold_.size()) MakeCold();
  Cold& c = *cold_[cold_used_++];
  c.entry = Label();
  c.join = Label();
  c.slow = Label();
  c.nil = Label();
  c.hash = Label();
  c.found = Label();
  c.residents.count = c.before.count = 0;
  c.k_loaded = k_loaded_;
  c.emit = emit;
  c.loop = loop_;
  return c;
}

void BaselineCompiler::LoadLiteral(X x, uint64_t value) {
  literals_.push_back({Label(), value});
  a_.ldr(x, literals_.back().label);
}

void BaselineCompiler::EmitCold() {
  facts_.ForgetAll();  // each part stands elsewhere in the function
  residents_.EndKeeping();
  for (size_t i = 0; i < cold_used_; ++i) {  // cold parts may add more
    Cold& c = *cold_[i];
    if (c.loop != loop_) SetLoop(c.loop);
    a_.Reserve();
    a_.Bind(c.entry);
    NoteCode(c.pc, &c);
    residents_.BeginOp();
    k_loaded_ = c.k_loaded;
    (this->*c.emit)(c);
  }
}

// ---- Frame access.

X BaselineCompiler::UsePayload(uint32_t reg) {
  const Residents::Place place = residents_.FindX(Residents::PayloadWord(reg));
  if (place != Residents::kNowhere) return Residents::AsX(place);
  const X x = residents_.NewX();
  LoadPayload(x, reg);
  return x;
}

D BaselineCompiler::UseDouble(uint32_t reg) {
  const Residents::Place place = residents_.FindD(Residents::PayloadWord(reg));
  if (place != Residents::kNowhere) return Residents::AsD(place);
  const D d = residents_.NewD();
  LoadPayload(d, reg);
  return d;
}

inline void BaselineCompiler::EmitLoadPair(X payload, X tag, uint32_t reg) {
  if (reg <= kMaxPairReg) {
    a_.ldp(payload, tag, Mem(kBase, Slot(reg)));
  } else {
    a_.ldr(payload, Mem(kBase, Slot(reg)));
    a_.ldr(tag, Mem(kBase, Slot(reg) + 8));
  }
}

BaselineCompiler::Pair BaselineCompiler::UsePair(uint32_t reg) {
  if (residents_.HasAny(reg)) {
    const Residents::Place payload = residents_.FindX(Residents::PayloadWord(reg));
    const Residents::Place tag = residents_.FindX(Residents::TagWord(reg));
    if (payload != Residents::kNowhere && tag != Residents::kNowhere) return {Residents::AsX(payload), Residents::AsX(tag)};
  }
  const Pair pair = {residents_.NewX(), residents_.NewX()};
  EmitLoadPair(pair.payload, pair.tag, reg);
  residents_.KeepPair(reg, Residents::PlaceOf(pair.payload), Residents::PlaceOf(pair.tag));
  return pair;
}

X BaselineCompiler::UseClosure() {
  const Residents::Place place = residents_.FindX(Residents::kClosureWord);
  if (place != Residents::kNowhere) return Residents::AsX(place);
  const X x = residents_.NewX();
  a_.ldur(x, Mem(kBase, -32));
  residents_.Keep(Residents::kClosureWord, Residents::PlaceOf(x));
  return x;
}

// Out of line each user loads it again, as ways lead there from different places.
void BaselineCompiler::LoadK() {
  if (residents_.keeping()) {
    a_.ldr(kK, Mem(UseClosure(), Offsets::kFunctionK));
    k_loaded_ = true;
  } else {
    a_.ldur(kK, Mem(kBase, -32));
    a_.ldr(kK, Mem(kK, Offsets::kFunctionK));
  }
}

W BaselineCompiler::UseTag(uint32_t reg, W cold, bool payload_too) {
  const Residents::Place place = residents_.FindX(Residents::TagWord(reg));
  if (place != Residents::kNowhere) return Residents::AsX(place).w();
  if (!residents_.keeping()) {
    LoadTag(cold, reg);
    return cold;
  }
  if (payload_too && residents_.FindX(Residents::PayloadWord(reg)) == Residents::kNowhere) return UsePair(reg).tag.w();
  const X tag = residents_.NewX();
  LoadTag(tag.w(), reg);
  residents_.Keep(Residents::TagWord(reg), Residents::PlaceOf(tag));
  return tag.w();
}

X BaselineCompiler::UseConstantTag(Known type) {
  const uint32_t word = Residents::ConstantWord(TagOf(type));
  const Residents::Place place = residents_.FindX(word);
  if (place != Residents::kNowhere) return Residents::AsX(place);
  const X x = residents_.keeping() ? residents_.NewX() : X(16);
  a_.Mov(x, static_cast<uint64_t>(TagOf(type)));
  residents_.Keep(word, Residents::PlaceOf(x));
  return x;
}

void BaselineCompiler::LoadPair(X payload, X tag, uint32_t reg) {
  EmitLoadPair(payload, tag, reg);
  const Residents::Place payload_place = Residents::PlaceOf(payload), tag_place = Residents::PlaceOf(tag);
  if (payload_place != Residents::kNowhere && tag_place != Residents::kNowhere) return residents_.KeepPair(reg, payload_place, tag_place);
  KeepLoaded(Residents::PayloadWord(reg), payload_place);
  KeepLoaded(Residents::TagWord(reg), tag_place);
}
void BaselineCompiler::EmitStorePair(X payload, X tag, uint32_t reg) {
  if (reg <= kMaxPairReg) {
    a_.stp(payload, tag, Mem(kBase, Slot(reg)));
  } else {
    a_.str(payload, Mem(kBase, Slot(reg)));
    a_.str(tag, Mem(kBase, Slot(reg) + 8));
  }
  if (!residents_.has_homes()) return;
  UpdateHome(Residents::PayloadWord(reg), payload);
  UpdateHome(Residents::TagWord(reg), tag);
}
void BaselineCompiler::StorePair(X payload, X tag, uint32_t reg) {
  EmitStorePair(payload, tag, reg);
  residents_.KeepStored(reg, Residents::PlaceOf(payload), Residents::PlaceOf(tag));
}
void BaselineCompiler::LoadConstantPair(X payload, X tag, uint32_t k) {
  const X constants = UseK();
  if (k <= kMaxPairReg) {
    a_.ldp(payload, tag, Mem(constants, Slot(k)));
  } else {
    a_.Ldr(payload, Mem(constants, Slot(k)), X(16));
    a_.Ldr(tag, Mem(constants, Slot(k) + 8), X(16));
  }
}
void BaselineCompiler::LoadPayload(X x, uint32_t reg) {
  a_.ldr(x, Mem(kBase, Slot(reg)));
  KeepLoaded(Residents::PayloadWord(reg), Residents::PlaceOf(x));
}
void BaselineCompiler::LoadPayload(D d, uint32_t reg) {
  a_.ldr(d, Mem(kBase, Slot(reg)));
  KeepLoaded(Residents::PayloadWord(reg), Residents::PlaceOf(d));
}
void BaselineCompiler::StorePayload(X x, uint32_t reg) {
  a_.str(x, Mem(kBase, Slot(reg)));
  UpdateHome(Residents::PayloadWord(reg), x);
  residents_.KeepStored(reg, Residents::PayloadWord(reg), Residents::PlaceOf(x));
}
void BaselineCompiler::StorePayload(D d, uint32_t reg) {
  a_.str(d, Mem(kBase, Slot(reg)));
  UpdateHome(Residents::PayloadWord(reg), d);
  residents_.KeepStored(reg, Residents::PayloadWord(reg), Residents::PlaceOf(d));
}
void BaselineCompiler::LoadTag(W w, uint32_t reg) { a_.ldr(w, Mem(kBase, Slot(reg) + 8)); }

void BaselineCompiler::KeepLoaded(uint32_t word, Residents::Place place) {
  if (place != Residents::kNowhere) residents_.Keep(word, place);
}

void BaselineCompiler::StoreTag(Known type, uint32_t reg) {
  if (facts_.known(reg) == type) return;
  StoreTag(UseConstantTag(type), reg);
}
void BaselineCompiler::StoreTag(X tag, uint32_t reg) {
  a_.str(tag, Mem(kBase, Slot(reg) + 8));
  UpdateHome(Residents::TagWord(reg), tag);
  residents_.KeepStored(reg, Residents::TagWord(reg), Residents::PlaceOf(tag));
}
void BaselineCompiler::StoreTyped(X payload, Known type, uint32_t reg) {
  if (facts_.known(reg) == type) return StorePayload(payload, reg);
  StorePair(payload, UseConstantTag(type), reg);
}
void BaselineCompiler::StoreTyped(D payload, Known type, uint32_t reg) {
  StorePayload(payload, reg);
  StoreTag(type, reg);
}

// ---- Semantic calls.

void BaselineCompiler::CallStub(uint32_t pc) {
  UseK();
  residents_.Clear();
  a_.Mov(kPcIndex, pc);
  a_.BlTo(stubs_->semantic[static_cast<size_t>(lang::OpOf(proto_->code[pc]))]);
}
void BaselineCompiler::SemanticCall(uint32_t pc) {
  CallStub(pc);
  LoadHomes();
}

void BaselineCompiler::Join(Cold& c, Label& at) {
  a_.Bind(at);
  const lang::Word w = proto_->code[c.pc];
  DropUnwanted(c.pc, w);
  if ((ShapeOf(lang::OpOf(w)).writes & OpShape::kA) != 0) {
    residents_.DropShared(Residents::PayloadWord(lang::FieldA(w)));
    residents_.DropShared(Residents::TagWord(lang::FieldA(w)));
  }
  c.residents = residents_.now();
  c.given = residents_.given();
}

void BaselineCompiler::LoadAgain(const Residents::Entry& entry) {
  const auto [word, place] = entry;
  if (word == Residents::kClosureWord) return a_.ldur(Residents::AsX(place), Mem(kBase, -32));
  if (Residents::IsConstantWord(word)) return a_.Mov(Residents::AsX(place), static_cast<uint64_t>(Residents::ConstantOf(word)));
  if (Residents::IsX(place)) return a_.ldr(Residents::AsX(place), Mem(kBase, int64_t{word} * 8));
  a_.ldr(Residents::AsD(place), Mem(kBase, int64_t{word} * 8));
}

// The copies of this set, each place once; both words of a register by one instruction.
void BaselineCompiler::LoadAgain(const Residents::Snapshot& s, uint32_t set) {
  uint64_t loaded = 0;
  for (; set != 0; set &= set - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(set));
    const Residents::Entry& entry = s.entries[i];
    if ((loaded >> entry.place & 1) != 0) continue;
    loaded |= uint64_t{1} << entry.place;
    if ((set >> (i + 1) & 1) != 0 && Residents::AreWordsOfPair(entry, s.entries[i + 1]) && entry.word / 2 <= kMaxPairReg) {
      a_.ldp(Residents::AsX(entry.place), Residents::AsX(s.entries[i + 1].place), Mem(kBase, Slot(entry.word / 2)));
      loaded |= uint64_t{1} << s.entries[i + 1].place;
      set &= set - 1;
    } else {
      LoadAgain(entry);
    }
  }
}

void BaselineCompiler::Rejoin(Cold& c, Label& at) {
  if (c.residents.count != 0) LoadAgain(c.residents, (1u << c.residents.count) - 1);
  a_.b(at);
}

void BaselineCompiler::RejoinAfter(Cold& c, int dst, Label& at) {
  uint32_t again = 0;
  for (size_t i = 0; i < c.residents.count; ++i) {
    const Residents::Entry& entry = c.residents.entries[i];
    again |= uint32_t{entry.word / 2 == dst || !c.before.Has(entry)} << i;
  }
  if (again != 0) LoadAgain(c.residents, again);
  a_.b(at);
}

void BaselineCompiler::ColdSemantic(Cold& c) {
  // Fewer copies than this are loaded again without asking whether they have to be.
  constexpr uint32_t kMany = 4;
  const Op op = lang::OpOf(proto_->code[c.pc]);
  CallStub(c.pc);
  if (ShapeOf(op).by_stub && (c.residents.count >= kMany || HasHomes(c))) LoadWritten(c, op);
  LoadHomes();
  Rejoin(c);
}

bool BaselineCompiler::HasHomes(const Cold& c) const { return c.loop != nullptr && c.loop->homes.count != 0; }

// Behind the op's stub: what the op has written, and what the hot path has loaded itself; and then goes on at c.join, unless the semantic function ran.
void BaselineCompiler::LoadWritten(Cold& c, Op op) {
  const uint32_t a = lang::FieldA(proto_->code[c.pc]);
  const bool writes = (ShapeOf(op).writes & OpShape::kA) != 0;
  const auto written = [&](uint32_t word) { return writes && (word / 2 == a || (op == Op::kSelf && word / 2 == a + 2)); };
  uint32_t set = 0;
  for (size_t i = 0; i < c.residents.count; ++i) {
    const Residents::Entry& entry = c.residents.entries[i];
    set |= uint32_t{written(entry.word) || (c.given >> entry.place & 1) != 0} << i;
  }
  LoadAgain(c.residents, set);
  for (size_t i = 0; HasHomes(c) && i < c.loop->homes.count; ++i) {
    if (written(c.loop->homes.entries[i].word)) LoadAgain(c.loop->homes.entries[i]);
  }
  a_.Cbz(W(8), c.join);
}

void BaselineCompiler::ColdSemanticBranch(Cold& c) {
  SemanticCall(c.pc);
  a_.Cbnz(X(0), TargetLabel(c.pc));
  Rejoin(c);
}

Label& BaselineCompiler::LabelAt(uint32_t pc) {
  const bool inner = loop_ != nullptr && loop_->specialised && pc > loop_->head && pc <= loop_->end;
  return (inner ? inner_labels_ : labels_)[facts_.TargetAt(pc)];
}

Label& BaselineCompiler::TargetLabel(uint32_t pc) {
  const auto target = static_cast<uint32_t>(lang::TargetOf(proto_->code.data(), pc));
  return loop_ != nullptr && target == loop_->head ? loop_->inside : LabelAt(target);
}

void BaselineCompiler::Generic(uint32_t pc) {
  const Op op = lang::OpOf(proto_->code[pc]);
  SemanticCall(pc);
  if (ShapeOf(op).branches) a_.Cbnz(X(0), TargetLabel(pc));
}

}  // namespace perilune::vm::jit
