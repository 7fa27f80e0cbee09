#include "repl/module_loader.h"
#include "runtime/script_source.h"


namespace perilune::vm::repl {

ModuleLoader::Result ModuleLoader::LoadScript(const char* path) {
  absl::MutexLock lock(&mutex_);
  const auto [entry, is_new] =
      loaded_.try_emplace({path == nullptr ? "=stdin" : std::string("@") + path, ""}, nullptr);
  if (is_new) {
    const absl::StatusOr<ScriptSource> source = ReadScript(path);
    entry->second = source.ok() ? engine_.Load(source->text, source->name) : source.status();
  }
  return entry->second;
}

ModuleLoader::Result ModuleLoader::LoadText(std::string_view text, std::string_view chunk_name) {
  absl::MutexLock lock(&mutex_);
  const auto [entry, is_new] =
      loaded_.try_emplace({std::string(chunk_name), std::string(text)}, nullptr);
  if (is_new) entry->second = engine_.Load(text, chunk_name);
  return entry->second;
}

}  // namespace perilune::vm::repl
