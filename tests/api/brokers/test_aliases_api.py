"""`/api/v1/aliases`."""

from __future__ import annotations

import pytest
from django.test import Client

from brokers.models import InstrumentAlias
from markets.models import Instrument
from qlplatform.core.models import Membership, User, Workspace
from tests.db.brokers.test_aliases import bring, lines
from tests.factories.broker_masters import SOURCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Client:
    user = User.objects.create_user("asha@example.test")
    Membership.objects.create(user=user, workspace=Workspace.objects.create(name="One"), role="viewer")
    client = Client()
    client.force_login(user)
    for broker in ("kite", "upstox"):
        bring(SOURCES[broker], lines(broker))
    return client


def symbols(member: Client, query: str) -> list[str]:
    return [row["symbol"] for row in member.get(f"/api/v1/aliases?{query}").json()["data"]]


def test_what_a_broker_calls_an_option(member: Client) -> None:
    option = Instrument.objects.get(kind="CE")
    (kite,) = member.get(f"/api/v1/aliases?instrument={option.public_id}&broker=kite").json()["data"]
    assert kite == {
        "broker": "kite",
        "instrument": option.public_id,
        "exchange": "NFO",
        "symbol": "NIFTY26NOV25400CE",
        "token": "10240258",
        "lot_size": 65,
        "tick": "0.05",
        "freeze_qty": None,
        "seen_on": "2026-11-16",
    }


def test_all_names_of_an_instrument(member: Client) -> None:
    option = Instrument.objects.get(kind="CE")
    assert set(symbols(member, f"instrument={option.public_id}")) == {
        "NIFTY26NOV25400CE",
        "NIFTY 25400 CE 23 NOV 26",
    }


def test_names_by_token_and_by_part_of_the_symbol(member: Client) -> None:
    assert symbols(member, "token=10240258") == ["NIFTY26NOV25400CE"]
    assert symbols(member, "broker=kite&q=fut") == ["NIFTY26NOVFUT"]


def test_pages_of_names(member: Client) -> None:
    first = member.get("/api/v1/aliases?limit=5").json()
    rest = member.get(f"/api/v1/aliases?limit=5&cursor={first['next_cursor']}").json()
    assert (len(first["data"]), len(rest["data"]), rest["has_more"]) == (5, 3, False)
    assert InstrumentAlias.objects.count() == 8


def test_names_have_no_time_of_creation(member: Client) -> None:
    answer = member.get("/api/v1/aliases?created_after=2026-11-16T00:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_filter")


@pytest.mark.parametrize("query", ["token=%00", "broker=nobody"])
def test_nothing_is_found(member: Client, query: str) -> None:
    assert symbols(member, query) == []


def test_strangers_are_sent_away() -> None:
    assert Client().get("/api/v1/aliases").status_code == 401
