// The parts of the basic library, which is spread over lib_base.cc and lib_load.cc.

#ifndef PERILUNE_RUNTIME_LIB_BASE_H_
#define PERILUNE_RUNTIME_LIB_BASE_H_

#include "runtime/native.h"

namespace perilune {

NativeResult Next(NativeFrame& f);

NativeResult Load(NativeFrame& f);
NativeResult LoadFile(NativeFrame& f);
NativeResult DoFile(NativeFrame& f);

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_LIB_BASE_H_
