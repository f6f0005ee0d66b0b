"""From JSON to a `Spec`: shape first, then the rules between fields; all findings at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from fractions import Fraction
from typing import Any, Final

from strategies.engine.types import Right, Side
from strategies.spec import model as m
from strategies.spec.errors import SpecInvalid
from strategies.spec.reader import Findings, Node
from strategies.spec.rules import check_rules
from strategies.spec.vocabulary import LATER_LEG, LATER_STRIKE, LATER_TOP

TOP_FIELDS: Final = (
    "name", "underlying", "underlying_price_from", "trade_type", "product", "price_basis", "expiry_by",
    "entry_time", "exit_time", "last_entry_time", "days", "square_off", "overall_stop", "overall_target",
    "policy", "cycle_limit", "mtm", "fill_timeout_s", "protection_pct", "stop_placement", "legs",
)  # fmt: skip
LEG_FIELDS: Final = ("id", "side", "right", "lots", "strike_by", "stop", "target", "trail")
MAX_LEGS: Final = 20
MAX_LOTS: Final = 10_000


def parse_spec(data: Mapping[str, Any]) -> m.Spec:
    """Read a strategy specification, version 1.

    Values are JSON numbers or decimal strings and are taken exactly as written. Omitted fields get their
    defaults. Raises `SpecInvalid` with every finding.
    """
    findings = Findings()
    root = Node(data, "", findings)
    if not root.is_object(TOP_FIELDS, LATER_TOP):
        raise SpecInvalid(tuple(findings.errors))
    spec = _spec(root)
    check_rules(spec, findings)
    if findings.errors:
        raise SpecInvalid(tuple(findings.errors))
    return spec


def _spec(root: Node) -> m.Spec:
    entry, leave = root.child("entry_time").clock(), root.child("exit_time").clock()
    last = root.child("last_entry_time")
    scope, basis = _mtm(root.child("mtm"))
    return m.Spec(
        name=root.child("name").text(pattern=r"\S(.{0,78}\S)?", hint="a name of 1 to 80 characters"),
        underlying=root.child("underlying").text(
            pattern=r"[A-Z][A-Z0-9&-]{0,19}", hint="the exchange's name in capitals, like NIFTY"
        ),
        underlying_price_from=_word(root, "underlying_price_from", m.PriceFrom.SPOT),
        trade_type=_word(root, "trade_type", m.TradeType.INTRADAY),
        product=_word(root, "product", m.Product.MIS),
        price_basis=_word(root, "price_basis", m.PriceBasis.FILL),
        expiry_by=_expiry(root.child("expiry_by")),
        entry_time=entry,
        exit_time=leave,
        last_entry_time=_default_last_entry(entry, leave) if last.missing else last.clock(),
        days=_days(root.child("days")),
        square_off=_word(root, "square_off", m.SquareOff.PARTIAL),
        overall_stop_paise=_overall(root.child("overall_stop")),
        overall_target_paise=_overall(root.child("overall_target")),
        policy=_word(root, "policy", m.Policy.ALL_OR_UNWIND),
        stop_placement=_word(root, "stop_placement", m.StopPlacement.ON_TRIGGER),
        mtm_scope=scope,
        mtm_basis=basis,
        cycle_limit=_cycle_limit(root.child("cycle_limit")),
        fill_timeout_s=root.child("fill_timeout_s").integer(low=1, high=300, default=10),
        protection_pct=_protection(root.child("protection_pct")),
        legs=_legs(root.child("legs")),
    )


def _word(root: Node, name: str, default: Any) -> Any:
    return root.child(name).choice(type(default), default, field_name=name)


def _default_last_entry(entry: time, leave: time) -> time:
    """One minute before the exit time, but never before the entry time itself."""
    minutes = max(leave.hour * 60 + leave.minute - 1, 0)
    return max(entry, leave.replace(hour=minutes // 60, minute=minutes % 60))


def _expiry(node: Node) -> m.ExpiryMethod:
    if isinstance(node.value, Mapping):
        node.is_object(("method",), frozenset({"n", "date"}))
        return node.child("method").choice(m.ExpiryMethod, field_name="expiry_by")
    return node.choice(m.ExpiryMethod, m.ExpiryMethod.WEEKLY, field_name="expiry_by")


def _days(node: Node) -> tuple[m.Day, ...]:
    if node.missing:
        return m.WEEKDAYS
    if not isinstance(node.value, list | tuple) or not 1 <= len(node.value) <= len(m.Day):
        node.fault("type", "Must be a list of weekdays, like MON, WED, FRI.")
        return ()
    days = [node.child(i).choice(m.Day) for i in range(len(node.value))]
    if len(set(days)) < len(days) and node.findings.clean(node.pointer):
        node.fault("duplicate", "Each weekday may be named once.")
    return tuple(day for day in m.Day if day in days)


def _overall(node: Node) -> int | None:
    if node.missing:
        return None
    if node.is_object(("unit", "value")):
        node.child("unit").choice(m.OverallUnit, field_name="unit")
        return _paise(node.child("value"))
    return None


def _paise(node: Node) -> int:
    return int(node.number(low="0", high="1000000000", decimals=2, above=True) * 100)


def _mtm(node: Node) -> tuple[m.MtmScope, m.MtmBasis]:
    if node.missing or not node.is_object(("scope", "basis")):
        return m.MtmScope.CYCLE, m.MtmBasis.GROSS
    scope = node.child("scope").choice(m.MtmScope, m.MtmScope.CYCLE, field_name="scope")
    return scope, node.child("basis").choice(m.MtmBasis, m.MtmBasis.GROSS, field_name="basis")


def _cycle_limit(node: Node) -> int:
    if node.integer(low=1, high=20, default=1) > 1:
        node.fault("not_supported_yet", "More than one cycle a run belongs to a later version; use 1.")
    return 1


def _protection(node: Node) -> Fraction:
    return Fraction(2) if node.missing else node.number(low="0", high="20", decimals=2, above=True)


def _legs(node: Node) -> tuple[m.Leg, ...]:
    if not node.present(f"a list of 1 to {MAX_LEGS} legs"):
        return ()
    if not isinstance(node.value, list | tuple) or not 1 <= len(node.value) <= MAX_LEGS:
        node.fault("legs", f"Must be a list of 1 to {MAX_LEGS} legs.")
        return ()
    return tuple(_leg(node.child(i), i) for i in range(len(node.value)))


def _leg(node: Node, index: int) -> m.Leg:
    node.is_object(LEG_FIELDS, LATER_LEG)
    name = node.child("id")
    hint = "1 to 12 letters, digits, - or _"
    return m.Leg(
        id=f"L{index + 1}" if name.missing else name.text(pattern=r"[A-Za-z0-9_-]{1,12}", hint=hint),
        side=node.child("side").choice(Side),
        right=node.child("right").choice(Right, field_name="right"),
        lots=node.child("lots").integer(low=1, high=MAX_LOTS),
        strike_by=_strike(node.child("strike_by")),
        stop=_distance(node.child("stop"), "stop"),
        target=_distance(node.child("target"), "target"),
        trail=_trail(node.child("trail")),
    )


def _strike(node: Node) -> m.AtmOffset | m.ExactStrike:
    fields = ("method", "offset", "value")
    if not node.present("how the strike is chosen") or not node.is_object(fields, LATER_STRIKE):
        return m.AtmOffset(0)
    method = node.child("method").choice(m.StrikeMethod, field_name="method")
    if not node.findings.clean(f"{node.pointer}/method"):
        return m.AtmOffset(0)
    wanted, other = ("offset", "value") if method is m.StrikeMethod.ATM_OFFSET else ("value", "offset")
    if not node.child(other).missing:
        node.child(other).fault(
            "unknown_field", f"`{other}` is not a field of {method}. Allowed: method, {wanted}."
        )
    if method is m.StrikeMethod.ATM_OFFSET:
        return m.AtmOffset(node.child("offset").integer(low=-100, high=100))
    return m.ExactStrike(
        int(node.child("value").number(low="0", high="10000000", decimals=2, above=True) * 100)
    )


def _distance(node: Node, name: str) -> m.Distance | None:
    if node.missing or not node.is_object(("type", "value")):
        return None
    kind = node.child("type").choice(m.DistanceType, field_name=name)
    return m.Distance(kind, _positive(node.child("value")))


def _trail(node: Node) -> m.StepTrail | None:
    if node.missing or not node.is_object(("type", "unit", "x", "y")):
        return None
    node.child("type").choice(m.TrailType, field_name="trail")
    unit = node.child("unit").choice(m.TrailUnit)
    return m.StepTrail(unit, _positive(node.child("x")), _positive(node.child("y")))


def _positive(node: Node) -> Fraction:
    return node.number(low="0", high="1000000", decimals=4, above=True)
