#!/usr/bin/env python3
"""Runs Lua scripts and checks the expectations in their comments.

    script_runner.py --program PERILUNE [--mode MODE] [--runner RUN] [--timeout SECONDS] SCRIPT...

Expectations, in a script's comments:

    -- expect: TEXT        the next line of standard output is TEXT (they are in order over the file, and complete)
    -- expect error: TEXT  the script ends with status 1, and standard error has `perilune: FILE:LINE: TEXT`, LINE being this one

A file SCRIPT.expected beside SCRIPT.lua is the whole of its standard output, instead of such comments.

A script without `-- expect:` may print what it likes; one without `-- expect error:` must end with status 0. So scripts that only
assert need no expectation at all. `-- perilune-only` in the first five lines keeps a script from the reference mode.

Modes: `off`, `sync`, `eager` and `background` are values of perilune's --jit; `reference` runs the same files with PUC-Rio's lua
(--program lua5.4), which keeps the expectations honest; where that is not installed, all scripts count as skipped. RUN is a program
that runs PROGRAM (see tools/run_aarch64.sh).

Each failure names file and line. Under Bazel, results go to $XML_OUTPUT_FILE too, one test case per script.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time
import xml.sax.saxutils

_EXPECT = re.compile(r"--\s*expect:(?: (.*))?$")
_EXPECT_ERROR = re.compile(r"--\s*expect error: (.*)$")
_PERILUNE_ONLY = re.compile(r"--\s*perilune-only\b")
_SHOWN_CHARACTERS = 4000  # of a script's output, when it fails


class Script:
  """A script's path and what its comments expect."""

  def __init__(self, path):
    self.path = path
    self.output = []  # (line number, text)
    self.error = None  # (line number, text)
    self.perilune_only = False
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
      for number, line in enumerate(file, 1):
        line = line.rstrip("\r\n")
        if match := _EXPECT.search(line):
          self.output.append((number, match[1] or ""))
        elif match := _EXPECT_ERROR.search(line):
          self.error = (number, match[1].rstrip())
        elif number <= 5 and _PERILUNE_ONLY.search(line):
          self.perilune_only = True
    whole = os.path.splitext(path)[0] + ".expected"
    if os.path.exists(whole):
      with open(whole, encoding="utf-8", errors="surrogateescape") as file:
        self.output = [(1, line.rstrip("\n")) for line in file]


class Result:
  """What became of one script: problems is empty if it passed."""

  def __init__(self, script):
    self.script = script
    self.problems = []
    self.skipped = False
    self.seconds = 0.0

  def problem(self, line, text):
    self.problems.append(f"{self.script.path}:{line}: {text}")


def _check_output(result, stdout):
  lines = stdout.split("\n")
  if lines and lines[-1] == "":
    lines.pop()
  for i, (number, text) in enumerate(result.script.output):
    if i >= len(lines):
      result.problem(number, f"expected output: {text}\n  but the output ended after {len(lines)} lines")
      return
    if lines[i] != text:
      result.problem(number, f"expected output: {text}\n  got: {lines[i]}")
      return
  extra = lines[len(result.script.output):]
  if extra:
    last = result.script.output[-1][0]
    result.problem(last, f"unexpected output after the last expected line: {extra[0]}")


def _check(result, status, stdout, stderr, name):
  script = result.script
  if script.error:
    number, text = script.error
    wanted = f"{name}: {script.path}:{number}: {text}"
    if status != 1:
      result.problem(number, f"expected an error and exit status 1, got status {status}")
    elif wanted not in stderr:
      result.problem(number, f"expected on standard error: {wanted}")
  elif status != 0:
    where = re.search(re.escape(script.path) + r":(\d+):", stderr)
    what = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    result.problem(where[1] if where else 1, what)
  if script.output:
    _check_output(result, stdout)


def _run(script, options):
  """Runs one script and returns its Result."""
  result = Result(script)
  reference = options.mode == "reference"
  if reference and (script.perilune_only or not options.program):
    result.skipped = True
    return result
  name = "lua" if reference else "perilune"
  if reference:
    # PUC-Rio's lua begins its messages with argv[0].
    executable, command = options.program, [name, script.path]
  else:
    command = [options.program, "--jit=" + options.mode] + options.flag + [script.path]
    if options.runner:
      command.insert(0, options.runner)
    executable = command[0]
  start = time.monotonic()
  try:
    done = subprocess.run(command, executable=executable, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=options.timeout)
  except subprocess.TimeoutExpired as expired:
    result.problem(1, f"no end after {options.timeout:g} s")
    stdout, stderr = expired.stdout or b"", expired.stderr or b""
  else:
    stdout, stderr = done.stdout, done.stderr
  result.seconds = time.monotonic() - start
  stdout, stderr = (data.decode("utf-8", "surrogateescape") for data in (stdout, stderr))
  if not result.problems:
    _check(result, done.returncode, stdout, stderr, name)
  if result.problems:
    for stream, text in (("output", stdout), ("standard error", stderr)):
      if text:
        result.problems.append(f"  its {stream}:\n" + "".join(f"    {line}\n" for line in text[-_SHOWN_CHARACTERS:].splitlines()))
    result.problems.append("  command: " + " ".join(command))
  return result


def _write_xml(path, mode, results):
  escape = xml.sax.saxutils.escape
  quote = xml.sax.saxutils.quoteattr
  failures = sum(bool(result.problems) for result in results)
  skipped = sum(result.skipped for result in results)
  with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    file.write(f'<testsuites><testsuite name={quote(mode)} tests="{len(results)}" failures="{failures}" skipped="{skipped}">\n')
    for result in results:
      file.write(f'<testcase name={quote(result.script.path)} classname={quote(mode)} time="{result.seconds:.3f}">')
      if result.skipped:
        file.write("<skipped/>")
      elif result.problems:
        text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", "\n".join(result.problems))
        file.write(f"<failure>{escape(text)}</failure>")
      file.write("</testcase>\n")
    file.write("</testsuite></testsuites>\n")


def main():
  parser = argparse.ArgumentParser(description="Runs Lua scripts and checks the expectations in their comments.")
  parser.add_argument("--program", required=True, help="path of perilune, or for the reference mode name of PUC-Rio's lua")
  parser.add_argument("--mode", required=True, choices=["off", "sync", "eager", "background", "reference"])
  parser.add_argument("--runner", help="program that runs PROGRAM")
  parser.add_argument("--flag", action="append", default=[], help="a further flag for perilune")
  parser.add_argument("--timeout", type=float, default=60.0, help="seconds for one script")
  parser.add_argument("--jobs", type=int, default=1, help="scripts at a time")
  parser.add_argument("scripts", nargs="+")
  options = parser.parse_args()

  program = shutil.which(options.program)
  if program:
    program = os.path.abspath(program)
  elif options.mode == "reference":
    print(f"script_runner.py: no {options.program} here, so nothing to compare with")
  else:
    sys.exit(f"script_runner.py: no program {options.program}")
  options.program = program
  with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
    results = list(pool.map(lambda path: _run(Script(path), options), options.scripts))

  for result in results:
    for problem in result.problems:
      print(problem)
  failed = sum(bool(result.problems) for result in results)
  skipped = sum(result.skipped for result in results)
  print(f"{options.mode}: {len(results) - failed - skipped} passed, {failed} failed, {skipped} skipped")
  if path := os.environ.get("XML_OUTPUT_FILE"):
    _write_xml(path, options.mode, results)
  sys.exit(1 if failed else 0)


if __name__ == "__main__":
  main()
