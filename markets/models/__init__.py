"""Markets and clocks, instruments and masters, the dated facts of the exchanges, faults of data."""

from markets.models.facts import (
    BrokerageRate,
    ChargeRate,
    ContractFact,
    Halt,
    Holiday,
    MarketRule,
    SessionTime,
)
from markets.models.health import DataFault, VolatilityDay
from markets.models.instrument import Instrument
from markets.models.market import Market
from markets.models.master import MasterImport, QuarantinedRow

__all__ = [
    "BrokerageRate",
    "ChargeRate",
    "ContractFact",
    "DataFault",
    "Halt",
    "Holiday",
    "Instrument",
    "Market",
    "MarketRule",
    "MasterImport",
    "QuarantinedRow",
    "SessionTime",
    "VolatilityDay",
]
