from __future__ import annotations

import pytest

from portfolio.domain.limits import DayLoss, Exposure, LimitBreached, OpenLots, limits_check


def exposure(*, net_paise: int = 0, open_lots: int = 0, wanted: int = 2) -> Exposure:
    return Exposure(net_paise, open_lots, wanted)


@pytest.mark.parametrize(("net_paise", "allowed"), [(-9_999_99, True), (-10_000_00, False), (5_000_00, True)])
def test_day_loss_blocks_from_the_limit_on(net_paise: int, allowed: bool) -> None:
    assert (DayLoss(10_000_00).breach(exposure(net_paise=net_paise)) is None) is allowed


@pytest.mark.parametrize(("open_lots", "allowed"), [(38, True), (39, False), (40, False)])
def test_open_lots_may_reach_the_limit_but_not_pass_it(open_lots: int, allowed: bool) -> None:
    assert (OpenLots(40).breach(exposure(open_lots=open_lots)) is None) is allowed


def test_every_breach_is_told_with_its_numbers() -> None:
    limits = [("day_loss", 10_000_00), ("open_lots", 40)]

    with pytest.raises(LimitBreached) as refusal:
        limits_check(limits, exposure(net_paise=-12_400_00, open_lots=40))

    assert refusal.value.code == "limit_breached"
    assert refusal.value.breaches == (
        "Day loss is −₹12,400 of ₹10,000 allowed",
        "Open lots would be 42 of 40 allowed (40 open or on the way, 2 wanted)",
    )
    assert refusal.value.message == ". ".join(refusal.value.breaches) + "."


def test_within_the_limits_nothing_is_raised() -> None:
    limits_check([("day_loss", 10_000_00), ("open_lots", 40)], exposure(open_lots=38))
