#include "runtime/code_thread.h"

#include <cerrno>

#include "runtime/engine.h"
#include "runtime/isolate.h"
#include "runtime/native_tier.h"

namespace perilune::vm {
namespace {

// The isolate's, if anybody minds whether it runs.
CodeThread* ThreadOf(Isolate& vm) { return vm.native_tier() != nullptr ? &vm.code_thread : nullptr; }

void Park(CodeThread* thread) { thread->isolate->native_tier()->OnPark(*thread); }
void Unpark(CodeThread* thread) { thread->isolate->native_tier()->OnUnpark(*thread); }

}  // namespace

thread_local CodeThread* CodeThread::current_ = nullptr;

BlockingScope::BlockingScope(Isolate& vm) : thread_(ThreadOf(vm)) {
  if (thread_ != nullptr) Park(thread_);
}
BlockingScope::BlockingScope(CodeThread* current) : thread_(current) {
  if (thread_ != nullptr) Park(thread_);
}
BlockingScope::~BlockingScope() {
  if (thread_ == nullptr) return;
  const int error = errno;  // of what blocked
  Unpark(thread_);
  errno = error;
}

RunScope::RunScope(Isolate& vm) : thread_(ThreadOf(vm)) {
  if (thread_ == nullptr) return;
  outer_ = CodeThread::SetCurrent(thread_);
  if (outer_ != nullptr) Park(outer_);
  Unpark(thread_);
}
RunScope::~RunScope() {
  if (thread_ == nullptr) return;
  Park(thread_);
  CodeThread::SetCurrent(outer_);
  if (outer_ != nullptr) Unpark(outer_);
}

}  // namespace perilune::vm
