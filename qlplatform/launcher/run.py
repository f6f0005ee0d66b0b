"""`bin/run`: servers, database, roles; until Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from qlplatform.launcher.announcement import Announcement, say
from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.locks import take_alone
from qlplatform.launcher.places import PROJECT, var
from qlplatform.launcher.ports import in_use
from qlplatform.launcher.prepare import prepare_database, prepare_static
from qlplatform.launcher.procfile import roles_of
from qlplatform.launcher.role_process import rotate_logs, stop_leftovers
from qlplatform.launcher.services import Services, revive, running_services
from qlplatform.launcher.supervisor import Supervisor

ONE_ROLE = (
    "The role of DATABASE_URL may not make the roles ql_app and ql_service, so all connect as this one, "
    "and the database itself does not keep workspaces apart. .env.example says how to make them."
)


def run(port: int) -> None:
    """Run the platform with pages on `port`, the live socket on the next and the simulated exchange on the
    one after.
    """
    with _only_run_here(port):
        if left := stop_leftovers():
            say(f"Stopped {left} processes that an earlier run had left.")
        require_free(port)
        say("Starting PostgreSQL and Redis …")
        with running_services(make_roles=True) as services:
            if services.one_role:
                say(ONE_ROLE)
            _prepare(services)
            roles = roles_of((PROJECT / "Procfile").read_text(), *role_environments(services, port))
            rotate_logs(roles)
            say(f"Starting {len(roles)} roles; their logs are in {var('log')} …")
            announcement = Announcement(services, port)
            Supervisor(roles).watch(lambda: _each_turn(announcement))
            say("Everything has stopped; the data stays for the next start.")


def _each_turn(announcement: Announcement) -> None:
    announcement.turn()
    for server in revive():
        say(f"{server} had ended and runs again; its log is in {var('log')}.")


def require_free(port: int) -> None:
    """LauncherError that names a port in use, and how to take others."""
    for number, purpose in ((port, "pages"), (port + 1, "live socket"), (port + 2, "simulated exchange")):
        if in_use(number):
            raise LauncherError(
                f"Port {number} ({purpose}) is in use by another program. "
                f"Stop that program, or choose other ports: bin/run --port {port + 10}"
            )


def role_environments(
    services: Services, port: int
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    """What `web` and `live` have of their own (role ql_app, a pool), and what all roles have (role
    ql_service).
    """
    pages = {"DATABASE_URL": services.app_database_url, "QL_DB_POOL": os.environ.get("QL_DB_POOL", "8")}
    common = {
        "DATABASE_URL": services.service_database_url,
        "REDIS_URL": services.redis_url,
        "PORT": str(port),
        "QL_HOST": os.environ.get("QL_HOST", "127.0.0.1"),
        "QL_LIVE_PORT": os.environ.get("QL_LIVE_PORT", str(port + 1)),
        "QL_VENUE_URL": os.environ.get("QL_VENUE_URL", f"http://127.0.0.1:{port + 2}"),
        "QL_WEB_WORKERS": os.environ.get("QL_WEB_WORKERS", "2"),
        "QL_VAR_DIR": str(var().resolve()),
        "QL_DB_POOL": "0",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",
    }
    return {"web": pages, "live": pages}, common


def _prepare(services: Services) -> None:
    say("Preparing the database …")
    prepare_database(services)
    prepare_static(services)


@contextmanager
def _only_run_here(port: int) -> Iterator[None]:
    with var("run.lock").open("a+") as lock:
        if not take_alone(lock):
            lock.seek(0)
            raise LauncherError(f"QL Platform already runs from this folder: {lock.read().strip()}")
        lock.truncate(0)
        lock.write(f"http://localhost:{port} (process {os.getpid()})")
        lock.flush()
        yield
