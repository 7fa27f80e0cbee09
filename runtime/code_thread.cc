#include "runtime/code_thread.h"

#include <cassert>
#include <cerrno>

#include "runtime/engine.h"
#include "runtime/frame_layout.h"
#include "runtime/isolate.h"
#include "runtime/native_tier.h"

namespace perilune::vm {
namespace {

// The isolate's, if anybody minds whether it runs.
CodeThread* ThreadOf(Isolate& vm) { return vm.native_tier() != nullptr ? &vm.code_thread : nullptr; }

// relaxed: stored by this thread only, which is the one that runs it, if any does.
bool IsRunning(const CodeThread* thread) { return thread != nullptr && thread->running.load(std::memory_order_relaxed); }

void Park(CodeThread* thread) { thread->isolate->native_tier()->OnPark(*thread); }
void Unpark(CodeThread* thread) { thread->isolate->native_tier()->OnUnpark(*thread); }

}  // namespace

constinit thread_local CodeThread* CodeThread::current_ = nullptr;

BlockingScope::BlockingScope(Isolate& vm) : BlockingScope(ThreadOf(vm)) {
  assert(vm.native_depth == 0 || !IsLuaFrame(vm.base));
}
BlockingScope::BlockingScope(CodeThread* current) : thread_(IsRunning(current) ? current : nullptr) {
  if (thread_ != nullptr) Park(thread_);
}
BlockingScope::~BlockingScope() {
  if (thread_ == nullptr) return;
  const int error = errno;  // of what blocked
  Unpark(thread_);
  errno = error;
}

void RunScope::Begin() {
  const Isolate& vm = *thread_->isolate;
  outer_ = CodeThread::SetCurrent(thread_);
  outer_ran_ = IsRunning(outer_);
  if (outer_ran_) Park(outer_);
  // relaxed: nobody looks at it while the thread does not run. Another OS thread than the last may run it now, which needs an event of its own.
  if (vm.native_depth == 0) thread_->synchronized.store(0, std::memory_order_relaxed);
  Unpark(thread_);
}
void RunScope::End() {
  Park(thread_);
  CodeThread::SetCurrent(outer_);
  if (outer_ran_) Unpark(outer_);
}

}  // namespace perilune::vm
