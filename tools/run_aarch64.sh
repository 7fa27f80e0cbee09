#!/bin/bash
# run_aarch64.sh PROGRAM [ARGS]: runs an AArch64 program, directly on an AArch64 machine and with QEMU's user mode elsewhere. A
# PROGRAM for this machine (such as a script) runs directly, so that Bazel's --run_under can have this for every test.
# run_aarch64.sh --check: says on stderr what is wrong if AArch64 programs cannot be run, and exits 1.
# run_aarch64.sh --which: prints the path of the QEMU that it runs programs with; nothing on an AArch64 machine.
#
# QEMU must be 8.1 or newer: older ones do not see that code was written through another mapping of its page, as a JIT with
# write-xor-execute does, and go on running what was there before. Candidates, in order: $PERILUNE_QEMU, the copy that
# tools/setup.sh puts into the cache, qemu-aarch64 and qemu-aarch64-static on the PATH.
set -euo pipefail

# Succeeds if $1 is a QEMU of version 8.1 or newer.
new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | sed -n '1s/.*version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p') || return 1
  [[ -n $version ]] || return 1
  ((${version% *} > 8 || (${version% *} == 8 && ${version#* } >= 1)))
}

# Prints the path of a QEMU that will do.
find_qemu() {
  local home=~ cache candidate too_old=''
  cache=${PERILUNE_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/perilune}
  if [[ -n ${PERILUNE_QEMU:-} ]]; then
    echo "$PERILUNE_QEMU"
    return
  fi
  # The cache's copy was checked when it was put there.
  if [[ -x $cache/qemu-aarch64 ]]; then
    echo "$cache/qemu-aarch64"
    return
  fi
  for candidate in qemu-aarch64 qemu-aarch64-static; do
    candidate=$(command -v "$candidate") || continue
    if new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
    too_old="$candidate ($("$candidate" --version | head -1))"
  done
  if [[ -n $too_old ]]; then
    echo "run_aarch64.sh: $too_old is too old to run a JIT; QEMU 8.1 or newer is needed." >&2
  else
    echo "run_aarch64.sh: this machine is not AArch64 and has no qemu-aarch64." >&2
  fi
  echo "run_aarch64.sh: 'tools/test' or 'tools/run' gets one on Debian; elsewhere set PERILUNE_QEMU to its path." >&2
  return 1
}

if [[ $(uname -m) == aarch64 ]]; then
  [[ ${1:-} == --check || ${1:-} == --which ]] || exec "$@"
  exit 0
fi
if [[ ${1:-} == --check ]]; then
  qemu=$(find_qemu)
  new_enough "$qemu" || { echo "run_aarch64.sh: $qemu is not QEMU 8.1 or newer" >&2 && exit 1; }
  exit 0
fi
if [[ ${1:-} == --which ]]; then
  find_qemu
  exit
fi

# An ELF header has the machine in bytes 18 and 19: 183 is AArch64.
program=$(command -v -- "$1") || { echo "run_aarch64.sh: no program $1" >&2 && exit 127; }
machine=$(od -An -tu1 -j18 -N2 -- "$program" | tr -s ' ')
magic=$(od -An -c -N4 -- "$program" | tr -d ' ')
if [[ $magic == 177ELF && $machine == " 183 0" ]]; then
  qemu=$(find_qemu)
  exec "$qemu" "$@"
fi
exec "$@"
