"""The instruments of the live market, row by row: a row's number (its place) is the same on the board, in
candles and in recordings. And what a source calls them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from markets.feed.ticks import UNTOLD, Ints


@dataclass(frozen=True, eq=False)
class Universe:
    """`keys[place]` is the instrument's key, `lot` its lot (0 = unknown), `low` and `high` its price band of
    the day in paise (0 = unknown), `oi_before` the open interest of the day before. `spots` names the places
    of indices.
    """

    keys: Ints
    lot: Ints
    low: Ints
    high: Ints
    oi_before: Ints
    spots: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)


def universe(keys: Sequence[int] | Ints, spots: Mapping[int, str] | None = None, **columns: Ints) -> Universe:
    """The universe of these instruments; columns not given are unknown. `spots`: index names by key."""
    rows = np.asarray(keys, dtype=np.int64)
    if len(np.unique(rows)) != len(rows):
        raise ValueError("An instrument can be in the universe only once.")
    names = ("lot", "low", "high", "oi_before")
    known = {name: np.asarray(columns.get(name, np.zeros(len(rows))), dtype=np.int64) for name in names}
    place = {int(key): n for n, key in enumerate(rows)}
    return Universe(rows, **known, spots={place[key]: name for key, name in (spots or {}).items()})


class TokenTable:
    """The place of each token of a source, looked up many at a time."""

    def __init__(self, tokens: Mapping[int, int], of: Universe) -> None:
        """`tokens`: instrument key by the source's token; keys outside the universe are left out."""
        place = {int(key): n for n, key in enumerate(of.keys)}
        pairs = sorted((token, place[key]) for token, key in tokens.items() if key in place)
        self._tokens = np.array([token for token, _ in pairs] or [0], dtype=np.int64)
        self._places = np.array([row for _, row in pairs] or [UNTOLD], dtype=np.int64)

    def places(self, tokens: Ints) -> Ints:
        """Their places, UNTOLD for tokens nobody knows."""
        at = np.minimum(np.searchsorted(self._tokens, tokens), len(self._tokens) - 1)
        return np.where(self._tokens[at] == tokens, self._places[at], UNTOLD)
