"""Work beside the loop of prices."""

from __future__ import annotations

import threading
from functools import partial

from markets.feed.errands import Errands


def threads(name: str) -> int:
    return sum(each.name == f"feed-{name}" for each in threading.enumerate())


def test_finishing_does_everything_and_ends_the_thread() -> None:
    errands, done = Errands("tidy"), list[int]()
    for number in range(3):
        errands.give(partial(done.append, number))
    errands.finish()
    assert (done, threads("tidy"), errands.busy) == ([0, 1, 2], 0, False)


def test_work_given_after_finishing_is_done() -> None:
    errands, done = Errands("again"), list[int]()
    for number in range(2):
        errands.give(partial(done.append, number))
        errands.finish()
    assert done == [0, 1]
