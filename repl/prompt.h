// The prompts of interactive mode.

#ifndef PERILUNE_REPL_PROMPT_H_
#define PERILUNE_REPL_PROMPT_H_

#include <cstdint>
#include <string>

#include "repl/session.h"

namespace perilune::vm::repl {

enum class PromptKind : uint8_t { kFirst, kContinuation };

// The global _PROMPT or _PROMPT2 as text, which may call its __tostring; the usual prompt if there is none or that fails.
std::string Prompt(Session& session, PromptKind kind);

}  // namespace perilune::vm::repl

#endif  // PERILUNE_REPL_PROMPT_H_
