"""Small masters, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from markets.master.rows import MasterRow, Outcome
from markets.master.sources import Source
from markets.models import Instrument, MasterImport
from markets.services import master_import
from qlplatform.core.tenancy import Actor

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
EXPIRY, SHIFTED = date(2026, 11, 24), date(2026, 11, 23)
EXCHANGE = Source("exchange", "an exchange", iter)  # type: ignore[arg-type]
BROKER = Source("broker", "a broker", iter, broker="broker")  # type: ignore[arg-type]
OTHER_BROKER = Source("other", "another broker", iter, broker="other")  # type: ignore[arg-type]


def call(line: int = 1, **facts: Any) -> MasterRow:
    """NIFTY 24 NOV 25400 CE as exchanges list it, with other facts where given."""
    usual: dict[str, Any] = {
        "exchange": "NSE",
        "underlying": "NIFTY",
        "kind": "CE",
        "expiry": EXPIRY,
        "strike_paise": 25_400_00,
        "lot_size": 65,
        "tick_paise": 5,
        "freeze_qty": 1800,
        "exchange_token": "40001",
    }
    return MasterRow(line, **{**usual, **facts})


def bring(*rows: Outcome, day: date = MONDAY, source: Source = EXCHANGE, **more: Any) -> MasterImport:
    """Import these rows as the file of a day; the same rows make the same file."""
    digest = sha256(repr(rows).encode()).hexdigest()
    return take(rows, day=day, source=source, sha256=digest, **more)


def take(rows: Iterable[Outcome], **more: Any) -> MasterImport:
    """Import whatever yields rows."""
    usual = {"day": MONDAY, "source": EXCHANGE, "sha256": "0" * 64, "file_name": "rows"}
    return master_import(**{"rows": rows, "by": Actor.system("test"), **usual, **more})


def only() -> Instrument:
    """The one instrument there is."""
    return Instrument.objects.get()
