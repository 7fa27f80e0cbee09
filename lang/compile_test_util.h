// Help for tests of the compiler: chunks as Protos and bytecode as text.

#ifndef PERILUNE_LANG_COMPILE_TEST_UTIL_H_
#define PERILUNE_LANG_COMPILE_TEST_UTIL_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lang/bytecode.h"
#include "lang/bytecode_printer.h"
#include "lang/compile.h"
#include "lang/proto.h"
#include "lang/verifier.h"

namespace perilune::lang {

// Compiles a chunk that has no errors, and verifies it.
inline std::shared_ptr<const Proto> CompileOrDie(std::string_view source) {
  absl::StatusOr<std::shared_ptr<const Proto>> proto = Compile(source, "=test");
  if (!proto.ok()) {
    ADD_FAILURE() << source << "\n" << proto.status();
    abort();
  }
  EXPECT_TRUE(Verify(**proto).ok()) << Verify(**proto) << "\n" << PrintBytecode(**proto);
  return *std::move(proto);
}

// The instructions of a function, one per line with its pc, without the return that every function
// ends with. Starts with an end of line, so that expected texts can start at the margin.
inline std::string CodeOf(const Proto& proto) {
  std::string out = "\n";
  size_t size = 0;
  for (size_t pc = 0; pc < proto.code.size(); pc += InstructionWords(OpOf(proto.code[pc]))) {
    size = out.size();
    absl::StrAppend(&out, pc, " ", PrintInstruction(proto, pc), "\n");
  }
  return out.substr(0, size);
}

// The code of a chunk's main function.
inline std::string Code(std::string_view source) { return CodeOf(*CompileOrDie(source)); }

}  // namespace perilune::lang

#endif  // PERILUNE_LANG_COMPILE_TEST_UTIL_H_
