"""Declares the stand-ins of this folder as repositories."""

def standin_repositories():
    """Declares the repositories under the names that dependencies and Bazel's own packages use."""
    names = ["bazel_skylib", "platforms", "remote_coverage_tools", "rules_cc"]

    # Bazel 7 brings a rules_java of its own and needs all of it. Bazel 4 wants only the rules' names.
    # (Debian's Bazel does not know its version.)
    if not native.bazel_version or native.bazel_version.startswith("4."):
        names.append("rules_java")
    for name in names:
        native.local_repository(
            name = name,
            path = "third_party/standins/" + name,
        )
