// Runs greet.lua, whose function the program calls; the script calls back into the program.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "perilune/perilune.h"

struct Counter {
  int64_t value = 0;
  void Add(int64_t n) { value += n; }
};

int main(int argc, char** argv) {
  perilune::Engine engine;
  perilune::Isolate lua(engine);
  lua.Bind("say", [](std::string_view text) { std::printf("%.*s\n", static_cast<int>(text.size()), text.data()); });
  lua.Class<Counter>("Counter").Constructor<>().Method("add", &Counter::Add).Property("value", &Counter::value);

  const auto module = engine.LoadFile(argc > 1 ? argv[1] : "greet.lua");
  if (!module.ok()) {
    std::fprintf(stderr, "%s\n", std::string(module.status().message()).c_str());
    return 1;
  }
  const auto ran = lua.Run(*module);
  const auto count = lua.Call<int64_t>("greet", "world", 3);
  if (!ran.ok() || !count.ok()) {
    std::fprintf(stderr, "%s\n", std::string((ran.ok() ? count.status() : ran).message()).c_str());
    return 1;
  }
  std::printf("greeted %lld times\n", static_cast<long long>(*count));
  return 0;
}
