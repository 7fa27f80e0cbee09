// Shared stubs: the cold work that templates leave to one copy. Emitted and published once, when the tier starts; compiled code reaches them by bl.
//
// [DOC] Stub contracts. All keep x20, x21 (unless a poll moved the stack: then x21 is the new base), x23, x24 and clobber x0-x17, x22, x25, x26, x30 and
// d0-d31, as a C++ call would, unless said otherwise: so x19, x27, x28, d8-d15 are kept, but not where other Lua code runs before the stub returns. w9 is
// the index of the running instruction. A stub whose op raises, or calls a function, does not return here before that function has; then it returns as
// if nothing had happened.
//
//   semantic[op]   in: w9. Runs the op: by what is known of tables and their shapes where that will do (op_templates.def), else by its semantic
//                  function. out: x0 not null if a branch is taken, or the base if it moved. w8 0: of scratch registers only x8-x17 are
//                  clobbered, and only the op's registers are written.
//   call           in: x10 position word; x11 slot of the call site, or 0; x21 base of the callee; w25 number of arguments. Stores the link and
//                  goes to the callee, which returns to the caller of the stub.
//   call_op        in: w9 a Call instruction with a fixed number of arguments. The same for it, without its site.
//   call_fast      in: x1 address of the arguments, w2 their number. Calls a native function's fast entry (runtime/object.h). out: w0 its answer; kDeclined
//                  also if it has none or a poll is wanted.
//   new_closure    in: x12 the instance of its function, or 0; w13 upvalues (at most kMaxClosureUpvalues). out: x25 a new closure, whose upvalues are to be
//                  stored before anything is collected, or 0: the op's slow path has to make it. Clobbers x10-x17 only.
//   enter_slow     in: w25 number of arguments. Function entry: grows the stack, polls. w25 is kept.
//   adjust_varargs in: w25, w9 parameters. Moves a vararg function's frame; x21 is its new base.
//   varargs        in: w9, x15 where the extra arguments go, all of them; sets top. out: x0 base, which may have moved.
//   some_varargs   in: x15 where the first w9 extra arguments go, filled up with nils. Clobbers x9-x17 only.
//   return_values  jumped to. in: x14 the results, w25 their number. Returns them from the frame x21.
//   return_vararg  the same for a vararg function's frame; w9: parameters + 3.
//   move_values    in: x14 values, w25 their number, x9 where they go, at or below. Clobbers x9-x11, x14, x16 only.
//   open_upvalue   in: x11 a slot of the frame. out: x12 its upvalue, which closures share. Keeps x25.
//   close_upvalues in: x9 level, x10 the running coroutine, x11 its topmost open upvalue. Closes those at or above it. Clobbers x11-x14 only.
//   new_table[n]   out: x13 a new table with n array slots and no hash part.
//   table_length   in: x9 a table. out: x13 its length, without metamethods.
//   poll           in: w9. A back-edge's poll.
//   fill_results   in: x21 base of the callee that returned, w25 results, w9 wanted. Adds nils. Clobbers x10, w25 only.
//   fill_params    in: x21 base, w25 arguments, w9 parameters. Adds nils. Clobbers x10, w25 only.
//   jumps          strategy "private", what slots lead to: for each index the jump by the thread's own table (jump_tables.h). Clobbers x16 only.
//   adopt_entry    what the entries of those tables are at first: goes on to the function's code, which the thread adopts. As a function's entry
//                  (runtime/handler.h).
//   adopt_exact    the same for call sites: x30 and x10 are the frame link, to be stored by the code.
//   next           in: x9 table; x11, w12 key and its tag; x13 position (Table::NextAt). out: the flags eq and x11, x12 next key and tag, x14, x15 value
//                  and tag, x13 position; the key is nil at the end. Or ne: the position does not tell where the key is. Clobbers x8, x10, x16, x17.
//   wrong_fact     in: w9. Ends the process with a message: the compiler was wrong about the frame. For tests.
//   equal_values   in: x9, w10 and x11, w12 payloads and tags. out: w8 1 if they are equal, 0 if not, 2 if that is for the semantic function to say.
//                  Clobbers nothing else.
//   find_integer   in: x10 table, x13 integer. out: x11 address of its value in the hash part, or 0; x14 that address, or one of a nil. Clobbers x15 only.
//   may_set_nil    in: x10 table. out: x10 not 0 if a field that is nil may be set, no one having to know. Clobbers x8 only.
//   to_doubles     in: x9, w10 and x11, w12 payloads and tags. out: d0, d1 their values if both are numbers; w10 0 if not. Clobbers these only.
//   new_like       in: x12 SiteCell, w13 nodes, w14 array slots (at most kMaxTableArray), wanted where the cell does not know better. out: x9 the table, or 0:
//                  the op's slow path has to make it. Clobbers x8, x10, x11, x13-x17 only.

#ifndef PERILUNE_JIT_STUBS_H_
#define PERILUNE_JIT_STUBS_H_

#include <array>
#include <cstdint>
#include <string>

#include "jit/a64_assembler.h"
#include "lang/bytecode.h"

namespace perilune::vm::jit {

// Name of each stub that is one of its kind.
#define PERILUNE_JIT_STUBS(STUB)                                                                                                            \
  STUB(call) STUB(call_op) STUB(call_fast) STUB(new_closure) STUB(enter_slow) STUB(adjust_varargs) STUB(varargs) STUB(some_varargs) STUB(return_values) STUB(return_vararg)                 \
  STUB(move_values) STUB(open_upvalue) STUB(close_upvalues) STUB(table_length) STUB(poll) STUB(fill_results) STUB(fill_params) STUB(next)   \
  STUB(find_integer) STUB(may_set_nil) STUB(to_doubles) STUB(equal_values) STUB(wrong_fact) STUB(new_like) STUB(adopt_entry) STUB(adopt_exact) STUB(jumps)

// Offsets into the stubs' code, or addresses once it has a place.
struct StubAddresses {
  static constexpr size_t kMaxNewArray = 6;
  std::array<uintptr_t, lang::kOpCount> semantic = {};     // by op
  std::array<uintptr_t, kMaxNewArray + 1> new_table = {};  // by number of slots
#define STUB(name) uintptr_t name = 0;
  PERILUNE_JIT_STUBS(STUB)
#undef STUB

  uintptr_t Jump(uint32_t index) const { return jumps + index * kJumpBytes; }
  static constexpr uintptr_t kJumpBytes = 16;
  StubAddresses At(uintptr_t base) const;
  // For dumps: a number for each stub, and its name by that.
  static StubAddresses Symbolic();
  std::string NameOf(uintptr_t address) const;
};

// Upvalues of closures that new_closure makes.
inline constexpr size_t kMaxClosureUpvalues = 12;
// Array slots that new_like gives a table.
inline constexpr uint32_t kMaxTableArray = 31;

// Emits all stubs, with so many jumps; answers their offsets.
StubAddresses EmitStubs(Assembler& a, uint32_t jumps = 0);

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_STUBS_H_
