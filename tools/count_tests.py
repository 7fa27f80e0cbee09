#!/usr/bin/env python3
"""count_tests.py EVENTS: prints `PASSED FAILED SKIPPED` for a `bazel test` whose --build_event_json_file is EVENTS.

Counts test cases where the test wrote them (GoogleTest and script_runner.py do), else tests. A test that failed without a failed
case, such as one that crashed or did not build, counts as one failure.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree


def _count_cases(path):
  """Returns [passed, failed, skipped] of a test.xml, or None if it cannot be read."""
  try:
    root = xml.etree.ElementTree.parse(path).getroot()
  except (OSError, xml.etree.ElementTree.ParseError):
    return None
  counts = [0, 0, 0]
  for case in root.iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
      counts[1] += 1
    elif case.find("skipped") is not None or case.get("result") == "skipped":
      counts[2] += 1
    elif case.get("status") != "notrun":  # GoogleTest's disabled tests
      counts[0] += 1
  return counts


def _count_result(result):
  """Returns [passed, failed, skipped] of one testResult event."""
  passed = result.get("status") in ("PASSED", "FLAKY")
  counts = None
  for output in result.get("testActionOutput", []):
    if output.get("name") == "test.xml":
      counts = _count_cases(urllib.parse.unquote(urllib.parse.urlparse(output["uri"]).path))
  if counts is None:
    counts = [int(passed), 0, 0]
  if not passed and not counts[1]:
    counts[1] = 1
  return counts


def main():
  results = {}  # (label, run, shard) -> counts of its last attempt
  not_built = set()
  with open(sys.argv[1], encoding="utf-8") as events:
    for line in events:
      event = json.loads(line)
      identity = event.get("id", {})
      if "testResult" in event:
        test = identity["testResult"]
        results[test["label"], test.get("run"), test.get("shard")] = _count_result(event["testResult"])
      elif "completed" in event and not event["completed"].get("success"):
        if any(child.get("actionCompleted") for child in event.get("children", [])) or "failureDetail" in event["completed"]:
          not_built.add(identity["targetCompleted"]["label"])
  totals = [sum(column) for column in zip([0, 0, 0], *results.values())]
  tested = {label for label, _, _ in results}
  totals[1] += len(not_built - tested)
  print(*totals)


if __name__ == "__main__":
  main()
