#include "jit/stubs.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "jit/call_linking.h"
#include "jit/op_shape.h"
#include "jit/register_plan.h"
#include "jit/stub_emitter.h"
#include "runtime/calls.h"
#include "runtime/module.h"
#include "runtime/return_handlers.h"
#include "runtime/runtime_offsets.h"
#include "runtime/semantics.h"

namespace perilune::vm::jit {
namespace {

[[noreturn]] void ReportWrongFact(Value* k, uint32_t pc) {
  const lang::Proto& proto = *ProtoInstance::FromConstants(k)->proto;
  const std::string_view op = lang::OpName(lang::OpOf(proto.code[pc]));
  std::fprintf(stderr, "perilune: machine code is wrong about its frame at line %u, instruction %u (%.*s)\n", static_cast<unsigned>(proto.lines[pc]), pc,
               static_cast<int>(op.size()), op.data());
  std::abort();
}

}  // namespace

StubAddresses StubEmitter::Emit() {
  EmitTransfer();
  EmitReturnToNativeOp();
  EmitSemantics();
  EmitCall();
  EmitCallFast();
  EmitNewClosure();
  EmitEntries();
  EmitPoll();
  EmitFills();
  EmitNext();
  EmitFindInteger();
  EmitMaySetNil();
  EmitToDoubles();
  EmitEqualValues();
  EmitWrongFact();
  EmitNewLike();
  EmitVarargs();
  EmitReturns();
  EmitUpvalues();
  EmitNewTables();
  EmitTableLength();
  EmitAdopt();
  EmitJumps();
  return at_;
}

// Follows the Transfer in x0, x1. If it calls a metamethod for an op of machine code, whose stub was called from x26, the metamethod returns
// to return_to_native_op_ and that one to x26.
void StubEmitter::EmitTransfer() {
  Here();
  a_.Bind(unwind_);
  a_.mov(X(0), kVm);
  CallCpp(AddressOf(&Unwind));
  a_.Bind(follow_);
  a_.mov(kBase, X(1));
  a_.ldr(kPosition, Mem(kVm, Offsets::kNextPc));
  a_.ldr(kK, Mem(kVm, Offsets::kNextK));
  a_.ldr(kDispatch, Mem(kVm, Offsets::kDispatch));
  a_.ldr(kWord, Mem(kVm, Offsets::kNextWord));
  a_.br(X(0));
  Here();
  a_.Bind(transfer_);
  a_.ldr(X(8), Mem(kVm, Offsets::kOpFrame));
  a_.cmp(X(8), X(1));
  a_.b(Cond::kNe, follow_);
  a_.stur(kResume, Mem(X(1), -48));  // f[-1] of CallMetamethod
  a_.adr(X(9), return_to_native_op_);
  a_.stur(X(9), Mem(X(1), -16));
  a_.b(follow_);
}

// A metamethod returned: x21 its base, x22 position word, w25 results. Completes the op and goes on where its stub was called.
void StubEmitter::EmitReturnToNativeOp() {
  Here();
  a_.Bind(return_to_native_op_);
  a_.ldur(kResume, Mem(kBase, -48));
  a_.sub(X(10), kBase, 32);
  a_.ubfx(X(8), kPosition, 32, 24);
  a_.sub(kBase, kBase, Lsl(X(8), 4));
  a_.ldur(X(8), Mem(kBase, -32));
  a_.ldr(kK, Mem(X(8), Offsets::kFunctionK));
  a_.mov(W(9), kPosition.w());
  LoadPc();
  a_.str(kBase, Mem(kVm, Offsets::kBase));
  a_.str(X(2), Mem(kVm, Offsets::kPc));
  a_.str(xzr, Mem(kVm, Offsets::kOpFrame));
  a_.mov(X(0), kVm);
  a_.mov(X(1), X(10));
  a_.mov(X(2), kWord);
  CallCpp(AddressOf(&FinishOp));
  a_.cbnz(X(0), transfer_);
  a_.mov(X(0), X(1));
  a_.Mov(W(8), 1);
  a_.ret(kResume);
}

void StubEmitter::EmitSemantics() {
  for (size_t op = 0; op < lang::kOpCount; ++op) {
    Label other;
    at_.semantic[op] = Here();
    if (ShapeOf(static_cast<lang::Op>(op)).by_stub) EmitWithoutSemantics(static_cast<lang::Op>(op), other);
    a_.Bind(other);
    a_.Mov(X(16), AddressOf(kSlowPaths[op]));
    a_.b(semantics_);
  }
  Here();
  a_.Bind(semantics_);  // x16: the function
  a_.mov(kResume, lr);
  a_.str(xzr, Mem(kVm, Offsets::kOpFrame));
  LoadPc();
  a_.mov(X(0), kVm);
  a_.mov(X(1), kBase);
  a_.mov(X(3), kK);
  a_.blr(X(16));
  a_.cbnz(X(0), transfer_);
  a_.mov(X(0), X(1));
  a_.Mov(W(8), 1);
  a_.ret(kResume);
}

// What the op's stub does before the semantic function: goes to `other` with what it does not know.
void StubEmitter::EmitWithoutSemantics(lang::Op op, Label& other) {
  using enum lang::Op;
  switch (op) {
    case kGetTabUp:
    case kGetField: return EmitGetField(op == kGetTabUp, other);
    case kSetTabUp:
    case kSetField: return EmitSetField(op == kSetTabUp, other);
    case kSelf: return EmitSelf(other);
    case kGetTable:
    case kGetInt: return EmitGetElement(op == kGetInt, other);
    case kSetTable:
    case kSetInt: return EmitSetElement(op == kSetInt, other);
    default: ABSL_UNREACHABLE();
  }
}

void StubEmitter::EmitPoll() {
  at_.poll = Here();
  a_.mov(kResume, lr);
  LoadPc();
  a_.str(kBase, Mem(kVm, Offsets::kBase));
  a_.str(X(2), Mem(kVm, Offsets::kPc));
  a_.mov(X(0), kVm);
  CallCpp(AddressOf(&PollFromMachineCode));
  a_.cbnz(X(0), follow_);
  a_.mov(kBase, X(1));
  a_.ret(kResume);
}

void StubEmitter::EmitWrongFact() {
  at_.wrong_fact = Here();
  a_.mov(X(0), kK);
  a_.mov(W(1), kPcIndex);
  CallCpp(AddressOf(&ReportWrongFact));
}

void StubEmitter::Adopt(const void* (*adopt)(Isolate*, Value*)) {
  a_.mov(X(0), kVm);
  a_.mov(X(1), kK);
  CallCpp(AddressOf(adopt));
}

void StubEmitter::EmitAdopt() {
  Label entry, not_exact;
  at_.adopt_entry = Here();
  a_.Bind(entry);
  Adopt(&AdoptEntry);
  a_.br(X(0));

  at_.adopt_exact = Here();
  a_.stp(lr, kLink, Mem(kBase, -16));
  Adopt(&AdoptExact);
  a_.cbz(X(0), not_exact);
  a_.ldp(lr, kLink, Mem(kBase, -16));
  a_.br(X(0));
  // The code was retired since the call site loaded its slot.
  a_.Bind(not_exact);
  a_.sub(X(11), kK, static_cast<uint32_t>(-Offsets::kNumParamsFromK));
  a_.ldrb(kWord.w(), Mem(X(11), 0));
  a_.b(entry);
}

void StubEmitter::EmitJumps() {
  constexpr uint32_t kReach = 4096;  // entries that one load reaches
  at_.jumps = Here();
  for (uint32_t i = 0; i < jumps_; ++i) {
    a_.ldr(X(16), Mem(kVm, Offsets::kJumps));
    if (i >= kReach) a_.add(X(16), X(16), i / kReach * kReach * 8);
    a_.ldr(X(16), Mem(X(16), i % kReach * 8));
    a_.br(X(16));
    Here();
  }
}

StubAddresses StubAddresses::At(uintptr_t base) const {
  auto addresses = std::bit_cast<std::array<uintptr_t, sizeof(StubAddresses) / sizeof(uintptr_t)>>(*this);
  for (uintptr_t& s : addresses) s += base;
  return std::bit_cast<StubAddresses>(addresses);
}

StubAddresses StubAddresses::Symbolic() {
  std::array<uintptr_t, sizeof(StubAddresses) / sizeof(uintptr_t)> addresses;
  for (size_t i = 0; i < addresses.size(); ++i) addresses[i] = (i + 1) * 4;
  return std::bit_cast<StubAddresses>(addresses);
}

std::string StubAddresses::NameOf(uintptr_t address) const {
  for (size_t op = 0; op < semantic.size(); ++op) {
    if (semantic[op] == address) return absl::StrCat("semantic[", lang::OpName(static_cast<lang::Op>(op)), "]");
  }
  for (size_t n = 0; n < new_table.size(); ++n) {
    if (new_table[n] == address) return absl::StrCat("new_table[", n, "]");
  }
#define STUB(name) \
  if (name == address) return #name;
  PERILUNE_JIT_STUBS(STUB)
#undef STUB
  return absl::StrCat("0x", absl::Hex(address));
}

StubAddresses EmitStubs(Assembler& a, uint32_t jumps) { return StubEmitter(a, jumps).Emit(); }

}  // namespace perilune::vm::jit
