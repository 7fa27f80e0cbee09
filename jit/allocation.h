// Allocation in machine code: what Heap::Allocate does inline.

#ifndef PERILUNE_JIT_ALLOCATION_H_
#define PERILUNE_JIT_ALLOCATION_H_

#include <cstddef>
#include <cstdint>

#include "jit/a64_assembler.h"
#include "jit/register_plan.h"
#include "runtime/heap.h"
#include "runtime/object.h"
#include "runtime/runtime_offsets.h"

namespace perilune::vm::jit {

// `cell` = a new object of `size` bytes, its header set; the rest is uninitialised, and nothing may look at it before it is not. Goes to `slow`, with
// nothing changed, when the size's area is used up. `size` must be a small one (Heap::kMaxSmall).
inline void EmitAllocate(Assembler& a, X cell, X scratch, size_t size, ObjectType type, uint32_t aux, Label& slow) {
  const int area = Offsets::Area(size);
  if (area <= 504) {
    a.ldp(cell, scratch, Mem(kVm, area));
  } else {
    a.ldr(cell, Mem(kVm, area));
    a.ldr(scratch, Mem(kVm, area + 8));
  }
  a.cmp(cell, scratch);
  a.B(Cond::kEq, slow);
  a.add(scratch, cell, static_cast<uint32_t>(Heap::CellSizeFor(size)));
  a.str(scratch, Mem(kVm, area));
  a.ldr(scratch, Mem(kVm, Offsets::kHeader));
  if (aux != 0) {
    a.Mov(X(16), uint64_t{aux} << 32 | static_cast<uint64_t>(type));
    a.orr(scratch, scratch, X(16));
  } else {
    a.add(scratch, scratch, static_cast<uint32_t>(type));
  }
  a.str(scratch, Mem(cell));
}

}  // namespace perilune::vm::jit

#endif  // PERILUNE_JIT_ALLOCATION_H_
