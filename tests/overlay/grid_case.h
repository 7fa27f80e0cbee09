// The cases of the overlay grid: small functions, each around one op, that differ in what a template's code may depend on.
//
//   values     operands get their values: arguments, or one of several of a type, chosen by a selector argument
//   | a branch target: no copies of the frame, no constants are known from here on |
//   copies     instructions after which words of the operands are in scratch registers, or constants are known
//   op         with what has to stand around it; on either way on, its registers are moved to others, so that copies of them are wanted
//   return     all registers in question
//
// The functions are bytecode, made instruction by instruction: compiled Lua would not meet all combinations.

#ifndef PERILUNE_TESTS_OVERLAY_GRID_CASE_H_
#define PERILUNE_TESTS_OVERLAY_GRID_CASE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jit/facts.h"
#include "lang/bytecode.h"
#include "lang/proto.h"

namespace perilune::vm::overlay {

using jit::Known;

// Where an operand's value comes from, hence what the compiler knows of it.
enum class Source : uint8_t {
  kArgument,  // of the function: nothing
  kConstant,  // an integer loaded in the block: all
  kKnown,     // one of several of a type: the type
  kCaptured,  // the same in a variable that a closure has captured: nothing
};

// Which words of its register are in scratch registers when the op begins.
enum class Copies : uint8_t {
  kNone,
  kPair,          // payload and tag
  kPayload,       // in an x register; of known types only
  kDouble,        // in a d register; of numbers only, as the next two
  kDoubleAndTag,
  kResult,        // as the result of an op on known types leaves it
  kTag,
};

struct Operand {
  Source source = Source::kArgument;
  Known type = Known::kNothing;  // of kKnown and kCaptured
  Copies copies = Copies::kNone;
  int64_t constant = 0;  // of kConstant
};

// The register that the op writes.
struct Destination {
  enum class Place : uint8_t { kOther, kFirst, kSecond };  // one of its own, or an operand's
  Place place = Place::kOther;
  Known type = Known::kNothing;  // what is known of its old value
  bool copied = false;           // whether that has copies
};

// What the op stands in. In the last two the loop reads the first operand, or the destination, so often that it has a home (residents.h).
enum class Around : uint8_t { kNothing, kNumericLoop, kWhileLoop, kOperandHome, kDestinationHome };

// How a callee, or an iterator, comes to its register, where a library function is to be guessed from it.
enum class Guess : uint8_t { kNone, kGlobalOrField, kMoved, kMethod, kUpvalue };

// Whether the function computes with floats elsewhere, from which the compiler guesses what unknown operands are; and then adds an integer to the result.
enum class Floats : uint8_t { kNo, kLikely, kLikelyButCounted };

// At most so many operands have values of their own.
inline constexpr size_t kMaxOperands = 4;

struct Case {
  lang::Op op;
  std::vector<Operand> operands;
  std::array<uint32_t, lang::kColumnCount> fields{};  // by column: what is no register, target or index of a site or cell
  Destination destination{};
  Around around = Around::kNothing;
  bool same = false;  // the second operand is the first one's register
  bool far = false;   // registers that ldp does not reach, cells that ldrh does not
  Floats floats = Floats::kNo;
  Guess guess = Guess::kNone;
  std::string_view library{}, function{};  // that is guessed; library "" for a global

  std::string Describe() const;
};

// All cases for an op: every pair of operands in all ways, with each destination, surrounding and immediate in turn.
std::vector<Case> CasesFor(lang::Op op);

// A library function that the compiler may guess, and calls of it.
struct LibraryFunction {
  std::string_view library, function;  // library "": a global
};
const std::vector<LibraryFunction>& GuessedFunctions();
std::vector<Case> CasesFor(const LibraryFunction& function);

// The case's function, or null if the verifier does not want such an instruction. Its arguments are: kMaxOperands values, kMaxOperands selectors,
// a function fill(table, selector). Its first upvalue is a value, or the globals where a guess needs them.
std::shared_ptr<const lang::Proto> BuildCase(const Case& c);

// Constants that each function has, so that ops on constants can have any of them.
const std::vector<lang::Constant>& GridConstants();

// How many values an operand of a known type may take.
size_t ChoicesOf(Known type);

bool UsesUpvalue(lang::Op op);
// The function takes extra arguments.
bool TakesVarargs(const Case& c);

}  // namespace perilune::vm::overlay

#endif  // PERILUNE_TESTS_OVERLAY_GRID_CASE_H_
