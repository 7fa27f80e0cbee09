// A rule engine: N worker threads, an isolate each, one module. The script is compiled once; the first thread to find a rule hot has machine code made of
// it, for all of them.
//
//   rule_engine [RULES.lua [THREADS [REQUESTS]]]

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "perilune/perilune.h"

namespace {

struct Request {
  std::string method, path, agent;
  int64_t size = 0;
};

// Requests as a test generator makes them: the same for the same number.
Request MakeRequest(uint64_t n) {
  Request r;
  r.method = n % 5 == 0 ? "POST" : n % 97 == 0 ? "BREW" : "GET";
  r.path = n % 31 == 0 ? "/static/../etc/passwd" : "/item/" + std::to_string(n);
  r.agent = n % 41 == 0 ? "sqlmap/1.7" : "browser/" + std::to_string(n % 7);
  r.size = static_cast<int64_t>(n % 11000);
  return r;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "examples/rules.lua";
  const int threads = argc > 2 ? std::atoi(argv[2]) : 4;
  const uint64_t requests = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20000;

  perilune::Engine engine;
  const absl::StatusOr<perilune::Module> rules = engine.LoadFile(path);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", rules.status().ToString().c_str());
    return 1;
  }

  std::atomic<uint64_t> allowed{0}, denied{0}, challenged{0}, failed{0};
  const auto work = [&](uint64_t first) {
    perilune::Isolate lua(engine);
    lua.Class<Request>("Request")
        .Property("method", &Request::method)
        .Property("path", &Request::path)
        .Property("agent", &Request::agent)
        .Property("size", &Request::size);
    if (absl::Status status = lua.Run(*rules); !status.ok()) {
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      ++failed;
      return;
    }
    const absl::StatusOr<perilune::Value> decide = lua.Global("decide");
    for (uint64_t n = first; n < requests; n += static_cast<uint64_t>(threads)) {
      Request request = MakeRequest(n);
      const auto verdict = lua.Call<std::string, std::string>(*decide, &request);
      if (!verdict.ok()) {
        ++failed;
        std::fprintf(stderr, "%s\n", verdict.status().ToString().c_str());
      } else {
        const std::string& what = std::get<0>(*verdict);
        ++(what == "allow" ? allowed : what == "deny" ? denied : challenged);
      }
    }
  };
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) workers.emplace_back(work, static_cast<uint64_t>(t));
  for (std::thread& worker : workers) worker.join();

  engine.WaitForCompilation();
  const perilune::EngineStats stats = engine.stats();
  std::printf("%llu requests: %llu allowed, %llu denied, %llu challenged, %llu failed\n", static_cast<unsigned long long>(requests),
              static_cast<unsigned long long>(allowed.load()), static_cast<unsigned long long>(denied.load()),
              static_cast<unsigned long long>(challenged.load()), static_cast<unsigned long long>(failed.load()));
  std::fprintf(stderr, "%llu of %llu functions compiled; %s\n", static_cast<unsigned long long>(stats.functions_compiled),
               static_cast<unsigned long long>(stats.functions), stats.native_tier.c_str());
  return failed.load() == 0 ? 0 : 1;
}
