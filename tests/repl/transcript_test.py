#!/usr/bin/env python3
"""Checks the sessions in Markdown files: what stands there is what a terminal shows.

    transcript_test.py --program=PERILUNE [--runner=RUN] [--bless] DOCUMENT.md...

A session is a block of ```console that begins with `$ perilune`. Its lines behind the prompts `> ` and `>> ` are entered, one
after the other, and the whole screen is compared each time. --bless replaces the block by what the screen shows.
Without tmux the documents count as skipped.
"""

import argparse
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from repl import terminal  # pylint: disable=wrong-import-position
import tiers  # pylint: disable=wrong-import-position

_SESSION = re.compile(r"(?<=```console\n)\$ perilune\n(.*?)\n(?=```$)", re.MULTILINE | re.DOTALL)


def _input_of(line):
  entered = re.match(r">>? (.*)", line)
  return entered[1] if entered else None


def _prompt_of(line):
  """What the screen ends with when the line is about to be entered."""
  return ">>" if line.startswith(">>") else ">"


def _check(session, program, bless):
  """Plays the lines of a session; returns the screen in the end, without its last prompt."""
  lines = session.split("\n")
  entered = [i for i, line in enumerate(lines) if _input_of(line) is not None]
  with terminal.Terminal(program, {"PERILUNE_HISTORY": ""}) as term:

    def wait(expected, prompt):
      is_there = (lambda screen: screen.endswith("\n" + prompt)) if bless else (lambda screen: screen == f"{expected}\n{prompt}")
      return term.wait(is_there, f"screen like this:\n{expected}\n{prompt}\n")

    for start in entered:
      wait("\n".join(lines[:start]), _prompt_of(lines[start]))
      term.line(_input_of(lines[start]))
      if bless:
        term.wait_for(lines[start])
    return wait(session, ">")[:-2]


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("--program", required=True)
  parser.add_argument("--runner")
  parser.add_argument("--bless", action="store_true")
  parser.add_argument("documents", nargs="+")
  options = parser.parse_args()
  program = ([os.path.abspath(options.runner)] if options.runner else []) + [os.path.abspath(options.program)]
  cases = []
  for path in options.documents:
    if not terminal.is_available():
      print("no tmux here, so no terminal to test in")
      cases.append((path, "", True))
      continue
    with open(path, encoding="utf-8") as file:
      document = file.read()
    problem = "" if _SESSION.search(document) else f"{path}: no session"
    try:
      blessed = _SESSION.sub(lambda match: "$ perilune\n" + _check(match[1], program, options.bless) + "\n", document)
      if options.bless:
        with open(path, "w", encoding="utf-8") as file:
          file.write(blessed)
    except terminal.Timeout as error:
      problem = f"{path}: {error}"
    print(problem or f"{path}: passed")
    cases.append((path, problem, False))
  tiers.write_xml("transcript", cases)
  sys.exit(1 if any(problem for _, problem, _ in cases) else 0)


if __name__ == "__main__":
  main()
