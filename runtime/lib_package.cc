// require and the package library (manual §6.3), for modules written in Lua. Those in C are
// found but not loaded.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "runtime/lib_base.h"
#include "runtime/lib_common.h"
#include "runtime/library.h"

namespace perilune::vm {
namespace {

// Where Debian's lua5.4 looks, so that modules installed for it are found.
constexpr std::string_view kDefaultPath =
    "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;"
    "/usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua;"
    "/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua;./?.lua;./?/init.lua";
constexpr std::string_view kDefaultCPath =
    "/usr/local/lib/lua/5.4/?.so;"
#if defined(__aarch64__)
    "/usr/lib/aarch64-linux-gnu/lua/5.4/?.so;"
#elif defined(__x86_64__)
    "/usr/lib/x86_64-linux-gnu/lua/5.4/?.so;"
#endif
    "/usr/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so";
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

// The first file that a template of `path` leads to. False: *found says which were tried. As in the reference, the name is put into
// the path as a whole, and an empty path holds no templates.
bool SearchPath(std::string_view name, std::string_view path, std::string_view separator, std::string_view directory_separator,
                std::string* found) {
  const std::string files = ReplaceAll(path, "?", ReplaceAll(name, separator, directory_separator));
  for (size_t begin = 0; begin < files.size();) {
    const size_t end = std::min(files.find(';', begin), files.size());
    std::string candidate = files.substr(begin, end - begin);
    if (IsReadable(candidate)) {
      *found = std::move(candidate);
      return true;
    }
    begin = end + 1;
  }
  *found = "no file '" + ReplaceAll(files, ";", "'\n\tno file '") + "'";
  return false;
}

Value Package(NativeFrame& f) { return f.callee()->upvalues[0]; }
Value MakeString(NativeFrame& f, std::string_view s) { return Value::Of(f.vm.NewString(s)); }

NativeResult PackageSearchPath(NativeFrame& f) {
  std::string_view name, path, separator, directory_separator;
  // In the order in which the reference happens to look at them.
  if (!f.OptString(4, "/", &directory_separator) || !f.OptString(3, ".", &separator)) return kRaised;
  if (!f.CheckString(2, &path) || !f.CheckString(1, &name)) return kRaised;
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

// Looks for a module's file in package[field]. False: an error was raised.
bool FindFile(NativeFrame& f, std::string_view name, const char* field, bool* exists, std::string* found) {
  Value path;
  if (!f.vm.Index(Package(f), MakeString(f, field), &path)) return false;
  if (!IsStringOrNumber(path)) return f.Error("'package." + std::string(field) + "' must be a string"), false;
  String* text;
  if (!f.vm.ToDisplayString(path, &text)) return false;
  *exists = SearchPath(name, text->view(), ".", "/", found);
  return true;
}

NativeResult SearchLua(NativeFrame& f) {
  std::string_view name;
  bool exists;
  std::string found, message;
  if (!f.CheckString(1, &name) || !FindFile(f, name, "path", &exists, &found)) return kRaised;
  if (!exists) return f.Return(found);
  LuaFunction* loader;
  if (CompileFile(f.vm, found.c_str(), "bt", Value::Of(f.vm.globals()), &loader, &message)) {
    return f.Return(Value::Of(loader), MakeString(f, found));
  }
  return f.Error("error loading module '" + std::string(name) + "' from file '" + found + "':\n\t" +
                 message);
}

// Modules written in C are looked for where the reference does, only to say that they cannot be loaded.
NativeResult SearchC(NativeFrame& f, std::string_view name) {
  bool exists;
  std::string found;
  if (!FindFile(f, name, "cpath", &exists, &found)) return kRaised;
  return f.Return(exists ? "file '" + found + "' is a C module, and those are not supported" : found);
}

NativeResult SearchCModule(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  return SearchC(f, name);
}

// The library of all submodules of a root.
NativeResult SearchCRoot(NativeFrame& f) {
  std::string_view name;
  if (!f.CheckString(1, &name)) return kRaised;
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? f.Return() : SearchC(f, name.substr(0, dot));
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

// The path that an environment variable gives, the one with the version in its name first. Its first double separator stands for
// `fallback`, which is also the answer if there is none or the host's "LUA_NOENV" says to ignore it.
std::string InitialPath(Isolate& vm, const char* versioned, const char* plain, std::string_view fallback) {
  const char* value = std::getenv(versioned);
  if (value == nullptr) value = std::getenv(plain);
  if (value == nullptr || GetField(vm, vm.registry(), "LUA_NOENV").IsTruthy()) return std::string(fallback);
  const std::string_view path = value;
  const size_t mark = path.find(";;");
  if (mark == std::string_view::npos) return std::string(path);
  std::string out(path.substr(0, mark));
  if (!out.empty()) out += ';';
  out += fallback;
  const std::string_view rest = path.substr(mark + 2);
  return rest.empty() ? out : out.append(";").append(rest);
}

constexpr NativeEntry kFunctions[] = {
    {"loadlib", LoadLibrary}, {"searchpath", PackageSearchPath}, {nullptr, nullptr}};

}  // namespace

void OpenPackage(Isolate& vm) {
  Table* library = NewLibrary(vm, "package", kFunctions);
  const Value upvalues[] = {Value::Of(library)};
  Table* preload = vm.NewTable();
  SetField(vm, vm.registry(), "_PRELOAD", Value::Of(preload));
  constexpr NativeEntry kSearchers[] = {
      {"searcher_preload", SearchPreload}, {"searcher_Lua", SearchLua}, {"searcher_C", SearchCModule}, {"searcher_Croot", SearchCRoot}};
  Table* searchers = vm.TryNewTable(std::size(kSearchers), 0);  // so small that it is not refused
  for (size_t i = 0; i < std::size(kSearchers); ++i) {
    const NativeEntry& searcher = kSearchers[i];
    searchers->array[i] = Value::Of(vm.NewNative(searcher.name, searcher.fn, upvalues));
  }
  SetField(vm, library, "config", Value::Of(vm.NewString(kConfig)));
  SetField(vm, library, "cpath", Value::Of(vm.NewString(InitialPath(vm, "LUA_CPATH_5_4", "LUA_CPATH", kDefaultCPath))));
  SetField(vm, library, "loaded", Value::Of(LoadedModules(vm)));
  SetField(vm, library, "path", Value::Of(vm.NewString(InitialPath(vm, "LUA_PATH_5_4", "LUA_PATH", kDefaultPath))));
  SetField(vm, library, "preload", Value::Of(preload));
  SetField(vm, library, "searchers", Value::Of(searchers));
  SetField(vm, vm.globals(), "require", Value::Of(vm.NewNative("require", Require, upvalues)));
}

}  // namespace perilune::vm
