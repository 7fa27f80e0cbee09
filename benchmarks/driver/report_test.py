#!/usr/bin/env python3
"""Tests of report.py."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import report  # pylint: disable=wrong-import-position


class TableTest(unittest.TestCase):

  def test_columns_are_as_wide_as_their_widest_cell(self):
    table = report.Table(["program", "a"])
    table.add(["x", 1234])
    self.assertEqual(table.text(), "| program |    a |\n|---------|-----:|\n| x       | 1234 |\n")
    self.assertEqual(len(table), 1)

  def test_refuses_rows_of_another_length(self):
    with self.assertRaises(ValueError):
      report.Table(["a", "b"]).add(["only one"])


class NumbersTest(unittest.TestCase):

  def test_geometric_mean(self):
    self.assertAlmostEqual(report.geometric_mean([1, 4]), 2)
    self.assertAlmostEqual(report.geometric_mean(iter([0.5, 2, 8])), 2)
    self.assertIsNone(report.geometric_mean([]))

  def test_significant(self):
    self.assertEqual([report.significant(x) for x in (0, 1234.5, 123.4, 12.34, 1, 0.01234)], ["0", "1234", "123", "12.3", "1.00", "0.0123"])

  def test_duration(self):
    self.assertEqual([report.duration(x) for x in (2, 0.0123, 45.6e-6, 7.89e-9)], ["2.00 s", "12.3 ms", "45.6 µs", "7.89 ns"])

  def test_other_units(self):
    self.assertEqual(report.count(1234567.4), "1,234,567")
    self.assertEqual(report.megabytes(3 * 2**20), "3.0 MiB")
    self.assertEqual([report.microseconds(0), report.microseconds(12345)], ["0", "12.3"])

  def test_ratio(self):
    self.assertEqual([report.ratio(1, 4), report.ratio(None, 4), report.ratio(1, None)], ["0.25", "-", "-"])


class RatioTableTest(unittest.TestCase):

  def test_ratios_to_the_first_engine_and_their_means(self):
    figures = {"p": {"lua": 100, "a": 50, "b": None}, "q": {"lua": 1000, "a": 2000, "b": 250}, "r": {"lua": None, "a": 5, "b": 5}}
    text = report.ratio_table("instructions", figures, ["lua", "a", "b"], report.count).text()
    self.assertEqual([[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines()], [
        ["program", "lua, instructions", "a", "b"],
        ["---------------------------", "------------------:", "---------:", "---------:"],
        ["p", "100", "0.50", "-"],
        ["q", "1,000", "2.00", "0.25"],
        ["r", "-", "-", "-"],
        ["**geometric mean**", "", "**1.00**", "**0.25**"],
        ["**of the 1 that all run**", "", "**2.00**", "**0.25**"],
    ])


def _entry(name, **rest):
  return {"name": name, "run_name": name, "iterations": 1, "real_time": 2.0, "cpu_time": 1.0, "time_unit": "us", **rest}


class BenchmarkTablesTest(unittest.TestCase):

  def _rows(self, entries):
    return [(family, [[cell.strip() for cell in line.strip("|\n").split("|")]
                      for i, line in enumerate(table.text().splitlines()) if i != 1])
            for family, table in report.benchmark_tables(entries)]

  def test_families_and_times(self):
    self.assertEqual(self._rows([_entry("A/x"), _entry("B"), _entry("A/y/real_time")]), [
        ("A", [["A", "time"], ["x", "1.00 µs"], ["y", "2.00 µs"]]),
        ("B", [["B", "time"], ["B", "1.00 µs"]]),
    ])

  def test_counters_of_time_replace_the_time_and_come_in_order(self):
    self.assertEqual(
        self._rows([
            _entry("T/a/manual_time", **{"in all ns": 5000.0, "queue ns": 1500.0, "bytecodes": 12.0, "other": 2.5}),
            _entry("T/b/manual_time", **{"in all ns": 6000.0, "time/x": 2e-6})
        ]), [("T", [["T", "bytecodes", "queue, µs", "in all, µs", "other", "time/x"], ["a", "12", "1.50", "5.00", "2.50", "-"],
                    ["b", "-", "-", "6.00", "-", "2.00 µs"]])])

  def test_skipped_ones_are_left_out(self):
    self.assertEqual(self._rows([_entry("A/x", error_occurred=True, error_message="needs AArch64")]), [])


if __name__ == "__main__":
  unittest.main()
