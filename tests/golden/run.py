#!/usr/bin/env python3
"""Golden files of machine code: tests/golden/*.lua hold a program and, below it, the code that --dump=asm gives for its functions.

Addresses do not stand there. What branches lead to has a label that tells where it is: L3 is the code of the instruction at pc 3, C3 its part out of
line (C3b, C3c if it has more), E the entry, D the data; .1, .2... are places inside. So a change in one template changes little else.

--bless writes the files anew; look at the diff. Without files, all are compared, and every op of opcodes.def must be in one of them.
"""

import argparse
import difflib
import pathlib
import re
import subprocess
import sys

MARK = "--[==[ Machine code, written by tests/golden/run.py --bless\n"
END = "]==]\n"

# Ops that no program of this size contains, and why.
ABSENT = {"LoadKX": "needs more than 65,536 constants"}

INSTRUCTION = re.compile(r"^([0-9a-f]{4,12})  ([0-9a-f]{8})  (.*)$")
DATA = re.compile(r"^([0-9a-f]{4,12})  (.*)$")
REGION = re.compile(r"^; \[(\d+)\] (line|out of line)")
BRANCH = re.compile(r"^((?:b|b\.\w+|cbz|cbnz|tbz|tbnz|adr|ldr) (?:[^#]*, |.*, #?\w+, )?)#(0x[0-9a-f]+|\d+)$")


def region_names(lines):
    """By index of a line: the region that begins there."""
    names, cold = {}, {}
    for i, line in enumerate(lines):
        match = REGION.match(line)
        if match and match[2] == "line":
            names[i] = f"L{match[1]}"
        elif match:
            n = cold[match[1]] = cold.get(match[1], 0) + 1
            names[i] = f"C{match[1]}{'' if n == 1 else chr(ord('a') + n - 1)}"
        elif DATA.match(line) and not INSTRUCTION.match(line) and "D" not in names.values():
            names[i] = "D"
    return names


def target_of(text):
    """The instruction up to its target, and that, if it refers to a place in the code."""
    match = BRANCH.match(text)
    if not match or (text.startswith("ldr") and "[" in text):
        return None
    return match[1], int(match[2], 0)


def readable(function):
    """The dump of a function without addresses, as a list of lines."""
    lines = function.split("\n")
    targets = {t[1] for line in lines if (m := INSTRUCTION.match(line)) and (t := target_of(m[3]))}
    labels, region, inside = {}, "E", 0
    starts = region_names(lines)
    for i, line in enumerate(lines):
        if i in starts:
            region, inside, fresh = starts[i], 0, True
        elif i == 0:
            fresh = True
        match = INSTRUCTION.match(line) or DATA.match(line)
        if not match:
            continue
        address = int(match[1], 16)
        if address in targets:
            if fresh:
                labels[address] = region
            else:
                inside += 1
                labels[address] = f"{region}.{inside}"
        fresh = False
    result = []
    for line in lines:
        match = INSTRUCTION.match(line) or DATA.match(line)
        if not match:
            result.append(line)
            continue
        label = labels.get(int(match[1], 16))
        if label:
            result.append(f"{label}:")
        target = target_of(match[3]) if INSTRUCTION.match(line) else None
        result.append("    " + (f"{target[0]}{labels.get(target[1], hex(target[1]))}" if target else match[match.lastindex]))
    return result


def machine_code(program, source, name):
    run = subprocess.run([*program, "--dump=asm", "-"], input=source, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode != 0:
        sys.exit(f"{name}: {run.stderr}")
    functions = re.split(r"\n(?=; function )", run.stdout)
    nested = [f for f in functions if not re.match(r"; function [^,]*:0,", f)]  # the main chunk only makes them
    return "\n".join("\n".join(readable(f.rstrip("\n"))) + "\n" for f in nested or functions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, help="a perilune; for this machine is fastest, and says the same")
    parser.add_argument("--runner", help="runs the program if that is for another machine")
    parser.add_argument("--bless", action="store_true", help="write what the program says into the files")
    parser.add_argument("--opcodes", default="lang/opcodes.def", help="where every op is named")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    files = [pathlib.Path(f) for f in options.files] or sorted(pathlib.Path(__file__).parent.glob("*.lua"))
    program = [options.runner, options.program] if options.runner else [options.program]
    seen, failed = set(), []
    for path in files:
        text = path.read_text(encoding="utf-8")
        source, _, expected = text.partition(MARK)
        expected = expected.removesuffix(END)
        actual = machine_code(program, source, path.name)
        seen.update(re.findall(r"^; \[\d+\] line \d+: (\w+)$", actual, re.MULTILINE))
        if "unexplained" in actual:
            failed.append(f"{path.name}: a part out of line has no purpose in jit/compiler_comments.cc")
        if actual == expected:
            continue
        if options.bless:
            path.write_text(source + MARK + actual + END, encoding="utf-8")
            print(f"blessed {path.name}")
            continue
        diff = difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), f"{path.name} (golden)", f"{path.name} (now)", n=6)
        sys.stdout.writelines(diff)
        failed.append(f"{path.name}: the machine code is another. If it is meant to be, run tests/golden/run.py --bless.")
    if not options.files:
        ops = re.findall(r"^OP\((\w+),", pathlib.Path(options.opcodes).read_text(encoding="utf-8"), re.MULTILINE)
        assert ops, "no ops in opcodes.def"
        failed += [f"no golden file has {op}" for op in ops if op not in seen and op not in ABSENT]
        failed += [f"{op} is in a golden file by now: take it out of ABSENT" for op in ABSENT if op in seen]
    print("\n".join(failed) or f"{len(files)} golden files, {len(seen)} ops")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
