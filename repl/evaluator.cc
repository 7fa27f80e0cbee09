#include "repl/evaluator.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lang/diagnostic.h"
#include "lang/parser.h"
#include "repl/interrupt.h"
#include "repl/value_printer.h"
#include "runtime/handles.h"
#include "runtime/isolate.h"
#include "runtime/load.h"
#include "runtime/object.h"
#include "runtime/script_source.h"

namespace perilune::vm::repl {
namespace {

constexpr std::string_view kChunkName = "=stdin";
constexpr std::string_view kReturn = "return ";

// As in the reference: `= x`, the old way to have a value printed.
std::string_view WithoutEquals(std::string_view text) { return absl::StartsWith(text, "=") ? text.substr(1) : text; }

}  // namespace

Evaluator::~Evaluator() { DropKept(); }

bool Evaluator::IsIncomplete(std::string_view text) {
  const std::string_view body = WithoutEquals(text);
  if (lang::Parse(absl::StrCat(kReturn, body), kChunkName).ok()) return false;
  const bool is_expression = body.size() < text.size();
  const auto chunk = lang::Parse(is_expression ? absl::StrCat(kReturn, body) : std::string(body), kChunkName);
  return !chunk.ok() && lang::IsIncompleteChunk(chunk.status());
}

bool Evaluator::Evaluate(std::string_view text) {
  DropKept();
  const absl::StatusOr<Chunk> chunk = Compile(text);
  if (!chunk.ok()) {
    console_.PrintError(chunk.status().message());
    return false;
  }
  uint32_t results;
  if (!Run(*chunk, &results)) return false;
  PrintResults(results);
  vm_.top -= results;
  return true;
}

bool Evaluator::RunFile(const std::string& path) {
  DropKept();
  const absl::StatusOr<ScriptSource> source = ReadScript(path.c_str());
  if (!source.ok()) {
    console_.PrintError(source.status().message());
    return false;
  }
  const absl::StatusOr<LuaFunction*> main = Load(vm_, source->text, source->name, Value::Of(vm_.globals()));
  if (!main.ok()) {
    console_.PrintError(main.status().message());
    return false;
  }
  RememberSource(**main, source->text);
  uint32_t results;
  if (!Run({*main, {}}, &results)) return false;
  vm_.top -= results;
  return true;
}

bool Evaluator::EvaluateExpression(std::string_view text, Value* value) {
  DropKept();
  const absl::StatusOr<Chunk> chunk = locals_.Compile(absl::StrCat(kReturn, text), kChunkName);
  uint32_t results;
  if (!chunk.ok()) {
    console_.PrintError(chunk.status().message());
    return false;
  }
  if (!Run(*chunk, &results)) return false;
  *value = results == 0 ? Value::Nil() : vm_.top[-static_cast<ptrdiff_t>(results)];
  Keep(*value);
  vm_.top -= results;
  return true;
}

absl::StatusOr<Evaluator::Chunk> Evaluator::Compile(std::string_view text) {
  const std::string_view body = WithoutEquals(text);
  const std::string expression = absl::StrCat(kReturn, body);
  absl::StatusOr<Chunk> chunk = locals_.Compile(expression, kChunkName);
  if (chunk.ok() || body.size() < text.size()) {
    if (chunk.ok()) RememberSource(*chunk->main, expression);
    return chunk;
  }
  chunk = locals_.Compile(text, kChunkName);
  if (chunk.ok()) RememberSource(*chunk->main, text);
  return chunk;
}

bool Evaluator::Run(const Chunk& chunk, uint32_t* results) {
  Keep(Value::Of(chunk.main));
  const bool ok = session_.Call(Value::Of(chunk.main), {}, results);
  locals_.Adopt(chunk);
  if (!ok) console_.PrintError(session_.ErrorText());
  return ok;
}

void Evaluator::PrintResults(uint32_t count) {
  if (count == 0) return;
  console_.StartLine();
  const std::vector<Value> values(vm_.top - count, vm_.top);  // which stay on the stack, and so alive
  const InterruptScope scope(vm_);
  ValuePrinter printer(vm_, {.width = console_.width() - 1});
  const auto print = [&printer](std::string* out, const Value& value) { out->append(printer.Print(value)); };
  console_.PrintLua(absl::StrJoin(values, ", ", print));
}

void Evaluator::Keep(const Value& value) { kept_.push_back(vm_.handles().Add(value)); }

void Evaluator::DropKept() {
  for (const uint32_t handle : kept_) vm_.handles().Remove(handle);
  kept_.clear();
}

void Evaluator::RememberSource(const LuaFunction& main, std::string_view text) {
  std::erase_if(sources_, [](const auto& source) { return source.first.expired(); });
  sources_.emplace_back(ProtoInstance::FromConstants(main.k)->module, text);
}

std::string Evaluator::SourceOf(const Module& module) const {
  for (const auto& [weak, text] : sources_) {
    if (weak.lock().get() == &module) return text;
  }
  const std::string& name = *module.main()->proto->source;
  if (absl::StartsWith(name, "=")) return "";
  if (!absl::StartsWith(name, "@")) return name;  // of load: the text itself
  absl::StatusOr<ScriptSource> source = ReadScript(name.c_str() + 1);
  return source.ok() ? std::move(source->text) : "";
}

}  // namespace perilune::vm::repl
