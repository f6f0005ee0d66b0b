"""The estimate against margins published from a real settlement file: the errors docs/margin.md states."""

from __future__ import annotations

import pytest

from markets.domain.margin import MarginLeg, StructureMargin, structure_margin
from tests.unit.markets.margin.published import NIFTY, book, future, option

POSITIONS: dict[str, tuple[list[MarginLeg], int, int, float]] = {
    # legs, span of the file, of the estimate in rupees, error in percent
    "short 23700 CE": ([option(-1, 23_700, "CE")], 141_673, 144_130, 1.7),
    "short 23700 PE": ([option(-1, 23_700, "PE")], 138_269, 143_991, 4.1),
    "short 23700 straddle": ([option(-1, 23_700, "CE"), option(-1, 23_700, "PE")], 141_673, 145_669, 2.8),
    "short 24000 CE": ([option(-1, 24_000, "CE")], 123_105, 125_915, 2.3),
    "short 23000 PE": ([option(-1, 23_000, "PE")], 100_744, 102_134, 1.4),
    "iron condor": (
        [
            option(-1, 24_000, "CE"),
            option(1, 24_500, "CE"),
            option(-1, 23_000, "PE"),
            option(1, 22_500, "PE"),
        ],
        31_244,
        31_847,
        1.9,
    ),
    "long future": ([future(1)], 143_720, 143_557, -0.1),
    "future + long 23000 PE": ([future(1), option(1, 23_000, "PE")], 48_030, 45_384, -5.5),
}


def margin_of(name: str) -> StructureMargin:
    return structure_margin(POSITIONS[name][0], NIFTY, book())


@pytest.mark.parametrize("name", list(POSITIONS))
def test_span_of_the_table(name: str) -> None:
    _, published, documented, error = POSITIONS[name]
    found = margin_of(name).margin.span_paise / 100
    assert found == pytest.approx(documented, abs=10)  # inferred premiums are not known to the paisa
    assert round((found / published - 1) * 100, 1) == error


def test_exposure_to_the_rupee() -> None:
    assert margin_of("short 23700 CE").margin.exposure_paise == 30_612_08
    assert margin_of("long future").margin.exposure_paise == 30_873_00
    assert margin_of("iron condor").margin.exposure_paise == 2 * 30_612_08


def test_labelled_as_an_estimate_with_its_accuracy() -> None:
    found = margin_of("iron condor")
    assert found.basis == "estimate"
    assert found.file_day is None
    assert found.accuracy.startswith("Estimate")
    assert "29 May 2026" in found.accuracy
    assert found.needed_paise == round(found.margin.total_paise * 1.05)


def test_a_hedge_lowers_span_but_not_exposure() -> None:
    """The file's own figures: 223,849 + 61,224 apart, 92,468 together."""
    found = margin_of("iron condor")
    assert [round(each.span_paise / 100) for each in found.alone] == [125_915, 0, 102_134, 0]
    assert sum(each.exposure_paise for each in found.alone) == found.margin.exposure_paise
    assert found.hedge_benefit_paise == sum(each.span_paise for each in found.alone) - found.margin.span_paise
    assert round(found.hedge_benefit_paise / 100) == 125_915 + 102_134 - 31_847


def test_long_legs_go_first() -> None:
    found = margin_of("iron condor")
    assert [step.leg for step in found.steps] == [1, 3, 0, 2]
    assert [step.total_paise for step in found.steps[:2]] == [0, 0]
    assert found.steps[-1].total_paise == found.margin.total_paise
    assert found.steps[1].premium_paise == LONG_PREMIUM
    assert found.steps[-1].premium_paise < 0


LONG_PREMIUM = sum((leg.price_paise or 0) * leg.qty for leg in POSITIONS["iron condor"][0] if leg.qty > 0)
