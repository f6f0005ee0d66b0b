"""What was imported comes out again, by day."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from markets import risk_store
from markets.spn_files import read_spn
from tests.unit.markets.margin import spn

DAY = date(2026, 6, 25)


@pytest.fixture
def path(tmp_path: Path, settings: LazySettings) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    path = tmp_path / "nsccl.20260625.s.spn"
    path.write_bytes(spn.nifty())
    return path


def test_figures_come_out_as_they_went_in(path: Path) -> None:
    call_command("import_span", str(path), stdout=io.StringIO())
    found, given = risk_store.load("NIFTY", DAY), read_spn(path).underlyings["NIFTY"]
    assert found is not None
    assert (found.spot_paise, found.future_prices) == (given.spot_paise, given.future_prices)
    assert found.spreads == given.spreads
    assert found.contracts.keys() == given.contracts.keys()
    for contract, array in given.contracts.items():
        kept = found.contracts[contract]
        assert (kept.delta, kept.price) == (array.delta, array.price)
        np.testing.assert_array_equal(kept.losses, array.losses)
    stock = risk_store.load("INFY", DAY)
    assert stock is not None
    assert (stock.spreads, stock.short_option_minimum) == ((), 3.5)


def test_other_days_and_underlyings_have_none(path: Path) -> None:
    call_command("import_span", str(path), symbols=["nifty"], stdout=io.StringIO())
    assert risk_store.load("NIFTY", date(2026, 6, 24)) is None
    assert risk_store.load("INFY", DAY) is None
    assert risk_store.load("../20260625/NIFTY", DAY) is None


def test_a_later_file_of_the_day_replaces(path: Path) -> None:
    call_command("import_span", str(path), stdout=io.StringIO())
    before = risk_store.load("NIFTY", DAY)
    path.write_bytes(spn.nifty().replace(b"<p>24000.35</p>", b"<p>24050.35</p>"))
    call_command("import_span", str(path), stdout=io.StringIO())
    after = risk_store.load("NIFTY", DAY)
    assert before is not None
    assert after is not None
    assert (before.spot_paise, after.spot_paise) == (24_000_35, 24_050_35)


def test_refused_files_leave_what_is_there(path: Path) -> None:
    told = io.StringIO()
    call_command("import_span", str(path), stdout=told)
    assert told.getvalue() == ("25 Jun 2026: 7 contracts of 2 underlyings. Margins of that day are exact.\n")
    path.write_bytes(spn.nifty()[:-100])
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("import_span", str(path))
    path.write_bytes(spn.nifty())
    with pytest.raises(CommandError, match="no contracts of NOSUCH"):
        call_command("import_span", str(path), symbols=["NOSUCH"])
    with pytest.raises(CommandError):
        call_command("import_span", str(path.parent / "missing.spn"))
    assert risk_store.load("NIFTY", DAY) is not None
