// A comment on machine code, made by the assembler and shown by the
// disassembler.

#ifndef PERILUNE_JIT_CODE_COMMENT_H_
#define PERILUNE_JIT_CODE_COMMENT_H_

#include <cstdint>
#include <string>

namespace perilune::vm::jit {

struct CodeComment {
  // In bytes from the start of the code: of the instruction that follows.
  uint32_t offset;
  std::string text;
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_CODE_COMMENT_H_
