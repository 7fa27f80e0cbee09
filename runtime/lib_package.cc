// require and the package library (manual §6.3), for modules written in Lua. There are no loaders
// for C libraries.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/lib_base.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"

namespace perilune {
namespace {

constexpr std::string_view kDefaultPath =
    "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;"
    "/usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua;./?.lua;./?/init.lua";
// Directory separator, template separator, name mark, and two that only C loaders use.
constexpr std::string_view kConfig = "/\n;\n?\n!\n-\n";

bool IsReadable(const std::string& name) {
  std::FILE* file = std::fopen(name.c_str(), "r");
  if (file == nullptr) return false;
  std::fclose(file);
  return true;
}

std::string ReplaceAll(std::string_view s, std::string_view from, std::string_view to) {
  std::string out;
  for (size_t at; !from.empty() && (at = s.find(from)) != std::string_view::npos;) {
    out.append(s.substr(0, at)).append(to);
    s.remove_prefix(at + from.size());
  }
  return out.append(s);
}

// The first file that a template of `path` leads to. False: *found says which were tried.
bool SearchPath(std::string_view name, std::string_view path, std::string_view separator,
                std::string_view directory_separator, std::string* found) {
  const std::string file = ReplaceAll(name, separator, directory_separator);
  std::string tried;
  while (!path.empty()) {
    const size_t end = path.find(';');
    std::string candidate = ReplaceAll(path.substr(0, end), "?", file);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    if (IsReadable(candidate)) {
      *found = std::move(candidate);
      return true;
    }
    tried.append(tried.empty() ? "no file '" : "\n\tno file '").append(candidate).append("'");
  }
  *found = std::move(tried);
  return false;
}

Value Package(NativeFrame& f) { return f.callee()->upvalues[0]; }
Value MakeString(NativeFrame& f, std::string_view s) { return Value::Of(f.vm.NewString(s)); }

NativeResult PackageSearchPath(NativeFrame& f) {
  std::string_view name, path, separator, directory_separator;
  if (!f.CheckString(1, &name) || !f.CheckString(2, &path)) return kRaised;
  if (!f.OptString(3, ".", &separator) || !f.OptString(4, "/", &directory_separator))
    return kRaised;
  std::string found;
  if (SearchPath(name, path, separator, directory_separator, &found)) return f.Return(found);
  return f.Return(Value::Nil(), MakeString(f, found));
}

NativeResult LoadLibrary(NativeFrame& f) {
  std::string_view path, function;
  if (!f.CheckString(1, &path) || !f.CheckString(2, &function)) return kRaised;
  return f.Return(Value::Nil(),
                  MakeString(f, "dynamic libraries not enabled; check your Lua installation"),
                  MakeString(f, "absent"));
}

// ---- Searchers: a loader and its extra argument, or a text that says why there is none.

NativeResult SearchPreload(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  Value loader;
  if (!f.vm.Index(GetField(f.vm, f.vm.registry(), "_PRELOAD"), f[1], &loader)) return kRaised;
  if (!loader.IsNil()) return f.Return(loader, MakeString(f, ":preload:"));
  return f.Return("no field package.preload['" + std::string(name) + "']");
}

NativeResult SearchLua(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  Value path;
  if (!f.vm.Index(Package(f), MakeString(f, "path"), &path)) return kRaised;
  if (!path.IsString()) return f.Error("'package.path' must be a string");
  std::string found, message;
  if (!SearchPath(name, path.string()->view(), ".", "/", &found)) return f.Return(found);
  LuaFunction* loader;
  if (CompileFile(f.vm, found.c_str(), "bt", Value::Of(f.vm.globals()), &loader, &message)) {
    return f.Return(Value::Of(loader), MakeString(f, found));
  }
  return f.Error("error loading module '" + std::string(name) + "' from file '" + found + "':\n\t" +
                 message);
}

// ---- require.

// Asks the searchers for a loader. False: an error was raised.
bool FindLoader(NativeFrame& f, std::string_view name, Value* loader, Value* data) {
  Value searchers;
  if (!f.vm.Index(Package(f), MakeString(f, "searchers"), &searchers)) return false;
  if (!searchers.IsTable()) return f.Error("'package.searchers' must be a table"), false;
  std::string message;
  for (int64_t i = 1;; ++i) {
    const Value searcher = searchers.table()->GetInteger(i);
    if (searcher.IsNil()) {
      return f.Error("module '" + std::string(name) + "' not found:" + message), false;
    }
    const Value args[] = {f[1]};
    uint32_t count;
    if (!f.vm.CallForAll(searcher, args, &count)) return false;
    const Value* results = f.vm.top - count;
    const Value first = count > 0 ? results[0] : Value::Nil();
    *data = count > 1 ? results[1] : Value::Nil();
    f.vm.top -= count;
    if (first.IsFunction()) {
      *loader = first;
      return true;
    }
    if (!IsStringOrNumber(first)) continue;
    String* s;
    if (!f.vm.ToDisplayString(first, &s)) return false;
    message.append("\n\t").append(s->view());
  }
}

NativeResult Require(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  const Value loaded = Value::Of(LoadedModules(f.vm)), key = f[1];
  Value module, loader, data, result;
  if (!f.vm.Index(loaded, key, &module)) return kRaised;
  if (module.IsTruthy()) return f.Return(module);
  if (!FindLoader(f, name, &loader, &data)) return kRaised;
  const Value args[] = {key, data};
  if (!f.vm.Call(loader, args, &result)) return kRaised;
  if (!result.IsNil() && !f.vm.SetIndex(loaded, key, result)) return kRaised;
  if (!f.vm.Index(loaded, key, &module)) return kRaised;
  if (module.IsNil()) {
    module = Value::Boolean(true);  // the module set nothing
    if (!f.vm.SetIndex(loaded, key, module)) return kRaised;
  }
  return f.Return(module, data);
}

std::string InitialPath() {
  const char* path = std::getenv("LUA_PATH_5_4");
  if (path == nullptr) path = std::getenv("LUA_PATH");
  if (path == nullptr) return std::string(kDefaultPath);
  // A double separator stands for the default.
  std::string full = ";" + std::string(path) + ";";
  if (full.find(";;") != std::string::npos)
    full = ReplaceAll(full, ";;", ";" + std::string(kDefaultPath) + ";");
  return full.substr(1, full.size() - 2);
}

constexpr NativeEntry kFunctions[] = {
    {"loadlib", LoadLibrary}, {"searchpath", PackageSearchPath}, {nullptr, nullptr}};

}  // namespace

void OpenPackage(Isolate& vm) {
  Table* library = NewLibrary(vm, "package", kFunctions);
  const Value upvalues[] = {Value::Of(library)};
  Table* preload = vm.NewTable();
  SetField(vm, vm.registry(), "_PRELOAD", Value::Of(preload));
  Table* searchers = vm.TryNewTable(2, 0);  // so small that it is not refused
  searchers->array[0] = Value::Of(vm.NewNative("searcher_preload", SearchPreload, upvalues));
  searchers->array[1] = Value::Of(vm.NewNative("searcher_Lua", SearchLua, upvalues));
  SetField(vm, library, "config", Value::Of(vm.NewString(kConfig)));
  SetField(vm, library, "cpath", Value::Of(vm.NewString("")));
  SetField(vm, library, "loaded", Value::Of(LoadedModules(vm)));
  SetField(vm, library, "path", Value::Of(vm.NewString(InitialPath())));
  SetField(vm, library, "preload", Value::Of(preload));
  SetField(vm, library, "searchers", Value::Of(searchers));
  SetField(vm, vm.globals(), "require", Value::Of(vm.NewNative("require", Require, upvalues)));
}

}  // namespace perilune
