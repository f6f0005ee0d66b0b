"""The recorder of a live feed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from markets.candle_store import Series
from markets.domain.calendar import DaySession
from markets.models import Instrument
from markets.recordings.parts import Recorded
from markets.recordings.recorder import Recorder, Work, at_once


def recorder_open(
    keys: NDArray[np.int64],
    hours: DaySession,
    *,
    market: str = "live",
    give: Callable[[Work], None] = at_once,
) -> Recorder:
    """A recorder of a day for instruments by their place in the feed. `give` does the writing elsewhere."""
    rows = Instrument.objects.in_bulk([int(key) for key in keys])
    contracts = [
        Recorded(row.pk, row.underlying, Series(row.kind, row.expiry, row.strike_paise))
        for row in (rows[int(key)] for key in keys)
    ]
    return Recorder(contracts, hours, market=market, give=give)
