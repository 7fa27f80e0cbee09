// Emits the stubs of stubs.h, whose contracts stand there. For stubs*.cc only.

#ifndef PERILUNE_JIT_STUB_EMITTER_H_
#define PERILUNE_JIT_STUB_EMITTER_H_

#include <cstdint>

#include "jit/a64_assembler.h"
#include "jit/register_plan.h"
#include "jit/stubs.h"
#include "lang/bytecode.h"
#include "runtime/isolate.h"
#include "runtime/runtime_offsets.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

class StubEmitter {
 public:
  StubEmitter(Assembler& a, uint32_t jumps) : a_(a), jumps_(jumps) {}

  StubAddresses Emit();

 private:
  // Of a function, or of what is the same in all isolates.
  template <typename T>
  static uint64_t AddressOf(T* it) {
    return reinterpret_cast<uint64_t>(it);
  }
  uintptr_t Here() {
    a_.Reserve();
    a_.Align(16);
    return a_.offset();
  }
  void CallCpp(uint64_t function) {
    a_.Mov(X(16), function);
    a_.blr(X(16));
  }
  // x2 = address of the instruction w9.
  void LoadPc() {
    a_.ldur(X(2), Mem(kK, Offsets::kCodeFromK));
    a_.add(X(2), X(2), Uxtw(W(9), 2));
  }

  // ---- The ways between machine code and C++ (stubs.cc).
  void EmitTransfer();
  void EmitReturnToNativeOp();
  void EmitSemantics();
  void EmitWithoutSemantics(lang::Op op, Label& other);
  void EmitPoll();
  void EmitWrongFact();
  void Adopt(const void* (*adopt)(Isolate*, Value*));
  void EmitAdopt();
  void EmitJumps();

  // ---- Frames (stubs_frame.cc).
  void EmitCall();
  void EmitCallFast();
  void EmitNewClosure();
  void EmitEntries();
  void EmitAdjustVarargs();
  void EmitFill(int origin);
  void EmitFills();
  void EmitCopy();
  void LocateVarargs();
  void EmitVarargs();
  void EmitReturns();
  void EmitUpvalues();

  // ---- Fields and elements (stubs_field.cc).
  void LoadInstruction();
  void LoadColumn(X x, lang::Column column);
  void LoadRegisterAddress(X x, lang::Column column);
  void ReturnUnclobbered();
  void ReturnValue();
  void LoadTable(lang::Column column, bool in_upvalue, Label& other);
  void LoadCell();
  void LoadOwnPlace();
  void CheckMany(lang::Column key, Label& few);
  void FindNode(Tag tag, Label& miss);
  void FindString(Label& miss);
  void FindIntegerNode(Label& miss);
  void FindInteger(Label& miss);
  void EmitFindInteger();
  void FindInChainCache(Label& miss);
  void AnswerChain(Label& answer, Label& miss);
  void GetByCaches(bool method, Label& miss);
  void CheckMaySetNil(Label& may, Label& other);
  void EmitMaySetNil();
  void FindElement(lang::Column table, lang::Column key, bool constant, bool writes, Label& absent, Label& other);
  void StoreElement(lang::Column value);
  void EmitGetField(bool in_upvalue, Label& other);
  void EmitSetField(bool in_upvalue, Label& other);
  void EmitSelf(Label& other);
  void EmitGetElement(bool constant, Label& other);
  void EmitSetElement(bool constant, Label& other);

  // ---- Tables (stubs_table.cc).
  void EmitNewTables();
  void AllocateStorage(uint32_t units, Label& slow);
  void EmitNewLike();
  void EmitTableLength();
  void EmitNext();

  // ---- Values (stubs_value.cc).
  void EmitEqualValues();
  void EmitToDoubles();

  Assembler& a_;
  const uint32_t jumps_;
  StubAddresses at_;
  Label empty_node_, nil_;
  Label call_, unwind_, follow_, transfer_, return_to_native_op_, semantics_;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_STUB_EMITTER_H_
