"""A synthetic market as files: made twice the same, read and replayed like any other session set."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from markets.quotes import SnapshotBuilder
from markets.services import instruments_ensure
from markets.services.volatility import volatility_of_session
from markets.sessions import Session, session_sources
from markets.synthetic import SyntheticPlan, generate
from tests.factories.synthetic import synthetic_source

SMALL = SyntheticPlan(seed=4, sessions=2, strikes=11)
FIRST, EXPIRY_DAY, LAST = date(2025, 11, 13), date(2025, 11, 18), date(2025, 11, 20)


def session_of(day: date) -> Session:
    return synthetic_source().load(day)


def test_one_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [generate(SMALL, tmp_path / name / "set") for name in ("a", "b")]
    assert made[0] == made[1]
    for name in ("options.parquet", "index.parquet", "session.json"):
        assert (tmp_path / "a/set" / name).read_bytes() == (tmp_path / "b/set" / name).read_bytes()


def test_another_seed_gives_another_market(tmp_path: Path) -> None:
    generate(SMALL, tmp_path / "a")
    generate(SyntheticPlan(seed=5, sessions=2, strikes=11), tmp_path / "b")
    one, two = ((tmp_path / name / "index.parquet").read_bytes() for name in "ab")
    assert one != two


def test_a_day_is_whole(db: None) -> None:
    session = session_of(FIRST)
    assert (len(session.times), session.warnings) == (375, {})
    assert None not in session.spot_paise
    assert None not in session.vix
    assert session.spot_ohlc is not None
    rights = [contract.right for contract in session.contracts]
    assert (rights.count("CE"), rights.count("PE"), rights.count("FUT")) == (102, 102, 2)
    assert session.columns == (
        "open", "high", "low", "volume", "oi", "bid", "ask", "bid_qty", "ask_qty"
    )  # fmt: skip


def test_only_far_strikes_miss_minutes(db: None) -> None:
    session = session_of(FIRST)
    missing = (session.prices == 0).sum(axis=0)
    away = np.array([abs(contract.strike_paise - 26_000_00) for contract in session.contracts])
    assert missing[(away < 800_00) | (away == 26_000_00)].sum() == 0
    assert missing.max() > 50


def test_strikes_once_listed_stay(db: None) -> None:
    before, after = (
        {contract for contract in session_of(day).contracts if contract.expiry == date(2025, 11, 25)}
        for day in (FIRST, LAST)
    )
    assert before < after


def test_the_expiry_leaves_and_the_next_one_comes(db: None) -> None:
    def expiries(day: date) -> list[str]:
        return sorted({str(c.expiry) for c in session_of(day).contracts if c.right != "FUT"})

    assert expiries(EXPIRY_DAY) == ["2025-11-18", "2025-11-25"]
    assert expiries(LAST) == ["2025-11-25", "2025-12-02"]


def test_it_is_listed_and_quoted_like_any_other(db: None) -> None:
    session = session_of(FIRST)
    ids = {contract: row.pk for contract, row in instruments_ensure(session).items()}
    snapshot = SnapshotBuilder(session, ids, market_id=1).snapshot(375)
    assert len(snapshot.marks()) == len(session.contracts)
    assert set(snapshot.spot) == {"NIFTY", "INDIAVIX"}
    assert (snapshot.column("ask") > snapshot.column("bid")).all()


def test_its_volatility_is_that_of_the_plan(db: None) -> None:
    (day,) = volatility_of_session(session=session_of(FIRST), source="synthetic")
    assert day.iv_near == pytest.approx(0.13, abs=0.02)


def test_the_command_makes_a_set_that_can_be_chosen(
    db: None, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR_DIR = tmp_path
    call_command(
        "make_market", "--seed=7", "--underlying=banknifty", "--sessions=1", "--strikes=11", "--json"
    )
    manifest = json.loads(capsys.readouterr().out)
    assert (manifest["origin"], manifest["plan"]["seed"], manifest["days"]) == (
        "synthetic",
        7,
        ["2025-11-13"],
    )
    source = session_sources()["synthetic_banknifty_7"]
    assert (source.underlying, source.made_up, source.days) == ("BANKNIFTY", True, (FIRST,))
    assert len(source.load(FIRST).contracts) == 46


def test_the_command_says_what_is_wrong(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="bad_plan: sessions has to be from 1 to 60; it is 99"):
        call_command("make_market", "--sessions=99", f"--out={tmp_path / 'x'}")
    assert not (tmp_path / "x").exists()
