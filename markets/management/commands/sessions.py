"""List the recorded sessions that can be replayed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from markets.sessions import bundled_sources


class Command(BaseCommand):
    help = "Lists the bundled session sets and their days."

    def handle(self, *args: Any, **options: Any) -> None:
        for source in bundled_sources().values():
            self.stdout.write(f"{source.name} ({source.underlying}, {len(source.days)} days)")
            for day in source.days:
                self.stdout.write(f"  {day:%Y-%m-%d %a}")
