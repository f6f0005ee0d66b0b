"""What the names of captured files tell."""

from __future__ import annotations

from datetime import date, time

import pytest

from markets.session_import.names import NameFacts, facts_of


@pytest.mark.parametrize(
    ("stem", "folders", "facts"),
    [
        ("nifty_option_chain_103337", ("nse_2026_05_26",), NameFacts(date(2026, 5, 26), time(10, 33, 37))),
        ("11_5", ("2019-05-23",), NameFacts(date(2019, 5, 23), time(11, 5))),
        ("15_35", (), NameFacts(None, time(15, 35))),
        ("option-chain-ED-NIFTY-27-Nov-2025", (), NameFacts(expiry=date(2025, 11, 27))),
        ("chain_2025-08-29_09-15-01", (), NameFacts(date(2025, 8, 29), time(9, 15, 1))),
        ("NIFTY_20250829_091501", (), NameFacts(date(2025, 8, 29), time(9, 15, 1))),
        (
            "NIFTY_02-Sep-2025_2025-08-29_092245",
            (),
            NameFacts(date(2025, 8, 29), time(9, 22, 45), date(2025, 9, 2)),
        ),
        ("NIFTY", ("inner", "2024-02-30", "2024-03-01"), NameFacts(date(2024, 3, 1))),
        ("chain_997755", (), NameFacts()),
    ],
)
def test_names(stem: str, folders: tuple[str, ...], facts: NameFacts) -> None:
    assert facts_of(stem, folders) == facts
