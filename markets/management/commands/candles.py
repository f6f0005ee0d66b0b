"""The candle store: what lacks, and filling it from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets.candle_backfill import Filled, candles_backfill
from markets.domain.bars import INTERVALS, Interval
from markets.selectors.candles import DayGaps, candle_gaps
from qlplatform.core.clock import IST
from qlplatform.core.errors import QlError


class Command(BaseCommand):
    help = "Shows which candles lack (gaps) or fills the store from files of bars (backfill)."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        gaps = tasks.add_parser("gaps", help="trading days whose candles lack or have holes")
        gaps.add_argument("--underlying", required=True)
        gaps.add_argument("--from", dest="start", type=date.fromisoformat, required=True)
        gaps.add_argument("--to", dest="end", type=date.fromisoformat, required=True)
        gaps.add_argument("--interval", type=_interval, default=1)
        fill = tasks.add_parser("backfill", help="put the bars of files into the store")
        fill.add_argument("files", nargs="+", type=Path, metavar="FILE")
        fill.add_argument("--underlying", required=True)
        fill.add_argument("--interval", type=_interval, help="1, 3, 5, 15, 30, 60 or day; left out: as found")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["task"] == "gaps":
                found = candle_gaps(
                    options["underlying"].upper(), options["start"], options["end"], options["interval"]
                )
                self.stdout.write("\n".join(map(_gap_line, found)) or "Nothing lacks.")
            else:
                for path in options["files"]:
                    for filled in candles_backfill(path, options["underlying"], options["interval"]):
                        self.stdout.write(_filled_line(filled))
        except QlError as refused:
            raise CommandError(f"{refused.code}: {refused.message}", returncode=2) from refused


def _interval(text: str) -> Interval:
    value: Interval = "day" if text == "day" else int(text)
    if value not in INTERVALS:
        raise ValueError
    return value


def _gap_line(gaps: DayGaps) -> str:
    if not gaps.bars:
        return f"{gaps.day:%Y-%m-%d %a}  no index candles, {gaps.contracts} contracts"
    stretches = ", ".join(
        f"{each.start.astimezone(IST):%H:%M}-{each.end.astimezone(IST):%H:%M}" for each in gaps.missing
    )
    return (
        f"{gaps.day:%Y-%m-%d %a}  {gaps.bars} of {gaps.expected}, lacks {stretches}; "
        f"{gaps.complete_contracts} of {gaps.contracts} contracts complete"
    )


def _filled_line(filled: Filled) -> str:
    left_out = ", ".join(f"{count} {reason}" for reason, count in sorted(filled.dropped.items()))
    length = filled.interval if filled.interval == "day" else f"{filled.interval} min"
    return (
        f"{filled.file}: bars of {length}, {filled.days} days, {filled.written.added} new, "
        f"{filled.written.replaced} already there; left out: {left_out or 'none'}; "
        f"put in order: {filled.unsorted}; widened: {filled.widened}"
    )
