"""Captured files that are damaged or too large: told in words."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from markets.session_files import SessionDataError
from markets.session_import import inputs
from markets.session_import.inputs import inputs_of
from markets.session_import.page import parse_page


def refusal(path: Path) -> str:
    with pytest.raises(SessionDataError) as refused:
        [source.read() for source in inputs_of([path])]
    return refused.value.code


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(inputs, "LARGEST", 1_000)
    return b"0" * 1_001


def test_a_zip_that_grows_beyond_measure(tmp_path: Path, bomb: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("9_15.csv", bomb)
    assert refusal(tmp_path / "a.zip") == "file_too_large"


def test_a_packed_file_that_grows_beyond_measure(tmp_path: Path, bomb: bytes) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(bomb))
    assert refusal(tmp_path / "a.csv.gz") == "file_too_large"


def test_the_largest_file_is_read(tmp_path: Path, bomb: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(bomb[:1_000])
    assert [source.read() for source in inputs_of([tmp_path / "a.csv"])] == [bomb[:1_000]]


def test_a_member_that_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("9_15.csv", "one two three")
    damaged = (tmp_path / "a.zip").read_bytes().replace(b"one two", b"one 2wo", 1)
    (tmp_path / "a.zip").write_bytes(damaged)
    assert refusal(tmp_path / "a.zip") == "unreadable_file"


def test_a_cell_longer_than_any_is_no_page() -> None:
    assert parse_page("CALLS,PUTS\n" + "9" * 200_000) is None
