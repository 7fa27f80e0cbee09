"""Tests that compare Perilune with PUC-Rio's lua5.4 (see //tests:tiers.py)."""

_AARCH64 = ["@platforms//cpu:aarch64"]

# Mode -> where it can run.
_MODES = {
    "off": [],
    "off_gc": [],
    "off_generic": [],
    "sync": _AARCH64,
    "background": _AARCH64,
    "eager": _AARCH64,
    "eager_gc": _AARCH64,
    "eager_facts": _AARCH64,
}

def comparison_tests(name, src, modes = ["off", "sync", "background", "eager"], args = [], data = [], size = "large", **kwargs):
    """Defines one test per mode, NAME_off, NAME_sync and so on, and the suite NAME of them all.

    Where lua5.4 is not installed, they say that they were skipped.

    Args:
      name: of the suite.
      src: the runner, a Python program with the options of tests/tiers.py.
      modes: which modes; see tests/tiers.py.
      args: what the runner gets besides those.
      data: files that it reads.
      size: as for sh_test.
      **kwargs: as for sh_test.
    """
    program = "//repl:perilune"
    runner = "//tools:run_aarch64.sh"
    for mode in modes:
        native.sh_test(
            name = "{}_{}".format(name, mode),
            size = size,
            srcs = [src],
            args = [
                "--mode=" + mode,
                "--program=$(rootpath {})".format(program),
                "--runner=$(rootpath {})".format(runner),
            ] + args,
            data = data + [program, runner, "//tests:tiers.py"],
            target_compatible_with = _MODES[mode],
            **kwargs
        )
    native.test_suite(
        name = name,
        tests = ["{}_{}".format(name, mode) for mode in modes],
    )
