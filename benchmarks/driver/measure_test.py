#!/usr/bin/env python3
"""measure_test.py MEASURED_RUN: tests of measure.py and scripts.py, with small commands in place of engines."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # pylint: disable=wrong-import-position
import scripts  # pylint: disable=wrong-import-position

_MEASURED_RUN = os.path.abspath(sys.argv.pop(1))
_PYTHON = sys.executable


class RunTest(unittest.TestCase):

  def setUp(self):
    self._measurer = measure.Measurer(_MEASURED_RUN, {"PERILUNE_TEST": "x"})

  def test_output_status_and_environment(self):
    done = self._measurer.run([_PYTHON, "-c", "import os, sys; print(os.environ['PERILUNE_TEST']); sys.stderr.write('e'); sys.exit(3)"], 60)
    self.assertEqual((done.status, done.output, done.errors, done.ok, done.timed_out), (3, b"x\n", b"e", False, False))
    self.assertGreater(done.seconds, 0)

  def test_peak_is_the_commands_own(self):
    # Larger than this process and than the kernel's smallest steps.
    small = self._measurer.run([_PYTHON, "-c", "pass"], 60)
    large = self._measurer.run([_PYTHON, "-c", "x = b'x' * (64 << 20)"], 60)
    self.assertTrue(small.ok and large.ok)
    self.assertGreater(large.peak_bytes - small.peak_bytes, 60 << 20)
    ballast = b"x" * (96 << 20)
    self.assertLess(self._measurer.run(["true"], 60).peak_bytes, len(ballast))

  def test_signals_and_time(self):
    done = self._measurer.run([_PYTHON, "-c", "import os; os.abort()"], 60)
    self.assertEqual((done.status, done.ok), (-6, False))
    done = self._measurer.run([_PYTHON, "-c", "while True: pass"], 0.2)
    self.assertTrue(done.timed_out)
    self.assertFalse(done.ok)

  def test_no_such_program(self):
    done = self._measurer.run(["/no/such/program"], 60)
    self.assertFalse(done.ok)
    self.assertIn(b"/no/such/program", done.errors)

  def test_counts(self):
    # An "emulator" that writes the length of its program's name where the plugin's option says.
    code = "import sys; open(sys.argv[1].split('to=')[1], 'w').write(str(len(sys.argv[2])))"
    self.assertEqual(self._measurer.count_instructions([_PYTHON, "-c", code, "plugin.so"], ["program"], 60)[0], 7)
    self.assertIsNone(self._measurer.count_instructions([_PYTHON, "-c", "exit(1)", "plugin.so"], ["program"], 60)[0])


class ScriptsTest(unittest.TestCase):

  def setUp(self):
    self._folder = tempfile.TemporaryDirectory()
    self.addCleanup(self._folder.cleanup)
    self._write("p.lua", "-- p\n-- arg[1]: size (default 100, quick 7)\nlong")
    self._write("p.expected", "long")
    self._write("empty.lua", "")
    self._said = []

  def _write(self, name, text):
    with open(os.path.join(self._folder.name, name), "w", encoding="utf-8") as file:
      file.write(text)

  # Prints the last line of its script, or with an argument that.
  def _engine(self, name, code="", optional=False):
    show = "import sys; print(sys.argv[2] if len(sys.argv) > 2 else open(sys.argv[1]).read().split('\\n')[-1], end='');"
    return scripts.Engine(name, _PYTHON, ["-c", show + code], [], [], optional)

  def _measure(self, engines, quick=False):
    return scripts.measure_all(
        scripts.find(self._folder.name), engines, measurer=measure.Measurer(_MEASURED_RUN), quick=quick, repetitions=2, counter=[],
        say=self._said.append)

  def test_finds_scripts_and_their_small_sizes(self):
    found = scripts.find(self._folder.name)
    self.assertEqual([(s.name, s.quick) for s in found], [("empty", None), ("p", "7")])
    self.assertEqual(found[1].arguments(quick=True)[1:], ["7"])
    self.assertEqual(found[1].arguments(quick=False)[1:], [])

  def test_measures_every_engine(self):
    figures = self._measure([self._engine("a"), self._engine("b")])
    self.assertEqual(set(figures), {"seconds", "bytes"})
    self.assertEqual(set(figures["seconds"]), {"empty", "p"})
    self.assertTrue(all(value > 0 for row in figures["bytes"].values() for value in row.values()))
    titles = [title for title, _ in scripts.tables(figures, [self._engine("a"), self._engine("b")])]
    self.assertEqual(titles[:2], ["Start-up: a program that does nothing", "Programs: wall time, as ratios to a"])

  def test_an_engine_that_fails(self):
    with self.assertRaisesRegex(scripts.Failure, "b on empty ended with status 9"):
      self._measure([self._engine("a"), self._engine("b", "sys.exit(9)")])

  def test_an_engine_that_prints_something_else(self):
    with self.assertRaisesRegex(scripts.Failure, "b on empty prints something else"):
      self._measure([self._engine("a"), self._engine("b", "print('!')")], quick=True)

  def test_optional_engines_may_do_neither(self):
    figures = self._measure([self._engine("a"), self._engine("b", "sys.exit(9)", optional=True), self._engine("c", "print()", optional=True)])
    for row in figures["seconds"].values():
      self.assertEqual([row["a"] is None, row["b"], row["c"]], [False, None, None])
    self.assertTrue(any("c on p prints something else" in line for line in self._said))

  def test_memory_is_compared_where_it_can_be_told(self):
    mib = 2**20
    figures = {"bytes": {"empty": {"a": 10 * mib, "b": 20 * mib}, "big": {"a": 18 * mib, "b": 24 * mib}, "small": {"a": 12 * mib, "b": 29 * mib}}}
    (_, _), (title, table) = scripts.tables(figures, [self._engine("a"), self._engine("b")])
    self.assertEqual(title, "Programs: peak memory above start-up, as ratios to a")
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.text().splitlines()[2:]]
    self.assertEqual(rows, [["big", "8.0 MiB", "0.50"], ["**geometric mean**", "", "**0.50**"]])


class RealScriptsTest(unittest.TestCase):

  def test_each_has_a_small_size_and_its_output(self):
    found = scripts.find(os.path.join("benchmarks", "scripts"))
    self.assertIn(scripts.EMPTY, [script.name for script in found])
    for script in found:
      if script.name != scripts.EMPTY:
        self.assertIsNotNone(script.quick, f"{script.name} does not say `-- arg[1]: ... (default N, quick N)`")
        self.assertIsNotNone(script.expected(), script.name)


if __name__ == "__main__":
  unittest.main()
