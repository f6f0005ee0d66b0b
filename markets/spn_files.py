"""Reads a clearing corporation's risk parameter file: PC-SPAN .spn (XML, format 4.00), plain or inside a zip.

Settlement files are 50 MB with 160,000 options, so the file is streamed and only wanted underlyings are kept.
Layout: `clearingOrg` holds `ccDef` (spreads, short option minimum) and `exchange`, and that `phyPf` (level of
the underlying), `futPf` (futures) and `oopPf` (options by series). Arrays are losses of one long unit.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, TextIO
from xml.etree import ElementTree as ET

import numpy as np

from markets.domain.margin.arrays import SCENARIOS, RiskArray
from markets.domain.margin.risk_file import Contract, FileSpread, FileUnderlying, RiskFile
from qlplatform.core.errors import UserError
from qlplatform.core.money import round_half_up

SUFFIX: Final = ".spn"
ENCODING: Final = "latin-1"  # whatever the file says of itself
KINDS: Final = {"C": "CE", "P": "PE"}
NAME: Final = re.compile(r"[A-Z0-9][A-Z0-9&_ -]{0,29}")  # also names a file of the store
MOST_CHARACTERS: Final = 400_000_000  # real files have 60 million
DECLARATIONS: Final = ("<!DOCTYPE", "<!ENTITY")  # none in a risk file; entities can stand for endless text
FLAT: Final = "F"  # the one way NSE charges a spread: rupees per spread


@dataclass(slots=True)
class _Underlying:
    """What has been read of one underlying so far."""

    spot_paise: int = 0
    contracts: dict[Contract, RiskArray] = field(default_factory=dict)
    futures: dict[date, int] = field(default_factory=dict)
    spreads: list[tuple[int, FileSpread]] = field(default_factory=list)
    minimum: float = 0.0


@dataclass(slots=True)
class _Reading:
    """The state of one pass over a file."""

    wanted: Collection[str] | None
    day: date | None = None
    created: str = ""
    settlement: bool = False
    found: dict[str, _Underlying] = field(default_factory=dict)

    def underlying(self, name: str) -> _Underlying | None:
        """Where to put what is read of `name`; None when nobody wants it."""
        if self.wanted is not None and name not in self.wanted:
            return None
        if not NAME.fullmatch(name):
            raise ValueError(f"{name[:40]!r} is no name of an underlying")
        return self.found.setdefault(name, _Underlying())


def read_spn(path: Path, symbols: Collection[str] | None = None) -> RiskFile:
    """The file's figures for `symbols`, or for all underlyings.

    Raises UserError `bad_risk_file`, with the reason, for anything that is no whole PC-SPAN file.
    """
    reading = _Reading(symbols)
    try:
        with _opened(path) as text:
            _read(_Harmless(text), reading)
        named = {name: _finished(name, found) for name, found in reading.found.items() if found.contracts}
    except _DAMAGED as error:
        raise _bad(path, f"it is cut short or damaged: {error}") from error
    if reading.day is None:
        raise _bad(path, "it has no date")
    return RiskFile(reading.day, reading.created, reading.settlement, named)


# RuntimeError: an archive with a password or packed in a way Python does not know
_DAMAGED: Final = (
    ET.ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, LookupError, ArithmeticError,
    RuntimeError,
)  # fmt: skip


class _Harmless:
    """A text file that refuses to be read on where it declares entities or does not end."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._left, self._before = text, MOST_CHARACTERS, ""

    def read(self, size: int = -1, /) -> str:
        """The next `size` characters. Raises ValueError."""
        block = self._text.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise ValueError(f"it holds more than {MOST_CHARACTERS:,} characters")
        seen = self._before + block
        if any(declaration in seen for declaration in DECLARATIONS):
            raise ValueError("it declares entities, which no risk file does")
        self._before = block[-len(DECLARATIONS[0]) :]
        return block


def _bad(path: Path, reason: str) -> UserError:
    return UserError(f"{path.name} cannot be used as a risk file: {reason}.", code="bad_risk_file")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw, _unzipped(raw, path) as file, io.TextIOWrapper(file, ENCODING) as text:
        yield text


@contextmanager
def _unzipped(raw: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if not zipfile.is_zipfile(raw):
        raw.seek(0)
        yield raw
        return
    with zipfile.ZipFile(raw) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(SUFFIX)]
        if not names:
            raise _bad(path, f"the archive has no {SUFFIX} file in it")
        with archive.open(names[0]) as member:
            yield member  # type: ignore[misc]  # reads like one


def _read(text: _Harmless, reading: _Reading) -> None:
    """One pass; every portfolio is forgotten as soon as it has been read."""
    for _, element in ET.iterparse(text, events=("end",)):  # noqa: S314 - `_Harmless` refuses entities
        if element.tag in _HEAD:
            _HEAD[element.tag](reading, _text(element))
        elif element.tag in _PARTS:
            tag, read = _PARTS[element.tag]
            target = reading.underlying(_text(element.find(tag)))
            if target is not None:
                read(element, target)
            element.clear()


def _date(reading: _Reading, text: str) -> None:
    reading.day = reading.day or _day(text)


def _created(reading: _Reading, text: str) -> None:
    reading.created = text


def _settled(reading: _Reading, text: str) -> None:
    reading.settlement = text.lower() in {"1", "true", "y"}


def _format(_: _Reading, text: str) -> None:
    if Decimal(text) != 4:
        raise ValueError(f"format {text} is not 4.00")


def _physical(element: ET.Element, found: _Underlying) -> None:
    price = element.find("phy/p")
    if price is not None:
        found.spot_paise = _paise(price)


def _futures(element: ET.Element, found: _Underlying) -> None:
    for future in element.iterfind("fut"):
        expiry = _day(_text(future.find("pe")))
        found.futures[expiry] = _paise(future.find("p"))
        found.contracts["FUT", expiry, 0] = _array(future, price=0.0)


def _options(element: ET.Element, found: _Underlying) -> None:
    for series in element.iterfind("series"):
        expiry = _day(_text(series.find("pe")))
        for option in series.iterfind("opt"):
            key = KINDS[_text(option.find("o"))], expiry, _paise(option.find("k"))
            found.contracts[key] = _array(option, price=_number(option.find("p")))


def _definition(element: ET.Element, found: _Underlying) -> None:
    for rate in element.iterfind("somTiers/tier/rate/val"):
        found.minimum = max(found.minimum, _number(rate))
    for spread in element.iterfind("dSpread"):
        if _text(spread.find("chargeMeth")) == FLAT:
            found.spreads.append((int(_text(spread.find("spread"))), _spread(spread)))


def _spread(element: ET.Element) -> FileSpread:
    near, far = sorted(element.iterfind("pLeg"), key=lambda leg: _text(leg.find("pe")))
    return FileSpread(
        near=_day(_text(near.find("pe"))),
        far=_day(_text(far.find("pe"))),
        rate=_number(element.find("rate/val")),
        near_ratio=_ratio(near),
        far_ratio=_ratio(far),
    )


def _ratio(leg: ET.Element) -> float:
    ratio = _number(leg.find("i"))
    if ratio <= 0:
        raise ValueError(f"a spread of ratio {ratio:g}")
    return ratio


_HEAD: Final[dict[str, Callable[[_Reading, str], None]]] = {
    "fileFormat": _format,
    "created": _created,
    "date": _date,
    "isSetl": _settled,
}
# element: where it names its underlying, and what reads it
_PARTS: Final[dict[str, tuple[str, Callable[[ET.Element, _Underlying], None]]]] = {
    "ccDef": ("cc", _definition),
    "phyPf": ("pfCode", _physical),
    "futPf": ("pfCode", _futures),
    "oopPf": ("pfCode", _options),
}


def _finished(name: str, found: _Underlying) -> FileUnderlying:
    if found.spot_paise <= 0:
        raise ValueError(f"{name} has no level")
    return FileUnderlying(
        name=name,
        spot_paise=found.spot_paise,
        contracts=found.contracts,
        future_prices=found.futures,
        spreads=tuple(spread for _, spread in sorted(found.spreads, key=lambda each: each[0])),
        short_option_minimum=found.minimum,
    )


def _array(contract: ET.Element, *, price: float) -> RiskArray:
    array = contract.find("ra")
    values = [] if array is None else [_number(each) for each in array.iterfind("a")]
    if len(values) != SCENARIOS:
        raise ValueError(f"a contract has {len(values)} scenarios, not {SCENARIOS}")
    return RiskArray(np.array(values), delta=_number(contract.find("ra/d")), price=price)


def _text(element: ET.Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _number(element: ET.Element | None) -> float:
    number = float(_text(element))
    if not math.isfinite(number):
        raise ValueError(f"{number} where a number belongs")
    return number


def _paise(element: ET.Element | None) -> int:
    _number(element)  # or it is none
    return round_half_up(Decimal(_text(element)) * 100)


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
