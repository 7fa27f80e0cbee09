# What only tools/bench needs; source it after setup.sh. Everything is unpacked into the cache, and nothing installed.
#
#   perilune_bench_peers     prints a folder with Debian 12's arm64 lua5.4, luajit and their libraries
#   perilune_bench_counter   prints the command that counts a program's instructions, a word a line, up to the plugin's argument `to=`
# Each says on stderr what is missing, and fails, where it cannot be had.
#
# Variable: PERILUNE_COUNTING_QEMU, a qemu-aarch64 that loads plugins (see instruction_count.c).

# _perilune_unpack FOLDER ARCHITECTURE PACKAGE...: unpacks packages of Debian 12 and all that they depend on into FOLDER.
_perilune_unpack() (
  set -euo pipefail
  local folder=$1 architecture=$2 state
  shift 2
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || perilune_die "$* can be had on Debian only"
  state=$(mktemp -d)
  trap 'rm -rf "$state"' EXIT
  perilune_say "getting $* ($architecture)"
  _perilune_private_apt "$state" <<<"deb [arch=$architecture] URI bookworm main"
  # A machine of that architecture on which nothing is installed.
  mkdir -p "$state/archives/partial"
  touch "$state/status"
  apt-get "${_perilune_apt[@]}" -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o Dir::State::status="$state/status" \
    -o Dir::State::extended_states="$state/extended" -o Dir::Cache::archives="$state/archives" -o Debug::NoLocking=1 \
    install --yes --download-only --no-install-recommends "$@" >&2
  local package
  for package in "$state"/archives/*.deb; do dpkg-deb --extract "$package" "$state/unpacked"; done
  mkdir -p "$(dirname "$folder")"
  mv "$state/unpacked" "$folder"
)

perilune_bench_peers() {
  local folder=$perilune_cache/peers-bookworm-arm64
  [[ -d $folder ]] || _perilune_unpack "$folder" arm64 lua5.4 luajit || return 1
  echo "$folder"
}

# Succeeds if the command given, followed by a plugin's option, counts the instructions of program $1.
_perilune_counts() {
  local program=$1 plugin=$2 file
  shift 2
  file=$(mktemp)
  "$@" -plugin "$plugin,to=$file" "$program" -e '' >/dev/null 2>&1 || true
  local count
  count=$(cat "$file")
  rm -f "$file"
  [[ $count =~ ^[1-9][0-9]*$ ]]
}

# $1: an AArch64 program to try it with.
perilune_bench_counter() {
  local program=$1 plugin=$perilune_cache/instruction_count.so compiler candidate
  compiler=$(command -v cc || command -v gcc || command -v clang-19) || { perilune_say "no C compiler for the counting plugin" && return 1; }
  mkdir -p "$perilune_cache"
  "$compiler" -O2 -shared -fPIC -o "$plugin" "$perilune_root/tools/instruction_count.c" || return 1
  for candidate in ${PERILUNE_COUNTING_QEMU:-qemu-aarch64}; do
    command -v "$candidate" >/dev/null && _perilune_counts "$program" "$plugin" "$candidate" && {
      printf '%s\n' "$candidate" -plugin "$plugin"
      return
    }
  done
  [[ $perilune_machine == x86_64 ]] || { perilune_say "no qemu-aarch64 here that loads plugins" && return 1; }
  # Debian 12's QEMU with libraries and loader of its own, so that it runs on any distribution.
  local root=$perilune_cache/qemu-bookworm-amd64
  [[ -d $root ]] || _perilune_unpack "$root" amd64 qemu-user || return 1
  local private=("$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu"
    "$root/usr/bin/qemu-aarch64")
  _perilune_counts "$program" "$plugin" "${private[@]}" || { perilune_say "QEMU 7.2 does not count instructions here" && return 1; }
  printf '%s\n' "${private[@]}" -plugin "$plugin"
}
