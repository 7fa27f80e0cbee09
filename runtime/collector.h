// The collector: marks what is reachable from an isolate and lets the heap sweep the rest. Stop-the-world; precise for Lua stacks, conservative
// for the native stack. Weak tables, ephemerons and finalizers as manual §2.5 says.

#ifndef PERILUNE_RUNTIME_COLLECTOR_H_
#define PERILUNE_RUNTIME_COLLECTOR_H_

#include "runtime/isolate.h"

namespace perilune {

// One full cycle. Objects whose finalizers are due are left in vm.to_finalize.
void Collect(Isolate& vm);

// Calls the finalizers that are due, oldest marked last; their errors become warnings.
void RunFinalizers(Isolate& vm);

// Calls every remaining finalizer, as lua_close does.
void FinalizeAll(Isolate& vm);

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_COLLECTOR_H_
