#include "runtime/lib_buffer.h"

#include <algorithm>

#include "runtime/object.h"
#include "runtime/value.h"

namespace perilune::vm {

void Buffer::CopyMuch(const char* bytes, size_t n) {
  for (size_t done = 0; done < n; done += kBlock) {
    // relaxed: a step later will do
    if ((vm_.poll.load(std::memory_order_relaxed) & kPollEnd) != 0) return Fail();
    std::memcpy(data_ + size_ + done, bytes + done, std::min(kBlock, n - done));
  }
  size_ += n;
}

NativeResult Buffer::ReturnMuch(NativeFrame& f) const {
  if (failed_) return f.vm.CheckPoll() ? f.MemoryError() : kRaised;
  String* result = f.vm.TryNewLongString(size_);
  if (result == nullptr) return f.MemoryError();
  f.Push(Value::Of(result));
  for (size_t done = 0; done < size_; done += kBlock) {
    if (!f.vm.CheckPoll()) return kRaised;
    std::memcpy(result->data + done, data_ + done, std::min(kBlock, size_ - done));
  }
  return f.ReturnPushed(1);
}

}  // namespace perilune::vm
