// Calls of one function from a native frame, again and again: what is the same for all of them is done once.
//
// A call puts the function and its arguments at the top of the native frame, enters the virtual machine (handler.h) at the function's entry, and takes
// the result from the same place. That is the nested run of Isolate::Call without its preparations.

#ifndef PERILUNE_RUNTIME_REPEATED_CALL_H_
#define PERILUNE_RUNTIME_REPEATED_CALL_H_

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "runtime/calls.h"
#include "runtime/code_thread.h"
#include "runtime/heap.h"
#include "runtime/isolate.h"
#include "runtime/return_handlers.h"

namespace perilune::vm {

// For the time of a scope in the running native function, which calls it only. What is called otherwise in between may be anything.
class RepeatedCall {
 public:
  RepeatedCall(Isolate& vm, const Value& function)
      : running_(vm.native_tier() != nullptr ? &vm.code_thread : nullptr), outer_heap_(Heap::Enter(&vm.heap())), vm_(vm), function_(function) {
    plain_ = function.IsLuaFunction() && !IsLuaFrame(vm.base) && !vm.stopping && vm.call_mark == 0 && vm.nesting + 1 < kMaxNesting;
  }
  ~RepeatedCall() { Heap::Enter(outer_heap_); }
  RepeatedCall(const RepeatedCall&) = delete;
  RepeatedCall& operator=(const RepeatedCall&) = delete;

  // As Isolate::Call. Inline: the native registers are saved where the loop that calls is entered.
  [[nodiscard, gnu::always_inline]] bool operator()(absl::Span<const Value> args, Value* first_result) {
    Isolate* const vm = &vm_;
    Value* const f = vm->top;
    // relaxed: a poll may be noticed a call later. The limit is null while one is wanted.
    if (!plain_ || f + kFrameHeader + args.size() > vm->stack_limit.load(std::memory_order_relaxed)) [[unlikely]] {
      return vm->CallOutOfTheOrdinary(function_, args, first_result);
    }
    assert(!vm->keep_top);
    const ptrdiff_t height = f - vm->base;
    const lang::Word* const pc = vm->pc;
    const uint32_t nesting = vm->nesting++;
    void* const outer_sp = vm->native_sp;
    f[0] = function_;
    LinkOf(f + kFrameHeader) = {&ReturnToNative, FrameLink::Position(0, static_cast<uint64_t>(height) + kFrameHeader)};
    for (size_t i = 0; i < args.size(); ++i) f[kFrameHeader + i] = args[i];
    ++vm->native_depth;
    EnterVm(vm, CallLuaFunction(vm, f, args.size()));
    --vm->native_depth;
    vm->native_sp = outer_sp;
    vm->top = vm->base + height;  // wherever the stack is now
    vm->nesting = nesting;
    vm->pc = pc;
    if (vm->run_failed) [[unlikely]] return vm->run_failed = false;
    *first_result = vm->run_results > 0 ? *vm->top : Value::Nil();
    return true;
  }

 private:
  const RunScope running_;
  Heap* const outer_heap_;
  Isolate& vm_;
  const Value function_;
  bool plain_;  // a Lua function in ordinary circumstances
};

}  // namespace perilune::vm

#endif  // PERILUNE_RUNTIME_REPEATED_CALL_H_
