// Which words of the frame have a home in an innermost loop: see [DOC] Homes in residents.h.
//
// A word is worth a home if the loop loads it more often than it would be copied there: what a block reads first is a load, and each write whose
// template does not compute in place is a copy. Registers of unknown type need two homes, for payload and tag.

#include <algorithm>
#include <array>
#include <cstdint>

#include "jit/baseline_compiler.h"
#include "jit/residents.h"
#include "runtime/intrinsic.h"

namespace perilune::vm::jit {
namespace {

using lang::Op;

// Whether a loop with this op may have homes: the op's hot path runs no other Lua code.
bool KeepsHomes(Op op) {
  switch (op) {
    case Op::kMove:
    case Op::kLoadFalse:
    case Op::kLoadTrue:
    case Op::kLoadInt:
    case Op::kLoadFloat:
    case Op::kLoadK:
    case Op::kLoadKX:
    case Op::kGetUpval:
    case Op::kSetUpval:
    case Op::kGetTabUp:
    case Op::kSetTabUp:
    case Op::kGetField:
    case Op::kSetField:
    case Op::kGetTable:
    case Op::kGetInt:
    case Op::kSetTable:
    case Op::kSetInt:
    case Op::kLen:
    case Op::kNot:
    case Op::kJump:
    case Op::kLoopJump:
    case Op::kTest:
    case Op::kTestSet:
    case Op::kEq:
    case Op::kEqK:
    case Op::kLt:
    case Op::kLe:
    case Op::kLtK:
    case Op::kLeK:
    case Op::kGtK:
    case Op::kGeK:
    case Op::kForLoop:
    case Op::kReturn:
    case Op::kReturn0:
    case Op::kReturn1:
    case Op::kTailCall: return true;
    default: return op >= Op::kAdd && op <= Op::kBNot && op != Op::kPow && op != Op::kPowK;
  }
}

// Whether the op's template computes its result in the destination's home.
bool ComputesInPlace(Op op) { return op >= Op::kAdd && op <= Op::kShrK; }

struct Candidate {
  uint16_t word;
  bool is_double;
  bool is_pair;  // the tag as well
  int gain;      // instructions for each home, if each instruction of the loop runs once
};

}  // namespace

void BaselineCompiler::EnterLoop(uint32_t head) {
  const uint32_t end = facts_.EndOfInnermostLoop(head);
  if (end == 0) return;
  struct Use {
    uint16_t loads = 0, copies = 0, writes = 0;
    bool seen = false;  // in the block: it is in a register
  };
  std::array<Use, 256> uses{};
  Use closure;
  const auto& code = proto_->code;
  for (uint32_t pc = head; pc <= end; pc += static_cast<uint32_t>(lang::InstructionWords(lang::OpOf(code[pc])))) {
    const lang::Word w = code[pc];
    const Op op = lang::OpOf(w);
    if (!KeepsHomes(op)) return;
    if (pc != head && facts_.IsTarget(pc)) {
      for (uint32_t r = 0; r < proto_->max_stack; ++r) uses[r].seen = false;
      closure.seen = false;
    }
    const auto read = [](Use& use) {
      if (!use.seen) ++use.loads;
      use.seen = true;
    };
    const auto write = [](Use& use, bool copies) {
      ++use.writes;
      if (copies) ++use.copies;
      use.seen = true;
    };
    if (op == Op::kForLoop) {
      const uint32_t r = lang::FieldA(w);
      read(uses[r + 1]);
      read(uses[r + 3]);  // for r, which has the same value
      continue;
    }
    if (op == Op::kGetUpval || op == Op::kSetUpval || op == Op::kGetTabUp || op == Op::kSetTabUp) read(closure);
    const lang::OpInfo& info = lang::Info(op);
    if (info.kind(lang::Column::kB) == lang::OperandKind::kIn) read(uses[lang::FieldB(w)]);
    if (info.kind(lang::Column::kC) == lang::OperandKind::kIn) read(uses[lang::FieldC(w)]);
    if (info.kind(lang::Column::kA) == lang::OperandKind::kIn) read(uses[lang::FieldA(w)]);
    if (info.kind(lang::Column::kA) == lang::OperandKind::kOut) write(uses[lang::FieldA(w)], !ComputesInPlace(op));
  }

  std::array<Candidate, 257> candidates;
  size_t count = 0;
  const auto add = [&](uint32_t word, const Use& use, bool is_double, bool is_pair) {
    const int gain = use.loads - use.copies * (is_pair ? 2 : 1);
    if (gain > 0) candidates[count++] = {static_cast<uint16_t>(word), is_double, is_pair, is_pair ? gain / 2 : gain};
  };
  add(Residents::kClosureWord, closure, false, false);
  for (uint32_t r = 0; r < proto_->max_stack; ++r) {
    const Known type = facts_.known(r);
    const bool is_pair = type == Known::kNothing;
    if (type == Known::kNil || type == Known::kBoolean) continue;
    add(Residents::PayloadWord(r), uses[r], type == Known::kFloat, is_pair);
  }
  std::sort(candidates.begin(), candidates.begin() + count, [](const Candidate& a, const Candidate& b) {
    if (a.gain != b.gain) return a.gain > b.gain;
    return a.is_pair != b.is_pair ? b.is_pair : a.word < b.word;
  });

  if (loops_used_ == homed_loops_.size()) homed_loops_.emplace_back();
  HomedLoop& loop = homed_loops_[loops_used_];
  loop = HomedLoop();
  loop.head = head;
  loop.end = end;
  const auto settle = [&loop](uint32_t word, uint32_t place) {
    loop.homes.entries[loop.homes.count++] = {static_cast<uint16_t>(word), static_cast<Residents::Place>(place)};
  };
  uint32_t x = 0, d = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto& [word, is_double, is_pair, gain] = candidates[i];
    if (is_double) {
      if (d < Residents::kHomeDCount) settle(word, Residents::kHomeDs + d++);
    } else if (x + is_pair < Residents::kHomeXCount) {
      settle(word, Residents::kHomeXs + x++);
      if (is_pair) settle(word + 1u, Residents::kHomeXs + x++);
    }
  }
  if (loop.homes.count == 0) return;
  ++loops_used_;
  const lang::Word last = code[end];
  loop.control_kept = lang::OpOf(last) == Op::kForLoop && uses[lang::FieldA(last) + 3].writes == 0;
  SetLoop(&loop);
  LoadHomes();
  a_.Bind(loop.inside);
}

void BaselineCompiler::SetLoop(HomedLoop* loop) {
  loop_ = loop;
  residents_.SetHomes(loop == nullptr ? nullptr : &loop->homes);
}

void BaselineCompiler::LoadHomes() {
  if (loop_ == nullptr) return;
  for (size_t i = 0; i < loop_->homes.count; ++i) LoadAgain(loop_->homes.entries[i]);
}

void BaselineCompiler::MoveTo(Residents::Place home, X x) {
  if (!Residents::IsX(home)) a_.fmov(Residents::AsD(home), x);
  else if (Residents::AsX(home).code != x.code) a_.mov(Residents::AsX(home), x);
}

void BaselineCompiler::MoveTo(Residents::Place home, D d) {
  if (Residents::IsX(home)) a_.fmov(Residents::AsX(home), d);
  else if (Residents::AsD(home).code != d.code) a_.fmov(Residents::AsD(home), d);
}

}  // namespace perilune::vm::jit
