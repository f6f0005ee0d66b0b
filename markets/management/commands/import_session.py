"""Make a session set of one's own from captured files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets.session_import import session_import
from qlplatform.core.errors import QlError


class Command(BaseCommand):
    help = "Imports chain snapshots, option bars or index ticks into a session set that can be replayed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="Parquet, CSV or a zip of them"
        )
        parser.add_argument("--underlying", required=True, help="NIFTY, BANKNIFTY, …")
        parser.add_argument("--name", required=True, help="of the set: a-z, 0-9, “_”, “-”, “.”")
        parser.add_argument(
            "--date", type=date.fromisoformat, help="only this day; that of pages without one"
        )
        parser.add_argument("--expiry", type=date.fromisoformat, help="of pages whose name tells none")
        parser.add_argument("--lot", type=int, help="units in a lot, where no dated fact is known")
        parser.add_argument("--replace", action="store_true", help="replace a set of that name")
        parser.add_argument("--json", action="store_true", help="print the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = session_import(
                paths=options["files"],
                underlying=options["underlying"],
                name=options["name"],
                day=options["date"],
                expiry=options["expiry"],
                lot=options["lot"],
                replace=options["replace"],
                tell=self.stderr.write,
            )
        except QlError as refused:
            raise CommandError(f"{refused.code}: {refused.message}", returncode=2) from refused
        self.stdout.write(json.dumps(manifest, indent=1) if options["json"] else _told(manifest))


def _told(manifest: dict[str, Any]) -> str:
    days = manifest["days"]
    lines = [
        f"{manifest['name']}: {manifest['underlying']}, {manifest['kind']}, {len(days)} days "
        f"from {days[0]} to {days[-1]}, {manifest['events']} events, {manifest['option_rows']} option rows",
        f"index: {manifest['spot']}",
    ]
    lines += [f"{family}: {told['found']} in the file" for family, told in manifest["units"].items()]
    lines += [f"left out: {count} {reason}" for reason, count in manifest["dropped"].items()]
    lines += [f"taken out of rows: {count} {reason}" for reason, count in manifest["cleared"].items()]
    return "\n".join([*lines, *manifest["notes"]])
