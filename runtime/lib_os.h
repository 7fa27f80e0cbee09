// How functions that ask the operating system for something report failures.

#ifndef PERILUNE_RUNTIME_LIB_OS_H_
#define PERILUNE_RUNTIME_LIB_OS_H_

#include "runtime/native.h"

namespace perilune::vm {

// True if `ok`; otherwise nil, errno's message (with `file_name` before it, unless that is null)
// and errno.
NativeResult ReturnFileResult(NativeFrame& f, bool ok, const char* file_name);
// What became of a process: true or nil, "exit" or "signal", and the exit status or signal. -1
// means that errno says why there was none.
NativeResult ReturnExitStatus(NativeFrame& f, int status);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_OS_H_
