"""Finds this machine's clang and lld and declares C++ toolchains for x86-64 and AArch64 Linux with them.

Clang 19 is the oldest that has `preserve_none` and `musttail` as Perilune's interpreter needs them. $PERILUNE_CLANG names a
clang to use in place of the first that is found. One clang serves both targets: on an x86-64 host the AArch64 headers and
libraries are those of the cross GCC that clang finds by itself, and the other way round. A target without such headers still
gets a toolchain; only using it fails.
"""

_VERSIONS = ["19", "20", "21", "22", "23"]

def _major_version(ctx, clang):
    result = ctx.execute([clang, "-dumpversion"])
    if result.return_code != 0:
        return 0
    major = result.stdout.strip().split(".")[0]
    return int(major) if major.isdigit() else 0

def _find_clang(ctx):
    """Returns the path of a clang of version 19 or newer."""
    named = ctx.os.environ.get("PERILUNE_CLANG")
    candidates = [named] if named else ["clang-" + version for version in _VERSIONS] + ["clang"]
    for candidate in candidates:
        path = candidate if candidate.startswith("/") else ctx.which(candidate)
        if path and _major_version(ctx, path) >= 19:
            return str(path)
    fail("Perilune needs clang 19 or newer; found none of: {}. tools/setup.sh installs it on Debian; ".format(", ".join(candidates)) +
         "elsewhere set PERILUNE_CLANG to its path.")

def _find_tool(ctx, clang, name):
    """Returns the path of a companion of `clang`, such as llvm-ar."""
    result = ctx.execute([clang, "-print-prog-name=" + name])
    path = result.stdout.strip()
    if path.startswith("/"):
        return path
    found = ctx.which("{}-{}".format(name, _major_version(ctx, clang))) or ctx.which(name)
    return str(found) if found else "/bin/false"

def _include_directories(ctx, clang, target):
    """Returns the folders that clang searches for <headers> when it compiles C++ for `target`."""
    result = ctx.execute([clang, "--target=" + target, "-E", "-xc++", "-v", "/dev/null"])
    directories = []
    inside = False
    for line in result.stderr.splitlines():
        if line.startswith("#include <"):
            inside = True
        elif line.startswith("End of search list"):
            inside = False
        elif inside:
            directories.append(str(ctx.path(line.strip())))

    # The sanitizers' lists of exempt functions are beside the resource folder's headers.
    resource = ctx.execute([clang, "-print-resource-dir"]).stdout.strip()
    return directories + [resource + "/include", resource + "/share"]

# What of /usr/include belongs to the C library and the kernel; the rest are headers of whatever else is installed.
_SYSTEM_FOLDERS = ["arpa", "asm", "asm-generic", "bits", "gnu", "linux", "net", "netinet", "rpc", "sys"]

def _module_map(ctx, directories):
    """Returns a module map that says: the headers in `directories` belong to the system.

    The layering check wants each header to be in the module map of a direct dependency; this one is everybody's.
    """
    folders = [directory for directory in directories if directory != "/usr/include"]
    folders += ["/usr/include/" + folder for folder in _SYSTEM_FOLDERS]
    existing = [folder for folder in folders if ctx.path(folder).exists]
    headers = ctx.execute(["find", "-L"] + existing + ["-type", "f"]).stdout.splitlines()
    headers += ctx.execute(["find", "-L", "/usr/include", "-maxdepth", "1", "-type", "f"]).stdout.splitlines()
    unique = {header: None for header in headers}
    return "\n".join(
        ["module \"crosstool\" [system] {"] +
        ["  textual header \"{}\"".format(header) for header in sorted(unique)] +
        ["}", ""],
    )

_BUILD = """
load("@perilune//third_party/toolchain:cc_toolchain_config.bzl", "clang_toolchain_config")

package(default_visibility = ["//visibility:public"])

filegroup(name = "no_files")
"""

_TARGET = """
clang_toolchain_config(
    name = "{cpu}_config",
    cpu = "{cpu}",
    include_directories = {include_directories},
    tools = {tools},
    target = "{target}",
    fully_static = {fully_static},
)

cc_toolchain(
    name = "{cpu}_cc_toolchain",
    all_files = ":no_files",
    ar_files = ":no_files",
    as_files = ":no_files",
    compiler_files = ":no_files",
    dwp_files = ":no_files",
    linker_files = ":no_files",
    module_map = "system.modulemap",
    objcopy_files = ":no_files",
    strip_files = ":no_files",
    supports_param_files = True,
    toolchain_config = ":{cpu}_config",
    toolchain_identifier = "clang-{cpu}",
)

toolchain(
    name = "{cpu}_toolchain",
    exec_compatible_with = [
        "@platforms//cpu:{host}",
        "@platforms//os:linux",
    ],
    target_compatible_with = [
        "@platforms//cpu:{cpu}",
        "@platforms//os:linux",
    ],
    toolchain = ":{cpu}_cc_toolchain",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)
"""

def _local_clang_impl(ctx):
    clang = _find_clang(ctx)
    tools = {"gcc": clang, "cpp": clang}
    for tool, program in {
        "ar": "llvm-ar",
        "dwp": "llvm-dwp",
        "gcov": "llvm-cov",
        "ld": "ld.lld",
        "nm": "llvm-nm",
        "objcopy": "llvm-objcopy",
        "objdump": "llvm-objdump",
        "strip": "llvm-strip",
    }.items():
        tools[tool] = _find_tool(ctx, clang, program)
    host = ctx.execute(["uname", "-m"]).stdout.strip()
    content = _BUILD
    directories = {}
    for cpu in ["x86_64", "aarch64"]:
        target = cpu + "-linux-gnu"
        include_directories = _include_directories(ctx, clang, target)
        directories.update({directory: None for directory in include_directories})
        content += _TARGET.format(
            cpu = cpu,
            host = host,
            include_directories = include_directories,
            target = target,
            tools = tools,
            # So that cross-built programs start quickly under an emulator and need no system root there.
            fully_static = cpu != host,
        )
    ctx.file("BUILD.bazel", content)

    ctx.file("system.modulemap", _module_map(ctx, directories))

local_clang = repository_rule(
    implementation = _local_clang_impl,
    configure = True,
    environ = ["PATH", "PERILUNE_CLANG"],
    local = True,
    doc = "Declares the toolchains x86_64_toolchain and aarch64_toolchain.",
)
