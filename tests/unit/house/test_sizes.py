"""Small files and small functions: a reader should see a thing whole."""

from __future__ import annotations

from tests.unit.house.product import lengths_of_files, lengths_of_functions, share


def test_no_function_is_longer_than_60_lines() -> None:
    assert {place: lines for place, lines in lengths_of_functions().items() if lines > 60} == {}


def test_no_file_is_longer_than_600_lines() -> None:
    assert {place: lines for place, lines in lengths_of_files().items() if lines > 600} == {}


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert share(list(lengths_of_functions().values()), 0.5) <= 8


def test_95_percent_of_the_functions_have_at_most_40_lines() -> None:
    assert share(list(lengths_of_functions().values()), 0.95) <= 40


def test_half_of_the_files_have_at_most_110_lines() -> None:
    assert share(list(lengths_of_files().values()), 0.5) <= 110


def test_95_percent_of_the_files_have_at_most_400_lines() -> None:
    assert share(list(lengths_of_files().values()), 0.95) <= 400
