// Templates: elements of tables, by integer keys: the array part inline, the hash part out of line. What is in neither when it is written, has a nil value
// under a metatable, or is no table, is left to the semantic call.

#include <cstdint>
#include <optional>

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

X BaselineCompiler::UseTable(uint32_t reg, Label& slow) {
  if (facts_.known(reg) != Known::kTable) {
    a_.cmp(UseTag(reg, W(10), true), static_cast<uint32_t>(Tag::kTable));
    a_.B(Cond::kNe, slow);
  }
  return UsePayload(reg);
}

// The key is in a register (key_reg >= 0) or is the constant `key`. x14 = address of the element in the array part. A key that is no integer goes to
// `other_key`.
void BaselineCompiler::ElementAddress(X table, int key_reg, uint32_t key, Label& other_key, Label& slow) {
  int64_t constant = key;
  const auto reg = static_cast<uint32_t>(key_reg);
  if (key_reg >= 0 && facts_.known(reg) != Known::kInteger) {
    a_.cmp(UsePair(reg).tag.w(), static_cast<uint32_t>(Tag::kInteger));
    a_.B(Cond::kNe, other_key);
  }
  a_.ldp(X(14), X(13), Mem(table, Offsets::kTableArray));  // w13: array_size
  if (key_reg >= 0 && (!facts_.IntegerConstant(reg, &constant) || constant < 1 || constant > 255)) {
    a_.sub(X(11), UsePayload(reg), 1);
    a_.cmp(X(11), Uxtw(W(13)));
    a_.B(Cond::kHs, slow);
    return a_.add(X(14), X(14), Lsl(X(11), 4));
  }
  if (constant == 0) return a_.b(slow);
  a_.cmp(W(13), static_cast<uint32_t>(constant));
  a_.B(Cond::kLo, slow);
  if (constant > 1) a_.add(X(14), X(14), static_cast<uint32_t>((constant - 1) * 16));
}

// What reads and writes of elements share: table and key are checked, x14 = address of the element. A nil there goes to `nil`, a key that is no integer to
// `named`, one beyond the array part to the hash part, the rest to `semantic`. Null if the key is known to be no integer.
std::optional<BaselineCompiler::ElementAccess> BaselineCompiler::BeginElement(uint32_t pc, bool is_read, uint8_t table, int key_reg,
                                                                              uint32_t key) {
  if (key_reg >= 0) {
    const Known known = facts_.known(static_cast<uint32_t>(key_reg));
    if (known != Known::kNothing && known != Known::kInteger) return std::nullopt;
  }
  Cold& semantic = AddCold(&BaselineCompiler::ColdSemantic);
  semantic.pc = pc;
  Cold& named = AddCold(is_read ? &BaselineCompiler::ColdGetByString : &BaselineCompiler::ColdSetByString);
  named.pc = pc;
  named.chain_miss = &semantic.entry;
  named.table = UseTable(table, semantic.entry);
  named.rhs.index = static_cast<uint8_t>(key_reg);
  Cold& hash = AddCold(is_read ? &BaselineCompiler::ColdReadHash : &BaselineCompiler::ColdWriteHash);
  hash.pc = pc;
  hash.chain_miss = &semantic.entry;
  hash.table = named.table;
  hash.rhs = {named.rhs.index, key_reg < 0};
  hash.extra = key;
  ElementAddress(named.table, key_reg, key, named.entry, hash.entry);
  a_.Bind(hash.join);
  named.before = residents_.now();
  Cold& nil = AddCold(&BaselineCompiler::ColdNilElement);
  nil.pc = pc;
  nil.lhs.index = table;
  nil.chain_miss = &semantic.entry;
  return ElementAccess{semantic, named, nil};
}

void BaselineCompiler::GetElement(uint32_t pc, uint8_t dst, uint8_t table, int key_reg, uint32_t key) {
  const auto access = BeginElement(pc, /*is_read=*/true, table, key_reg, key);
  if (!access) return Generic(pc);
  auto& [semantic, named, nil] = *access;
  const Pair value = {residents_.NewX(), residents_.NewX()};
  named.payload = value.payload;
  named.tag = value.tag;
  named.back = &nil.join;
  a_.ldp(value.payload, value.tag, Mem(X(14)));
  a_.Cbz(value.tag.w(), nil.entry);
  a_.Bind(nil.join);
  StorePair(value.payload, value.tag, dst);
  Join(semantic);
}

void BaselineCompiler::SetElement(uint32_t pc, uint8_t table, int key_reg, uint32_t key, uint8_t value) {
  const auto access = BeginElement(pc, /*is_read=*/false, table, key_reg, key);
  if (!access) return Generic(pc);
  auto& [semantic, named, nil] = *access;  // nil: over one only where no metatable may want to know
  named.lhs.index = value;
  named.back = &semantic.join;
  a_.ldr(W(15), Mem(X(14), 8));
  a_.Cbz(W(15), nil.entry);
  a_.Bind(nil.join);
  if (facts_.known(value) == Known::kBoolean) {
    const W tag = UseTag(value, W(15));
    a_.stp(xzr, tag.x(), Mem(X(14)));
  } else {
    const Pair stored = UsePair(value);
    a_.stp(stored.payload, stored.tag, Mem(X(14)));
  }
  Join(semantic);
  named.residents = semantic.residents;
}

// The key (in register rhs, or c.extra) is not in the array part: x14, x11 = where its element is, as from the stub.
void BaselineCompiler::FindInHash(Cold& c) {
  if (c.rhs.is_constant) {
    a_.Mov(X(13), c.extra);
  } else {
    LoadPayload(X(13), c.rhs.index);
  }
  a_.Mov(X(9), c.table);
  a_.BlTo(stubs_->find_integer);
}

void BaselineCompiler::ColdReadHash(Cold& c) {
  FindInHash(c);
  a_.b(c.join);
}

void BaselineCompiler::ColdWriteHash(Cold& c) {
  FindInHash(c);
  a_.Cbz(X(11), *c.chain_miss);
  a_.b(c.join);
}

// Element accesses by what is no integer: x11 = where the table has its value, if it is a short string, or goes to c.chain_miss. w8: its flags.
void BaselineCompiler::FindByString(Cold& c) {
  LoadPair(X(13), X(12), c.rhs.index);
  a_.cmp(W(12), static_cast<uint32_t>(Tag::kString));
  a_.B(Cond::kNe, *c.chain_miss);
  a_.ldrb(W(8), Mem(X(13), Offsets::kObjectFlags));
  static_assert(String::kLong == 1);
  a_.Tbnz(X(8), 0, *c.chain_miss);
  a_.Mov(X(9), c.table);
  a_.BlTo(stubs_->find_key);
  a_.Cbz(X(11), *c.chain_miss);
  a_.ldp(X(14), X(15), Mem(X(11)));
  a_.Cbz(W(15), *c.chain_miss);
}

void BaselineCompiler::ColdGetByString(Cold& c) {
  if (!c.entry.used()) return;
  FindByString(c);
  a_.Mov(c.payload, X(14));
  a_.Mov(c.tag, X(15));
  a_.b(*c.back);
}

void BaselineCompiler::ColdSetByString(Cold& c) {
  if (!c.entry.used()) return;
  FindByString(c);
  static_assert(String::kEventName == 4);
  a_.Tbnz(X(8), 2, *c.chain_miss);
  LoadPair(X(14), X(15), c.lhs.index);
  a_.stp(X(14), X(15), Mem(X(11)));
  RejoinAfter(c, -1, *c.back);
}

// A nil was found in the table in register lhs.
void BaselineCompiler::ColdNilElement(Cold& c) {
  LoadPayload(X(9), c.lhs.index);
  a_.ldr(X(10), Mem(X(9), Offsets::kTableMetatable));
  a_.Cbz(X(10), c.join);
  a_.b(*c.chain_miss);
}

}  // namespace perilune::vm::jit
