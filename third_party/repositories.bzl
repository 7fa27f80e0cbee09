"""Perilune's external dependencies, all built from source, for its own WORKSPACE and for those that use it.

Library archives come from a folder of downloads if it has them (see archive.bzl; tools/setup.sh fills it on Debian), else from the URLs below.
"""

load(":archive.bzl", "local_or_http_archive")
load("//third_party/standins:standins.bzl", "standin_repositories")
load("//third_party/toolchain:local_clang.bzl", "local_clang")

def perilune_repositories():
    """Declares what Perilune is built from, under the names that its BUILD files use.

    A workspace that wants another copy of one, or has it under that name, takes this file as a list of what it has to declare.
    """
    standin_repositories()

    local_or_http_archive(
        name = "abseil-cpp",
        debian_file = "abseil_20240722.0.orig.tar.gz",
        debian_sha256 = "df6d1f5ef540725f3851201176a60486aab332410788465c9877910bb471c34a",
        debian_strip_prefix = "abseil-20240722.0",
        repo_mapping = {
            "@com_google_googletest": "@googletest",
            "@com_github_google_benchmark": "@google_benchmark",
        },
        sha256 = "f50e5ac311a81382da7fa75b97310e4b9006474f9560ac46f54a9967f07d4ae3",
        strip_prefix = "abseil-cpp-20240722.0",
        urls = ["https://github.com/abseil/abseil-cpp/archive/refs/tags/20240722.0.tar.gz"],
    )

    local_or_http_archive(
        name = "re2",
        debian_file = "re2_20240702.orig.tar.gz",
        sha256 = "eb2df807c781601c14a260a507a5bb4509be1ee626024cb45acbd57cb9d4032b",
        strip_prefix = "re2-2024-07-02",
        urls = ["https://github.com/google/re2/archive/refs/tags/2024-07-02.tar.gz"],
    )

    local_or_http_archive(
        name = "googletest",
        debian_file = "googletest_1.16.0.orig.tar.gz",
        debian_sha256 = "2f54382b5d13d6cd0be2afc524f1e510d37f8ba78c2d439c5bea64ef37e30d01",
        sha256 = "78c676fc63881529bf97bf9d45948d905a66833fbfa5318ea2cd7478cb98f399",
        strip_prefix = "googletest-1.16.0",
        urls = ["https://github.com/google/googletest/archive/refs/tags/v1.16.0.tar.gz"],
    )

    local_or_http_archive(
        name = "google_benchmark",
        debian_file = "benchmark_1.7.1.orig.tar.gz",
        sha256 = "6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7",
        strip_prefix = "benchmark-1.7.1",
        urls = ["https://github.com/google/benchmark/archive/refs/tags/v1.7.1.tar.gz"],
    )

    local_or_http_archive(
        name = "capstone",
        build_file = "@perilune//third_party/capstone:capstone.BUILD",
        debian_file = "capstone_5.0.7.orig.tar.gz",
        sha256 = "6427a724726d161d1e05fb49fff8cd0064f67836c04ffca3c11d6d859e719caa",
        strip_prefix = "capstone-5.0.7",
        urls = ["https://github.com/capstone-engine/capstone/archive/refs/tags/5.0.7.tar.gz"],
    )

    # As the Haskell package isocline brings it, whose C sources are those of upstream's tag v1.0.9.
    local_or_http_archive(
        name = "isocline",
        build_file = "@perilune//third_party/isocline:isocline.BUILD",
        debian_file = "haskell-isocline_1.0.9.orig.tar.gz",
        patches = ["@perilune//third_party/isocline:isocline.patch"],
        sha256 = "9090c69e8082cda45214e41e8205bce671a6c04b78ac412b7bacffadafe75468",
        strip_prefix = "isocline-1.0.9",
        urls = ["https://hackage.haskell.org/package/isocline-1.0.9/isocline-1.0.9.tar.gz"],
    )

def perilune_toolchains():
    """Registers C++ toolchains with this machine's clang (19 or newer) and lld, for x86-64 and AArch64."""
    local_clang(name = "local_clang")
    native.register_toolchains(
        "@local_clang//:x86_64_toolchain",
        "@local_clang//:aarch64_toolchain",
    )
