"""A program in a terminal of its own, made by tmux: keys go in, the screen comes out.

Nothing here waits for a time: whoever sends keys waits until the screen shows what they have to lead to, or a deadline has passed.
"""

import os
import shutil
import subprocess
import tempfile
import time

deadline_seconds = 120
_POLL_SECONDS = 0.02


def is_available():
  return shutil.which("tmux") is not None


class Timeout(Exception):
  pass


class Terminal:
  """Runs `command`, a list, with `environment` beside PATH; it must print something before keys are sent."""

  def __init__(self, command, environment, width=100, height=120):
    # Not in Bazel's folder for tests: the path of a socket must be short.
    self._folder = tempfile.mkdtemp(prefix="terminal", dir="/tmp")
    self._status = os.path.join(self._folder, "status")
    with open(os.path.join(self._folder, "tmux.conf"), "w", encoding="utf-8") as file:
      file.write("set -g remain-on-exit on\nset -g status off\nset -s escape-time 0\nset -g default-terminal screen-256color\n")
    base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": self._folder, "TERM": "screen-256color"}
    for name in ("PERILUNE_QEMU", "PERILUNE_CACHE", "XDG_CACHE_HOME"):
      if name in os.environ:
        base[name] = os.environ[name]
    # QEMU is found by the home folder that the test has, which the program is not to see.
    base.setdefault("PERILUNE_CACHE", os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "perilune"))
    base.update(environment)
    program = ["env", "-i"] + [f"{name}={value}" for name, value in base.items() if value is not None] + command
    self._tmux("-f", os.path.join(self._folder, "tmux.conf"), "new-session", "-d", "-x", str(width), "-y", str(height), "--",
               "sh", "-c", '"$@"; status=$?; stty -a >"$0.stty"; echo $status >"$0"', self._status, *program)

  def _tmux(self, *arguments, **options):
    command = ["tmux", "-u", "-S", os.path.join(self._folder, "socket")] + list(arguments)
    return subprocess.run(command, check=True, capture_output=True, **options).stdout

  def close(self):
    subprocess.run(["tmux", "-S", os.path.join(self._folder, "socket"), "kill-server"], check=False, capture_output=True)
    shutil.rmtree(self._folder, ignore_errors=True)

  def __enter__(self):
    return self

  def __exit__(self, *_):
    self.close()

  def screen(self, escapes=False):
    """The lines, without spaces and empty lines at the end; with escape sequences for colours if wanted."""
    text = self._tmux("capture-pane", "-p", *(["-e"] if escapes else [])).decode("utf-8", "replace")
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")

  def type(self, text):
    self._tmux("send-keys", "-l", "--", text)

  def line(self, text):
    """Types text, and Enter."""
    if text:
      self.type(text)
    self.key("Enter")

  def key(self, *names):
    """Keys as tmux calls them: Enter, Tab, Up, C-c."""
    self._tmux("send-keys", *names)

  def paste(self, text):
    """As a terminal pastes: marked as pasted, if the program has asked for that."""
    self._tmux("load-buffer", "-", input=text.encode())
    self._tmux("paste-buffer", "-p", "-r")

  def wait(self, condition, what):
    """Waits until condition(screen) holds; returns the screen."""
    deadline = time.monotonic() + deadline_seconds
    while True:
      screen = self.screen()
      if condition(screen):
        return screen
      if time.monotonic() > deadline:
        raise Timeout(f"no {what}; the screen:\n{screen}")
      time.sleep(_POLL_SECONDS)

  def wait_for(self, text):
    return self.wait(lambda screen: text in screen, repr(text))

  def wait_for_end(self, text):
    return self.wait(lambda screen: screen.endswith(text), f"{text!r} at the end")

  def is_cooked(self):
    """Did the program, which has ended, leave a terminal that puts lines together and shows what is typed?"""
    with open(self._status + ".stty", encoding="utf-8") as file:
      settings = file.read().split()
    return "icanon" in settings and "echo" in settings

  def wait_for_exit(self):
    """The exit status of the program."""
    deadline = time.monotonic() + deadline_seconds
    while time.monotonic() < deadline:
      try:
        with open(self._status, encoding="utf-8") as file:
          status = file.read()
        if status.endswith("\n"):
          return int(status)
      except FileNotFoundError:
        pass
      time.sleep(_POLL_SECONDS)
    raise Timeout(f"the program did not end; the screen:\n{self.screen()}")
