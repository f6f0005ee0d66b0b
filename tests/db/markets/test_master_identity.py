"""A contract stays one instrument when the exchange moves its expiry or changes its name."""

from __future__ import annotations

from datetime import date

import pytest

from markets.master.rows import MasterRow
from markets.models import Instrument, MasterImport
from qlplatform.core.errors import Conflict
from tests.db.markets.masters import (
    BROKER,
    EXPIRY,
    MONDAY,
    OTHER_BROKER,
    SHIFTED,
    TUESDAY,
    bring,
    call,
    only,
    take,
)
from tests.factories.racing import race


def test_a_shifted_expiry_moves_the_instrument() -> None:
    bring(call())
    before = only()
    master = bring(call(expiry=SHIFTED), day=TUESDAY)
    found = only()
    assert (found.pk, found.public_id) == (before.pk, before.public_id)
    assert (found.expiry, found.symbol) == (SHIFTED, "NIFTY 23 NOV 25400 CE")
    assert (master.added, master.changed, master.gone) == (0, 1, 0)
    assert master.diff == {
        "expiry_shifted": [
            {"instrument": "NIFTY 24 NOV 25400 CE", "before": "2026-11-24", "after": "2026-11-23"}
        ]
    }


def test_a_shift_of_a_whole_expiry_moves_each_contract() -> None:
    def listed(expiry: date) -> list[MasterRow]:
        return [
            call(n, expiry=expiry, strike_paise=n * 100_00, exchange_token=str(n), kind=kind)
            for n, kind in enumerate(["CE", "PE", "CE", "PE"], start=1)
        ]

    bring(*listed(EXPIRY))
    before = dict(Instrument.objects.values_list("exchange_token", "pk"))
    bring(*listed(SHIFTED), day=TUESDAY)
    after = dict(Instrument.objects.filter(expiry=SHIFTED).values_list("exchange_token", "pk"))
    assert after == before


def test_a_number_used_again_after_expiry_is_another_contract() -> None:
    bring(call(expiry=MONDAY))
    bring(call(expiry=EXPIRY), day=TUESDAY)
    assert list(Instrument.objects.order_by("expiry").values_list("expiry", flat=True)) == [MONDAY, EXPIRY]


def test_a_file_that_still_lists_the_old_expiry_has_shifted_nothing() -> None:
    bring(call(1), call(2, kind="PE", exchange_token="2"))
    old = call(1, kind="PE", exchange_token="2")
    master = bring(old, call(2, expiry=SHIFTED), day=TUESDAY)
    assert (master.added, master.gone, master.diff.get("expiry_shifted")) == (1, 1, None)


def test_another_strike_with_the_same_number_is_another_contract() -> None:
    bring(call())
    assert bring(call(strike_paise=26_000_00), day=TUESDAY).added == 1


def test_a_renamed_underlying_keeps_its_contracts() -> None:
    bring(call(underlying="ADANITRANS"))
    before = only()
    master = bring(call(underlying="ADANIENSOL"), day=TUESDAY)
    assert (only().pk, only().underlying, only().symbol) == (
        before.pk, "ADANIENSOL", "ADANIENSOL 24 NOV 25400 CE",
    )  # fmt: skip
    assert master.counts == {"renamed": 1}
    assert master.diff["renamed"][0] == {
        "instrument": "ADANITRANS 24 NOV 25400 CE", "before": "ADANITRANS", "after": "ADANIENSOL",
    }  # fmt: skip


def test_a_renamed_share_stays_the_same_share() -> None:
    facts = {"kind": "EQ", "strike_paise": None, "expiry": None, "lot_size": 1, "freeze_qty": None}
    bring(call(underlying="ADANITRANS", **facts))
    bring(call(underlying="ADANIENSOL", **facts), day=TUESDAY)
    assert only().symbol == "ADANIENSOL EQ"


def test_an_older_file_finds_the_moved_contract_and_leaves_it() -> None:
    bring(call(expiry=SHIFTED), day=TUESDAY)
    master = bring(call(), day=MONDAY)
    assert (master.added, master.unchanged, only().expiry) == (0, 1, SHIFTED)


def test_a_broker_that_has_not_heard_of_a_shift_does_not_undo_it() -> None:
    bring(call())
    bring(call(expiry=SHIFTED), day=TUESDAY, source=BROKER)
    master = bring(call(), day=TUESDAY, source=OTHER_BROKER)
    assert (only().expiry, master.counts) == (SHIFTED, {"disagrees": 1})


def test_the_exchange_moves_what_a_stale_broker_listed_that_morning() -> None:
    bring(call())
    bring(call(), day=TUESDAY, source=BROKER)
    bring(call(expiry=SHIFTED), day=TUESDAY)
    assert only().expiry == SHIFTED


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_one_is_turned_away() -> None:
    refused: list[object] = []

    def rows() -> object:
        yield call(1)
        refused.extend(race(lambda: bring(call(1, lot_size=75), source=BROKER)))

    master = take(rows())
    assert (master.added, only().lot_size) == (1, 65)
    assert [(type(error), error.code) for error in refused] == [(Conflict, "import_running")]  # type: ignore[attr-defined]
    assert MasterImport.objects.count() == 1
