"""Real processes, all of them ours and short."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from qlplatform.launcher import supervisor
from qlplatform.launcher.procfile import Role
from qlplatform.launcher.role_process import rotate_logs, start, stop_groups, stop_leftovers
from qlplatform.launcher.supervisor import Supervisor

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
DIES = (sys.executable, "-c", "print('so it goes'); raise SystemExit(3)")
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def role(name: str, command: tuple[str, ...] = SLEEPS) -> Role:
    return Role(name, command, {"QL_ROLE": name})


@contextmanager
def watched(*roles: Role) -> Iterator[Supervisor]:
    one = Supervisor(list(roles))
    try:
        yield one
    finally:
        one.stop()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def rows(var: Path) -> dict[str, dict[str, object]]:
    return {row["role"]: row for row in json.loads((var / "status.json").read_text())["roles"]}


def test_the_status_file_names_every_role(own_var: Path) -> None:
    with watched(role("a"), role("b")) as one:
        found = rows(own_var)
        assert [found[name]["pid"] for name in "ab"] == [each.process.pid for each in one.watched]
        assert {row["state"] for row in found.values()} == {"running"}


def test_a_dead_role_starts_again_and_the_others_go_on(
    own_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "PAUSES_S", (0,))
    with watched(role("a"), role("b")) as one:
        first, other = (each.process for each in one.watched)
        first.kill()
        until(lambda: one.look_at_all() and rows(own_var)["a"]["restarts"] == 1)
        assert (other.poll(), rows(own_var)["b"]["restarts"]) == (None, 0)
        assert one.watched[0].process.pid != first.pid


def test_a_role_that_dies_at_once_waits_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES_S", (0, 0, 3600))
    with watched(role("a", DIES)) as one:
        until(lambda: one.look_at_all() and one.watched[0].quick_deaths == 2)
        assert (one.watched[0].due or 0) - time.monotonic() > 3000


def test_what_a_role_says_is_in_its_log(own_var: Path) -> None:
    start(role("a", DIES)).wait()
    assert (own_var / "log/a.log").read_text() == "so it goes\n"


def test_the_log_of_the_last_run_is_kept(own_var: Path) -> None:
    start(role("a", DIES)).wait()
    rotate_logs([role("a"), role("b")])
    assert (own_var / "log/a.log.1").read_text() == "so it goes\n"


def test_stopping_ends_all_roles_and_the_status_file(own_var: Path) -> None:
    with watched(role("a"), role("b")) as one:
        processes = [each.process for each in one.watched]
    assert [process.returncode for process in processes] == [-15, -15]
    assert not (own_var / "status.json").exists()


def test_a_role_that_will_not_stop_is_killed(own_var: Path) -> None:
    stubborn = start(role("a", (sys.executable, "-c", DEAF)))
    until(lambda: (own_var / "log/a.log").read_text() == "deaf\n")
    stop_groups([stubborn.pid], within_s=0.05)
    assert stubborn.wait() == -9


def test_roles_of_a_killed_supervisor_are_stopped_at_the_next_start(own_var: Path) -> None:
    one = Supervisor([role("a")])
    assert stop_leftovers() == 1
    assert one.watched[0].process.wait() == -15


def test_a_stranger_with_the_number_of_a_role_is_left_alone(own_var: Path) -> None:
    table = {"roles": [{"role": "a", "pid": os.getpid()}]}
    (own_var / "status.json").write_text(json.dumps(table))
    assert (stop_leftovers(), psutil.pid_exists(os.getpid())) == (0, True)
