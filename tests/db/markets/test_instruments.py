"""The instrument master and the newest quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from markets.domain.sessions import ContractKey, Session
from markets.models import Instrument
from markets.quotes import SnapshotBuilder, channel, latest, store
from markets.selectors import chain_rows, instruments_like
from markets.services import index_instrument, instruments_ensure
from markets.sessions import bundled_sources
from qlplatform.core.errors import UserError
from qlplatform.core.redis import client

EXPIRY = date(2022, 6, 9)


@pytest.fixture
def session() -> Session:
    return bundled_sources()["nifty_2022-06"].load(date(2022, 6, 8))


def test_every_contract_is_listed_with_lot_and_tick(session: Session) -> None:
    listed = instruments_ensure(session)
    assert tuple(listed) == session.contracts
    row = listed[ContractKey(EXPIRY, 16_500_00, "CE")]
    assert (row.exchange, row.lot_size, row.tick_paise, row.symbol) == ("NSE", 50, 5, "NIFTY 09 JUN 16500 CE")
    assert Instrument.objects.filter(kind="INDEX", underlying="NIFTY").count() == 1


def test_listing_again_keeps_the_rows(session: Session) -> None:
    first = {contract: row.pk for contract, row in instruments_ensure(session).items()}
    assert {contract: row.pk for contract, row in instruments_ensure(session).items()} == first
    assert Instrument.objects.count() == len(session.contracts) + 1


def test_an_expiry_without_a_known_lot_is_refused(session: Session) -> None:
    old = replace(session, contracts=(ContractKey(date(2014, 6, 5), 7_500_00, "CE"),))
    with pytest.raises(UserError, match="No lot_size of NIFTY is known for 05 Jun 2014"):
        instruments_ensure(old)
    assert not Instrument.objects.exclude(kind="INDEX").exists()


def test_the_index_of_a_bse_underlying() -> None:
    index = index_instrument("SENSEX")
    assert (index.exchange, index.symbol, index_instrument("SENSEX").pk) == ("BSE", "SENSEX", index.pk)


def test_chain_rows_are_in_chain_order(session: Session) -> None:
    listed = instruments_ensure(session)
    rows = chain_rows(reversed([row.pk for row in listed.values()]))
    assert [ContractKey(row.expiry, row.strike_paise, row.kind) for row in rows] == list(session.contracts)


def test_instruments_by_words(session: Session) -> None:
    instruments_ensure(session)
    found = instruments_like(underlying="nifty", expiry=EXPIRY, text="16500 ce")
    assert [row.symbol for row in found] == ["NIFTY 09 JUN 16500 CE"]


def test_the_newest_snapshot_is_kept_and_published(session: Session) -> None:
    ids = {contract: row.pk for contract, row in instruments_ensure(session).items()}
    listener = client().pubsub(ignore_subscribe_messages=True)
    listener.subscribe(channel())
    listener.get_message(timeout=1)
    snapshots = SnapshotBuilder(session, ids, market_id=4)
    store(snapshots.snapshot(1))
    store(snapshots.snapshot(2))
    newest = latest(4)
    assert newest is not None
    assert (newest.seq, newest.at) == (2, session.times[1])
    assert newest.spot == {"NIFTY": session.spot_paise[1], "INDIAVIX": round((session.vix[1] or 0) * 100)}
    assert newest.marks() == snapshots.snapshot(2).marks()
    messages = [listener.get_message(timeout=1) for _ in range(2)]
    assert all(message and message["type"] == "message" for message in messages)
    assert latest(5) is None
    listener.close()
