"""What the runners that compare Perilune with PUC-Rio's lua5.4 have in common: options, commands, results for Bazel."""

import os
import shutil
import subprocess
import xml.sax.saxutils

# --mode of a runner -> flags of perilune.
MODES = {
    "off": ["--jit=off"],
    "off_gc": ["--jit=off", "--stress=gc"],
    "off_generic": ["--jit=off", "--stress=generic"],
    "sync": ["--jit=sync"],
    "background": ["--jit=background"],
    "eager": ["--jit=eager"],
    "eager_gc": ["--jit=eager", "--stress=gc"],
    "eager_facts": ["--jit=eager", "--stress=facts"],
}


def add_options(parser):
  """Adds --program, --runner, --mode and --reference, as script_runner.py has them."""
  parser.add_argument("--program", required=True, help="path of perilune")
  parser.add_argument("--runner", help="program that runs PROGRAM (see tools/run_aarch64.sh)")
  parser.add_argument("--mode", required=True, choices=list(MODES))
  parser.add_argument("--reference", default="lua5.4", help="PUC-Rio's lua")


def find_reference(options):
  """Returns the reference's path, or None (and says so) where it is not installed."""
  reference = shutil.which(options.reference)
  if not reference:
    print(f"no {options.reference} here, so nothing to compare with")
  return reference


def reference_command(reference, arguments):
  return [reference] + arguments


def tier_command(options, arguments):
  """The command line that runs a script in the tier chosen."""
  command = [os.path.abspath(options.program)] + MODES[options.mode] + arguments
  return [options.runner] + command if options.runner else command


def run(command, timeout):
  """Runs a command; returns (exit status, output, standard error) as text. A run that does not end has the status "timeout"."""
  try:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=timeout)
    status, out, err = done.returncode, done.stdout, done.stderr
  except subprocess.TimeoutExpired as expired:
    status, out, err = "timeout", expired.stdout or b"", expired.stderr or b""
  return status, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "surrogateescape")


def write_xml(suite, cases):
  """Under Bazel, writes test cases: (name, what is wrong or "", whether it was skipped)."""
  path = os.environ.get("XML_OUTPUT_FILE")
  if not path:
    return
  quote = xml.sax.saxutils.quoteattr
  with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
    failures = sum(bool(problem) for _, problem, _ in cases)
    file.write(f'<testsuites><testsuite name={quote(suite)} tests="{len(cases)}" failures="{failures}">\n')
    for name, problem, skipped in cases:
      file.write(f"<testcase name={quote(name)} classname={quote(suite)}>")
      if skipped:
        file.write("<skipped/>")
      elif problem:
        text = "".join(c if c in "\t\n" or c.isprintable() else "?" for c in problem)
        file.write(f"<failure>{xml.sax.saxutils.escape(text)}</failure>")
      file.write("</testcase>\n")
    file.write("</testsuite></testsuites>\n")
