// The collector: marks what is reachable from an isolate and lets the heap sweep the rest. Stop-the-world; precise for Lua stacks, conservative
// for the native stack. Weak tables, ephemerons and finalizers as manual §2.5 says.

#ifndef PERILUNE_RUNTIME_COLLECTOR_H_
#define PERILUNE_RUNTIME_COLLECTOR_H_

#include "runtime/isolate.h"

namespace perilune::vm {

// Which native frames may hold Values that nothing else refers to.
enum class NativeRoots : uint8_t {
  kAll,
  kOutsideRun,  // none above the innermost run of the virtual machine, whose own frames keep their values on the Lua stack: what is left in those
                // frames by chance then keeps nothing alive
};

// One full cycle; `trim` as for Heap::EndMarking. Objects whose finalizers are due are left in vm.to_finalize.
void Collect(Isolate& vm, NativeRoots roots, bool trim = false);

// Calls the finalizers that are due, oldest marked last; their errors become warnings. Does nothing inside a finalizer.
void RunFinalizers(Isolate& vm);

// Calls every remaining finalizer, as lua_close does. Objects made after this have none.
void FinalizeAll(Isolate& vm);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_COLLECTOR_H_
