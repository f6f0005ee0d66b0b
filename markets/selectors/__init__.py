"""Reading markets: the dated facts as pure look-up objects, markets, instruments."""

from markets.selectors.alerts import calendar_alerts
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
    facts_from_files,
    instrument_group,
    listing_of,
    price_protection,
    reload_facts,
    rules,
    session,
)
from markets.selectors.feed import data_alerts, feed_status
from markets.selectors.masters import master, master_before, master_done, masters_newest, masters_of

__all__ = [
    "calendar",
    "calendar_alerts",
    "calendar_of",
    "chain_rows",
    "charge_schedule",
    "contract_facts",
    "data_alerts",
    "facts_from_files",
    "feed_status",
    "instrument",
    "instrument_group",
    "instruments_like",
    "listing_of",
    "live_market",
    "market_of",
    "markets_of",
    "master",
    "master_before",
    "master_done",
    "masters_newest",
    "masters_of",
    "price_protection",
    "reload_facts",
    "rules",
    "session",
    "session_shown",
]
