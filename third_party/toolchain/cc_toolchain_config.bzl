"""What clang is told for each kind of build action.

Compilation modes: `opt` is the product, `fastbuild` is unoptimised, `dbg` is lightly optimised with assertions and debug
information. Features `asan`, `ubsan` and `tsan` add a sanitizer. `layering_check` (on for our own packages, see
tools/build_defs) makes clang refuse an #include whose header is in no direct dependency, by the module maps that Bazel
writes for each library and the one that local_clang.bzl writes for the system.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "feature",
    "feature_set",
    "flag_group",
    "flag_set",
    "tool_path",
    "with_feature_set",
)

_CPP_COMPILE = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.cpp_module_compile,
    ACTION_NAMES.linkstamp_compile,
]

_COMPILE = _CPP_COMPILE + [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
]

_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _flags(actions, flags, mode = None):
    return flag_set(
        actions = actions,
        flag_groups = [flag_group(flags = flags)],
        with_features = [with_feature_set(features = [mode])] if mode else [],
    )

def _default_flags(target, fully_static):
    static = ["-static"] if fully_static else []
    return feature(
        name = "default_flags",
        enabled = True,
        flag_sets = [
            _flags(_COMPILE, [
                "--target=" + target,
                "-fcolor-diagnostics",
                # The same input must give the same output, whatever the time.
                "-Wno-builtin-macro-redefined",
                "-D__DATE__=\"redacted\"",
                "-D__TIMESTAMP__=\"redacted\"",
                "-D__TIME__=\"redacted\"",
            ]),
            _flags(_CPP_COMPILE, ["-std=c++20"]),
            _flags(_COMPILE, ["-O2", "-DNDEBUG", "-g0", "-ffunction-sections", "-fdata-sections"], mode = "opt"),
            _flags(_COMPILE, ["-O1", "-g"], mode = "dbg"),
            _flags(_LINK, ["--target=" + target, "-fuse-ld=lld", "-pthread"] + static),
            _flags(_LINK, ["-Wl,--gc-sections"], mode = "opt"),
        ],
    )

# Libraries go last on the command line, after everything that needs them.
_DEFAULT_LIBRARIES = feature(
    name = "default_libraries",
    enabled = True,
    flag_sets = [_flags(_LINK, ["-lstdc++", "-lm"])],
)

def _sanitizer(name, flags, link_flags = []):
    # Sanitizers want position-independent executables; -g1 gives the lines of a report.
    common = ["-fPIE", "-g1", "-fno-omit-frame-pointer"]
    return feature(
        name = name,
        flag_sets = [
            _flags(_COMPILE, common + flags),
            _flags(_LINK, ["-pie"] + flags + link_flags),
        ],
    )

_SANITIZERS = [
    # preserve_none code crashes under AddressSanitizer when clang 19.1.7 optimises it.
    _sanitizer("asan", ["-fsanitize=address", "-DPERILUNE_NO_PRESERVE_NONE"]),
    _sanitizer(
        "ubsan",
        ["-fsanitize=undefined", "-fno-sanitize-recover=all"],
        # Bazel links with `clang` and not `clang++`, which would add this by itself.
        link_flags = ["-fsanitize-link-c++-runtime"],
    ),
    _sanitizer("tsan", ["-fsanitize=thread"]),
]

_LAYERING = [
    feature(name = "module_maps", enabled = True),
    feature(
        name = "use_module_maps",
        requires = [feature_set(features = ["module_maps"])],
        flag_sets = [flag_set(
            actions = _CPP_COMPILE,
            flag_groups = [flag_group(flags = [
                "-fmodule-name=%{module_name}",
                "-fmodule-map-file=%{module_map_file}",
            ])],
        )],
    ),
    feature(
        name = "layering_check",
        implies = ["use_module_maps"],
        flag_sets = [flag_set(
            actions = _CPP_COMPILE,
            flag_groups = [
                flag_group(flags = ["-fmodules-strict-decluse", "-Wprivate-header"]),
                flag_group(
                    iterate_over = "dependent_module_map_files",
                    flags = ["-fmodule-map-file=%{dependent_module_map_files}"],
                ),
            ],
        )],
    ),
]

def _clang_toolchain_config_impl(ctx):
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "clang-" + ctx.attr.cpu,
        host_system_name = "local",
        target_system_name = ctx.attr.target,
        target_cpu = ctx.attr.cpu,
        target_libc = "glibc",
        compiler = "clang",
        abi_version = "clang",
        abi_libc_version = "glibc",
        cxx_builtin_include_directories = ctx.attr.include_directories,
        tool_paths = [tool_path(name = name, path = path) for name, path in ctx.attr.tools.items()],
        features = [
            feature(name = "opt"),
            feature(name = "dbg"),
            feature(name = "fastbuild"),
            _default_flags(ctx.attr.target, ctx.attr.fully_static),
            _DEFAULT_LIBRARIES,
        ] + _LAYERING + _SANITIZERS,
    )

clang_toolchain_config = rule(
    implementation = _clang_toolchain_config_impl,
    attrs = {
        "cpu": attr.string(mandatory = True),
        "fully_static": attr.bool(doc = "Link executables without any shared library."),
        "include_directories": attr.string_list(mandatory = True, doc = "System header folders; all else must be declared."),
        "target": attr.string(mandatory = True, doc = "Clang's target triple."),
        "tools": attr.string_dict(mandatory = True, doc = "Bazel's name of a tool -> absolute path."),
    },
    provides = [CcToolchainConfigInfo],
)
