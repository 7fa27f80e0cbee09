// Templates: loads, moves, upvalues.

#include <bit>

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

void BaselineCompiler::Move(uint32_t pc) {
  const auto o = lang::MoveOperands::Decode(&proto_->code[pc]);
  const Known type = facts_.known(o.src);
  const Known hint = facts_.hint(o.src);
  if (type != Known::kNothing && type == facts_.known(o.dst) && type != Known::kBoolean) {
    LoadPayload(X(9), o.src);
    StorePayload(X(9), o.dst);
  } else {
    LoadPair(X(9), X(10), o.src);
    StorePair(X(9), X(10), o.dst);
  }
  facts_.Hint(o.dst, hint);
}

void BaselineCompiler::LoadInteger(uint8_t dst, int64_t value) {
  if (value == 0) {
    StoreTyped(xzr, Known::kInteger, dst);
  } else {
    a_.Mov(X(9), static_cast<uint64_t>(value));
    StoreTyped(X(9), Known::kInteger, dst);
  }
}

void BaselineCompiler::LoadFloat(uint8_t dst, double value) {
  a_.Mov(X(9), std::bit_cast<uint64_t>(value));
  StoreTyped(X(9), Known::kFloat, dst);
}

void BaselineCompiler::LoadConstant(uint8_t dst, uint32_t k) {
  const lang::Constant& c = ConstantAt(k);
  if (const auto* i = std::get_if<int64_t>(&c)) return LoadInteger(dst, *i);
  LoadConstantPair(X(9), X(10), k);
  StorePair(X(9), X(10), dst);
}

void BaselineCompiler::LoadNil(uint32_t pc) {
  const auto o = lang::LoadNilOperands::Decode(&proto_->code[pc]);
  for (uint32_t i = 0; i < o.count; ++i) {
    StorePair(xzr, xzr, o.first + i);
  }
}

void BaselineCompiler::GetUpval(uint32_t pc) {
  const auto o = lang::GetUpvalOperands::Decode(&proto_->code[pc]);
  a_.ldur(X(9), Mem(kBase, -32));
  a_.ldr(X(9), Mem(X(9), Offsets::kFunctionUpvalues + 8 * o.index));
  a_.ldr(X(9), Mem(X(9), Offsets::kUpvalueLocation));
  a_.ldp(X(9), X(10), Mem(X(9)));
  StorePair(X(9), X(10), o.dst);
}

void BaselineCompiler::SetUpval(uint32_t pc) {
  const auto o = lang::SetUpvalOperands::Decode(&proto_->code[pc]);
  a_.ldur(X(11), Mem(kBase, -32));
  a_.ldr(X(11), Mem(X(11), Offsets::kFunctionUpvalues + 8 * o.index));
  a_.ldr(X(11), Mem(X(11), Offsets::kUpvalueLocation));
  LoadPair(X(9), X(10), o.src);
  a_.stp(X(9), X(10), Mem(X(11)));
}

void BaselineCompiler::Not(uint32_t pc) {
  const auto o = lang::NotOperands::Decode(&proto_->code[pc]);
  LoadTag(W(9), o.src);
  a_.cmp(W(9), static_cast<uint32_t>(Tag::kFalse));
  a_.cset(W(10), Cond::kLs);
  a_.add(W(10), W(10), static_cast<uint32_t>(Tag::kFalse));  // true for nil and false
  static_assert(static_cast<uint32_t>(Tag::kTrue) == static_cast<uint32_t>(Tag::kFalse) + 1);
  StorePair(xzr, X(10), o.dst);
}

}  // namespace perilune::vm::jit
