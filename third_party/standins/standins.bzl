"""Declares the stand-ins of this folder as repositories: they replace Bazel rule sets of which we need a few lines."""

def _standin_impl(ctx):
    folder = ctx.path(Label("//third_party/standins:standins.bzl")).dirname.get_child(ctx.name)
    for child in folder.readdir():
        ctx.symlink(child, child.basename)

_standin = repository_rule(
    implementation = _standin_impl,
    local = True,
    doc = "The stand-in of the repository's name, which is a folder beside this file.",
)

def standin_repositories():
    """Declares the repositories that Bazel's own packages and our dependencies want, where they would need a download."""
    names = ["bazel_skylib"]

    # Bazel 7 brings the rest by itself. (Debian's Bazel 4.2.3 does not know its version.)
    if not native.bazel_version or native.bazel_version.startswith("4."):
        names += ["platforms", "remote_coverage_tools", "rules_cc", "rules_java"]
    for name in names:
        _standin(name = name)
