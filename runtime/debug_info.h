// What error messages and tracebacks say of running code: positions, names of variables and functions. Names come from symbolic execution of
// the bytecode (lang/symbolic_execution.h), so that they cost nothing until an error asks.
//
// The Raise functions store a string error with the position of the running Lua function and answer nothing; operands are given by address, so
// that a register or upvalue of the running function can be named.

#ifndef PERILUNE_RUNTIME_DEBUG_INFO_H_
#define PERILUNE_RUNTIME_DEBUG_INFO_H_

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/isolate.h"
#include "runtime/value.h"

namespace perilune::vm {

void RaiseTypeError(Isolate* vm, const Value* operand, const char* operation);  // attempt to <operation> a <type> value (<name>)
void RaiseIndexError(Isolate* vm, const Value* object, const Value& key);
void RaiseCallError(Isolate* vm, const Value* callee);
void RaiseOperandError(Isolate* vm, const Value* a, const Value* b, const char* operation);  // blames the one that is no number
void RaiseConcatError(Isolate* vm, const Value* a, const Value* b);
void RaiseToIntegerError(Isolate* vm, const Value* a, const Value* b);
void RaiseCompareError(Isolate* vm, const Value& a, const Value& b);
void RaiseForError(Isolate* vm, const Value& v, const char* what);
void RaiseNotClosable(Isolate* vm, const Value* variable);
// Makes the stack's reserve available; when it is in use already, raises kErrorInErrorHandling, which no message handler sees.
void RaiseStackOverflow(Isolate* vm);
inline constexpr const char* kErrorInErrorHandling = "error in error handling";

// The type of a value as messages call it: __name of its metatable, or the basic type.
std::string TypeNameForMessage(const Isolate* vm, const Value& v);

// A frame on a Lua stack, walked from the top.
struct FrameView {
  Value* base;
  uint32_t pc;  // Lua functions: index of the instruction being executed

  bool is_bottom() const;
  bool is_lua() const;
  bool is_tail_call() const;  // what called it is gone
  FrameView caller() const;
  int32_t current_line() const;  // -1 for natives
};
// The topmost frame of a coroutine (running or not).
FrameView TopFrame(const Isolate* vm, const Coroutine* co);

// A frame as the debug library finds it.
struct LevelView {
  FrameView frame;
  Value* callee;  // base of the frame that this one called; null for the topmost one
  Value* end;     // where its values end
};
// The frame at `level`, 0 being the topmost one; nothing: there are not so many.
std::optional<LevelView> FrameAtLevel(const Isolate* vm, const Coroutine* co, int64_t level);

// How the caller of the frame's function names it.
struct CallerName {
  std::string what;  // "global", "local", "method", "field", "upvalue", "metamethod", "for iterator", "hook"
  std::string name;
};
std::optional<CallerName> NameOfFunction(const FrameView& frame);
std::optional<CallerName> NameOfRunningFunction(const Isolate& vm);
// "string.rep", "print": the name under which the function stands in a loaded library.
std::optional<std::string> LoadedFunctionName(Isolate& vm, const Value& function);

// Name of the local variable that lives in `slot` of the frame at `base`; null if none.
const char* LocalNameAt(const Value* base, const lang::Word* pc, const Value* slot);

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_DEBUG_INFO_H_
