#include "lang/bytecode_printer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lang/bytecode.h"
#include "lang/diagnostic.h"
#include "lang/number.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

constexpr size_t kMaxStringLength = 60;

std::string PrintCountOrTop(uint8_t count_or_top) {
  return count_or_top == 0 ? "top" : absl::StrCat(count_or_top - 1);
}

std::string PrintFlags(uint8_t flags) {
  switch (flags) {
    case 0:
      return "none";
    case kCloseFlag:
      return "close";
    case kVarargFlag:
      return "vararg";
    default:
      return "close|vararg";
  }
}

std::string PrintOperand(const Proto& proto, size_t pc, OperandKind kind, Column column) {
  const Word* word = &proto.code[pc];
  switch (kind) {
    case OperandKind::kNone:
      return "";
    case OperandKind::kOut:
    case OperandKind::kIn:
    case OperandKind::kInOut:
      return absl::StrCat("R", ReadOperand<OperandKind::kIn>(column, word));
    case OperandKind::kUpval:
      return absl::StrCat("U", ReadOperand<OperandKind::kUpval>(column, word));
    case OperandKind::kConst:
      return PrintConstant(proto.constants[ReadOperand<OperandKind::kConst>(column, word)]);
    case OperandKind::kConst16:
      return PrintConstant(proto.constants[ReadOperand<OperandKind::kConst16>(column, word)]);
    case OperandKind::kConst32:
      return PrintConstant(proto.constants[ReadOperand<OperandKind::kConst32>(column, word)]);
    case OperandKind::kInt8:
    case OperandKind::kCount:
    case OperandKind::kFlag:
      return absl::StrCat(ReadOperand<OperandKind::kInt8>(column, word));
    case OperandKind::kInt16:
      return absl::StrCat(ReadOperand<OperandKind::kInt16>(column, word));
    case OperandKind::kInt32:
    case OperandKind::kCallSite:
    case OperandKind::kCell:
      return absl::StrCat(ReadOperand<OperandKind::kInt32>(column, word));
    case OperandKind::kCountOrTop:
      return PrintCountOrTop(ReadOperand<OperandKind::kCountOrTop>(column, word));
    case OperandKind::kFlags:
      return PrintFlags(ReadOperand<OperandKind::kFlags>(column, word));
    case OperandKind::kChild16:
      return absl::StrCat("F", ReadOperand<OperandKind::kChild16>(column, word));
    case OperandKind::kLoop16: {
      const uint16_t loop = ReadOperand<OperandKind::kLoop16>(column, word);
      return loop == kNoLoop ? "none" : absl::StrCat(loop);
    }
    case OperandKind::kCell16: {
      const uint16_t cell = ReadOperand<OperandKind::kCell16>(column, word);
      return cell == kNoCell ? "none" : absl::StrCat(cell);
    }
    case OperandKind::kTableSize: {
      const uint32_t size = ReadOperand<OperandKind::kTableSize>(column, word);
      return absl::StrCat(ArraySlots(size), "+", HashSlots(size));
    }
    case OperandKind::kTarget:
      return absl::StrCat(TargetOf(proto.code.data(), pc));
  }
}

// What the operands do not say: the name of an upvalue, the place of a nested function.
std::string Comment(const Proto& proto, size_t pc) {
  const OpInfo& info = Info(OpOf(proto.code[pc]));
  if (info.kind(Column::kB) == OperandKind::kUpval) {
    return absl::StrCat("  ; ", proto.upvalues[FieldB(proto.code[pc])].name);
  }
  if (info.kind(Column::kB) == OperandKind::kChild16) {
    const Proto& child = *proto.children[FieldBx(proto.code[pc])];
    return absl::StrCat("  ; line ", child.line_defined);
  }
  return "";
}

// "1 register", "2 registers".
std::string Counted(size_t count, std::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

void AppendFunction(const Proto& proto, std::string* out) {
  absl::StrAppend(out, proto.line_defined == 0 ? "main" : "function", " <", ChunkId(*proto.source),
                  ":", proto.line_defined, "-", proto.last_line_defined, "> ",
                  Counted(proto.num_params, "parameter"), proto.is_vararg ? " and varargs, " : ", ",
                  Counted(proto.max_stack, "register"), ", ",
                  Counted(proto.call_site_count, "call site"), ", ",
                  Counted(proto.loop_count, "loop"), "\n");
  for (const LocalInfo& local : proto.locals) {
    absl::StrAppend(out, "  local R", local.reg, " ", local.name, " [", local.start_pc, ", ",
                    local.end_pc, ")\n");
  }
  for (size_t i = 0; i < proto.upvalues.size(); ++i) {
    const UpvalueInfo& upvalue = proto.upvalues[i];
    absl::StrAppend(out, "  upvalue U", i, " ", upvalue.name, " = parent's ",
                    upvalue.from_parent_register ? "R" : "U", upvalue.index, "\n");
  }
  for (size_t pc = 0; pc < proto.code.size(); pc += InstructionWords(OpOf(proto.code[pc]))) {
    const std::string_view name = OpName(OpOf(proto.code[pc]));
    std::string operands = PrintInstruction(proto, pc).substr(name.size());
    absl::StrAppendFormat(out, "  %4d [%d] %-9s%s%s\n", pc, proto.lines[pc], name, operands,
                          Comment(proto, pc));
  }
  for (const auto& child : proto.children) {
    absl::StrAppend(out, "\n");
    AppendFunction(*child, out);
  }
}

}  // namespace

std::string PrintConstant(const Constant& constant) {
  if (std::holds_alternative<std::monostate>(constant)) return "nil";
  if (const bool* boolean = std::get_if<bool>(&constant)) return *boolean ? "true" : "false";
  if (const int64_t* integer = std::get_if<int64_t>(&constant)) return absl::StrCat(*integer);
  if (const double* number = std::get_if<double>(&constant)) return FormatNumber(*number);
  const std::string& string = std::get<std::string>(constant);
  const bool is_cut = string.size() > kMaxStringLength;
  return absl::StrCat("\"", absl::CHexEscape(string.substr(0, kMaxStringLength)),
                      is_cut ? "...\"" : "\"");
}

std::string PrintInstruction(const Proto& proto, size_t pc) {
  const OpInfo& info = Info(OpOf(proto.code[pc]));
  std::string out(info.name);
  for (size_t i = 0; i < kColumnCount; ++i) {
    if (info.kinds[i] == OperandKind::kNone) continue;
    absl::StrAppend(&out, " ", info.operand_names[i], "=",
                    PrintOperand(proto, pc, info.kinds[i], static_cast<Column>(i)));
  }
  return out;
}

std::string PrintBytecode(const Proto& proto) {
  std::string out;
  AppendFunction(proto, &out);
  return out;
}

}  // namespace perilune::lang
