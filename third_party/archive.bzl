"""A repository rule for source archives which prefers a copy that is already on this machine.

`local_or_http_archive` looks for the archive in the folder $PERILUNE_DISTDIR (default: ~/.cache/perilune/distfiles), under
the name that Debian's source package gives it, and downloads it only if it is not there. Both are checked by SHA-256:
Debian repacks some archives, so such a file has a hash, and at times a top folder, of its own.
"""

def _distfile(ctx):
    directory = ctx.os.environ.get("PERILUNE_DISTDIR")
    if not directory:
        cache = ctx.os.environ.get("XDG_CACHE_HOME") or ctx.os.environ.get("HOME", "/nonexistent") + "/.cache"
        directory = cache + "/perilune/distfiles"
    return ctx.path(directory + "/" + ctx.attr.debian_file)

def _local_or_http_archive_impl(ctx):
    local = _distfile(ctx)
    if local.exists:
        ctx.download_and_extract(
            url = ["file://" + str(local)],
            sha256 = ctx.attr.debian_sha256 or ctx.attr.sha256,
            stripPrefix = ctx.attr.debian_strip_prefix or ctx.attr.strip_prefix,
        )
    else:
        ctx.download_and_extract(
            url = ctx.attr.urls,
            sha256 = ctx.attr.sha256,
            stripPrefix = ctx.attr.strip_prefix,
        )
    for patch in ctx.attr.patches:
        ctx.patch(patch, strip = 1)
    if ctx.attr.build_file:
        ctx.file("WORKSPACE", "workspace(name = \"{}\")\n".format(ctx.name))
        ctx.delete("BUILD.bazel")
        ctx.delete("BUILD")
        ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

local_or_http_archive = repository_rule(
    implementation = _local_or_http_archive_impl,
    attrs = {
        "build_file": attr.label(allow_single_file = True, doc = "Replaces the archive's own top BUILD file."),
        "debian_file": attr.string(mandatory = True, doc = "The archive's name in PERILUNE_DISTDIR."),
        "debian_sha256": attr.string(doc = "SHA-256 of that file, if it is not the upstream archive byte for byte."),
        "debian_strip_prefix": attr.string(doc = "Top folder in that file, if it is not `strip_prefix`."),
        "patches": attr.label_list(allow_files = True, doc = "Applied in order, as by `patch -p1`."),
        "sha256": attr.string(mandatory = True),
        "strip_prefix": attr.string(),
        "urls": attr.string_list(mandatory = True),
    },
    environ = ["PERILUNE_DISTDIR", "XDG_CACHE_HOME", "HOME"],
    doc = "A source archive: the local copy if there is one, else a download.",
)
