// Limits of the language front end, each with its reason. Those that programs can see have the
// reference implementation's values, so that a chunk loads here if it loads there.

#ifndef PERILUNE_LANG_LIMITS_H_
#define PERILUNE_LANG_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace perilune::lang {

// Nested statements and expressions: bounds the recursion of the parser and of all that walk its
// tree. The reference stops at 200 native calls, of which load() from a main chunk leaves this
// many.
inline constexpr int kMaxSyntaxNesting = 197;

// Active local variables of a function. A frame has at most 255 registers; what is left is for
// temporaries.
inline constexpr size_t kMaxLocals = 200;

// Upvalues of a function: their indices have 8 bits.
inline constexpr size_t kMaxUpvalues = 255;

// Longest printable chunk name in messages, with the final zero that C would need.
inline constexpr size_t kMaxChunkIdSize = 60;

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_LIMITS_H_
