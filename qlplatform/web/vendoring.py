"""The third-party files under static/vendor: what they are, and whether they are as they were checked in."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.toml"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """One row of the manifest. Paths are relative to the vendor folder."""

    path: str
    name: str
    version: str
    package: str
    origin: str
    licence: str
    licence_file: str
    url: str
    sha256: str
    notice_file: str = ""


def read_manifest(folder: Path) -> list[VendoredFile]:
    """The rows of `folder`/MANIFEST.toml; a row with a missing or unknown key raises TypeError."""
    rows: list[dict[str, Any]] = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))["file"]
    return [VendoredFile(**row) for row in rows]


def vendor_findings(folder: Path) -> list[str]:
    """What is wrong with the vendored files, one sentence each; an empty list means all is well."""
    rows = read_manifest(folder)
    findings = [finding for row in rows for finding in _findings_of(folder, row)]
    listed = {row.path for row in rows} | {MANIFEST}
    present = {path.name for path in folder.iterdir() if path.is_file()}
    findings += [f"{name} is not in {MANIFEST}." for name in sorted(present - listed)]
    return findings


def _findings_of(folder: Path, row: VendoredFile) -> list[str]:
    wanted = [row.path, row.licence_file, *([row.notice_file] if row.notice_file else [])]
    missing = [f"{name} is missing." for name in wanted if not (folder / name).is_file()]
    if missing:
        return missing
    found = hashlib.sha256((folder / row.path).read_bytes()).hexdigest()
    return [] if found == row.sha256 else [f"{row.path} has sha256 {found}, the manifest says {row.sha256}."]
