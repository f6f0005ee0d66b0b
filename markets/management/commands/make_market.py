"""Make a synthetic session set from a seed, by the facts that ship with the project: it needs no database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets.selectors import facts_from_files
from markets.sessions import own_folder
from markets.synthetic import SyntheticPlan, generate
from qlplatform.core.errors import QlError

PLAN = SyntheticPlan()


class Command(BaseCommand):
    help = "Makes a synthetic market: options of several expiries, futures, index and VIX by the minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="DIR", help="default: a set of your own")
        parser.add_argument("--seed", type=int, default=PLAN.seed, help="the same seed makes the same market")
        parser.add_argument("--underlying", default=PLAN.underlying)
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=PLAN.first_day)
        parser.add_argument("--sessions", type=int, default=PLAN.sessions, help="trading days")
        parser.add_argument("--strikes", type=int, default=PLAN.strikes, help="of each expiry, at least")
        parser.add_argument("--months", type=int, default=PLAN.months, help="monthly expiries quoted, 0 to 3")
        parser.add_argument("--json", action="store_true", help="print the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = SyntheticPlan(
            seed=options["seed"],
            underlying=options["underlying"].upper(),
            first_day=options["first"],
            sessions=options["sessions"],
            strikes=options["strikes"],
            months=options["months"],
        )
        folder = options["out"] or own_folder() / f"synthetic_{plan.underlying.lower()}_{plan.seed}"
        try:
            with facts_from_files():
                manifest = generate(plan, folder)
        except QlError as refused:
            raise CommandError(f"{refused.code}: {refused.message}", returncode=2) from refused
        self.stdout.write(
            json.dumps(manifest, indent=1, default=str) if options["json"] else _told(manifest, folder)
        )


def _told(manifest: dict[str, Any], folder: Path) -> str:
    days, lots = manifest["days"], ", ".join(manifest["lots"])
    return (
        f"{folder}: synthetic {manifest['underlying']}, {len(days)} days from {days[0]} to {days[-1]}, "
        f"{manifest['option_rows']} rows, expiries {lots}"
    )
