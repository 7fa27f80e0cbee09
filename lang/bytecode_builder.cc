#include "lang/bytecode_builder.h"

#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {

uint32_t BytecodeBuilder::BeginInstruction(size_t words, int32_t line) {
  const uint32_t start = pc();
  code_.resize(start + words);
  lines_.resize(start + words, line);
  last_instruction_ = start;
  return start;
}

void BytecodeBuilder::SetDestination(uint32_t at, uint8_t reg) {
  assert(Info(OpAt(at)).kind(Column::kA) == OperandKind::kOut);
  code_[at] = (code_[at] & ~Word{0xff00}) | (Word{reg} << 8);
}

void BytecodeBuilder::InvertCondition(uint32_t at) {
  const OpInfo& info = Info(OpAt(at));
  if (info.kind(Column::kC) == OperandKind::kFlag) {
    code_[at] ^= Word{1} << 24;
  } else {
    assert(info.kind(Column::kB) == OperandKind::kFlag);
    code_[at] ^= Word{1} << 16;
  }
}

void BytecodeBuilder::SetTarget(uint32_t jump, uint32_t target) {
  assert(Info(OpAt(jump)).kind(Column::kX) == OperandKind::kTarget);
  code_[jump + 1] = target - (jump + 2);
  if (target == pc()) last_target_ = target;
}

uint32_t BytecodeBuilder::MarkTarget() {
  last_target_ = pc();
  return last_target_;
}

std::optional<uint32_t> BytecodeBuilder::LastInstruction() const {
  if (last_target_ == pc()) return std::nullopt;
  return last_instruction_;
}

void BytecodeBuilder::RemoveLast() {
  assert(last_instruction_.has_value());
  code_.resize(*last_instruction_);
  lines_.resize(*last_instruction_);
  last_instruction_.reset();
}

void BytecodeBuilder::SetLine(uint32_t at, int32_t line) {
  for (size_t i = 0; i < InstructionWords(OpAt(at)); ++i) lines_[at + i] = line;
}

BytecodeBuilder::ConstantKey BytecodeBuilder::KeyOf(const Constant& value) {
  ConstantKey key{value.index(), false};
  if (const bool* boolean = std::get_if<bool>(&value)) {
    key.second = *boolean;
  } else if (const int64_t* integer = std::get_if<int64_t>(&value)) {
    key.second = *integer;
  } else if (const double* number = std::get_if<double>(&value)) {
    key.second = std::bit_cast<uint64_t>(*number);
  } else if (const std::string* string = std::get_if<std::string>(&value)) {
    key.second = *string;
  }
  return key;
}

uint32_t BytecodeBuilder::AddConstant(const Constant& value) {
  const auto [entry, is_new] =
      constant_index_.try_emplace(KeyOf(value), static_cast<uint32_t>(constants_.size()));
  if (is_new) constants_.push_back(value);
  return entry->second;
}

void BytecodeBuilder::FinishInto(Proto* proto) {
  proto->code = std::move(code_);
  proto->lines = std::move(lines_);
  proto->constants = std::move(constants_);
  proto->call_site_count = call_site_count_;
  proto->loop_count = loop_count_;
  proto->cell_count = cell_count_;
}

}  // namespace perilune::lang
