"""Which adapter serves which broker; imported on first use, so a broken one disturbs no other."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from brokers.gateway import BrokerGateway
from brokers.models import BrokerAccount
from brokers.sandbox.embedded import use_venue
from qlplatform.core.errors import OperatorError

__all__ = ["ADAPTERS", "open_gateway", "use_venue"]

# broker -> module with `open_gateway(account_ref) -> BrokerGateway`
ADAPTERS: Final[dict[str, str]] = {"paper": "brokers.adapters.paper.gateway"}


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
