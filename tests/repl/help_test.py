#!/usr/bin/env python3
"""Compares docs/command-line.md with `perilune --help` and the commands of interactive mode.

    help_test.py --program=PERILUNE [--runner=RUN] --document=COMMAND-LINE.MD --commands=COMMAND_TABLE.CC

Every option of one must stand in the other, and what the document says of it must begin with what the help says. The same for commands.
"""

import argparse
import re
import subprocess
import sys

_DESCRIPTION_COLUMN = 20


def _help_entries(text):
  """Option -> description, of indented lines that begin with a dash; lines that begin at the description's column go on."""
  entries = {}
  option = None
  for line in text.splitlines():
    if line.startswith("  -"):
      option = line[:_DESCRIPTION_COLUMN].strip()
      entries[option] = line[_DESCRIPTION_COLUMN:].strip()
    elif not line.startswith(" " * _DESCRIPTION_COLUMN):
      option = None
    elif option:
      entries[option] += " " + line.strip()
  return entries


def _command_entries(text):
  """The same of the rows of repl/command_table.cc."""
  rows = re.findall(r'\{Command::\w+, "([^"]*)", "([^"]*)", "([^"]*)"\}', text)
  return {f"{word} {argument}".strip(): description for word, argument, description in rows}


def _document_entries(text, mark):
  """The same of the rows of tables whose first cell is code that begins with `mark`; without markup."""
  entries = {}
  for line in text.splitlines():
    cells = re.match(r"\| `(%s[^`]*)` \| (.*) \|$" % re.escape(mark), line)
    if cells:
      description = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cells[2]).replace("`", "")
      entries[cells[1]] = description
  return entries


def _compare(what, expected, documented):
  problems = []
  for name, description in expected.items():
    if name not in documented:
      problems.append(f"the document lacks the {what} {name}")
    elif not documented[name].startswith(description):
      problems.append(f"{name}: the document says '{documented[name]}', the program '{description}'")
  problems += [f"there is no {what} {name}" for name in documented if name not in expected]
  if not expected:
    problems.append(f"the program names no {what}")
  return problems


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("--program", required=True)
  parser.add_argument("--runner")
  parser.add_argument("--document", required=True)
  parser.add_argument("--commands", required=True)
  options = parser.parse_args()
  command = ([options.runner] if options.runner else []) + [options.program, "--help"]
  text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
  with open(options.document, encoding="utf-8") as file:
    document = file.read()
  with open(options.commands, encoding="utf-8") as file:
    commands = _command_entries(file.read())
  problems = _compare("option", _help_entries(text), _document_entries(document, "-"))
  problems += _compare("command", commands, _document_entries(document, ":"))
  for problem in problems:
    print(f"{options.document}: {problem}")
  sys.exit(1 if problems else 0)


if __name__ == "__main__":
  main()
