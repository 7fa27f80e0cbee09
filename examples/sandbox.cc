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
    {"endless", "while true do end"},
    {"stubborn", "while true do pcall(function() while true do end end) end"},
    {"recursive", "local function f() return 1 + f() end return f()"},
    {"hungry", "local t = {} for i = 1, math.huge do t[i] = ('x'):rep(1 << 20) .. i end"},
    {"nosy", "return os.getenv('HOME')"},
    {"backtracking", "return ('a'):rep(100):find(('a*'):rep(50) .. 'b')"},
};

}  // namespace

int main() {
  perilune::Engine engine;
  perilune::IsolateOptions options;
  options.libraries = perilune::Libraries::Untrusted();
  options.deadline = absl::Milliseconds(200);
  options.max_memory = size_t{32} << 20;
  for (const Plugin& plugin : kPlugins) {
    perilune::Isolate lua(engine, options);
    const auto result = lua.RunString<perilune::Value>(plugin.source, std::string("=") + plugin.name);
    if (result.ok()) {
      std::printf("%-12s -> %s\n", plugin.name, result->DebugString().c_str());
    } else {
      std::printf("%-12s stopped: %s\n", plugin.name, result.status().ToString(absl::StatusToStringMode::kWithNoExtraData).c_str());
    }
  }
  return 0;
}
