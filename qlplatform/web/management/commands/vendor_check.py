"""`manage.py vendor_check`: are the vendored files the ones named in their manifest?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qlplatform.web.vendoring import read_manifest, vendor_findings


class Command(BaseCommand):
    help = "Recompute the hashes of static/vendor and compare them with MANIFEST.toml."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "vendor"
        findings = vendor_findings(folder)
        if findings:
            raise CommandError("\n".join(findings))
        self.stdout.write(f"{len(read_manifest(folder))} vendored files are as listed.")
