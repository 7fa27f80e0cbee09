// A Proto is one compiled Lua function: bytecode, constants and debug information. It is plain immutable data: made by the
// compiler, checked by the verifier, then shared by all isolates and threads without synchronisation. What changes while
// programs run (slots that lead to machine code, hotness, constants as Values) lives in runtime/.
//
// A chunk is the Proto of its main function, which is a vararg function with one upvalue, _ENV.

#ifndef PERILUNE_LANG_PROTO_H_
#define PERILUNE_LANG_PROTO_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace perilune::lang {

// A word of bytecode; see opcodes.def for the encoding.
using Word = uint32_t;

// A constant: nil, false/true, integer, float or string.
using Constant = std::variant<std::monostate, bool, int64_t, double, std::string>;

// Where a closure finds an upvalue when it is made.
struct UpvalueInfo {
  std::string name;
  bool from_parent_register = false;  // else: from the parent's upvalues
  uint8_t index = 0;                  // register or upvalue index in the parent
};

// A local variable's name and the range of instruction words [start_pc, end_pc) in which `reg` holds it. Ordered by start_pc and,
// for equal starts, by register, so that the n-th active one is debug.getlocal's n-th.
struct LocalInfo {
  std::string name;
  uint32_t start_pc = 0;
  uint32_t end_pc = 0;
  uint8_t reg = 0;
};

struct Proto {
  std::vector<Word> code;
  std::vector<int32_t> lines;  // source line of each word of code; same size as code
  std::vector<Constant> constants;
  std::vector<std::unique_ptr<Proto>> children;
  std::vector<UpvalueInfo> upvalues;
  std::vector<LocalInfo> locals;
  std::shared_ptr<const std::string> source;  // chunk name as given to load: "@file", "=name" or the source text
  int32_t line_defined = 0;                   // 0 for a main chunk
  int32_t last_line_defined = 0;
  uint32_t call_site_count = 0;  // CallSite operands are below this
  uint32_t loop_count = 0;       // Loop16 operands are below this, or kNoLoop
  uint32_t cell_count = 0;       // Cell operands are below this
  uint8_t num_params = 0;
  bool is_vararg = false;
  uint8_t max_stack = 2;  // registers used, at least 2

  // About what it occupies, without its children.
  size_t MemoryBytes() const {
    return sizeof(Proto) + code.size() * sizeof(Word) + lines.size() * sizeof(int32_t) + constants.size() * sizeof(Constant) +
           children.size() * sizeof(children[0]) + upvalues.size() * sizeof(UpvalueInfo) + locals.size() * sizeof(LocalInfo);
  }

  // Without debug information (binary_chunk.h): no locals, no names of upvalues, every line is kNoLine.
  static constexpr int32_t kNoLine = -1;
  bool is_stripped() const { return lines.front() == kNoLine; }
};

// The Loop16 operand of a loop without an OSR slot (a function with more than 65,535 loops).
inline constexpr uint16_t kNoLoop = 0xffff;
// The Cell16 operand of an instruction without a cell (a function with more than 65,535 before it).
inline constexpr uint16_t kNoCell = 0xffff;

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_PROTO_H_
