"""The browser writes figures and times exactly as the server does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "data" / "formats.json").read_text(encoding="utf-8"))
ROWS = [[name, value, text] for name, rows in CASES.items() for value, text in rows]

WRONG = """async (rows) => {
  const formats = await import("/static/js/format.js");
  return rows.filter(([name, value, text]) => formats[name](value) !== text)
    .map(([name, value, text]) => [name, value, text, formats[name](value)]);
}"""
SHOWN = """async (rows) => {
  const { show } = await import("/static/js/format.js");
  return rows.map(([format, value]) => show(format, value));
}"""


def test_the_shared_table_of_cases(visit: Any) -> None:
    assert visit().open("/about/").evaluate(WRONG, ROWS) == []


def test_live_values_as_they_come_from_the_channel(visit: Any) -> None:
    values = [
        ["pnl", "-941.20"], ["price", "49.7"], ["money", "142350.00"], ["quantity", -50],
        ["percent", "-0.42"],
        ["ist_time", "2022-06-08T05:12:00Z"], ["", "Exit 15:15"], ["pnl", None], ["pnl", "soon"],
    ]  # fmt: skip
    assert visit().open("/about/").evaluate(SHOWN, values) == [
        "−₹941", "49.70", "₹1,42,350.00", "−50", "−0.42 %", "10:42:00", "Exit 15:15", "–", "soon",
    ]  # fmt: skip
