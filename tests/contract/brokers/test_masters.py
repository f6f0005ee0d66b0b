"""What every broker's parser has to do, and the real files of each, line by line."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from brokers.masters.catalogue import master_files
from markets.master.checks import fault
from markets.master.opening import opened
from markets.master.rows import Bad, MasterRow, Outcome, Skip
from tests.factories.broker_masters import BROKERS, CALL, FUTURE, INDEX, MASTERS, SHARE, SOURCES
from tests.factories.reference import reference

CASH = {"shoonya": "shoonya_cash", "fyers": "fyers_cash"}
# the broker's own words for the call: symbol, token, segment
WORDS = {
    "kite": ("NIFTY26NOV25400CE", "10240258", "NFO"),
    "angelone": ("NIFTY23NOV2625400CE", "40001", "NFO"),
    "shoonya": ("NIFTY23NOV26C25400", "40001", "NFO"),
    "upstox": ("NIFTY 25400 CE 23 NOV 26", "NSE_FO|40001", "NSE_FO"),
    "dhan": ("NIFTY-Nov2026-25400-CE", "40001", "NSE_FNO"),
    "fyers": ("NSE:NIFTY26NOV25400CE", "101126112340001", "NSE_FO"),
}


def rows_of(broker: str, content: bytes) -> list[Outcome]:
    return list(master_files()[SOURCES[broker]].parse(io.BytesIO(content)))


def usable(broker: str) -> list[MasterRow]:
    """The call, the future, the share and the index as the broker lists them."""
    found = rows_of(broker, MASTERS[broker])
    if broker in CASH:
        found += rows_of(broker, MASTERS[CASH[broker]])
    assert all(isinstance(row, MasterRow) for row in found)
    return [row for row in found if isinstance(row, MasterRow)]


def bare(row: MasterRow) -> MasterRow:
    """Without what differs between brokers: their words and the line."""
    return row._replace(line=0, symbol="", token="", segment="", freeze_qty=None)


@pytest.mark.parametrize("broker", BROKERS)
def test_the_same_call_and_future_whoever_lists_them(broker: str) -> None:
    call, future, *_ = usable(broker)
    assert (bare(call), bare(future)) == (bare(CALL), bare(FUTURE))


@pytest.mark.parametrize("broker", BROKERS)
def test_the_same_share_whoever_lists_it(broker: str) -> None:
    assert bare(usable(broker)[2]) == bare(SHARE)


@pytest.mark.parametrize("broker", BROKERS)
def test_the_same_index_whoever_lists_it(broker: str) -> None:
    assert bare(usable(broker)[3])._replace(exchange_token="") == bare(INDEX)


@pytest.mark.parametrize("broker", BROKERS)
def test_the_brokers_own_words_for_the_call(broker: str) -> None:
    call = usable(broker)[0]
    assert (call.symbol, call.token, call.segment) == WORDS[broker]


@pytest.mark.parametrize("broker", BROKERS)
def test_a_parser_takes_its_time(broker: str) -> None:
    rows = iter(master_files()[SOURCES[broker]].parse(io.BytesIO(MASTERS[broker])))
    assert isinstance(rows, Iterator)
    assert isinstance(next(rows), MasterRow)


DEBT = "security other than a share: debt, fund unit, restricted series"
TESTS = "test contract of the exchange"
NO_CONTRACTS = "index without contracts"
OTHER_MARKETS = {
    "market NCD_FO": 8992,
    "market BCD_FO": 8942,
    "market NSE_COM": 7798,
    "market MCX_FO": 13_849,
}
REAL = [
    ("kite", "kite_nfo_bfo_instruments_2026-08.csv.zst", date(2026, 8, 17),
     {"NSE FUT": 640, "NSE CE": 17_474, "NSE PE": 17_569, "BSE FUT": 12, "BSE CE": 2123, "BSE PE": 2123}, {}),
    ("kite", "kite_mocks_instruments_all.csv", date(2017, 11, 20),
     {"NSE EQ": 21, "NSE CE": 10, "NSE PE": 15, "BSE EQ": 14}, {DEBT: 39}),
    ("shoonya_nfo", "shoonya_NFO_symbols_2023-10.txt.zst", date(2023, 10, 9),
     {"NSE FUT": 564, "NSE CE": 57_158, "NSE PE": 57_157}, {TESTS: 16}),
    ("shoonya_bfo", "shoonya_BFO_symbols_2025-09.txt.zst", date(2025, 9, 22),
     {"BSE FUT": 632, "BSE CE": 18_959, "BSE PE": 18_959}, {}),
    ("shoonya_nse", "shoonya_NSE_symbols.txt.zst", date(2025, 9, 22),
     {"NSE EQ": 2322, "NSE INDEX": 6}, {DEBT: 6306}),
    ("upstox", "upstox_complete_2025-08.json.zst", date(2025, 8, 14),
     {"NSE FUT": 646, "NSE CE": 15_448, "NSE PE": 15_191, "BSE FUT": 9, "BSE CE": 2151, "BSE PE": 2151,
      "NSE EQ": 2089, "BSE EQ": 4654, "NSE INDEX": 7, "BSE INDEX": 4},
     {DEBT: 13_732, NO_CONTRACTS: 183} | OTHER_MARKETS),
    ("upstox_contracts", "upstox_nifty_option_contracts_2026-04-02.json.zst", date(2026, 4, 2),
     {"NSE CE": 1028, "NSE PE": 1050}, {}),
    ("dhan", "dhan_api-scrip-master_equity_index_2026-07.csv.zst", date(2026, 7, 15),
     {"NSE EQ": 2428, "BSE EQ": 5109, "NSE INDEX": 7, "BSE INDEX": 4}, {DEBT: 15_388, NO_CONTRACTS: 180}),
    ("fyers_nse_fo", "fyers_nifty_expiry_symbols_2023-07-20.csv.zst", date(2023, 7, 13),
     {"NSE CE": 287, "NSE PE": 287}, {}),
]  # fmt: skip
LINES = {
    "kite": 39_941, "shoonya_nfo": 114_895, "shoonya_bfo": 38_550, "shoonya_nse": 8634, "upstox": 95_846,
    "upstox_contracts": 2078, "dhan": 23_116, "fyers_nse_fo": 574,
}  # fmt: skip
LOTS = {
    "kite": {"NIFTY": 65, "BANKNIFTY": 30, "FINNIFTY": 60, "MIDCPNIFTY": 120, "NIFTYNXT50": 25,
             "NIFTYFPI": 1100, "SENSEX": 20, "BANKEX": 30, "SENSEX50": 75, "FOCIT": 45},
    "shoonya_nfo": {"NIFTY": 50, "BANKNIFTY": 15, "FINNIFTY": 40, "MIDCPNIFTY": 75},
    "shoonya_bfo": {"SENSEX": 20, "BANKEX": 30, "SENSEX50": 75, "ETERNAL": 2425},
    "upstox": {"NIFTY": 75, "BANKNIFTY": 35, "FINNIFTY": 65, "MIDCPNIFTY": 140, "NIFTYNXT50": 25,
               "SENSEX": 20, "BANKEX": 30, "SENSEX50": 75},
}  # fmt: skip


def outcomes(source: str, name: str) -> Iterator[Outcome]:
    with opened(reference("data", "instrument_masters", name)) as stream:
        yield from master_files()[source].parse(stream)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "name", "day", "used", "skipped"), REAL, ids=[name for _, name, *_ in REAL]
)
def test_every_line_of_a_real_master_is_accounted_for(
    source: str, name: str, day: date, used: dict[str, int], skipped: dict[str, int]
) -> None:
    kinds: Counter[str] = Counter()
    why: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    lots: dict[str, set[int | None]] = {}
    for row in outcomes(source, name):
        if isinstance(row, Skip):
            why[row.why] += 1
        elif found := row if isinstance(row, Bad) else fault(row, day):
            bad[found.code] += 1
        else:
            assert isinstance(row, MasterRow)
            kinds[f"{row.exchange} {row.kind}"] += 1
            if row.expiry:
                lots.setdefault(row.underlying, set()).add(row.lot_size)
    assert (dict(kinds), dict(why), dict(bad)) == (used, skipped, {})
    if "mocks" not in name:
        assert kinds.total() + why.total() == LINES[source]
        assert {index: lots[index] for index in LOTS.get(source, {})} == {
            index: {lot} for index, lot in LOTS.get(source, {}).items()
        }


def test_the_largest_orders_of_upstox_are_whole_lots() -> None:
    figures = {
        (row.underlying, row.lot_size, row.freeze_qty)
        for row in outcomes("upstox_contracts", "upstox_nifty_option_contracts_2026-04-02.json.zst")
        if isinstance(row, MasterRow)
    }
    assert figures == {("NIFTY", 65, 1755)}  # 27 lots, of 1,800
