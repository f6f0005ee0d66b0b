from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.ports import in_use, remembered_port
from qlplatform.launcher.run import require_free


@contextmanager
def listening() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_is_listened_on_is_in_use() -> None:
    with listening() as port:
        assert in_use(port)
    assert not in_use(port)


@pytest.mark.parametrize(("before", "purpose"), [(0, "pages"), (1, "live socket"), (2, "simulated exchange")])
def test_a_port_in_use_is_named_with_the_way_out(before: int, purpose: str) -> None:
    with listening() as port, pytest.raises(LauncherError) as stopped:
        require_free(port - before)
    assert str(stopped.value).startswith(f"Port {port} ({purpose}) is in use by another program.")
    assert f"bin/run --port {port - before + 10}" in str(stopped.value)


def test_a_service_keeps_its_port() -> None:
    assert remembered_port("redis") == remembered_port("redis")


def test_a_service_moves_when_its_port_was_taken() -> None:
    with socket.socket() as server:
        port = remembered_port("redis")
        server.bind(("127.0.0.1", port))
        server.listen()
        assert remembered_port("redis") != port
