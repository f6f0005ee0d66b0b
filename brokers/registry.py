"""Which adapter serves which broker, and which bring prices; imported on first use, so a broken one disturbs
no other.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from brokers.gateway import BrokerGateway
from brokers.models import BrokerAccount
from brokers.sandbox.embedded import use_venue
from markets.feed.sources import PriceSource
from qlplatform.core.errors import OperatorError

__all__ = ["ADAPTERS", "PRICE_SOURCES", "open_gateway", "price_sources", "use_venue"]

# broker -> module with `open_gateway(account_ref) -> BrokerGateway`
ADAPTERS: Final[dict[str, str]] = {"paper": "brokers.adapters.paper.gateway"}

# broker -> module with `price_source() -> PriceSource | None`, the preferred one first
PRICE_SOURCES: Final[dict[str, str]] = {}


def price_sources() -> list[PriceSource]:
    """The sources of live prices that are set up, by rank: the first that talks leads."""
    openers = (import_module(module).price_source for module in PRICE_SOURCES.values())
    return [source for source in (opener() for opener in openers) if source is not None]


def open_gateway(account: BrokerAccount) -> BrokerGateway:
    """The gateway of `account`. Cheap: connections are shared by all accounts of a process and event loop.

    Raises OperatorError `unknown_broker` when no adapter is installed for it.
    """
    module = ADAPTERS.get(account.broker)
    if module is None:
        known = ", ".join(sorted(ADAPTERS))
        raise OperatorError(
            f"No adapter for broker “{account.broker}”; installed: {known}.", code="unknown_broker"
        )
    opener: Callable[[str], BrokerGateway] = import_module(module).open_gateway
    return opener(account.public_id)
