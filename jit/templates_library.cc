// Templates: calls of library functions, and generic loops over tables.
//
// What is called is guessed from its name (Guess): the callee came from a global, a field, a method, a local variable or an upvalue that is called as
// the library calls it. The common case stands inline behind a check of the function's identity, or the function's fast entry (runtime/object.h) is called
// there without a frame; whatever differs (another function, other types, an error) goes out of line to the ordinary call. Nothing inline raises or
// collects. Machine code never goes on while there are hooks (runtime/hooks.h), so that none misses an event here.

#include <array>
#include <string_view>

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/frame_layout.h"
#include "runtime/intrinsic.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

using lang::Op;

// ---- Guesses.

std::string_view BaselineCompiler::NameConstant(uint32_t k) const {
  const auto* s = std::get_if<std::string>(&ConstantAt(k));
  return s != nullptr ? std::string_view(*s) : std::string_view();
}

// ---- Checks.

// x9 is the function in `reg`, and it is this intrinsic.
void BaselineCompiler::CheckIntrinsic(uint32_t reg, Intrinsic id, Label& other) {
  LoadPair(X(9), X(10), reg);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kNativeFunction));
  a_.B(Cond::kNe, other);
  a_.ldr(W(10), Mem(X(9), Offsets::kNativeIntrinsic));
  a_.cmp(W(10), static_cast<uint32_t>(id));
  a_.B(Cond::kNe, other);
}

// Loads a register whose value must have this type.
void BaselineCompiler::LoadChecked(X x, Known type, uint32_t reg, Label& other) {
  if (facts_.known(reg) == type) return LoadPayload(x, reg);
  LoadPair(x, X(16), reg);
  a_.cmp(W(16), static_cast<uint32_t>(TagOf(type)));
  a_.B(Cond::kNe, other);
}

// ---- Calls.

// The call at `pc`, if it looks like one of an intrinsic. False: it does not, nothing was emitted.
bool BaselineCompiler::LibraryCall(uint32_t pc) {
  const auto o = lang::CallOperands::Decode(&proto_->code[pc]);
  const Intrinsic id = guess_[o.func];
  if (id == Intrinsic::kNone || o.args == 0) return false;
  const uint32_t args = o.args - 1u;
  void (BaselineCompiler::*emit)(uint32_t, Label&) = nullptr;
  uint32_t results = 2;  // plus one
  switch (id) {
    case Intrinsic::kPairs:
    case Intrinsic::kIpairs:
      loop_guess_[o.func] = id == Intrinsic::kPairs ? Intrinsic::kNext : Intrinsic::kIpairsNext;
      break;
    case Intrinsic::kGmatch:
      loop_guess_[o.func] = id;
      break;
    case Intrinsic::kType:
      if (args == 1) emit = &BaselineCompiler::LibraryType;
      break;
    case Intrinsic::kAbs:
      if (args == 1) emit = &BaselineCompiler::LibraryAbs;
      break;
    case Intrinsic::kFloor:
      if (args == 1) emit = &BaselineCompiler::LibraryFloor;
      break;
    case Intrinsic::kCeil:
      if (args == 1) emit = &BaselineCompiler::LibraryCeil;
      break;
    case Intrinsic::kSqrt:
      if (args == 1) emit = &BaselineCompiler::LibrarySqrt;
      break;
    case Intrinsic::kMax:
      if (args == 2) emit = &BaselineCompiler::LibraryMax;
      break;
    case Intrinsic::kMin:
      if (args == 2) emit = &BaselineCompiler::LibraryMin;
      break;
    case Intrinsic::kByte:
      if (args == 1) emit = &BaselineCompiler::LibraryFirstByte;
      if (args == 2) emit = &BaselineCompiler::LibraryByte;
      break;
    case Intrinsic::kChar:
      if (args == 1) emit = &BaselineCompiler::LibraryChar;
      break;
    case Intrinsic::kSub:
      if (args == 3) emit = &BaselineCompiler::LibrarySub;
      break;
    case Intrinsic::kInsert:
      results = 1;
      if (args == 2) emit = &BaselineCompiler::LibraryInsert;
      break;
    default:
      break;
  }
  Cold& c = AddCold(&BaselineCompiler::ColdLibraryCall);
  c.pc = pc;
  if (emit == nullptr || o.results != results) {
    a_.Comment("by the fast entry");
    CallFast(o.func, args, o.results, c);
  } else {
    CheckIntrinsic(o.func, id, c.entry);
    (this->*emit)(o.func, c.entry);
  }
  a_.Bind(c.join);
  residents_.Clear();
  return true;
}

// Calls the function in register `func`, if it has a fast entry and no poll is wanted; else goes to c.entry. As many results are left as a call wants with
// this operand.
void BaselineCompiler::CallFast(uint32_t func, uint32_t args, uint32_t wanted_plus_one, Cold& c) {
  a_.add(X(1), kBase, (func + static_cast<uint32_t>(kFrameHeader)) * 16);
  a_.Mov(W(2), args);
  a_.BlTo(stubs_->call_fast);
  a_.Tbnz(X(0), 31, c.entry);
  if (wanted_plus_one == 0) {
    a_.add(X(9), kBase, func * 16);
    a_.add(X(9), X(9), Uxtw(W(0), 4));
    a_.str(X(9), Mem(kVm, Offsets::kTop));
  } else if (wanted_plus_one == 2) {
    Label enough;
    a_.cbnz(W(0), enough);
    EmitStorePair(xzr, xzr, func);
    a_.Bind(enough);
  } else if (wanted_plus_one > 2) {
    Cold& fill = AddCold(&BaselineCompiler::ColdFillResults);
    fill.lhs.index = static_cast<uint8_t>(func);
    fill.extra = wanted_plus_one - 1;
    fill.back = &c.join;
    a_.cmp(W(0), wanted_plus_one - 1);
    a_.B(Cond::kLo, fill.entry);
  }
}

// c.entry: w0 results stand from register c.lhs.index on, c.extra are wanted.
void BaselineCompiler::ColdFillResults(Cold& c) {
  const uint32_t lift = (c.lhs.index + static_cast<uint32_t>(kFrameHeader)) * 16;
  a_.add(kBase, kBase, lift);
  a_.mov(kWord.w(), W(0));
  a_.Mov(W(9), c.extra);
  a_.BlTo(stubs_->fill_results);
  a_.sub(kBase, kBase, lift);
  a_.b(*c.back);
}

void BaselineCompiler::ColdLibraryCall(Cold& c) {
  const auto o = lang::CallOperands::Decode(&proto_->code[c.pc]);
  UseK();
  a_.Mov(kPcIndex, c.pc);
  a_.BlTo(stubs_->call_op);
  AfterCall(o.func, o.results);
  a_.b(c.join);
}

// Each of these: the function is in register `func`, where the result goes; the arguments stand from func + 2 on. They jump to `other` before
// anything was changed.

void BaselineCompiler::LibraryType(uint32_t func, Label&) {
  LoadTag(W(9), func + 2);
  a_.add(X(9), kVm, Lsl(X(9), 3));
  a_.ldr(X(9), Mem(X(9), Offsets::kTypeNames));
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kString));
  StorePair(X(9), X(10), func);
}

void BaselineCompiler::LibraryAbs(uint32_t func, Label& other) {
  Label integer, done;
  LoadPair(X(9), X(10), func + 2);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.b(Cond::kEq, integer);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kFloat));
  a_.B(Cond::kNe, other);
  a_.and_(X(9), X(9), 0x7fffffffffffffff);
  a_.b(done);
  a_.Bind(integer);
  a_.cmp(X(9), 0);
  a_.neg(X(11), X(9));
  a_.csel(X(9), X(11), X(9), Cond::kLt);
  a_.Bind(done);
  StorePair(X(9), X(10), func);
}

void BaselineCompiler::LibraryRound(bool up, uint32_t func, Label& other) {
  Label done;
  const uint32_t arg = func + 2;
  LoadPair(X(9), X(10), arg);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.b(Cond::kEq, done);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kFloat));
  a_.B(Cond::kNe, other);
  a_.fmov(D(0), X(9));
  if (up) {
    a_.fcvtps(X(9), D(0));
    a_.frintp(D(0), D(0));
  } else {
    a_.fcvtms(X(9), D(0));
    a_.frintm(D(0), D(0));
  }
  a_.scvtf(D(1), X(9));
  a_.fcmp(D(0), D(1));  // unequal if it was not a number or too large
  a_.B(Cond::kNe, other);
  a_.cmn(X(9), 1);  // 2^63 became 2^63 - 1
  a_.B(Cond::kVs, other);
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kInteger));
  a_.Bind(done);
  StorePair(X(9), X(10), func);
  facts_.Hint(func, Known::kInteger);
}
void BaselineCompiler::LibraryFloor(uint32_t func, Label& other) { LibraryRound(false, func, other); }
void BaselineCompiler::LibraryCeil(uint32_t func, Label& other) { LibraryRound(true, func, other); }

void BaselineCompiler::LibrarySqrt(uint32_t func, Label& other) {
  const uint32_t arg = func + 2;
  LoadChecked(X(9), facts_.hint(arg) == Known::kInteger ? Known::kInteger : Known::kFloat, arg, other);
  if (facts_.hint(arg) == Known::kInteger) {
    a_.scvtf(D(0), X(9));
  } else {
    a_.fmov(D(0), X(9));
  }
  a_.fsqrt(D(0), D(0));
  a_.fmov(X(9), D(0));
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kFloat));
  StorePair(X(9), X(10), func);
  facts_.Hint(func, Known::kFloat);
}

// The first argument unless the second is greater (less).
void BaselineCompiler::LibraryExtreme(Cond take_second, uint32_t func, Label& other) {
  Label integers, done;
  LoadPair(X(9), X(10), func + 2);
  LoadPair(X(11), X(12), func + 3);
  a_.cmp(W(10), W(12));
  a_.B(Cond::kNe, other);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.b(Cond::kEq, integers);
  a_.cmp(W(10), static_cast<uint32_t>(Tag::kFloat));
  a_.B(Cond::kNe, other);
  a_.fmov(D(0), X(9));
  a_.fmov(D(1), X(11));
  // Not a number: neither is less.
  a_.fcmp(take_second == Cond::kGt ? D(0) : D(1), take_second == Cond::kGt ? D(1) : D(0));
  a_.csel(X(9), X(11), X(9), Cond::kMi);
  a_.b(done);
  a_.Bind(integers);
  a_.cmp(X(11), X(9));
  a_.csel(X(9), X(11), X(9), take_second);
  a_.Bind(done);
  StorePair(X(9), X(10), func);
  facts_.Hint(func, facts_.hint(func + 2));
}
void BaselineCompiler::LibraryMax(uint32_t func, Label& other) { LibraryExtreme(Cond::kGt, func, other); }
void BaselineCompiler::LibraryMin(uint32_t func, Label& other) { LibraryExtreme(Cond::kLt, func, other); }

// x9 = the byte at position x11 (from 0) of the string x9.
void BaselineCompiler::LoadByte(Label& other) {
  a_.ldr(X(12), Mem(X(9), Offsets::kStringLength));
  a_.cmp(X(11), X(12));
  a_.B(Cond::kHs, other);
  a_.add(X(9), X(9), X(11));
  a_.ldrb(W(9), Mem(X(9), Offsets::kStringData));
}

void BaselineCompiler::LibraryFirstByte(uint32_t func, Label& other) {
  LoadChecked(X(9), Known::kString, func + 2, other);
  a_.mov(X(11), xzr);
  LoadByte(other);
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kInteger));
  StorePair(X(9), X(10), func);
  facts_.Hint(func, Known::kInteger);
}

void BaselineCompiler::LibraryByte(uint32_t func, Label& other) {
  LoadChecked(X(9), Known::kString, func + 2, other);
  LoadChecked(X(11), Known::kInteger, func + 3, other);
  a_.sub(X(11), X(11), 1);
  LoadByte(other);
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kInteger));
  StorePair(X(9), X(10), func);
  facts_.Hint(func, Known::kInteger);
}

// The string of the byte x9, if there is one already.
void BaselineCompiler::StoreByteString(uint32_t func, Label& other) {
  a_.add(X(9), kVm, Lsl(X(9), 3));
  a_.Ldr(X(9), Mem(X(9), Offsets::kByteStrings), X(16));
  a_.Cbz(X(9), other);
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kString));
  StorePair(X(9), X(10), func);
}

void BaselineCompiler::LibraryChar(uint32_t func, Label& other) {
  LoadChecked(X(9), Known::kInteger, func + 2, other);
  a_.cmp(X(9), 255);
  a_.B(Cond::kHi, other);
  StoreByteString(func, other);
}

// s:sub(i, i).
void BaselineCompiler::LibrarySub(uint32_t func, Label& other) {
  LoadChecked(X(9), Known::kString, func + 2, other);
  LoadChecked(X(11), Known::kInteger, func + 3, other);
  LoadChecked(X(12), Known::kInteger, func + 4, other);
  a_.cmp(X(11), X(12));
  a_.B(Cond::kNe, other);
  a_.sub(X(11), X(11), 1);
  LoadByte(other);
  StoreByteString(func, other);
}

// table.insert(t, v) where the array part has room and its length is where it was found last.
void BaselineCompiler::LibraryInsert(uint32_t func, Label& other) {
  LoadChecked(X(9), Known::kTable, func + 2, other);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableMetatable));
  a_.Cbnz(X(10), other);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableArray));
  a_.ldr(W(11), Mem(X(9), Offsets::kTableLengthHint));
  a_.ldr(W(12), Mem(X(9), Offsets::kTableArraySize));
  a_.Cbz(W(11), other);
  a_.cmp(W(11), W(12));
  a_.B(Cond::kHs, other);
  a_.add(X(10), X(10), Lsl(X(11), 4));
  a_.ldur(W(13), Mem(X(10), -8));  // the tag below
  a_.ldr(W(14), Mem(X(10), 8));
  a_.Cbz(W(13), other);
  a_.Cbnz(W(14), other);
  LoadPair(X(13), X(14), func + 3);
  a_.add(W(11), W(11), 1);
  a_.stp(X(13), X(14), Mem(X(10)));
  a_.str(W(11), Mem(X(9), Offsets::kTableLengthHint));
}

// ---- Generic loops.

// The iterator's call, if the loop looks like one over pairs or ipairs: the next values are in place at the end.
bool BaselineCompiler::LibraryLoop(uint32_t pc) {
  const auto o = lang::TForCallOperands::Decode(&proto_->code[pc]);
  const uint32_t r = o.base;
  Intrinsic id = loop_guess_[r];
  if (id == Intrinsic::kNone) id = guess_[r];
  if (id == Intrinsic::kGmatch) {
    FastLoop(pc);
    return true;
  }
  if (o.results > 2 || (id != Intrinsic::kNext && id != Intrinsic::kIpairsNext)) return false;
  Cold& c = AddCold(&BaselineCompiler::ColdLibraryLoop);
  c.pc = pc;
  CheckIntrinsic(r, id, c.entry);
  LoadChecked(X(9), Known::kTable, r + 1, c.entry);
  if (id == Intrinsic::kIpairsNext) {
    LoadChecked(X(11), Known::kInteger, r + 2, c.entry);
    a_.ldr(X(12), Mem(X(9), Offsets::kTableArray));
    a_.ldr(W(13), Mem(X(9), Offsets::kTableArraySize));
    a_.cmp(X(11), X(13));
    a_.B(Cond::kHs, c.entry);
    a_.add(X(12), X(12), Lsl(X(11), 4));
    a_.ldp(X(13), X(14), Mem(X(12)));
    a_.Cbz(W(14), c.entry);
    a_.add(X(11), X(11), 1);
    a_.Mov(X(12), static_cast<uint64_t>(Tag::kInteger));
    StorePair(X(11), X(12), r + 4);
    if (o.results > 1) StorePair(X(13), X(14), r + 5);
  } else {
    LoadPair(X(11), X(12), r + 2);
    LoadPair(X(13), X(14), r + 3);
    a_.Cbnz(W(14), c.entry);  // a variable to close: no place to keep the position in
    a_.BlTo(stubs_->next);
    a_.B(Cond::kNe, c.entry);
    StorePayload(X(13), r + 3);
    StorePair(X(11), X(12), r + 4);
    if (o.results > 1) StorePair(X(14), X(15), r + 5);
  }
  a_.Bind(c.join);
  return true;
}

// The iterator's fast entry.
void BaselineCompiler::FastLoop(uint32_t pc) {
  const auto o = lang::TForCallOperands::Decode(&proto_->code[pc]);
  const uint32_t r = o.base;
  Cold& c = AddCold(&BaselineCompiler::ColdLibraryLoop);
  c.pc = pc;
  LoadPair(X(9), X(10), r);
  LoadPair(X(12), X(13), r + 1);
  LoadPair(X(14), X(15), r + 2);
  StorePair(X(9), X(10), r + 4);
  StorePair(X(12), X(13), r + 6);
  StorePair(X(14), X(15), r + 7);
  CallFast(r + 4, 2, o.results + 1u, c);
  a_.Bind(c.join);
  residents_.Clear();
}

void BaselineCompiler::ColdLibraryLoop(Cold& c) {
  OrdinaryTForCall(c.pc);
  a_.b(c.join);
}

}  // namespace perilune::vm::jit
