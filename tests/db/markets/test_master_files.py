"""Files on disk: the command, the day, the kept copies."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from markets.models import Instrument, MasterImport
from markets.services import master_file_import
from qlplatform.core.errors import NotFound, UserError
from qlplatform.core.tenancy import Actor

HEADER = (
    "TradDt,Sgmt,Src,FinInstrmTp,FinInstrmId,TckrSymb,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,"
    "NewBrdLotQty"
)
DAY = date(2026, 1, 29)
BY = Actor.system("test")


@pytest.fixture(autouse=True)
def _own_var(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


def bhavcopy(folder: Path, day: date = DAY, lot: str = "65", more: str = "") -> Path:
    path = folder / "bhavcopy.csv"
    option = f"{day},FO,NSE,IDO,57012,NIFTY,2026-02-24,2026-02-24,25000.00,CE,NIFTY26FEB25000CE,{lot}\n"
    path.write_text(f"{HEADER}\n{option}{more}")
    return path


def run(*args: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_master", *[str(arg) for arg in args], stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_tells_what_a_file_brought(tmp_path: Path) -> None:
    bad = f"{DAY},FO,NSE,IDO,57013,NIFTY,2026-02-24,2026-02-24,x,CE,NIFTY26FEB25100CE,65\n"
    out, _ = run("udiff", bhavcopy(tmp_path, more=bad))
    assert out.splitlines() == [
        "Imported udiff 2026-01-29: 2 rows, 1 added, 1 quarantined",
        "  quarantined: 1 × bad_strike",
    ]


def test_the_command_shows_changes_and_a_dry_run_makes_none(tmp_path: Path) -> None:
    run("udiff", bhavcopy(tmp_path))
    out, _ = run("udiff", bhavcopy(tmp_path, day=DAY + timedelta(days=1), lot="75"), "--dry-run")
    assert out.splitlines() == [
        "Would import udiff 2026-01-30: 1 rows, 1 changed",
        "  lot_changed: 1",
        "    NIFTY 24 FEB 25000 CE: 65 → 75",
    ]
    assert (Instrument.objects.get().lot_size, MasterImport.objects.count()) == (65, 1)


def test_the_same_file_again_says_so(tmp_path: Path) -> None:
    run("udiff", bhavcopy(tmp_path))
    out, _ = run("udiff", bhavcopy(tmp_path))
    assert out == "Already imported, nothing to do. udiff 2026-01-29: 1 rows, 1 added\n"


@pytest.mark.parametrize(
    ("source", "content", "day", "told"),
    [
        ("nasdaq", "", None, "There is no source 'nasdaq'. There are: "),
        ("udiff", "<html>", None, "The file has no column TradDt"),
        ("udiff", "", None, "The file has no column TradDt"),
        ("udiff", None, "2026-01-30", "speaks of 2026-01-29, not of 2026-01-30. [wrong_day]"),
        ("udiff", None, "29.1.26", "--day takes a day like 2026-11-23, not “29.1.26”."),
        ("mktlots", "Symbol,Lot Size\nABB,1\n", None, "tells its day: give it. [day_unknown]"),
        (
            "mktlots",
            "Symbol,Lot Size\nABB,1\n",
            "9999-12-31",
            "no day of a master: check the year. [day_range]",
        ),
        ("qtyfreeze", "SYMBOL", "2026-01-29", "is no Excel workbook"),
    ],
)
def test_bad_input_ends_in_a_plain_sentence(
    tmp_path: Path, source: str, content: str | None, day: str | None, told: str
) -> None:
    path = bhavcopy(tmp_path)
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError) as refused:
        run(source, path, *(["--day", day] if day else []))
    assert told in str(refused.value)
    assert refused.value.returncode == 2
    assert Instrument.objects.count() == 0


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        run("udiff", tmp_path / "none.csv")


def test_an_unknown_source_is_told() -> None:
    with pytest.raises(NotFound, match="There is no source 'x'"):
        master_file_import(source_name="x", path=Path("x"), by=BY)


def test_the_file_is_kept_compressed(tmp_path: Path) -> None:
    path = bhavcopy(tmp_path)
    master = master_file_import(source_name="udiff", path=path, by=BY)
    assert master.kept_as == "masters/udiff/2026-01-29.zst"
    kept = tmp_path / "var" / master.kept_as
    assert pyarrow.input_stream(str(kept), compression="zstd").read() == path.read_bytes()


def test_the_last_ten_days_are_kept(tmp_path: Path) -> None:
    for number in range(12):
        master_file_import(
            source_name="udiff", path=bhavcopy(tmp_path, day=DAY + timedelta(days=number)), by=BY
        )
    kept = sorted(path.name for path in (tmp_path / "var/masters/udiff").iterdir())
    assert (len(kept), kept[0]) == (10, "2026-01-31.zst")
    assert MasterImport.objects.filter(kept_as="").count() == 2


def test_a_refused_file_is_not_kept(tmp_path: Path) -> None:
    bad = "".join(f"{DAY},FO,NSE,IDO,{n},NIFTY\n" for n in range(30))
    with pytest.raises(UserError, match="30 of 31 rows cannot be used"):
        master_file_import(source_name="udiff", path=bhavcopy(tmp_path, more=bad), by=BY)
    assert not (tmp_path / "var/masters").exists()


def test_a_file_of_another_kind_is_refused_and_written_down(tmp_path: Path) -> None:
    wrong = tmp_path / "symbols_20260130.csv"
    wrong.write_text("Exchange,Token\nNSE,1\n")
    with pytest.raises(CommandError, match="has no column"):
        run("kite", wrong)
    master = MasterImport.objects.get()
    assert (master.source, master.state, master.day) == ("kite", "failed", date(2026, 1, 30))
    assert "has no column instrument_token" in master.message
