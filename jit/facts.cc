#include "jit/facts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "jit/op_shape.h"

namespace perilune::vm::jit {
namespace {

using lang::Op;

// Walks for invariants may be this many times as long as the function; loops beyond know nothing on entry.
constexpr size_t kMaxWalks = 8;

bool IsNumber(Known k) { return k == Known::kInteger || k == Known::kFloat; }

Known TypeOfConstant(const lang::Constant& c) {
  static constexpr Known kTypes[] = {Known::kNil, Known::kBoolean, Known::kInteger, Known::kFloat, Known::kString};
  return kTypes[c.index()];
}
static_assert(std::is_same_v<std::variant_alternative_t<0, lang::Constant>, std::monostate>);
static_assert(std::is_same_v<std::variant_alternative_t<1, lang::Constant>, bool>);
static_assert(std::is_same_v<std::variant_alternative_t<2, lang::Constant>, int64_t>);
static_assert(std::is_same_v<std::variant_alternative_t<3, lang::Constant>, double>);
static_assert(std::is_same_v<std::variant_alternative_t<4, lang::Constant>, std::string>);

}  // namespace

void Facts::Reset(const lang::Proto& proto) {
  proto_ = &proto;
  registers_ = proto.max_stack;
  FillFrom(state_, 0, Known::kNothing);
  FillFrom(hint_, 0, Known::kNothing);
  FillFrom(has_constant_, 0, false);
  FillFrom(captured_, 0, false);
  for (const auto& child : proto.children) {
    for (const lang::UpvalueInfo& u : child->upvalues) {
      if (u.from_parent_register) captured_[u.index] = true;
    }
  }
  FindTargets();
}

inline void Facts::AddBranch(uint32_t pc) {
  const auto target = static_cast<uint32_t>(lang::TargetOf(proto_->code.data(), pc));
  uint32_t& number = targets_[target];
  if (number == kNoTarget) {
    number = static_cast<uint32_t>(edges_used_++);
    if (edges_used_ > edges_.size()) edges_.emplace_back();
    Edges& edges = edges_[number];
    edges.any = false;
    edges.first = pc;
    edges.backward = false;
  }
  if (target > pc) return;
  loops_.push_back({target, pc});
  edges_[number].backward = true;
}

void Facts::FindTargets() {
  const lang::Word* const code = proto_->code.data();
  const auto words = static_cast<uint32_t>(proto_->code.size());
  targets_.ResizeUninitialized(words + 1);
  std::fill(targets_.begin(), targets_.end(), kNoTarget);
  edges_used_ = 0;
  loops_.clear();
  assumed_ = nullptr;
  walk_budget_ = words * kMaxWalks;
  instructions_.ResizeUninitialized(words);
  uint32_t* instruction = instructions_.begin();
  for (uint32_t pc = 0; pc < words;) {
    *instruction++ = pc;
    const OpShape& shape = ShapeOf(lang::OpOf(code[pc]));
    if (shape.branches) AddBranch(pc);
    pc += shape.words;
  }
  instructions_.ExtendTo(instruction);
  if (loops_.empty()) return;
  // One loop for each head; those that overlap are nested.
  std::ranges::sort(loops_, [](const Loop& a, const Loop& b) { return a.head != b.head ? a.head < b.head : a.end > b.end; });
  loops_.erase(std::unique(loops_.begin(), loops_.end(), [](const Loop& a, const Loop& b) { return a.head == b.head; }), loops_.end());
  for (size_t i = loops_.size(); i-- > 0;) {
    for (size_t j = i + 1; j < loops_.size() && loops_[j].head <= loops_[i].end; ++j) {
      loops_[i].end = std::max(loops_[i].end, loops_[j].end);
    }
  }
}

Known Facts::ResultOfOperands(uint32_t pc, const State& s) const {
  const lang::Word w = proto_->code[pc];
  const Op op = lang::OpOf(w);
  const Known b = s[lang::FieldB(w)], c = s[lang::FieldC(w)];
  const auto constant = [&] { return TypeOfConstant(proto_->constants[lang::FieldC(w)]); };
  // Arithmetic on known numbers.
  const auto arithmetic = [&](Known rhs) {
    if (!IsNumber(b) || !IsNumber(rhs)) return Known::kNothing;
    return b == Known::kFloat || rhs == Known::kFloat ? Known::kFloat : Known::kInteger;
  };
  const auto division = [&](Known rhs) { return IsNumber(b) && IsNumber(rhs) ? Known::kFloat : Known::kNothing; };
  const auto bitwise = [&](Known rhs) { return b == Known::kInteger && rhs == Known::kInteger ? Known::kInteger : Known::kNothing; };
  switch (op) {
    case Op::kMove: return b;
    case Op::kLoadK: return TypeOfConstant(proto_->constants[lang::FieldBx(w)]);
    case Op::kLoadKX: return TypeOfConstant(proto_->constants[proto_->code[pc + 1]]);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kMod:
    case Op::kIDiv: return arithmetic(c);
    case Op::kAddK:
    case Op::kSubK:
    case Op::kMulK:
    case Op::kModK:
    case Op::kIDivK: return arithmetic(constant());
    case Op::kDiv:
    case Op::kPow: return division(c);
    case Op::kDivK:
    case Op::kPowK: return division(constant());
    case Op::kBAnd:
    case Op::kBOr:
    case Op::kBXor:
    case Op::kShl:
    case Op::kShr: return bitwise(c);
    case Op::kBAndK:
    case Op::kBOrK:
    case Op::kBXorK:
    case Op::kShlK:
    case Op::kShrK: return bitwise(constant());
    case Op::kUnm: return IsNumber(b) ? b : Known::kNothing;
    case Op::kBNot: return b == Known::kInteger ? b : Known::kNothing;
    case Op::kLen: return b == Known::kString ? Known::kInteger : Known::kNothing;
    case Op::kTestSet: return b;  // on its branch
    case Op::kForPrep: {  // the kind of the loop
      const uint32_t r = lang::FieldA(w);
      if (s[r] == Known::kInteger && s[r + 2] == Known::kInteger) return Known::kInteger;
      return IsNumber(s[r]) && IsNumber(s[r + 2]) ? Known::kFloat : Known::kNothing;
    }
    case Op::kForLoop: {
      const Known step = s[lang::FieldA(w) + 2];  // as ForPrep left it
      return IsNumber(step) ? step : Known::kNothing;
    }
    default: return Known::kNothing;
  }
}

template <typename Write, typename Forget>
void Facts::ForWrites(const Instruction& i, Known result, Write write, Forget forget) const {
  const uint32_t a = lang::FieldA(i.word);
  switch (lang::OpOf(i.word)) {
    case Op::kLoadNil:
      for (uint32_t n = 0; n < lang::FieldB(i.word); ++n) write(a + n, result);
      return;
    case Op::kSelf: return forget(a);
    case Op::kVararg: return forget(a);
    case Op::kForPrep:
      write(a, result);
      write(a + 1, result);
      write(a + 2, result);
      write(a + 3, result);
      return;
    case Op::kForLoop:
      write(a, result);
      write(a + 1, result);
      write(a + 3, result);
      return;
    case Op::kTForPrep: return;
    case Op::kTForCall: return forget(a + 4);
    case Op::kTForLoop: return write(a + 2, Known::kNothing);
    default: break;
  }
  if (i.writes_a()) write(a, result);
  if (i.shape.writes_all) forget(a);
}

void Facts::CommitSpecial(uint32_t pc) {
  const lang::Word w = proto_->code[pc];
  const uint32_t a = lang::FieldA(w);
  const auto load = [&](const lang::Constant& c) {
    Write(a, TypeOfConstant(c));
    if (const auto* i = std::get_if<int64_t>(&c)) SetConstant(a, *i);
  };
  switch (lang::OpOf(w)) {
    case Op::kMove: {
      const uint32_t b = lang::FieldB(w);
      int64_t value;
      const bool constant = IntegerConstant(b, &value);
      Write(a, state_[b]);
      if (constant) SetConstant(a, value);
      return;
    }
    case Op::kLoadInt:
      Write(a, Known::kInteger);
      SetConstant(a, lang::FieldSBx(w));
      return;
    case Op::kLoadK: return load(proto_->constants[lang::FieldBx(w)]);
    case Op::kLoadKX: return load(proto_->constants[proto_->code[pc + 1]]);
    default: return CommitSeveral(pc);
  }
}

void Facts::CommitSeveral(uint32_t pc) {
  const Instruction i = Instruction::At(proto_->code.data(), pc);
  const uint32_t a = lang::FieldA(i.word);
  const Known result = ResultOf(i, state_);
  const auto write = [this](uint32_t r, Known type) { Write(r, type); };
  const auto forget = [this](uint32_t r) { ForgetFrom(r); };
  switch (lang::OpOf(i.word)) {
    case Op::kTestSet: {
      // Its register is written on the branch only.
      const Known before = state_[a];
      Write(a, result);
      SaveEdge(pc);
      state_[a] = before;
      return;
    }
    case Op::kForPrep:
      ForWrites(i, result, write, forget);
      // A loop that does not run leaves its registers in any state.
      for (uint32_t r = a; r < a + 4; ++r) state_[r] = Known::kNothing;
      SaveEdge(pc);
      return ForWrites(i, result, write, forget);
    default:
      ForWrites(i, result, write, forget);
      if (i.shape.branches) SaveEdge(pc);
      return;
  }
}

const Facts::Loop* Facts::LoopAt(uint32_t head) const {
  const auto loop = std::ranges::lower_bound(loops_, head, {}, &Loop::head);
  return loop == loops_.end() || loop->head != head ? nullptr : &*loop;
}

uint32_t Facts::EndOfInnermostLoop(uint32_t head) const {
  const Loop* loop = LoopAt(head);
  if (loop == nullptr || (loop != &loops_.back() && loop[1].head <= loop->end)) return 0;
  for (uint32_t pc = head + 1; pc <= loop->end; ++pc) {
    if (targets_[pc] != kNoTarget && edges_[targets_[pc]].first < head) return 0;
  }
  return loop->end;
}

Facts::Snapshot Facts::Assume(uint32_t head, const std::array<Known, 256>& types) {
  Snapshot before;
  Copy(before.state, state_);
  Copy(before.hint, hint_);
  assumed_ = LoopAt(head);
  Copy(without_, state_);
  for (uint32_t r = 0; r < registers_; ++r) {
    if (types[r] != Known::kNothing && state_[r] == Known::kNothing && !captured_[r]) state_[r] = types[r];
  }
  KeepInvariants(*assumed_);
  return before;
}

void Facts::EndAssumption() {
  for (uint32_t pc = assumed_->head + 1; pc <= assumed_->end; ++pc) {
    if (targets_[pc] != kNoTarget) edges_[targets_[pc]].any = false;  // they are walked once more
  }
  assumed_ = nullptr;
  Intersect(state_, without_);
  FillFrom(has_constant_, 0, false);
}

void Facts::Return(const Snapshot& before) {
  assumed_ = nullptr;
  Copy(state_, before.state);
  Copy(hint_, before.hint);
  FillFrom(has_constant_, 0, false);
}

void Facts::ForgetAll() {
  ForgetFrom(0);
}

void Facts::CopyChunk(State& to, const State& from, uint32_t reg) { std::copy_n(from.begin() + reg, kChunk, to.begin() + reg); }
void Facts::Copy(State& to, const State& from) const {
  CopyChunk(to, from, 0);
  for (uint32_t r = kChunk; r < registers_; r += kChunk) CopyChunk(to, from, r);
}

void Facts::IntersectChunk(State& __restrict to, const State& __restrict with, uint32_t reg) {
  for (uint32_t i = reg; i < reg + kChunk; ++i) to[i] = to[i] == with[i] ? to[i] : Known::kNothing;
}
void Facts::Intersect(State& to, const State& with) const {
  IntersectChunk(to, with, 0);
  for (uint32_t r = kChunk; r < registers_; r += kChunk) IntersectChunk(to, with, r);
}

// Backward branches lead to loops, whose invariants they preserve.
void Facts::SaveEdge(uint32_t pc) {
  const auto target = static_cast<uint32_t>(lang::TargetOf(proto_->code.data(), pc));
  if (target <= pc) return;
  JoinEdge(target, state_);
  if (assumed_ != nullptr && target > assumed_->end) Intersect(edges_[targets_[target]].state, without_);
}

void Facts::JoinEdge(uint32_t target, const State& s) {
  Edges& edges = edges_[targets_[target]];
  if (edges.any) return Intersect(edges.state, s);
  Copy(edges.state, s);
  edges.any = true;
}

bool Facts::EnterTarget(uint32_t pc, bool falls_through) {
  FillFrom(has_constant_, 0, false);
  bool reached = falls_through;
  const auto join = [&](const Edges& edges) {
    if (!edges.any) return;
    if (reached) {
      Intersect(state_, edges.state);
    } else {
      Copy(state_, edges.state);
      reached = true;
    }
  };
  const Edges& here = edges_[targets_[pc]];
  join(here);
  if (here.backward) {
    const Loop& loop = *LoopAt(pc);
    // Branches from before it into its middle are ways into the loop, too; a generic loop has no other.
    for (uint32_t p = pc + 1; p <= loop.end; ++p) {
      if (targets_[p] != kNoTarget) join(edges_[targets_[p]]);
    }
    if (reached) KeepInvariants(loop);
  }
  if (!reached) FillFrom(state_, 0, Known::kNothing);
  return here.backward;
}

void Facts::KeepInvariants(const Loop& loop) {
  State s;
  const lang::Word* const code = proto_->code.data();
  // Whether all branches to it come from before it within the loop. The walk to the loop has met none of these: their edges are free for walks in it.
  const auto joins = [&](const Edges& edges) { return edges.first >= loop.head && !edges.backward; };
  bool changed;
  do {
    changed = false;
    if (walk_budget_ < loop.end - loop.head) {
      FillFrom(state_, 0, Known::kNothing);
      return;
    }
    walk_budget_ -= loop.end - loop.head;
    Copy(s, state_);
    const auto keep = [&](uint32_t r, Known type) {
      const Known known = state_[r];
      const bool contradicted = (known != Known::kNothing) & (known != type);
      state_[r] = contradicted ? Known::kNothing : known;
      changed |= contradicted;
    };
    const auto write = [&](uint32_t r, Known type) {
      if (captured_[r]) type = Known::kNothing;
      keep(r, type);
      s[r] = type;
    };
    const auto forget = [&](uint32_t first) {
      for (uint32_t r = first; r < registers_; ++r) keep(r, Known::kNothing);
      FillFrom(s, first, Known::kNothing);
    };
    bool falls_through = true;
    for (uint32_t pc = loop.head; pc <= loop.end;) {
      if (targets_[pc] != kNoTarget && pc != loop.head) {
        Edges& edges = edges_[targets_[pc]];
        if (!joins(edges)) {
          Copy(s, state_);
        } else if (edges.any) {
          if (falls_through) Intersect(s, edges.state);
          else Copy(s, edges.state);
          edges.any = false;
        }
      }
      const Instruction i = Instruction::At(code, pc);
      const uint32_t a = lang::FieldA(i.word);
      const Known before = s[a];
      const Known result = ResultOf(i, s);
      if (i.shape.special) {
        ForWrites(i, result, write, forget);
      } else {
        if (i.writes_a()) write(a, result);
        if (i.shape.writes_all) forget(a);
      }
      if (lang::OpOf(i.word) == Op::kTestSet && before != s[a]) s[a] = Known::kNothing;  // written on the branch only
      falls_through = i.shape.falls_through;
      if (i.shape.branches) {
        const auto target = static_cast<uint32_t>(lang::TargetOf(code, pc));
        if (target > loop.head && target <= loop.end && joins(edges_[targets_[target]])) {
          State edge;
          Copy(edge, s);
          if (lang::OpOf(i.word) == Op::kForPrep) std::fill_n(edge.begin() + a, 4, Known::kNothing);  // a loop that does not run
          JoinEdge(target, edge);
        }
      }
      pc += i.shape.words;
    }
  } while (changed);
}

}  // namespace perilune::vm::jit
