from __future__ import annotations

import pytest

from brokers.models import BrokerAccount
from markets.seeding import seed_markets
from portfolio.models import Book
from tests.factories import ledger


@pytest.fixture
def account(db: None) -> BrokerAccount:
    """A paper account on a replay, with the charges of the exchange known."""
    seed_markets()
    return ledger.account()


@pytest.fixture
def book(account: BrokerAccount) -> Book:
    return ledger.book(account)
