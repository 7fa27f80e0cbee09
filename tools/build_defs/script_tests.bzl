"""Tests made of Lua scripts whose comments say what to expect (see //tests:script_runner.py)."""

_AARCH64 = ["@platforms//cpu:aarch64"]

# Mode -> where it can run. The machine code that the JIT emits is AArch64's, so elsewhere there is the interpreter only. The
# reference mode does not depend on what we build, so the configurations beside the host's leave its tag out (see .bazelrc).
_MODES = {
    "off": [],
    "eager": _AARCH64,
    "background": _AARCH64,
    "reference": [],
}

def lua_script_tests(
        name,
        srcs,
        modes = ["off", "eager", "background", "reference"],
        program = "//repl:perilune",
        checker = "//tests:script_runner.py",
        flags = [],
        data = [],
        timeout_seconds = 60,
        size = "medium",
        tags = [],
        **kwargs):
    """Defines one test per mode over a group of scripts: NAME_off, NAME_eager, NAME_background, NAME_reference.

    A group is a test, not a file, because starting Bazel's test set-up costs more than most scripts; failures still name
    file and line. The test suite NAME holds them all.

    Args:
      name: of the group.
      srcs: the .lua files. They run in the workspace's top folder and are named from there, so `...: FILE:LINE:` in an error is
        tests/language/x.lua:3.
      modes: which modes; "sync" is possible too. Leave "reference" out for scripts that only Perilune can run.
      program: what runs them, but for the reference mode.
      checker: what runs that and compares; takes the arguments of script_runner.py.
      flags: further flags for the program, not given in the reference mode.
      data: files that the scripts read.
      timeout_seconds: for one script.
      size: as for sh_test, of the whole group.
      tags: as for sh_test. The reference mode gets "reference" and the exclusions of other configurations besides.
      **kwargs: as for sh_test.
    """
    runner = "//tools:run_aarch64.sh"
    for mode in modes:
        reference = mode == "reference"
        args = [
            "--mode=" + mode,
            "--timeout={}".format(timeout_seconds),
            "--program=" + ("lua5.4" if reference else "$(rootpath {})".format(program)),
        ]
        if not reference:
            args.append("--runner=$(rootpath {})".format(runner))
            args += ["--flag=" + flag for flag in flags]
        native.sh_test(
            name = "{}_{}".format(name, mode),
            size = size,
            srcs = [checker],
            args = args + ["$(rootpaths :{}_scripts)".format(name)],
            data = [":{}_scripts".format(name)] + data + ([] if reference else [program, runner]),
            tags = tags + (["noaarch64", "noasan", "notsan", "reference"] if reference else []),
            target_compatible_with = _MODES.get(mode, _AARCH64),
            **kwargs
        )
    native.filegroup(
        name = name + "_scripts",
        srcs = srcs,
    )
    native.test_suite(
        name = name,
        tests = ["{}_{}".format(name, mode) for mode in modes],
    )

def lua_script_test_folders(**kwargs):
    """Calls lua_script_tests once per subfolder of this package, so that a new file or folder is picked up by itself.

    What stands in a group's subfolders `data` is there for its scripts to read; SCRIPT.expected is what SCRIPT.lua prints.

    Args:
      **kwargs: as for lua_script_tests, for every group.
    """
    paths = native.glob(["*/**/*.lua"], exclude = ["**/data/**"])
    for folder in sorted({path.split("/")[0]: None for path in paths}):
        lua_script_tests(
            name = folder,
            srcs = [path for path in paths if path.startswith(folder + "/")],
            data = native.glob([folder + "/**/data/**", folder + "/**/*.expected"]),
            **kwargs
        )
