#include "repl/line_repl.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "lang/diagnostic.h"
#include "repl/prompt.h"
#include "runtime/isolate.h"
#include "runtime/load.h"
#include "runtime/native.h"
#include "runtime/object.h"
#include "runtime/table.h"

namespace perilune::vm::repl {
namespace {

constexpr std::string_view kChunkName = "=stdin";

class LineRepl {
 public:
  explicit LineRepl(Session& session) : session_(session), vm_(session.vm()) {}

  void Run() {
    std::string line;
    while (ReadLine(PromptKind::kFirst, &line)) {
      // As in the reference: `= x`, the old way to have a value printed.
      if (absl::StartsWith(line, "=")) line.replace(0, 1, "return ");
      Evaluate(std::move(line));
    }
    std::fputs("\n", stdout);
    std::fflush(stdout);
  }

 private:
  using Chunk = absl::StatusOr<LuaFunction*>;

  void Evaluate(std::string line) {
    const Chunk chunk = Load(std::move(line));
    uint32_t results = 0;
    if (!chunk.ok()) {
      Complain(chunk.status().message());
    } else if (!session_.Call(Value::Of(*chunk), {}, &results)) {
      Complain(session_.ErrorText());
    } else {
      Print(results);
      vm_.top -= results;
    }
  }

  // False at the end of the input.
  bool ReadLine(PromptKind kind, std::string* line) {
    const std::string prompt = Prompt(session_, kind);
    std::fwrite(prompt.data(), 1, prompt.size(), stdout);
    std::fflush(stdout);
    line->clear();
    int c;
    while ((c = std::getc(stdin)) != EOF && c != '\n') line->push_back(static_cast<char>(c));
    // As GNU Readline does for the reference: where no terminal has shown the input, it is shown, and a session reads as it would there.
    const bool ended = c == EOF && line->empty();
    if (!ended && !is_terminal_) {
      std::fwrite(line->data(), 1, line->size(), stdout);
      std::fputc('\n', stdout);
    }
    return !ended;
  }

  Chunk Load(std::string text) {
    const Value env = Value::Of(vm_.globals());
    if (Chunk chunk = vm::Load(vm_, absl::StrCat("return ", text), kChunkName, env); chunk.ok()) {
      return chunk;
    }
    for (;;) {
      Chunk chunk = vm::Load(vm_, text, kChunkName, env);
      std::string line;
      if (chunk.ok() || !lang::IsIncompleteChunk(chunk.status()) ||
          !ReadLine(PromptKind::kContinuation, &line)) {
        return chunk;
      }
      absl::StrAppend(&text, "\n", line);
    }
  }

  // Prints the topmost values with the global `print`.
  void Print(uint32_t count) {
    if (count == 0) return;
    const std::vector<Value> values(vm_.top - count, vm_.top);
    const Value print = vm_.globals()->GetString(vm_.NewString("print"));
    const Value handler =
        Value::Of(vm_.NewNative("handler", [](NativeFrame& f) { return f.Return(f[1]); }));
    uint32_t results;
    if (vm_.CallProtected(print, values, handler, &results)) {
      vm_.top -= results;
    } else {
      Complain(absl::StrCat("error calling 'print' (", session_.ErrorText(), ")"));
    }
  }

  static void Complain(std::string_view message) {
    std::fflush(stdout);
    const std::string line = absl::StrCat(message, "\n");
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

  Session& session_;
  Isolate& vm_;
  const bool is_terminal_ = isatty(STDIN_FILENO) != 0;
};

}  // namespace

void RunLineRepl(Session& session) { LineRepl(session).Run(); }

}  // namespace perilune::vm::repl
