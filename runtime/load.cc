#include "runtime/load.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "runtime/engine.h"
#include "runtime/module.h"

namespace perilune::vm {

absl::StatusOr<LuaFunction*> Load(Isolate& vm, std::string_view source, std::string_view chunk_name, const Value& env) {
  // What the compiler needs for a while at most, for any source text.
  constexpr size_t kCompilerBytes = 48;  // a byte of source
  const size_t bytes = source.size() * kCompilerBytes;
  if (!vm.heap().TryReserve(bytes)) return absl::ResourceExhaustedError(vm.memory_error()->view());
  absl::StatusOr<std::shared_ptr<Module>> module = [&] {
    const BlockingScope blocking(vm);  // a large source takes its time
    return vm.engine().Load(source, chunk_name, {&vm.poll, kPollEnd});
  }();
  vm.heap().Discharge(bytes);
  if (!module.ok()) return module.status();
  return vm.NewMainFunction(*std::move(module), env);
}

}  // namespace perilune::vm
