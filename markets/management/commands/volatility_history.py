"""Take over the volatility of recorded days."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from markets.services import volatility_of_session
from markets.sessions import SessionDataError, SessionSource, session_sources


class Command(BaseCommand):
    help = "Keeps the at-the-money volatility at the end of every recorded day: the history of IV rank."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-sessions",
            nargs="*",
            metavar="SET",
            required=True,
            help="session sets by name; without a name all of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = session_sources()
        asked = options["from_sessions"] or list(known)
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise CommandError(f"There is no session set “{unknown[0]}”; there are: {', '.join(known)}.")
        for name in asked:
            self.stdout.write(f"{name}: {self._take(known[name])} of {len(known[name].days)} days kept")

    def _take(self, source: SessionSource) -> int:
        """How many days of a set had a volatility; a day that cannot be read is told and left out."""
        kept = 0
        for day in source.days:
            try:
                kept += bool(volatility_of_session(session=source.load(day), source=source.name))
            except SessionDataError as error:
                self.stderr.write(f"{source.name} {day}: {error.message}")
        return kept
