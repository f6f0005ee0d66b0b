from __future__ import annotations

from typing import Any

import pytest

from brokers.models import BrokerAccount
from markets.seeding import seed_markets
from portfolio.models import Book, Limit
from portfolio.services import fill_apply, limits_seed
from tests.db.portfolio.test_selectors import price
from tests.factories import ledger
from tests.factories.api import ApiClient, client_of


@pytest.fixture
def account(db: None) -> BrokerAccount:
    seed_markets()
    account = ledger.account()
    limits_seed(account)
    return account


@pytest.fixture
def api(account: BrokerAccount) -> ApiClient:
    return client_of(account.workspace)


@pytest.fixture
def book(account: BrokerAccount) -> Book:
    """A strategy that sold 50 units at 120.00, marked at 100.00."""
    book = ledger.book(account)
    fill_apply(order=ledger.order(account, book), trade=ledger.trade(50, 120_00))
    price(account.market, {ledger.option().pk: 100_00})
    return book


def limit_path(account: BrokerAccount, kind: str) -> str:
    return f"limits/{Limit.objects.get(account=account, kind=kind).public_id}"


@pytest.mark.parametrize(("kind", "owner"), [("net", "Replay"), ("virtual", "Straddle")])
def test_positions_net_and_virtual(api: ApiClient, book: Book, kind: str, owner: str) -> None:
    answer = api.get(f"positions?kind={kind}").json()

    assert (answer["next_cursor"], answer["has_more"]) == (None, False)
    (row,) = answer["data"]
    assert (row["book_name"], row["symbol"], row["qty"], row["lots"]) == (
        owner,
        "NIFTY 09 JUN 16400 CE",
        -50,
        -1,
    )
    assert (row["strike"], row["expiry"], row["type"]) == ("16400.00", "2022-06-09", "CE")
    assert (row["average_price"], row["mark"], row["unrealised"]) == ("120.00", "100.00", "1000.00")
    assert row["trading_date"] == "2022-06-08"


def test_pnl_of_the_account_and_its_deployments(api: ApiClient, account: BrokerAccount, book: Book) -> None:
    (row,) = api.get("pnl").json()["data"]

    assert (row["account"], row["mode"], row["trading_date"]) == (account.public_id, "paper", "2022-06-08")
    assert (row["pnl"]["realised"], row["pnl"]["unrealised"], row["pnl"]["unpriced"]) == (
        "0.00",
        "1000.00",
        0,
    )
    assert row["books"] == [
        {"book": book.public_id, "name": "Straddle", "kind": "deployment", "pnl": row["pnl"]}
    ]


def test_an_account_that_did_not_trade_has_zeros(api: ApiClient) -> None:
    (row,) = api.get("pnl").json()["data"]

    assert row["pnl"] == {
        "realised": "0.00", "unrealised": "0.00", "charges": "0.00", "net": "0.00", "unpriced": 0
    }  # fmt: skip
    assert row["books"] == []


def test_one_account_can_be_asked_for(api: ApiClient, account: BrokerAccount, book: Book) -> None:
    other = ledger.account(account.workspace)

    assert len(api.get("pnl").json()["data"]) == 2
    assert [row["account"] for row in api.get(f"pnl?account={other.public_id}").json()["data"]] == [
        other.public_id
    ]
    assert api.get(f"positions?account={other.public_id}").json()["data"] == []


@pytest.mark.parametrize("path", ["positions", "pnl", "limits"])
def test_accounts_of_others_do_not_exist(account: BrokerAccount, book: Book, path: str) -> None:
    stranger = client_of(ledger.workspace())

    assert stranger.get(path).json()["data"] == []
    assert stranger.get(f"{path}?account={account.public_id}").status_code == 404


def test_an_unknown_kind_is_refused(api: ApiClient) -> None:
    assert api.get("positions?kind=gross").status_code == 400


def test_limits_are_listed_in_their_units(api: ApiClient, account: BrokerAccount) -> None:
    rows = api.get(f"limits?account={account.public_id}").json()["data"]

    assert sorted((row["kind"], row["unit"], row["value"], row["enabled"]) for row in rows) == [
        ("day_loss", "rupees", "25000.00", True),
        ("open_lots", "lots", "40", True),
    ]


@pytest.mark.parametrize(
    ("kind", "wish", "stored"),
    [
        ("day_loss", {"value": "1234.50"}, (1234_50, True)),
        ("open_lots", {"value": "12", "enabled": False}, (12, False)),
        ("open_lots", {"enabled": False}, (40, False)),
    ],
)
def test_a_limit_is_changed(
    api: ApiClient, account: BrokerAccount, kind: str, wish: dict[str, Any], stored: tuple[int, bool]
) -> None:
    path = limit_path(account, kind)
    answer = api.patch(path, wish, api.get(path)["ETag"])

    assert answer.status_code == 200
    limit = Limit.objects.get(account=account, kind=kind)
    assert (limit.value, limit.enabled) == stored
    assert answer["ETag"] == api.get(path)["ETag"]


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        ("day_loss", {"value": "0"}),
        ("day_loss", {"value": "-5.00"}),
        ("day_loss", {"value": "1.005"}),
        ("day_loss", {"value": "much"}),
        ("open_lots", {"value": "1.5"}),
        ("open_lots", {"value": "²"}),
        ("open_lots", {"value": ""}),
        ("open_lots", {}),
    ],
)
def test_a_bad_limit_changes_nothing(
    api: ApiClient, account: BrokerAccount, kind: str, wish: dict[str, Any]
) -> None:
    answer = api.patch(limit_path(account, kind), wish, "*")

    assert answer.status_code == 422
    assert sorted(Limit.objects.values_list("value", "enabled")) == [(40, True), (25_000_00, True)]


def test_a_change_needs_the_version_it_was_made_from(api: ApiClient, account: BrokerAccount) -> None:
    path = limit_path(account, "open_lots")
    etag = api.get(path)["ETag"]
    assert api.patch(path, {"value": "12"}).status_code == 428
    assert api.patch(path, {"value": "12"}, etag).status_code == 200

    assert api.patch(path, {"value": "13"}, etag).status_code == 412
    assert Limit.objects.get(account=account, kind="open_lots").value == 12


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("risk", 200), ("trader", 403), ("viewer", 403)]
)
def test_who_may_change_limits(account: BrokerAccount, role: str, status: int) -> None:
    answer = client_of(account.workspace, role).patch(limit_path(account, "open_lots"), {"value": "12"}, "*")

    assert answer.status_code == status


def test_limits_of_others_cannot_be_changed(account: BrokerAccount) -> None:
    answer = client_of(ledger.workspace()).patch(limit_path(account, "open_lots"), {"value": "12"}, "*")

    assert answer.status_code == 404
    assert Limit.objects.get(account=account, kind="open_lots").value == 40
