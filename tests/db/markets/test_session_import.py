"""Importing captures: what is refused, what is repaired, and what the set says of itself."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from markets.services import replay_market_create
from markets.session_files import SessionDataError
from markets.session_import import session_import
from markets.sessions import Session, manifest_of, own_folder, session_sources
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from tests.db.markets.files import EXPIRY, at, option, write_index, write_options

DAY = date(2022, 6, 8)
SPOTS: list[tuple[str, float | None]] = [("09:15", 16_446.35), ("09:16", 16_422.45)]
HEADER = (
    ",OI,CHNG IN OI,VOLUME,IV,LTP,CHNG,BID QTY,BID,ASK,ASK QTY,STRIKE,"
    "BID QTY,BID,ASK,ASK QTY,CHNG,LTP,IV,VOLUME,CHNG IN OI,OI,"
)


@pytest.fixture(autouse=True)
def _own_var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


def snap(time: str, strike: float = 16_450, **cells: Any) -> dict[str, Any]:
    """A row of a chain snapshot; lots of 50, open interest in contracts."""
    sides = {
        f"{side}_{name}": value
        for side in ("ce", "pe")
        for name, value in {
            "ltp": 100.0, "bid": 99.5, "ask": 100.5, "bid_qty": 50, "ask_qty": 100, "volume": 7, "oi": 3
        }.items()
    }  # fmt: skip
    return {"ts": at(time), "expiry": EXPIRY, "strike": strike, "spot": 16_440.0} | sides | cells


def chain(folder: Path, *rows: dict[str, Any], name: str = "chain.parquet") -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / name)
    return folder / name


def imported(*paths: Path, **more: Any) -> dict[str, Any]:
    return session_import(paths=paths, underlying="NIFTY", **({"name": "own"} | more))


def loaded() -> Session:
    return session_sources()["own"].load(DAY)


def code_of(*paths: Path, **more: Any) -> str:
    with pytest.raises(UserError) as refused:
        imported(*paths, **more)
    assert not (own_folder() / "refused").exists()
    return refused.value.code


def test_snapshots_keep_their_own_times_and_all_columns(tmp_path: Path) -> None:
    imported(chain(tmp_path, snap("09:15"), snap("09:17"), snap("15:30"), snap("15:31")))
    session = loaded()
    assert (session.kind, session.bar.total_seconds(), session.volume_is_total) == ("snapshots", 0, True)
    assert [f"{time:%H:%M}" for time in session.times] == ["03:45", "03:47", "10:00"]
    assert session.matrix("oi").tolist() == [[150, 150]] * 3
    assert session.matrix("ask_qty")[0].tolist() == [100, 100]
    assert session.gap_after(1).total_seconds() == 120
    assert session.gap_after(2).total_seconds() == 1_800  # a long pause is not waited for
    assert manifest_of(own_folder() / "own")["dropped"] == {"outside_session": 2}  # type: ignore[index]


def test_nonsense_is_taken_out_and_counted(tmp_path: Path) -> None:
    told = imported(
        chain(
            tmp_path,
            snap("09:15", ce_bid=101.0, pe_ltp=-4.0),
            snap("09:16", ce_ltp=0.0, ce_bid=0.0, ce_ask=float("inf"), ce_oi=0),
            snap("09:16"),
        )
    )
    assert told["cleared"] == {"crossed_quote": 1, "bad_price": 2}
    assert told["dropped"] == {"repeated_snapshot": 1, "nothing_quoted": 1}
    session = loaded()
    assert session.prices.tolist() == [[100_00, 0], [0, 100_00]]
    assert np.isnan(session.matrix("bid")[0, 0])


def test_a_contract_without_a_trade_keeps_its_quote(tmp_path: Path) -> None:
    imported(chain(tmp_path, snap("09:15", ce_ltp=None)))
    session = loaded()
    assert session.prices.tolist() == [[0, 100_00]]
    assert session.matrix("bid")[0].tolist() == [99.5, 99.5]
    assert session.warnings == {}


def test_pages_in_a_zip_with_day_and_expiry_in_their_names(tmp_path: Path) -> None:
    row = ',3,1,7,-,100.00,-,50,99.50,100.50,100,"16,450.00",50,99.50,100.50,100,-,100.00,-,7,1,3,'
    near = ',3,1,7,-,60.00,-,50,59.50,60.50,100,"16,500.00",50,119.50,120.50,100,-,120.00,-,7,1,3,'
    far = ',3,1,7,-,140.00,-,50,139.50,140.50,100,"16,400.00",50,59.50,60.50,100,-,60.00,-,7,1,3,'
    with zipfile.ZipFile(tmp_path / "2022-06-08.zip", "w") as archive:
        for clock in ("9_16", "10_5"):
            archive.writestr(f"{clock}.csv", "\r\n".join(["CALLS,,PUTS", HEADER, row, near, far, "1,2,3"]))
        archive.writestr("__MACOSX/9_16.csv", "nothing")
    told = imported(tmp_path / "2022-06-08.zip")
    assert (told["events"], told["dropped"]) == (2, {"ragged": 2})
    assert told["notes"] == [
        "the page does not tell its expiry: 2022-06-09 is the nearest by the rules of that time"
    ]
    assert loaded().spot_paise == (16_450_00, 16_450_00)


def test_bars_with_the_spot_beside_them(tmp_path: Path) -> None:
    rows = [option(time, 100.0, spot=16_440.0, oi=150) for time in ("09:15", "09:16")]
    told = imported(write_options(tmp_path, rows))
    assert (told["kind"], told["spot"]) == ("bars", "the column spot of the options")
    assert loaded().spot_paise == (16_440_00, 16_440_00)


def test_a_chain_takes_the_newest_price_of_an_index_file(tmp_path: Path) -> None:
    rows = [snap(time, spot=None) for time in ("09:16", "09:17", "10:30")]
    told = imported(chain(tmp_path, *rows), write_index(tmp_path, SPOTS))
    assert told["spot"] == "an index file"
    assert loaded().spot_paise == (16_446_35, 16_422_45, None)  # known at the end of its bar; then too old


def test_rows_of_other_days_and_underlyings_are_left_out(tmp_path: Path) -> None:
    other = [snap("09:15", symbol="BANKNIFTY"), snap("2022-06-07T09:15:00", symbol="NIFTY")]
    expired = snap("09:15", symbol="NIFTY") | {"expiry": date(2022, 6, 2)}
    told = imported(chain(tmp_path, snap("09:15", symbol="nifty"), *other, expired), day=DAY)
    assert told["dropped"] == {"other_underlying": 1, "other_day": 2, "expired": 2}
    assert told["days"] == ["2022-06-08"]


def test_one_day_of_a_longer_file_is_enough(tmp_path: Path) -> None:
    imported(chain(tmp_path, snap("09:15"), snap("2022-06-07T09:15:00")))
    assert session_sources()["own"].days == (date(2022, 6, 7), DAY)


def test_what_is_refused(tmp_path: Path) -> None:
    bars, index = write_options(tmp_path, [option("09:15", 10.0)]), write_index(tmp_path, SPOTS)
    snaps = chain(tmp_path, snap("09:15"))
    assert code_of(snaps, bars) == "mixed_layouts"
    assert code_of(bars) == "no_index"
    assert code_of(index) == "no_options"
    assert code_of(tmp_path / "none.parquet") == "unreadable_file"
    assert code_of(chain(tmp_path, {"a": 1}, name="a.parquet")) == "unknown_layout"
    assert code_of(chain(tmp_path, snap("09:15", strike=1_645_000), name="b.parquet")) == "wrong_units"
    assert code_of(chain(tmp_path, snap("2022-06-11T09:15:00"), name="c.parquet")) == "nothing_usable"
    assert code_of(snaps, name="../own") == "bad_name"
    assert code_of(snaps, name="nifty_2022-06") == "set_exists"
    assert "own" not in session_sources()


@pytest.mark.parametrize(("name", "code"), [("chain.csv", "day_unknown"), ("2022-06-08.csv", "time_unknown")])
def test_pages_that_do_not_tell_when(tmp_path: Path, name: str, code: str) -> None:
    row = ',3,1,7,-,100.00,-,50,99.50,100.50,100,"16,450.00",50,99.50,100.50,100,-,100.00,-,7,1,3,'
    (tmp_path / name).write_text("\n".join(["CALLS,,PUTS", HEADER, row]))
    assert code_of(tmp_path / name) == code


def test_a_set_is_replaced_only_when_asked(tmp_path: Path) -> None:
    imported(chain(tmp_path, snap("09:15")))
    more = chain(tmp_path, snap("09:15"), snap("09:16"), name="more.parquet")
    assert code_of(more) == "set_exists"
    imported(more, replace=True)
    assert len(loaded().times) == 2
    assert [path.name for path in own_folder().iterdir()] == ["own"]


def test_a_lot_nobody_knows_is_read_off_the_quantities_or_told(tmp_path: Path) -> None:
    quoted = chain(tmp_path, snap("09:15", ce_bid_qty=150, ce_ask_qty=200))
    told = session_import(paths=[quoted], underlying="NOVALUE", name="own")
    assert told["lots"] == {"2022-06-09": 50}
    assert [note[:50] for note in told["notes"]] == ["no lot of NOVALUE is on file for expiries from 202"]
    bare = snap("09:15", ce_bid_qty=None, ce_ask_qty=None, pe_bid_qty=None, pe_ask_qty=None)
    path = chain(tmp_path, bare, name="bare.parquet")
    with pytest.raises(SessionDataError, match="say --lot") as refused:
        session_import(paths=[path], underlying="NOVALUE", name="bare")
    assert refused.value.code == "lot_unknown"
    assert session_import(paths=[path], underlying="NOVALUE", name="bare", lot=25)["lots"] == {
        "2022-06-09": 25
    }


def test_a_set_of_ones_own_can_be_replayed(tmp_path: Path, workspace: Workspace) -> None:
    imported(chain(tmp_path, snap("09:15")))
    market = replay_market_create(workspace=workspace, source="own", session_date=DAY, speed=60)
    assert (market.source, market.underlying) == ("own", "NIFTY")


def test_the_command_prints_the_manifest_or_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(chain(tmp_path, snap("09:15")))
    call_command("import_session", path, "--underlying=NIFTY", "--name=own", "--json")
    assert json.loads(capsys.readouterr().out)["units"]["volume"]["found"] == "contracts"
    with pytest.raises(CommandError, match="set_exists") as refused:
        call_command("import_session", path, "--underlying=NIFTY", "--name=own")
    assert refused.value.returncode == 2


def test_stamps_of_the_day_before_are_refused(tmp_path: Path) -> None:
    def row(collected: str) -> dict[str, Any]:
        made = snap("09:15", collected=datetime.fromisoformat(collected))
        return {"nse_ts" if name == "ts" else name: value for name, value in made.items()}

    stale = [row("2022-06-09T08:55:00"), row("2022-06-09T08:56:00")]
    assert code_of(chain(tmp_path, *stale)) == "stale_snapshots"
    told = imported(chain(tmp_path, *stale, row("2022-06-08T09:16:30")))
    assert told["dropped"] == {"stale": 2}
