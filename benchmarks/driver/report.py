"""Tables of figures as text that is Markdown as well, and the arithmetic in them."""

import math


class Table:
  """Rows of text under a header; the first column is left-aligned, the others right-aligned."""

  def __init__(self, header):
    self._rows = [[str(cell) for cell in header]]

  def add(self, cells):
    if len(cells) != len(self._rows[0]):
      raise ValueError(f"{len(cells)} cells in a table of {len(self._rows[0])} columns")
    self._rows.append([str(cell) for cell in cells])

  def __len__(self):
    return len(self._rows) - 1

  def text(self):
    widths = [max(3, *(len(row[i]) for row in self._rows)) for i in range(len(self._rows[0]))]

    def line(row):
      cells = [cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
      return "| " + " | ".join(cells) + " |\n"

    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|\n"
    return line(self._rows[0]) + rule + "".join(line(row) for row in self._rows[1:])


def geometric_mean(values):
  """Of positive numbers; None of none."""
  values = list(values)
  return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def significant(value, digits=3):
  """A positive number with so many significant digits, but no exponent: 1234, 12.3, 0.0123."""
  if value == 0:
    return "0"
  decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
  return f"{value:.{decimals}f}"


def duration(seconds):
  for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
    if seconds * factor >= 1:
      return f"{significant(seconds * factor)} {unit}"
  return f"{significant(seconds * 1e9)} ns"


def microseconds(nanoseconds):
  return significant(nanoseconds / 1000) if nanoseconds >= 1 else "0"


def count(number):
  return f"{round(number):,}"


def megabytes(size):
  return f"{size / 2**20:.1f} MiB"


def ratio(value, reference):
  """As text; "-" where one of the two is missing."""
  return f"{value / reference:.2f}" if value and reference else "-"


def ratio_table(name, figures, engines, shown):
  """Compares engines with the first of them.

  Args:
    name: of the first column's figures, such as "instructions".
    figures: program -> engine -> positive number, or None where the engine cannot run the program.
    engines: in the order of the columns; the first one's figures are given as they are, the others' as ratios to them.
    shown: makes text of a figure.

  Returns:
    A Table that ends with the geometric means, over the programs that both engines run; where some run fewer than others, also over those that all run.
  """
  reference, others = engines[0], engines[1:]
  table = Table(["program", f"{reference}, {name}"] + list(others))
  for program, row in figures.items():
    base = row.get(reference)
    table.add([program, shown(base) if base else "-"] + [ratio(row.get(engine), base) for engine in others])

  def add_means(title, rows):
    means = [geometric_mean(row[engine] / row[reference] for row in rows if row.get(engine) and row.get(reference)) for engine in others]
    table.add([f"**{title}**", ""] + [f"**{mean:.2f}**" if mean else "-" for mean in means])

  add_means("geometric mean", figures.values())
  common = [row for row in figures.values() if all(row.get(engine) for engine in engines)]
  if 0 < len(common) < len(figures):
    add_means(f"of the {len(common)} that all run", common)
  return table


# ---- Results of Google Benchmark's programs.

# The order of columns; others follow them.
_COUNTERS = ["bytecodes", "instructions", "words", "functions", "queue ns", "compile ns", "batch ns", "copy ns", "maintain ns", "sync ns", "install ns", "first use ns", "in all ns"]
# What is no counter in an entry.
_FIELDS = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index", "threads", "iterations", "real_time",
    "cpu_time", "time_unit", "label", "error_occurred", "error_message"
}
_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def _is_time(counter):
  return counter.endswith(" ns") or counter.startswith("time/")


def _counter_text(counter, value):
  if counter.endswith(" ns"):
    return microseconds(value)
  if counter.startswith("time/"):
    return duration(value)
  return count(value) if float(value).is_integer() else significant(value)


def benchmark_tables(entries):
  """Tables of a program's results, by family: (family, Table). A counter `X ns` becomes a column of microseconds.

  Args:
    entries: the list "benchmarks" of Google Benchmark's JSON; those that were skipped are left out.
  """
  families = {}
  for entry in entries:
    if not entry.get("error_occurred"):
      families.setdefault(entry["name"].split("/")[0], []).append(entry)
  for family, members in families.items():
    counters = {name for entry in members for name in entry if name not in _FIELDS}
    ordered = sorted(counters, key=lambda name: (_COUNTERS.index(name) if name in _COUNTERS else len(_COUNTERS), name))
    timed = not any(map(_is_time, ordered))
    table = Table([family] + ["time"] * timed + [name[:-3] + ", µs" if name.endswith(" ns") else name for name in ordered])
    for entry in members:
      parts = entry["name"].split("/")[1:]
      manual = [part for part in parts if part in ("manual_time", "real_time")]
      seconds = entry["real_time" if manual else "cpu_time"] * _UNITS[entry["time_unit"]]
      name = "/".join(part for part in parts if part not in manual) or family
      table.add([name] + [duration(seconds)] * timed + [_counter_text(c, entry[c]) if c in entry else "-" for c in ordered])
    yield family, table
