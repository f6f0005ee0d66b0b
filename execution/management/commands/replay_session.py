"""Replay one recorded session with one strategy and print what it came to."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from execution.replay.report import document
from execution.replay.tool import run_session
from markets.sessions import load_session
from qlplatform.core.errors import QlError
from qlplatform.core.money import to_paise
from qlplatform.launcher.scratch import scratch_for_command
from strategies.spec import SpecInvalid, parse_spec_text, spec_to_json


class Command(BaseCommand):
    help = "Trade one spec through one recorded session on paper, as fast as it can, and print the result."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own attribute

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--options", type=Path, required=True, help="Parquet: ts, expiry, strike, right, close"
        )
        parser.add_argument("--index", type=Path, required=True, help="Parquet: ts, spot (or nifty)")
        parser.add_argument("--date", required=True, help="trading day, YYYY-MM-DD")
        parser.add_argument("--spec", type=Path, required=True, help="strategy spec, JSON")
        parser.add_argument(
            "--slippage-points", default="0", help="rupees each fill is worse than the price (default 0)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON (the default is a short table)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = _replay(options)
        except SpecInvalid as bad:
            raise CommandError(_findings(bad), returncode=2) from None
        except QlError as bad:
            raise CommandError(f"{bad.message} [{bad.code}]", returncode=2) from None
        self.stdout.write(json.dumps(result, indent=2) if options["json"] else _table(result))


def _replay(options: dict[str, Any]) -> dict[str, Any]:
    day = _day(options["date"])
    slippage = _slippage(options["slippage_points"])
    spec = parse_spec_text(_text(options["spec"]))
    with scratch_for_command():
        session = load_session(
            options=options["options"], index=options["index"], day=day, underlying=spec.underlying
        )
        played = run_session(session=session, spec=spec_to_json(spec), slippage_paise=slippage)
        for warning in session.warning_texts():
            sys.stderr.write(f"note: {warning}\n")
        return document(session, played)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--date takes YYYY-MM-DD, not “{text}”.", returncode=2) from None


def _slippage(text: str) -> int:
    try:
        points = Decimal(text)
    except InvalidOperation:
        raise CommandError(
            f"--slippage-points takes rupees such as 0.5, not “{text}”.", returncode=2
        ) from None
    if not 0 <= points <= 1000:
        raise CommandError("--slippage-points must lie between 0 and 1000 rupees.", returncode=2)
    return to_paise(points)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise CommandError(f"The spec {path} cannot be read: {bad}.", returncode=2) from None


def _findings(bad: SpecInvalid) -> str:
    lines = [f"  {error.pointer or '/'}: {error.message} [{error.code}]" for error in bad.errors]
    return "The spec is not valid:\n" + "\n".join(lines)


def _table(result: dict[str, Any]) -> str:
    rows = [
        f"{t['leg']:<5} {t['side']:<4} {t['qty']:>5} {t['strike']:>7} {t['right']} "
        f"{t['entry_ts'][11:16]} {t['entry_price']:>9} "
        f"{t['exit_ts'][11:16]} {t['exit_price']:>9} {t['exit_reason']:<20} {t['gross_pnl']:>11}"
        for t in result["trades"]
    ]
    total = f"gross {result['gross_pnl']}  charges {result['charges']}  net {result['net_pnl']}"
    return "\n".join([result["date"], *rows, total])
