"""TCP ports of the loopback."""

from __future__ import annotations

import socket

from qlplatform.launcher.secret_files import recall, remember


def in_use(port: int) -> bool:
    """Whether a program listens on `port` of this machine (a port just given up does not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def remembered_port(service: str) -> int:
    """The port `service` had at the last start if it is still free, otherwise a new one, remembered."""
    known = recall("ports.json")
    port = int(known.get(service, 0))
    if not port or in_use(port):
        port = _free_port()
        remember("ports.json", known | {service: str(port)})
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
