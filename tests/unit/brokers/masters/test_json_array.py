"""Elements of a large JSON array, whatever surrounds and separates them."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.masters.json_array import BLOCK, LONGEST, json_rows
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Outcome, Skip


def told(content: bytes) -> list[Any]:
    """The fields of every element, and the text of those that are none."""
    return [row.text if isinstance(row, Bad) else json.loads(row.why) for row in rows(content)]  # type: ignore[union-attr]


def rows(content: bytes) -> list[Outcome]:
    def convert(line: int, fields: dict[str, str]) -> MasterRow | Skip:
        return Skip(line, json.dumps(fields))

    return list(json_rows(io.BytesIO(content), convert))


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans() | st.none())))
def test_elements_come_as_they_stand(elements: list[dict[str, Any]]) -> None:
    expected = [{k: "" if v is None else str(v).strip() for k, v in each.items()} for each in elements]
    assert told(json.dumps(elements).encode()) == expected


@pytest.mark.parametrize(
    "text", ['[{"a":1}]', ' [ {"a" : 1 } ] ', '{"b": {"c": 2}, "data": [{"a": 1}]}', '\ufeff[{"a":1}]']
)
def test_whatever_surrounds_the_array(text: str) -> None:
    assert told(text.encode()) == [{"a": "1"}]


def test_numbers_keep_their_digits() -> None:
    assert told(b'[{"a": 0.10, "b": 1E3, "c": 12345678901234567890.05}]') == [
        {"a": "0.10", "b": "1E3", "c": "12345678901234567890.05"}
    ]


def test_elements_longer_than_a_block_of_the_stream() -> None:
    many = [{"n": str(n), "x": "y" * (LONGEST // 2)} for n in range(3 * BLOCK // LONGEST * 2)]
    assert told(json.dumps(many).encode()) == many


def test_one_broken_element_is_left_out() -> None:
    assert told(b'[{"a": 1}, {"a": , {"b"}, {"a": 3}, 7, "x"]') == [
        {"a": "1"}, '{"a": , {"b"}, {"a": 3}, 7, "x"]', {"a": "3"}, "7", '"x"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"nothing here", b"[", b'[{"a": 1}', b'[{"a": 1},', b'[{"a": "x']
)
def test_no_array_or_one_cut_short_is_refused(content: bytes) -> None:
    with pytest.raises(MasterUnreadable):
        rows(content)


def test_bytes_of_another_encoding_spoil_only_their_value() -> None:
    assert told(b'[{"a": "caf\xe9"}, {"a": "b"}]') == [{"a": "caf\ufffd"}, {"a": "b"}]


def test_memory_does_not_grow_with_the_file() -> None:
    content = json.dumps([{"name": f"{n}", "more": "x" * 300} for n in range(20_000)]).encode()
    tracemalloc.start()
    count = sum(1 for _ in json_rows(io.BytesIO(content), lambda line, fields: Skip(line, "")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 4_000_000 < len(content)) == (20_000, True)
