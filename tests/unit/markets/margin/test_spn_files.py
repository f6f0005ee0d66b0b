"""Risk files as they come: latin-1, zipped or plain, cut short or of another kind."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets import spn_files
from markets.domain.margin import FileSpread, MarginLeg, Underlying, structure_margin
from markets.spn_files import read_spn
from qlplatform.core.errors import UserError
from tests.unit.markets.margin import spn
from tests.unit.markets.margin.book import margin_book

NEAR, FAR = date(2026, 6, 30), date(2026, 7, 28)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "nsccl.20260625.s.spn"
    path.write_bytes(spn.nifty())
    return path


def test_everything_of_an_underlying(plain: Path) -> None:
    file = read_spn(plain, {"NIFTY"})
    assert (file.day, file.created, file.settlement) == (date(2026, 6, 25), "202606251805", True)
    assert list(file.underlyings) == ["NIFTY"]
    found = file.underlyings["NIFTY"]
    assert found.spot_paise == 24_000_35
    assert found.future_prices == {NEAR: 24_100_05, FAR: 24_250_00}
    assert found.short_option_minimum == 0.0
    assert found.spreads == (FileSpread(NEAR, FAR, 420.0), FileSpread(NEAR, date(2026, 9, 29), 600.0))
    assert set(found.contracts) == {
        ("FUT", NEAR, 0),
        ("FUT", FAR, 0),
        ("CE", NEAR, 24_500_00),
        ("CE", NEAR, 25_000_00),
        ("PE", NEAR, 23_500_00),
        ("PE", NEAR, 23_000_50),
    }
    put = found.contracts["PE", NEAR, 23_500_00]
    assert (put.price, put.delta) == (55.25, -0.24)
    assert put.losses.tolist() == spn.sixteen(55, -850)


def test_without_a_filter_everything_is_read(plain: Path) -> None:
    file = read_spn(plain)
    assert set(file.underlyings) == {"NIFTY", "INFY"}
    stock = file.underlyings["INFY"]
    assert stock.short_option_minimum == 3.5
    assert stock.spreads == ()  # charged in a way the clearing corporation does not use


def test_zipped(tmp_path: Path) -> None:
    path = tmp_path / "nsccl.20260625.s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "…")
        archive.writestr("nsccl.20260625.s.spn", spn.nifty())
    assert set(read_spn(path, {"NIFTY"}).underlyings) == {"NIFTY"}


def test_margin_from_the_file(plain: Path) -> None:
    """Short strangle hedged on both sides, by hand: the worst is a move up.

    Call spread 65 × (900 - 500), put spread 65 × (18 - 55) in favour: 23,595.
    Value 65 × (20 - 60 + 18 - 55.25).
    """
    legs = [
        MarginLeg("CE", NEAR, -65, 24_500_00),
        MarginLeg("CE", NEAR, 65, 25_000_00),
        MarginLeg("PE", NEAR, -65, 23_500_00),
        MarginLeg("PE", NEAR, 65, 23_000_50),
    ]
    file = read_spn(plain, {"NIFTY"}).underlyings["NIFTY"]
    found = structure_margin(legs, Underlying("NIFTY", date(2026, 6, 25), 24_000_35), margin_book(), file)
    assert found.basis == "exact"
    assert found.file_day == date(2026, 6, 25)
    assert found.margin.scan_paise == 65 * (900 - 500 - 55 + 18) * 100
    assert found.margin.net_option_value_paise == round(65 * (20 - 60 + 18 - 55.25) * 100)
    assert found.margin.span_paise == found.margin.scan_paise - found.margin.net_option_value_paise
    assert found.margin.exposure_paise == 2 * 31_200_46  # 2 % of 24,000.35 × 65 is 31,200.455


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cut short"),
        (spn.nifty()[:-400], "cut short"),
        (b"<spanFile><fileFormat>3.00</fileFormat></spanFile>", "format 3.00"),
        (b"<spanFile><fileFormat>4.00</fileFormat></spanFile>", "no date"),
        (spn.nifty().replace(b"<a>0.00</a>", b"", 1), "15 scenarios"),
        (spn.nifty().replace(b"<p>60.0</p>", b"<p>dear</p>"), "dear"),
        (spn.nifty().replace(b"<o>C</o>", b"<o>X</o>", 1), "X"),
        (b"symbol|expiry|price\nNIFTY|20260630|24100", "cut short"),
        (spn.nifty().replace(b"<p>60.0</p>", b"<p>nan</p>"), "nan where a number belongs"),
        (spn.nifty().replace(b"24000.35", b"Infinity"), "inf where a number belongs"),
        (spn.nifty().replace(b"24000.35", b"0.00"), "NIFTY has no level"),
        (spn.nifty().replace(b"<i>1.0000</i>", b"<i>0</i>", 1), "a spread of ratio 0"),
        (b'<!DOCTYPE x [<!ENTITY a "NIFTY">]><spanFile>&a;</spanFile>', "declares entities"),
    ],
)
def test_unusable_files_say_why(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "nsccl.20260625.s.spn"
    path.write_bytes(data)
    with pytest.raises(UserError, match="cannot be used as a risk file") as caught:
        read_spn(path, {"NIFTY"})
    assert caught.value.code == "bad_risk_file"
    assert reason in caught.value.message


def test_a_declaration_is_seen_wherever_reading_pauses(tmp_path: Path) -> None:
    path = tmp_path / "nsccl.20260625.s.spn"
    for blanks in range(16_370, 16_390):
        path.write_bytes(b" " * blanks + b'<!DOCTYPE x [<!ENTITY a "b">]><spanFile>&a;</spanFile>')
        with pytest.raises(UserError, match="declares entities"):
            read_spn(path)


def test_a_name_that_leads_out_of_the_folder_is_refused(plain: Path) -> None:
    plain.write_bytes(spn.nifty().replace(b"INFY", b"../../INFY"))
    with pytest.raises(UserError, match="is no name of an underlying"):
        read_spn(plain)


def test_an_archive_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spn_files, "MOST_CHARACTERS", 1_000)
    path = tmp_path / "nsccl.20260625.s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nsccl.20260625.s.spn", b"<spanFile>" + b" " * 2_000)
    with pytest.raises(UserError, match="more than 1,000 characters"):
        read_spn(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nsccl.20260625.s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nsccl.20260625.s.spn", spn.nifty())
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    with pytest.raises(UserError, match="cut short or damaged"):
        read_spn(path)


def test_archive_without_a_risk_file(tmp_path: Path) -> None:
    path = tmp_path / "nsccl.20260625.s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "…")
    with pytest.raises(UserError, match=r"no \.spn file"):
        read_spn(path)


@given(cut=st.integers(0, len(spn.nifty()) - 20), noise=st.binary(max_size=4))
def test_damage_never_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes
) -> None:
    """A file that ends early is refused, wherever it ends."""
    path = tmp_path_factory.mktemp("spn") / "nsccl.20260625.s.spn"
    path.write_bytes(spn.nifty()[:cut] + noise)
    with pytest.raises(UserError) as caught:
        read_spn(path, {"NIFTY"})
    assert caught.value.code == "bad_risk_file"
