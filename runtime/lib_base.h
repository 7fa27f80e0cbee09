// The parts of the basic library, which is spread over lib_base.cc and lib_load.cc.

#ifndef PERILUNE_RUNTIME_LIB_BASE_H_
#define PERILUNE_RUNTIME_LIB_BASE_H_

#include "runtime/native.h"

namespace perilune {

NativeResult BaseNext(NativeFrame& f);

NativeResult BaseLoad(NativeFrame& f);
NativeResult BaseLoadFile(NativeFrame& f);
NativeResult BaseDoFile(NativeFrame& f);

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_LIB_BASE_H_
