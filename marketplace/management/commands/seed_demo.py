"""Gives the demo trader something to watch: every published listing on paper, in a replay."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.seeding import seed_demo


class Command(BaseCommand):
    help = "Put the published listings to work on paper for the demo trader, once."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seed_demo()} strategies put to work.")
