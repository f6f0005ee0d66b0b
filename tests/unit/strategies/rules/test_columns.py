"""Indicators over whole columns end in the same bits as their kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.indicators import DEFINITIONS, History, Param, make
from strategies.rules.columns import COLUMNS, study
from tests.unit.strategies.rules.histories import walk


def test_every_indicator_has_its_column() -> None:
    assert set(COLUMNS) == set(DEFINITIONS)


def values_of(param: Param) -> st.SearchStrategy[Any]:
    if param.choices:
        return st.sampled_from([choice for choice in param.choices if choice != "open"])
    if param.kind == "float":
        return st.sampled_from([0.5, 1.7, 3.0])
    return st.integers(int(param.low), 30)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_column_equals_its_kernel(name: str, data: st.DataObject) -> None:
    known = DEFINITIONS[name]
    params = {param.name: data.draw(values_of(param)) for param in known.params}
    count = data.draw(st.sampled_from([0, 1, 2, 40, 300, 2100]))
    candles = walk(count, data.draw(st.integers(0, 2**32)), data.draw(st.sampled_from([0.0, 0.1, 0.7])))
    marks = np.random.default_rng(count).random(count) < data.draw(st.sampled_from([0.0, 0.02, 0.2]))
    kernel = make(name, 1, **params).batch(History(**candles._asdict(), new_session=marks))
    ours = study(known, params, candles, marks)
    for output in known.outputs:
        assert np.array_equal(kernel[output][:, 0], ours[output], equal_nan=True), output
