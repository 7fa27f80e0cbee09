#!/usr/bin/env python3
"""Runs the examples in Markdown files: each block of ```lua is a program, and prints what stands behind its `-->`.

    doc_examples.py [options of script_runner.py] DOCUMENT.md...

Every block becomes a script whose lines have the numbers they have in the document.
"""

import os
import subprocess
import sys
import tempfile


def _blocks(path):
  """Yields (number of the first line, lines) of each block."""
  block = None
  with open(path, encoding="utf-8") as file:
    for number, line in enumerate(file, 1):
      if block is None and line.rstrip() == "```lua":
        start, block = number + 1, []
      elif block is not None and line.rstrip() == "```":
        yield start, block
        block = None
      elif block is not None:
        block.append(line)
  if block is not None:
    sys.exit(f"{path}:{start}: a block without end")


def main():
  documents = [argument for argument in sys.argv[1:] if argument.endswith(".md")]
  options = [argument for argument in sys.argv[1:] if not argument.endswith(".md")]
  with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
    scripts = []
    for document in documents:
      count = 0
      for start, lines in _blocks(document):
        count += 1
        scripts.append(os.path.join(folder, f"{os.path.basename(document)}-{start}.lua"))
        with open(scripts[-1], "w", encoding="utf-8") as file:
          file.write("\n" * (start - 1) + "".join(lines).replace("-->", "-- expect:"))
      if not count:
        sys.exit(f"{document}: no examples")
    runner = os.path.join(os.path.dirname(os.path.abspath(__file__)), "script_runner.py")
    sys.exit(subprocess.run([sys.executable, runner] + options + scripts, check=False).returncode)


if __name__ == "__main__":
  main()
