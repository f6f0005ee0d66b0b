#!/usr/bin/env python
"""Django's command line."""

from __future__ import annotations

import os
import sys

# Commands that need neither admin nor API: named as roles of their own, they start in half the time.
WITHOUT_PAGES = ("make_market", "replay_session", "seed", "seed_demo", "signin_link", "grant_roles")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
    if len(sys.argv) > 1 and sys.argv[1] in WITHOUT_PAGES:
        os.environ.setdefault("QL_ROLE", sys.argv[1])
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the settings are named first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
