// What the compiler says in dumps: for each instruction what it knows of the registers, in which scratch registers they are, and what it guesses; for each
// part out of line what that is for. None of this runs unless comments are wanted.

#include <iterator>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "jit/baseline_compiler.h"
#include "lang/bytecode_printer.h"

namespace perilune::vm::jit {
namespace {

std::string_view NameOf(Intrinsic id) {
  static constexpr std::string_view kNames[] = {
      "",
#define INTRINSIC(name, library, function) #name,
#include "runtime/intrinsics.def"
  };
  return kNames[static_cast<size_t>(id)];
}

std::string NameOf(Residents::Place place) {
  return Residents::IsX(place) ? absl::StrCat("x", Residents::AsX(place).code) : absl::StrCat("d", Residents::AsD(place).code);
}

}  // namespace

std::string_view NameOf(Known type) {
  switch (type) {
    case Known::kNothing: return "unknown";
    case Known::kNil: return "nil";
    case Known::kBoolean: return "boolean";
    case Known::kInteger: return "integer";
    case Known::kFloat: return "float";
    case Known::kString: return "string";
    case Known::kTable: return "table";
    case Known::kLuaFunction: return "Lua function";
  }
  return "";
}

// Where a word of the frame is, besides there; empty if nowhere.
std::string BaselineCompiler::PlacesOf(uint32_t word) const {
  std::string places;
  if (residents_.HomeOf(word) != Residents::kNowhere) absl::StrAppend(&places, NameOf(residents_.HomeOf(word)), " (home)");
  for (size_t i = 0; i < residents_.now().count; ++i) {
    const Residents::Entry& entry = residents_.now().entries[i];
    if (entry.word == word) absl::StrAppend(&places, places.empty() ? "" : ", ", NameOf(entry.place));
  }
  return places;
}

// "R3 integer 5 in x0, tag in x1".
std::string BaselineCompiler::StateOf(uint32_t reg) const {
  std::string text = absl::StrCat("R", reg, " ");
  int64_t constant;
  if (facts_.known(reg) == Known::kNothing && facts_.hint(reg) != Known::kNothing) {
    absl::StrAppend(&text, "likely ", NameOf(facts_.hint(reg)));
  } else {
    absl::StrAppend(&text, NameOf(facts_.known(reg)));
    if (facts_.IntegerConstant(reg, &constant)) absl::StrAppend(&text, " ", constant);
  }
  const std::string payload = PlacesOf(Residents::PayloadWord(reg)), tag = PlacesOf(Residents::TagWord(reg));
  if (!payload.empty()) absl::StrAppend(&text, " in ", payload);
  if (!tag.empty()) absl::StrAppend(&text, payload.empty() ? " " : ", ", "tag in ", tag);
  return text;
}

void BaselineCompiler::CommentOp(uint32_t pc) {
  const lang::Word w = proto_->code[pc];
  const lang::Op op = lang::OpOf(w);
  const lang::OpInfo& info = lang::Info(op);
  a_.Comment("[", pc, "] line ", proto_->lines[pc], ": ", info.name);
  std::string text;
  const auto add = [&text](std::string_view more) { absl::StrAppend(&text, text.empty() ? "" : "; ", more); };
  const uint32_t registers[] = {lang::FieldA(w), lang::FieldB(w), lang::FieldC(w)};
  for (size_t i = 0; i < std::size(registers); ++i) {
    const uint32_t reg = registers[i];
    switch (info.kinds[i]) {
      case lang::OperandKind::kIn: add(StateOf(reg)); break;
      case lang::OperandKind::kOut:
        if (facts_.known(reg) != Known::kNothing) add(absl::StrCat("over R", reg, ", whose tag is ", NameOf(facts_.known(reg))));
        break;
      case lang::OperandKind::kInOut:
        for (uint32_t r = reg; r < reg + 3u && r < proto_->max_stack; ++r) {
          if (facts_.known(r) != Known::kNothing || !PlacesOf(Residents::PayloadWord(r)).empty()) add(StateOf(r));
        }
        break;
      default: break;
    }
  }
  if (op == lang::Op::kCall && guess_[registers[0]] != Intrinsic::kNone) add(absl::StrCat("guess: ", NameOf(guess_[registers[0]])));
  if (op == lang::Op::kTForCall) {
    const Intrinsic guess = loop_guess_[registers[0]] != Intrinsic::kNone ? loop_guess_[registers[0]] : guess_[registers[0]];
    if (guess != Intrinsic::kNone) add(absl::StrCat("guess: ", NameOf(guess)));
  }
  const std::string instruction = lang::PrintInstruction(*proto_, pc);
  const size_t operands = instruction.find_first_not_of(' ', info.name.size());
  const std::string named = operands == std::string::npos ? "" : instruction.substr(operands);
  if (!named.empty()) a_.Comment("    ", named, text.empty() ? "" : " | ", text);
}

std::string_view BaselineCompiler::PurposeOf(const Cold& c) {
  struct Purpose {
    void (BaselineCompiler::*emit)(Cold&);
    std::string_view text;
  };
  static constexpr Purpose kPurposes[] = {
      {&BaselineCompiler::ColdEntry, "a full stack, a poll; the entry for any number of arguments"},
      {&BaselineCompiler::ColdSemantic, "the semantic function"},
      {&BaselineCompiler::ColdSemanticBranch, "the semantic function"},
      {&BaselineCompiler::ColdArith, "operands of other types, then the semantic function"},
      {&BaselineCompiler::ColdCompare, "operands of other types, then the semantic function"},
      {&BaselineCompiler::ColdEqual, "not the same object, then the semantic function"},
      {&BaselineCompiler::ColdPoll, "a poll"},
      {&BaselineCompiler::ColdForLoop, "a loop with floats"},
      {&BaselineCompiler::ColdSetField, "over a nil; what the cache's own entry does not know"},
      {&BaselineCompiler::ColdElement, "a nil, which a metatable may want to know; what is not in the array part"},
      {&BaselineCompiler::ColdLength, "strings, then the semantic function"},
      {&BaselineCompiler::ColdCall, "a callee that the site is not linked to"},
      {&BaselineCompiler::ColdTailCall, "a callee that is no Lua function"},
      {&BaselineCompiler::ColdFillResults, "fewer results than wanted"},
      {&BaselineCompiler::ColdLibraryCall, "the ordinary call"},
      {&BaselineCompiler::ColdLibraryLoop, "the ordinary call"},
  };
  for (const Purpose& p : kPurposes) {
    if (p.emit == c.emit) return p.text;
  }
  return "unexplained";
}

void BaselineCompiler::CommentCold(const Cold& c) { a_.Comment("[", c.pc, "] out of line: ", PurposeOf(c)); }

}  // namespace perilune::vm::jit
