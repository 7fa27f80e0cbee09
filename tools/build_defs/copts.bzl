"""Compiler flags for Perilune's own code; other people's code is built with theirs."""

# Headers under these names belong to dependencies: our warnings do not apply inside them.
_EXTERNAL_HEADERS = ["absl/", "benchmark/", "capstone/", "gmock/", "gtest/", "re2/"]

PERILUNE_COPTS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wconversion",
    "-Wthread-safety",
    "-Werror",
] + ["--system-header-prefix=" + prefix for prefix in _EXTERNAL_HEADERS]

PERILUNE_FEATURES = ["layering_check"]
