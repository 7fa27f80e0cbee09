#!/bin/bash
# What the program prints.
set -euo pipefail
diff <(./app greet.lua) - <<END
hello, world (1)
hello, world (2)
hello, world (3)
greeted 3 times
END
