"""Measures the Lua programs of benchmarks/scripts on several engines: wall time, guest instructions, peak memory, start-up."""

import concurrent.futures
import dataclasses
import os
import re
import typing

import report

EMPTY = "empty"  # the program that does nothing
_STARTS = 10  # runs of it for the wall time of a start
_TIMEOUT = 1200  # seconds for one run
_LEAST_MEMORY = 2**22  # bytes that a program must need for its memory to be compared
_QUICK = re.compile(r"^-- arg\[1\]: .*, quick (\d+)\)", re.MULTILINE)


@dataclasses.dataclass
class Engine:
  """How to run a script, with nothing but its path and arguments to follow."""
  name: str
  program: str
  flags: typing.List[str]
  emulator: typing.List[str]  # before the program, to run it; empty on AArch64
  sysroot: typing.List[str]  # options of the emulator that find the program's libraries
  optional: bool = False  # scripts that it cannot run are no error

  def command(self, arguments):
    if not self.emulator:
      return [self.program] + self.flags + arguments
    return self.emulator + self.sysroot + [self.program] + self.flags + arguments

  def counted(self, arguments):
    return self.sysroot + [self.program] + self.flags + arguments


@dataclasses.dataclass
class Script:
  """A program and the argument that sets its size, if any."""
  name: str
  path: str
  quick: typing.Optional[str]

  def arguments(self, quick):
    return [self.path] + ([self.quick] if quick and self.quick else [])

  def expected(self):
    path = os.path.splitext(self.path)[0] + ".expected"
    if not os.path.exists(path):
      return None
    with open(path, "rb") as file:
      return file.read()


def find(folder):
  """The scripts of a folder, by name."""
  scripts = []
  for file in sorted(os.listdir(folder)):
    name, extension = os.path.splitext(file)
    if extension != ".lua":
      continue
    path = os.path.join(folder, file)
    with open(path, encoding="utf-8") as text:
      match = _QUICK.search(text.read())
    scripts.append(Script(name, path, match[1] if match else None))
  return scripts


class Failure(Exception):
  """An engine that must run a script did not, or printed something else."""


def _explain(engine, script, done):
  last = done.errors.decode("utf-8", "replace").strip().splitlines()[-1:]
  how = "did not end" if done.timed_out else f"ended with status {done.status}"
  return f"{engine.name} on {script.name} {how}: {''.join(last)}"


def measure_all(scripts, engines, *, measurer, quick, repetitions, counter, say):
  """Runs every script on every engine.

  Args:
    scripts: to run; from find().
    engines: the first one's output is what the others must print where the script's own .expected does not apply.
    measurer: a measure.Measurer.
    quick: with the small sizes.
    repetitions: for wall time, of which the least counts.
    counter: see Measurer.count_instructions; empty: instructions are not counted.
    say: called with a line of progress.

  Returns:
    measure -> script -> engine -> figure; None where an optional engine cannot run a script or prints something else. The measures
    are "seconds", "bytes" and "instructions".
  """
  figures = {"seconds": {}, "bytes": {}, "instructions": {}}
  for number, script in enumerate(scripts, 1):
    arguments = script.arguments(quick)
    wanted = None if quick else script.expected()
    for figure in figures.values():
      figure[script.name] = dict.fromkeys(engine.name for engine in engines)
    for engine in engines:
      say(f"[{number}/{len(scripts)}] {script.name}, {engine.name}")
      runs = []
      for _ in range(_STARTS if script.name == EMPTY else repetitions):
        runs.append(measurer.run(engine.command(arguments), _TIMEOUT))
        if not runs[-1].ok:
          break
      done = runs[-1]
      if wanted is None and done.ok:
        wanted = done.output
      if not done.ok or done.output != wanted:
        what = _explain(engine, script, done) if not done.ok else f"{engine.name} on {script.name} prints something else"
        if not engine.optional:
          raise Failure(what)
        say(f"  {what}")
        continue
      figures["seconds"][script.name][engine.name] = min(r.seconds for r in runs)
      figures["bytes"][script.name][engine.name] = max(r.peak_bytes for r in runs)
  if counter:
    _count_all(scripts, engines, measurer, quick, counter, say, figures)
  else:
    del figures["instructions"]
  return figures


def _count_all(scripts, engines, measurer, quick, counter, say, figures):
  """Counts do not depend on what else the machine does, so several run at once."""

  def job(script, engine):
    instructions, done = measurer.count_instructions(counter, engine.counted(script.arguments(quick)), _TIMEOUT)
    if instructions is None and not engine.optional:
      raise Failure(_explain(engine, script, done))
    figures["instructions"][script.name][engine.name] = instructions

  with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    jobs = {}
    for script in scripts:
      for engine in engines:
        if figures["seconds"][script.name][engine.name] is not None:
          jobs[pool.submit(job, script, engine)] = f"{script.name}, {engine.name}"
    for number, future in enumerate(concurrent.futures.as_completed(jobs), 1):
      say(f"[{number}/{len(jobs)}] instructions of {jobs[future]}")
      try:
        future.result()
      except Failure:
        pool.shutdown(cancel_futures=True)
        raise


def tables(figures, engines):
  """(title, Table) of the figures: start-up, then a table of ratios per measure."""
  names = [engine.name for engine in engines]
  shown = {"seconds": ("wall time", report.duration), "instructions": ("instructions", report.count), "bytes": ("peak memory", report.megabytes)}
  start = report.Table(["start-up"] + names)
  for key, (title, text) in shown.items():
    row = figures.get(key, {}).get(EMPTY)
    if row:
      start.add([title] + [text(row[name]) if row[name] else "-" for name in names])
  if len(start):
    yield "Start-up: a program that does nothing", start
  for key, (title, text) in shown.items():
    rows = {name: row for name, row in figures.get(key, {}).items() if name != EMPTY}
    if key == "bytes":
      rows = _above_start(rows, figures[key].get(EMPTY), names[0])
      title += " above start-up"
    if rows:
      yield f"Programs: {title}, as ratios to {names[0]}", report.ratio_table(title, rows, names, text)


def _above_start(rows, start, reference):
  """What each program needs beyond its engine's start, which takes most of an emulator's own memory out of the comparison.

  Programs that need next to nothing on the reference are left out: the rest of the emulator's memory would be all that is compared.
  """
  if not start:
    return {}
  above = {
      program: {engine: size - start[engine] if size and start[engine] else None for engine, size in row.items()} for program, row in rows.items()
  }
  return {
      program: {engine: size if size and size > 0 else None for engine, size in row.items()}
      for program, row in above.items() if (row.get(reference) or 0) >= _LEAST_MEMORY
  }
