"""The volatility of a day is kept once, at its end, and compared with later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from markets.models import Market, VolatilityDay
from markets.seeding import seed_markets
from markets.selectors import chain as chains
from markets.selectors import live_market, reload_facts
from markets.services import market_end, volatility_at_close, volatility_of_session
from markets.sessions import bundled_sources
from markets.tasks import volatility_day
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from tests.factories.chains import DAY, SOURCE, replay_at

BARS = 375


@pytest.fixture(autouse=True)
def _facts(db: None) -> Iterator[None]:
    seed_markets()
    yield
    reload_facts()


@pytest.fixture
def market() -> Market:
    return replay_at(Workspace.objects.create(name="Asha"), BARS)


def test_the_end_of_a_replay_keeps_its_day(
    market: Market, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        market_end(market=market, by=Actor.system("test"))
    [day] = VolatilityDay.objects.all()
    found = chains.chain(market, "NIFTY")
    assert found is not None
    assert (day.underlying, day.day, day.source) == ("NIFTY", DAY, SOURCE)
    assert day.iv_near == found.table.figures.atm_iv
    assert day.straddle_paise == round((found.table.figures.straddle or 0) * 100)


def test_a_recording_gives_the_same_without_being_replayed(market: Market) -> None:
    [played] = volatility_at_close(market=market)
    iv = played.iv_near
    VolatilityDay.objects.all().delete()
    [taken] = volatility_of_session(session=bundled_sources()[SOURCE].load(DAY), source=SOURCE)
    assert taken.iv_near == iv


def test_what_was_seen_live_is_not_replaced_by_a_recording(market: Market) -> None:
    VolatilityDay.objects.create(underlying="NIFTY", day=DAY, iv_near=0.2, source="live")
    volatility_at_close(market=market)
    assert VolatilityDay.objects.get().iv_near == 0.2


def test_another_days_prices_are_not_kept(market: Market) -> None:
    assert volatility_at_close(market=market, on=DAY + timedelta(days=1)) == []


def test_the_live_market_without_prices_keeps_nothing() -> None:
    assert live_market()
    assert volatility_day() == 0


def test_a_later_day_is_ranked_among_the_earlier_ones_only(market: Market) -> None:
    found = chains.chain(market, "NIFTY")
    assert found is not None
    now = found.table.figures.atm_iv or 0
    for n in range(25):
        VolatilityDay.objects.create(
            underlying="NIFTY", day=DAY - timedelta(days=n + 1), iv_near=now + (n - 10) / 100, source="x"
        )
    VolatilityDay.objects.create(underlying="NIFTY", day=DAY + timedelta(days=1), iv_near=9.0, source="x")
    whole = chains.term(market, "NIFTY")
    assert whole is not None
    assert (whole.rank.days, whole.rank.basis) == (25, "iv_near")
    assert whole.rank.rank == pytest.approx(100 * 10 / 24)
    assert whole.rank.percentile == pytest.approx(100 * 10 / 25)


def test_recorded_days_are_taken_over_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("volatility_history", "--from-sessions", SOURCE)
    assert f"{SOURCE}: 12 of 15 days kept" in capsys.readouterr().out
    assert VolatilityDay.objects.filter(iv_near__gt=0.05, iv_near__lt=1.5).count() == 12
    with pytest.raises(CommandError, match="There is no session set “none”"):
        call_command("volatility_history", "--from-sessions", "none")


def test_on_an_expiry_day_the_expiring_contracts_have_no_volatility_left() -> None:
    """The recording has no other expiry, so the day is not kept: better none than one that says nothing."""
    session = bundled_sources()[SOURCE].load(date(2022, 6, 9))
    assert volatility_of_session(session=session, source=SOURCE) == []
