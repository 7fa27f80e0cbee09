// Comparisons and tests.

#include <bit>
#include <cstring>

#include "runtime/arithmetic.h"
#include "runtime/debug_info.h"
#include "runtime/semantics.h"

namespace perilune::vm {
namespace {

// Three-way comparison of strings byte by byte: the C locale's order, which the process never leaves.
// The first bytes decide mostly: as words whose upper bytes come first. Those of shorter strings are followed by zeros (StringTable::Intern).
int CompareStrings(const String* a, const String* b) {
  const auto begin = [](const String* s) {
    uint64_t word;
    std::memcpy(&word, s->data, sizeof(word));
    return __builtin_bswap64(word);
  };
  static_assert(std::endian::native == std::endian::little);
  const uint64_t x = begin(a), y = begin(b);
  if (x != y) return x < y ? -1 : 1;
  return a->view().compare(b->view());
}

Value BinaryMethod(const Isolate* vm, const Value& a, const Value& b, Event event) {
  const Value method = vm->Metamethod(a, event);
  return method.IsNil() ? vm->Metamethod(b, event) : method;
}

template <Outcome (*kFind)(Isolate*, const Value&, const Value&, bool*, Value*)>
Transfer DoCompare(Isolate* vm, Value* base, const lang::Word* pc, const Value& a, const Value& b, uint8_t when) {
  vm->base = base;
  vm->pc = pc;
  bool result;
  Value method;
  switch (kFind(vm, a, b, &result, &method)) {
    case Outcome::kDone:
      return Branch(result == (when != 0), base);
    case Outcome::kCall:
      return result ? CallMetamethod(vm, base, pc, method, {b, a}, kNegateResult) : CallMetamethod(vm, base, pc, method, {a, b});
    case Outcome::kRaised:
      break;
  }
  return Unwind(vm);
}

}  // namespace

bool RawEquals(const Value& a, const Value& b) {
  if (a.tag != b.tag) {
    if (!a.IsNumber() || !b.IsNumber()) return false;
    int64_t i;
    return a.IsInteger() ? FloatToInteger(b.number, &i) && i == a.integer : FloatToInteger(a.number, &i) && i == b.integer;
  }
  switch (a.tag) {
    case Tag::kNil:
    case Tag::kFalse:
    case Tag::kTrue:
      return true;
    case Tag::kFloat:
      return a.number == b.number;
    case Tag::kString: {
      const String *s = a.string(), *t = b.string();
      return s == t || (!s->is_short() && !t->is_short() && s->view() == t->view());
    }
    default:
      return a.bits == b.bits;
  }
}

Outcome FindEquals(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method) {
  *out = RawEquals(a, b);
  if (*out || a.tag != b.tag || !(a.IsTable() || a.IsUserdata())) return Outcome::kDone;
  *method = BinaryMethod(vm, a, b, Event::kEq);
  return method->IsNil() ? Outcome::kDone : Outcome::kCall;
}

Outcome FindLessThan(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method) {
  if (a.IsNumber() && b.IsNumber()) return *out = NumberLess(a, b), Outcome::kDone;
  if (a.IsString() && b.IsString()) return *out = CompareStrings(a.string(), b.string()) < 0, Outcome::kDone;
  *out = false;
  *method = BinaryMethod(vm, a, b, Event::kLt);
  if (!method->IsNil()) return Outcome::kCall;
  RaiseCompareError(vm, a, b);
  return Outcome::kRaised;
}

Outcome FindLessEqual(Isolate* vm, const Value& a, const Value& b, bool* out, Value* method) {
  if (a.IsNumber() && b.IsNumber()) return *out = NumberLessEqual(a, b), Outcome::kDone;
  if (a.IsString() && b.IsString()) return *out = CompareStrings(a.string(), b.string()) <= 0, Outcome::kDone;
  *method = BinaryMethod(vm, a, b, Event::kLe);
  *out = method->IsNil();
  if (*out) *method = BinaryMethod(vm, b, a, Event::kLt);
  if (!method->IsNil()) return Outcome::kCall;
  RaiseCompareError(vm, a, b);
  return Outcome::kRaised;
}

Transfer SemanticEq(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::EqOperands::Decode(pc);
  return DoCompare<FindEquals>(vm, base, pc, base[o.lhs], base[o.rhs], o.when);
}
Transfer SemanticLt(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LtOperands::Decode(pc);
  return DoCompare<FindLessThan>(vm, base, pc, base[o.lhs], base[o.rhs], o.when);
}
Transfer SemanticLe(Isolate* vm, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::LeOperands::Decode(pc);
  return DoCompare<FindLessEqual>(vm, base, pc, base[o.lhs], base[o.rhs], o.when);
}
Transfer SemanticEqK(Isolate*, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::EqKOperands::Decode(pc);
  return Branch(RawEquals(base[o.lhs], k[o.rhs]) == (o.when != 0), base);
}
Transfer SemanticLtK(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::LtKOperands::Decode(pc);
  return DoCompare<FindLessThan>(vm, base, pc, base[o.lhs], k[o.rhs], o.when);
}
Transfer SemanticLeK(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::LeKOperands::Decode(pc);
  return DoCompare<FindLessEqual>(vm, base, pc, base[o.lhs], k[o.rhs], o.when);
}
Transfer SemanticGtK(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GtKOperands::Decode(pc);
  return DoCompare<FindLessThan>(vm, base, pc, k[o.rhs], base[o.lhs], o.when);
}
Transfer SemanticGeK(Isolate* vm, Value* base, const lang::Word* pc, Value* k) {
  const auto o = lang::GeKOperands::Decode(pc);
  return DoCompare<FindLessEqual>(vm, base, pc, k[o.rhs], base[o.lhs], o.when);
}

Transfer SemanticNot(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::NotOperands::Decode(pc);
  base[o.dst] = Value::Boolean(!base[o.src].IsTruthy());
  return kNext;
}
Transfer SemanticTest(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TestOperands::Decode(pc);
  return Branch(base[o.src].IsTruthy() == (o.when != 0), base);
}
Transfer SemanticTestSet(Isolate*, Value* base, const lang::Word* pc, Value*) {
  const auto o = lang::TestSetOperands::Decode(pc);
  const bool taken = base[o.src].IsTruthy() == (o.when != 0);
  if (taken) base[o.dst] = base[o.src];
  return Branch(taken, base);
}

}  // namespace perilune::vm
