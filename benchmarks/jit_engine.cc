#include "benchmarks/jit_engine.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "jit/code_publisher.h"
#include "jit/code_sync.h"
#include "runtime/library.h"

namespace perilune::vm::benchmarks {

bool HaveMachineCode() { return jit::NativeCacheMaintenance() != nullptr; }

std::vector<std::string> SyncStrategies() { return {"membarrier", "epoch", "signal", "private"}; }

absl::StatusOr<std::unique_ptr<JitEngine>> JitEngine::Create(const JitEngineOptions& options) {
  std::unique_ptr<JitEngine> result(new JitEngine(options.tuning));
  const std::optional<jit::CodeSyncKind> sync = jit::ParseCodeSyncKind(options.sync);
  if (!sync.has_value()) return absl::NotFoundError(absl::StrCat("no strategy ", options.sync));
  jit::BaselineTierOptions tier_options;
  tier_options.background = options.background;
  tier_options.sync = *sync;
  absl::StatusOr<std::unique_ptr<jit::BaselineTier>> tier = jit::BaselineTier::Create(tier_options);
  if (!tier.ok()) return tier.status();
  result->tier_ = *std::move(tier);
  result->engine_.set_native_tier(result->tier_.get());
  return result;
}

absl::StatusOr<LuaFunction*> Define(Isolate& vm, std::string_view source) {
  absl::StatusOr<std::shared_ptr<Module>> module = vm.engine().Load(source, "=benchmark");
  if (!module.ok()) return module.status();
  Value result;
  LuaFunction* main = vm.NewMainFunction(*std::move(module), Value::Of(vm.globals()));
  if (absl::Status status = Run(vm, main, {}, &result); !status.ok()) return status;
  if (!result.IsLuaFunction()) return absl::InternalError("the chunk returned no function");
  return result.lua_function();
}

absl::Status Run(Isolate& vm, LuaFunction* function, absl::Span<const Value> args, Value* result) {
  if (vm.Call(Value::Of(function), args, result)) return absl::OkStatus();
  return absl::InternalError(vm.error.IsString() ? vm.error.string()->view() : "an error that is no string");
}

std::string SourceOfSize(int bytecodes) {
  // With the number of bytecode words of each.
  static constexpr std::pair<const char*, int> kStatements[] = {
      {"s = s + x * 2\n", 4}, {"if s > 1000000 then s = s - 1000000 end\n", 4}, {"t.a = s\n", 1}, {"s = s + t.b\n", 3}, {"t[1] = s\n", 1},
      {"s = id(s)\n", 5},     {"s = s ~ t[1]\n", 3},
  };
  std::string text = "local function id(x) return x end\nlocal function f(t, x)\nlocal s = x\n";
  int words = 3;
  for (size_t i = 0; words < bytecodes; ++i) {
    const auto& [statement, size] = kStatements[i % std::size(kStatements)];
    text += statement;
    words += size;
  }
  return text + "return s\nend\nreturn f\n";
}

struct Companions::Thread {
  Thread(Engine& engine, std::latch& running) : thread([this, &engine, &running] { Loop(engine, running); }) {}

  void Loop(Engine& engine, std::latch& running) {
    Isolate vm(engine);
    OpenBase(vm);
    isolate = &vm;
    const absl::StatusOr<LuaFunction*> spin = Define(vm, R"(
local function step(x) return x + 1 end
local function spin(n)
  local i = 0
  while n == 0 or i < n do i = step(i) end
end
spin(10000)
return spin
)");
    running.count_down();
    // Ends by RequestStop, which is an error to the caller.
    if (spin.ok()) {
      Value result;
      const std::array args = {Value::Integer(0)};
      (void)vm.Call(Value::Of(*spin), args, &result);
      stop_seen = vm.TakeStop() == StopReason::kInterrupt;
    }
    ended.wait();
  }

  Isolate* isolate = nullptr;
  bool stop_seen = false;
  std::latch ended{1};  // the isolate must live until RequestStop has returned
  std::thread thread;
};

Companions::Companions(Engine& engine, int count) {
  std::latch running(count);
  for (int i = 0; i < count; ++i) threads_.push_back(std::make_unique<Thread>(engine, running));
  running.wait();
}

Companions::~Companions() {
  for (const auto& thread : threads_) {
    thread->isolate->RequestStop(StopReason::kInterrupt);
    thread->ended.count_down();
    thread->thread.join();
    if (thread->stop_seen) continue;
    // Then what was measured is not what the benchmark says.
    std::fputs("a companion thread did not run\n", stderr);
    std::abort();
  }
}

}  // namespace perilune::vm::benchmarks
