// Disassembler: machine code as text, with the assembler's comments in place.
//
//   ; LoadConst r0, 42
//   0000  d2800540  mov x0, #0x2a
//   0004  b90007e0  str w0, [sp, #4]
//
// Each line is an address (as many hex digits as the last one needs, at least
// four), the word, and the instruction. Words that are none, such as literals,
// are shown as `.word`. Comments stand before the instruction they belong to.
//
// The text is stable for golden files: the same words and address give the same
// lines, whatever machine prints them.
//
// Not thread-safe; make one per use, they are cheap.

#ifndef PERILUNE_JIT_DISASSEMBLER_H_
#define PERILUNE_JIT_DISASSEMBLER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "jit/code_comment.h"

namespace perilune::vm::jit {

class Disassembler {
 public:
  // kUnavailable if the library was built without AArch64 or lacks memory.
  static absl::StatusOr<std::unique_ptr<Disassembler>> Create();

  Disassembler(const Disassembler&) = delete;
  Disassembler& operator=(const Disassembler&) = delete;
  ~Disassembler();

  // Lines for `words`, which run at `address`; 0 gives offsets. Comments must
  // be in order of offsets, and so `targets`, which name what instructions at
  // their offsets refer to, in place of a number.
  std::string Disassemble(absl::Span<const uint32_t> words,
                          uintptr_t address = 0,
                          absl::Span<const CodeComment> comments = {},
                          absl::Span<const CodeComment> targets = {}) const;

  // One instruction without address and word, e.g. "add x0, x1, x2".
  std::string Instruction(uint32_t word, uintptr_t address = 0) const;

 private:
  explicit Disassembler(uint64_t handle) : handle_(handle) {}

  uint64_t handle_;  // Capstone's
};

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_DISASSEMBLER_H_
