// Perilune for C++ hosts: docs/embedding.md shows how to begin.
//
//   engine.h    what threads share: modules and machine code
//   isolate.h   one Lua state: running, calling, limits
//   value.h, table.h, convert.h   Lua values in C++
//   bind.h, class.h               C++ functions and classes in Lua

#ifndef PERILUNE_PERILUNE_H_
#define PERILUNE_PERILUNE_H_

#include "runtime/host/bind.h"     // IWYU pragma: export
#include "runtime/host/class.h"    // IWYU pragma: export
#include "runtime/host/convert.h"  // IWYU pragma: export
#include "runtime/host/engine.h"   // IWYU pragma: export
#include "runtime/host/isolate.h"  // IWYU pragma: export
#include "runtime/host/table.h"    // IWYU pragma: export
#include "runtime/host/value.h"    // IWYU pragma: export

#endif  // PERILUNE_PERILUNE_H_
