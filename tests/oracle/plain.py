"""An independent answer to "what should this strategy have done on that recorded day?".

Written in plain Python from the strategy vocabulary and the charge tables, without the engine: money is
Decimal, the day is a list of bars, and every rule stands where the vocabulary puts it. It knows what the
specs of `SPECS` need: strikes by offset from the money, per-leg stop, target and step trail, overall stop and
target, partial and complete square-off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

IST = timezone(timedelta(hours=5, minutes=30))
LOT = 50  # NIFTY, contracts expiring in June 2022
PAISA = Decimal("0.01")
MICRO = Decimal("0.000001")

Contract = tuple[date, int, str]


@dataclass(frozen=True)
class Bar:
    """All closes of one bar, as one event at its end."""

    at: datetime
    spot: Decimal | None
    closes: Mapping[Contract, Decimal]


@dataclass(frozen=True)
class Day:
    date: date
    listed: frozenset[Contract]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Trade:
    """One closed piece; prices in rupees, times with +05:30."""

    leg: str
    right: str
    strike: int
    expiry: date
    side: str
    lots: int
    qty: int
    entry_ts: datetime
    entry_price: Decimal
    exit_ts: datetime
    exit_price: Decimal
    exit_reason: str
    gross_pnl: Decimal
    charges: Decimal


@dataclass
class Position:
    """A leg that was entered. `favour` is the peak favourable move, `leaving` the reason once it is decided
    to go.
    """

    rules: Mapping[str, Any]
    name: str
    contract: Contract
    sign: int
    qty: int
    entry_ts: datetime
    entry: Decimal
    stop0: Decimal | None = None
    stop: Decimal | None = None
    target: Decimal | None = None
    favour: Decimal = Decimal(0)
    leaving: str | None = None
    exit_ts: datetime | None = None
    exit: Decimal | None = None

    @property
    def open(self) -> bool:
        return self.exit is None

    def set_levels(self) -> None:
        distance = _distance(self.rules.get("stop"), self.entry)
        if distance is not None:
            self.stop0 = self.entry - self.sign * distance
            self.stop = _one_tick_at_least(self.stop0)
        distance = _distance(self.rules.get("target"), self.entry)
        if distance is not None:
            self.target = _one_tick_at_least(self.entry + self.sign * distance)


@dataclass
class Book:
    """What the strategy holds on the way through the day."""

    day: Day
    spec: Mapping[str, Any]
    slippage: Decimal
    positions: list[Position] = field(default_factory=list)
    marks: dict[Contract, Decimal] = field(default_factory=dict)


# ------------------------------------------------------------------ the recorded day


def load_day(options: Path, index: Path, day: date) -> Day:
    """Read one day. Bars are stamped at their start; the bar length is the commonest gap between stamps."""
    start = datetime.combine(day, time(0))
    span = [("ts", ">=", start), ("ts", "<", start + timedelta(days=1))]
    chain = pq.read_table(options, columns=["ts", "expiry", "strike", "right", "close"], filters=span)
    levels = pq.read_table(index, filters=span)
    spot_name = "spot" if "spot" in levels.column_names else "nifty"
    closes: dict[datetime, dict[Contract, Decimal]] = {}
    chain = chain.set_column(1, "expiry", chain["expiry"].cast(pa.date32()))
    for row in chain.filter(pc.is_valid(chain["close"])).to_pylist():
        contract = (row["expiry"], row["strike"], row["right"])
        closes.setdefault(row["ts"], {})[contract] = rupees(row["close"])
    spots = {row["ts"]: rupees(row[spot_name]) for row in levels.to_pylist() if row[spot_name] is not None}
    stamps = sorted(closes.keys() | spots.keys())
    length = bar_length(stamps)
    bars = tuple(Bar((ts + length).replace(tzinfo=IST), spots.get(ts), closes.get(ts, {})) for ts in stamps)
    return Day(day, frozenset(contract for quotes in closes.values() for contract in quotes), bars)


def bar_length(stamps: list[datetime]) -> timedelta:
    gaps = Counter(later - earlier for earlier, later in zip(stamps, stamps[1:], strict=False))
    return gaps.most_common(1)[0][0]


def rupees(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(PAISA, ROUND_HALF_UP)


# ------------------------------------------------------------------ the strategy


def trades_of(day: Day, spec: Mapping[str, Any], *, slippage: Decimal = Decimal(0)) -> list[Trade]:
    """The closed pieces of `spec` on `day`, in spec order of the legs."""
    book = Book(day, spec, slippage)
    entry_at, exit_at = (_clock(day.date, spec[name]) for name in ("entry_time", "exit_time"))
    last_entry = exit_at - timedelta(minutes=1)
    for bar in day.bars:
        book.marks |= bar.closes
        if not book.positions:
            if entry_at <= bar.at <= last_entry and not enter(book, bar):
                return []
            continue
        evaluate(book, bar, exit_at)
        fill_exits(book, bar)
    return [_trade(position) for position in book.positions if not position.open]


def enter(book: Book, bar: Bar) -> bool:
    """All legs from this bar, or none while a contract has no quote in it; False when a strike is not listed
    at all.
    """
    if bar.spot is None:
        return True
    chosen = [contract for leg in book.spec["legs"] if (contract := choose(book.day, leg, bar.spot))]
    if len(chosen) < len(book.spec["legs"]):
        return False
    if any(contract not in bar.closes for contract in chosen):
        return True
    for number, (leg, contract) in enumerate(zip(book.spec["legs"], chosen, strict=True), start=1):
        sign = 1 if leg["side"] == "BUY" else -1
        price = _against(bar.closes[contract], sign, book.slippage)
        name = leg.get("id", f"L{number}")
        position = Position(leg, name, contract, sign, leg["lots"] * LOT, bar.at, price)
        position.set_levels()
        book.positions.append(position)
    return True


def choose(day: Day, leg: Mapping[str, Any], spot: Decimal) -> Contract | None:
    """The leg's contract of the nearest expiry; None when its strike is not listed."""
    expiry = min(expiry for expiry, _, _ in day.listed if expiry >= day.date)
    strikes = sorted({strike for listed, strike, _ in day.listed if listed == expiry})
    atm = min(strikes, key=lambda strike: (abs(strike - spot), strike))
    steps = leg["strike_by"]["offset"] * (1 if leg["right"] == "CE" else -1)
    mine = sorted(strike for listed, strike, right in day.listed if (listed, right) == (expiry, leg["right"]))
    if steps == 0:
        ladder = [strike for strike in mine if strike == atm]
    elif steps > 0:
        ladder = [strike for strike in mine if strike > atm][steps - 1 :]
    else:
        ladder = [strike for strike in reversed(mine) if strike < atm][-steps - 1 :]
    return (expiry, ladder[0], leg["right"]) if ladder else None


def evaluate(book: Book, bar: Bar, exit_at: datetime) -> None:
    """The order of the vocabulary: time exit, overall stop, overall target; each leg; the trails."""
    staying = [position for position in book.positions if position.leaving is None]
    if not staying:
        return
    if bar.at >= exit_at:
        _all_leave(staying, "EXIT_TIME")
    elif reason := overall(book, bar):
        _all_leave(staying, reason)
    else:
        _legs(book, bar, staying)
    for position in staying:
        if position.leaving is None and position.contract in bar.closes:
            trail(position, bar.closes[position.contract])


def overall(book: Book, bar: Bar) -> str | None:
    """The overall rule met at the marks; at least one open leg must be quoted in this bar."""
    if not any(position.open and position.contract in bar.closes for position in book.positions):
        return None
    result = sum(
        (gross(p, book.marks[p.contract] if p.exit is None else p.exit) for p in book.positions), Decimal(0)
    )
    stop, target = book.spec.get("overall_stop"), book.spec.get("overall_target")
    if stop and result <= -Decimal(str(stop["value"])):
        return "OVERALL_SL"
    if target and result >= Decimal(str(target["value"])):
        return "OVERALL_TARGET"
    return None


def _legs(book: Book, bar: Bar, staying: list[Position]) -> None:
    """Only a price of this bar itself can hit a level; the stop comes before the target."""
    hit = {
        position.name: reason
        for position in staying
        if position.contract in bar.closes and (reason := hit_by(position, bar.closes[position.contract]))
    }
    if hit and book.spec.get("square_off") == "COMPLETE":
        first = next(iter(hit))
        hit = {p.name: hit[first] if p.name == first else "SQUARE_OFF_COMPLETE" for p in staying}
    for position in staying:
        position.leaving = hit.get(position.name)


def hit_by(position: Position, price: Decimal) -> str | None:
    if position.stop is not None and position.sign * (price - position.stop) <= 0:
        moved = position.stop0 is not None and position.stop != _one_tick_at_least(position.stop0)
        return "LEG_TRAIL" if moved else "LEG_SL"
    if position.target is not None and position.sign * (price - position.target) >= 0:
        return "LEG_TARGET"
    return None


def trail(position: Position, price: Decimal) -> None:
    """For every full X of peak favourable move the stop lies Y nearer, counted from the configured stop."""
    rules = position.rules.get("trail")
    if not rules or position.stop0 is None:
        return
    position.favour = max(position.favour, position.sign * (price - position.entry))
    unit = position.entry / 100 if rules["unit"] == "PCT" else Decimal(1)
    x, y = (Decimal(str(rules[name])) * unit for name in ("x", "y"))
    position.stop = _one_tick_at_least(position.stop0 + position.sign * y * int(position.favour / x))


def fill_exits(book: Book, bar: Bar) -> None:
    """Shorts are bought back first; longs are sold when every short that leaves is flat. A fill needs a
    price.
    """
    for sign in (-1, 1):
        if sign == 1 and any(p.sign == -1 and p.leaving and p.open for p in book.positions):
            return
        for position in book.positions:
            if (
                position.sign == sign
                and position.leaving
                and position.open
                and position.contract in bar.closes
            ):
                position.exit = _against(bar.closes[position.contract], -sign, book.slippage)
                position.exit_ts = bar.at


def gross(position: Position, price: Decimal) -> Decimal:
    return position.sign * (price - position.entry) * position.qty


def _trade(position: Position) -> Trade:
    if position.exit is None or position.exit_ts is None or position.leaving is None:
        raise ValueError(f"{position.name} is still open")
    expiry, strike, right = position.contract
    return Trade(
        leg=position.name,
        right=right,
        strike=strike,
        expiry=expiry,
        side="BUY" if position.sign == 1 else "SELL",
        lots=position.rules["lots"],
        qty=position.qty,
        entry_ts=position.entry_ts,
        entry_price=position.entry,
        exit_ts=position.exit_ts,
        exit_price=position.exit,
        exit_reason=position.leaving,
        gross_pnl=gross(position, position.exit),
        charges=order_charges(position.entry, position.qty, position.sign)
        + order_charges(position.exit, position.qty, -position.sign),
    )


def _all_leave(positions: Iterable[Position], reason: str) -> None:
    for position in positions:
        position.leaving = reason


def _distance(rule: Mapping[str, Any] | None, entry: Decimal) -> Decimal | None:
    if rule is None:
        return None
    value = Decimal(str(rule["value"]))
    return entry * value / 100 if rule["type"] == "PREMIUM_PCT" else value


def _one_tick_at_least(level: Decimal) -> Decimal:
    return level if level > 0 else Decimal("0.05")


def _against(price: Decimal, sign: int, slippage: Decimal) -> Decimal:
    """The fill of an order: a buyer (+1) pays the slippage, a seller (-1) loses it."""
    return price + sign * slippage


def _clock(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), tzinfo=IST)


# ------------------------------------------------------------------ charges


def order_charges(price: Decimal, qty: int, sign: int) -> Decimal:
    """Charges of one executed index option order in June 2022, in rupees, rounded half up once on the sum.

    Flat brokerage 20; STT 0.05 % of premium on sales; NSE transaction charge 0.053 %; SEBI fee 10 per crore;
    stamp duty 0.003 % on purchases; GST 18 % of brokerage, transaction charge and SEBI fee. Components keep
    six decimals.
    """
    premium = price * qty
    brokerage = Decimal(20)
    stt = _six(premium * Decimal("0.0005")) if sign == -1 else Decimal(0)
    stamp = _six(premium * Decimal("0.00003")) if sign == 1 else Decimal(0)
    exchange = _six(premium * Decimal("0.00053"))
    sebi = _six(premium * Decimal("0.000001"))
    gst = _six((brokerage + exchange + sebi) * Decimal("0.18"))
    return (brokerage + stt + stamp + exchange + sebi + gst).quantize(PAISA, ROUND_HALF_UP)


def _six(amount: Decimal) -> Decimal:
    return amount.quantize(MICRO, ROUND_HALF_UP)
