"""Prints a one-time sign-in link."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qlplatform.core.errors import UserError
from qlplatform.core.services import signin_link_create


class Command(BaseCommand):
    help = "Print the path of a sign-in link for a user; it is valid for 15 minutes and works once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(signin_link_create(email=options["user"]))
        except UserError as error:
            raise CommandError(error.message) from None
