#!/usr/bin/env python3
"""Tests interactive mode as a user meets it: in a terminal, which tmux provides.

    repl_test.py --program=PERILUNE [--runner=RUN] [--flag=FLAG...] [--only=NAME]

FLAG is one of the program's, such as --jit=off.

Each function `test_...` is a test case; it gets a Fixture. Without tmux all count as skipped.
"""

import argparse
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from repl import terminal  # pylint: disable=wrong-import-position
import tiers  # pylint: disable=wrong-import-position


class Session:
  """A session whose prompt has been seen."""

  def __init__(self, term):
    self.term = term

  def __enter__(self):
    self.term.wait_for_end("\n>")
    return self

  def __exit__(self, *_):
    self.term.close()

  def run(self, line, output=""):
    """Enters a line; waits until exactly `output` and a new prompt stand below it. Returns nothing: what it is to be is given."""
    self.type(line)
    self.term.key("Enter")
    self.expect(f"> {line}\n{output}")

  def expect(self, end):
    """Waits until the screen ends with this text and a prompt."""
    self.term.wait_for_end(end.rstrip("\n") + "\n>")

  def type(self, text):
    """Types text that the editor is to show as it is."""
    self.term.type(text)
    self.term.wait_for_end(text.rstrip())


class Fixture:
  """What all test cases share: the program, and a folder for their files."""

  def __init__(self, options, folder):
    self.command = ([os.path.abspath(options.runner)] if options.runner else []) + [os.path.abspath(options.program)]
    self.flags = options.flag
    self.folder = folder

  def path(self, name, text=None):
    path = os.path.join(self.folder, name)
    if text is not None:
      with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path

  def terminal(self, *arguments, environment=None, **size):
    variables = {"PERILUNE_HISTORY": self.path("history")}
    variables.update(environment or {})
    return terminal.Terminal(self.command + self.flags + list(arguments), variables, **size)

  def start(self, *arguments, **options):
    return Session(self.terminal(*arguments, **options))


# ---- Input and results.


def test_prompt_and_results(f):
  with f.start() as s:
    assert re.match(r"Perilune \d\S* \(Lua 5\.4\)\nType :help for commands and keys\.\n>", s.term.screen()), s.term.screen()
    s.run("1 + 1", "2")
    s.run("'a', 2.0, nil, true", '"a", 2.0, nil, true')
    s.run("= 7", "7")
    s.run("return 1, 2", "1, 2")
    s.run("x = 5")
    s.run("x", "5")
    s.run("print(x, 'y')", "5       y")
    s.run("-- nothing")


def test_tables(f):
  with f.start() as s:
    s.run("{}", "{}")
    s.run("{1, {2, 3}, name = 'n', ['a b'] = {}}", '{1, {2, 3}, ["a b"] = {}, name = "n"}')
    s.run("t = {} t.self = t")
    s.run("t", "{self = <cycle: 1 up>}")
    s.run("{{{{{}}}}}, {{{{{1}}}}}", "{{{{{}}}}}, {{{{{...}}}}}")
    s.run("setmetatable({}, {__tostring = function() return 'me' end})", "me")
    s.run("setmetatable({1}, {__name = 'Point'})", "Point {1}")
    s.run("{setmetatable({}, {__tostring = function() error('no') end})}", "{<table: error in __tostring: stdin:1: no>}")


def test_multi_line(f):
  with f.start() as s:
    s.term.line("for i = 1, 2 do")
    s.term.wait_for_end("> for i = 1, 2 do\n>>")
    s.term.line("  print(i)")
    s.term.wait_for_end(">>   print(i)\n>>")
    s.term.line("end")
    s.expect(">> end\n1\n2\n")
    # One step back brings all of it, and all of it can be edited.
    s.term.key("Up")
    s.term.wait_for_end("> for i = 1, 2 do\n>>   print(i)\n>> end")
    s.term.key("Home", *["Right"] * 9, "BSpace")
    s.term.type("7")
    s.term.wait_for("> for i = 7, 2 do")
    s.term.key("Enter")
    s.expect(">> end\n")


def test_pasted_text(f):
  with f.start() as s:
    s.term.paste("function twice(x)\n\treturn 2 * x\nend")
    s.term.wait_for_end("> function twice(x)\n>>     return 2 * x\n>> end")
    s.term.key("Enter")
    s.expect(">> end\n")
    s.run("twice(21)", "42")


def test_long_line(f):
  with f.start() as s:
    digits = "1234567890" * 60
    s.term.paste(f"#'{digits}'")
    s.term.key("Enter")
    s.expect("\n600\n")
    s.run("1", "1")


def test_utf8(f):
  with f.start() as s:
    s.run("'äöü €', #'ä'", '"äöü €", 2')
    s.run(r"'\xff\0\n'", r'"\xFF\x00\n"')
    s.term.line(r"io.write('a\xffb\n') == nil")
    s.term.wait(lambda screen: re.search(r"\na.?b\nfalse\n>$", screen), "output that is not UTF-8")


def test_output_without_line_end(f):
  with f.start() as s:
    s.run("io.write('partial') and nil", "partial%\nnil")
    s.run("do io.write('partial') end", "partial%")


def test_typed_ahead(f):
  with f.start() as s:
    s.term.line("io.write('go') io.read() print('done')")
    s.term.wait_for_end("\ngo")
    # Three lines at once: for io.read, and for two prompts that are yet to come.
    s.term.line("\n1 + 1\n2 + 2")
    # The terminal may show line ends that come between two prompts.
    s.term.wait(lambda screen: re.search(r"\n> 1 \+ 1\n+2\n+> 2 \+ 2\n+4\n+>$", screen), "results of what was typed ahead")


def test_script_reads_the_terminal(f):
  with f.start() as s:
    s.term.line("io.write('? '), io.read(), io.read('n')")
    s.term.wait_for_end("\n?")
    s.term.line("some text")
    s.term.wait_for_end("\n? some text")
    s.term.line("42")
    s.term.wait(lambda screen: re.search(r'some text\n42\nfile \(0x\w+\), "some text", 42\n>$', screen), "what was read")


def test_prompt_variables(f):
  with f.start() as s:
    s.term.line("_PROMPT, _PROMPT2 = '[lua] ', '... '")
    s.term.wait_for_end("\n[lua]")
    s.term.line("(")
    s.term.wait_for_end("\n[lua] (\n...")
    s.term.key("C-c")
    s.term.wait_for_end("\n[lua]")


# ---- Local variables.


def test_locals_live_on(f):
  with f.start() as s:
    s.run("local x = 1")
    s.run("x", "1")
    s.run("local function count() x = x + 1; return x end")
    s.run("count(), count()", "2, 3")
    s.run("x = 10")
    s.run("count()", "11")
    s.run("local x = 'new'")
    s.run("x, count()", '"new", 12')
    s.run("local a, b = 1")
    s.run("a, b", "1, nil")
    s.run("_G.x, _G.a", "nil, nil")
    s.run("for i = 1, 3 do x = i end")
    s.run("x", "3")


def test_attributes(f):
  with f.start() as s:
    s.run("local c <const>, d <const> = print, 42")
    s.run("d, c == print", "42, true")
    s.run("d = 1", "stdin:1: attempt to assign to const variable 'd'")
    s.run("c = 1", "stdin:1: attempt to assign to const variable 'c'")
    s.run("local z <close> = setmetatable({}, {__close = function() print('closed') end}) print('open')", "open\nclosed")
    s.run("z", "nil")


def test_locals_of_failed_input(f):
  with f.start() as s:
    s.term.line("local before = 1 error('stop') local after = 2")
    s.expect("[C]: in ?\n")
    s.run("before, after", "1, nil")


def test_locals_and_goto(f):
  with f.start(width=160) as s:
    s.run("fs = {} n = 0 ::again:: local v = n fs[#fs + 1] = function() return v end n = n + 1 if n < 3 then goto again end")
    s.run("fs[1](), fs[2](), fs[3](), v", "0, 1, 2, 2")


# ---- History.


def test_history(f):
  os.path.exists(f.path("history")) and os.remove(f.path("history"))
  with f.start() as s:
    s.run("first = 1")
    s.run("second = 2")
    s.term.key("Up")
    s.term.wait_for_end("> second = 2")
    s.term.key("Up")
    s.term.wait_for_end("> first = 1")
    s.term.key("Down")
    s.term.wait_for_end("> second = 2")
    s.term.key("C-c")
    s.expect("> second = 2\n")
    s.term.paste("if first then\nprint('a\\\\nb')\nend")
    s.term.key("Enter")
    s.expect(">> end\na\\nb\n")
    s.term.key("C-d")
    assert s.term.wait_for_exit() == 0
  with f.start() as s:
    s.term.key("Up")
    s.term.wait_for_end("> if first then\n>> print('a\\\\nb')\n>> end")
    s.term.key("Up")
    s.term.wait_for_end("> second = 2")


def test_history_survives_exit(f):
  with f.start() as s:
    s.term.line("mark = 'exit' os.exit(3)")
    assert s.term.wait_for_exit() == 3
  with f.start() as s:
    s.term.key("Up")
    s.term.wait_for_end("> mark = 'exit' os.exit(3)")


def test_history_in_state_folder(f):
  state = f.path("state")
  with f.start(environment={"PERILUNE_HISTORY": None, "XDG_STATE_HOME": state}) as s:
    s.run("1", "1")
    s.term.key("C-d")
    assert s.term.wait_for_exit() == 0
  with open(os.path.join(state, "perilune", "history"), encoding="utf-8") as file:
    assert file.read() == "1\n"


def test_history_that_cannot_be_kept(f):
  with f.start(environment={"PERILUNE_HISTORY": "/dev/null/history"}) as s:
    s.term.wait_for_end("cannot read /dev/null/history: Not a directory\n>")
    s.run("1", "1")
    s.run("2", "2")
    assert s.term.screen().count("cannot") == 1


# ---- Completion.


def test_completion(f):
  with f.start() as s:

    def complete(typed, completed):
      s.type(typed)
      s.term.key("Tab")
      s.term.wait_for_end(f"> {completed}")
      s.term.key("C-c")
      s.expect(completed + "\n")

    complete("string.fo", "string.format")
    complete("whi", "while")
    complete("x = setm", "x = setmetatable")
    complete("('x'):uppe", "('x'):upper")
    s.run("local account = {owner = {name = 'n'}} account[1] = {deposit = 1}")
    complete("acc", "account")
    complete("account.owner.na", "account.owner.name")
    complete("account['owner'].na", "account['owner'].name")
    complete("account[1].dep", "account[1].deposit")
    s.run("Base = {method = print, number = 1} Base.__index = Base obj = setmetatable({}, Base)")
    complete("obj:m", "obj:method")
    complete(":by", ":bytecode")
    complete(":tier obj.me", ":tier obj.method")
    # No metamethod is called, and so what one would find is not.
    s.run("strange = setmetatable({}, {__index = function() print('called') return {field = 1} end})")
    s.type("strange.a.fie")
    s.term.key("Tab")
    s.term.type("X")
    s.term.wait_for_end("> strange.a.fieX")
    s.term.key("C-c")
    s.expect("strange.a.fieX\n")
    assert "called\n" not in s.term.screen()


def test_completion_menu(f):
  with f.start() as s:
    s.type("string.re")
    s.term.key("Tab")
    s.term.wait(lambda screen: re.search(r"\brep\b", screen) and "reverse" in screen, "menu")
    s.term.key("Escape")
    s.term.wait_for_end("> string.re")


def test_file_completion(f):
  folder = f.path("files")
  os.makedirs(folder, exist_ok=True)
  f.path("files/unmistakable.lua", "print('loaded')")
  f.path("files/two words.lua", "print('words')")
  with f.start() as s:
    s.type(f":load {folder}/two")
    s.term.key("Tab")
    s.term.wait_for("words.lua")
    s.term.key("Enter")
    s.expect("words.lua\nwords\n")
    s.run(f":load '{folder}/two words.lua'", "words")
    s.type(f":load {folder}/unmis")
    s.term.key("Tab")
    s.term.wait_for_end("/unmistakable.lua")
    s.term.key("Enter")
    s.expect("/unmistakable.lua\nloaded\n")


# ---- Errors and interrupts.


def test_errors(f):
  with f.start() as s:
    s.term.line("local function g() error('deep') end g()")
    s.expect("stdin:1: deep\nstack traceback:\n        [C]: in function 'error'\n        stdin:1: in local 'g'\n"
             "        stdin:1: in main chunk\n        [C]: in ?\n")
    s.run("x = = 1", "stdin:1: unexpected symbol near '='")
    s.term.line("error({})")
    s.term.wait_for("\n(error object is a table value)\n")
    s.run("error(setmetatable({}, {__tostring = function() return 'custom' end}))", "custom")
    s.term.paste("\n\nerror('third')")
    s.term.key("Enter")
    s.term.wait_for("\nstdin:3: third\n")
    s.run("1", "1")


def test_stack_overflow(f):
  with f.start() as s:
    s.run("function r() return 1 + r() end")
    s.term.line("r()")
    s.expect("[C]: in ?\n")
    assert "stdin:1: stack overflow" in s.term.screen()
    s.run("1", "1")


def test_out_of_memory(f):
  with f.start("--max-memory=16M") as s:
    s.run("do local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end end", "not enough memory")
    s.run("1", "1")


def test_interrupt(f):
  loops = [
      "while true do end",
      "repeat local x = 1 until false",
      "local function f(n) for i = 1, n do end end f(1e18)",
      "local function f() return f() end f()",
      "coroutine.wrap(function() while true do end end)()",
      "string.rep('a', 1e6):find(('a*'):rep(30) .. 'b')",
      "for _ in function() return 1 end do tostring(1) end",
  ]
  with f.start() as s:
    for loop in loops:
      s.term.line(f"print('run') {loop}")
      s.term.wait_for_end("\nrun")
      s.term.key("C-c")
      s.term.wait(lambda screen: "interrupted!" in screen and screen.endswith("[C]: in ?\n>"), "end of the loop")
      s.term.key("C-l")
      s.term.wait(lambda screen: screen == ">", "empty screen")
    s.run("1", "1")


def test_interrupt_of_reading(f):
  with f.start() as s:
    for expression in ("io.read()", "io.read() .. 'x'", "io.read('a')"):
      s.term.line(f"print('run') return {expression}")
      s.term.wait_for_end("\nrun")
      s.term.key("C-c")
      s.term.wait(lambda screen: "interrupted!" in screen and screen.endswith("\n>"), "end of reading")
      s.term.key("C-l")
      s.term.wait(lambda screen: screen == ">", "empty screen")
    s.run("1", "1")


def test_interrupt_clears_the_input(f):
  with f.start() as s:
    s.type("error('not run")
    s.term.key("C-c")
    s.expect("> error('not run\n")
    s.term.line("if true then")
    s.term.wait_for_end(">>")
    s.term.key("C-c")
    s.expect("\n>>\n")
    s.term.key("C-c")
    s.expect("\n>\n")
    s.run("1", "1")


def test_ends(f):
  for end in (lambda t: t.key("C-d"), lambda t: t.line(":quit"), lambda t: t.line("os.exit(true)")):
    with f.start() as s:
      end(s.term)
      assert s.term.wait_for_exit() == 0


def test_signals_give_the_terminal_back(f):
  for signal, number in (("TERM", 15), ("HUP", 1)):
    with f.start() as s:
      s.term.line("io.popen('echo $PPID'):read('n')")
      s.term.wait(lambda screen: re.search(r"\n\d+\n>$", screen), "process id")
      pid = re.search(r"\n(\d+)\n>$", s.term.screen())[1]
      s.type("unfinished")
      subprocess.run(["kill", f"-{signal}", pid], check=True)
      assert s.term.wait_for_exit() == 128 + number
      assert s.term.is_cooked()


def test_warnings(f):
  with f.start() as s:
    s.run("warn('@on')")
    s.run("warn('mind ', 'the gap')", "Lua warning: mind the gap")


# ---- Commands.


def test_commands(f):
  with f.start() as s:
    s.term.line(":help")
    s.term.wait_for_end("live on from line to line.\n>")
    s.run(":lod x", "unknown command ':lod' (did you mean ':load'?)")
    s.run(":load", "usage: :load FILE")
    s.run(":load nosuch.lua", "cannot open nosuch.lua: No such file or directory")
    path = f.path("loaded.lua", "#!shebang\nlocal hidden = 1\nfunction shown() return hidden end\nreturn 5\n")
    s.run(f":load {path}")
    s.run("shown(), hidden", "1, nil")
    s.run(f":load {f.path('bad.lua', 'x = = 1')}", f"{shorten(f.path('bad.lua'))}:1: unexpected symbol near '='")
    s.term.line(":time 6 * 7")
    s.term.wait(lambda screen: re.search(r"> :time 6 \* 7\n42\ntime: [\d.]+ ms\n>$", screen), "time")
    s.term.line(":gc")
    s.term.wait(lambda screen: re.search(r"\n[\d.]+ KiB in use, [\d.]+ KiB before; [\d.]+ ms\n>$", screen), "memory")
    s.run("::label:: x = 1")


def shorten(path):
  """As messages name a chunk."""
  return path if len(path) < 60 else "..." + path[-56:]


def test_function_commands(f):
  with f.start() as s:
    s.run("local step = 2")
    s.term.paste("local function add(x)\n  x = x + step\n  return x\nend")
    s.term.key("Enter")
    s.expect(">> end\n")
    s.term.line(":bytecode add")
    s.expect("Return0\n")
    assert re.search(r"function <stdin:1-4> 1 parameter, .*\n.*local R0 x .*\n.*upvalue U0 step", s.term.screen())
    s.term.key("C-l")
    s.term.line(":asm add")
    s.term.wait(lambda screen: screen.endswith("\n>") and " out of line" in screen, "listing")
    listing = s.term.screen()
    assert re.search(r"\n2:   x = x \+ step\n  \[\d+\] GetUpval .*\n +[0-9a-f]{4}  [0-9a-f]{8}  \w+", listing), listing
    assert re.search(r"\n3:   return x\n  \[\d+\] Return1 ", listing), listing
    s.term.key("C-l")
    s.term.line(":tier add")
    s.term.wait(lambda screen: re.search(r"\nfunction +stdin:1, \d+ words of bytecode\nstate .*\n(.*\n)+>$", screen), "life")
    s.run(":tier print", "'print' is a function of the runtime: it has no bytecode")
    s.run(":asm nil", "'nil' is no function but a nil value")
    s.run(":asm nosuch.x", "stdin:1: attempt to index a nil value (global 'nosuch')\nstack traceback:\n"
          "        stdin:1: in main chunk\n        [C]: in ?")
    s.term.key("C-l")
    s.term.line("for i = 1, 10 do add(i) end")
    s.expect("add(i) end\n")
    s.term.line(":stats")
    s.term.wait(lambda screen: re.search(r"\n  add +stdin:1 +(native|interpreter) ", screen) and screen.endswith("\n>"), "statistics")


def test_life_of_a_function(f):
  with f.start() as s:
    s.run("function hot(n) local sum = 0 for i = 1, n do sum = sum + i end return sum end")
    s.run("hot(1000000)", "500000500000")
    s.run("hot(10)", "55")
    s.term.line(":tier hot")
    screen = s.term.wait(lambda screen: re.search(r"\nfunction +stdin:1, .*\n(.*\n)+>$", screen), "life")
    if "AArch64 only" in screen or "is off" in screen:
      assert re.search(r"\ninterpreted calls +2\nbudget +none\n", screen), screen
      return
    assert re.search(r"\nstate +machine code\n", screen), screen
    stages = re.findall(r"\n  (hot|queue|compile|batch|copy|maintain|sync|install|first use) +([\d.]+) ms", screen)
    assert [stage for stage, _ in stages] == ["hot", "queue", "compile", "batch", "copy", "maintain", "sync", "install", "first use"], screen


# ---- Colours and terminals.


def test_colors(f):
  with f.start() as s:
    s.type("local x = 'text' -- why")
    screen = s.term.screen(escapes=True)
    for style, text in (("94", "local"), ("32", "'text'"), ("90", "-- why")):
      assert re.search(r"\x1b\[(\d+;)*%s(;\d+)*m%s" % (style, re.escape(text)), screen), screen
    s.term.key("Enter")
    s.expect("-- why\n")
    s.run("{x}", '{"text"}')
    assert re.search(r'\x1b\[(\d+;)*32m"text"', s.term.screen(escapes=True))
    s.run("x = = 1", "stdin:1: unexpected symbol near '='")
    assert re.search(r"\x1b\[(\d+;)*91mstdin:1: unexpected", s.term.screen(escapes=True))


def test_no_color(f):
  with f.start(environment={"NO_COLOR": "1"}) as s:
    s.run("local x = 'text' -- why")
    s.run("{x, 1}", '{"text", 1}')
    s.run("x = = 1", "stdin:1: unexpected symbol near '='")
    assert "\x1b[" not in s.term.screen(escapes=True), s.term.screen(escapes=True)


def test_empty_no_color(f):
  with f.start(environment={"NO_COLOR": ""}) as s:
    s.run("nil", "nil")
    assert "\x1b[36mnil" in s.term.screen(escapes=True), s.term.screen(escapes=True)


def test_simple_terminal(f):
  """Where the cursor cannot be moved, a session is that of lua."""
  for term in ("dumb", ""):
    with f.start(environment={"TERM": term}) as s:
      s.run("1 + 1, 'a'", "2       a")
      s.run("local x = 1")
      s.run("x", "nil")
      s.term.line("print(")
      s.term.wait_for_end("> print(\n>>")
      s.term.line("2)")
      s.expect(">> 2)\n2\n")
      s.term.key("C-d")
      assert s.term.wait_for_exit() == 0


def test_pipe(f):
  """No terminal at all: what lua -i prints, where that is here."""
  text = "1 + 1, 'a'\nlocal x = 1\nx\n= {} == nil\nfor i = 1, 2 do\nprint(i) end\nerror('e')\nos.exit(3)\n"

  def run(command):
    done = subprocess.run(command + ["-i"], input=text, capture_output=True, text=True, check=False, timeout=terminal.deadline_seconds)
    return done.returncode, done.stdout.split("\n")[1:], done.stderr

  mine = run(f.command + f.flags)
  assert mine[0] == 3 and "2\ta" in mine[1] and "\x1b" not in "".join(mine[1]), mine
  if shutil.which("lua5.4"):
    assert mine == run(["lua5.4"]), (mine, run(["lua5.4"]))


def _run(name, test, options):
  """What is wrong, or nothing."""
  with tempfile.TemporaryDirectory() as folder:
    try:
      test(Fixture(options, folder))
      return ""
    except (AssertionError, terminal.Timeout, subprocess.SubprocessError):
      return f"{name}:\n{traceback.format_exc()}"


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("--program", required=True)
  parser.add_argument("--runner")
  parser.add_argument("--flag", action="append", default=[])
  parser.add_argument("--deadline", type=float, default=terminal.deadline_seconds, help="seconds to wait for a screen")
  parser.add_argument("--only", help="run the tests whose names contain this")
  options = parser.parse_args()
  terminal.deadline_seconds = options.deadline
  tests = [(name, test) for name, test in globals().items() if name.startswith("test_") and inspect.isfunction(test)]
  tests = [(name, test) for name, test in tests if not options.only or options.only in name]
  cases = []
  if not terminal.is_available():
    print("no tmux here, so no terminal to test in")
    cases = [(name, "", True) for name, _ in tests]
  else:
    for name, test in tests:
      problem = _run(name, test, options)
      print(problem or f"{name}: passed")
      cases.append((name, problem, False))
  tiers.write_xml("repl", cases)
  sys.exit(1 if any(problem for _, problem, _ in cases) else 0)


if __name__ == "__main__":
  main()
