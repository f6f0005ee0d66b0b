"""Use cases of markets."""

from markets.services.facts import fact_save
from markets.services.instruments import index_instrument, instruments_ensure
from markets.services.replay import (
    market_advance,
    market_control,
    market_end,
    market_note,
    market_now,
    replay_market_create,
)

__all__ = [
    "fact_save",
    "index_instrument",
    "instruments_ensure",
    "market_advance",
    "market_control",
    "market_end",
    "market_note",
    "market_now",
    "replay_market_create",
]
