"""The bundled Redis: append-only file, nothing evicted, loopback with a password."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from qlplatform.launcher import processes
from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import var
from qlplatform.launcher.ports import remembered_port
from qlplatform.launcher.programs import redis_server
from qlplatform.launcher.secret_files import local_secret, recall

_START_WITHIN_S = 60


def start() -> str:
    """Start the server, or find the running one; returns its redis:// address."""
    server = process() or _launch()
    url = f"redis://:{local_secret('redis')}@127.0.0.1:{_port()}/0"
    _wait_until_it_answers(url, server)
    return url


def stop() -> None:
    """Stop the server if it runs; it writes its append-only file out first."""
    server = process()
    if server:
        processes.stop(server)


def process() -> psutil.Process | None:
    """The server of this installation, if it runs."""
    try:
        pid = int(_pid_file().read_text())
    except (FileNotFoundError, ValueError):
        return None
    return processes.find(pid, "-server", f"127.0.0.1:{_port()}")


def _port() -> int:
    return int(recall("ports.json").get("redis", 0))


def _launch() -> psutil.Process:
    """Redis shows its address as its command line and writes the file with its process number itself."""
    program, port = redis_server(), remembered_port("redis")
    config = var("redis", "redis.conf")
    config.touch(mode=0o600)
    config.write_text(_config(port))
    return processes.spawn([program, config], _log())


def _config(port: int) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": local_secret("redis"),
        "dir": f'"{var("redis", "data")}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "pidfile": f'"{_pid_file()}"',
    }
    var("redis", "data").mkdir(exist_ok=True)
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _wait_until_it_answers(url: str, server: psutil.Process) -> None:
    client, until = Redis.from_url(url, socket_connect_timeout=5), time.monotonic() + _START_WITHIN_S
    while True:
        try:
            client.ping()
        except AuthenticationError:
            secret = var("secrets", "redis")
            raise LauncherError(
                f"Redis refuses the password in {secret}. Stop process {server.pid} and start again."
            ) from None
        except RedisError:
            if processes.ended(server) or time.monotonic() > until:
                raise LauncherError(f"Redis did not start; {_log()} says why.") from None
            time.sleep(0.05)
        else:
            client.close()
            return


def _pid_file() -> Path:
    return var("redis", "redis.pid")


def _log() -> Path:
    return var("log", "redis.log")
