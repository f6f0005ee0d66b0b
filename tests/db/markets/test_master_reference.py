"""The exchanges' real files: every line accounted for, lots and expiries as published."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from django.conf import LazySettings

from markets.models import Instrument, MasterImport
from markets.services import figures_import, master_file_import
from qlplatform.core.tenancy import Actor
from tests.factories.reference import reference

BY = Actor.system("test")
UDIFF = ("nse_fo_bhavcopy_udiff_2026", "BhavCopy_NSE_FO_0_0_0_20260129_F_0000.csv.zst")


@pytest.fixture(autouse=True)
def _own_var(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


def load(source: str, *parts: str, day: date | None = None) -> MasterImport:
    path = reference("data", *parts)
    master = master_file_import(source_name=source, path=path, by=BY, day=day)
    assert (
        master.rows == master.added + master.changed + master.unchanged + master.skipped + master.quarantined
    )
    return master


def test_the_contract_file_of_february_2020() -> None:
    master = load("nse_contract", "instrument_masters", "nse_nnf_contract_2020-02.txt.zst")
    assert (master.day, master.rows, master.added) == (date(2020, 2, 6), 43_909, 43_527)
    assert (master.skipped, master.quarantined) == (382, 0)
    facts = ("lot_size", "tick_paise", "freeze_qty")
    found = Instrument.objects.filter(underlying="BANKNIFTY").values_list(*facts).distinct()
    assert list(found) == [(20, 5, 2500)]
    kinds = Counter(Instrument.objects.values_list("kind", flat=True))
    assert kinds == {"CE": 21_549, "PE": 21_549, "FUT": 429}


def test_a_bhavcopy_keeps_every_lot_and_expiry() -> None:
    master = load("udiff", *UDIFF)
    assert (master.day, master.rows, master.added, master.quarantined) == (
        date(2026, 1, 29),
        36_704,
        36_704,
        0,
    )
    table = published()
    fields = ("exchange_token", "underlying", "lot_size", "expiry", "strike_paise")
    listed = set(Instrument.objects.values_list(*fields))
    assert listed == table


def published() -> set[tuple[object, ...]]:
    path = reference("data", *UDIFF)
    text = pyarrow.csv.ConvertOptions(column_types={"FinInstrmId": pyarrow.string()})
    table = pyarrow.csv.read_csv(str(path), convert_options=text)
    columns = ("FinInstrmId", "TckrSymb", "NewBrdLotQty", "XpryDt", "StrkPric")
    rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
    return {(*row, None if strike is None else round(strike * 100)) for *row, strike in rows}


def test_a_bhavcopy_after_the_contract_file_of_another_era_shares_nothing() -> None:
    load("nse_contract", "instrument_masters", "nse_nnf_contract_2020-02.txt.zst")
    master = load("udiff", *UDIFF)
    assert (master.added, master.counts) == (36_704, {})


@pytest.mark.parametrize(
    ("name", "day", "shares", "rows"),
    [
        ("cm03Mar2025bhav.csv.zst", date(2025, 3, 3), 2040, 2854),
        ("cm04Mar2025bhav.csv.zst", date(2025, 3, 4), 2038, 2821),
    ],
)
def test_equity_bhavcopies(name: str, day: date, shares: int, rows: int) -> None:
    master = load("old_cm", "nse_cm_bhavcopy_old_format_2025", name)
    assert (master.day, master.added, master.rows, master.quarantined) == (day, shares, rows, 0)


@pytest.mark.parametrize(
    ("source", "name", "day", "rows"),
    [
        ("mktlots", "nse_fo_mktlots_2025-10.csv", date(2025, 10, 6), 229),
        ("qtyfreeze", "nse_qtyfreeze_2022-01.xls", date(2022, 1, 21), 201),
        ("strike_scheme", "nse_fo_strike_scheme_2025-10-06.csv", None, 1252),
    ],
)
def test_files_of_figures(source: str, name: str, day: date | None, rows: int) -> None:
    path = reference("data", "instrument_masters", name)
    master = figures_import(source_name=source, path=path, by=BY, day=day)
    assert (master.rows, master.unchanged, master.quarantined) == (rows, rows, 0)


def test_the_lots_of_october_2025_are_those_of_the_dated_facts() -> None:
    path = reference("data", "instrument_masters", "nse_fo_mktlots_2025-10.csv")
    assert figures_import(source_name="mktlots", path=path, by=BY, day=date(2025, 10, 6)).counts == {}
