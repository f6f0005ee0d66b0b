"""Role `engine`: watches open runs on every price event, decides, commits intents."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from execution.engine_role import EngineRole
from qlplatform.core.loop import RoleLoop


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # noqa: RUF012 - checked once at start-up, not by every role
    help = "Decide for the open runs of some shards until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shards", default="0-63", help="first-last, default 0-63 (all)")

    def handle(self, *args: Any, **options: Any) -> None:
        RoleLoop("engine", EngineRole(_shards(options["shards"])).step).run()


def _shards(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        shards = range(int(first), int(last or first) + 1)
    except ValueError:
        raise CommandError(
            f"--shards takes first-last between 0 and 63, for example 0-31; not “{text}”."
        ) from None
    if not shards or shards[0] < 0 or shards[-1] > 63:
        raise CommandError(f"--shards takes first-last between 0 and 63, for example 0-31; not “{text}”.")
    return shards
