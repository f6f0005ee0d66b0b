"""A chain as a page shows it: rows of figures with the sizes of bars and the shades of heat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np

from markets.domain.chain.drawing import Drawing, line_of
from markets.domain.chain.layout import Listed
from markets.domain.chain.quotes import CALL, PUT, in_paise
from markets.domain.chain.term import TermPoint
from markets.domain.chain.volatility import REASONS
from markets.domain.pricing.forward import Forward
from markets.selectors.chain import Chain

SHADES = 4
GREEKS = ("delta", "gamma", "theta", "vega")
BAR = 100


@dataclass(frozen=True, slots=True)
class Leg:
    """One contract. `bar` is its open interest in per cent of the chain's largest, `heat` the shade of
    the change (-4 to 4); prices paise, Greeks per unit, None for unknown.
    """

    listed: Listed
    ltp_paise: int | None
    bid_paise: int | None
    ask_paise: int | None
    oi: int
    oi_chg: int
    volume: int
    bar: int
    heat: int
    stale: bool
    delta: float | None
    gamma: float | None
    theta: float | None
    vega: float | None


@dataclass(frozen=True, slots=True)
class StrikeRow:
    """A strike with its two contracts; `reason` says why it has no IV, `shade` (0-4) how high it is,
    `itm` which side is in the money: call, put or neither.
    """

    strike_paise: int
    iv: float | None
    reason: str
    shade: int
    atm: bool
    itm: str
    call: Leg | None
    put: Leg | None


@dataclass(frozen=True, slots=True)
class Scale:
    """What bars and shades are measured by: the largest of the whole chain, shown or not."""

    oi: int
    oi_chg: int
    iv_low: float
    iv_high: float


def scale_of(chain: Chain) -> Scale:
    """The scale of a chain."""
    quotes, iv = chain.table.quotes, chain.table.ivs.iv
    known = iv[np.isfinite(iv)]
    return Scale(
        oi=int(quotes.oi.max(initial=0)),
        oi_chg=int(np.abs(quotes.oi_chg).max(initial=0)),
        iv_low=float(known.min()) if len(known) else 0.0,
        iv_high=float(known.max()) if len(known) else 0.0,
    )


def rows_of(chain: Chain, window: slice) -> list[StrikeRow]:
    """The rows of some strikes."""
    table, scale = chain.table, scale_of(chain)
    calls, puts = (list(_legs(chain, side, window, scale)) for side in (CALL, PUT))
    strikes = chain.layout.strikes_paise[window].tolist()
    ivs, codes = table.ivs.iv[window].tolist(), table.ivs.code[window].tolist()
    return [
        StrikeRow(
            strike_paise=strike,
            iv=_known(iv),
            reason="" if code == 0 else REASONS[code],
            shade=iv_shade(iv, scale),
            atm=window.start + n == table.atm,
            itm=_in_the_money(strike, chain.table.forward),
            call=call,
            put=put,
        )
        for n, (strike, iv, code, call, put) in enumerate(zip(strikes, ivs, codes, calls, puts, strict=True))
    ]


def heat(value: int, largest: int) -> int:
    """The shade of a change: -4 to 4, 0 only for none."""
    if not value or not largest:
        return 0
    shade = ceil(SHADES * abs(value) / largest)
    return shade if value > 0 else -shade


def iv_shade(iv: float, scale: Scale) -> int:
    """How high a volatility is within its chain: 0 lowest to 4 highest, 0 for none."""
    span = scale.iv_high - scale.iv_low
    return ceil(SHADES * (iv - scale.iv_low) / span) if span > 0 and np.isfinite(iv) else 0


def smile_of(chain: Chain, window: slice) -> Drawing | None:
    """IV by strike, around the money."""
    strikes, iv = chain.table.quotes.strikes[window], chain.table.ivs.iv[window]
    known = np.isfinite(iv)
    forward = chain.table.forward.value if chain.table.forward else None
    return line_of(strikes[known].tolist(), iv[known].tolist(), forward)


def term_line(points: tuple[TermPoint, ...]) -> Drawing | None:
    """ATM IV by days to expiry."""
    known = [(point.years * 365, point.atm_iv) for point in points if point.atm_iv is not None]
    return line_of([days for days, _ in known], [iv for _, iv in known])


def _legs(chain: Chain, side: int, window: slice, scale: Scale) -> Iterator[Leg | None]:
    quotes, used, greeks = chain.table.quotes, chain.table.used, chain.table.greeks
    columns = zip(
        chain.layout.listed[side][window],
        *(in_paise(values[side, window]) for values in (quotes.ltp, quotes.bid, quotes.ask)),
        *(values[side, window].tolist() for values in (quotes.oi, quotes.oi_chg, quotes.volume)),
        used.stale[side, window].tolist(),
        *(getattr(greeks, name)[side, window].tolist() for name in GREEKS),
        strict=True,
    )
    for listed, ltp, bid, ask, oi, oi_chg, volume, stale, *rest in columns:
        yield listed and Leg(
            listed, ltp, bid, ask, oi, oi_chg, volume,
            bar=round(BAR * oi / scale.oi) if scale.oi else 0,
            heat=heat(oi_chg, scale.oi_chg),
            stale=stale,
            **{name: _known(value) for name, value in zip(GREEKS, rest, strict=True)},
        )  # fmt: skip


def _in_the_money(strike_paise: int, forward: Forward | None) -> str:
    if forward is None or strike_paise == forward.value * 100:
        return ""
    return "call" if strike_paise < forward.value * 100 else "put"


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
