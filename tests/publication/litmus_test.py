#!/usr/bin/env python3
"""Checks the litmus tests of code publication against Arm's own memory model.

`write_litmus` makes them from jit/publication_protocol.def. herd7 must answer Forbidden for each strategy: no execution that the
architecture permits runs stale code; and Allowed for each mutant: the step that was left out or moved is needed. A few mutants
are harmless in a scenario, for the reason given there; for those too the answer must be the expected one, Forbidden.

Without herd7 the tests count as skipped. `--keep FOLDER` leaves the litmus files there.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tiers

# herd7's word for it -> the usual one.
_VERDICTS = {"Never": "Forbidden", "Sometimes": "Allowed", "Always": "Allowed"}

# The model has no answer for code that is changed under a thread by instructions not made for it.
_NO_ANSWER = "Flag violates-CMODX-requirements"


def _write(writer, folder):
  """Writes the tests; returns (file, kind, verdict expected, why) of each."""
  lines = subprocess.run([writer, folder], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
  return [tuple(line.split("\t")) for line in lines]


def _check(herd7, folder, names):
  """Runs herd7; returns file -> verdict, and what it complained of."""
  done = subprocess.run([herd7, "-variant", "self"] + [os.path.join(folder, name) for name in names],
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
  verdicts = {}
  for answer in re.split(r"(?m)^(?=Test )", done.stdout):
    found = re.search(r"(?m)^Observation (\S+) (\w+)", answer)
    if found:
      verdicts[found[1] + ".litmus"] = "no answer" if _NO_ANSWER in answer else _VERDICTS[found[2]]
  return verdicts, done.stderr


def main():
  parser = argparse.ArgumentParser(description="Checks the litmus tests of code publication with herd7.")
  parser.add_argument("--writer", required=True, help="path of write_litmus")
  parser.add_argument("--herd7", required=True, help="path of tools/herd7.sh")
  parser.add_argument("--keep", help="folder for the litmus files")
  options = parser.parse_args()

  with tempfile.TemporaryDirectory() as temporary:
    folder = options.keep or temporary
    os.makedirs(folder, exist_ok=True)
    tests = _write(options.writer, folder)
    if subprocess.run([options.herd7, "--check"], check=False).returncode != 0:
      print(f"{len(tests)} litmus tests skipped")
      tiers.write_xml("litmus", [(name, "", True) for name, *_ in tests])
      return 0
    verdicts, complaints = _check(options.herd7, folder, [name for name, *_ in tests])

  cases = []
  for name, kind, expected, why in tests:
    verdict = verdicts.get(name, "none")
    problem = "" if verdict == expected else f"{name}: {verdict}, expected {expected}\n"
    print(f"{'FAILED ' if problem else ''}{verdict:9}  {kind:8}  {name}: {why}")
    cases.append((name, problem, False))
  failed = sum(bool(problem) for _, problem, _ in cases)
  print(complaints, end="")
  for wanted in ("strategy", "mutant", "harmless"):
    print(f"{sum(kind == wanted for _, kind, *_ in tests):4} of kind {wanted}")
  print(f"{len(cases)} litmus tests, {failed} with another verdict than expected")
  tiers.write_xml("litmus", cases)
  return 1 if failed or complaints else 0


if __name__ == "__main__":
  sys.exit(main())
