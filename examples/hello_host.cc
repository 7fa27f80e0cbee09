// The least a host does: make an engine and an isolate, give the script a function, run it, call into it.

#include <cstdio>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "perilune/perilune.h"

int main() {
  perilune::Engine engine;
  perilune::Isolate lua(engine);

  lua.Bind("say", [](std::string_view text) { std::printf("script says: %.*s\n", static_cast<int>(text.size()), text.data()); });

  if (absl::Status status = lua.RunString(R"(
        say("hello")
        function greet(name, times) return ("hi " .. name .. "! "):rep(times) end
      )", "@hello.lua");
      !status.ok()) {
    std::fprintf(stderr, "%s\n%s\n", std::string(status.message()).c_str(), perilune::Traceback(status).c_str());
    return 1;
  }

  absl::StatusOr<std::string> greeting = lua.Call<std::string>("greet", "host", 2);
  if (!greeting.ok()) return 1;
  std::printf("host got: %s\n", greeting->c_str());

  // Errors are statuses with Lua's own words.
  const absl::Status wrong = lua.Call<std::string>("greet", nullptr, 2).status();
  std::printf("error: %s\n", std::string(wrong.message()).c_str());
  return 0;
}
