#include "lang/symbolic_execution.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::lang {
namespace {

// Whether the instruction at `pc` changes `reg`. Calls leave nothing above their function as it
// was.
bool ChangesRegister(const Proto& proto, size_t pc, int reg) {
  const Word* word = &proto.code[pc];
  const Op op = OpOf(*word);
  const int first = FieldA(*word);
  switch (op) {
    case Op::kLoadNil:
      return reg >= first && reg < first + LoadNilOperands::Decode(word).count;
    case Op::kSelf:
      return reg == first || reg == first + 2;
    case Op::kVararg:
    case Op::kCall:
    case Op::kTailCall:
      return reg >= first;
    case Op::kTForCall:
      return reg >= first + 4;
    case Op::kForPrep:
    case Op::kForLoop:
      return reg >= first && reg < first + 4;
    case Op::kTForPrep:
      return false;
    case Op::kTForLoop:
      return reg == first + 2;
    default: {
      const OperandKind kind = Info(op).kind(Column::kA);
      return (kind == OperandKind::kOut || kind == OperandKind::kInOut) && reg == first;
    }
  }
}

// The last instruction before `end` that certainly set `reg` to what it holds at `end`.
std::optional<size_t> FindSetter(const Proto& proto, size_t end, int reg) {
  std::optional<size_t> setter;
  size_t jump_target = 0;  // code before it may have been skipped
  for (size_t pc = 0; pc < end; pc += InstructionWords(OpOf(proto.code[pc]))) {
    const OpInfo& info = Info(OpOf(proto.code[pc]));
    if (info.kind(Column::kX) == OperandKind::kTarget) {
      const size_t target = TargetOf(proto.code.data(), pc);
      // A jump behind `end` has not been taken. One of a loop's end goes backwards and skips
      // nothing.
      if (target <= end) jump_target = std::max(jump_target, target);
    }
    if (ChangesRegister(proto, pc, reg)) {
      // What a jump may have skipped leaves us not knowing.
      setter = pc < jump_target ? std::nullopt : std::optional<size_t>(pc);
    }
  }
  return setter;
}

std::optional<std::string_view> StringConstant(const Proto& proto, size_t index) {
  const std::string* string = std::get_if<std::string>(&proto.constants[index]);
  if (string == nullptr) return std::nullopt;
  return *string;
}

// A field of a variable called _ENV is a global.
ValueName FieldOf(std::optional<std::string_view> table, std::string_view key) {
  return {table == "_ENV" ? "global" : "field", key};
}

// The name of an upvalue or of the value in a register, for FieldOf.
std::optional<std::string_view> TableName(const Proto& proto, size_t pc, int reg) {
  const std::optional<ValueName> table = NameOfRegister(proto, pc, reg);
  if (!table.has_value()) return std::nullopt;
  return table->name;
}

// The string in the key register of the GetTable at `pc`, or "?" if it is no constant.
std::string_view KeyName(const Proto& proto, size_t pc, int reg) {
  const std::optional<ValueName> key = NameOfRegister(proto, pc, reg);
  return key.has_value() && key->kind == "constant" ? key->name : "?";
}

}  // namespace

std::string_view UpvalueName(const Proto& proto, size_t index) {
  const std::string& name = proto.upvalues[index].name;
  return name.empty() ? std::string_view("?") : name;
}

std::optional<std::string_view> LocalNameAt(const Proto& proto, size_t pc, int reg) {
  for (const LocalInfo& local : proto.locals) {
    if (local.start_pc > pc) break;
    if (local.reg == reg && pc < local.end_pc) return local.name;
  }
  return std::nullopt;
}

int ActiveRegisters(const Proto& proto, size_t pc) {
  if (proto.is_stripped()) return proto.max_stack;
  int end = 0;
  for (const LocalInfo& local : proto.locals) {
    if (local.start_pc > pc) break;
    if (pc < local.end_pc) end = std::max(end, local.reg + 1);
  }
  return end;
}

std::optional<ValueName> NameOfRegister(const Proto& proto, size_t pc, int reg) {
  // A Move leads on to the register it copies.
  for (;;) {
    if (const auto local = LocalNameAt(proto, pc, reg)) return ValueName{"local", *local};
    const std::optional<size_t> setter = FindSetter(proto, pc, reg);
    if (!setter.has_value()) return std::nullopt;
    pc = *setter;
    const Word* word = &proto.code[pc];
    switch (OpOf(*word)) {
      case Op::kMove: {
        const auto o = MoveOperands::Decode(word);
        if (o.src >= o.dst) return std::nullopt;
        reg = o.src;
        continue;
      }
      case Op::kGetTabUp: {
        const auto o = GetTabUpOperands::Decode(word);
        return FieldOf(UpvalueName(proto, o.env), *StringConstant(proto, o.key));
      }
      case Op::kGetTable: {
        const auto o = GetTableOperands::Decode(word);
        // The compiler's replacement of a Self: key and object are in the registers behind the
        // method.
        if (o.key == o.dst + 1 && o.table == o.dst + 2)
          return ValueName{"method", KeyName(proto, pc, o.key)};
        return FieldOf(TableName(proto, pc, o.table), KeyName(proto, pc, o.key));
      }
      case Op::kGetInt:
        return ValueName{"field", "integer index"};
      case Op::kGetField: {
        const auto o = GetFieldOperands::Decode(word);
        return FieldOf(TableName(proto, pc, o.table), *StringConstant(proto, o.key));
      }
      case Op::kGetUpval:
        return ValueName{"upvalue", UpvalueName(proto, GetUpvalOperands::Decode(word).index)};
      case Op::kLoadK:
      case Op::kLoadKX: {
        const size_t index = OpOf(*word) == Op::kLoadK ? LoadKOperands::Decode(word).k
                                                       : LoadKXOperands::Decode(word).k;
        const auto string = StringConstant(proto, index);
        if (!string.has_value()) return std::nullopt;
        return ValueName{"constant", *string};
      }
      case Op::kSelf: {
        const auto o = SelfOperands::Decode(word);
        if (reg != o.dst) return std::nullopt;  // the object
        return ValueName{"method", *StringConstant(proto, o.key)};
      }
      default:
        return std::nullopt;
    }
  }
}

std::optional<ValueName> FunctionNameAt(const Proto& proto, size_t pc) {
  const Op op = OpOf(proto.code[pc]);
  if (op == Op::kCall || op == Op::kTailCall)
    return NameOfRegister(proto, pc, FieldA(proto.code[pc]));
  if (op == Op::kTForCall) return ValueName{"for iterator", "for iterator"};
  const std::string_view event = MetamethodEvent(op);
  if (event.empty()) return std::nullopt;
  return ValueName{"metamethod", event};
}

std::string_view MetamethodEvent(Op op) {
  switch (op) {
    case Op::kGetTabUp:
    case Op::kGetTable:
    case Op::kGetInt:
    case Op::kGetField:
    case Op::kSelf:
      return "index";
    case Op::kSetTabUp:
    case Op::kSetTable:
    case Op::kSetInt:
    case Op::kSetField:
      return "newindex";
    case Op::kAdd:
    case Op::kAddK:
      return "add";
    case Op::kSub:
    case Op::kSubK:
      return "sub";
    case Op::kMul:
    case Op::kMulK:
      return "mul";
    case Op::kMod:
    case Op::kModK:
      return "mod";
    case Op::kPow:
    case Op::kPowK:
      return "pow";
    case Op::kDiv:
    case Op::kDivK:
      return "div";
    case Op::kIDiv:
    case Op::kIDivK:
      return "idiv";
    case Op::kBAnd:
    case Op::kBAndK:
      return "band";
    case Op::kBOr:
    case Op::kBOrK:
      return "bor";
    case Op::kBXor:
    case Op::kBXorK:
      return "bxor";
    case Op::kShl:
    case Op::kShlK:
      return "shl";
    case Op::kShr:
    case Op::kShrK:
      return "shr";
    case Op::kUnm:
      return "unm";
    case Op::kBNot:
      return "bnot";
    case Op::kLen:
      return "len";
    case Op::kConcat:
      return "concat";
    case Op::kEq:
      return "eq";
    case Op::kLt:
    case Op::kLtK:
    case Op::kGtK:
      return "lt";
    case Op::kLe:
    case Op::kLeK:
    case Op::kGeK:
      return "le";
    case Op::kClose:
    case Op::kReturn:
      return "close";
    default:
      return "";
  }
}

}  // namespace perilune::lang
