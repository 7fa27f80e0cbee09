#!/usr/bin/env python3
"""The tables in docs/publication.md are those that `write_protocol_table` makes of the protocol; `--bless` writes them there."""

import argparse
import subprocess
import sys

_BEGIN = "<!-- Made by tests/publication/protocol_table_test.py {}; do not edit. -->\n"
_END = "<!-- end -->\n"


def main():
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--writer", required=True, help="path of write_protocol_table")
  parser.add_argument("--document", required=True, help="path of docs/publication.md")
  parser.add_argument("--bless", action="store_true", help="write the tables into the document")
  options = parser.parse_args()

  tables = subprocess.run([options.writer], check=True, stdout=subprocess.PIPE, text=True).stdout
  steps, _, mutants = tables.rpartition("\n\n| change |")
  wanted = {"(steps)": steps + "\n\n", "(mutants)": "| change |" + mutants}
  with open(options.document, encoding="utf-8") as file:
    document = file.read()
  current = document
  for name, table in wanted.items():
    before, begin, rest = current.partition(_BEGIN.format(name))
    _, end, after = rest.partition(_END)
    if not begin or not end:
      sys.exit(f"{options.document} has no place for the table {name}")
    current = before + begin + "\n" + table + end + after
  if current == document:
    print("the tables are current")
    return 0
  if options.bless:
    with open(options.document, "w", encoding="utf-8") as file:
      file.write(current)
    print("blessed")
    return 0
  print(f"the tables in {options.document} are not those of jit/publication_protocol.def; run this with --bless")
  return 1


if __name__ == "__main__":
  sys.exit(main())
