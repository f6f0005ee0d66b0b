"""Freeze limits, lots and strike steps from the exchange's files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from markets.models import ContractFact, Instrument, MasterImport
from markets.services import figures_import
from qlplatform.core.errors import NotFound
from qlplatform.core.tenancy import Actor
from tests.db.markets.masters import MONDAY, TUESDAY, bring, call
from tests.factories.reference import reference

BY = Actor.system("test")
OCTOBER = date(2025, 10, 6)
MONTHLY = date(2025, 10, 28)  # the monthly expiry of October 2025


def lots(folder: Path, *lines: str, day: date = OCTOBER, **more: Any) -> MasterImport:
    path = folder / "fo_mktlots.csv"
    path.write_text("\n".join(["Symbol,Lot Size", *lines]))
    return figures_import(source_name="mktlots", path=path, by=BY, day=day, **more)


def steps(folder: Path, *lines: str) -> MasterImport:
    path = folder / "sos_scheme.csv"
    path.write_text("\n".join(["06102025", "Symbol,Month type,Symbol Type,Step Value", *lines]))
    return figures_import(source_name="strike_scheme", path=path, by=BY)


def freezes(day: date) -> MasterImport:
    """The published workbook of January 2022: NIFTY 1800, BANKNIFTY 1200."""
    path = reference("data", "instrument_masters", "nse_qtyfreeze_2022-01.xls")
    return figures_import(source_name="qtyfreeze", path=path, by=BY, day=day)


def test_freeze_limits_go_onto_the_listed_contracts() -> None:
    bring(call(1, freeze_qty=900), call(2, underlying="BANKNIFTY", exchange_token="2", freeze_qty=1200))
    master = freezes(TUESDAY)
    found = dict(Instrument.objects.values_list("underlying", "freeze_qty"))
    assert found == {"NIFTY": 1800, "BANKNIFTY": 1200}
    assert (master.rows, master.changed, master.unchanged) == (201, 1, 200)
    assert master.diff["freeze_changed"] == [
        {"instrument": "NIFTY, 1 contracts", "before": 900, "after": 1800}
    ]


def test_an_older_freeze_file_changes_nothing() -> None:
    bring(call(freeze_qty=900), day=TUESDAY)
    assert (freezes(MONDAY).changed, Instrument.objects.get().freeze_qty) == (0, 900)


def test_freeze_limits_that_differ_from_the_dated_facts_are_told_not_taken() -> None:
    before = list(ContractFact.objects.order_by("pk").values())
    differs = freezes(date(2025, 7, 15)).diff["differs"]
    assert {"instrument": "BANKNIFTY freeze_qty on 2025-07-15", "before": 600, "after": 1200} in differs
    assert "NIFTY freeze_qty on 2025-07-15" not in [each["instrument"] for each in differs]
    assert list(ContractFact.objects.order_by("pk").values()) == before


def test_lots_that_agree_are_quiet(tmp_path: Path) -> None:
    master = lots(tmp_path, "NIFTY,75", "ABB,125")
    assert (master.rows, master.unchanged, master.diff) == (2, 2, {})


def test_lots_that_differ_from_facts_or_contracts_are_told(tmp_path: Path) -> None:
    bring(call(1, expiry=MONTHLY, lot_size=75), call(2, underlying="ABB", exchange_token="2", expiry=MONTHLY),
        day=OCTOBER)  # fmt: skip
    master = lots(tmp_path, "NIFTY,65", "ABB,125")
    assert master.counts == {"differs": 3}
    assert master.diff["differs"] == [
        {"instrument": "NIFTY lot_size of 2025-10-28", "before": 75, "after": 65},
        {"instrument": "NIFTY contracts of 2025-10-28", "before": 75, "after": 65},
        {"instrument": "ABB contracts of 2025-10-28", "before": 65, "after": 125},
    ]
    assert Instrument.objects.get(underlying="ABB").lot_size == 65


def test_strikes_off_the_step_are_told(tmp_path: Path) -> None:
    listed = [call(n, underlying="ABB", expiry=MONTHLY, strike_paise=strike * 100, exchange_token=str(n))
        for n, strike in enumerate([5000, 5050, 5075], start=1)]  # fmt: skip
    bring(*listed, day=OCTOBER)
    master = steps(tmp_path, "ABB,M1,EQUITY,50", "ABB,M1,EQUITY,100")
    assert master.diff == {
        "differs": [{"instrument": "ABB strikes off the step", "before": 1, "after": "50.00"}]
    }


def test_a_figure_told_twice_is_quarantined(tmp_path: Path) -> None:
    master = lots(tmp_path, "ABB,125", "ABB,250")
    assert (master.unchanged, master.counts) == (1, {"quarantined": {"duplicate_key": 1}})


def test_the_same_file_again_is_left_alone(tmp_path: Path) -> None:
    assert lots(tmp_path, "ABB,125").pk == lots(tmp_path, "ABB,125").pk


def test_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    assert lots(tmp_path, "ABB,125", dry_run=True).pk is None
    assert MasterImport.objects.count() == 0


def test_an_unknown_file_of_figures_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        figures_import(source_name="udiff", path=tmp_path / "x", by=BY)
