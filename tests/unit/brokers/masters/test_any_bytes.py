"""Whatever stands in a file, a parser yields outcomes or refuses the file by its code."""

from __future__ import annotations

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.masters.catalogue import master_files
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Skip
from tests.factories.broker_masters import BROKERS, MASTERS, SOURCES

SIGNS = st.sampled_from(
    ["", "nan", "-1", "0", "1e999999999", "inf", "\0", "é", '"', ",", "\ud800", "9" * 400, "\n", "X"]
)


def read(broker: str, content: bytes) -> None:
    file = master_files()[SOURCES[broker]]
    with suppress(MasterUnreadable):
        for row in file.parse(io.BytesIO(content)):
            assert isinstance(row, MasterRow | Bad | Skip)
    if file.written_in:
        with suppress(MasterUnreadable):
            file.written_in(io.BytesIO(content))


@pytest.mark.parametrize("broker", BROKERS)
@given(content=st.binary(max_size=400))
def test_any_bytes(broker: str, content: bytes) -> None:
    read(broker, content)


@pytest.mark.parametrize("broker", BROKERS)
@given(data=st.data())
def test_any_cut_and_any_flipped_byte(broker: str, data: st.DataObject) -> None:
    content = bytearray(MASTERS[broker])
    end = data.draw(st.integers(0, len(content)))
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=5)
    ):
        content[place] = value
    read(broker, bytes(content[:end]))


@pytest.mark.parametrize("broker", sorted(set(BROKERS) - {"angelone", "upstox"}))
@given(data=st.data())
def test_any_value_in_any_column(broker: str, data: st.DataObject) -> None:
    *head, line = MASTERS[broker].decode().splitlines()[:2]
    values = line.split(",")
    values[data.draw(st.integers(0, len(values) - 1))] = data.draw(SIGNS | st.text(max_size=12))
    read(broker, "\n".join([*head, ",".join(values)]).encode(errors="surrogatepass"))


@pytest.mark.parametrize("broker", ["angelone", "upstox"])
@given(data=st.data())
def test_any_value_under_any_key(broker: str, data: st.DataObject) -> None:
    element = json.loads(MASTERS[broker])[data.draw(st.integers(0, 3))]
    name = data.draw(st.sampled_from(sorted(element)))
    element[name] = data.draw(SIGNS | st.text(max_size=12) | st.none() | st.floats() | st.integers())
    read(broker, json.dumps([element]).encode())
