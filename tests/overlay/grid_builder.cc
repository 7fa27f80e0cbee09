// Makes the function of a case.

#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lang/verifier.h"
#include "runtime/frame_layout.h"
#include "tests/overlay/grid_case.h"

namespace perilune::vm::overlay {
namespace {

using lang::Column;
using lang::Constant;
using lang::Op;
using lang::OperandKind;
using lang::Proto;
using lang::Word;

constexpr uint32_t kSelector = kMaxOperands;     // arguments: values, selectors, fill
constexpr uint32_t kFill = 2 * kMaxOperands;
constexpr uint32_t kNear = 20, kFar = 44;        // where operands may begin
constexpr uint32_t kFarCell = 600;
constexpr uint32_t kIterations = 3;

bool SameConstant(const Constant& a, const Constant& b) {
  if (a.index() != b.index()) return false;
  const auto *x = std::get_if<double>(&a), *y = std::get_if<double>(&b);
  return x != nullptr ? std::bit_cast<uint64_t>(*x) == std::bit_cast<uint64_t>(*y) : a == b;
}

std::vector<Constant> ChoiceConstants(Known type) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  switch (type) {
    case Known::kInteger:
      return {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{3}, int64_t{64}, int64_t{5000}, INT64_MAX, INT64_MIN};
    case Known::kFloat: return {0.0, -0.0, 0.5, -1.5, 2.0, 1e308, kInf, std::numeric_limits<double>::quiet_NaN(), 0x1p63};
    case Known::kString: return {std::string("abc"), std::string(), std::string("10"), std::string(60, 'l')};
    case Known::kBoolean: return {false, true};
    case Known::kNil: return {std::monostate()};
    case Known::kTable:
    case Known::kLuaFunction:
    case Known::kNothing: return {};
  }
  return {};
}

class Builder {
 public:
  explicit Builder(const Case& c) : case_(c), proto_(std::make_shared<Proto>()), info_(lang::Info(c.op)) {
    first_ = c.far ? kFar : kNear;
    proto_->constants = GridConstants();
    if (c.far) proto_->cell_count = kFarCell;
  }

  std::shared_ptr<const Proto> Build() {
    proto_->is_vararg = TakesVarargs(case_);
    proto_->max_stack = static_cast<uint8_t>(End());
    proto_->num_params = static_cast<uint8_t>(proto_->is_vararg ? kFill + 1 : End());
    proto_->upvalues.push_back({case_.guess == Guess::kUpvalue ? std::string(case_.function) : "_ENV", true, 0});
    if (proto_->is_vararg) Emit(Op::kLoadNil, kFill + 1, End() - kFill - 1);
    for (uint32_t i = 0; i < case_.operands.size(); ++i) EmitValue(i);
    EmitOldDestination();
    Boundary();
    if (case_.floats != Floats::kNo) {
      const uint32_t never = Emit(Op::kEqK, kFill, K(true), 1);
      const uint32_t over = Emit(Op::kJump);
      Bind(never);
      for (int i = 0; i < 8; ++i) Emit(Op::kMulK, Counter(), Counter(), K(0.5));
      Bind(over);
    }
    EmitAround();
    for (size_t pc = 0; pc < proto_->code.size(); ++pc) proto_->lines.push_back(static_cast<int32_t>(pc) + 1);
    proto_->source = std::make_shared<const std::string>("=case");
    proto_->line_defined = 0;
    return lang::Verify(*proto_).ok() ? proto_ : nullptr;
  }

 private:
  // ---- Registers. Those that outlive calls at R(0), whose frames begin there, in front of the operands and groups that begin there.
  uint32_t Seen(uint32_t i) const { return 9 + i; }        // what the op left
  uint32_t Counter() const { return 14; }
  uint32_t Loop() const { return 15; }                     // four registers
  uint32_t Marker() const { return 19; }
  uint32_t R(uint32_t i) const { return first_ + i; }
  uint32_t Own() const { return first_ + 11; }             // destination (three registers)
  uint32_t Scratch(uint32_t i) const { return first_ + 14 + i; }
  uint32_t Area() const { return first_ + 19; }            // of other calls
  uint32_t End() const { return first_ + 26; }

  // The register of operand i.
  uint32_t OperandRegister(uint32_t i) const {
    if (case_.same && i == 1) i = 0;
    if ((case_.op == Op::kCall || case_.op == Op::kTailCall) && i > 0) return R(i + 1);  // behind the frame link
    return R(i);
  }
  uint32_t DestinationRegister() const {
    switch (case_.destination.place) {
      case Destination::Place::kOther: return Own();
      case Destination::Place::kFirst: return OperandRegister(0);
      case Destination::Place::kSecond: return OperandRegister(1);
    }
    return Own();
  }

  // ---- Code.
  uint32_t pc() const { return static_cast<uint32_t>(proto_->code.size()); }
  uint32_t Emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint32_t x = 0) {
    const uint32_t at = pc();
    proto_->code.push_back(static_cast<Word>(op) | a << 8 | b << 16 | c << 24);
    if (lang::InstructionWords(op) == 2) proto_->code.push_back(x);
    return at;
  }
  void SetTarget(uint32_t jump, uint32_t target) { proto_->code[jump + 1] = target - (jump + 2); }
  void Bind(uint32_t jump) { SetTarget(jump, pc()); }
  void Boundary() { Emit(Op::kJump); }  // to what follows
  uint32_t K(const Constant& constant) {
    for (uint32_t i = 0; i < proto_->constants.size(); ++i) {
      if (SameConstant(proto_->constants[i], constant)) return i;
    }
    proto_->constants.push_back(constant);
    return static_cast<uint32_t>(proto_->constants.size() - 1);
  }
  void Load(uint32_t reg, const Constant& constant) {
    if (const bool* b = std::get_if<bool>(&constant)) {
      Emit(*b ? Op::kLoadTrue : Op::kLoadFalse, reg);
    } else if (constant.index() == 0) {
      Emit(Op::kLoadNil, reg, 1);
    } else {
      Emit(Op::kLoadK, reg, K(constant));
    }
  }
  void Call(uint32_t func, uint32_t args, uint32_t results) { Emit(Op::kCall, func, args + 1, results + 1, proto_->call_site_count++); }
  uint32_t Cell() { return proto_->cell_count++; }

  // Functions to make closures of.
  std::shared_ptr<Proto> NewChild(uint32_t params) {
    auto child = std::make_shared<Proto>();
    child->source = std::make_shared<const std::string>("=case");
    child->num_params = static_cast<uint8_t>(params);
    child->max_stack = 16;
    return child;
  }
  uint32_t AddChild(std::shared_ptr<Proto> child) {
    child->lines.assign(child->code.size(), 1);
    proto_->children.push_back(std::make_unique<Proto>(std::move(*child)));
    return static_cast<uint32_t>(proto_->children.size() - 1);
  }
  // Its two arguments in reverse.
  uint32_t SwappingChild() {
    auto child = NewChild(2);
    child->code = {static_cast<Word>(Op::kMove) | 2u << 8 | 1u << 16, static_cast<Word>(Op::kMove) | 3u << 8 | 0u << 16,
                   static_cast<Word>(Op::kReturn) | 2u << 8 | 3u << 16};
    return AddChild(child);
  }
  // Reads its `count` upvalues, of registers from `reg` on and of this function's by turns; returns the last ones.
  uint32_t CapturingChild(uint32_t reg, uint32_t count) {
    auto child = NewChild(0);
    for (uint32_t i = 0; i < count; ++i) {
      const bool parent = i % 4 >= 2;
      child->upvalues.push_back({"up", !parent, static_cast<uint8_t>(parent ? 0 : reg + i % 3)});
      child->code.push_back(static_cast<Word>(Op::kGetUpval) | (i % 3) << 8 | i << 16);
    }
    child->code.push_back(static_cast<Word>(Op::kReturn) | 0u << 8 | 4u << 16);
    return AddChild(child);
  }

  // ---- Values.
  void EmitValue(uint32_t i) {
    const Operand& o = case_.operands[i];
    if (case_.same && i == 1) return;
    if (case_.guess != Guess::kNone && i == 0) return;  // comes later
    const uint32_t reg = OperandRegister(i);
    switch (o.source) {
      case Source::kArgument:
        Emit(Op::kMove, reg, i);
        break;
      case Source::kConstant:
        break;
      case Source::kKnown:
      case Source::kCaptured:
        EmitChoice(i, reg, o.type);
        break;
    }
    if (o.source == Source::kCaptured) {
      Emit(Op::kClosure, Scratch(i), CapturingChild(reg, 1));
      captures_ = true;
    } else if (o.copies == Copies::kPayload) {
      Emit(Op::kMove, Scratch(i), reg);
    }
  }
  // One of the type's values, by the operand's selector.
  void EmitChoice(uint32_t i, uint32_t reg, Known type) {
    if (type == Known::kTable) {
      Emit(Op::kNewTable, reg, lang::kNoCell);
      Emit(Op::kMove, Area(), kFill);
      Emit(Op::kMove, Area() + 2, reg);
      Emit(Op::kMove, Area() + 3, kSelector + i);
      return Call(Area(), 2, 0);
    }
    if (type == Known::kLuaFunction) {
      Emit(Op::kClosure, reg, SwappingChild());
      return;
    }
    const std::vector<Constant> choices = ChoiceConstants(type);
    std::vector<uint32_t> done;
    for (uint32_t n = 0; n + 1 < choices.size(); ++n) {
      const uint32_t next = Emit(Op::kEqK, kSelector + i, K(int64_t{n}), 0);
      Load(reg, choices[n]);
      done.push_back(Emit(Op::kJump));
      Bind(next);
    }
    Load(reg, choices.back());
    for (const uint32_t jump : done) Bind(jump);
  }
  void EmitOldDestination() {
    const Destination& d = case_.destination;
    if (d.place != Destination::Place::kOther || d.type == Known::kNothing) return;
    if (d.type == Known::kTable) Emit(Op::kNewTable, Own(), lang::kNoCell);
    else if (d.type == Known::kLuaFunction) Emit(Op::kClosure, Own(), SwappingChild());
    else Load(Own(), ChoiceConstants(d.type).front());
  }

  // ---- Copies.
  void EmitCopies(uint32_t i) {
    const Operand& o = case_.operands[i];
    if (case_.same && i == 1) return;
    const uint32_t reg = OperandRegister(i);
    if (o.source == Source::kConstant) Load(reg, o.constant);
    switch (o.copies) {
      case Copies::kNone:
        break;
      case Copies::kPair:
      case Copies::kPayload:  // since the types are the same
        Emit(Op::kMove, Scratch(i), reg);
        break;
      case Copies::kDouble:
        Emit(Op::kMulK, Scratch(i), reg, K(1.0));
        break;
      case Copies::kDoubleAndTag:
        Emit(Op::kMove, Scratch(i), reg);
        Emit(Op::kAddK, reg, reg, K(-0.0));
        break;
      case Copies::kResult:
        Emit(Op::kAddK, reg, reg, o.type == Known::kInteger ? K(int64_t{0}) : K(-0.0));
        break;
      case Copies::kTag:  // seven others take the payload's register
        Emit(Op::kMove, Scratch(i), reg);
        for (uint32_t n = 0; n < 7; ++n) Emit(Op::kLoadInt, Area() + 1, n + 1);
        break;
    }
  }

  // ---- The op and what is around it.
  void EmitAround() {
    switch (case_.around) {
      case Around::kNothing:
        EmitCore();
        break;
      case Around::kNumericLoop: {
        Load(Loop(), int64_t{1});
        Load(Loop() + 1, int64_t{kIterations});
        Load(Loop() + 2, int64_t{1});
        const uint32_t prep = Emit(Op::kForPrep, Loop());
        EmitCore();
        SetTarget(Emit(Op::kForLoop, Loop(), proto_->loop_count++), prep + 2);
        Bind(prep);
        break;
      }
      case Around::kWhileLoop:
      case Around::kOperandHome:
      case Around::kDestinationHome: {
        Load(Counter(), int64_t{0});
        const uint32_t head = pc();
        const uint32_t exit = Emit(Op::kGeK, Counter(), K(int64_t{kIterations}), 1);
        EmitCore();
        if (case_.around != Around::kWhileLoop) EmitReads(case_.around == Around::kOperandHome ? OperandRegister(0) : DestinationRegister());
        Emit(Op::kAddK, Counter(), Counter(), K(int64_t{1}));
        SetTarget(Emit(Op::kLoopJump, 0, proto_->loop_count++), head);
        Bind(exit);
        break;
      }
    }
    if (!ended_) EmitReturn();
  }
  // Each in a block of its own.
  void EmitReads(uint32_t reg) {
    for (int i = 0; i < 6; ++i) {
      Boundary();
      Emit(Op::kMove, Seen(4), reg);
    }
  }
  void EmitReturn() {
    const uint32_t flags = (captures_ ? lang::kCloseFlag : 0u) | (proto_->is_vararg ? lang::kVarargFlag : 0u);
    Emit(Op::kReturn, Seen(0), Area() - Seen(0) + 1, flags);
  }
  uint32_t ReturnFlagsField() const { return case_.fields[2] | (proto_->is_vararg ? lang::kVarargFlag : 0u); }

  void EmitCore() {
    for (uint32_t i = 0; i < case_.operands.size(); ++i) {
      if (case_.guess == Guess::kNone || i > 0) EmitCopies(i);
    }
    if (case_.destination.copied) Emit(Op::kMove, Scratch(4), DestinationRegister());
    switch (case_.op) {
      case Op::kConcat: return EmitGeneric(R(0));
      case Op::kForPrep:
      case Op::kForLoop: return EmitNumericLoop();
      case Op::kTForPrep:
      case Op::kTForCall:
      case Op::kTForLoop: return EmitGenericLoop();
      case Op::kCall: return EmitCall();
      case Op::kTailCall: return EmitTailCall();
      case Op::kReturn: return EmitReturnOp();
      case Op::kVararg: return EmitVararg();
      case Op::kSetList: return EmitSetList();
      case Op::kLoopJump: return EmitLoopJump();
      default: return EmitGeneric(0);
    }
  }

  // An op that is nothing but its operands. `group`: its InOut register.
  void EmitGeneric(uint32_t group) {
    std::array<uint32_t, lang::kColumnCount> fields = case_.fields;
    uint32_t operand = 0;
    bool writes = false;
    for (size_t i = 0; i < fields.size(); ++i) {
      switch (info_.kinds[i]) {
        case OperandKind::kIn: fields[i] = OperandRegister(operand++); break;
        case OperandKind::kOut:
          fields[i] = DestinationRegister();
          writes = true;
          break;
        case OperandKind::kInOut: fields[i] = group; break;
        case OperandKind::kCell: fields[i] = Cell(); break;
        case OperandKind::kCell16: fields[i] = fields[i] == 0 ? Cell() : fields[i]; break;
        case OperandKind::kChild16: fields[i] = CapturingChild(Scratch(0), case_.fields[i]); break;
        default: break;
      }
    }
    if (case_.op == Op::kTbc || case_.op == Op::kClosure) captures_ = true;
    const bool targets = info_.kind(Column::kX) == OperandKind::kTarget;
    const uint32_t at = Emit(case_.op, fields[0], fields[1], fields[2], fields[3]);
    if (info_.has_trait(lang::Trait::kEnds)) {
      ended_ = true;
      return;
    }
    if (case_.op == Op::kClosure) {
      Emit(Op::kMove, Area(), DestinationRegister());
      Call(Area(), 0, 3);
      for (uint32_t i = 0; i < 3; ++i) Emit(Op::kMove, Seen(i + 1), Area() + i);
      return;
    }
    EmitSeen(writes, group != 0 ? group : DestinationRegister());
    Emit(Op::kLoadInt, Marker(), 2);
    if (!targets) return;
    const uint32_t done = Emit(Op::kJump);
    Bind(at);
    Emit(Op::kLoadInt, Marker(), 1);
    EmitSeen(writes, DestinationRegister());
    Bind(done);
  }
  void EmitSeen(bool writes, uint32_t destination) {
    if (writes && case_.floats == Floats::kLikelyButCounted) Emit(Op::kAddK, Scratch(4), destination, K(int64_t{1}));
    if (writes || info_.kind(Column::kA) == OperandKind::kInOut) Emit(Op::kMove, Seen(0), destination);
    for (uint32_t i = 0; i < case_.operands.size() && i < 3; ++i) Emit(Op::kMove, Seen(i + 1), OperandRegister(i));
  }
  // What a call leaves in the registers that its frame had is nothing to compare.
  void ForgetFrom(uint32_t from) { Emit(Op::kLoadNil, from, Area() - from); }

  uint32_t LoopField(size_t column) { return case_.fields[column] == 0 ? proto_->loop_count++ : lang::kNoLoop; }

  // At most five times through the loop.
  void EmitNumericLoop() {
    Load(Marker(), int64_t{0});
    const uint32_t prep = Emit(Op::kForPrep, R(0));
    const uint32_t body = pc();
    Emit(Op::kAddK, Marker(), Marker(), K(int64_t{1}));
    Emit(Op::kMove, Seen(0), R(3));
    const uint32_t out = Emit(Op::kGtK, Marker(), K(int64_t{5}), 1);
    if (case_.fields[2] != 0) Emit(Op::kLoadK, R(3), K(std::string("abc")));  // the variable may be assigned
    SetTarget(Emit(Op::kForLoop, R(0), LoopField(1)), body);
    Bind(prep);
    Bind(out);
    Emit(Op::kLoadNil, R(0), 4);  // undefined when a loop has ended
  }

  void EmitGuess(uint32_t reg, uint32_t object) {
    const uint32_t to = case_.guess == Guess::kMoved ? Scratch(0) : reg;
    const uint32_t function = K(std::string(case_.function));
    if (case_.guess == Guess::kUpvalue) {
      Emit(Op::kGetUpval, to, 0);
    } else if (case_.guess == Guess::kMethod) {
      Emit(Op::kSelf, to, object, function, Cell());
    } else if (case_.library.empty()) {
      Emit(Op::kGetTabUp, to, 0, function, Cell());
    } else {
      Emit(Op::kGetTabUp, to, 0, K(std::string(case_.library)), Cell());
      Emit(Op::kGetField, to, to, function, Cell());
    }
    if (to != reg) Emit(Op::kMove, reg, to);
  }

  void EmitGenericLoop() {
    if (case_.guess != Guess::kNone) {
      // pairs(state), or the iterator itself.
      const bool is_iterator = case_.function == "next";
      Emit(Op::kMove, Scratch(3), R(1));
      EmitGuess(R(0), 0);
      if (!is_iterator) {
        Emit(Op::kMove, R(2), Scratch(3));
        Load(R(3), std::string("%w"));  // gmatch's pattern
        Call(R(0), case_.function == "gmatch" ? 2 : 1, 4);
      }
    }
    Load(Marker(), int64_t{0});
    const uint32_t prep = Emit(Op::kTForPrep, R(0));
    const uint32_t body = pc();
    Emit(Op::kAddK, Marker(), Marker(), K(int64_t{1}));
    Emit(Op::kMove, Seen(0), R(4));
    if (case_.fields[1] > 1) Emit(Op::kMove, Seen(1), R(5));
    const uint32_t out = Emit(Op::kGtK, Marker(), K(int64_t{5}), 1);
    Bind(prep);
    Emit(Op::kTForCall, R(0), case_.fields[1], 0, proto_->call_site_count++);
    SetTarget(Emit(Op::kTForLoop, R(0), LoopField(2)), body);
    Bind(out);
    Emit(Op::kClose, R(0));
    ForgetFrom(R(0));
  }

  void EmitCall() {
    const uint32_t args = case_.fields[1], results = case_.fields[2];
    if (case_.guess != Guess::kNone) {
      if (case_.guess == Guess::kMethod) {
        EmitGuess(R(0), R(2));
      } else {
        EmitGuess(R(0), 0);
      }
    }
    if (args == 0) {
      Emit(Op::kClosure, Area(), SwappingChild());
      Emit(Op::kMove, R(4), Area());
      Emit(Op::kMove, R(6), R(2));
      Emit(Op::kMove, R(7), R(3));
      Emit(Op::kCall, R(4), 3, 0, proto_->call_site_count++);
    }
    Emit(Op::kCall, R(0), args, results, proto_->call_site_count++);
    if (results == 0) {
      Emit(Op::kReturn, R(0), 0, ReturnFlagsField() & ~uint32_t{lang::kCloseFlag});
      ended_ = true;
      return;
    }
    for (uint32_t i = 0; i + 1 < results && i < 3; ++i) Emit(Op::kMove, Seen(i), R(i));
    ForgetFrom(R(0));
    Emit(Op::kLoadInt, Marker(), 2);
  }

  // Values up to the top from `from` on: the extra arguments.
  void EmitTop(uint32_t from) { Emit(Op::kVararg, from, 0); }

  void EmitTailCall() {
    if (case_.fields[1] == 0) EmitTop(R(2));
    Emit(Op::kTailCall, R(0), case_.fields[1], ReturnFlagsField(), proto_->call_site_count++);
    ended_ = true;
  }
  void EmitReturnOp() {
    if (case_.fields[1] == 0) EmitTop(R(1));
    Emit(Op::kReturn, R(0), case_.fields[1], ReturnFlagsField());
    ended_ = true;
  }
  void EmitVararg() {
    const uint32_t count = case_.fields[1];
    Emit(Op::kVararg, DestinationRegister(), count);
    if (count == 0) {
      Emit(Op::kReturn, DestinationRegister(), 0, lang::kVarargFlag);
      ended_ = true;
      return;
    }
    for (uint32_t i = 0; i + 1 < count && i < 3; ++i) Emit(Op::kMove, Seen(i), DestinationRegister() + i);
    ForgetFrom(Own());
  }
  void EmitSetList() {
    if (case_.fields[1] == 0) EmitTop(R(3));
    Emit(Op::kSetList, R(0), case_.fields[1], 0, case_.fields[3]);
    Emit(Op::kMove, Seen(0), R(0));
    Emit(Op::kLoadNil, R(3), 7);
  }
  void EmitLoopJump() {
    Load(Marker(), int64_t{0});
    const uint32_t head = pc();
    Emit(Op::kAddK, Marker(), Marker(), K(int64_t{1}));
    const uint32_t out = Emit(Op::kGtK, Marker(), K(int64_t{5}), 1);
    SetTarget(Emit(Op::kLoopJump, 0, LoopField(1)), head);
    Bind(out);
  }

  const Case& case_;
  const std::shared_ptr<Proto> proto_;
  const lang::OpInfo& info_;
  uint32_t first_;
  bool captures_ = false;
  bool ended_ = false;
};

}  // namespace

const std::vector<Constant>& GridConstants() {
  static const std::vector<Constant>* const constants = new std::vector<Constant>{
      std::monostate(), true, false, int64_t{0}, int64_t{1}, int64_t{2}, int64_t{-1}, int64_t{3}, int64_t{63}, int64_t{64}, int64_t{-3}, int64_t{4095},
      int64_t{4096}, int64_t{-4095}, int64_t{-4096}, int64_t{5000}, int64_t{1} << 53, (int64_t{1} << 53) + 1, INT64_MAX, INT64_MIN, 0.0, -0.0, 0.5, 2.0,
      -1.5, 1e300, std::numeric_limits<double>::quiet_NaN(), std::string("x"), std::string("y"), std::string("missing"), std::string("__index"),
      std::string(60, 'l'), std::string()};
  return *constants;
}

size_t ChoicesOf(Known type) {
  if (type == Known::kTable) return 5;  // FillTable's
  const size_t n = ChoiceConstants(type).size();
  return n == 0 ? 1 : n;
}

bool UsesUpvalue(Op op) {
  for (const OperandKind kind : lang::Info(op).kinds) {
    if (kind == OperandKind::kUpval) return true;
  }
  return false;
}

bool TakesVarargs(const Case& c) {
  const lang::OpInfo& info = lang::Info(c.op);
  if (c.op == Op::kVararg) return true;
  if (info.kind(Column::kC) == OperandKind::kFlags && (c.fields[2] & lang::kVarargFlag) != 0) return true;
  return c.op == Op::kSetList && c.fields[1] == 0;
}

std::shared_ptr<const Proto> BuildCase(const Case& c) { return Builder(c).Build(); }

}  // namespace perilune::vm::overlay
