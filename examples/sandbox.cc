// Plug-ins that nobody trusts: each gets an isolate without libraries that reach outside, and limits. Whatever one does, the host and the next one go on.

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "perilune/perilune.h"

namespace {

struct Plugin {
  const char* name;
  const char* source;
};

constexpr Plugin kPlugins[] = {
    {"polite", "return 6 * 7"},
    {"nosy", "return os.getenv('HOME')"},
    {"endless", "while true do end"},
    {"stubborn", "while true do pcall(function() while true do end end) end"},
    {"backtracking", "return ('a'):rep(100):find(('a*'):rep(50) .. 'b')"},
    {"hungry", "local t = {} for i = 1, math.huge do t[i] = ('x'):rep(1 << 20) .. i end"},
    {"recursive", "local function f() return 1 + f() end return f()"},
};

void Try(perilune::Isolate& lua, const Plugin& plugin) {
  const auto result = lua.RunString<perilune::Value>(plugin.source, std::string("=") + plugin.name);
  const std::string answer = result.ok() ? result->DebugString() : result.status().ToString(absl::StatusToStringMode::kWithNoExtraData);
  std::printf("%-12s %s\n", plugin.name, answer.c_str());
}

}  // namespace

int main() {
  perilune::Engine engine;
  perilune::IsolateOptions options;
  options.libraries = perilune::Libraries::Untrusted();
  options.deadline = absl::Seconds(1);
  options.max_memory = size_t{32} << 20;
  options.max_stack = 100'000;
  for (const Plugin& plugin : kPlugins) {
    perilune::Isolate lua(engine, options);
    Try(lua, plugin);
  }

  // A budget of instructions is the same on every machine, but machine code does not count them, so it is for scripts that may be slow.
  options.max_instructions = 1'000'000;
  perilune::Isolate lua(engine, options);
  Try(lua, {"busy", "local n = 0 while true do n = n + 1 end"});
  Try(lua, {"brief", "local n = 0 for i = 1, 1000 do n = n + i end return n"});
  std::printf("brief took %llu instructions\n", static_cast<unsigned long long>(lua.stats().instructions));
  return 0;
}
