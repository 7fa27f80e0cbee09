// Precompiled chunks: what string.dump writes and load reads (manual §6.4).
//
// [DOC] Binary chunks. A chunk is
//
//   header     the reference's: "\x1bLua", version 0x54, format 0, "\x19\x93\r\n\x1a\n", the sizes of an instruction, an integer and a float,
//              then 0x5678 as an integer and 370.5 as a float
//   format     4 bytes, a hash of opcodes.def: bytecode is for the build that made it, and not for PUC-Rio's Lua
//   checksum   8 bytes, of what follows
//   strip      1 byte
//   function   in the order of WriteFunction; counts and line numbers in 7-bit groups, the lowest first, all but the last with bit 7 set
//
// A stripped chunk has no names, source or lines: lines are then -1, and the source is "?". What was read must have the right
// checksum and pass the verifier, so that no damage on the way goes unseen. Of chunks that were forged with the right checksum the verifier finds what breaks its
// rules; the manual's warning not to trust such code holds here too.

#ifndef PERILUNE_LANG_BINARY_CHUNK_H_
#define PERILUNE_LANG_BINARY_CHUNK_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lang/proto.h"

namespace perilune::lang {

// The first byte of a binary chunk; no source text begins with it.
inline constexpr char kBinaryChunkMark = '\x1b';

std::string WriteBinaryChunk(const Proto& proto, bool strip);

// `chunk_name` is as given to load and appears in messages only. An error is InvalidArgument with a message such as
// "name: bad binary format (truncated chunk)".
absl::StatusOr<std::shared_ptr<const Proto>> ReadBinaryChunk(std::string_view bytes, std::string_view chunk_name);

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_BINARY_CHUNK_H_
