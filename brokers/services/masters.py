"""The daily sync: fetch a broker's file of instruments and import it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import orjson
import structlog
from django.conf import settings

from brokers.masters.download import Edition, Fetched, Limits, fetch
from brokers.masters.files import MasterFile
from markets.master.opening import file_sha256
from markets.master.tally import Tally
from markets.models import MasterImport
from markets.selectors import masters_of
from markets.services import data_alert, master_file_import, master_summary
from markets.services.master_record import record_failure
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import Conflict, UserError
from qlplatform.core.tenancy import Actor

log = structlog.get_logger(__name__)
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one file."""

    source: str
    state: Literal["imported", "unchanged", "failed"]
    message: str


def master_sync(*, file: MasterFile, by: Actor, limits: Limits = LIMITS) -> Synced:
    """Fetch the file and import it as the master of today (IST). Never raises for what the network, the
    broker or the file does.

    A file that cannot be had or used leaves the master of the day before in force; that is kept as a failed
    import with the reason and told as a data alert.
    """
    day = wall().astimezone(IST).date()
    failures = masters_of(file.name).filter(state=MasterImport.State.FAILED)
    known = failures.first()
    try:
        with _folder(file) as folder:
            return _sync(file, folder, day, by, limits)
    except (UserError, Conflict) as problem:
        if failures.first() == known:
            _record(file, day, problem, by)
        data_alert(code="master_failed", source=file.name, text=f"{file.label}: {problem.message}")
        return Synced(file.name, "failed", problem.message)


def address(file: MasterFile) -> str:
    """Where the file is fetched from: the broker, or the mirror the installation names."""
    if settings.QL_MASTER_MIRROR:
        return f"{settings.QL_MASTER_MIRROR.rstrip('/')}/{file.name}/{file.file_name}"
    return file.url


def _sync(file: MasterFile, folder: Path, day: date, by: Actor, limits: Limits) -> Synced:
    fetched = fetch(address(file), folder, known=_edition(file), limits=limits)
    before = masters_of(file.name).filter(state=MasterImport.State.DONE).order_by("-day", "-pk").first()
    if fetched is None or (before is not None and before.sha256 == file_sha256(fetched.path)):
        return _unchanged(file, before)
    master = master_file_import(source_name=file.name, path=fetched.path, by=by, day=day)
    _keep_edition(file, fetched)
    log.info("master.synced", source=file.name, day=str(day), rows=master.rows, added=master.added)
    return Synced(file.name, "imported", master_summary(master))


def _unchanged(file: MasterFile, before: MasterImport | None) -> Synced:
    since = f"still the file of {before.day}" if before else "no other edition"
    log.warning("master.unchanged", source=file.name, since=str(before.day) if before else "")
    return Synced(file.name, "unchanged", f"{file.name}: {since}")


def _record(file: MasterFile, day: date, problem: UserError | Conflict, by: Actor) -> None:
    """A failure before the import began; those of the import itself are recorded there."""
    told = problem if isinstance(problem, UserError) else UserError(problem.message, code=problem.code)
    master = MasterImport(
        source=file.name, day=day, file_name=file.file_name[:200], sha256="", started_at=wall()
    )
    record_failure(master, Tally(), told, by)


@contextmanager
def _folder(file: MasterFile) -> Iterator[Path]:
    """A folder for the file while it comes in, on the disk where it is kept."""
    home = _home(file)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="incoming-") as folder:
        yield Path(folder)


def _home(file: MasterFile) -> Path:
    return Path(settings.VAR_DIR) / "masters" / file.name


def _edition(file: MasterFile) -> Edition:
    """The edition imported last, as far as this machine knows and its import is still there."""
    done = masters_of(file.name).filter(state=MasterImport.State.DONE)
    try:
        said = orjson.loads((_home(file) / "edition.json").read_bytes())
        return Edition(said["etag"], said["modified"]) if done.exists() else Edition()
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return Edition()


def _keep_edition(file: MasterFile, fetched: Fetched) -> None:
    (_home(file) / "edition.json").write_bytes(orjson.dumps(asdict(fetched.edition)))
