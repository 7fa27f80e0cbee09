#!/usr/bin/env python3
"""Runs the benchmark programs and the benchmark scripts, prints tables, writes JSON. tools/bench builds what this needs and calls it."""

import argparse
import datetime
import json
import os
import platform
import re
import shlex
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure  # pylint: disable=wrong-import-position
import report  # pylint: disable=wrong-import-position
import scripts  # pylint: disable=wrong-import-position

_CPU = "neoverse-n1"  # what the emulator is told to be
_PROGRAM_TIMEOUT = 3600  # seconds
_REPETITIONS = 3  # of a script, of which the fastest counts
_TIERS = ["off", "background", "eager"]  # of --jit, the columns


def _pattern(text):
  try:
    return re.compile(text)
  except re.error as error:
    raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}")


def _parse(arguments):
  parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
  parser.add_argument("--root", required=True, help="the workspace's folder")
  parser.add_argument("--binaries", required=True, help="folder with host/ and aarch64/, which have the programs")
  parser.add_argument("--emulator", default="", help="what runs AArch64 programs; empty on AArch64")
  parser.add_argument("--peers", default="", help="folder with the arm64 lua5.4 and luajit")
  parser.add_argument("--counter", default="", help="command that counts instructions, up to its plugin's file")
  parser.add_argument("--measured-run", required=True, help="the program of that name")
  parser.add_argument("--output", required=True, help="the JSON file")
  parser.add_argument("--filter", type=_pattern, default="", help="regular expression of what to run: PROGRAM/BENCHMARK or scripts/NAME")
  parser.add_argument("--quick", action="store_true", help="small sizes, short measurements")
  return parser.parse_args(arguments)


class Progress:
  """Lines on standard error, with the time since the start."""

  def __init__(self):
    self._start = time.monotonic()

  def say(self, line):
    seconds = int(time.monotonic() - self._start)
    print(f"{seconds // 60:3}:{seconds % 60:02} {line}", file=sys.stderr, flush=True)


def _first_line(measurer, command):
  done = measurer.run(command, 60)
  return done.output.decode("utf-8", "replace").splitlines()[0].strip() if done.output else ""


def describe_machine(options, measurer):
  """Where the figures come from, for the report's head and the JSON."""
  machine = {"host": platform.machine(), "processors": os.cpu_count(), "date": datetime.datetime.now().isoformat(timespec="minutes")}
  if options.emulator:
    machine["emulator"] = _first_line(measurer, [options.emulator, "--version"])
    machine["emulated"] = _CPU
  if options.counter:
    counter = shlex.split(options.counter)
    machine["counting emulator"] = _first_line(measurer, counter[:counter.index("-plugin")] + ["--version"])
  return machine


def run_programs(options, measurer, progress):
  """Runs the Google Benchmark programs: machine -> program -> list of results."""
  results = {}
  for machine in ("aarch64", "host"):
    folder = os.path.join(options.binaries, machine)
    if not os.path.isdir(folder):
      continue
    emulator = [options.emulator] if machine == "aarch64" and options.emulator else []
    for program in sorted(os.listdir(folder)):
      if not program.endswith("_benchmark"):
        continue
      path = os.path.join(folder, program)
      name = program[:-len("_benchmark")]
      listed = measurer.run(emulator + [path, "--benchmark_list_tests"], 60, options.root)
      if not listed.ok:
        raise scripts.Failure(f"{program} does not list its benchmarks")
      chosen = [line for line in listed.output.decode().split() if options.filter.search(f"{name}/{line}")]
      if not chosen:
        continue
      progress.say(f"{program} on {machine}: {len(chosen)} benchmarks")
      done = measurer.run(
          emulator + [path, "--benchmark_format=json", f"--benchmark_min_time={0.05 if options.quick else 0.5}",
                      "--benchmark_filter=^(" + "|".join(map(re.escape, chosen)) + ")$"], _PROGRAM_TIMEOUT, options.root)
      if not done.ok:
        raise scripts.Failure(f"{program} ended with status {done.status}: {done.errors.decode('utf-8', 'replace')[-500:]}")
      entries = json.loads(done.output)["benchmarks"]
      wrong = [e for e in entries if e.get("error_occurred") and not e["error_message"].startswith("needs AArch64")]
      for entry in wrong:
        progress.say(f"  {entry['name']}: {entry['error_message']}")
      results.setdefault(machine, {})[name] = entries
      if wrong:
        raise scripts.Failure(f"{program}: {len(wrong)} benchmarks failed")
  return results


def make_engines(options):
  """The columns of the scripts' tables; the first is what the others are compared with."""
  emulator = [options.emulator] if options.emulator else []
  engines = []
  if options.peers:
    sysroot = ["-L", options.peers]
    loader, libraries = [], []
    if not emulator:
      # The peers' own loader finds their libraries.
      found = [os.path.join(options.peers, "lib", "ld-linux-aarch64.so.1")]
      paths = [os.path.join(options.peers, *parts, "aarch64-linux-gnu") for parts in (("lib",), ("usr", "lib"))]
      loader, libraries = found, ["--library-path", ":".join(paths)]
    for name, optional in (("lua5.4", False), ("luajit", True)):
      program = os.path.join(options.peers, "usr", "bin", name)
      if loader:
        engines.append(scripts.Engine(name, loader[0], libraries + [program], [], [], optional))
      else:
        engines.append(scripts.Engine(name, program, [], emulator, sysroot, optional))
  for tier in _TIERS:
    engines.append(scripts.Engine(tier, os.path.join(options.binaries, "aarch64", "perilune"), [f"--jit={tier}"], emulator, []))
  return engines


def main():
  options = _parse(sys.argv[1:])
  progress = Progress()
  measurer = measure.Measurer(options.measured_run, {"QEMU_CPU": _CPU} if options.emulator else {})
  result = {"machine": describe_machine(options, measurer), "quick": options.quick}
  print("Measured on " + ", ".join(f"{key} {value}" for key, value in result["machine"].items()) + (", quick" if options.quick else "") + ".\n")
  try:
    result["programs"] = run_programs(options, measurer, progress)
    for machine, programs in result["programs"].items():
      for program, entries in programs.items():
        for family, table in report.benchmark_tables(entries):
          print(f"{program}_benchmark, {family}, on {machine}:\n\n{table.text()}", flush=True)
    found = [s for s in scripts.find(os.path.join(options.root, "benchmarks", "scripts")) if options.filter.search(f"scripts/{s.name}")]
    if found:
      engines = make_engines(options)
      figures = scripts.measure_all(
          found, engines, measurer=measurer, quick=options.quick, repetitions=_REPETITIONS, counter=shlex.split(options.counter), say=progress.say)
      result["scripts"] = figures
      for title, table in scripts.tables(figures, engines):
        print(f"{title}:\n\n{table.text()}", flush=True)
  except scripts.Failure as failure:
    sys.exit(f"tools/bench: {failure}")
  os.makedirs(os.path.dirname(os.path.abspath(options.output)), exist_ok=True)
  with open(options.output, "w", encoding="utf-8") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
  progress.say(f"the figures are in {options.output}")


if __name__ == "__main__":
  main()
