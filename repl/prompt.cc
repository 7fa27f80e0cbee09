#include "repl/prompt.h"

#include <string_view>

#include "runtime/isolate.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::repl {

std::string Prompt(Session& session, PromptKind kind) {
  const bool is_first = kind == PromptKind::kFirst;
  Isolate& vm = session.vm();
  const Value prompt = vm.globals()->GetString(vm.NewString(is_first ? "_PROMPT" : "_PROMPT2"));
  std::string text = is_first ? "> " : ">> ";
  if (prompt.IsNil()) return text;
  const auto to_display = [](NativeFrame& f) {
    String* s;
    return f.vm.ToDisplayString(f[1], &s) ? f.Return(Value::Of(s)) : kRaised;
  };
  uint32_t results;
  if (session.Call(Value::Of(vm.NewNative("tostring", to_display)), {prompt}, &results)) {
    text = vm.top[-1].string()->view();
    vm.top -= results;
  }
  return text;
}

}  // namespace perilune::vm::repl
