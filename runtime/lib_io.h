// Files as Lua sees them: userdata with the metatable "FILE*" around a stream of the C library.
// lib_io.cc opens and closes them and holds the library's table; lib_io_read.cc has what reads,
// lib_io_file.cc the other methods.

#ifndef PERILUNE_RUNTIME_LIB_IO_H_
#define PERILUNE_RUNTIME_LIB_IO_H_

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "runtime/native.h"

namespace perilune::vm {

struct FileHandle {
  enum class Kind : uint8_t { kClosed, kFile, kPipe, kStandard };
  std::FILE* file;
  Kind kind;

  bool is_closed() const { return kind == Kind::kClosed; }
};

// The handle in a value, or null if it is no file.
FileHandle* HandleOf(const Value& v);
// Argument n as a file: "FILE* expected".
[[nodiscard]] bool CheckHandle(NativeFrame& f, uint32_t n, FileHandle** out);
// Argument 1 as a file that is open: "attempt to use a closed file".
[[nodiscard]] bool CheckOpenFile(NativeFrame& f, std::FILE** out);
// A new file value.
Userdata* NewFile(Isolate& vm, std::FILE* file, FileHandle::Kind kind);
// Closes a file and answers as its close method does.
NativeResult CloseFile(NativeFrame& f, FileHandle* handle);
// Closes without reporting, as for a file that is collected.
void CloseQuietly(FileHandle* handle);

// fwrite and fflush, while nobody waits for this thread where the system may make it wait. False, and errno: they failed.
bool WriteBytes(Isolate& vm, std::FILE* file, std::string_view bytes);
bool FlushFile(Isolate& vm, std::FILE* file);
// Writes the arguments from `first` on, then answers with `file_value` or an error triple.
NativeResult WriteArguments(NativeFrame& f, std::FILE* file, const Value& file_value,
                            uint32_t first);
// Reads according to the formats from argument `first` on and answers with what was read.
NativeResult ReadFormats(NativeFrame& f, std::FILE* file, uint32_t first);
// An iterator that reads `file_value` with the formats from argument `first` on. It closes the file
// at the end if `close`. False: an error was raised.
[[nodiscard]] bool NewLineIterator(NativeFrame& f, const Value& file_value, uint32_t first,
                                   bool close, Value* out);

NativeResult FileClose(NativeFrame& f);
NativeResult FileLines(NativeFrame& f);
NativeResult FileRead(NativeFrame& f);
// Makes the metatable "FILE*".
void OpenFileMetatable(Isolate& vm);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_LIB_IO_H_
