"""Names of instruments."""

from __future__ import annotations

from datetime import date

import pytest

from markets.domain.symbols import symbol_of


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("NIFTY", "INDEX"), "NIFTY"),
        (("NIFTY", "FUT", date(2026, 11, 23)), "NIFTY 23 NOV FUT"),
        (("NIFTY", "CE", date(2022, 6, 9), 16_500_00), "NIFTY 09 JUN 16500 CE"),
        (("ITC", "PE", date(2022, 6, 30), 252_50), "ITC 30 JUN 252.50 PE"),
    ],
)
def test_symbol(arguments: tuple[object, ...], expected: str) -> None:
    assert symbol_of(*arguments) == expected  # type: ignore[arg-type]
