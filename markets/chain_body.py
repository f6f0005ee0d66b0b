"""What the API says of a chain. Built by column and written by orjson: a chain has thousands of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import orjson

from markets.domain.chain.quotes import CALL, PUT, Basis, Floats, in_paise
from markets.domain.chain.table import ChainTable
from markets.domain.chain.term import IvRank, TermPoint
from markets.domain.chain.volatility import REASONS
from markets.domain.pricing.forward import Forward
from markets.selectors.chain import Chain, Term
from qlplatform.core.money import rupee_str

IV_DIGITS, RATIO_DIGITS, AGE_DIGITS = 6, 4, 1
GREEK_DIGITS = {
    "delta": 6, "gamma": 8, "theta": 4, "vega": 4, "rho": 4, "vanna": 4, "volga": 4,
}  # fmt: skip
SIDES = {CALL: "call", PUT: "put"}
BASES = {int(basis): basis.name for basis in Basis}
MONEY = ("ltp", "bid", "ask")
COUNTS = ("bid_qty", "ask_qty", "volume", "oi", "oi_chg")


def chain_bytes(chain: Chain, market: str, window: slice) -> bytes:
    """The answer of `/chain/<underlying>`: head, figures and the strikes of `window`. NaN becomes null."""
    table = chain.table
    body = {
        "market": market,
        "underlying": chain.underlying,
        "expiry": chain.expiry,
        "expiries": chain.expiries,
        "lot_size": chain.layout.lot_size,
        "seq": chain.seq,
        "at": utc(chain.at),
        "trading_date": chain.day,
        "spot": _money(chain.spot_paise),
        "forward": forward_body(table.forward),
        "convention": {
            "model": table.convention.model,
            "rate": table.convention.rate,
            "clock": table.convention.clock,
            "years": round(table.years, 9),
        },
        "figures": figures_body(table),
        "strikes": _strikes(chain, window),
    }
    return orjson.dumps(body)


def summary_bytes(chain: Chain, term: Term, market: str) -> bytes:
    """The answer of `/chain/<underlying>/summary`: the term structure, and the rank of today's volatility."""
    body = {
        "market": market,
        "underlying": chain.underlying,
        "seq": term.seq,
        "at": utc(term.at),
        "trading_date": chain.day,
        "spot": _money(chain.spot_paise),
        "iv_30d": rounded(term.iv_30d, IV_DIGITS),
        "iv_rank": rank_body(term.rank),
        "expiries": [point_body(point) for point in term.points],
    }
    return orjson.dumps(body)


def forward_body(forward: Forward | None) -> dict[str, Any] | None:
    """The forward with the rule that gave it."""
    if forward is None:
        return None
    return {"value": rupees(forward.value), "rule": forward.rule, "stale": forward.stale}


def figures_body(table: ChainTable) -> dict[str, Any]:
    """The figures of a chain: money as text, volatilities as decimals a year."""
    figures = table.figures
    money = ("atm_strike", "straddle", "expected_move", "max_pain")
    decimals = ("atm_iv", "risk_reversal", "butterfly")
    return (
        {name: rupees(getattr(figures, name)) for name in money}
        | {name: rounded(getattr(figures, name), IV_DIGITS) for name in decimals}
        | {name: rounded(getattr(figures, name), RATIO_DIGITS) for name in ("pcr_oi", "pcr_volume")}
        | {
            f"{side}_{name}": getattr(figures, f"{side}_{name}")
            for side in ("call", "put")
            for name in ("oi", "oi_chg", "volume")
        }
    )


def point_body(point: TermPoint) -> dict[str, Any]:
    """One expiry of the term structure."""
    return {
        "expiry": point.expiry,
        "years": round(point.years, 9),
        "forward": forward_body(point.forward),
        "atm_iv": rounded(point.atm_iv, IV_DIGITS),
        "straddle": rupees(point.straddle),
    }


def rank_body(rank: IvRank) -> dict[str, Any]:
    """Rank and percentile, or how many days there are."""
    return {
        "basis": rank.basis,
        "days": rank.days,
        "rank": rounded(rank.rank, AGE_DIGITS),
        "percentile": rounded(rank.percentile, AGE_DIGITS),
    }


def rupees(value: float | None) -> str | None:
    """An amount of the pricing side as the API writes money."""
    return None if value is None else _money(in_paise(np.array([value]))[0])


def rounded(value: float | None, digits: int) -> float | None:
    """A float with sensible digits."""
    return None if value is None else round(value, digits)


def _strikes(chain: Chain, window: slice) -> list[dict[str, Any]]:
    ivs = chain.table.ivs
    sides = [_legs(chain, side, window) for side in SIDES]
    columns = (
        [rupee_str(paise) for paise in chain.layout.strikes_paise[window].tolist()],
        floats(ivs.iv[window], IV_DIGITS),
        [REASONS[code] for code in ivs.code[window].tolist()],
        floats(ivs.error[window], IV_DIGITS),
        *sides,
    )
    names = ("strike", "iv", "iv_code", "iv_error", *SIDES.values())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _legs(chain: Chain, side: int, window: slice) -> list[dict[str, Any] | None]:
    columns = leg_columns(chain, side, window)
    names = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    return [
        dict(zip(names, row, strict=True)) if row[0] is not None else None for row in rows
    ]  # a strike may lack one side


def leg_columns(chain: Chain, side: int, window: slice) -> dict[str, Sequence[Any]]:
    """The contracts of one side by column: money as text, Greeks with sensible digits, NaN where unknown."""
    quotes, used, greeks = chain.table.quotes, chain.table.used, chain.table.greeks
    listed = chain.layout.listed[side][window]
    return {
        "instrument": [row.public_id if row else None for row in listed],
        **{name: _moneys(getattr(quotes, name)[side, window]) for name in MONEY},
        **{name: getattr(quotes, name)[side, window].tolist() for name in COUNTS},
        "age_s": floats(quotes.age[side, window], AGE_DIGITS),
        "price": _moneys(used.price[side, window]),
        "basis": [BASES[basis] for basis in used.basis[side, window].tolist()],
        "stale": used.stale[side, window].tolist(),
        **{
            name: floats(getattr(greeks, name)[side, window], digits) for name, digits in GREEK_DIGITS.items()
        },
    }


def _moneys(values: Floats) -> list[str | None]:
    return [_money(paise) for paise in in_paise(values)]


def _money(paise: int | None) -> str | None:
    return None if paise is None else rupee_str(paise)


def floats(values: Floats, digits: int) -> list[float]:
    """Numbers with sensible digits; NaN stays, and is null once written."""
    return [value + 0.0 for value in np.round(values, digits).tolist()]


def utc(at: datetime) -> str:
    """RFC 3339 with a Z."""
    return at.isoformat().replace("+00:00", "Z")
