#!/usr/bin/env python3
"""bench_test.py MEASURED_RUN: runs bench.py as tools/bench does, with small programs in place of those that it measures."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

_HERE = os.path.dirname(os.path.abspath(__file__))
_MEASURED_RUN = os.path.abspath(sys.argv.pop(1))

_BENCHMARK = """#!{python}
import json, re, sys
names = ["Family/a", "Family/b", "Native/a"]
flags = dict(argument.lstrip("-").split("=", 1) if "=" in argument else (argument.lstrip("-"), "") for argument in sys.argv[1:])
if "benchmark_list_tests" in flags:
  print("\\n".join(names))
else:
  entries = []
  for name in names:
    if re.search(flags["benchmark_filter"], name):
      entries.append({{"name": name, "iterations": 1, "real_time": 3.0, "cpu_time": 2.0, "time_unit": "ns"}})
      if name.startswith("Native"):
        entries[-1].update(error_occurred=True, error_message={error!r})
  print(json.dumps({{"benchmarks": entries}}))
"""
# Prints its script, but for empty ones.
_PERILUNE = """#!{python}
import sys
assert sys.argv[1].startswith("--jit=")
print(open(sys.argv[2]).read(), end="")
"""


class BenchTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self._root = folder.name
    self._output = os.path.join(self._root, "new", "result.json")
    for name, text in (("p", "-- p\n-- arg[1]: size (default 9, quick 1)\n"), ("empty", "")):
      self._write(f"benchmarks/scripts/{name}.lua", text)
      self._write(f"benchmarks/scripts/{name}.expected", text)
    self._write("bin/aarch64/perilune", _PERILUNE.format(python=sys.executable))
    self._write_benchmark("needs AArch64")

  def _write(self, path, text):
    path = os.path.join(self._root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
      file.write(text)
    os.chmod(path, 0o755)

  def _write_benchmark(self, error):
    self._write("bin/host/small_benchmark", _BENCHMARK.format(python=sys.executable, error=error))

  def _bench(self, *flags):
    command = [sys.executable, os.path.join(_HERE, "bench.py"), f"--root={self._root}", f"--binaries={self._root}/bin", f"--output={self._output}",
               f"--measured-run={_MEASURED_RUN}", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False)

  def test_all(self):
    done = self._bench()
    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("small_benchmark, Family, on host:\n\n| Family |    time |\n|--------|--------:|\n| a      | 2.00 ns |\n| b      | 2.00 ns |\n", done.stdout)
    self.assertNotIn("Native", done.stdout)
    self.assertIn("Start-up", done.stdout)
    self.assertIn("as ratios to off", done.stdout)
    self.assertIn("[2/2] p, eager", done.stderr)
    with open(self._output, encoding="utf-8") as file:
      result = json.load(file)
    self.assertEqual([entry["name"] for entry in result["programs"]["host"]["small"]], ["Family/a", "Family/b", "Native/a"])
    self.assertEqual(set(result["scripts"]["seconds"]["p"]), {"off", "background", "eager"})

  def test_filter(self):
    done = self._bench("--filter=small/Family/b", "--quick")
    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("| b ", done.stdout)
    self.assertNotIn("| a ", done.stdout)
    self.assertNotIn("Start-up", done.stdout)
    done = self._bench("--filter=scripts/p")
    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertNotIn("Family", done.stdout)
    self.assertIn("| p ", done.stdout)

  def test_failures_are_named(self):
    self._write_benchmark("it broke")
    done = self._bench()
    self.assertNotEqual(done.returncode, 0)
    self.assertIn("Native/a: it broke", done.stderr)
    self._write_benchmark("needs AArch64")
    self._write("benchmarks/scripts/p.expected", "something else")
    done = self._bench()
    self.assertNotEqual(done.returncode, 0)
    self.assertIn("tools/bench: off on p prints something else", done.stderr)


if __name__ == "__main__":
  unittest.main()
