"""The C++ rules that Perilune's BUILD files use: Bazel's own, with our warnings (as errors) and the layering check."""

load(":copts.bzl", "PERILUNE_COPTS", "PERILUNE_FEATURES")

def _ours(kwargs):
    kwargs["copts"] = PERILUNE_COPTS + kwargs.pop("copts", [])
    kwargs["features"] = PERILUNE_FEATURES + kwargs.pop("features", [])
    return kwargs

def perilune_cc_library(name, **kwargs):
    """A `cc_library`.

    Args:
      name: the target's name.
      **kwargs: as for cc_library.
    """
    native.cc_library(name = name, **_ours(kwargs))

def perilune_cc_binary(name, **kwargs):
    """A `cc_binary`.

    Args:
      name: the target's name.
      **kwargs: as for cc_binary.
    """
    native.cc_binary(name = name, **_ours(kwargs))

def perilune_cc_test(name, size = "small", deps = [], **kwargs):
    """A GoogleTest `cc_test`; it gets GoogleTest and its main() without naming them.

    Args:
      name: the target's name.
      size: as for cc_test.
      deps: as for cc_test.
      **kwargs: as for cc_test.
    """
    googletest = [label for label in ["@googletest//:gtest", "@googletest//:gtest_main"] if label not in deps]
    native.cc_test(name = name, size = size, deps = deps + googletest, **_ours(kwargs))
