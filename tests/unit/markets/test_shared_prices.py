"""Prices in shared memory: whole or not at all, whoever reads and whoever dies."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from markets import shared_prices
from markets.shared_prices import ACK

MARKET = 7
HAMMER = """
import sys
from pathlib import Path
from markets import shared_prices
from markets.shared_prices import Writer
path, n = Path(sys.argv[1]), 0
writer = Writer(path, 0, bytes(60_000))
print("ready", flush=True)
while True:
    n += 1
    writer.write(n, bytes([n % 251]) * (20_000 + n % 7 * 5_000))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Path]:
    monkeypatch.setattr(shared_prices, "_folder", lambda prefix: tmp_path / prefix)
    settings.QL_REDIS_PREFIX = "shared"
    yield tmp_path / "shared"
    shared_prices.keep([])


def held(market: int = MARKET) -> tuple[int, bytes, bool] | None:
    found = shared_prices.read(market)
    return (found.seq, found.data, found.live) if found else None


def test_the_newest_value_is_read_and_its_writer_is_there() -> None:
    assert held() is None
    shared_prices.write(MARKET, 1, b"one")
    shared_prices.write(MARKET, 2, b"and two")
    assert held() == (2, b"and two", True)
    assert (shared_prices.newest_seq(MARKET), shared_prices.newest_seq(8)) == (2, 0)


def test_a_value_too_large_for_the_file_gets_a_larger_one() -> None:
    shared_prices.write(MARKET, 1, b"small")
    assert held() == (1, b"small", True)
    large = bytes(range(256)) * 100
    shared_prices.write(MARKET, 2, large)
    assert held() == (2, large, True)


def test_kinds_of_values_are_kept_apart() -> None:
    shared_prices.write(MARKET, 5, b"prices")
    shared_prices.write(MARKET, 4, b"", ACK)
    assert (shared_prices.newest_seq(MARKET), shared_prices.newest_seq(MARKET, ACK)) == (5, 4)


def test_what_a_writer_left_behind_is_known_from_what_is_live() -> None:
    shared_prices.write(MARKET, 3, b"last")
    shared_prices.keep([])  # as if its process had ended
    assert held() == (3, b"last", False)


def test_a_market_forgotten_is_gone_for_everybody(folder: Path) -> None:
    shared_prices.write(MARKET, 3, b"old")
    assert held() is not None
    shared_prices.forget(MARKET)
    assert (held(), list(folder.iterdir())) == (None, [])
    shared_prices.write(MARKET, 1, b"new")
    assert held() == (1, b"new", True)


def test_a_file_somebody_removed_is_made_again() -> None:
    shared_prices.write(MARKET, 1, b"one")
    shared_prices._path(MARKET, "prices").unlink()
    shared_prices.write(MARKET, 2, b"two")
    assert held() == (2, b"two", True)


def test_left_overs_of_other_markets_are_swept(folder: Path) -> None:
    for market in (1, 2, 3):
        shared_prices.write(market, 1, b"x")
    (folder / "9.prices.half-made").write_bytes(b"")
    shared_prices.sweep([2])
    assert [path.name for path in folder.iterdir()] == ["2.prices"]


@pytest.mark.parametrize("junk", [b"", b"x" * 80, b"\0" * 4096])
def test_a_file_of_another_kind_is_not_believed(folder: Path, junk: bytes) -> None:
    folder.mkdir()
    (folder / f"{MARKET}.prices").write_bytes(junk)
    assert held() is None
    shared_prices.write(MARKET, 1, b"x")
    assert held() == (1, b"x", True)


def test_a_folder_that_cannot_be_made_is_an_os_error(folder: Path) -> None:
    folder.write_bytes(b"in the way")
    with pytest.raises(OSError, match="exists|directory"):
        shared_prices.write(MARKET, 1, b"x")


@pytest.fixture
def hammer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    folder.mkdir()
    command = [sys.executable, "-c", HAMMER, str(folder / f"{MARKET}.prices")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def check(seq: int, data: bytes) -> None:
    wanted = bytes(60_000) if seq == 0 else bytes([seq % 251]) * (20_000 + seq % 7 * 5_000)
    assert data == wanted


def test_nothing_torn_is_ever_read_and_a_killed_writer_leaves_its_last_value(
    hammer: subprocess.Popen[str],
) -> None:
    seen: list[list[int]] = [[], []]

    def read_many(into: list[int]) -> None:
        for _ in range(1500):
            found = held()
            assert found is not None
            check(*found[:2])
            into.append(found[0])

    readers = [threading.Thread(target=read_many, args=(into,)) for into in seen]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert [len(into) for into in seen] == [1500, 1500]
    assert all(into == sorted(into) and into[-1] > into[0] for into in seen)

    hammer.send_signal(signal.SIGKILL)
    hammer.wait()
    found = held()
    assert found is not None
    check(*found[:2])
    assert not found[2]


def test_a_writer_killed_in_the_middle_of_a_value_leaves_the_one_before() -> None:
    shared_prices.write(MARKET, 1, b"whole")
    writer = shared_prices._writers[shared_prices._path(MARKET, "prices")]
    at = shared_prices.HEADER  # the slot that comes next: count is 1, so slot 0
    writer._words[at // 8], writer._words[at // 8 + 1] = 2, 6
    writer._map[at + shared_prices.SLOT_HEADER : at + shared_prices.SLOT_HEADER + 3] = b"hal"
    del writer
    shared_prices.keep([])
    assert held() == (1, b"whole", False)
