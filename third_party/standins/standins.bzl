"""Declares the stand-ins of this folder as repositories."""

def standin_repositories():
    """Declares the repositories that Bazel's own packages and our dependencies want, where they would need a download."""
    names = ["bazel_skylib"]

    # Bazel 7 brings the rest by itself. (Debian's Bazel 4.2.3 does not know its version.)
    if not native.bazel_version or native.bazel_version.startswith("4."):
        names += ["platforms", "remote_coverage_tools", "rules_cc", "rules_java"]
    for name in names:
        native.local_repository(
            name = name,
            path = "third_party/standins/" + name,
        )
