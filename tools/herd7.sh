#!/bin/bash
# herd7.sh ARGS: runs herd7, which checks litmus tests against Arm's memory model (herdtools7, 7.58 or newer). herd7.sh --check:
# exits 1, and says why on stderr, if there is none.
#
# Candidates, in order: $PERILUNE_HERD7, the copy that tools/setup.sh puts into the cache, herd7 on the PATH.
set -euo pipefail

home=~
root=${PERILUNE_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/perilune}/herd7
if [[ -n ${PERILUNE_HERD7:-} ]]; then
  command=("$PERILUNE_HERD7")
elif [[ -x $root/usr/bin/herd7 ]]; then
  # With the C library that came with it, for it is newer than the system's.
  loader=$(find "$root" -name 'ld-linux-*.so.*' | head -1)
  libraries=$(find "$root" \( -name libc.so.6 -o -name libgmp.so.10 \) -printf '%h:')
  command=("$loader" --library-path "$libraries" "$root/usr/bin/herd7" -set-libdir "$root/usr/share/herdtools7/herd")
elif command -v herd7 >/dev/null; then
  command=(herd7)
else
  echo "herd7.sh: no herd7; 'tools/test' gets one on Debian, elsewhere install herdtools7 or set PERILUNE_HERD7" >&2
  exit 1
fi
if [[ ${1:-} == --check ]]; then
  "${command[@]}" -version >/dev/null
else
  exec "${command[@]}" "$@"
fi
