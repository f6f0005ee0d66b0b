"""Whether a source still tells anything. A dead link is the smaller evil: a link that lives, with a source
that has stopped, shows old prices as if they were new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from markets.feed.board import Board
from markets.feed.ticks import Mask, Ticks

SECOND_US = 1_000_000
QUIET_US = 5 * SECOND_US  # without any tick of any instrument
FROZEN_US = 30 * SECOND_US  # without a newer stamp of the exchange
REASONS = {
    "no_frames": "nothing comes in",
    "no_ticks": "the connection is alive, but no price comes in",
    "frozen": "prices come in, but their exchange stamps stand still",
}


@dataclass(slots=True)
class Ear:
    """What was heard of a source. Times are µs since 1970 (UTC), 0 = never."""

    name: str
    frame_us: int = 0
    tick_us: int = 0
    stamp_us: int = 0
    moved_us: int = 0  # when the stamp last moved
    ticks: int = 0
    frames: int = 0
    reason: str = ""
    since_us: int = 0

    @property
    def silent(self) -> bool:
        """Silent at the last check; `reason` is one of REASONS then, `since_us` when it began."""
        return bool(self.reason)

    def hear(self, now_us: int, frames: int, ticks: Ticks) -> None:
        """Something may have come in."""
        if frames:
            self.frame_us, self.frames = now_us, self.frames + frames
        if not len(ticks):
            return
        self.tick_us, self.ticks = now_us, self.ticks + len(ticks)
        newest = int(ticks.exch_us.max())
        if newest > self.stamp_us or newest <= 0:  # a source without stamps cannot freeze
            self.stamp_us, self.moved_us = max(newest, self.stamp_us), now_us

    def check(self, now_us: int, open_us: int | None) -> bool:
        """Judge it at `now_us`; `open_us` is when this sitting began (or the feed, if later), None outside
        the trading hours, when silence means nothing. True when it has fallen silent or come back.
        """
        before = self.reason
        self.reason = "" if open_us is None else self._reason(now_us, open_us)
        if self.reason and not before:
            heard = {"no_frames": self.frame_us, "no_ticks": self.tick_us, "frozen": self.moved_us}
            self.since_us = max(heard[self.reason], open_us or 0)
        return bool(self.reason) != bool(before)

    def _reason(self, now_us: int, open_us: int) -> str:
        if now_us - max(self.frame_us, open_us) > QUIET_US:
            return "no_frames"
        if now_us - max(self.tick_us, open_us) > QUIET_US:
            return "no_ticks"
        return "frozen" if now_us - max(self.moved_us, open_us) > FROZEN_US else ""


def stale(board: Board, now_us: int, limit_us: int) -> Mask:
    """Which instruments have a price whose exchange stamp is older than `limit_us`."""
    known: Mask = (board.exch_us > 0) & (now_us - board.exch_us > limit_us)
    return known


def oldest_us(board: Board) -> int:
    """The oldest exchange stamp of an instrument that has one, 0 when none has."""
    known = board.exch_us[board.exch_us > 0]
    return int(np.min(known)) if len(known) else 0
