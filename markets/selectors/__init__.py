"""Reading markets: the dated facts as pure look-up objects, markets, instruments."""

from markets.selectors.catalogue import (
    chain_rows,
    instrument,
    instruments_like,
    live_market,
    market_of,
    markets_of,
    session_shown,
)
from markets.selectors.facts import (
    calendar,
    calendar_of,
    charge_schedule,
    contract_facts,
    reload_facts,
)

__all__ = [
    "calendar",
    "calendar_of",
    "chain_rows",
    "charge_schedule",
    "contract_facts",
    "instrument",
    "instruments_like",
    "live_market",
    "market_of",
    "markets_of",
    "reload_facts",
    "session_shown",
]
