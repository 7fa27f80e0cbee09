#include "jit/disassembler.h"

#include <capstone/capstone.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"

namespace perilune::vm::jit {

absl::StatusOr<std::unique_ptr<Disassembler>> Disassembler::Create() {
  csh handle = 0;
  const cs_err error = cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle);
  if (error != CS_ERR_OK) {
    return absl::UnavailableError(
        absl::StrCat("disassembler: ", cs_strerror(error)));
  }
  return std::unique_ptr<Disassembler>(new Disassembler(handle));
}

Disassembler::~Disassembler() {
  csh handle = handle_;
  cs_close(&handle);
}

std::string Disassembler::Instruction(uint32_t word, uintptr_t address) const {
  // Written out so that the result does not depend on this machine's bytes.
  const uint8_t bytes[4] = {
      static_cast<uint8_t>(word), static_cast<uint8_t>(word >> 8),
      static_cast<uint8_t>(word >> 16), static_cast<uint8_t>(word >> 24)};
  // All of udf, whose sixteen bits of operand older Capstones do not know.
  if (word >> 16 == 0) return absl::StrCat("udf #", word);
  cs_insn* decoded = nullptr;
  const size_t count = cs_disasm(handle_, bytes, 4, address, 1, &decoded);
  if (count == 0) return absl::StrFormat(".word 0x%08x", word);
  std::string text = decoded->mnemonic;
  if (decoded->op_str[0] != '\0') absl::StrAppend(&text, " ", decoded->op_str);
  cs_free(decoded, count);
  return text;
}

std::string Disassembler::Disassemble(
    absl::Span<const uint32_t> words, uintptr_t address,
    absl::Span<const CodeComment> comments,
    absl::Span<const CodeComment> targets) const {
  const uintptr_t end = address + words.size() * 4;
  const int digits = end > 0xffff'ffff ? 12 : end > 0xffff ? 8 : 4;
  std::string text;
  auto comment = comments.begin();
  auto target = targets.begin();
  const auto append_comments = [&](size_t up_to) {
    for (; comment != comments.end() && comment->offset <= up_to; ++comment) {
      absl::StrAppend(&text, "; ", comment->text, "\n");
    }
  };
  for (size_t i = 0; i < words.size(); ++i) {
    append_comments(i * 4);
    std::string instruction = Instruction(words[i], address + i * 4);
    if (target != targets.end() && target->offset == i * 4) {
      instruction.resize(std::min(instruction.find(" #"), instruction.size()));
      absl::StrAppend(&instruction, " ", (target++)->text);
    }
    absl::StrAppendFormat(&text, "%0*x  %08x  %s\n", digits, address + i * 4,
                          words[i], instruction);
  }
  append_comments(words.size() * 4);  // of code that was left empty
  return text;
}

}  // namespace perilune::vm::jit
