// string.format.

#ifndef PERILUNE_RUNTIME_STRING_FORMAT_H_
#define PERILUNE_RUNTIME_STRING_FORMAT_H_

#include "runtime/lib_buffer.h"
#include "runtime/native.h"

namespace perilune::vm {

// Appends argument 1, a format, filled in with the arguments that follow. False: an error was
// raised.
[[nodiscard]] bool FormatString(NativeFrame& f, Buffer* out);
// string.format's common case (FastNative in object.h).
int32_t FastFormat(Isolate* vm, Value* args, uint64_t count);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_STRING_FORMAT_H_
