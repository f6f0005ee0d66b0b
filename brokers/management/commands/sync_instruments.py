"""Bring the instruments of the brokers up to date, from their published files or from one on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from brokers.masters.catalogue import master_files, master_files_of
from brokers.masters.files import MasterFile
from brokers.services import master_sync
from markets.services import master_file_import, master_summary
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import QlError
from qlplatform.core.tenancy import Actor

BY = Actor.system("sync_instruments")


class Command(BaseCommand):
    help = (
        "Fetches the instrument masters of the brokers in QL_MASTER_DOWNLOADS and imports those that are new."
        " Exit 2 when one could not be had or used: the master of the day before stays in force."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--broker",
            action="append",
            default=[],
            metavar="NAME",
            help="only this broker (kite) or file (shoonya_nfo); may be given more than once",
        )
        parser.add_argument("--from-file", type=Path, help="import this file instead of fetching one")
        parser.add_argument("--day", help="with --from-file: trading day of the file, YYYY-MM-DD; else today")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["from_file"]:
                self._import(_only(options["broker"]), options["from_file"], _day(options["day"]))
            elif options["day"]:
                raise CommandError("--day goes with --from-file: what is fetched is of today.", returncode=2)
            else:
                self._fetch(options["broker"])
        except QlError as problem:
            raise CommandError(f"{problem.message} [{problem.code}]", returncode=2) from None

    def _import(self, file: MasterFile, path: Path, day: date) -> None:
        master = master_file_import(source_name=file.name, path=path, by=BY, day=day)
        self.stdout.write(f"Imported {master_summary(master)}")

    def _fetch(self, names: list[str]) -> None:
        allowed = master_files_of(settings.QL_MASTER_DOWNLOADS)
        wanted = master_files_of(names) if names else allowed
        if refused := [file.name for file in wanted if file not in allowed]:
            raise CommandError(
                f"QL_MASTER_DOWNLOADS does not list {', '.join(refused)}: nothing is fetched from there.",
                returncode=2,
            )
        if not wanted:
            self.stdout.write("QL_MASTER_DOWNLOADS lists no broker: nothing to fetch.")
        results = [master_sync(file=file, by=BY) for file in wanted]
        for result in results:
            self.stdout.write(f"{result.state}: {result.message}")
        if any(result.state == "failed" for result in results):
            raise CommandError("Not all masters could be brought up to date.", returncode=2)


def _only(names: list[str]) -> MasterFile:
    """The one file a name stands for."""
    name, files = names[0] if len(names) == 1 else "", master_files()
    fitting = [files[name]] if name in files else [file for file in files.values() if file.broker == name]
    if len(fitting) != 1:
        known = ", ".join(file.name for file in fitting or files.values())
        raise CommandError(f"--from-file needs --broker with one of: {known}.", returncode=2)
    return fitting[0]


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else wall().astimezone(IST).date()
    except ValueError:
        raise CommandError(f"--day takes a day like 2026-11-23, not “{text}”.", returncode=2) from None
