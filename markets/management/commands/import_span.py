"""`manage.py import_span FILE`: margins of that day become exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets import risk_store
from markets.spn_files import read_spn
from qlplatform.core.errors import UserError


class Command(BaseCommand):
    """Read a clearing corporation's risk file (.spn or .zip) and keep its figures for its day."""

    help = "Import a risk parameter file (.spn, plain or zipped), so that margins of its day are exact."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--symbols", nargs="*", help="underlyings to keep; left out: all")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        symbols = {symbol.upper() for symbol in options["symbols"] or ()}
        try:
            file = read_spn(path, symbols or None)
        except (UserError, OSError) as error:
            raise CommandError(str(error)) from error
        missing = symbols - file.underlyings.keys()
        if missing:
            raise CommandError(f"{path.name} has no contracts of {', '.join(sorted(missing))}.")
        risk_store.store(file)
        count = sum(len(found.contracts) for found in file.underlyings.values())
        self.stdout.write(
            f"{file.day:%d %b %Y}: {count} contracts of {len(file.underlyings)} underlyings. "
            "Margins of that day are exact."
        )
