"""Values of master files, converted exactly: prices to paise, counts, days, strikes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

IST = timezone(timedelta(hours=5, minutes=30))
NSE_EPOCH = date(1980, 1, 1)
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}
_NAMED = re.compile(r"(\d{1,2})[-\s/]?([A-Za-z]{3})[A-Za-z]*[-\s/,]*(\d{4}|\d{2})")
_RIGHT = re.compile(r"(CE|PE)$|(?<=\d)[CP](?=\d+(\.\d+)?$)")
MAX_PAISE = 10**12  # ten thousand million rupees: beyond any price, within every column
MAX_COUNT = 2**31 - 1
DIGITS = 30  # powers of ten beyond which a number is none of a master, and arithmetic would overflow


class RowProblem(ValueError):
    """A value that cannot be used: a stable code and the reason in plain words."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def rupees_to_paise(text: str, *, what: str = "price") -> int:
    """Rupees in decimals to paise, exactly. RowProblem `bad_price`: no number, negative, parts of a paisa."""
    return _paise(text, scale=100, what=what)


def paise(text: str, *, what: str = "price") -> int:
    """An amount that is already in paise ("2370000", "5.0"). RowProblem `bad_price` as above."""
    return _paise(text, scale=1, what=what)


def _paise(text: str, *, scale: int, what: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:  # the common case, four times as fast
        return int(text) * scale
    amount = _decimal(text, code="bad_price", what=what) * scale
    if amount < 0 or amount > MAX_PAISE:
        raise RowProblem("bad_price", f"{what} {text} is out of range")
    if amount != amount.to_integral_value():
        raise RowProblem("bad_price", f"{what} {text} has parts of a paisa")
    return int(amount)


def count(text: str, *, what: str, least: int = 0) -> int:
    """A whole number ("75", "75.0", "1,800", "1.8E3"). RowProblem `bad_number`."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        number = int(text)
    else:
        amount = _decimal(text.replace(",", ""), code="bad_number", what=what)
        number = int(amount) if abs(amount) <= MAX_COUNT else -1
        if number != amount:
            raise RowProblem("bad_number", f"{what} {text} is no whole number")
    if not least <= number <= MAX_COUNT:
        raise RowProblem("bad_number", f"{what} {text} is out of range")
    return number


def _decimal(text: str, *, code: str, what: str) -> Decimal:
    try:
        amount = Decimal(text) if text.isascii() and "_" not in text else Decimal("nan")
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or abs(amount.adjusted()) > DIGITS:
        raise RowProblem(code, f"{what} {text[:40]!r} is no number")
    return amount


def day_iso(text: str) -> date:
    """2026-11-24, also with a time behind it. RowProblem `bad_date`, as for every day below."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _no_day(text) from None


def day_named(text: str) -> date:
    """24-Nov-2026, 24NOV2026, 24 Nov 26, 24-NOV-26."""
    found = _NAMED.fullmatch(text.strip())
    if found is None or found[2].upper() not in MONTHS:
        raise _no_day(text)
    year = int(found[3])
    return _day(text, year + 2000 if year < 100 else year, MONTHS[found[2].upper()], int(found[1]))


def day_numbers(text: str, *, order: str = "dmy") -> date:
    """24/11/2026, 24-11-2026, 24112026; `order` "ymd" reads 20261124."""
    digits = re.sub(r"[-/. ]", "", text.strip())
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise _no_day(text)
    if order == "ymd":
        return _day(text, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return _day(text, int(digits[4:]), int(digits[2:4]), int(digits[:2]))


def day_epoch(text: str, *, unit: int = 1) -> date:
    """Seconds since 1970 UTC (`unit` 1000: milliseconds) to the day in India."""
    try:
        return datetime.fromtimestamp(_time(text) // unit, tz=UTC).astimezone(IST).date()
    except (ValueError, OverflowError, OSError):
        raise _no_day(text) from None


def day_nse(text: str) -> date:
    """Seconds since 1 January 1980 in Indian time, as the exchange's NNF files count them."""
    try:
        return NSE_EPOCH + timedelta(seconds=_time(text))
    except OverflowError:
        raise _no_day(text) from None


def strike_to_paise(text: str, *, symbol: str = "", in_paise: bool = False) -> int:
    """A strike in rupees (`in_paise`: × 100) to paise, compared with the one inside `symbol` if given.

    RowProblem `bad_strike` when it is no price above zero, `strike_unit` when the symbol shows that this line
    states it in the other unit (× 100 or ÷ 100).
    """
    try:
        strike = paise(text, what="strike") if in_paise else rupees_to_paise(text, what="strike")
    except RowProblem as problem:
        raise RowProblem("bad_strike", problem.reason) from None
    if strike == 0:
        raise RowProblem("bad_strike", "strike 0")
    if symbol:
        _check_unit(strike, text, symbol)
    return strike


def _check_unit(strike: int, text: str, symbol: str) -> None:
    stem = _RIGHT.sub(lambda found: "" if found[1] else "|", symbol)
    if stem.endswith(_rupees(strike)):
        return
    for wrong in (strike * 100, strike // 100):
        if wrong and stem.endswith(_rupees(wrong)) and len(_rupees(wrong)) >= 3:
            raise RowProblem("strike_unit", f"strike {text} and symbol {symbol} differ by a factor of 100")


def _rupees(strike: int) -> str:
    whole, rest = divmod(strike, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _time(text: str) -> int:
    amount = _decimal(text, code="bad_date", what="time")
    if not 0 < amount < 10**15:
        raise _no_day(text)
    return int(amount)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> RowProblem:
    return RowProblem("bad_date", f"{text!r} is no day")
