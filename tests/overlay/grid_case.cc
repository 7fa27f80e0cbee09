#include "tests/overlay/grid_case.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace perilune::vm::overlay {
namespace {

using lang::Column;
using lang::Op;
using lang::OperandKind;

using Fields = std::array<uint32_t, lang::kColumnCount>;

// ---- Operands.

constexpr std::string_view kTypeNames[] = {"?", "nil", "boolean", "integer", "float", "string", "table", "function"};
constexpr std::string_view kCopiesNames[] = {"", " in xx", " in x", " in d", " in dx", " result", " tag in x"};

// All ways that an operand can come in.
const std::vector<Operand>& AllOperands() {
  static const std::vector<Operand>* const all = [] {
    auto* v = new std::vector<Operand>;
    for (const Copies c : {Copies::kNone, Copies::kPair, Copies::kDouble, Copies::kDoubleAndTag, Copies::kTag}) v->push_back({.copies = c});
    for (const int64_t k : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{255}, int64_t{4095}, int64_t{4096}, INT64_MIN}) {
      v->push_back({.source = Source::kConstant, .constant = k});
    }
    const auto known = [v](Known type, std::vector<Copies> copies) {
      for (const Copies c : copies) v->push_back({.source = Source::kKnown, .type = type, .copies = c});
    };
    known(Known::kNil, {Copies::kNone});
    known(Known::kBoolean, {Copies::kNone, Copies::kPair});
    known(Known::kInteger, {Copies::kNone, Copies::kPair, Copies::kPayload, Copies::kDouble, Copies::kResult, Copies::kTag});
    known(Known::kFloat, {Copies::kNone, Copies::kPair, Copies::kPayload, Copies::kDouble, Copies::kDoubleAndTag, Copies::kResult});
    for (const Known type : {Known::kString, Known::kTable, Known::kLuaFunction}) known(type, {Copies::kNone, Copies::kPair, Copies::kPayload});
    for (const Known type : {Known::kInteger, Known::kFloat, Known::kTable}) v->push_back({.source = Source::kCaptured, .type = type});
    return v;
  }();
  return *all;
}

// One of each kind that templates tell apart most.
const std::vector<Operand>& FewOperands() {
  static const std::vector<Operand>* const few = new std::vector<Operand>{
      {},
      {.copies = Copies::kPair},
      {.source = Source::kConstant, .constant = 5},
      {.source = Source::kKnown, .type = Known::kInteger},
      {.source = Source::kKnown, .type = Known::kInteger, .copies = Copies::kPayload},
      {.source = Source::kKnown, .type = Known::kFloat},
      {.source = Source::kKnown, .type = Known::kFloat, .copies = Copies::kDouble},
      {.source = Source::kKnown, .type = Known::kString},
      {.source = Source::kKnown, .type = Known::kTable},
  };
  return *few;
}

const std::vector<Destination>& Destinations() {
  static const std::vector<Destination>* const all = [] {
    auto* v = new std::vector<Destination>;
    for (const Known type : {Known::kNothing, Known::kNil, Known::kBoolean, Known::kInteger, Known::kFloat, Known::kString, Known::kTable, Known::kLuaFunction}) {
      for (const bool copied : {false, true}) v->push_back({.type = type, .copied = copied});
    }
    for (const auto place : {Destination::Place::kFirst, Destination::Place::kSecond}) {
      for (const bool copied : {false, true}) v->push_back({.place = place, .copied = copied});
    }
    return v;
  }();
  return *all;
}

// ---- Immediates.

std::vector<uint32_t> Candidates(OperandKind kind) {
  switch (kind) {
    case OperandKind::kConst:
    case OperandKind::kConst16:
    case OperandKind::kConst32: {
      std::vector<uint32_t> all;
      for (uint32_t i = 0; i < GridConstants().size(); ++i) all.push_back(i);
      return all;
    }
    case OperandKind::kInt8: return {1, 0, 2, 3, 4, 255};
    case OperandKind::kInt16: return {0, 1, 0xffff, 7, 0x7fff, 0x8000};
    case OperandKind::kInt32: return {0, 1, 50, 1001};
    case OperandKind::kCount: return {1, 2, 3};
    case OperandKind::kCountOrTop: return {3, 0, 1, 2, 4, 7, 10};
    case OperandKind::kFlag: return {0, 1};
    case OperandKind::kFlags: return {0, lang::kCloseFlag, lang::kVarargFlag, lang::kCloseFlag | lang::kVarargFlag};
    case OperandKind::kChild16: return {1, 0, 3, 12, 13};  // upvalues of the child
    case OperandKind::kLoop16: return {0, 1};              // one of its own, or none
    case OperandKind::kCell16: return {0, lang::kNoCell};
    case OperandKind::kTableSize: {
      std::vector<uint32_t> sizes;
      for (const uint32_t array : {0u, 1u, 6u, 7u, 31u, 32u}) {
        for (const uint32_t hash_bits : {0u, 1u, 3u, 5u}) sizes.push_back(lang::TableSizeOf(array, hash_bits));
      }
      return sizes;
    }
    case OperandKind::kNone:
    case OperandKind::kOut:
    case OperandKind::kIn:
    case OperandKind::kInOut:
    case OperandKind::kUpval:
    case OperandKind::kTarget:
    case OperandKind::kCallSite:
    case OperandKind::kCell: return {0};
  }
  return {0};
}

bool IsGenericLoop(Op op) { return op == Op::kTForPrep || op == Op::kTForCall || op == Op::kTForLoop; }
// What belongs to another op and comes with it in all of its cases.
bool IsOtherEnd(Op op) { return op == Op::kForLoop || op == Op::kTForPrep || op == Op::kTForLoop; }
bool IsNumericLoop(Op op) { return op == Op::kForPrep || op == Op::kForLoop; }

std::vector<Fields> ImmediatesOf(Op op) {
  std::array<std::vector<uint32_t>, lang::kColumnCount> columns;
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = Candidates(lang::Info(op).kinds[i]);
  if (IsNumericLoop(op)) columns[2] = {0, 1};  // whether the variable is assigned
  if (IsGenericLoop(op)) {
    columns[1] = {2, 1, 3};  // results
    columns[2] = {0, 1};     // as a Loop16
  }
  std::vector<Fields> all;
  for (const uint32_t a : columns[0]) {
    for (const uint32_t b : columns[1]) {
      for (const uint32_t c : columns[2]) {
        for (const uint32_t x : columns[3]) all.push_back({a, b, c, x});
      }
    }
  }
  return all;
}

size_t OperandsOf(Op op, const Fields& fields) {
  switch (op) {
    case Op::kConcat: return std::max(fields[1], 2u);
    case Op::kForPrep:
    case Op::kForLoop:
    case Op::kCall:      // the callee and two arguments
    case Op::kTailCall:
    case Op::kSetList: return 3;
    case Op::kTForPrep:
    case Op::kTForCall:
    case Op::kTForLoop: return 4;
    case Op::kReturn: return 2;
    default: {
      const auto& kinds = lang::Info(op).kinds;
      return static_cast<size_t>(std::count(kinds.begin(), kinds.end(), OperandKind::kIn));
    }
  }
}

// Whether the op ends the function, or what it leaves is for a return that follows.
bool Ends(const Case& c) {
  if (lang::HasTrait(c.op, lang::Trait::kEnds)) return true;
  return (c.op == Op::kCall && c.fields[2] == 0) || (c.op == Op::kVararg && c.fields[1] == 0);
}

// What operands are while others are varied: as arguments, unless the op would hardly ever do its work.
std::vector<Operand> UsualOperands(Op op, const Fields& fields) {
  std::vector<Operand> usual(OperandsOf(op, fields));
  if (IsNumericLoop(op)) usual[2] = {.source = Source::kConstant, .constant = 1};
  if (IsGenericLoop(op)) usual[3] = {.source = Source::kKnown, .type = Known::kNil};
  if (op == Op::kSetList) usual[0] = {.source = Source::kKnown, .type = Known::kTable};
  return usual;
}

// Whether its operands are in registers that it uses up.
bool HasGroup(Op op) {
  const OperandKind a = lang::Info(op).kind(Column::kA);
  return a == OperandKind::kInOut || op == Op::kTailCall || op == Op::kReturn || op == Op::kSetList;
}

// ---- Combinations.

class Cases {
 public:
  explicit Cases(Op op) : op_(op), immediates_(ImmediatesOf(op)) {
    // Those that the verifier refuses (constants of the wrong kind…) are not for this op.
    std::erase_if(immediates_, [op](const Fields& f) {
      return BuildCase({.op = op, .operands = UsualOperands(op, f), .fields = f}) == nullptr;
    });
  }

  // Calls of a library function that the compiler may guess.
  std::vector<Case> MakeCalls(const LibraryFunction& named) {
    for (uint32_t args = 0; args <= 3; ++args) {
      Case base{.op = op_, .operands = std::vector<Operand>(args + 1), .fields = {0, args + 1, 2, 0}, .guess = Guess::kGlobalOrField,
                .library = named.library, .function = named.function};
      const auto add = [this](const Case& c) {
        if (c.operands[0].source == Source::kArgument && c.operands[0].copies == Copies::kNone) Add(c);  // the callee is not varied
      };
      if (args == 1) ForSingles(base, AllOperands(), add);
      if (args == 2) ForPairs(base, FewOperands(), add);
      if (args == 3) ForSingles(base, FewOperands(), add);
      for (const Guess guess : {Guess::kMoved, Guess::kMethod, Guess::kUpvalue}) {
        if (guess == Guess::kMethod && args == 0) continue;
        Case c = base;
        c.guess = guess;
        for (const Operand& o : FewOperands()) {
          if (args != 0) c.operands[1] = o;
          c.fields[2] = args == 2 ? 1 : 2;
          add(c);
        }
      }
      for (uint32_t results = 0; results <= 4; ++results) {
        Case c = base;
        c.fields[2] = results;
        add(c);
      }
    }
    return std::move(cases_);
  }

  std::vector<Case> Make() {
    for (size_t i = 0; i < immediates_.size(); ++i) {
      const Fields& f = immediates_[i];
      Case base{.op = op_, .operands = UsualOperands(op_, f), .fields = f};
      const size_t n = base.operands.size();
      // The first two immediates, which differ most, and the last; those of loops stand in one op's cases.
      const bool main = !IsOtherEnd(op_) && (n == 0 || i < (n > 2 ? 1 : 2) || (n == 1 && i + 1 == immediates_.size()));
      // Operands.
      if (n == 1) ForSingles(base, AllOperands(), [this](const Case& c) { Add(c); });
      else if (main) ForPairs(base, AllOperands(), [this](const Case& c) { Add(c); });
      else ForSingles(base, AllOperands(), [this](const Case& c) { Add(c); });
      if (n >= 2 && !HasGroup(op_)) {
        Case same = base;
        same.same = true;
        for (const Operand& o : AllOperands()) {
          same.operands[0] = same.operands[1] = o;
          Add(same);
          if (!Writes()) continue;
          same.destination.place = Destination::Place::kFirst;
          Add(same);
          same.destination = {};
        }
      }
      // Where the result goes, and what is around.
      if (!main) continue;
      ForPairs(base, n == 1 && i == 0 ? AllOperands() : FewOperands(), [this, n](const Case& few) {
        Case c = few;
        if (Writes()) {
          for (const Destination& d : Destinations()) {
            if (static_cast<size_t>(d.place) > n) continue;
            c.destination = d;
            Add(c);
          }
          c.destination = {};
        }
        c.far = true;
        Add(c);
        c.far = false;
        for (const auto floats : {Floats::kLikely, Floats::kLikelyButCounted}) {
          c.floats = floats;
          if (floats == Floats::kLikely || Writes()) Add(c);
        }
        c.floats = Floats::kNo;
        if (Ends(c) || HasGroup(op_)) return;
        for (const Around around : {Around::kNumericLoop, Around::kWhileLoop, Around::kOperandHome, Around::kDestinationHome}) {
          if ((around == Around::kOperandHome && n == 0) || (around == Around::kDestinationHome && !Writes())) continue;
          c.around = around;
          Add(c);
          if (!Writes() || n == 0) continue;
          c.destination.place = Destination::Place::kFirst;
          Add(c);
          c.destination = {};
        }
      });
    }
    AddGuesses();
    return std::move(cases_);
  }

 private:
  bool Writes() const { return lang::Info(op_).kind(Column::kA) == OperandKind::kOut; }
  void Add(const Case& c) { cases_.push_back(c); }

  // Each pair of operands in all of these ways, others as usual.
  template <typename Visit>
  void ForPairs(const Case& base, const std::vector<Operand>& ways, Visit visit) {
    Case c = base;
    const size_t n = base.operands.size();
    if (n == 0) return visit(c);
    for (const Operand& first : ways) {
      c.operands[0] = first;
      if (n == 1) visit(c);
      for (size_t i = 1; i < n; ++i) {
        for (const Operand& other : ways) {
          c.operands[i] = other;
          visit(c);
        }
        c.operands[i] = base.operands[i];
      }
    }
    for (size_t i = 1; n >= 3 && i + 1 < n; ++i) {
      c = base;
      for (const Operand& a : FewOperands()) {
        for (const Operand& b : FewOperands()) {
          c.operands[i] = a;
          c.operands[i + 1] = b;
          visit(c);
        }
      }
    }
  }

  // Each operand in all of these ways, others as usual.
  template <typename Visit>
  void ForSingles(const Case& base, const std::vector<Operand>& ways, Visit visit) {
    for (size_t i = 0; i < base.operands.size(); ++i) {
      Case c = base;
      for (const Operand& o : ways) {
        c.operands[i] = o;
        visit(c);
      }
    }
  }

  // Loops over tables.
  void AddGuesses() {
    if (op_ != Op::kTForCall) return;
    for (const LibraryFunction& named : {LibraryFunction{"", "pairs"}, {"", "ipairs"}, {"", "next"}, {"string", "gmatch"}}) {
      for (const Fields& f : immediates_) {
        for (const Operand& o : AllOperands()) {
          for (const Guess guess : {Guess::kGlobalOrField, Guess::kMoved, Guess::kUpvalue}) {
            Add({.op = op_, .operands = {Operand{}, o}, .fields = f, .guess = guess, .library = named.library, .function = named.function});
          }
        }
      }
    }
  }

  const Op op_;
  std::vector<Fields> immediates_;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> CasesFor(Op op) { return Cases(op).Make(); }

std::vector<Case> CasesFor(const LibraryFunction& function) { return Cases(Op::kCall).MakeCalls(function); }

const std::vector<LibraryFunction>& GuessedFunctions() {
  static const std::vector<LibraryFunction>* const functions = [] {
    auto* v = new std::vector<LibraryFunction>{
#define INTRINSIC(name, library, function) {library, function},
#include "runtime/intrinsics.def"
    };
    std::erase_if(*v, [](const LibraryFunction& f) { return f.function.empty(); });  // has no name to guess it by
    return v;
  }();
  return *functions;
}

std::string Case::Describe() const {
  std::string text(lang::OpName(op));
  for (const Operand& o : operands) {
    switch (o.source) {
      case Source::kArgument: absl::StrAppend(&text, " (argument"); break;
      case Source::kConstant: absl::StrAppend(&text, " (constant ", o.constant); break;
      case Source::kKnown: absl::StrAppend(&text, " (", kTypeNames[static_cast<size_t>(o.type)]); break;
      case Source::kCaptured: absl::StrAppend(&text, " (captured ", kTypeNames[static_cast<size_t>(o.type)]); break;
    }
    absl::StrAppend(&text, kCopiesNames[static_cast<size_t>(o.copies)], ")");
  }
  for (size_t i = 0; i < fields.size(); ++i) absl::StrAppend(&text, i == 0 ? " fields " : ",", fields[i]);
  absl::StrAppend(&text, " destination ", static_cast<int>(destination.place), "/", kTypeNames[static_cast<size_t>(destination.type)],
                  destination.copied ? " copied" : "", same ? ", same" : "", far ? ", far" : "",
                  floats != Floats::kNo ? ", among floats" : "");
  constexpr std::string_view kAroundNames[] = {"", ", in for", ", in while", ", in a loop with a home for the first operand",
                                               ", in a loop with a home for the destination"};
  absl::StrAppend(&text, kAroundNames[static_cast<size_t>(around)]);
  if (guess != Guess::kNone) absl::StrAppend(&text, ", guess ", static_cast<int>(guess), " of ", library, ".", function);
  return text;
}

}  // namespace perilune::vm::overlay
