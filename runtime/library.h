// The standard library, a function per part that makes its table and puts it into the globals.

#ifndef PERILUNE_RUNTIME_LIBRARY_H_
#define PERILUNE_RUNTIME_LIBRARY_H_

#include <cstdint>

namespace perilune::vm {

class Isolate;

// What scripts may ask of the `re` library.
struct ReLimits {
  int64_t max_mem = int64_t{8} << 20;  // bytes, roughly, for a pattern and the automata made from it
  int64_t max_pattern_length = int64_t{256} << 10;  // bytes, likewise of all patterns of a set
  int64_t cache_size = 64;                          // patterns that the library keeps compiled
  int64_t max_cache_size = 1024;                    // to which re.cache_size may raise that
};

void OpenBase(Isolate& vm);       // lib_base.cc
void OpenCoroutine(Isolate& vm);  // lib_coroutine.cc
void OpenString(Isolate& vm);     // lib_string.cc
void OpenTable(Isolate& vm);      // lib_table.cc
void OpenUtf8(Isolate& vm);       // lib_utf8.cc
void OpenMath(Isolate& vm);       // lib_math.cc
void OpenIo(Isolate& vm);         // lib_io.cc
void OpenOs(Isolate& vm);         // lib_os.cc
void OpenDebug(Isolate& vm);      // lib_debug.cc
void OpenPackage(Isolate& vm);    // lib_package.cc: require
// lib_re.cc: regular expressions. Makes `require "re"` load it; if there is no OpenPackage before it, a global `re`. A host calls it again, before
// scripts run, to set other limits.
void OpenRe(Isolate& vm, const ReLimits& limits = {});

// All of the above, `re` with the default limits.
void OpenLibraries(Isolate& vm);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIBRARY_H_
