"""The vendored files are the ones that were checked in."""

from __future__ import annotations

import shutil
from pathlib import Path

from qlplatform.web.vendoring import read_manifest, vendor_findings

VENDOR = Path(__file__).parents[3] / "static" / "vendor"


def test_every_vendored_file_matches_its_hash() -> None:
    assert vendor_findings(VENDOR) == []


def test_a_changed_a_missing_and_an_unlisted_file_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "vendor"
    shutil.copytree(VENDOR, folder)
    htmx, charts, *_ = read_manifest(folder)
    (folder / htmx.path).write_text("changed")
    (folder / charts.path).unlink()
    (folder / "extra.js").write_text("")
    findings = vendor_findings(folder)
    assert findings[0].startswith(f"{htmx.path} has sha256 ")
    assert findings[1:] == [f"{charts.path} is missing.", "extra.js is not in MANIFEST.toml."]
