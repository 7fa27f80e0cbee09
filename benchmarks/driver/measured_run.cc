// measured_run RESULT COMMAND [ARGUMENTS]: runs a command and writes what it took to file RESULT, as one line of JSON.
//
//   {"status": 0, "seconds": 1.5, "peak_bytes": 1048576}      status: the exit status, or minus the signal that ended it
//
// A program of its own because the kernel counts into a process's peak what its parent held when it was made, so the parent must be small.

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace {

int Fail(const char* what, int error) {
  std::fprintf(stderr, "measured_run: %s: %s\n", what, std::strerror(error));
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: measured_run RESULT COMMAND [ARGUMENTS]\n");
    return EXIT_FAILURE;
  }
  const auto start = std::chrono::steady_clock::now();
  pid_t child;
  if (const int error = posix_spawnp(&child, argv[2], nullptr, nullptr, argv + 2, environ); error != 0) return Fail(argv[2], error);
  int status;
  rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) return Fail("wait4", errno);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::FILE* file = std::fopen(argv[1], "w");
  if (file == nullptr) return Fail(argv[1], errno);
  const long peak_kilobytes = usage.ru_maxrss;
  const int written = std::fprintf(file, "{\"status\": %d, \"seconds\": %.9f, \"peak_bytes\": %ld}\n",
                                   WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), seconds, peak_kilobytes * 1024);
  if (written < 0 || std::fclose(file) != 0) return Fail(argv[1], errno);
  return EXIT_SUCCESS;
}
