"""Use cases of markets."""

from markets.services.facts import calendar_watch, fact_save
from markets.services.figures import figures_day, figures_import
from markets.services.health import Fault, data_alert, fault_record, faults_record
from markets.services.instruments import index_instrument, instruments_ensure
from markets.services.master_record import master_summary
from markets.services.masters import master_day, master_file_import, master_import
from markets.services.replay import (
    market_advance,
    market_control,
    market_end,
    market_note,
    market_now,
    replay_market_create,
)
from markets.services.volatility import volatility_at_close, volatility_of_session

__all__ = [
    "calendar_watch",
    "Fault",
    "data_alert",
    "fact_save",
    "fault_record",
    "faults_record",
    "figures_day",
    "figures_import",
    "index_instrument",
    "instruments_ensure",
    "market_advance",
    "market_control",
    "market_end",
    "market_note",
    "market_now",
    "master_day",
    "master_file_import",
    "master_import",
    "master_summary",
    "replay_market_create",
    "volatility_at_close",
    "volatility_of_session",
]
