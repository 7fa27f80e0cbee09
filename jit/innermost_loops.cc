// What the compiler does for loops that have none within: their words get homes, and their code is specialised to types.
//
// [DOC] Specialised loops
//   Where facts do not tell the types of what a loop reads, types are guessed, from hints and from how the loop uses the registers. Those that would
//   then hold at each instruction of the loop (Facts::Assume) are checked once, at the head's label: if they are right, they are facts in the loop that
//   follows, and its code has no checks of them. If not, the general code of the same loop runs, which stands behind the function's other code. Both go
//   on at the same place, with what is known in either case. So nothing has to be undone, ever: a wrong guess costs its check.
//
// Homes (residents.h): a word is worth one if the loop loads it more often than it would be copied there: what a block reads first is a load, and each
// write whose template does not compute in place is a copy. Registers of unknown type need two homes, for payload and tag.
//
//     head:     check types, else general       general:  load homes
//               load homes                      inside':  ...
//     inside:   ...                                       back to inside'
//               back to inside                            to after
//     after:

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "jit/baseline_compiler.h"
#include "jit/op_shape.h"
#include "jit/residents.h"
#include "runtime/intrinsic.h"

namespace perilune::vm::jit {
namespace {

using lang::Op;

struct Candidate {
  uint16_t word;
  bool is_double;
  bool is_pair;  // the tag as well
  int gain;      // instructions for each home, if each instruction of the loop runs once
};

}  // namespace

// How a loop uses a register.
struct BaselineCompiler::LoopUse {
  uint16_t loads, copies, writes;
  bool seen;        // in the block: it is in a register
  uint64_t checks;  // by Role, 16 bits each: reads in this role, of what it holds when the loop begins

  // Branches on what the operands of an op are cannot be predicted: there are none.
  void Read(Role role) {
    loads = static_cast<uint16_t>(loads + !seen);
    seen = true;
    checks += uint64_t{writes == 0} << static_cast<uint32_t>(role);
  }
  uint32_t checked(Role role) const { return checks >> static_cast<uint32_t>(role) & 0xffff; }
  // Checks of the type that its hot paths begin with.
  uint32_t all_checks() const { return checked(Role::kNumber) + checked(Role::kTable) + checked(Role::kKey); }
};

struct BaselineCompiler::LoopUses {
  std::array<LoopUse, Residents::kNoRegister + 1> registers;  // and one for columns that are none
  LoopUse closure{};
  uint32_t instructions = 0;
  bool keeps_homes = true;
};

void BaselineCompiler::EnterLoop(uint32_t head, bool first) {
  const uint32_t end = facts_.EndOfInnermostLoop(head);
  if (end == 0) return;
  LoopUses uses;
  FindUses(head, end, uses);
  if (loops_used_ == loops_.size()) loops_.emplace_back();
  LoopContext& loop = loops_[loops_used_];
  loop = LoopContext();
  loop.head = head;
  loop.end = end;
  loop.specialised = first && Specialise(loop, uses);
  if (uses.keeps_homes) ChooseHomes(loop, uses);
  if (!loop.specialised && loop.homes.count == 0) return;
  ++loops_used_;
  const lang::Word last = proto_->code[end];
  loop.control_kept = lang::OpOf(last) == Op::kForLoop && uses.registers[lang::FieldA(last) + 3].writes == 0;
  SetLoop(&loop);
  LoadHomes();
  a_.Bind(loop.inside);
}

void BaselineCompiler::FindUses(uint32_t head, uint32_t end, LoopUses& uses) const {
  const lang::Word* const code = proto_->code.data();
  std::fill_n(uses.registers.begin(), proto_->max_stack, LoopUse());
  uses.registers[Residents::kNoRegister] = LoopUse();
  for (uint32_t pc = head; pc <= end;) {
    const Instruction i = Instruction::At(code, pc);
    const Op op = lang::OpOf(i.word);
    const uint32_t a = lang::FieldA(i.word);
    ++uses.instructions;
    const OpTemplate& row = TemplateOf(op);
    uses.keeps_homes &= row.has(OpTemplate::kHomes);
    if (pc != head && facts_.IsTarget(pc)) {
      for (uint32_t r = 0; r < proto_->max_stack; ++r) uses.registers[r].seen = false;
      uses.closure.seen = false;
    }
    pc += i.shape.words;
    if (op == Op::kForLoop) {
      uses.registers[a + 1].Read(Role::kAny);
      uses.registers[a + 3].Read(Role::kAny);  // for a, which has the same value
      continue;
    }
    if (op == Op::kGetUpval || op == Op::kSetUpval || op == Op::kGetTabUp || op == Op::kSetTabUp) uses.closure.Read(Role::kAny);
    const auto reads = [&](uint8_t column, uint32_t reg) { return (i.shape.reads & column) != 0 ? reg : Residents::kNoRegister; };
    uses.registers[reads(OpShape::kB, lang::FieldB(i.word))].Read(row.b);
    uses.registers[reads(OpShape::kC, lang::FieldC(i.word))].Read(row.c);
    uses.registers[reads(OpShape::kA, a)].Read(row.a);
    LoopUse& written = uses.registers[i.writes_a() ? a : Residents::kNoRegister];
    ++written.writes;
    written.copies = static_cast<uint16_t>(written.copies + !row.has(OpTemplate::kInPlace));
    written.seen = true;
    if (i.shape.writes_all) {
      for (uint32_t r = a; r < proto_->max_stack; ++r) ++uses.registers[r].writes;
    }
  }
}

// ---- Specialised loops.

// Guesses the types of what the loop reads, and emits the checks of those that then hold throughout the loop.
bool BaselineCompiler::Specialise(LoopContext& loop, const LoopUses& uses) {
  constexpr uint32_t kMaxInstructions = 200, kInstructionsPerCheck = 8;
  if (uses.instructions > kMaxInstructions) return false;
  const auto guess = [&](uint32_t r) {
    const LoopUse& use = uses.registers[r];
    if (facts_.known(r) != Known::kNothing || use.all_checks() == 0) return Known::kNothing;
    if (use.checked(Role::kTable) != 0) return use.checked(Role::kTable) == use.all_checks() ? Known::kTable : Known::kNothing;
    const Known hint = facts_.hint(r);
    if (hint == Known::kInteger || hint == Known::kFloat) return hint;
    if (hint != Known::kNothing) return Known::kNothing;
    return use.checked(Role::kKey) == 0 && floats_likely_ ? Known::kFloat : Known::kInteger;
  };
  std::array<Known, 256> guesses;
  bool any = false;
  for (uint32_t r = 0; r < proto_->max_stack; ++r) {
    guesses[r] = guess(r);
    any = any || guesses[r] != Known::kNothing;
  }
  if (!any) return false;
  if (specialised_used_ == specialised_.size()) specialised_.emplace_back();
  SpecialisedLoop& s = specialised_[specialised_used_];
  s.facts = facts_.Assume(loop.head, guesses);
  uint32_t checks = 0;  // that are left out
  for (uint32_t r = 0; r < proto_->max_stack; ++r) {
    if (facts_.known(r) != guesses[r]) guesses[r] = Known::kNothing;
    if (guesses[r] != Known::kNothing) checks += uses.registers[r].all_checks();
  }
  if (checks < 2 || checks * kInstructionsPerCheck < uses.instructions) {
    facts_.Return(s.facts);
    return false;
  }
  ++specialised_used_;
  s.general = Label();
  s.context = &loop;
  s.guess = guess_;
  s.loop_guess = loop_guess_;
  for (uint32_t r = 0; r < proto_->max_stack; ++r) {
    if (guesses[r] == Known::kNothing) continue;
    a_.Reserve();
    a_.Comment("this loop is for r", r, " of type ", NameOf(guesses[r]));
    LoadTag(W(9), r);
    a_.cmp(W(9), static_cast<uint32_t>(TagOf(guesses[r])));
    a_.B(Cond::kNe, s.general);
  }
  if (inner_labels_.size() < labels_.size()) {
    inner_labels_.clear();
    for (uint32_t i = 0; i < labels_.size(); ++i) inner_labels_.push_back(Label());
  }
  return true;
}

void BaselineCompiler::LeaveLoop(bool falls_through) {
  LoopContext* const loop = loop_;
  if (loop->specialised && falls_through) UseK();
  SetLoop(nullptr);
  if (!loop->specialised) return;
  facts_.EndAssumption();
  residents_.Clear();
  a_.Bind(loop->after);
}

void BaselineCompiler::EmitGeneralLoops(bool verify_facts) {
  for (size_t i = 0; i < specialised_used_; ++i) {
    SpecialisedLoop& s = specialised_[i];
    facts_.Return(s.facts);
    guess_ = s.guess;
    loop_guess_ = s.loop_guess;
    residents_.Clear();
    k_loaded_ = true;
    const uint32_t head = s.context->head, end = s.context->end;
    a_.Bind(s.general);
    a_.Comment("the loop at [", head, "] for all types");
    EnterLoop(head, false);
    const absl::Span<const uint32_t> all = facts_.instructions();
    const auto first = std::ranges::lower_bound(all, head), last = std::ranges::upper_bound(all, end);
    const bool falls_through = EmitInstructions(absl::MakeConstSpan(first, last), /*entered=*/true, verify_facts);
    SetLoop(nullptr);
    if (!falls_through) continue;
    UseK();
    a_.b(s.context->after);
  }
}

// ---- Homes.

void BaselineCompiler::ChooseHomes(LoopContext& loop, const LoopUses& uses) const {
  std::array<Candidate, 257> candidates;
  size_t count = 0;
  const auto add = [&](uint32_t word, const LoopUse& use, bool is_double, bool is_pair) {
    const int gain = use.loads - use.copies * (is_pair ? 2 : 1);
    if (gain > 0) candidates[count++] = {static_cast<uint16_t>(word), is_double, is_pair, is_pair ? gain / 2 : gain};
  };
  add(Residents::kClosureWord, uses.closure, false, false);
  for (uint32_t r = 0; r < proto_->max_stack; ++r) {
    const Known type = facts_.known(r);
    if (type == Known::kNil || type == Known::kBoolean) continue;
    add(Residents::PayloadWord(r), uses.registers[r], type == Known::kFloat, type == Known::kNothing);
  }
  std::sort(candidates.begin(), candidates.begin() + count, [](const Candidate& a, const Candidate& b) {
    if (a.gain != b.gain) return a.gain > b.gain;
    return a.is_pair != b.is_pair ? b.is_pair : a.word < b.word;
  });
  const auto settle = [&loop](uint32_t word, Residents::Place place) {
    loop.homes.entries[loop.homes.count++] = {static_cast<uint16_t>(word), place};
  };
  uint32_t x = 0, d = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto& [word, is_double, is_pair, gain] = candidates[i];
    if (is_double) {
      if (d < Residents::kHomeDs.size()) settle(word, Residents::kHomeDs[d++]);
    } else if (x + is_pair < Residents::kHomeXs.size()) {
      settle(word, Residents::kHomeXs[x++]);
      if (is_pair) settle(word + 1u, Residents::kHomeXs[x++]);
    }
  }
}

void BaselineCompiler::SetLoop(LoopContext* loop) {
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
