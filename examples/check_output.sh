#!/bin/bash
# check_output.sh PROGRAM EXPECTED: PROGRAM must end with status 0 and print what the file EXPECTED holds.
set -euo pipefail
output=$(tools/run_aarch64.sh "$1")
diff "$2" <(printf '%s\n' "$output")
