// Templates: closures, and the ends of table constructors and lengths. What needs memory that is not at hand, or a metamethod, is left to the semantic call.

#include "jit/baseline_compiler.h"
#include "jit/register_plan.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {
namespace {

// Constructors store more values than this at a time by the semantic call.
constexpr uint32_t kMaxInlineList = 8;

}  // namespace

void BaselineCompiler::Closure(uint32_t pc) {
  const auto o = lang::ClosureOperands::Decode(&proto_->code[pc]);
  const auto& upvalues = proto_->children[o.child]->upvalues;
  if (upvalues.size() > kMaxClosureUpvalues) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  a_.ldur(X(12), Mem(UseK(), Offsets::kChildrenFromK));
  a_.Ldr(X(12), Mem(X(12), 8 * int64_t{o.child}), X(16));
  a_.Mov(W(13), static_cast<uint32_t>(upvalues.size()));
  a_.BlTo(stubs_->new_closure);
  const X closure = kWord;  // which stubs keep
  a_.Cbz(closure, c.entry);
  bool parent = false;  // x9 is the running function
  for (size_t i = 0; i < upvalues.size(); ++i) {
    const lang::UpvalueInfo& u = upvalues[i];
    if (u.from_parent_register) {
      a_.add(X(11), kBase, uint32_t{u.index} * 16);
      a_.BlTo(stubs_->open_upvalue);
      parent = false;
    } else {
      if (!parent) a_.ldur(X(9), Mem(kBase, -32));
      parent = true;
      a_.ldr(X(12), Mem(X(9), Offsets::kFunctionUpvalues + 8 * u.index));
    }
    a_.str(X(12), Mem(closure, Offsets::kFunctionUpvalues + 8 * static_cast<int64_t>(i)));
  }
  a_.Mov(X(10), static_cast<uint64_t>(Tag::kLuaFunction));
  StorePair(closure, X(10), o.dst);
  a_.Bind(c.join);
}

// Lists. What has fields, or may get some, is made like others before it by the op's slow path.
void BaselineCompiler::NewList(uint32_t pc) {
  const auto o = lang::NewTableOperands::Decode(&proto_->code[pc]);
  const uint32_t array = lang::ArraySlots(o.size);
  a_.BlTo(stubs_->new_table[array]);
  residents_.Clear();
  StoreTyped(X(13), Known::kTable, o.dst);
}

void BaselineCompiler::SetList(uint32_t pc) {
  const auto o = lang::SetListOperands::Decode(&proto_->code[pc]);
  const uint32_t count = o.count - 1u;
  if ((o.count != 0 && count > kMaxInlineList) || o.skip > 1000) return Generic(pc);
  Cold& c = AddCold(&BaselineCompiler::ColdSemantic);
  c.pc = pc;
  CheckTable(o.table, c.entry);
  if (o.count == 0) {
    a_.ldp(X(9), X(13), Mem(X(9), Offsets::kTableArray));
    a_.add(X(14), kBase, (o.table + 1u) * 16);
    a_.ldr(kWord, Mem(kVm, Offsets::kTop));
    a_.sub(kWord, kWord, X(14));
    a_.lsr(kWord, kWord, 4);
    a_.add(X(12), kWord, o.skip);
    a_.cmp(X(12), Uxtw(W(13)));
    a_.B(Cond::kHi, c.entry);
    if (o.skip != 0) a_.Add(X(9), X(9), int64_t{o.skip} * 16, X(16));
    a_.BlTo(stubs_->move_values);
    a_.Bind(c.join);
    return;
  }
  a_.ldp(X(14), X(13), Mem(X(9), Offsets::kTableArray));  // w13: array_size
  a_.cmp(W(13), o.skip + count);
  a_.B(Cond::kLo, c.entry);
  if (o.skip != 0) a_.Add(X(14), X(14), int64_t{o.skip} * 16, X(16));
  for (uint32_t i = 0; i < count; ++i) {
    LoadPair(X(11), X(12), o.table + 1u + i);
    a_.stp(X(11), X(12), Mem(X(14), int64_t{i} * 16));
  }
  a_.Bind(c.join);
}

void BaselineCompiler::Length(uint32_t pc) {
  const auto o = lang::LenOperands::Decode(&proto_->code[pc]);
  Cold& c = AddCold(&BaselineCompiler::ColdLength);
  c.pc = pc;
  LoadPair(X(9), X(10), o.src);
  if (facts_.known(o.src) == Known::kString) {
    a_.ldr(X(13), Mem(X(9), Offsets::kStringLength));
  } else {
    if (facts_.known(o.src) != Known::kTable) {
      a_.cmp(W(10), static_cast<uint32_t>(Tag::kTable));
      a_.B(Cond::kNe, c.entry);
    }
    a_.ldr(X(11), Mem(X(9), Offsets::kTableMetatable));
    a_.Cbnz(X(11), c.slow);
    a_.BlTo(stubs_->table_length);
    residents_.Clear();
  }
  StoreTyped(X(13), Known::kInteger, o.dst);
  a_.Bind(c.join);
  facts_.Hint(o.dst, Known::kInteger);
}

void BaselineCompiler::ColdLength(Cold& c) {
  if (c.entry.used()) {
    a_.cmp(W(10), static_cast<uint32_t>(Tag::kString));
    a_.B(Cond::kNe, c.slow);
    a_.ldr(X(13), Mem(X(9), Offsets::kStringLength));
    a_.Mov(X(16), static_cast<uint64_t>(Tag::kInteger));
    StorePair(X(13), X(16), lang::LenOperands::Decode(&proto_->code[c.pc]).dst);
    a_.b(c.join);
  }
  a_.Bind(c.slow);
  ColdSemantic(c);
}

}  // namespace perilune::vm::jit
