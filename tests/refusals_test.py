#!/usr/bin/env python3
"""Runs perilune on a system that refuses what machine code needs: the output must be right, the exit status 0, the fallback named in --stats.

    refusals_test.py --program=PERILUNE [--runner=RUN]

System calls are refused by a seccomp filter that the program is started under. QEMU's user mode passes membarrier and memfd_create on to the kernel,
so that works there, too; but it needs executable memory itself, so there --code-faults stands in for a filter of mmap and mprotect with PROT_EXEC.
"""

import argparse
import ctypes
import errno
import platform
import re
import struct
import subprocess
import sys

# Of the machine that runs this, whose kernel is asked: (AUDIT_ARCH, membarrier, memfd_create, mmap, mprotect).
_KERNELS = {
    "x86_64": (0xC000003E, 324, 319, 9, 10),
    "aarch64": (0xC00000B7, 283, 279, 222, 226),
}

_PROGRAM = """
local functions = {}
for i = 1, 120 do
  functions[i] = load("local s = ... for i = 1, 50 do s = s * 3 + i if s > 1e6 then s = s // " .. i + 6 .. " end end return s")
end
local sum = 0
for round = 1, 10 do for i = 1, #functions do sum = sum + functions[i](i) end end
print(sum)
"""


def _instruction(code, jump_true, jump_false, operand):
  return struct.pack("HBBI", code, jump_true, jump_false, operand)


def _filter(refused, error):
  """A BPF program that answers `error` to the system calls `refused`: number -> mask of bits of its third argument that matter, or None."""
  arch = _KERNELS[platform.machine()][0]
  load, equal, test, answer = 0x20, 0x15, 0x45, 0x06
  allow, fail = 0x7FFF0000, 0x00050000 | error
  program = [_instruction(load, 0, 0, 4), _instruction(equal, 1, 0, arch), _instruction(answer, 0, 0, allow)]
  for number, mask in refused.items():
    program.append(_instruction(load, 0, 0, 0))
    if mask is None:
      program += [_instruction(equal, 0, 1, number), _instruction(answer, 0, 0, fail)]
    else:
      third_argument = 16 + 2 * 8
      program += [
          _instruction(equal, 0, 3, number),
          _instruction(load, 0, 0, third_argument),
          _instruction(test, 0, 1, mask),
          _instruction(answer, 0, 0, fail),
      ]
  program.append(_instruction(answer, 0, 0, allow))
  return program


def _install(program):
  """To be called in the child before it becomes the program."""
  code = ctypes.create_string_buffer(b"".join(program))
  header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
  libc = ctypes.CDLL(None, use_errno=True)
  no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
  if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0 or libc.prctl(set_seccomp, filter_mode, header, 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "seccomp")


def _run(options, flags, refused=None, error=errno.EPERM):
  command = ([options.runner] if options.runner else []) + [options.program, *flags, "-e", _PROGRAM]
  preexec = None
  if refused:
    program = _filter(refused, error)
    preexec = lambda: _install(program)
  return subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=preexec)


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
  parser.add_argument("--program", required=True)
  parser.add_argument("--runner")
  options = parser.parse_args()
  if platform.machine() not in _KERNELS:
    print("skipped: no numbers of system calls for", platform.machine())
    return 0
  _, membarrier, memfd, mmap, mprotect = _KERNELS[platform.machine()]
  native = platform.machine() == "aarch64"
  executable = 4  # PROT_EXEC
  interpreted = r"machine code +none: everything was interpreted \(code memory: executable memory refused: Permission denied\)"
  no_memfd = r"code memory +mprotect \(code memory: memfd refused: "
  epoch = r"sync strategy +epoch \(membarrier: register: "
  no_exec = {mmap: executable, mprotect: executable}
  # Name, flags, refused system calls, error, what --stats must say.
  cases = [
      ("membarrier: EPERM", [], {membarrier: None}, errno.EPERM, [epoch + "Operation not permitted"]),
      ("membarrier: ENOSYS", [], {membarrier: None}, errno.ENOSYS, [epoch + "Function not implemented"]),
      ("membarrier: EINVAL", [], {membarrier: None}, errno.EINVAL, [epoch + "Invalid argument"]),
      ("memfd_create", [], {memfd: None}, errno.EPERM, [no_memfd + "Operation not permitted", r"sync strategy +membarrier\n"]),
      ("membarrier and memfd_create", [], {membarrier: None, memfd: None}, errno.ENOSYS, [epoch, no_memfd]),
      ("PROT_EXEC", [] if native else ["--code-faults=exec=EACCES"], no_exec if native else None, errno.EACCES, [interpreted]),
      ("PROT_EXEC and memfd_create", ["--code-faults=exec=EACCES"], {memfd: None}, errno.EPERM, [interpreted]),
      ("code cache full", ["--code-cache=32K"], None, 0, [r"functions evicted +[1-9]", r"functions refused +0\n"]),
  ]
  expected = _run(options, ["--jit=off"]).stdout
  failures = 0
  for name, flags, refused, error, wanted in cases:
    result = _run(options, ["--jit=sync", "--stats", *flags], refused, error)
    problems = [f"--stats has no {pattern!r}" for pattern in wanted if not re.search(pattern, result.stderr)]
    if result.returncode != 0:
      problems.append(f"exit status {result.returncode}")
    if result.stdout != expected or not expected:
      problems.append(f"output {result.stdout!r}, not {expected!r}")
    print(f"{'FAILED' if problems else 'passed'}: {name}")
    for problem in problems:
      print(f"  {problem}")
    if problems:
      failures += 1
      print(result.stderr)
  return 1 if failures else 0


if __name__ == "__main__":
  sys.exit(main())
