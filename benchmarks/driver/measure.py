"""Runs programs and measures them."""

import dataclasses
import json
import os
import signal
import subprocess
import tempfile


@dataclasses.dataclass
class Run:
  """What a command did."""
  status: int  # negative: ended by that signal
  output: bytes
  errors: bytes
  seconds: float  # from start to end
  peak_bytes: int  # the greatest resident set; an emulator's own is part of it
  timed_out: bool = False

  @property
  def ok(self):
    return self.status == 0 and not self.timed_out


class Measurer:
  """Runs commands by way of the program measured_run (measured_run.cc)."""

  def __init__(self, measured_run, environment=None):
    self._measured_run = measured_run
    self._environment = {**os.environ, **(environment or {})}

  def run(self, command, timeout, folder=None):
    """Runs a command with no input, for so many seconds at most."""
    with tempfile.NamedTemporaryFile() as result, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
      # A process group of its own, so that a command that runs too long ends together with measured_run.
      process = subprocess.Popen([self._measured_run, result.name] + command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder,
                                 env=self._environment, start_new_session=True)
      timed_out = False
      try:
        process.wait(timeout)
      except subprocess.TimeoutExpired:
        timed_out = True
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
      output.seek(0)
      errors.seek(0)
      line = result.read()
      figures = json.loads(line) if line else {"status": process.returncode or -signal.SIGKILL, "seconds": 0.0, "peak_bytes": 0}
      return Run(output=output.read(), errors=errors.read(), timed_out=timed_out, **figures)

  def count_instructions(self, counter, command, timeout):
    """Runs a command of AArch64 under an emulator that counts.

    Args:
      counter: the emulator's command, up to its plugin's file name (see tools/bench_setup.sh).
      command: the emulator's other options and the program.
      timeout: in seconds.

    Returns:
      The number of guest instructions, or None if the run failed; and the Run.
    """
    with tempfile.NamedTemporaryFile() as file:
      done = self.run(counter[:-1] + [f"{counter[-1]},to={file.name}"] + command, timeout)
      text = file.read().strip()
      return (int(text) if done.ok and text else None), done
