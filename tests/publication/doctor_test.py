#!/usr/bin/env python3
"""Runs `perilune doctor` as a user does: text and JSON, exit status, and the facts that must hold on any machine."""

import argparse
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tiers


def _problems(report):
  """What is wrong with the report, as (name of the fact, problem or "")."""
  def whole(e):
    return e["left_out"] == "nothing"
  experiments = report["experiments"]
  yield "probes", "" if report["probes"] else "there are none"
  if report["processor"] != "AArch64":
    yield "no code elsewhere", "" if report["no_code"] and not experiments else "there is"
    return
  lines = [t[kind] for t in report["cache_types"] for kind in ("data_line", "instruction_line")]
  yield "cache lines", "" if lines and all(16 <= line <= 2048 for line in lines) else str(lines)
  idle = [e for e in experiments if not e["trials"] and not e["problem"]]
  yield "trials", "" if experiments and not idle else str(idle)
  stale = [e for e in experiments if whole(e) and e["stale"]]
  yield "health", "" if bool(stale) != report["healthy"] else str(report["findings"])
  # An old emulator may be deaf, which has to be said; a processor may not.
  excused = report["emulated"] and any("QEMU 8.1" in finding for finding in report["findings"])
  yield "no old code with all steps", "" if not stale or excused else str(stale)
  if report["emulated"] and report["healthy"]:
    shown = [e for e in experiments
             if e["view"] == "alias" and e["left_out"] in ("InvalidateInstructions", "all maintenance") and e["trials"]]
    yield "a missing ic ivau shows", "" if shown and all(e["stale"] == e["trials"] for e in shown) else str(shown)


def main():
  parser = argparse.ArgumentParser(description="Tests `perilune doctor`.")
  parser.add_argument("--program", required=True, help="path of perilune")
  parser.add_argument("--runner", help="program that runs PROGRAM (see tools/run_aarch64.sh)")
  options = parser.parse_args()
  command = ([options.runner] if options.runner else []) + [os.path.abspath(options.program), "doctor"]

  def run(*arguments):
    return subprocess.run(command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)

  done = run("--json", "--trials=100")
  report = json.loads(done.stdout)
  cases = list(_problems(report))
  cases.append(("status", "" if done.returncode == (0 if report["healthy"] else 1) and not done.stderr else f"{done}"))
  text = run("--trials=3")
  headings = ["Machine", "System", "Publication", "Findings"]
  cases.append(("text", "" if [h for h in text.stdout.splitlines() if h in headings] == headings else text.stdout))
  wrong = run("--trials=none")
  cases.append(("wrong option", "" if wrong.returncode == 1 and "--trials" in wrong.stderr else str(wrong)))
  for name, problem in cases:
    print(f"{'FAILED' if problem else 'ok':6} {name} {problem}")
  tiers.write_xml("doctor", [(name, problem, False) for name, problem in cases])
  return 1 if any(problem for _, problem in cases) else 0


if __name__ == "__main__":
  sys.exit(main())
