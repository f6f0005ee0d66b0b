"""Imports of instrument masters: the newest of each source, one with its quarantine."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from markets.models import MasterImport
from qlplatform.core.errors import NotFound


def masters_newest() -> list[MasterImport]:
    """The newest finished import of every source; a failed one of a source that has no other."""
    return list(masters_of().order_by("source"))


def masters_of(source: str = "") -> QuerySet[MasterImport]:
    """All imports of a source, newest first; without one, the newest finished import of every source."""
    if "\0" in source:
        return MasterImport.objects.none()
    if source:
        return MasterImport.objects.filter(source=source).order_by("-pk")
    newest = MasterImport.objects.order_by("source", "state", "-day", "-pk").distinct("source")
    return MasterImport.objects.filter(pk__in=newest.values("pk")).order_by("-pk")


def master(public_id: str) -> MasterImport:
    """The import with this public id; NotFound for any other."""
    found = None if "\0" in public_id else MasterImport.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no import of a master “{public_id}”.")
    return found


def master_done(source: str, day: date, sha256: str) -> MasterImport | None:
    """The finished import of exactly this file, if there was one."""
    return MasterImport.objects.filter(
        source=source, day=day, sha256=sha256, state=MasterImport.State.DONE
    ).first()


def master_before(source: str, day: date) -> MasterImport | None:
    """The source's newest finished import of an earlier day."""
    done = MasterImport.objects.filter(source=source, day__lt=day, state=MasterImport.State.DONE)
    return done.order_by("-day", "-pk").first()
