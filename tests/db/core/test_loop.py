"""A role's loop: it waits out what is away, tells that it lives, and ends with other faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import sleep

import pytest
from redis.exceptions import ConnectionError as RedisDown

from qlplatform.core import loop
from qlplatform.core.heartbeat import alive
from qlplatform.core.loop import RoleLoop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_keys")]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "BACK_OFF_S", (0.0,))
    monkeypatch.setattr(loop.connections, "close_all", lambda: None)


def faulty(faults: Iterator[Exception | None]) -> Callable[[], None]:
    def step() -> None:
        fault = next(faults)
        if fault:
            raise fault

    return step


def test_signs_of_life() -> None:
    RoleLoop("relay", lambda: None).turn()
    for _ in range(200):  # a thread of its own carries them
        if alive():
            break
        sleep(0.01)
    assert list(alive()) == ["relay"]


def test_waits_for_redis() -> None:
    role = RoleLoop("relay", faulty(iter([RedisDown("away"), RedisDown("away"), None])))
    for _ in range(3):
        role.turn()
    assert role._faults == 0


def test_other_faults_end_the_role() -> None:
    role = RoleLoop("relay", faulty(iter([ZeroDivisionError()])))
    with pytest.raises(ZeroDivisionError):
        role.turn()
