"""Fills a migrated database with what a fresh installation starts with; safe to repeat."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

# In this order: a workspace needs the live market, listings need a curator, schedules need everything.
SEEDS = (
    "markets.seeding.seed_markets",
    "qlplatform.core.seeding.seed_people",
    "marketplace.seeding.seed_listings",
    "execution.seeding.seed_execution",
)


class Command(BaseCommand):
    help = "Seed market facts, platform roles, demo users, listings and the daily plan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--credentials",
            type=Path,
            metavar="FILE",
            help="write e-mail and password of new demo users here (0600)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        passwords: dict[str, str] = {}
        for name in SEEDS:
            made = import_string(name)()
            passwords |= made if name.endswith("seed_people") else {}
        if options["credentials"]:
            _keep(options["credentials"], passwords)
        else:
            for email, password in passwords.items():
                self.stdout.write(f"{email}  {password}")


def _keep(file: Path, passwords: dict[str, str]) -> None:
    """Add to what the file holds; only its owner may read it, from its first byte on."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if not passwords:
        return
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(known | passwords, out, indent=2)
    fresh.replace(file)
