"""What a row of any master must be to be believed."""

from __future__ import annotations

from datetime import date, timedelta

from markets.master.rows import Bad, MasterRow
from markets.master.values import MAX_COUNT, MAX_PAISE

OPTIONS = ("CE", "PE")
DERIVATIVES = ("FUT", *OPTIONS)
KINDS = ("INDEX", "EQ", *DERIVATIVES)
EXCHANGES = ("NSE", "BSE")
FARTHEST = timedelta(days=366 * 7)  # the longest index options live five years
WIDTHS = {
    "underlying": 20,
    "exchange_token": 20,
    "symbol": 64,
    "token": 40,
    "segment": 12,
}  # of the columns they end in


def fault(row: MasterRow, day: date) -> Bad | None:
    """Why this row cannot be used on `day`, None if it can."""
    found = _identity(row) or _expiry(row, day) or _strike(row) or _numbers(row)
    return Bad(row.line, *found, text=described(row)) if found else None


def described(row: MasterRow) -> str:
    """The row in a few words, for the quarantine."""
    facts = (row.exchange, row.underlying, row.kind, row.expiry, row.strike_paise, row.symbol, row.token)
    return " ".join(str(fact) for fact in facts if fact not in (None, ""))


def _identity(row: MasterRow) -> tuple[str, str] | None:
    if row.exchange not in EXCHANGES:
        return "bad_exchange", f"exchange {row.exchange!r} is none of {', '.join(EXCHANGES)}"
    if row.kind not in KINDS:
        return "bad_kind", f"kind {row.kind!r} is none of {', '.join(KINDS)}"
    if not row.underlying:
        return "no_underlying", "the underlying is missing"
    for column, width in WIDTHS.items():
        text: str = getattr(row, column)
        if not (text.isascii() and text.isprintable()):
            return "encoding", f"{column} {text!r} has signs that no {column} has"
        if len(text) > width:
            return "too_long", f"{column} {text!r} is longer than {width} signs"
    return ("encoding", "the name holds zero bytes") if "\0" in row.name else None


def _expiry(row: MasterRow, day: date) -> tuple[str, str] | None:
    if row.kind not in DERIVATIVES:
        return ("bad_date", f"{row.kind} with an expiry") if row.expiry else None
    if row.expiry is None:
        return "bad_date", "the expiry is missing"
    if row.expiry < day:
        return "expired", f"expired on {row.expiry}, before {day}"
    if row.expiry - day > FARTHEST:
        return "bad_date", f"expiry {row.expiry} is farther away than any contract"
    return None


def _strike(row: MasterRow) -> tuple[str, str] | None:
    if row.kind not in OPTIONS:
        return ("bad_strike", f"{row.kind} with a strike") if row.strike_paise is not None else None
    if row.strike_paise is None or not 0 < row.strike_paise <= MAX_PAISE:
        return "bad_strike", f"strike {row.strike_paise} paise"
    return None


def _numbers(row: MasterRow) -> tuple[str, str] | None:
    if row.lot_size is not None and not 0 < row.lot_size <= MAX_COUNT:
        return "bad_lot", f"lot of {row.lot_size}"
    if row.tick_paise is not None and not 0 < row.tick_paise <= MAX_COUNT:
        return "bad_tick", f"tick of {row.tick_paise} paise"
    if row.freeze_qty is not None and not (row.lot_size or 1) <= row.freeze_qty <= MAX_COUNT:
        return "bad_freeze", f"largest order {row.freeze_qty}, lot {row.lot_size}"
    return None
