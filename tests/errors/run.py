#!/usr/bin/env python3
"""Compares the error messages of faulty snippets with those of PUC-Rio's lua5.4.

    run.py --program PERILUNE --mode MODE [--runner RUN] FILE...

FILEs hold snippets; driver.lua says how they look and what is done with them. Where lua5.4 is not installed, all are skipped.
"""

import argparse
import os
import re
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(_HERE))
import tiers  # pylint: disable=wrong-import-position

# What may differ, and why.
_SAME = [
    # Metamethods and callbacks do not nest on the native stack, so recursion through them ends when the Lua stack is full.
    (re.compile(r"(snippet:1: )?(C )?stack overflow$"), "stack overflow"),
    # Registers are given out after parsing, when there is no token to be near to.
    (re.compile(r"(too many registers) near .*"), r"\1"),
]


def _messages(output):
  """Place -> message, of the driver's output."""
  messages = {}
  for line in output.splitlines():
    place, _, message = line.partition("\t")
    for pattern, text in _SAME:
      message = pattern.sub(text, message)
    messages[place] = message
  return messages


def _source(place):
  path, _, rest = place.partition(":")
  with open(path, encoding="utf-8") as file:
    return file.read().split("\n")[int(rest.split()[0]) - 1]


def main():
  parser = argparse.ArgumentParser(description="Compares error messages with those of lua5.4.")
  tiers.add_options(parser)
  parser.add_argument("--timeout", type=float, default=600.0, help="seconds for all files together")
  parser.add_argument("files", nargs="+")
  options = parser.parse_args()

  suite = "errors " + options.mode
  reference = tiers.find_reference(options)
  if not reference:
    tiers.write_xml(suite, [(path, "", True) for path in options.files])
    return
  arguments = [os.path.relpath(os.path.join(_HERE, "driver.lua"))] + options.files
  _, expected, complaint = tiers.run(tiers.reference_command(reference, arguments), options.timeout)
  if complaint:
    sys.exit(f"the reference does not like the snippets: {complaint}")
  expected = _messages(expected)
  status, got, complaint = tiers.run(tiers.tier_command(options, arguments), options.timeout)
  got = _messages(got)

  cases = []
  for path in options.files:
    problems = []
    for place, message in expected.items():
      if place.startswith(path + ":") and got.get(place) != message:
        problems.append(f"{place}: {_source(place)}\n  lua5.4:   {message}\n  perilune: {got.get(place, 'nothing')}\n")
    cases.append((path, "".join(problems), False))
    print("".join(problems), end="")
  failed = sum(bool(problem) for _, problem, _ in cases)
  if status != 0:
    print(f"perilune ended with status {status}: {complaint}")
    cases.append(("exit status", complaint or str(status), False))
  tiers.write_xml(suite, cases)
  print(f"{options.mode}: {len(expected)} messages in {len(cases)} files, {failed} files with differences")
  sys.exit(1 if failed or status != 0 else 0)


if __name__ == "__main__":
  main()
