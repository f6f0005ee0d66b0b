"""Broker accounts, their names for instruments, what brokers report, and the simulated exchange's books."""

from brokers.models.account import BrokerAccount
from brokers.models.alias import InstrumentAlias
from brokers.models.report import Report
from brokers.models.venue import VenueOrder, VenueTrade

__all__ = ["BrokerAccount", "InstrumentAlias", "Report", "VenueOrder", "VenueTrade"]
