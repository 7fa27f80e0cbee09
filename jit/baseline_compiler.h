// The baseline compiler: one linear pass over a function's bytecode, a template per op.
//
// A template emits the common case inline; what is rarer goes out of line, to the end of the code, and what is rarest to a shared stub that runs the
// op's semantic function (runtime/semantics.h). An op without a template of its own is that call alone, so any function compiles. Templates keep
// all values in the frame at op boundaries: the interpreter can take over at any of them, and it does the reverse at loop heads (OSR).
//
//   code   | exact entry | checks | op | op | ... | out of line parts, entry | literals |
//
// Code holds no isolate's address: constants are reached through x23, upvalues through the frame. See register_plan.h and stubs.h.
//
// Compiling needs no AArch64: the words can be disassembled and checked anywhere.

#ifndef PERILUNE_JIT_BASELINE_COMPILER_H_
#define PERILUNE_JIT_BASELINE_COMPILER_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/a64_assembler.h"
#include "jit/code_map.h"
#include "jit/facts.h"
#include "jit/op_shape.h"
#include "jit/register_plan.h"
#include "jit/residents.h"
#include "jit/reused_array.h"
#include "jit/stubs.h"
#include "lang/bytecode.h"
#include "lang/proto.h"
#include "runtime/intrinsic.h"
#include "runtime/metamethod.h"
#include "runtime/module.h"

namespace perilune::vm::jit {

struct CompilerOptions {
  bool count_calls = false;  // count entries in ProtoInstance::calls
  bool comments = false;     // for dumps
  bool pc_map = false;       // make CompiledCode::pc_map, too
  bool verify_facts = false;  // check at each instruction what is known of its operands, and all copies of the frame; the process ends if that is wrong
};

// Where the parts of a function's code are. The words stay with the assembler until the next compilation.
struct CompiledCode {
  absl::Span<const uint32_t> words;
  uint32_t entry = 0;              // frame link stored; w25 arguments
  uint32_t exact_entry = 0;        // see CallTarget::exact
  bool has_exact_entry = false;    // not for vararg functions
  std::vector<uint32_t> loops;     // by Loop16; offset of each loop's head
  uint32_t literals = 0;           // offset of what follows the code
  PcMap pc_map;                    // if asked for; who needs it later compiles again, which gives the same code
};

// The tag that a fact stands for.
Tag TagOf(Known type);
// What dumps call it.
std::string_view NameOf(Known type);

class BaselineCompiler {
 public:
  // Compiles a verified function. kOutOfRange: too large.
  absl::StatusOr<CompiledCode> Compile(const ProtoSlots& function, const StubAddresses& stubs, const CompilerOptions& options);
  // Resolves calls of stubs for code that will run at `address`.
  absl::Status Link(uintptr_t address) { return a_.Link(address); }
  absl::Span<const CodeComment> comments() const { return a_.comments(); }
  absl::Span<const Assembler::ExternalBranch> external_branches() const { return a_.external_branches(); }

 private:
  // An operand of an arithmetic op or comparison: a register or a constant number.
  struct Operand {
    uint8_t index;
    bool is_constant;
  };
  // An innermost loop whose words have homes, or whose code is for certain types alone (innermost_loops.cc).
  struct LoopContext {
    uint32_t head = 0, end = 0;
    Label inside;  // the head for branches from within
    Label after;   // what follows the loop, for its general code
    bool specialised = false;
    bool control_kept = false;  // a numeric loop whose body does not write its variable
    Residents::Homes homes;
  };
  // What a specialised loop's general code begins with.
  struct SpecialisedLoop {
    LoopContext* context;
    Label general;
    Facts::Snapshot facts;
    std::array<Intrinsic, Residents::kNoRegister + 1> guess;
    std::array<Intrinsic, 256> loop_guess;
  };
  // Machine code that stands out of line.
  struct Cold {
    void (BaselineCompiler::*emit)(Cold&);
    uint32_t pc;
    Label entry;
    Label join;     // where the hot path goes on
    Label slow;     // the op's semantic call
    Label nil;          // of accesses to fields and elements: where the hot path goes on with a nil
    Label hash, found;  // of element accesses: a key not in the array part; where the hot path goes on with its element's address in x14
    Operand lhs{}, rhs{};
    uint8_t dst = 0;
    X table{9}, payload{9};  // of these accesses: the table, an integer key (or the constant `extra`)
    bool integers = false;  // which case this alternative handles
    uint32_t extra = 0;
    bool k_loaded = true;   // x23 holds the constants (UseK)
    LoopContext* loop = nullptr;
    Residents::Snapshot residents;  // of the hot path where this joins
    uint64_t given = 0;             // the places of these that the hot path has filled itself
    Residents::Snapshot before;     // what was there where the hot path branched here, for RejoinAfter
    Label* back = nullptr;        // where to go on, if that is not `join`
  };
  enum class Compare : uint8_t { kLt, kLe, kGt, kGe };

  // A constant behind the code.
  struct Literal {
    Label label;
    uint64_t value;
  };

  // ---- Innermost loops (innermost_loops.cc).
  struct LoopUse;
  struct LoopUses;
  void EnterLoop(uint32_t head, bool first);
  void LeaveLoop(bool falls_through);
  void FindUses(uint32_t head, uint32_t end, LoopUses& uses) const;
  bool Specialise(LoopContext& loop, const LoopUses& uses);
  void EmitGeneralLoops(bool verify_facts);
  void ChooseHomes(LoopContext& loop, const LoopUses& uses) const;
  void SetLoop(LoopContext* loop);
  void LoadHomes();
  // A register of the machine holds the word's new value: so must its home, if it has one.
  template <typename R>
  void UpdateHome(uint32_t word, R r) {
    if (const Residents::Place home = residents_.HomeOf(word); home != Residents::kNowhere) MoveTo(home, r);
  }
  void MoveTo(Residents::Place home, X x);
  void MoveTo(Residents::Place home, D d);

  // ---- Driver (baseline_compiler.cc).
  void NoteLoop(uint32_t pc);
  void Scan();
  // The register in a column, if nothing reads it later in the block; else none.
  uint32_t UnwantedA(uint32_t pc, lang::Word w) const { return Unwanted(lang::FieldA(w), wanted_[pc] / OpShape::kA); }
  static uint32_t Unwanted(uint32_t reg, uint32_t wanted) { return reg | (wanted & 1) * Residents::kNoRegister; }
  void DropUnwanted(uint32_t pc, lang::Word w) {
    const uint32_t wanted = wanted_[pc];
    residents_.DropRegisters(Unwanted(lang::FieldA(w), wanted / OpShape::kA), Unwanted(lang::FieldB(w), wanted / OpShape::kB),
                             Unwanted(lang::FieldC(w), wanted / OpShape::kC));
  }
  void VerifyFacts(uint32_t pc);
  absl::Status CompileOnce(Branches branches, const CompilerOptions& options);
  void EmitEntry(const CompilerOptions& options);
  void ColdEntry(Cold& c);
  Label& LabelAt(uint32_t pc);
  bool EmitInstructions(absl::Span<const uint32_t> instructions, bool entered, bool verify_facts);
  ABSL_ATTRIBUTE_ALWAYS_INLINE void EnterInstruction(const Instruction& i, bool falls_through);
  void EnterTarget(uint32_t pc, bool falls_through);
  void NoteCode(uint32_t pc, const Cold* c);
  PERILUNE_RARE void AddNote(uint32_t pc, const Cold* c);
  ABSL_ATTRIBUTE_ALWAYS_INLINE void EmitOp(const Instruction& i);
  // ---- For dumps (compiler_comments.cc).
  PERILUNE_RARE void CommentOp(uint32_t pc);
  PERILUNE_RARE void CommentCold(const Cold& c);
  static std::string_view PurposeOf(const Cold& c);
  std::string StateOf(uint32_t reg) const;
  std::string PlacesOf(uint32_t word) const;

  void EmitCold();
  PERILUNE_RARE void MakeCold();
  Cold& AddCold(void (BaselineCompiler::*emit)(Cold&));
  void LoadLiteral(X x, uint64_t value);
  const lang::Constant& ConstantAt(uint32_t k) const { return proto_->constants[k]; }

  // ---- Frame access (baseline_compiler.cc). What is loaded or stored from x0..x7 or d16..d23 is kept (residents.h).
  // In any register: where it is already, or loaded.
  X UsePayload(uint32_t reg);
  D UseDouble(uint32_t reg);
  struct Pair {
    X payload, tag;
  };
  Pair UsePair(uint32_t reg);
  X UseClosure();
  // x23, which calls leave with another function's constants.
  X UseK() {
    if (!k_loaded_) LoadK();
    return kK;
  }
  void LoadK();
  // Out of line, the tag is loaded to `cold`. With `payload_too` that will be wanted next.
  W UseTag(uint32_t reg, W cold, bool payload_too = false);
  X UseConstantTag(Known type);
  void EmitLoadPair(X payload, X tag, uint32_t reg);   // keeps nothing
  void LoadPair(X payload, X tag, uint32_t reg);
  void EmitStorePair(X payload, X tag, uint32_t reg);  // keeps and drops nothing: for a way that leaves the block
  void StorePair(X payload, X tag, uint32_t reg);
  void LoadConstantPair(X payload, X tag, uint32_t k);
  void LoadPayload(X x, uint32_t reg);
  void LoadPayload(D d, uint32_t reg);
  void StorePayload(X x, uint32_t reg);
  void StorePayload(D d, uint32_t reg);
  void LoadTag(W w, uint32_t reg);
  void KeepLoaded(uint32_t word, Residents::Place place);
  // Stores a payload with a tag that is known now; omits the tag where it is already there.
  void StoreTyped(X payload, Known type, uint32_t reg);
  void StoreTyped(D payload, Known type, uint32_t reg);
  void StoreTag(Known type, uint32_t reg);
  void StoreTag(X tag, uint32_t reg);

  // ---- Semantic calls (baseline_compiler.cc).
  void CallStub(uint32_t pc);
  void SemanticCall(uint32_t pc);
  // Where c goes on; it must go there by Rejoin if it has clobbered scratch registers.
  void Join(Cold& c) { Join(c, c.join); }
  void Join(Cold& c, Label& at);
  void Rejoin(Cold& c) { Rejoin(c, c.join); }
  void Rejoin(Cold& c, Label& at);
  // The same for code that has clobbered none of the copies that were there when it was branched to (c.before), and has written register `dst` (or
  // nothing: -1).
  void RejoinAfter(Cold& c, int dst) { RejoinAfter(c, dst, c.join); }
  void RejoinAfter(Cold& c, int dst, Label& at);
  void LoadAgain(const Residents::Entry& entry);
  void LoadAgain(const Residents::Snapshot& s, uint32_t set);
  bool HasHomes(const Cold& c) const;
  void LoadWritten(Cold& c, lang::Op op);
  void ColdSemantic(Cold& c);          // at c.entry: the whole op, then c.join
  void ColdSemanticBranch(Cold& c);    // the same for a branching op
  void Generic(uint32_t pc);
  Label& TargetLabel(uint32_t pc);     // of the branch at pc

  // ---- Templates (templates_*.cc).
  void Move(uint32_t pc);
  void LoadConstant(uint8_t dst, uint32_t k);
  void LoadInteger(uint8_t dst, int64_t value);
  void LoadBoolean(uint8_t dst, bool value);
  void LoadFloat(uint8_t dst, double value);
  void LoadNil(uint32_t pc);
  void UpvalueLocation(uint32_t index);
  void GetUpval(uint32_t pc);
  void SetUpval(uint32_t pc);
  void Not(uint32_t pc);

  Known TypeOf(Operand o) const;
  Known HintOf(Operand o) const;
  // The integer that the operand certainly is; a constant must be one.
  bool IntegerConstant(Operand o, int64_t* value) const;
  void LoadUnknown(X payload, X tag, Operand o);
  X UseInteger(Operand o);
  D UseDouble(Operand o, Known type);
  void Arith(uint32_t pc, ArithOp op, uint8_t dst, Operand lhs, Operand rhs);
  bool IntArithConstant(ArithOp op, X d, X n, int64_t value);
  void BitwiseRegisters(ArithOp op, X d, X n, X m, Label& other);
  void IntArith(ArithOp op, X d, X n, X m, Label& slow);
  void FloatArith(ArithOp op, D d, D n, D m);
  // Checks the operands to be integers (or floats), whatever of that is not known, and jumps to `other` if they are not.
  bool CountsNext(uint32_t pc, uint8_t dst) const;
  Residents::Place CheckedTag(Operand lhs, Operand rhs);
  void CheckOperands(bool integers, Operand lhs, Operand rhs, Label& other);
  void ComputeAndStore(bool integers, ArithOp op, uint8_t dst, Operand lhs, Operand rhs, Label& slow);
  void ColdArith(Cold& c);
  bool RhsIsTwo(Operand rhs) const;
  bool SmallIntegerConstant(Operand o) const;
  void Bitwise(uint32_t pc, ArithOp op, uint8_t dst, Operand lhs, Operand rhs);
  void Negate(uint32_t pc);
  void BitNot(uint32_t pc);

  void CompareBranch(uint32_t pc, Compare op, Operand lhs, Operand rhs, bool when);
  void EmitCompare(bool integers, Compare op, Operand lhs, Operand rhs, bool when, Label& target);
  void ColdCompare(Cold& c);
  void Equal(uint32_t pc);
  void ColdEqual(Cold& c);
  void EqualConstant(uint32_t pc);
  void Test(uint32_t pc);
  void TestSet(uint32_t pc);
  void Jump(uint32_t pc);
  void LoopJump(uint32_t pc);
  void PollAndJump(uint32_t pc);
  void ColdPoll(Cold& c);
  void ForPrep(uint32_t pc);
  void ForLoop(uint32_t pc);
  void ColdForLoop(Cold& c);
  void TForPrep(uint32_t pc);
  void TForCall(uint32_t pc);
  void OrdinaryTForCall(uint32_t pc);
  void TForLoop(uint32_t pc);

  X UseTable(uint32_t reg, Label& slow);
  void CheckTable(uint32_t reg, Label& slow);  // x9 = table
  // Where a cell is: an offset from k, or from x16, small enough for loads.
  struct Place {
    X base;
    int64_t offset;
  };
  int64_t CellOffset(uint32_t cell) const;
  Place CellPlace(uint32_t cell);
  // The operands of an op on a field: of the table in a register or in an upvalue, by a constant key.
  struct Field {
    uint8_t holder;
    bool in_upvalue = false;
    uint8_t key;
    uint32_t cell;
  };
  void OwnField(X table, uint32_t cell, Label& miss);
  X HolderOf(const Field& f, Label& slow);
  void ColdSetField(Cold& c);
  void GetNamed(uint32_t pc, const Field& f, uint8_t dst);
  void SetNamed(uint32_t pc, const Field& f, uint8_t value);
  void ChainMethod(X table, uint32_t cell, Label& miss);
  void Self(uint32_t pc);
  void NewTable(uint32_t pc);
  X LoadUpvalueTable(uint8_t upvalue, Label& slow);
  void GetTabUp(uint32_t pc);
  void SetTabUp(uint32_t pc);
  void GetField(uint32_t pc);
  void SetField(uint32_t pc);
  bool ElementAddress(Cold& c, uint8_t table, int key_reg, uint32_t key);
  void ColdElement(Cold& c);
  void GetElement(uint32_t pc, uint8_t dst, uint8_t table, int key_reg, uint32_t key);
  void SetElement(uint32_t pc, uint8_t table, int key_reg, uint32_t key, uint8_t value);
  bool IsShortString(uint32_t k) const;

  void Closure(uint32_t pc);
  void NewList(uint32_t pc);
  void SetList(uint32_t pc);
  void Length(uint32_t pc);
  void ColdLength(Cold& c);

  bool HasPair(uint32_t reg);
  void Call(uint32_t pc);
  void OrdinaryCall(uint32_t pc);
  void ColdCall(Cold& c);
  void LoadPosition(uint32_t pc, uint32_t new_base);
  void StubCall(uint32_t pc, uint32_t func, uint32_t wanted_plus_one);
  void AfterCall(uint32_t func, uint32_t wanted_plus_one);
  void ReturnValues(uint32_t first, uint32_t count);
  void Return(uint32_t pc);
  void ReturnFrom(bool vararg);
  void TailCall(uint32_t pc);
  void ColdTailCall(Cold& c);
  void Vararg(uint32_t pc);
  void Close(uint32_t pc);
  void CloseFrom(uint32_t pc, uint32_t first);

  // ---- Library functions (templates_library.cc).
  std::string_view NameConstant(uint32_t k) const;
  void CheckIntrinsic(uint32_t reg, Intrinsic id, Label& other);
  void LoadChecked(X x, Known type, uint32_t reg, Label& other);
  bool LibraryCall(uint32_t pc);
  void CallFast(uint32_t func, uint32_t args, uint32_t wanted_plus_one, Cold& c);
  void ColdFillResults(Cold& c);
  void ColdLibraryCall(Cold& c);
  void LibraryType(uint32_t func, Label& other);
  void LibraryAbs(uint32_t func, Label& other);
  void LibraryRound(bool up, uint32_t func, Label& other);
  void LibraryFloor(uint32_t func, Label& other);
  void LibraryCeil(uint32_t func, Label& other);
  void LibrarySqrt(uint32_t func, Label& other);
  void LibraryExtreme(Cond take_second, uint32_t func, Label& other);
  void LibraryMax(uint32_t func, Label& other);
  void LibraryMin(uint32_t func, Label& other);
  void LoadByte(Label& other);
  void LibraryFirstByte(uint32_t func, Label& other);
  void LibraryByte(uint32_t func, Label& other);
  void StoreByteString(uint32_t func, Label& other);
  void LibraryChar(uint32_t func, Label& other);
  void LibrarySub(uint32_t func, Label& other);
  void LibraryInsert(uint32_t func, Label& other);
  bool LibraryLoop(uint32_t pc);
  void FastLoop(uint32_t pc);
  void ColdLibraryLoop(Cold& c);

  Assembler a_;
  const ProtoSlots* slots_ = nullptr;
  const lang::Proto* proto_ = nullptr;
  const StubAddresses* stubs_ = nullptr;
  ReusedArray<Label> labels_;       // by number of target (facts.h)
  ReusedArray<Label> inner_labels_;  // the same within specialised loops
  ReusedArray<int64_t> loop_step_;  // by word of a ForLoop: its constant step, else 0
  ReusedArray<uint8_t> wanted_;  // by instruction word: its columns but those of registers that nothing reads later in the block
  std::array<uint64_t, 2 * Residents::kNoRegister> last_read_{};  // by register: the number of the block that reads it (Scan)
  uint64_t last_block_ = 0;
  std::vector<std::unique_ptr<Cold>> cold_;
  size_t cold_used_ = 0;
  ReusedArray<Literal> literals_;
  PcMapBuilder pc_map_;
  bool notes_code_ = false;  // options want comments or the map
  bool floats_likely_ = false;
  Facts facts_;
  // By register: the function that it seems to hold. Guesses need not be right, so registers keep theirs over branches.
  std::array<Intrinsic, Residents::kNoRegister + 1> guess_;
  std::array<Intrinsic, 256> loop_guess_;  // by first register of a generic loop: its iterator
  Residents residents_;
  bool k_loaded_ = true;  // x23 holds the constants; not after a call until they are wanted
  std::deque<LoopContext> loops_;
  std::deque<SpecialisedLoop> specialised_;
  size_t loops_used_ = 0, specialised_used_ = 0;
  LoopContext* loop_ = nullptr;  // of the present instruction
  CompiledCode code_;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_BASELINE_COMPILER_H_
