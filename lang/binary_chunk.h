// Binary chunks: a Proto as bytes, which string.dump makes and load reads.
//
// [DOC] Format. All numbers are varints (7 bits a byte, lowest first) unless said otherwise; a string is its length and its bytes.
//
//    "\x1bLua"  version  format  "\x19\x93\r\n\x1a\n"  opcode table (8 bytes)  checksum of what follows (8 bytes)  function
//
// A function is its attributes, code, constants, upvalues, nested functions, and, unless stripped, its debug information. A chunk can be read by a
// program with the same table of opcodes only.
//
// What is read is checked as the compiler's work is (verifier.h), and the checksum finds bytes that changed on their way. As the manual says of all
// precompiled code, a chunk that somebody forged on purpose is not to be trusted.

#ifndef PERILUNE_LANG_BINARY_CHUNK_H_
#define PERILUNE_LANG_BINARY_CHUNK_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lang/proto.h"

namespace perilune::lang {

// The first byte of every binary chunk, and of no text.
inline constexpr char kBinarySignature = '\x1b';

// `strip` leaves out what only messages and the debug library need: names, lines, the source.
std::string DumpProto(const Proto& proto, bool strip);

// The function in a binary chunk. kInvalidArgument, worded as the reference's: "chunk: bad binary format (truncated chunk)".
absl::StatusOr<std::shared_ptr<const Proto>> LoadProto(std::string_view bytes, std::string_view chunk_name);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_BINARY_CHUNK_H_
