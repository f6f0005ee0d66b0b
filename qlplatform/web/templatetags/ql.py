"""Figures, times, badges and icons in templates: `{% load ql %}`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qlplatform.web import formats
from qlplatform.web.words import (
    BADGES,
    DECISION_ICONS,
    EXIT_REASONS,
    ORDER_STATES,
    RUN_PHASES,
    Badge,
    in_words,
)

register = template.Library()

SPRITE = "vendor/lucide-1.62.0.svg"
NOTHING = "–"

AMOUNTS = {
    name: getattr(formats, name)
    for name in ("money", "rupees", "pnl", "pnl_exact", "compact", "price", "quantity", "percent")
}
EXACT = {"pnl": formats.pnl_exact, "compact": formats.money, "rupees": formats.money}


def _shown(name: str, value: Any) -> str:
    return NOTHING if value is None or value == "" else AMOUNTS[name](int(value))


@register.filter
def money(paise: int | None) -> str:
    """₹12,84,500.00"""
    return _shown("money", paise)


@register.filter
def rupees(paise: int | None) -> str:
    """₹12,84,500"""
    return _shown("rupees", paise)


@register.filter
def pnl(paise: int | None) -> str:
    """+₹6,550"""
    return _shown("pnl", paise)


@register.filter
def pnl_exact(paise: int | None) -> str:
    """+₹6,550.25"""
    return _shown("pnl_exact", paise)


@register.filter
def compact(paise: int | None) -> str:
    """₹12.84 L"""
    return _shown("compact", paise)


@register.filter
def price(paise: int | None) -> str:
    """25,184.30"""
    return _shown("price", paise)


@register.filter
def quantity(qty: int | None) -> str:
    """−1,800"""
    return _shown("quantity", qty)


@register.filter
def lots(number: int) -> str:
    """1 lot, 3 lots; the sign stands with the quantity."""
    size = abs(number)
    return f"{size} lot" if size == 1 else f"{size} lots"


@register.filter
def ist_time(at: datetime | None) -> str:
    """13:41:52"""
    return formats.ist_time(at) if at else NOTHING


@register.filter
def ist_minute(at: datetime | None) -> str:
    """13:41"""
    return formats.ist_minute(at) if at else NOTHING


@register.filter
def ist_stamp(at: datetime | None) -> str:
    """20 Nov 13:41:52"""
    return formats.ist_stamp(at) if at else NOTHING


@register.filter
def long_date(day: date | None) -> str:
    """Wed 8 Jun 2022"""
    return formats.long_date(day) if day else NOTHING


@register.filter
def iso(at: datetime | None) -> str:
    """RFC 3339, for <time datetime> and live elements."""
    return at.isoformat().replace("+00:00", "Z") if at else ""


@register.filter
def tone(value: int | None) -> str:
    """The colour class of a signed figure: profit, loss, or none for zero."""
    if not value:
        return ""
    return "profit" if value > 0 else "loss"


@register.filter
def reason(code: str) -> str:
    """An exit reason in words."""
    return EXIT_REASONS.get(code, in_words(code))


@register.filter
def words(code: str) -> str:
    """Any other code in words."""
    return in_words(code)


@register.filter
def average(order: Any) -> int | None:
    """The average fill of an order in paise, to the nearest paisa (halves up)."""
    qty = order.filled_qty
    return (2 * order.filled_value_paise + qty) // (2 * qty) if qty else None


@register.filter
def level(percent: int) -> str:
    """How close to a limit: nothing, near (from 80 %), full."""
    return "full" if percent >= 100 else "near" if percent >= 80 else ""


@register.filter
def of(table: dict[Any, Any] | None, key: Any) -> Any:
    """The entry of `key`, or nothing."""
    return (table or {}).get(key, "")


@register.filter
def live_key(public_id: str, field: str) -> str:
    """The live value of an object: dep_01J…, net -> dep:dep_01J….net."""
    kind, _, _ = public_id.partition("_")
    return f"{kind}:{public_id}.{field}"


@register.filter
def decision_icon(kind: str) -> str:
    return DECISION_ICONS.get(kind, "info")


@register.filter
def phase_word(phase: str) -> str:
    """The state word of a run's phase."""
    return RUN_PHASES.get(phase, in_words(phase))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; decoration only, the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static(SPRITE), name
    )


@register.simple_tag
def figure(value: int | None, form: str = "pnl", key: str = "", tone: bool = False) -> SafeString:
    """A figure that follows its live value. `form` names a format, `value` is paise, units for quantity."""
    colour = _tone(value) if tone else ""
    exact = EXACT.get(form)
    title = exact(int(value)) if exact and value is not None else ""
    return format_html(
        '<ql-value data-key="{}" data-format="{}" class="{}" title="{}"{}>{}</ql-value>',
        key,
        form,
        colour,
        title,
        SafeString(" data-tone") if tone else "",
        _shown(form, value),
    )


def _tone(value: int | None) -> str:
    if not value:
        return ""
    return "profit" if value > 0 else "loss"


@register.simple_tag
def badge(state: str) -> SafeString:
    """State of a strategy: icon and word."""
    return _badge(state.capitalize(), BADGES.get(state, Badge("", "info")))


@register.simple_tag
def order_badge(state: str) -> SafeString:
    """State of an order: icon and word."""
    word, look = ORDER_STATES.get(state, (in_words(state), Badge("", "info")))
    return _badge(word.capitalize(), look)


def _badge(word: str, look: Badge) -> SafeString:
    return format_html('<span class="badge {}">{}{}</span>', look.tone, icon(look.icon), word)


@register.simple_tag
def mode_pill(mode: str) -> SafeString:
    """PAPER or LIVE; the word is always there."""
    return format_html('<span class="pill {}">{}</span>', mode, mode.upper())


@register.simple_tag
def side(name: str) -> SafeString:
    """B Buy or S Sell."""
    word = name.capitalize()
    mark = format_html('<span class="side {}" aria-hidden="true">{}</span>', name.lower(), word[0])
    return format_html('<span class="nowrap">{}{}</span>', mark, word)
