"""The bundled PostgreSQL: made once, started when needed, adopted when it already runs.

It listens on 127.0.0.1 only, with scram passwords, and has no unix socket.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from qlplatform.launcher import processes
from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import var
from qlplatform.launcher.ports import remembered_port
from qlplatform.launcher.programs import postgres_bin
from qlplatform.launcher.secret_files import local_secret
from qlplatform.launcher.server_account import ServerAccount, reachable_bin, server_account

SUPERUSER = "ql_super"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "pglz",
    "password_encryption": "scram-sha-256",
}
_CLUSTER = ("--auth=scram-sha-256", "--encoding=UTF8")
_START_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Where the server of this installation keeps its data, and as whom it runs."""

    account: ServerAccount
    data: Path

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def running(self) -> psutil.Process | None:
        """The server process, if it lives."""
        lines = self._pid_lines()
        return processes.find(int(lines[0]), "postgres", str(self.data)) if lines else None

    def port(self) -> int:
        """The port a running server listens on."""
        return int(self._pid_lines()[3])

    def _pid_lines(self) -> list[str]:
        try:
            return self.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []


def start() -> str:
    """Start the server, or find the running one; returns the superuser's address of database `postgres`."""
    server = _server()
    running = server.running()
    if running:
        port = _port_when_written(server)
    else:
        server.pid_file.unlink(missing_ok=True)  # left by a process that is gone
        port, running = _launch(server)
    url = f"postgres://{SUPERUSER}:{local_secret('postgres_super')}@127.0.0.1:{port}/postgres"
    _wait_until_it_answers(url, running)
    return url


def process() -> psutil.Process | None:
    """The server of this installation, if it runs."""
    return _server().running()


def stop() -> None:
    """Stop the server if it runs: open transactions are rolled back, everything committed is kept."""
    running = process()
    if running:
        processes.stop(running, gently=signal.SIGINT)


def _server() -> PostgresServer:
    account = server_account()
    data = account.home() / "data"
    if data.exists() and os.geteuid() != 0 and data.stat().st_uid != os.geteuid():
        raise LauncherError(
            f"The database in {data} belongs to another account. Start as that account, as before."
        )
    return PostgresServer(account, data)


def _launch(server: PostgresServer) -> tuple[int, psutil.Process]:
    programs = reachable_bin(server.account, postgres_bin())
    if not (server.data / "PG_VERSION").exists():
        _make_cluster(server, programs)
    port = remembered_port("postgres")
    options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs / "postgres", "-D", server.data, "-p", str(port), *options]
    return port, processes.spawn(command, _log(), **server.account.popen())


def _make_cluster(server: PostgresServer, programs: Path) -> None:
    """initdb into a directory beside, renamed when whole: a start killed half-way leaves nothing to trip
    over.
    """
    half, password = server.data.with_name("data.new"), server.data.with_name("password.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(local_secret("postgres_super"))
    for path in (half, password):
        server.account.own(path)
    try:
        _initdb(server, programs, half, password)
    finally:
        password.unlink()
    half.rename(server.data)


def _initdb(server: PostgresServer, programs: Path, data: Path, password: Path) -> None:
    for locale in ("C.UTF-8", "C"):
        made = subprocess.run(  # noqa: S603
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                SUPERUSER,
                f"--pwfile={password}",
                *_CLUSTER,
                f"--locale={locale}",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **server.account.popen(),
        )
        if made.returncode == 0:
            return
    raise LauncherError(f"PostgreSQL could not make its data directory {data}: {made.stderr.strip()[-300:]}")


def _port_when_written(server: PostgresServer) -> int:
    """A server that is just starting writes its port a moment after its process number."""
    for _ in range(200):
        try:
            return server.port()
        except (IndexError, ValueError):
            time.sleep(0.05)
    raise LauncherError(f"PostgreSQL runs but its file {server.pid_file} names no port. Stop it.")


def _wait_until_it_answers(url: str, server: psutil.Process) -> None:
    until = time.monotonic() + _START_WITHIN_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LauncherError(_lost_password()) from None
            if processes.ended(server) or time.monotonic() > until:
                raise LauncherError(
                    f"PostgreSQL did not start. The end of {_log()}:\n{_end_of_log()}"
                ) from None
            time.sleep(0.05)
        else:
            return


def _lost_password() -> str:
    secret = var("secrets", "postgres_super")
    return f"PostgreSQL refuses the password in {secret}. Put the file back: it belongs to the data."


def _log() -> Path:
    return var("log", "postgres.log")


def _end_of_log() -> str:
    return "\n".join(_log().read_text(errors="replace").splitlines()[-8:])
