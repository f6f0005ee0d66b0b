"""Import the instrument master of an exchange or a broker from a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets.master.exchanges import FIGURES
from markets.master.opening import file_sha256
from markets.master.sources import sources
from markets.models import MasterImport
from markets.selectors import master_done
from markets.services import figures_day, figures_import, master_day, master_file_import, master_summary
from qlplatform.core.errors import QlError
from qlplatform.core.tenancy import Actor

IMPORTS = {False: (master_day, master_file_import), True: (figures_day, figures_import)}
SHOWN = 10  # examples of each kind of change


class Command(BaseCommand):
    help = (
        "Brings an instrument master into the platform: whole or, if it is not what it should be, not at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        known = ", ".join(sorted([*sources(), *FIGURES]))
        parser.add_argument("source", help=f"whose file it is: {known}")
        parser.add_argument("file", type=Path, help="plain, .gz, .zst or a .zip with one file in it")
        parser.add_argument(
            "--day", help="trading day of the file, YYYY-MM-DD, where the file does not tell it"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what the file would change, and leave it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options["source"], options["file"], _day(options["day"]), options["dry_run"])
        except QlError as problem:
            raise CommandError(f"{problem.message} [{problem.code}]", returncode=2) from None

    def _import(self, name: str, path: Path, day: date | None, dry_run: bool) -> None:
        find_day, take = IMPORTS[name in FIGURES]
        on = find_day(source_name=name, path=path, day=day)
        known = master_done(name, on, file_sha256(path))
        if known is not None:
            self.stdout.write(f"Already imported, nothing to do. {master_summary(known)}")
            return
        master = take(source_name=name, path=path, day=on, by=Actor.system("import_master"), dry_run=dry_run)
        self.stdout.write(("Would import " if dry_run else "Imported ") + master_summary(master))
        self._tell(master)

    def _tell(self, master: MasterImport) -> None:
        for heading in ("skipped", "quarantined"):
            for reason, count in master.counts.get(heading, {}).items():
                self.stdout.write(f"  {heading}: {count} × {reason}")
        for kind, changes in master.diff.items():
            self.stdout.write(f"  {kind}: {master.counts[kind]}")
            for change in changes[:SHOWN]:
                self.stdout.write(f"    {change['instrument']}: {change['before']} → {change['after']}")
        if master.message:
            self.stderr.write(self.style.WARNING(master.message))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"--day takes a day like 2026-11-23, not “{text}”.", returncode=2) from None
