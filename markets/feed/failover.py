"""Which of several sources leads: the first that talks. Only the leader's ticks reach the board, so two
sources that disagree never make a price flicker; the gate keeps time from going backwards when they change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

BACK_AFTER_US = 30_000_000


class Failover:
    """`names` by rank, the preferred source first."""

    def __init__(self, names: Sequence[str]) -> None:
        if not names:
            raise ValueError("There is no source to follow.")
        self._names = tuple(names)
        self._talks_since: dict[str, int] = {}
        self.leader = self._names[0]

    def update(self, now_us: int, silent: Collection[str]) -> str | None:
        """The new leader when it changes. A silent leader is left at once for the best that talks; a better
        one leads again after it has talked for BACK_AFTER_US without a break.
        """
        for name in self._names:
            if name in silent:
                self._talks_since.pop(name, None)
            else:
                self._talks_since.setdefault(name, now_us)
        chosen = self._choose(now_us)
        if chosen == self.leader:
            return None
        self.leader = chosen
        return chosen

    def _choose(self, now_us: int) -> str:
        talking = [name for name in self._names if name in self._talks_since]
        if self.leader not in talking:
            return talking[0] if talking else self.leader
        better = talking[: talking.index(self.leader)]
        steady = (name for name in better if now_us - self._talks_since[name] >= BACK_AFTER_US)
        return next(steady, self.leader)
