"""List the recorded sessions that can be replayed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from markets.sessions import session_sources


class Command(BaseCommand):
    help = "Lists the session sets, bundled, imported and recorded, and their days."

    def handle(self, *args: Any, **options: Any) -> None:
        for source in session_sources().values():
            about = f"{source.underlying}, {source.origin}, {len(source.days)} days"
            self.stdout.write(f"{source.name} ({about})")
            for day in source.days:
                self.stdout.write(f"  {day:%Y-%m-%d %a}")
