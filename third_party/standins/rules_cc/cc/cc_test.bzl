"""The native rule `cc_test` under the name that @rules_cc gives it."""

cc_test = native.cc_test
