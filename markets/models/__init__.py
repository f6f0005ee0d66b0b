"""Markets and their clocks, instruments, and the dated facts of the exchanges."""

from markets.models.facts import BrokerageRate, ChargeRate, ContractFact, Holiday, SessionTime
from markets.models.instrument import Instrument
from markets.models.market import Market

__all__ = [
    "BrokerageRate",
    "ChargeRate",
    "ContractFact",
    "Holiday",
    "Instrument",
    "Market",
    "SessionTime",
]
