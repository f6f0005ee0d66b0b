"""Load the market facts that ship with the project."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from markets.seeding import seed_markets


class Command(BaseCommand):
    help = "Loads the market facts of data/market; rows already there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, added in seed_markets().items():
            self.stdout.write(f"{name}: {added} new rows")
