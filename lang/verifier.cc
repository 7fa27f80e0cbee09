#include "lang/verifier.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

// Checks one function. Each rule is a method that reports through Fail; the first failure is kept
// and the rest is skipped.
class Verifier {
 public:
  explicit Verifier(const Proto& proto) : proto_(proto) {}

  absl::Status Run() {
    CheckHeader();
    FindInstructions();
    for (size_t i = 0; ok() && i < starts_.size(); ++i) CheckInstruction(i);
    CheckDebugInfo();
    return status_;
  }

 private:
  bool ok() const { return status_.ok(); }

  void Fail(std::string_view problem) {
    if (ok())
      status_ = absl::InternalError(
          absl::StrCat("function at line ", proto_.line_defined, ": ", problem));
  }
  void FailAt(size_t pc, std::string_view problem) {
    Fail(absl::StrCat("pc ", pc, " (", OpName(OpOf(proto_.code[pc])), "): ", problem));
  }

  void CheckHeader() {
    if (proto_.code.empty()) return Fail("no code");
    if (proto_.lines.size() != proto_.code.size()) return Fail("lines do not match code");
    if (proto_.max_stack < 2) return Fail("max_stack below 2");
    if (proto_.num_params > proto_.max_stack) return Fail("parameters beyond max_stack");
    if (proto_.upvalues.size() > 255) return Fail("too many upvalues");
    if (proto_.source == nullptr) return Fail("no source name");
    for (const auto& child : proto_.children) {
      if (child == nullptr) return Fail("missing child");
      for (const UpvalueInfo& upvalue : child->upvalues) {
        const size_t limit =
            upvalue.from_parent_register ? proto_.max_stack : proto_.upvalues.size();
        if (upvalue.index >= limit)
          return Fail(absl::StrCat("child's upvalue '", upvalue.name, "' does not exist"));
      }
    }
  }

  // Fills starts_ and is_target_.
  void FindInstructions() {
    if (!ok()) return;
    is_start_.resize(proto_.code.size());
    is_target_.resize(proto_.code.size());
    site_used_.resize(proto_.call_site_count);
    cell_used_.resize(proto_.cell_count);
    for (size_t pc = 0; pc < proto_.code.size(); pc += InstructionWords(OpOf(proto_.code[pc]))) {
      if (!IsValidOp(proto_.code[pc])) return Fail(absl::StrCat("pc ", pc, ": unknown op"));
      if (pc + InstructionWords(OpOf(proto_.code[pc])) > proto_.code.size())
        return FailAt(pc, "incomplete");
      starts_.push_back(pc);
      is_start_[pc] = true;
    }
    if (!HasTrait(OpOf(proto_.code[starts_.back()]), Trait::kEnds))
      return Fail("control runs off the end");
    for (const size_t pc : starts_) {
      if (Info(OpOf(proto_.code[pc])).kind(Column::kX) != OperandKind::kTarget) continue;
      const size_t target = TargetOf(proto_.code.data(), pc);
      if (target < is_target_.size()) is_target_[target] = true;
    }
  }

  void CheckInstruction(size_t index) {
    const size_t pc = starts_[index];
    const Op op = OpOf(proto_.code[pc]);
    for (size_t i = 0; i < kColumnCount; ++i) CheckOperand(pc, Info(op), static_cast<Column>(i));
    if (!ok()) return;
    CheckRegisterGroups(pc, op);
    CheckTop(index, op);
    CheckLoops(pc, op);
    CheckReturns(pc, op);
  }

  // ---- Operands by kind ----

  void CheckOperand(size_t pc, const OpInfo& info, Column column) {
    const Word* word = &proto_.code[pc];
    const auto below = [&](size_t value, size_t limit) {
      if (value >= limit) {
        FailAt(pc, absl::StrCat(info.operand_names[static_cast<size_t>(column)], "=", value,
                                " is out of bounds"));
      }
    };
    switch (info.kind(column)) {
      case OperandKind::kNone:
        return CheckUnused(pc, info, column);
      case OperandKind::kOut:
      case OperandKind::kIn:
      case OperandKind::kInOut:
        return below(ReadOperand<OperandKind::kIn>(column, word), proto_.max_stack);
      case OperandKind::kUpval:
        return below(ReadOperand<OperandKind::kUpval>(column, word), proto_.upvalues.size());
      case OperandKind::kConst: {
        const size_t index = ReadOperand<OperandKind::kConst>(column, word);
        below(index, proto_.constants.size());
        return ok() ? CheckConstantType(pc, proto_.constants[index]) : void();
      }
      case OperandKind::kConst16:
        return below(ReadOperand<OperandKind::kConst16>(column, word), proto_.constants.size());
      case OperandKind::kConst32:
        return below(ReadOperand<OperandKind::kConst32>(column, word), proto_.constants.size());
      case OperandKind::kFlag:
        return below(ReadOperand<OperandKind::kFlag>(column, word), 2);
      case OperandKind::kFlags:
        return below(ReadOperand<OperandKind::kFlags>(column, word),
                     (kCloseFlag | kVarargFlag) + 1);
      case OperandKind::kChild16:
        return below(ReadOperand<OperandKind::kChild16>(column, word), proto_.children.size());
      case OperandKind::kLoop16: {
        const uint16_t loop = ReadOperand<OperandKind::kLoop16>(column, word);
        return loop == kNoLoop ? void() : below(loop, proto_.loop_count);
      }
      case OperandKind::kTarget:
        return CheckTarget(pc, info);
      case OperandKind::kCallSite: {
        const size_t site = ReadOperand<OperandKind::kCallSite>(column, word);
        below(site, proto_.call_site_count);
        if (!ok()) return;
        if (site_used_[site]) FailAt(pc, "call site used twice");
        site_used_[site] = true;
        return;
      }
      case OperandKind::kCell:
        return CheckCell(pc, ReadOperand<OperandKind::kCell>(column, word));
      case OperandKind::kCell16: {
        const uint16_t cell = ReadOperand<OperandKind::kCell16>(column, word);
        return cell == kNoCell ? void() : CheckCell(pc, cell);
      }
      case OperandKind::kTableSize: {
        const uint32_t size = ReadOperand<OperandKind::kTableSize>(column, word);
        if (HashBits(size) > kMaxHashBits) return FailAt(pc, "hash_bits is too large");
        CheckTableSize(pc, ArraySlots(size));
        return CheckTableSize(pc, HashSlots(size) / 2);
      }
      case OperandKind::kInt8:
      case OperandKind::kInt16:
      case OperandKind::kInt32:
      case OperandKind::kCount:
      case OperandKind::kCountOrTop:
        return;
    }
  }

  // Ops keep different things in their cells.
  void CheckCell(size_t pc, size_t cell) {
    if (cell >= proto_.cell_count) return FailAt(pc, absl::StrCat("cell=", cell, " is out of bounds"));
    if (cell_used_[cell]) FailAt(pc, "cell used twice");
    cell_used_[cell] = true;
  }

  void CheckUnused(size_t pc, const OpInfo& info, Column column) {
    const Word word = proto_.code[pc];
    const OperandKind b = info.kind(Column::kB);
    const bool b_is_wide = b == OperandKind::kConst16 || b == OperandKind::kInt16 ||
                           b == OperandKind::kChild16 || b == OperandKind::kLoop16 ||
                           b == OperandKind::kCell16;
    const bool is_zero = column == Column::kA   ? FieldA(word) == 0
                         : column == Column::kB ? FieldB(word) == 0
                         : column == Column::kC ? b_is_wide || FieldC(word) == 0
                                                : true;
    if (!is_zero) FailAt(pc, "unused column is not zero");
  }

  // 8-bit constants: keys of tables are strings, what arithmetic and order take are numbers,
  // equality takes anything.
  void CheckConstantType(size_t pc, const Constant& constant) {
    const Op op = OpOf(proto_.code[pc]);
    const OpInfo& info = Info(op);
    bool is_key = false;
    for (size_t i = 0; i < kColumnCount; ++i) {
      is_key |= info.kinds[i] == OperandKind::kConst && info.operand_names[i] == "key";
    }
    const bool is_number =
        std::holds_alternative<int64_t>(constant) || std::holds_alternative<double>(constant);
    if (is_key && !std::holds_alternative<std::string>(constant)) FailAt(pc, "key is not a string");
    if (!is_key && op != Op::kEqK && !is_number) FailAt(pc, "constant is not a number");
  }

  void CheckTarget(size_t pc, const OpInfo& info) {
    const size_t target = TargetOf(proto_.code.data(), pc);
    if (target >= is_start_.size() || !is_start_[target])
      return FailAt(pc, "target is not an instruction");
    if (info.has_trait(Trait::kBackEdge) != (target <= pc))
      FailAt(pc, "target is in the wrong direction");
  }

  // ---- Groups of registers ----

  // The `count` registers from `first` on must exist.
  void CheckRange(size_t pc, size_t first, size_t count) {
    if (first + count > proto_.max_stack) FailAt(pc, "uses registers beyond max_stack");
  }

  // Number of values that a CountOrTop operand states; 0 for "up to the top".
  static size_t Values(uint8_t count_or_top) {
    return count_or_top == 0 ? 0 : count_or_top - size_t{1};
  }

  // A constructor's table has as many elements as its code makes; an instruction makes at most 255.
  void CheckTableSize(size_t pc, uint64_t elements) {
    if (elements > 255 * proto_.code.size()) FailAt(pc, "table is larger than the code");
  }

  void CheckRegisterGroups(size_t pc, Op op) {
    const Word* word = &proto_.code[pc];
    switch (op) {
      case Op::kLoadNil: {
        const auto o = LoadNilOperands::Decode(word);
        if (o.count == 0) FailAt(pc, "count is 0");
        return CheckRange(pc, o.first, o.count);
      }
      case Op::kConcat: {
        const auto o = ConcatOperands::Decode(word);
        if (o.count < 2) FailAt(pc, "count is below 2");
        return CheckRange(pc, o.first, o.count);
      }
      case Op::kSetList: {
        const auto o = SetListOperands::Decode(word);
        CheckTableSize(pc, o.skip);
        return CheckRange(pc, o.table, 1 + Values(o.count));
      }
      case Op::kSelf:
        return CheckRange(pc, SelfOperands::Decode(word).dst, 3);
      case Op::kForPrep:
      case Op::kForLoop:
      case Op::kTForPrep:
        return CheckRange(pc, FieldA(*word), 4);
      case Op::kTForCall: {
        const auto o = TForCallOperands::Decode(word);
        if (o.results == 0) FailAt(pc, "results is 0");
        CheckRange(pc, o.base, 4 + size_t{o.results});
        return CheckRange(pc, o.base, 8);  // callee, link and two arguments behind the loop's four
      }
      case Op::kTForLoop:
        return CheckRange(pc, FieldA(*word), 5);
      case Op::kCall: {
        const auto o = CallOperands::Decode(word);
        CheckRange(pc, o.func, 2 + Values(o.args));
        return CheckRange(pc, o.func, Values(o.results));
      }
      case Op::kTailCall: {
        const auto o = TailCallOperands::Decode(word);
        return CheckRange(pc, o.func, 2 + Values(o.args));
      }
      case Op::kReturn: {
        const auto o = ReturnOperands::Decode(word);
        return CheckRange(pc, o.first, Values(o.count));
      }
      case Op::kVararg: {
        const auto o = VarargOperands::Decode(word);
        if (!proto_.is_vararg) FailAt(pc, "function is not vararg");
        return CheckRange(pc, o.first, Values(o.count));
      }
      default:
        return;
    }
  }

  // ---- The top ----

  // The first register of the open values that the instruction makes, or -1.
  int OpenProducer(size_t pc) const {
    const Word* word = &proto_.code[pc];
    if (OpOf(*word) == Op::kCall && CallOperands::Decode(word).results == 0) return FieldA(*word);
    if (OpOf(*word) == Op::kVararg && VarargOperands::Decode(word).count == 0) return FieldA(*word);
    return -1;
  }

  // The first register of the values that the instruction takes up to the top, or -1.
  int OpenConsumer(size_t pc) const {
    const Word* word = &proto_.code[pc];
    switch (OpOf(*word)) {
      case Op::kCall:
        return CallOperands::Decode(word).args == 0 ? FieldA(*word) + 2 : -1;
      case Op::kTailCall:
        return TailCallOperands::Decode(word).args == 0 ? FieldA(*word) + 2 : -1;
      case Op::kReturn:
        return ReturnOperands::Decode(word).count == 0 ? FieldA(*word) : -1;
      case Op::kSetList:
        return SetListOperands::Decode(word).count == 0 ? FieldA(*word) + 1 : -1;
      default:
        return -1;
    }
  }

  void CheckTop(size_t index, Op op) {
    const size_t pc = starts_[index];
    if (HasTrait(op, Trait::kSetsTop) && OpenProducer(pc) >= 0) {
      // The last instruction ends the function, so there is a next one.
      if (OpenConsumer(starts_[index + 1]) < 0)
        FailAt(pc, "sets the top, but the next instruction does not use it");
    }
    if (HasTrait(op, Trait::kUsesTop) && OpenConsumer(pc) >= 0) {
      if (index == 0 || OpenProducer(starts_[index - 1]) < 0 || is_target_[pc]) {
        FailAt(pc, "uses a top that is not set");
      } else if (OpenProducer(starts_[index - 1]) < OpenConsumer(pc)) {
        FailAt(pc, "the top is set below its values");
      }
    }
  }

  // ---- Loops and returns ----

  // Whether an instruction `op` on register `base` stands at `pc`.
  bool IsAt(size_t pc, Op op, uint8_t base) const {
    return pc < is_start_.size() && is_start_[pc] && OpOf(proto_.code[pc]) == op &&
           FieldA(proto_.code[pc]) == base;
  }

  void CheckLoops(size_t pc, Op op) {
    const Word* code = proto_.code.data();
    const uint8_t base = FieldA(code[pc]);
    switch (op) {
      case Op::kForPrep: {
        // prep; body: ...; loop -> body; exit:
        const size_t exit = TargetOf(code, pc);
        if (!IsAt(exit - 2, Op::kForLoop, base) || TargetOf(code, exit - 2) != pc + 2)
          FailAt(pc, "no matching ForLoop");
        return;
      }
      case Op::kForLoop: {
        const size_t prep = TargetOf(code, pc) - 2;
        if (!IsAt(prep, Op::kForPrep, base) || TargetOf(code, prep) != pc + 2)
          FailAt(pc, "no matching ForPrep");
        return;
      }
      case Op::kTForPrep: {
        // prep -> call; body: ...; call: call; loop -> body
        const size_t call = TargetOf(code, pc);
        if (!IsAt(call, Op::kTForCall, base)) FailAt(pc, "no matching TForCall");
        return;
      }
      case Op::kTForCall:
        if (!IsAt(pc + 2, Op::kTForLoop, base)) FailAt(pc, "no matching TForLoop");
        return;
      case Op::kTForLoop: {
        const size_t prep = TargetOf(code, pc) - 2;
        if (!IsAt(prep, Op::kTForPrep, base) || TargetOf(code, prep) != pc - 2)
          FailAt(pc, "no matching TForPrep");
        return;
      }
      default:
        return;
    }
  }

  void CheckReturns(size_t pc, Op op) {
    const Word* word = &proto_.code[pc];
    if (op == Op::kReturn0 || op == Op::kReturn1) {
      if (proto_.is_vararg) FailAt(pc, "in a vararg function");
    } else if (op == Op::kReturn || op == Op::kTailCall) {
      const uint8_t flags = ReadOperand<OperandKind::kFlags>(Column::kC, word);
      if (((flags & kVarargFlag) != 0) != proto_.is_vararg)
        FailAt(pc, "kVarargFlag does not match the function");
    }
  }

  // ---- Debug information ----

  void CheckDebugInfo() {
    if (!ok()) return;
    const LocalInfo* previous = nullptr;
    for (const LocalInfo& local : proto_.locals) {
      if (local.reg >= proto_.max_stack) return Fail("local beyond max_stack");
      if (local.start_pc > local.end_pc || local.end_pc > proto_.code.size())
        return Fail("local outside the code");
      if (previous != nullptr &&
          (local.start_pc < previous->start_pc ||
           (local.start_pc == previous->start_pc && local.reg < previous->reg))) {
        return Fail("locals out of order");
      }
      previous = &local;
    }
  }

  const Proto& proto_;
  absl::Status status_;
  std::vector<size_t> starts_;   // where each instruction starts
  std::vector<bool> is_start_;   // by word
  std::vector<bool> is_target_;  // by word: some jump arrives there
  std::vector<bool> site_used_;  // by call site
  std::vector<bool> cell_used_;  // by cell
};

}  // namespace

absl::Status Verify(const Proto& proto) {
  if (absl::Status status = Verifier(proto).Run(); !status.ok()) return status;
  for (const auto& child : proto.children) {
    if (absl::Status status = Verify(*child); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace perilune::lang
