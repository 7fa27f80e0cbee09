#include "repl/session.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "repl/interrupt.h"
#include "runtime/library.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::repl {
namespace {

// Message handler: makes an error into text with a traceback, as lua.c's does. An object with
// __tostring says itself what to show.
NativeResult AddTraceback(NativeFrame& f) {
  const Value error = f[1];
  std::string message;
  if (error.IsString() || error.IsNumber()) {
    String* text;
    if (!f.vm.ToDisplayString(error, &text)) return kRaised;
    message = text->view();
  } else {
    const Value to_string = f.vm.Metamethod(error, Event::kToString);
    if (!to_string.IsNil()) {
      Value text;
      if (!f.vm.Call(to_string, {error}, &text)) return kRaised;
      if (text.IsString()) return f.Return(text);
    }
    message = absl::StrCat("(error object is a ", TypeName(error.tag), " value)");
  }
  const std::string_view view = message;
  return f.Return(f.vm.Traceback(f.vm.coroutine, &view, 1));
}

}  // namespace

void PrintError(std::string_view message) {
  std::fflush(stdout);
  const std::string line = absl::StrCat("perilune: ", message, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Session::Session(Engine& engine, ModuleLoader& loader, const Options& options,
                 absl::Span<const char* const> arguments)
    : loader_(loader), options_(options), arguments_(arguments), vm_(engine) {
  if (options.ignore_environment) {
    vm_.registry()->SetString(vm_.heap(), vm_.NewString("LUA_NOENV"), Value::Boolean(true));
  }
  OpenLibraries(vm_);
  vm_.heap().set_max_bytes(options.max_memory);
  SetArgTable();
}

bool Session::Run(bool reads_stdin) {
  if (!options_.ignore_environment && !RunInit()) return false;
  for (const Action& action : options_.actions) {
    if (!RunAction(action)) return false;
  }
  if (options_.script != 0) return RunScript();
  return !reads_stdin || RunModule(loader_.LoadScript(nullptr));
}

// Indices count from the script, or from the program if there is none.
void Session::SetArgTable() {
  Table* arg = vm_.NewTable();
  for (size_t i = 0; i < arguments_.size(); ++i) {
    const int64_t index = static_cast<int64_t>(i) - options_.script;
    if (!vm_.RawSet(arg, Value::Integer(index), Value::Of(vm_.NewString(arguments_[i])))) return;
  }
  vm_.globals()->SetString(vm_.heap(), vm_.NewString("arg"), Value::Of(arg));
}

// ---- Calls and their errors.

bool Session::Call(const Value& function, absl::Span<const Value> args, uint32_t* results) {
  const InterruptScope scope(vm_);
  const Value handler = Value::Of(vm_.NewNative("traceback", AddTraceback));
  if (!vm_.CallProtected(function, args, handler, results)) return false;
  if (!scope.is_pending()) return true;
  // It came so late, or in the last thing done (reading input), that nothing has noticed.
  vm_.top -= *results;
  return vm_.Raise(Value::Of(vm_.NewString("interrupted!")));
}

std::string_view Session::ErrorText() const {
  if (!vm_.error.IsString()) return "(error message not a string)";
  return vm_.error.string()->view();
}

bool Session::CallAndReport(const Value& function, absl::Span<const Value> args,
                            Value* first_result) {
  uint32_t results;
  if (!Call(function, args, &results)) {
    PrintError(ErrorText());
    return false;
  }
  *first_result = results == 0 ? Value::Nil() : vm_.top[-static_cast<ptrdiff_t>(results)];
  vm_.top -= results;
  return true;
}

bool Session::RunModule(const LoadResult& module, absl::Span<const Value> args) {
  if (!module.ok()) {
    PrintError(module.status().message());
    return false;
  }
  LuaFunction* main = vm_.NewMainFunction(*module, Value::Of(vm_.globals()));
  Value ignored;
  return CallAndReport(Value::Of(main), args, &ignored);
}

// ---- What the command line asks for.

bool Session::RunInit() {
  for (const char* name : {"=LUA_INIT_5_4", "=LUA_INIT"}) {
    const char* init = std::getenv(name + 1);
    if (init == nullptr) continue;
    return RunModule(init[0] == '@' ? loader_.LoadScript(init + 1) : loader_.LoadText(init, name));
  }
  return true;
}

bool Session::RunAction(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kExecute:
      return RunModule(loader_.LoadText(action.text, "=(command line)"));
    case Action::Kind::kRequire:
      return Require(action.text);
    case Action::Kind::kWarnings:
      vm_.warnings_on = true;
      return true;
  }
}

// "module", "global=module", or "module-suffix", whose global is without the suffix.
bool Session::Require(std::string_view text) {
  std::string_view global = text, module = text;
  if (const size_t equals = text.find('='); equals != std::string_view::npos) {
    global = text.substr(0, equals);
    module = text.substr(equals + 1);
  } else {
    global = text.substr(0, text.find('-'));
  }
  const Value require = GetGlobal("require");
  if (!require.IsFunction()) {
    PrintError(absl::StrCat("cannot load module '", module, "': there is no function 'require'"));
    return false;
  }
  Value loaded;
  if (!CallAndReport(require, {Value::Of(vm_.NewString(module))}, &loaded)) return false;
  if (SetGlobal(global, loaded)) return true;
  PrintError(ErrorText());
  return false;
}

// Its arguments are what the table `arg` holds by now.
bool Session::RunScript() {
  const char* path =
      options_.script_is_stdin ? nullptr : arguments_[static_cast<size_t>(options_.script)];
  const LoadResult module = loader_.LoadScript(path);
  std::vector<Value> args;
  if (module.ok()) {
    const Value arg = GetGlobal("arg");
    if (!arg.IsTable()) {
      PrintError("'arg' is not a table");
      return false;
    }
    const int64_t count = arg.table()->Length();
    for (int64_t i = 1; i <= count; ++i) args.push_back(arg.table()->GetInteger(i));
  }
  return RunModule(module, args);
}

Value Session::GetGlobal(std::string_view name) {
  return vm_.globals()->GetString(vm_.NewString(name));
}

// With metamethods, as a script would.
bool Session::SetGlobal(std::string_view name, const Value& value) {
  return vm_.SetIndex(Value::Of(vm_.globals()), Value::Of(vm_.NewString(name)), value);
}

}  // namespace perilune::vm::repl
