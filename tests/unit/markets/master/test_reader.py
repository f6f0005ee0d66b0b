"""Delimited files: what is understood, what is quarantined, what is refused."""

from __future__ import annotations

import collections
import gzip
import io
import zipfile
from pathlib import Path

import pyarrow
import pytest

from markets.master import opening
from markets.master.opening import file_sha256, opened
from markets.master.rows import Bad, Fields, MasterRow, MasterUnreadable, Reader, Skip


def read(content: bytes, **more: object) -> list[MasterRow | Bad | Skip]:
    return list(Reader(io.BytesIO(content), needs=("symbol", "lot"), **more).rows(convert))  # type: ignore[arg-type]


def convert(line: int, fields: Fields) -> MasterRow:
    return MasterRow(line, "NSE", fields["symbol"], "EQ", name=fields["lot"])


def seen(content: bytes) -> list[tuple[str, str]]:
    return [(row.underlying, row.name) for row in read(content) if isinstance(row, MasterRow)]


@pytest.mark.parametrize(
    "content",
    [
        b"symbol,lot\nABB,125\n",
        b"\xef\xbb\xbfsymbol,lot\r\nABB,125\r\n",
        b"symbol,lot,\nABB,125,\n",
        b"symbol,lot\nABB,125,\n\n  \n",
        b" symbol , lot \n ABB , 125 ",
        b'"symbol","lot"\n"ABB","125"\n',
    ],
)
def test_harmless_differences_are_understood(content: bytes) -> None:
    assert seen(content) == [("ABB", "125")]


def test_quoted_delimiters_belong_to_the_value() -> None:
    assert seen(b'symbol,lot\n"A,B",1\n') == [("A,B", "1")]


def test_a_line_in_latin_1_is_read_beside_lines_in_utf_8() -> None:
    assert seen("symbol,lot\nCAFÉ,1\n".encode("latin-1") + "É,2\n".encode()) == [("CAFÉ", "1"), ("É", "2")]


@pytest.mark.parametrize(
    ("line", "code"),
    [(b"ABB", "ragged"), (b"ABB,1,2", "ragged"), (b'"ABB,1', "quotes"), (b"AB\0B,1", "encoding")],
)
def test_a_broken_line_is_quarantined_with_its_number_and_text(line: bytes, code: str) -> None:
    good, bad, last = read(b"symbol,lot\nA,1\n" + line + b"\nB,2\n")
    assert isinstance(bad, Bad)
    assert (bad.line, bad.code, bad.text) == (3, code, line.decode())
    assert isinstance(good, MasterRow)
    assert isinstance(last, MasterRow)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column symbol, lot. Its first line says: nothing"),
        (b"<!DOCTYPE html>\n", "no column symbol, lot. Its first line says: <!DOCTYPE html>"),
        (b"symbol,size\nABB,1\n", "no column lot"),
        (b"symbol,lot,lot\n", "column lot more than once"),
        ("symbol,lot\n".encode("utf-16"), "zero bytes"),
        (b'"symbol,lot\n', "quotation marks"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_plain_words(content: bytes, told: str) -> None:
    with pytest.raises(MasterUnreadable, match=told):
        read(content)


def test_lines_before_the_header_are_kept() -> None:
    reader = Reader(io.BytesIO(b"06102025\nsymbol,lot\nA,1\n"), preamble=1)
    assert (reader.preamble, reader.columns) == (["06102025"], ["symbol", "lot"])


def test_a_file_without_header_gets_its_names_from_the_parser() -> None:
    reader = Reader(io.BytesIO(b"A|1\n"), columns=("symbol", "lot"), delimiter="|")
    assert [row[1] for row in reader.records()] == [{"symbol": "A", "lot": "1"}]


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz", "rows.csv.zst", "rows.csv.zip"])
def test_files_are_opened_as_their_name_says(tmp_path: Path, name: str) -> None:
    path, content = tmp_path / name, b"symbol,lot\nABB,125\n"
    write(path, content)
    with opened(path) as stream:
        assert list(stream) == [b"symbol,lot\n", b"ABB,125\n"]
    assert len(file_sha256(path)) == 64


def write(path: Path, content: bytes) -> None:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    elif path.suffix == ".zst":
        path.write_bytes(pyarrow.Codec("zstd").compress(content, asbytes=True))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("rows.csv", content)
    else:
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["rows.csv.gz", "rows.csv.zst", "rows.csv.zip"])
def test_a_damaged_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, bytes(range(256)) * 4096)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MasterUnreadable, match="cannot be read"), opened(path) as stream:
        stream.read()


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "")
        archive.writestr("b", "")
    with pytest.raises(MasterUnreadable, match="holds 2 files"), opened(path):
        pass


def test_an_archive_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGEST", 1_000_000)
    path = tmp_path / "rows.csv.gz"
    write(path, b"a,b\n" * 1_000_000)
    with pytest.raises(MasterUnreadable, match=r"larger than 1,000,000 bytes"), opened(path) as stream:
        collections.deque(stream, maxlen=0)


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    write(path, b"symbol,lot\n" + b"x" * 1_000_000)
    with pytest.raises(MasterUnreadable, match=r"a line of more than 100,000 bytes"), opened(path) as stream:
        list(stream)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.zip"
    write(path, b"symbol,lot\n")
    data = bytearray(path.read_bytes())
    data[6] |= 1  # "encrypted", in the header of the file and in the archive's directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(MasterUnreadable, match="cannot be unpacked: .*password"), opened(path):
        pass


def test_a_missing_file_is_told() -> None:
    with pytest.raises(MasterUnreadable, match="cannot be read"):
        file_sha256(Path("/nowhere/contract.txt"))
