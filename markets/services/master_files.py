"""The files behind the imports: the last days of every source are kept, compressed, below the data folder."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pyarrow
from django.conf import settings

from markets.master.opening import uncompressed
from markets.models import MasterImport

KEPT_DAYS = 10
_BLOCK = 1 << 20


def file_keep(*, path: Path, source: str, day: date) -> str:
    """Copy a file to `masters/<source>/<day>.zst`, whole or not at all; returns that name. A file of the same
    day is replaced.
    """
    name = f"masters/{source}/{day}.zst"
    target = Path(settings.VAR_DIR) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with uncompressed(path) as content, pyarrow.output_stream(str(unfinished), compression="zstd") as kept:
        shutil.copyfileobj(content, kept, _BLOCK)
    unfinished.replace(target)
    return name


def files_prune(*, source: str) -> None:
    """Forget the kept files of all but the last days."""
    folder = Path(settings.VAR_DIR) / "masters" / source
    for path in sorted(folder.glob("*.zst"))[:-KEPT_DAYS]:
        path.unlink(missing_ok=True)
        name = f"masters/{source}/{path.name}"
        MasterImport.objects.filter(source=source, kept_as=name).update(kept_as="")
