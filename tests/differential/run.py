#!/usr/bin/env python3
"""Compares what random programs print in Perilune and in PUC-Rio's lua5.4.

    run.py --program PERILUNE --mode MODE [--runner RUN] [--seed N] [--count N]     runs the programs with seeds N, N + 1, ...
    run.py --program PERILUNE --mode MODE [--runner RUN] --reduce N                 makes a small program of the one with seed N
    run.py --print N                                                                prints the program with seed N

A program depends on nothing but its seed (and the files beside this one). generate.lua makes them, driver.lua runs many in one
process; one of a batch is run as a script of its own, too. Where lua5.4 is not installed, all are skipped.
"""

import argparse
import itertools
import os
import re
import sys
import tempfile

_HERE = os.path.relpath(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(_HERE))
import tiers  # pylint: disable=wrong-import-position

_BATCH = 200  # programs in a process
_SHOWN_FAILURES = 20


def _script(name):
  return os.path.join(_HERE, name)


def _generate(reference, seed, count):
  status, programs, error = tiers.run([reference, _script("generate.lua"), str(seed), str(count)], 600)
  if status != 0:
    sys.exit(f"generate.lua: {error}")
  return programs


def _text(programs):
  """The first program of what generate.lua printed."""
  return re.search(r"--@ .*?\n(.*?\n)--\.\n", programs, re.S)[1]


def _as_file(text):
  """A temporary file with the text; its name is deleted with the object."""
  file = tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8", errors="surrogateescape")
  file.write(text)
  file.flush()
  return file


# What may differ: the sign of "not a number" and addresses depend on the machine, and lua5.4.4 tells the line of an earlier
# instruction where a division by zero is at fault.
_SAME = [
    (re.compile(r"-(nan|NAN)"), r"\1"),
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r":\d+: (attempt to (divide by zero|perform 'n%0'))"), r":?: \1"),
]


def _normal(text):
  for pattern, same in _SAME:
    text = pattern.sub(same, text)
  return text


def _traces(output):
  """Seed -> its lines of output. Those of the last are incomplete unless the driver came to its end."""
  traces = {}
  lines = None
  for line in _normal(output).split("\n"):
    if line.startswith("@ "):
      lines = traces.setdefault(line[2:], [])
    elif lines is not None:
      lines.append(line)
  return traces


def _difference(expected, got):
  """The first lines that differ, or None."""
  for number, (a, b) in enumerate(itertools.zip_longest(expected, got, fillvalue="(nothing)"), 1):
    if a != b:
      return f"  line {number} of its trace\n    lua5.4:   {a[:300]}\n    perilune: {b[:300]}"
  return None


class Comparison:
  """Runs batches of programs in both."""

  def __init__(self, options, reference):
    self.options = options
    self.reference = reference
    self.failures = []  # (seed, description)

  def _fail(self, seed, text):
    self.failures.append((seed, text))
    if len(self.failures) <= _SHOWN_FAILURES:
      print(f"seed {seed} {text}", flush=True)

  def batch(self, seed, count):
    with _as_file(_generate(self.reference, seed, count)) as programs:
      arguments = [_script("driver.lua"), programs.name]
      status, out, error = tiers.run(tiers.reference_command(self.reference, arguments), self.options.timeout)
      if status != 0:
        sys.exit(f"the reference ended with {status} in a program from seed {seed} on: {error}")
      expected = _traces(out)
      status, out, error = tiers.run(tiers.tier_command(self.options, arguments), self.options.timeout)
    got = _traces(out)
    for name, trace in expected.items():
      if name == "end":
        continue
      if name not in got:
        # The process ended before; what stands behind must be run still.
        self.batch(int(name), seed + count - int(name))
        break
      difference = _difference(trace, got[name])
      if difference:
        ended = f"  ended with {status}: {error[-300:]}" if "end" not in got and name == list(got)[-1] else ""
        self._fail(int(name), "\n" + difference + ended)
    else:
      if status != 0:
        self._fail(seed, f"and {count - 1} more: ended with {status}: {error[-300:]}")

  def alone(self, seed):
    """Runs a program as a script of its own: output, uncaught error and exit status."""
    with open(_script("prelude.lua"), encoding="utf-8") as file:
      prelude = file.read()
    with _as_file(prelude + _text(_generate(self.reference, seed, 1))) as program:
      results = []
      for command in (tiers.reference_command(self.reference, [program.name]), tiers.tier_command(self.options, [program.name])):
        status, out, error = tiers.run(command, self.options.timeout)
        # The program's name, and what it shows as the caller of the script.
        error = re.sub(r"^\S*(lua5\.4|perilune): ", "lua: ", error)
        results.append([f"status {status}"] + _normal(out).split("\n") + _normal(error).split("\n"))
    if difference := _difference(*results):
      self._fail(seed, "as a script\n" + difference)

  def differs(self, text):
    """Does this program load, and differ?"""
    with _as_file(f"--@ 0\n{text}\n--.\n") as program:
      arguments = [_script("driver.lua"), program.name]
      _, expected, _ = tiers.run(tiers.reference_command(self.reference, arguments), 10)
      if "does not load" in expected or "@ end" not in expected:
        return False
      _, got, _ = tiers.run(tiers.tier_command(self.options, arguments), 60)
    return _difference(_traces(expected)["0"], _traces(got).get("0", [])) is not None

  def reduce(self, seed):
    """A program with no line (or run of lines) that could be left out without it ceasing to differ."""
    lines = _text(_generate(self.reference, seed, 1)).rstrip("\n").split("\n")
    if not self.differs("\n".join(lines)):
      sys.exit(f"the program with seed {seed} does not differ")
    size = len(lines) // 2
    while size >= 1:
      start, removed = 0, False
      while start < len(lines):
        shorter = lines[:start] + lines[start + size:]
        if self.differs("\n".join(shorter)):
          lines, removed = shorter, True
        else:
          start += size
      if not removed or size > 1:
        size //= 2
    # Blocks: a first and a last line that go together.
    for first in range(len(lines) - 1, -1, -1):
      for last in range(first + 1, min(first + 40, len(lines))):
        shorter = lines[:first] + lines[first + 1:last] + lines[last + 1:]
        if self.differs("\n".join(shorter)):
          lines = shorter
          break
    return "\n".join(lines)


def main():
  parser = argparse.ArgumentParser(description="Compares random programs in Perilune and lua5.4.")
  parser.add_argument("--print", type=int, metavar="SEED", help="print a program; needs no other options")
  parser.add_argument("--reduce", type=int, metavar="SEED", help="print a smaller program that differs, too")
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("--count", type=int, default=2000)
  parser.add_argument("--timeout", type=float, default=300.0, help="seconds for a batch")
  if any(argument.startswith("--print") for argument in sys.argv):
    parser.add_argument("--reference", default="lua5.4")
    options = parser.parse_args()
    print(_text(_generate(tiers.find_reference(options), options.print, 1)), end="")
    return
  tiers.add_options(parser)
  options = parser.parse_args()

  suite = "differential " + options.mode
  reference = tiers.find_reference(options)
  if not reference:
    tiers.write_xml(suite, [("programs", "", True)])
    return
  comparison = Comparison(options, reference)
  if options.reduce is not None:
    print(comparison.reduce(options.reduce))
    return
  end = options.seed + options.count
  for seed in range(options.seed, end, _BATCH):
    comparison.batch(seed, min(_BATCH, end - seed))
    comparison.alone(seed)
  cases = [(f"seed {seed}", text, False) for seed, text in comparison.failures]
  cases += [("programs", "", False)] if not cases else []
  tiers.write_xml(suite, cases)
  print(f"{options.mode}: {options.count} programs from seed {options.seed}, {len(comparison.failures)} differ")
  sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
  main()
