// The standard library, a function per part that makes its table and puts it into the globals.

#ifndef PERILUNE_RUNTIME_LIBRARY_H_
#define PERILUNE_RUNTIME_LIBRARY_H_

namespace perilune {

class Isolate;

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

// All of the above.
void OpenLibraries(Isolate& vm);

}  // namespace perilune

#endif  // PERILUNE_RUNTIME_LIBRARY_H_
