"""Facts from the tables: seeding, look-up, correction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from markets.models import BrokerageRate, ChargeRate, ContractFact, Holiday, Market, SessionTime
from markets.seeding import seed_markets
from markets.selectors import calendar, charge_schedule, contract_facts, live_market, reload_facts
from markets.services import fact_save
from qlplatform.core.errors import OperatorError, UserError
from qlplatform.core.models import AuditEntry
from qlplatform.core.tenancy import Actor
from tests.unit.markets import facts as files

CURATOR = Actor.system("curator")


def test_seeding_again_adds_nothing() -> None:
    models = (Holiday, SessionTime, ContractFact, ChargeRate, BrokerageRate)
    before = [model._default_manager.count() for model in models]
    assert all(before)
    assert set(seed_markets().values()) == {0}
    assert [model._default_manager.count() for model in models] == before


def test_seeding_keeps_what_an_admin_corrected() -> None:
    ContractFact.objects.filter(underlying="NIFTY", field="lot_size", value="65").update(value="60")
    seed_markets()
    assert contract_facts().lot_size("NIFTY", date(2026, 11, 23)) == 60


def test_every_row_of_the_files_is_in_the_tables() -> None:
    for name, model in (("holidays", Holiday), ("sessions", SessionTime), ("contracts", ContractFact)):
        assert model._default_manager.count() == len(list(files.records(files.MARKET / f"{name}.csv")))


def test_every_fact_has_a_source() -> None:
    for model in (Holiday, SessionTime, ContractFact, ChargeRate, BrokerageRate):
        assert not model._default_manager.filter(source="").exists()


def test_the_tables_answer_as_the_files_do() -> None:
    on = date(2022, 6, 8)
    assert calendar().session(on) == files.calendar().session(on)
    assert contract_facts().lot_size("NIFTY", date(2022, 6, 9)) == 50
    order = {"segment": "INDEX_OPT", "exchange": "NSE", "broker": "zerodha", "side": "SELL", "on": on}
    assert charge_schedule().for_order(turnover_paise=1_000_000, **order) == files.charges().for_order(
        turnover_paise=1_000_000, **order
    )


def test_there_is_one_live_market() -> None:
    assert live_market().kind == Market.Kind.LIVE
    with pytest.raises(IntegrityError), transaction.atomic():
        Market.objects.create(kind=Market.Kind.LIVE)


def test_without_a_live_market_the_operator_is_told() -> None:
    Market.objects.all().delete()
    with pytest.raises(OperatorError, match=r"run `manage\.py seed`"):
        live_market()


def test_facts_are_cached_until_reloaded() -> None:
    known = calendar()
    assert calendar() is known
    reload_facts()
    assert calendar() is not known


def test_a_late_holiday_counts_at_once_and_is_audited(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    on = date(2026, 12, 9)
    assert calendar().is_trading_day(on)
    holiday = Holiday(
        date=on, exchange="NSE", segment="FO", kind="HOLIDAY", name="Election", source="NSE circular"
    )
    with django_capture_on_commit_callbacks(execute=True):
        fact_save(fact=holiday, by=CURATOR)
    assert not calendar().is_trading_day(on)
    entry = AuditEntry.objects.get(action="fact.added")
    assert (entry.target_type, entry.before, entry.after["date"]) == ("markets.holiday", None, "2026-12-09")


def test_a_correction_tells_before_and_after() -> None:
    rate = ChargeRate.objects.get(segment="INDEX_OPT", item="STT", effective_to=None)
    rate.rate, rate.source = "0.2", "Finance Act 2027"
    fact_save(fact=rate, by=CURATOR)
    entry = AuditEntry.objects.get(action="fact.changed")
    assert (entry.before["rate"], entry.after["rate"]) == ("0.150000", "0.2")
    assert entry.before["effective_from"] == "2026-04-01"


def test_a_fact_without_a_source_is_refused() -> None:
    row = ContractFact.objects.first()
    assert row is not None
    row.source, row.value = " ", "1"
    with pytest.raises(UserError) as caught:
        fact_save(fact=row, by=CURATOR)
    assert caught.value.code == "source_missing"
    row.refresh_from_db()
    assert row.value != "1"


def test_an_end_before_the_start_is_refused_by_the_database() -> None:
    row = ContractFact.objects.filter(underlying="NIFTY").first()
    assert row is not None
    row.effective_to = date(1999, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_facts")
    call_command("sessions")
    printed = capsys.readouterr().out
    assert "holidays.csv: 0 new rows" in printed
    assert "nifty_2022-06 (NIFTY, bundled, 15 days)\n  2022-06-08 Wed" in printed
