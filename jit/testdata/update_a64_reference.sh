#!/usr/bin/env bash
# Rewrites a64_reference.txt: the words that LLVM's assembler gives for each
# line that a64_rows_test prints.
#
#   update_a64_reference.sh PATH_TO_A64_ROWS_TEST [LLVM_MC]
set -euo pipefail
test_binary=$1
llvm_mc=${2:-llvm-mc-19}
out=$(dirname "$0")/a64_reference.txt
cases=$(mktemp)
trap 'rm -f "$cases"' EXIT

PERILUNE_A64_CASES=$cases "$test_binary" \
  --gtest_filter='*AgreesWithReferenceAssembler' >/dev/null
sort -u -o "$cases" "$cases"
words=$("$llvm_mc" -triple=aarch64 -mattr=+rcpc,+bti --show-encoding "$cases" |
  sed -n 's/.*encoding: \[0x\(..\),0x\(..\),0x\(..\),0x\(..\)\].*/\4\3\2\1/p')
[ "$(wc -l <<<"$words")" = "$(wc -l <"$cases")" ] || {
  echo "$llvm_mc did not assemble every line" >&2
  exit 1
}
{
  echo "# Instruction words by $("$llvm_mc" --version | grep -o 'LLVM version.*'); see update_a64_reference.sh."
  paste -d' ' - "$cases" <<<"$words"
} >"$out"
