"""A chain as the live channel tells it: the figures of the chain, and a row of every contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markets.chain_body import IV_DIGITS, figures_body, floats, leg_columns, rupees, utc
from markets.chain_rows import BAR, scale_of
from markets.domain.chain.quotes import CALL, PUT
from markets.selectors.chain import Chain
from qlplatform.core.money import rupee_str

FIELDS = (
    "id", "ltp", "bid", "ask", "price", "stale", "oi", "oi_chg", "volume", "oi_pct", "iv",
    "delta", "gamma", "theta", "vega",
)  # fmt: skip
TAKEN = tuple(name for name in FIELDS if name not in ("id", "oi_pct", "iv"))

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ChainState:
    """What is shown of a chain. `rows` by contract (its public id), in the order of FIELDS: money as text,
    volatility and Greeks as numbers, `oi_pct` the open interest in per cent of the chain's largest.
    """

    seq: int
    head: dict[str, Any]
    rows: dict[str, Row]


def state_of(chain: Chain) -> ChainState:
    """The state of a chain."""
    rows: dict[str, Row] = {}
    largest = scale_of(chain).oi
    ivs = _known(floats(chain.table.ivs.iv, IV_DIGITS))
    for side in (CALL, PUT):
        columns = leg_columns(chain, side, slice(None))
        shares = [round(BAR * oi / largest) if largest else 0 for oi in columns["oi"]]
        taken = {name: _known(columns[name]) for name in TAKEN} | {"oi_pct": shares, "iv": ivs}
        taken["id"] = list(columns["instrument"])
        rows |= {row[0]: row for row in zip(*(taken[name] for name in FIELDS), strict=True) if row[0]}
    return ChainState(chain.seq, head_of(chain), rows)


def head_of(chain: Chain) -> dict[str, Any]:
    """The figures of the whole chain, and what its bars and shades are measured by."""
    scale, forward = scale_of(chain), chain.table.forward
    return {
        "at": utc(chain.at),
        "spot": rupee_str(chain.spot_paise) if chain.spot_paise else None,
        "forward": rupees(forward.value) if forward else None,
        "forward_rule": forward.rule if forward else None,
        "max_oi_chg": scale.oi_chg,
        "iv_low": round(scale.iv_low, IV_DIGITS),
        "iv_high": round(scale.iv_high, IV_DIGITS),
        **figures_body(chain.table),
    }


def _known(values: Any) -> list[Any]:
    """NaN, which never equals itself, becomes None."""
    return [None if value != value else value for value in values]  # noqa: PLR0124
