// The parts of the debug library: lib_debug.cc (metatables, registry, tracebacks, the prompt), lib_debug_info.cc (getinfo),
// lib_debug_variables.cc (locals and upvalues), lib_debug_hook.cc.

#ifndef PERILUNE_RUNTIME_LIB_DEBUG_H_
#define PERILUNE_RUNTIME_LIB_DEBUG_H_

#include <cstdint>

#include "runtime/coroutine.h"
#include "runtime/native.h"

namespace perilune::vm {

// The coroutine that a function of the library is about: an optional first argument. *shift: by how much the other arguments come later.
inline Coroutine* CoroutineArg(const NativeFrame& f, uint32_t* shift) {
  *shift = f[1].IsCoroutine() ? 1 : 0;
  return *shift != 0 ? f[1].coroutine() : f.vm.coroutine;
}

NativeResult DebugGetInfo(NativeFrame& f);
NativeResult DebugGetLocal(NativeFrame& f);
NativeResult DebugSetLocal(NativeFrame& f);
NativeResult DebugGetUpvalue(NativeFrame& f);
NativeResult DebugSetUpvalue(NativeFrame& f);
NativeResult DebugUpvalueId(NativeFrame& f);
NativeResult DebugUpvalueJoin(NativeFrame& f);
NativeResult DebugSetHook(NativeFrame& f);
NativeResult DebugGetHook(NativeFrame& f);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_DEBUG_H_
