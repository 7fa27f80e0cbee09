#!/usr/bin/env python3
"""benchmark_test.py PROGRAM FILTER [RUNNER]: checks that a benchmark program runs those of its benchmarks that FILTER matches.

Each must report a time, or say that it needs AArch64, and that only where PROGRAM is for another machine. RUNNER runs PROGRAM (see
tools/run_aarch64.sh). How long anything took is not looked at.
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests"))
import tiers  # pylint: disable=wrong-import-position

_ELF_MACHINE_AARCH64 = 183


def _is_aarch64(program):
  with open(program, "rb") as file:
    header = file.read(20)
  return header[:4] == b"\x7fELF" and int.from_bytes(header[18:20], "little") == _ELF_MACHINE_AARCH64


def check(entry, aarch64):
  """Returns what is wrong with a benchmark's result, or "", and whether it was skipped."""
  if entry.get("error_occurred"):
    message = entry.get("error_message", "no message")
    if message.startswith("needs AArch64") and not aarch64:
      return "", True
    return message, False
  if not entry.get("iterations"):
    return "it made no iterations", False
  if not entry.get("real_time", 0) > 0:
    return f"it took {entry.get('real_time')}", False
  return "", False


def main():
  program, pattern, *runner = sys.argv[1:]
  # The program finds the repository's scripts below the working directory.
  done = subprocess.run(
      runner + [os.path.abspath(program), f"--benchmark_filter={pattern}", "--benchmark_min_time=0.001", "--benchmark_format=json"],
      stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
  sys.stderr.write(done.stderr)
  if done.returncode:
    sys.exit(f"{program} ended with status {done.returncode}")
  entries = json.loads(done.stdout)["benchmarks"]
  if not entries:
    sys.exit(f"{program} has no benchmark that matches {pattern}")
  aarch64 = _is_aarch64(program)
  cases = [(entry["name"], *check(entry, aarch64)) for entry in entries]
  for name, problem, skipped in cases:
    print(f"{name}: {problem or ('skipped' if skipped else 'ok')}")
  tiers.write_xml(os.path.basename(program), cases)
  sys.exit(any(problem for _, problem, _ in cases))


if __name__ == "__main__":
  main()
