"""How numbers, times and instruments are written for people; `static/js/format.js` is its twin.

Money comes in integer paise. Grouping is Indian (lakh, crore), the minus sign is U+2212, times are IST, 24 h.
Both sides are checked against the same table of cases, tests/data/formats.json.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from qlplatform.core.clock import IST
from qlplatform.core.indian import MINUS, grouped

RUPEE = "₹"
LAKH_PAISE = 1_00_000_00
CRORE_PAISE = 1_00_00_000_00
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _sign(value: int, *, plus: bool = False) -> str:
    if value < 0:
        return MINUS
    return "+" if plus and value > 0 else ""


def whole_rupees(paise: int) -> int:
    """Paise rounded to rupees, halves away from zero."""
    return int((Decimal(paise) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def price(paise: int) -> str:
    """A price or premium, two decimals, no currency sign: 25,184.30."""
    rupees, rest = divmod(abs(paise), 100)
    return f"{_sign(paise)}{grouped(rupees)}.{rest:02d}"


def money(paise: int) -> str:
    """An amount to the paisa: ₹12,84,500.00."""
    return f"{_sign(paise)}{RUPEE}{price(abs(paise))}"


def rupees(paise: int) -> str:
    """An amount in whole rupees: ₹12,84,500."""
    value = whole_rupees(paise)
    return f"{_sign(value)}{RUPEE}{grouped(abs(value))}"


def pnl(paise: int) -> str:
    """Profit or loss in whole rupees, signed; zero has no sign: +₹6,550, −₹952, ₹0."""
    value = whole_rupees(paise)
    return f"{_sign(value, plus=True)}{RUPEE}{grouped(abs(value))}"


def pnl_exact(paise: int) -> str:
    """Profit or loss to the paisa, signed: +₹6,550.25."""
    return f"{_sign(paise, plus=True)}{RUPEE}{price(abs(paise))}"


def compact(paise: int) -> str:
    """Lakh and crore for headline figures: ₹12.84 L, ₹3.20 Cr; below a lakh whole rupees."""
    size = abs(whole_rupees(paise)) * 100
    if size < LAKH_PAISE:
        return rupees(paise)
    for unit, name in ((LAKH_PAISE, "L"), (CRORE_PAISE, "Cr")):
        value = (Decimal(abs(paise)) / unit).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if name == "Cr" or value < 100:
            break
    whole, _, rest = str(value).partition(".")
    return f"{_sign(paise)}{RUPEE}{grouped(int(whole))}.{rest} {name}"


def quantity(qty: int) -> str:
    """A signed quantity in units: +50, −1,800, 0."""
    return f"{_sign(qty, plus=True)}{grouped(abs(qty))}"


def percent(basis_points: int) -> str:
    """A signed percentage from basis points: +0.42 %."""
    whole, rest = divmod(abs(basis_points), 100)
    return f"{_sign(basis_points, plus=True)}{grouped(whole)}.{rest:02d} %"


def _decimals(value: float, places: int, *, plus: bool = False) -> str:
    """A float with so many decimals, halves away from zero; nothing but zeros has no sign."""
    shown = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = str(abs(shown)).partition(".")
    sign = MINUS if shown < 0 else "+" if plus and shown > 0 else ""
    return f"{sign}{grouped(int(whole))}" + (f".{rest}" if rest else "")


def iv(volatility: float) -> str:
    """A volatility in per cent a year, from its decimal: 0.1234 -> 12.3."""
    return _decimals(volatility * 100, 1)


def vol_points(difference: float) -> str:
    """A difference of volatilities in points: -0.0121 -> −1.2."""
    return _decimals(difference * 100, 1, plus=True)


def delta(value: float) -> str:
    """A delta or a ratio: −0.26."""
    return _decimals(value, 2)


def gamma(value: float) -> str:
    """A gamma: 0.0011."""
    return _decimals(value, 4)


def greek(value: float) -> str:
    """Theta, vega and the other Greeks of one unit, in rupees: −14.21."""
    return _decimals(value, 2)


def lakhs(qty: int) -> str:
    """Open interest and volume in lakhs of units: 1,02,00,000 -> 102.0."""
    return _decimals(qty / 100_000, 1)


def lakhs_change(qty: int) -> str:
    """A change in lakhs of units, signed: +3.1."""
    return _decimals(qty / 100_000, 1, plus=True)


def strike(paise: int) -> str:
    """A strike without grouping, decimals only where it has any: 25400, 252.50."""
    whole, rest = divmod(paise, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def day_month(day: date) -> str:
    """An expiry as people read it: 23 NOV."""
    return f"{day.day:02d} {MONTHS[day.month - 1].upper()}"


def instrument(underlying: str, expiry: date | None, strike_paise: int | None, kind: str) -> str:
    """NIFTY 23 NOV 25400 CE; an index is its name alone, a future ends in FUT."""
    parts = [underlying]
    if expiry is not None:
        parts.append(day_month(expiry))
    if strike_paise is not None:
        parts.append(strike(strike_paise))
    if kind != "INDEX":
        parts.append(kind)
    return " ".join(parts)


def ist(at: datetime) -> datetime:
    """The instant in Indian Standard Time. `at` must be aware."""
    if at.tzinfo is None:
        raise ValueError("a naive time cannot be shown: its zone is unknown")
    return at.astimezone(IST)


def ist_time(at: datetime) -> str:
    """13:41:52."""
    return f"{ist(at):%H:%M:%S}"


def ist_minute(at: datetime) -> str:
    """13:41."""
    return f"{ist(at):%H:%M}"


def ist_stamp(at: datetime) -> str:
    """20 Nov 13:41:52."""
    local = ist(at)
    return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M:%S}"


def long_date(day: date) -> str:
    """Wed 8 Jun 2022."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def duration(span: timedelta) -> str:
    """A span in words, never bare seconds: 1h 47m, 12 min, under a minute."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours}h {rest:02d}m" if hours < 24 else f"{hours // 24} d {hours % 24} h"
