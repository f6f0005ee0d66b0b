"""What of the rows a session can use: in the hours of a trading day, with contract and price, once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from markets.selectors import calendar_of
from markets.session_import.chain import DAY_US, EPOCH_DAY
from markets.session_import.rows import OptionRows
from markets.session_rows import inside
from qlplatform.core.errors import UserError

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def day_of(number: int) -> date:
    """The date of a day counted from 1970."""
    return EPOCH_DAY + timedelta(days=number)


def within_hours(ts: Ints, underlying: str, *, at_close: bool) -> tuple[Mask, Counter[str]]:
    """Which stamps (µs of naive IST) lie in the trading hours, and why the others do not: `outside_session`,
    `not_a_trading_day`, `calendar_unknown`.
    """
    kept, reasons = np.zeros(len(ts), dtype=bool), Counter[str]()
    calendar, days = calendar_of(underlying), ts // DAY_US
    for number in np.unique(days).tolist():
        mine = days == number
        day = day_of(number)
        hours = calendar.session(day)
        if hours is not None:
            good = inside(ts[mine], hours, at_close=at_close)
            kept[mine] = good
            reasons["outside_session"] += int(np.count_nonzero(~good))
        else:
            known = calendar.confirmed_year(day.year)
            reasons["not_a_trading_day" if known else "calendar_unknown"] += int(np.count_nonzero(mine))
    return kept, +reasons


def option_rows_check(rows: OptionRows, underlying: str, *, day: date | None, snapshots: bool) -> None:
    """Leave out of rows (sorted by time and contract) what a session cannot use, counted by reason."""
    if day is not None:
        rows.keep(rows.ts // DAY_US == (day - EPOCH_DAY).days, "other_day")
    kept, reasons = within_hours(rows.ts, underlying, at_close=snapshots)
    rows.take(np.flatnonzero(kept))
    rows.dropped += reasons
    rows.keep((rows.strike > 0) & (rows.expiry > 0), "bad_contract")
    rows.keep(rows.expiry >= rows.ts // DAY_US, "expired")
    if not snapshots:
        rows.keep(rows.values["close"] > 0, "bad_price")
    rows.keep(~_repeats(rows), "duplicates")


def _repeats(rows: OptionRows) -> Mask:
    again = np.zeros(len(rows), dtype=bool)
    if len(rows):
        same = np.ones(len(rows) - 1, dtype=bool)
        for column in (rows.ts, rows.expiry, rows.strike, rows.right):
            same &= column[1:] == column[:-1]
        again[1:] = same
    return again


def refuse_nothing(dropped: Counter[str], underlying: str) -> UserError:
    """The error for files of which not one row is usable."""
    why = ", ".join(f"{count} {reason}" for reason, count in dropped.most_common())
    hint = (
        " The exchange's holidays of that year are not known: add them in the admin, under Holidays."
        if dropped["calendar_unknown"]
        else ""
    )
    return UserError(
        f"Not one row of {underlying} can be used ({why or 'there is none'}).{hint}",
        code="nothing_usable",
        dropped=dict(dropped),
    )
