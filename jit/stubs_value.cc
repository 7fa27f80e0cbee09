// Stubs for pairs of values: equality, conversion to floats.

#include <cstdint>

#include "jit/stub_emitter.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"
#include "runtime/value.h"

namespace perilune::vm::jit {

void StubEmitter::EmitEqualValues() {
  Label other_tag, same_bits, equal, different, no_string, unknown;
  at_.equal_values = Here();
  const auto tag = [&](Tag t) { a_.cmp(W(10), static_cast<uint32_t>(t)); };
  a_.cmp(W(10), W(12));
  a_.b(Cond::kNe, other_tag);
  a_.cmp(X(9), X(11));
  a_.b(Cond::kEq, same_bits);
  tag(Tag::kTrue);
  a_.b(Cond::kLs, equal);  // nil, booleans
  tag(Tag::kFloat);
  a_.b(Cond::kEq, unknown);
  tag(Tag::kString);
  a_.b(Cond::kNe, no_string);
  a_.ldrb(W(8), Mem(X(9), Offsets::kObjectFlags));
  static_assert(String::kLong == 1);
  a_.tbnz(W(8), 0, unknown);
  a_.b(different);  // a short string equals itself only
  a_.Bind(no_string);
  tag(Tag::kUserdata);
  a_.b(Cond::kEq, unknown);
  tag(Tag::kTable);
  a_.b(Cond::kNe, different);
  a_.ldr(X(8), Mem(X(9), Offsets::kTableMetatable));
  a_.cbnz(X(8), unknown);
  a_.ldr(X(8), Mem(X(11), Offsets::kTableMetatable));
  a_.cbnz(X(8), unknown);
  a_.Bind(different);
  a_.mov(W(8), wzr);
  a_.ret(lr);
  a_.Bind(other_tag);  // numbers of both kinds may be equal
  a_.sub(W(8), W(10), static_cast<uint32_t>(Tag::kInteger));
  a_.cmp(W(8), 1);
  a_.b(Cond::kHi, different);
  a_.sub(W(8), W(12), static_cast<uint32_t>(Tag::kInteger));
  a_.cmp(W(8), 1);
  a_.b(Cond::kHi, different);
  a_.Bind(unknown);
  a_.Mov(W(8), 2);
  a_.ret(lr);
  static_assert(static_cast<int>(Tag::kFloat) == static_cast<int>(Tag::kInteger) + 1);
  a_.Bind(same_bits);
  tag(Tag::kFloat);
  a_.b(Cond::kEq, unknown);  // it may be NaN
  a_.Bind(equal);
  a_.Mov(W(8), 1);
  a_.ret(lr);
}

void StubEmitter::EmitToDoubles() {
  Label no;
  at_.to_doubles = Here();
  const auto convert = [&](D d, X payload, W tag) {
    Label floats, done;
    a_.cmp(tag, static_cast<uint32_t>(Tag::kFloat));
    a_.b(Cond::kEq, floats);
    a_.cmp(tag, static_cast<uint32_t>(Tag::kInteger));
    a_.b(Cond::kNe, no);
    a_.scvtf(d, payload);
    a_.b(done);
    a_.Bind(floats);
    a_.fmov(d, payload);
    a_.Bind(done);
  };
  convert(D(0), X(9), W(10));
  convert(D(1), X(11), W(12));
  a_.ret(lr);  // w10 is a number's tag
  a_.Bind(no);
  a_.mov(W(10), wzr);
  a_.ret(lr);
}

}  // namespace perilune::vm::jit
