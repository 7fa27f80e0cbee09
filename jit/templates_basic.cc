// Templates: loads, moves, upvalues.

#include <bit>

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

void BaselineCompiler::Move(uint32_t pc) {
  const auto o = lang::MoveOperands::Decode(&proto_->code[pc]);
  const Known type = facts_.known(o.src);
  const Residents::Place number = residents_.FindD(Residents::PayloadWord(o.src));
  if (type == Known::kFloat && number != Residents::kNowhere) {
    StoreTyped(Residents::AsD(number), type, o.dst);
  } else if (type != Known::kNothing && type == facts_.known(o.dst) && type != Known::kBoolean) {
    StorePayload(UsePayload(o.src), o.dst);
  } else {
    const Pair value = UsePair(o.src);
    StorePair(value.payload, value.tag, o.dst);
  }
  facts_.Hint(o.dst, facts_.hint(o.src));
}

void BaselineCompiler::LoadInteger(uint8_t dst, int64_t value) {
  if (value == 0) return StoreTyped(xzr, Known::kInteger, dst);
  const X x = residents_.NewX();
  a_.Mov(x, static_cast<uint64_t>(value));
  StoreTyped(x, Known::kInteger, dst);
}

void BaselineCompiler::LoadBoolean(uint8_t dst, bool value) {
  const X tag = residents_.NewX();
  a_.Mov(tag, static_cast<uint64_t>(value ? Tag::kTrue : Tag::kFalse));
  StorePair(xzr, tag, dst);
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
    a_.Reserve();
    StorePair(xzr, xzr, o.first + i);
  }
}

// x9: where the variable is.
void BaselineCompiler::UpvalueLocation(uint32_t index) {
  a_.ldr(X(9), Mem(UseClosure(), Offsets::kFunctionUpvalues + 8 * index));
  a_.ldr(X(9), Mem(X(9), Offsets::kUpvalueLocation));
}

void BaselineCompiler::GetUpval(uint32_t pc) {
  const auto o = lang::GetUpvalOperands::Decode(&proto_->code[pc]);
  UpvalueLocation(o.index);
  const Pair value = {residents_.NewX(), residents_.NewX()};
  a_.ldp(value.payload, value.tag, Mem(X(9)));
  StorePair(value.payload, value.tag, o.dst);
}

void BaselineCompiler::SetUpval(uint32_t pc) {
  const auto o = lang::SetUpvalOperands::Decode(&proto_->code[pc]);
  UpvalueLocation(o.index);
  const Pair value = UsePair(o.src);
  a_.stp(value.payload, value.tag, Mem(X(9)));
}

void BaselineCompiler::Not(uint32_t pc) {
  const auto o = lang::NotOperands::Decode(&proto_->code[pc]);
  a_.cmp(UseTag(o.src, W(9)), static_cast<uint32_t>(Tag::kFalse));
  a_.cset(W(10), Cond::kLs);
  a_.add(W(10), W(10), static_cast<uint32_t>(Tag::kFalse));  // true for nil and false
  static_assert(static_cast<uint32_t>(Tag::kTrue) == static_cast<uint32_t>(Tag::kFalse) + 1);
  StorePair(xzr, X(10), o.dst);
}

}  // namespace perilune::vm::jit
