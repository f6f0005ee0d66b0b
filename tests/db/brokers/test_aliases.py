"""What brokers call the instruments: written by imports, found by instrument and by token."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from brokers.masters.catalogue import master_files
from brokers.models import InstrumentAlias
from brokers.selectors import alias_of, instrument_by_token
from markets.master.opening import opened
from markets.master.rows import MasterRow, MasterUnreadable, Outcome
from markets.master.sources import source
from markets.models import Instrument, MasterImport
from markets.services import master_file_import, master_import
from qlplatform.core.errors import NotFound
from qlplatform.core.tenancy import Actor
from tests.db.markets.masters import call
from tests.factories.broker_masters import BROKERS, DAY, EXPIRY, MASTERS, SOURCES
from tests.factories.reference import reference

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
NEXT = DAY + timedelta(days=1)


def bring(name: str, rows: Iterable[Outcome], day: date = DAY) -> MasterImport:
    """Import rows as the file `name` of a day."""
    listed = list(rows)
    digest = sha256(repr(listed).encode()).hexdigest()
    return master_import(source=source(name), rows=listed, day=day, file_name="rows", sha256=digest, by=BY)


def lines(broker: str) -> list[Outcome]:
    return list(master_files()[SOURCES[broker]].parse(io.BytesIO(MASTERS[broker])))


def named(symbol: str, token: str, **facts: Any) -> MasterRow:
    """NIFTY 24 NOV 25400 CE as a broker lists it."""
    return call(symbol=symbol, token=token, segment="NFO", **facts)


@pytest.mark.parametrize("order", [BROKERS, tuple(reversed(BROKERS))], ids=["forth", "back"])
def test_one_contract_of_six_masters_is_one_instrument_with_six_names(order: Sequence[str]) -> None:
    for broker in order:
        bring(SOURCES[broker], lines(broker))
    option = Instrument.objects.get(kind="CE")
    assert option.exchange_token == "40001"
    assert set(option.aliases.values_list("broker", "exchange", "symbol", "token", "freeze_qty")) == {
        ("angelone", "NFO", "NIFTY23NOV2625400CE", "40001", None),
        ("dhan", "NSE_FNO", "NIFTY-Nov2026-25400-CE", "40001", None),
        ("fyers", "NSE_FO", "NSE:NIFTY26NOV25400CE", "101126112340001", None),
        ("kite", "NFO", "NIFTY26NOV25400CE", "10240258", None),
        ("shoonya", "NFO", "NIFTY23NOV26C25400", "40001", None),
        ("upstox", "NSE_FO", "NIFTY 25400 CE 23 NOV 26", "NSE_FO|40001", 1755),
    }
    assert Instrument.objects.count() == 4


def test_the_name_of_the_newest_master_counts() -> None:
    assert bring("kite", [named("OLD", "1")]).counts == {"aliases_added": 1}
    assert bring("kite", [named("NEW", "2", lot_size=75)], NEXT).counts["aliases_changed"] == 1
    bring("kite", [named("OLD", "1", lot_size=50)], DAY - timedelta(days=1))
    alias = alias_of("kite", Instrument.objects.get())
    assert (alias.symbol, alias.token, alias.lot_size, alias.seen_on) == ("NEW", "2", 75, NEXT)


def test_what_a_master_does_not_tell_is_the_instruments() -> None:
    bring("udiff", [call(lot_size=75, tick_paise=5)])
    bring("kite", [named("N", "1", lot_size=None, tick_paise=None, freeze_qty=None)])
    alias = InstrumentAlias.objects.get()
    assert (alias.lot_size, alias.tick_paise, alias.freeze_qty) == (75, 5, None)


def test_a_refused_master_leaves_the_names_as_they_were() -> None:
    bring("kite", [named("OLD", "1")])
    with pytest.raises(MasterUnreadable, match="nothing was imported"):
        bring("kite", [named("NEW", "2", strike_paise=0)], NEXT)
    assert alias_of("kite", Instrument.objects.get()).symbol == "OLD"


def test_a_moved_expiry_keeps_the_instrument_and_its_names() -> None:
    bring("kite", [named("N", "1")])
    bring("upstox", [named("U", "NSE_FO|1")])
    bring("kite", [named("N", "1", expiry=EXPIRY)], NEXT)
    assert Instrument.objects.get().expiry == EXPIRY
    assert InstrumentAlias.objects.count() == 2


def test_an_instrument_no_master_lists_has_no_name() -> None:
    bring("kite", [named("N", "1")])
    with pytest.raises(NotFound, match="No instrument master of dhan lists NIFTY 24 NOV 25400 CE") as raised:
        alias_of("dhan", Instrument.objects.get())
    assert raised.value.code == "alias_missing"


@pytest.fixture
def reused() -> tuple[Instrument, Instrument]:
    """A token of an expired option that now belongs to one of the next month."""
    later = EXPIRY + timedelta(days=36)
    bring("kite", [named("NOV", "7", expiry=EXPIRY)], DAY)
    bring("kite", [named("DEC", "7", expiry=later)], EXPIRY + timedelta(days=2))
    return Instrument.objects.get(expiry=EXPIRY), Instrument.objects.get(expiry=later)


def test_a_token_stands_for_what_it_was_given_to_on_that_day(reused: tuple[Instrument, Instrument]) -> None:
    old, new = reused
    days = [DAY, EXPIRY, EXPIRY + timedelta(days=2), EXPIRY + timedelta(days=30)]
    assert [instrument_by_token("kite", "NFO", "7", on) for on in days] == [old, old, new, new]


def test_a_token_given_on_before_its_contract_expired() -> None:
    other = named("PE", "7", kind="PE", exchange_token="40009")
    bring("kite", [named("CE", "7")], DAY)
    bring("kite", [other], NEXT)
    found = [instrument_by_token("kite", "NFO", "7", on).kind for on in (DAY, NEXT, NEXT + timedelta(days=1))]
    assert found == ["CE", "PE", "PE"]


@pytest.mark.parametrize(
    ("broker", "exchange", "token", "on"),
    [
        ("dhan", "NFO", "1", DAY), ("kite", "BFO", "1", DAY), ("kite", "NFO", "2", DAY),
        ("kite", "NFO", "1", date(2026, 11, 25)), ("kite", "NFO", "1", DAY - timedelta(days=1)),
    ],
)  # fmt: skip
def test_a_token_nobody_was_given(broker: str, exchange: str, token: str, on: date) -> None:
    bring("kite", [named("N", "1")])
    with pytest.raises(NotFound) as raised:
        instrument_by_token(broker, exchange, token, on)
    assert raised.value.code == "token_unknown"


KITE = ("kite", "kite_nfo_bfo_instruments_2026-08.csv.zst", date(2026, 8, 17))
UPSTOX = ("upstox", "upstox_complete_2025-08.json.zst", date(2025, 8, 14))
SHOONYA = ("shoonya_bfo", "shoonya_BFO_symbols_2025-09.txt.zst", date(2025, 9, 22))
ANSWER = ("upstox_contracts", "upstox_nifty_option_contracts_2026-04-02.json.zst", date(2026, 4, 2))


def real(name: str, file: str, day: date, *, underlying: str) -> MasterImport:
    """The contracts of one underlying of a real master."""
    with opened(reference("data", "instrument_masters", file)) as stream:
        found = [
            row
            for row in source(name).parse(stream)
            if isinstance(row, MasterRow) and row.underlying == underlying and row.expiry
        ]
    return bring(name, found, day)


@pytest.mark.slow
def test_contracts_of_three_real_masters_are_one_instrument_each() -> None:
    for master in (UPSTOX, SHOONYA, KITE):
        assert real(*master, underlying="SENSEX").quarantined == 0
    shared = Instrument.objects.filter(aliases__broker="kite")
    shared = shared.filter(aliases__broker="upstox").filter(aliases__broker="shoonya")
    assert shared.count() == 160
    option = shared.get(expiry=date(2026, 12, 31), strike_paise=80_000_00, kind="CE")
    assert dict(option.aliases.values_list("broker", "symbol")) == {
        "kite": "SENSEX26DEC80000CE",
        "shoonya": "SENSEX26DEC80000CE",
        "upstox": "SENSEX 80000 CE 31 DEC 26",
    }
    assert (option.first_seen, option.last_seen) == (date(2025, 8, 14), date(2026, 8, 17))


@pytest.mark.slow
def test_long_dated_contracts_of_the_file_the_answer_and_kite_are_one_instrument_each() -> None:
    for master in (UPSTOX, ANSWER, KITE):
        real(*master, underlying="NIFTY")
    months_apart = Instrument.objects.filter(first_seen=UPSTOX[2], last_seen=KITE[2])
    assert months_apart.filter(aliases__broker="kite").filter(aliases__broker="upstox").count() == 115
    lots = months_apart.values_list("lot_size", flat=True).distinct()
    assert list(lots) == [65]  # 75 in August 2025


@pytest.mark.slow
def test_kites_dump_of_august_2026_whole(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    name, file, day = KITE
    path = reference("data", "instrument_masters", file)
    master = master_file_import(source_name=name, path=path, by=BY, day=day)
    assert (master.rows, master.added, master.skipped, master.quarantined) == (39_941, 39_941, 0, 0)
    assert master.counts == {"aliases_added": 39_941}
    assert InstrumentAlias.objects.filter(exchange="NFO").count() == 35_683
    again = master_file_import(source_name=name, path=path, by=BY, day=date(2026, 8, 18))
    assert (again.added, again.changed, again.unchanged, again.counts) == (0, 0, 39_941, {})
    assert InstrumentAlias.objects.filter(seen_on=date(2026, 8, 18)).count() == 39_941
