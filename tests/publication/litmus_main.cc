// write_litmus FOLDER: writes the litmus tests there, and to standard output a line for each: file, kind, expected
// verdict, reason.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/publication/litmus.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_litmus FOLDER\n");
    return EXIT_FAILURE;
  }
  for (const auto& test : perilune::vm::jit::protocol::LitmusTests()) {
    const std::string path = std::string(argv[1]) + "/" + test.name + ".litmus";
    std::ofstream file(path);
    file << test.text;
    file.close();
    if (!file) {
      std::fprintf(stderr, "write_litmus: cannot write %s\n", path.c_str());
      return EXIT_FAILURE;
    }
    std::printf("%s.litmus\t%s\t%s\t%s\n", test.name.c_str(), std::string(test.kind).c_str(),
                test.allowed ? "Allowed" : "Forbidden", test.why.c_str());
  }
}
