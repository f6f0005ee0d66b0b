"""Figures, badges and pills as templates write them."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from execution.domain import badges
from execution.domain.order_states import STATES
from qlplatform.web.templatetags import ql
from qlplatform.web.words import BADGES, EXIT_REASONS, ORDER_STATES
from strategies.engine.types import ExitReason
from tests.unit.house.product import ROOT


def test_a_live_figure_names_its_key_format_and_exact_amount() -> None:
    opening = '<ql-value data-key="acct.net" data-format="pnl" class="loss" title="−₹952.50" data-tone>'
    assert ql.figure(-95250, "pnl", "acct.net", True) == f"{opening}−₹953</ql-value>"


def test_zero_has_no_colour_and_nothing_is_a_dash() -> None:
    assert 'class=""' in ql.figure(0, "pnl", "", True)
    assert ">–</ql-value>" in ql.figure(None, "price")


def test_a_figure_escapes_what_it_is_given() -> None:
    assert "<b>" not in ql.figure(1, "price", "<b>")


def test_the_average_of_an_order_is_rounded_to_the_nearest_paisa() -> None:
    assert ql.average(SimpleNamespace(filled_qty=3, filled_value_paise=1001)) == 334
    assert ql.average(SimpleNamespace(filled_qty=0, filled_value_paise=0)) is None


@pytest.mark.parametrize(("percent", "word"), [(0, ""), (79, ""), (80, "near"), (99, "near"), (100, "full")])
def test_meters_warn_before_the_limit(percent: int, word: str) -> None:
    assert ql.level(percent) == word


def test_every_state_and_reason_has_its_words() -> None:
    ours = {value for name, value in vars(badges).items() if name.isupper() and isinstance(value, str)}
    assert ours - set(BADGES) == set()
    assert set(STATES) - set(ORDER_STATES) == set()
    assert {reason.value for reason in ExitReason} - set(EXIT_REASONS) == set()


def test_every_icon_a_page_can_ask_for_is_in_the_sprite() -> None:
    sprite = ElementTree.parse(ROOT / "static" / ql.SPRITE).getroot()  # noqa: S314 - our own file
    shapes = {symbol.get("id") for symbol in sprite}
    wanted = {look.icon for look in BADGES.values()} | {look.icon for _, look in ORDER_STATES.values()}
    assert wanted - shapes == set()
