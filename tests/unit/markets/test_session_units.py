"""Units or contracts: the figures tell."""

from __future__ import annotations

import numpy as np
import pytest

from markets.session_import.units import lot_from_quantities, to_units, unit_of

LOTS = np.full(20, 75.0)


def test_multiples_of_the_lot_are_units() -> None:
    assert unit_of(np.arange(20, dtype=np.float64) * 75, LOTS).found == "units"


def test_other_figures_are_contracts_and_become_units() -> None:
    counted = np.arange(20, dtype=np.float64)
    values = {"oi": counted + 1, "oi_chg": -counted - 1, "volume": counted * 750}
    found = to_units(values, LOTS)
    assert {family: unit.found for family, unit in found.items()} == {
        "open interest": "contracts",
        "volume": "units",
    }
    assert values["oi"].tolist() == [75.0 * n for n in range(1, 21)]
    assert values["oi_chg"][3] == -300
    assert values["volume"][2] == 1_500


def test_each_contract_is_judged_by_its_own_lot() -> None:
    lots = np.array([65.0, 75.0] * 10)
    assert unit_of(lots * 4, lots).multiples == 1.0


def test_nothing_is_no_unit() -> None:
    assert unit_of(np.array([np.nan, 0.0]), np.array([75.0, 75.0])).found == "none"


@pytest.mark.parametrize(("quantities", "lot"), [([150.0, 225, np.nan, 0], 75), ([1.0, 2], None), ([], None)])
def test_the_lot_that_quantities_are_multiples_of(quantities: list[float], lot: int | None) -> None:
    assert lot_from_quantities(np.array(quantities, dtype=np.float64)) == lot
