"""Broker accounts, what brokers report, and the books of the simulated exchange."""

from brokers.models.account import BrokerAccount
from brokers.models.report import Report
from brokers.models.venue import VenueOrder, VenueTrade

__all__ = ["BrokerAccount", "Report", "VenueOrder", "VenueTrade"]
