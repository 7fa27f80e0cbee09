# Sets up what the build needs; source it. tools/run and tools/test do.
#
# `perilune_setup` leaves the machine able to build and test: it installs what is missing (Debian 12 and later, by apt), puts the
# source archives that third_party/repositories.bzl names into the folder of downloads, gets a QEMU new enough for a JIT where the machine is not
# AArch64, and herd7 for the litmus tests if it can. It says on stderr what it does, and says nothing when there is nothing to do, which it knows from a stamp file.
# On another distribution it only checks, and Bazel downloads the archives itself.
#
# Variables: PERILUNE_CACHE (default ~/.cache/perilune), PERILUNE_DISTDIR (its distfiles/), PERILUNE_QEMU (see run_aarch64.sh),
# PERILUNE_HERD7 (see herd7.sh).

perilune_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
perilune_cache=${PERILUNE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/perilune}
perilune_distdir=${PERILUNE_DISTDIR:-$perilune_cache/distfiles}
# Bazel fetches again when this variable changes, so what its rule takes by default stays unsaid.
[[ $perilune_distdir == "${XDG_CACHE_HOME:-$HOME/.cache}/perilune/distfiles" ]] || export PERILUNE_DISTDIR=$perilune_distdir
perilune_machine=$(uname -m)

perilune_say() { echo "perilune setup: $*" >&2; }

perilune_die() {
  perilune_say "$*"
  exit 1
}

# Runs a command as root, its output only shown if it fails.
_perilune_as_root() {
  local log sudo=()
  [[ $EUID == 0 ]] || sudo=(sudo)
  log=$(mktemp)
  if ! "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    perilune_die "failed: $*"
  fi
  rm -f "$log"
}

# Prints the packages that are missing, all of the machine's own suite.
_perilune_packages() {
  command -v bazel >/dev/null || command -v bazelisk >/dev/null || echo bazel-bootstrap
  [[ -n ${PERILUNE_CLANG:-} ]] || {
    [[ -x /usr/bin/clang-19 ]] || echo clang-19
    [[ -x /usr/bin/ld.lld-19 ]] || echo lld-19
    [[ -x /usr/bin/llvm-ar-19 ]] || echo llvm-19
    compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.asan*' >/dev/null || echo libclang-rt-19-dev
  }
  [[ $perilune_machine == aarch64 || -x /usr/bin/aarch64-linux-gnu-g++ ]] || echo g++-aarch64-linux-gnu
  [[ -x /usr/bin/g++ ]] || echo g++
  command -v python3 >/dev/null || echo python3
  command -v lua5.4 >/dev/null || echo lua5.4
  command -v tmux >/dev/null || echo tmux
}

_perilune_install_packages() {
  local packages=("$@")
  ((${#packages[@]})) || return 0
  command -v apt-get >/dev/null || perilune_die "please install what these Debian packages hold: ${packages[*]}"
  perilune_say "installing ${packages[*]}"
  _perilune_as_root apt-get update
  _perilune_as_root apt-get install -y --no-install-recommends "${packages[@]}"
}

# Sets `_perilune_apt` to options that make apt read the lines on stdin as its only sources (with URI for the machine's own Debian
# mirror), with a state of its own in folder $1, and fetches their indices.
_perilune_private_apt() {
  local state=$1 uri
  # The first that is not for security updates, in the form of debian.sources or of sources.list.
  uri=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    awk '$1 == "URIs:" || $1 == "deb" {for (i = 2; i <= NF; i++) if (!uri && $i ~ /:\/\// && $i !~ /security/) uri = $i}
         END {print uri}') || true
  [[ -n $uri ]] || perilune_die "no Debian mirror in apt's configuration"
  mkdir -p "$state/lists/partial"
  sed "s|URI|$uri|" >"$state/sources.list"
  _perilune_apt=(-qq -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$state/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User="$(id -un)")
  apt-get "${_perilune_apt[@]}" update >&2 || perilune_die "cannot read the indices of the Debian mirror"
}

# Source archives. Which ones, third_party/repositories.bzl says (debian_file); Debian 12 and 13 together have them all.
_perilune_fetch_archives() {
  local wanted=() file
  while read -r file; do
    [[ -e $perilune_distdir/$file ]] || wanted+=("$file")
  done < <(sed -n 's/^ *debian_file = "\(.*\)",$/\1/p' "$perilune_root/third_party/repositories.bzl")
  ((${#wanted[@]})) || return 0
  perilune_say "getting library sources: ${wanted[*]}"
  local state package upstream version
  state=$(mktemp -d)
  _perilune_private_apt "$state" <<<"deb-src URI bookworm main
deb-src URI trixie main"
  for file in "${wanted[@]}"; do
    package=${file%%_*}
    upstream=${file#*_}
    upstream=${upstream%.orig.*}
    version=$(apt-cache "${_perilune_apt[@]}" showsrc --only-source "$package" |
      awk -v prefix="$upstream-" '$1 == "Version:" && index($2, prefix) == 1 {version = $2} END {print version}')
    [[ -n $version ]] || perilune_die "no Debian source package holds $file; please put it into $perilune_distdir"
    (cd "$state" && apt-get "${_perilune_apt[@]}" source --download-only --tar-only --only-source "$package=$version" >&2) ||
      perilune_die "cannot download $file"
    mkdir -p "$perilune_distdir"
    mv "$state/$file" "$perilune_distdir/"
  done
  rm -rf "$state"
}

# QEMU. Debian 12's own (7.2) is too old, so the one of its backports is unpacked, and not installed, into the cache.
_perilune_fetch_qemu() {
  [[ $perilune_machine != aarch64 ]] || return 0
  "$perilune_root/tools/run_aarch64.sh" --check 2>/dev/null && return 0
  perilune_say "getting a newer QEMU into $perilune_cache"
  local state
  state=$(mktemp -d)
  _perilune_private_apt "$state" <<<"deb URI bookworm-backports main"
  (cd "$state" && apt-get "${_perilune_apt[@]}" download qemu-user && dpkg -x qemu-user_*.deb unpacked) >&2 ||
    perilune_die "cannot download QEMU"
  mkdir -p "$perilune_cache"
  mv "$state/unpacked/usr/bin/qemu-aarch64" "$perilune_cache/qemu-aarch64"
  rm -rf "$state"
  "$perilune_root/tools/run_aarch64.sh" --check || exit 1
}

# herd7, Arm's memory model as a program, for the litmus tests. Debian 12 has none; that of the testing suite is unpacked, and not
# installed, into the cache, with the C library that it wants. Without it those tests are skipped, so failing is no error.
_perilune_fetch_herd7() {
  "$perilune_root/tools/herd7.sh" --check 2>/dev/null && return 0
  perilune_say "getting herd7 into $perilune_cache"
  local state
  state=$(mktemp -d)
  if (
    _perilune_private_apt "$state" <<<"deb URI forky main" && cd "$state" &&
      apt-get "${_perilune_apt[@]}" download herdtools7 libc6 libgmp10 >&2 &&
      for package in *.deb; do dpkg -x "$package" unpacked || exit 1; done &&
      mkdir -p "$perilune_cache" && rm -rf "$perilune_cache/herd7" && mv unpacked "$perilune_cache/herd7"
  ); then
    "$perilune_root/tools/herd7.sh" --check || perilune_say "the herd7 in $perilune_cache does not run; litmus tests will be skipped"
  else
    perilune_say "cannot get herd7; litmus tests will be skipped"
  fi
  rm -rf "$state"
}

perilune_setup() {
  # The stamp's name changes with everything that set-up depends on.
  local stamp
  stamp=$perilune_cache/setup-$(cat "$perilune_root"/{third_party/repositories.bzl,tools/setup.sh,tools/run_aarch64.sh,tools/herd7.sh} | sha256sum | cut -c1-16)
  [[ -e $stamp ]] && return 0
  local packages
  mapfile -t packages < <(_perilune_packages)
  _perilune_install_packages "${packages[@]}"
  if command -v apt-get >/dev/null; then
    _perilune_fetch_archives
    _perilune_fetch_qemu
    _perilune_fetch_herd7
  elif [[ $perilune_machine != aarch64 ]]; then
    "$perilune_root/tools/run_aarch64.sh" --check || exit 1
  fi
  mkdir -p "$perilune_cache"
  touch "$stamp"
}

# clang-tidy and clang-format are for developers only, so not part of perilune_setup.
perilune_install_tidy() {
  local packages=() package
  for package in clang-tidy-19 clang-format-19; do
    command -v "$package" >/dev/null || packages+=("$package")
  done
  _perilune_install_packages "${packages[@]}"
}

# Runs Bazel, with the arguments given, in the workspace, or in $PERILUNE_WORKSPACE.
perilune_bazel() {
  local bazel=bazel
  command -v bazel >/dev/null || bazel=bazelisk
  (cd "${PERILUNE_WORKSPACE:-$perilune_root}" && exec "$bazel" "$@")
}

# Builds the targets given; Bazel's output is shown only if it fails.
perilune_build_quietly() {
  local log
  log=$(mktemp)
  if ! perilune_bazel build "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}
