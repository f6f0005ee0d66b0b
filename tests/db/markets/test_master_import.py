"""Importing masters: what is listed, what stays the same, what is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from markets.domain.symbols import symbol_of
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Skip
from markets.models import Instrument, MasterImport, QuarantinedRow
from markets.services import master_summary
from qlplatform.core.models import AuditEntry
from tests.db.markets.masters import BROKER, EXCHANGE, EXPIRY, MONDAY, TUESDAY, bring, call, only, take

WEDNESDAY = date(2026, 11, 18)


def test_a_new_contract_is_listed_with_all_its_facts() -> None:
    master = bring(call())
    found = only()
    assert (master.state, master.rows, master.added, master.unchanged) == ("done", 1, 1, 0)
    assert (found.symbol, found.exchange_token) == ("NIFTY 24 NOV 25400 CE", "40001")
    assert (found.lot_size, found.tick_paise, found.freeze_qty) == (65, 5, 1800)
    assert (found.first_seen, found.last_seen) == (MONDAY, MONDAY)
    assert found.public_id.startswith("ins_")


@pytest.mark.parametrize(
    "row",
    [
        call(strike_paise=123_45),
        call(strike_paise=123_05, kind="PE"),
        call(kind="FUT", strike_paise=None),
        call(kind="INDEX", strike_paise=None, expiry=None, freeze_qty=None),
        call(kind="EQ", underlying="M&M", strike_paise=None, expiry=None, lot_size=1),
        call(expiry=date(2027, 1, 5)),
    ],
)
def test_instruments_are_named_as_everywhere_else(row: MasterRow) -> None:
    bring(row)
    assert only().symbol == symbol_of(row.underlying, row.kind, row.expiry, row.strike_paise)


def test_the_same_file_again_is_left_alone() -> None:
    first, again = bring(call()), bring(call())
    assert (first.pk, MasterImport.objects.count()) == (again.pk, 1)


def test_the_next_day_only_the_day_moves() -> None:
    bring(call())
    before = only()
    master = bring(call(), day=TUESDAY)
    assert (master.added, master.changed, master.unchanged, master.diff) == (0, 0, 1, {})
    assert (only().pk, only().first_seen, only().last_seen) == (before.pk, MONDAY, TUESDAY)


def test_changed_facts_are_taken_and_told() -> None:
    bring(call())
    master = bring(call(lot_size=75, tick_paise=10, freeze_qty=1200), day=TUESDAY)
    name = "NIFTY 24 NOV 25400 CE"
    assert (master.changed, master.unchanged) == (1, 0)
    assert master.diff == {
        "lot_changed": [{"instrument": name, "before": 65, "after": 75}],
        "tick_changed": [{"instrument": name, "before": 5, "after": 10}],
        "freeze_changed": [{"instrument": name, "before": 1800, "after": 1200}],
    }
    assert (only().lot_size, only().tick_paise, only().freeze_qty) == (75, 10, 1200)


def test_what_a_file_does_not_state_stays() -> None:
    bring(call())
    bring(call(tick_paise=None, freeze_qty=None, exchange_token=""), day=TUESDAY)
    assert (only().tick_paise, only().freeze_qty, only().exchange_token) == (5, 1800, "40001")


def test_an_older_file_fills_gaps_and_changes_nothing() -> None:
    bring(call(freeze_qty=None, exchange_token=""), day=TUESDAY)
    master = bring(call(lot_size=75), day=MONDAY)
    found = only()
    assert (master.changed, master.diff) == (0, {})
    assert (found.lot_size, found.freeze_qty, found.exchange_token) == (65, 1800, "40001")
    assert (found.first_seen, found.last_seen) == (MONDAY, TUESDAY)


def test_a_broker_does_not_overrule_the_same_day_and_the_difference_is_told() -> None:
    bring(call())
    master = bring(call(lot_size=75), source=BROKER)
    assert only().lot_size == 65
    assert master.counts == {"disagrees": 1}
    assert master.diff["disagrees"] == [{"instrument": "NIFTY 24 NOV 25400 CE", "before": 65, "after": 75}]


def test_the_exchange_overrules_a_broker_and_a_publisher_its_own_file() -> None:
    bring(call(lot_size=75), source=BROKER)
    bring(call(lot_size=50), source=BROKER)
    assert only().lot_size == 50
    bring(call(lot_size=65))
    assert only().lot_size == 65


def test_contracts_that_are_not_listed_any_more_are_told_and_kept() -> None:
    bring(call(1), call(2, strike_paise=25_500_00, exchange_token="40002"))
    master = bring(call(1), day=TUESDAY)
    assert (master.gone, master.counts) == (1, {"gone": 1})
    assert master.diff["gone"] == [
        {"instrument": "NIFTY 24 NOV 25500 CE", "before": "2026-11-16", "after": None}
    ]
    assert Instrument.objects.count() == 2


def test_expired_contracts_are_not_gone() -> None:
    bring(call(1), call(2, expiry=TUESDAY, exchange_token="40002"))
    assert bring(call(1), day=WEDNESDAY).gone == 0


def test_a_lot_that_the_file_does_not_tell_comes_from_the_dated_facts() -> None:
    bring(call(expiry=EXPIRY, lot_size=None))
    assert only().lot_size == 65


def test_a_contract_whose_lot_nobody_knows_is_quarantined() -> None:
    master = bring(call(1), call(2, underlying="RELIANCE", lot_size=None, exchange_token="2"))
    assert (master.added, master.counts["quarantined"]) == (1, {"lot_unknown": 1})


def test_every_line_is_used_skipped_or_quarantined() -> None:
    rows = [call(1), Skip(2, "debt"), Skip(3, "debt"), Bad(4, "ragged", "3 values", "a,b,c")]
    master = bring(*rows, call(5, strike_paise=0), call(6, exchange_token="6", kind="PE"))
    assert (master.rows, master.added, master.skipped, master.quarantined) == (6, 2, 2, 2)
    assert master.counts == {"skipped": {"debt": 2}, "quarantined": {"ragged": 1, "bad_strike": 1}}
    assert [(row.line, row.code) for row in master.quarantine.all()] == [(4, "ragged"), (5, "bad_strike")]
    assert master_summary(master) == "exchange 2026-11-16: 6 rows, 2 added, 2 skipped, 2 quarantined"


def test_the_same_contract_twice_counts_once() -> None:
    master = bring(call(1), call(2))
    assert (master.added, master.counts["quarantined"]) == (1, {"duplicate_key": 1})
    assert master.quarantine.get().line == 2


def test_a_contract_with_two_sets_of_facts_is_not_believed() -> None:
    master = bring(call(1), call(2, lot_size=75), call(3, kind="PE", exchange_token="3"), call(4, kind="FUT",
        strike_paise=None, exchange_token="4"))  # fmt: skip
    assert (master.added, master.counts["quarantined"]) == (2, {"contradicting_key": 2})


def test_a_number_given_to_two_contracts_is_not_believed() -> None:
    fine = [call(n, strike_paise=n * 100_00, exchange_token=str(n)) for n in (3, 4)]
    master = bring(call(1), call(2, kind="PE"), *fine)
    assert (master.added, master.counts["quarantined"]) == (2, {"duplicate_token": 2})


def test_shares_and_contracts_may_have_the_same_number() -> None:
    share = call(2, kind="EQ", underlying="ABB", strike_paise=None, expiry=None, lot_size=1)
    assert bring(call(1), share).added == 2


def test_a_file_with_too_many_unusable_rows_leaves_everything_as_it_was() -> None:
    bring(call())
    wrong = [Bad(line, "bad_price", "strike 'x' is no number", f"line {line}") for line in range(2, 1102)]
    with pytest.raises(MasterUnreadable, match="1100 of 1101 rows cannot be used: nothing was imported"):
        bring(call(1, lot_size=75), *wrong, day=TUESDAY)
    failed = MasterImport.objects.get(state="failed")
    assert (only().lot_size, only().last_seen) == (65, MONDAY)
    assert (failed.rows, failed.quarantined, failed.counts) == (
        1101,
        1100,
        {"quarantined": {"bad_price": 1100}},
    )
    assert QuarantinedRow.objects.filter(master=failed).count() == 1000
    assert AuditEntry.objects.filter(action="master.refused", target_id=failed.public_id).count() == 1


def test_a_file_that_breaks_off_leaves_everything_as_it_was() -> None:
    def broken() -> object:
        yield call(1)
        raise MasterUnreadable("The archive is damaged.")

    with pytest.raises(MasterUnreadable, match="damaged"):
        take(broken())
    assert (Instrument.objects.count(), MasterImport.objects.get().message) == (0, "The archive is damaged.")


def test_a_file_without_a_usable_row_is_refused() -> None:
    with pytest.raises(MasterUnreadable, match="no usable row"):
        bring(Skip(1, "debt"))


def test_a_file_that_was_refused_can_be_tried_again() -> None:
    for _ in range(2):
        with pytest.raises(MasterUnreadable):
            bring(Skip(1, "debt"))
    assert MasterImport.objects.filter(state="failed").count() == 2


def test_a_dry_run_tells_everything_and_leaves_nothing() -> None:
    bring(call())
    master = bring(call(lot_size=75), day=TUESDAY, dry_run=True)
    assert (master.changed, master.pk, list(master.diff)) == (1, None, ["lot_changed"])
    assert (only().lot_size, only().last_seen, MasterImport.objects.count()) == (65, MONDAY, 1)


def test_an_import_is_in_the_audit_trail() -> None:
    master = bring(call())
    entry = AuditEntry.objects.get(action="master.imported")
    assert (entry.target_id, entry.text) == (master.public_id, "exchange 2026-11-16: 1 rows, 1 added")


def test_a_file_much_shorter_than_the_one_before_is_pointed_out() -> None:
    bring(*(call(n, strike_paise=n * 100_00, exchange_token=str(n)) for n in range(1, 6)))
    master = bring(call(), day=TUESDAY)
    assert master.message == "Lists 1 instruments; the file before it listed 5."


def test_a_file_that_lacks_contracts_is_pointed_out() -> None:
    rows = [call(n, strike_paise=n * 100_00, exchange_token=str(n)) for n in range(1, 6)]
    bring(*rows)
    master = bring(*rows[:4], day=TUESDAY)
    assert (
        master.message == "Lacks 1 unexpired contracts that were listed before: it may have been cut short."
    )


def test_an_index_is_found_whether_or_not_a_session_made_it() -> None:
    index = Instrument.objects.create(underlying="NIFTY", kind="INDEX", symbol="NIFTY")
    bring(call(kind="INDEX", strike_paise=None, expiry=None, lot_size=None, freeze_qty=None))
    assert (only().pk, only().exchange_token, only().first_seen) == (index.pk, "40001", MONDAY)


def test_what_follows_an_import_sees_the_instrument_of_every_line() -> None:
    seen = []

    def look(master: MasterImport) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT line, instrument_id, how, symbol FROM master_stage ORDER BY line")
            seen.extend(cursor.fetchall())
        return {"aliases": len(seen)}

    source = EXCHANGE.__class__("exchange", "", iter, after_upsert=look)  # type: ignore[arg-type]
    bring(call(1))
    first = only()
    master = bring(call(1), call(7, kind="PE", exchange_token="2", symbol="p"), day=TUESDAY, source=source)
    second = Instrument.objects.get(kind="PE")
    assert seen == [(1, first.pk, "key", ""), (7, second.pk, "new", "p")]
    assert master.counts == {"aliases": 2}
